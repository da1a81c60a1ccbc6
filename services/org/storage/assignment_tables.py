"""The table of what members who checked in are assigned to: a branch or party group, and a post."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, Uuid, text

from services.org.storage.columns import register

check_in_assignment = register(
    "check_in_assignment",
    Column("check_in_id", Uuid, ForeignKey("check_in.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=True, comment="the branch or party group"),
    Column("post", Text, nullable=True, comment="a kind of the category service_post"),
    CheckConstraint("organisation_id IS NOT NULL OR post IS NOT NULL", name="something"),
    Index("uq_check_in_assignment_open", "check_in_id", unique=True, postgresql_where=text("valid_to IS NULL")),
    Index("ix_check_in_assignment_check_in_id", "check_in_id"),
    Index("ix_check_in_assignment_organisation_id", "organisation_id"),
    comment="to which branch and post members who checked in are assigned, by date (认人认亲认事认岗)",
)

GOVERNED = (check_in_assignment,)
"""What is under row-level security."""
