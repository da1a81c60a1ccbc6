"""Tickets that are about how a company serves a compound.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa

from services.property.storage.migrating import MOMENT, column, governed, ident

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    governed(
        "company_ticket",
        ident("ticket_id"),
        ident("company_id"),
        column("linked_by", sa.Text(), "token subject, or system:rule"),
        column("linked_at", MOMENT),
        key=("ticket_id",),
        links=("company_id",),
        indexes=(("company_id",),),
        comment="tickets that are about how a company serves a compound",
    )
