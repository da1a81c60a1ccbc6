"""Assessments by capacities, and what communities are given by type.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import region_code, serve

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WORDS = ("capacity", "assessment_level", "allocation_rule")


def upgrade() -> None:
    _words()
    _assessments()
    _allocations()
    for table in _WORDS:
        op.execute(grant(table, serving_role(), "SELECT, INSERT, UPDATE"))


def _words() -> None:
    op.create_table(
        "capacity",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_capacity"),
        comment="by what organisations are assessed (六力)",
    )
    op.create_table(
        "assessment_level",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False, comment="the lowest result that reaches it, in hundredths"),
        sa.PrimaryKeyConstraint("code", name="pk_assessment_level"),
        comment="levels of assessments",
    )
    op.create_table(
        "allocation_rule",
        sa.Column("kind", sa.Text(), nullable=False, comment="a kind of the category allocation"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("each", sa.BigInteger(), nullable=False),
        sa.Column("per_thousand", sa.BigInteger(), nullable=False, comment="for each thousand households"),
        sa.ForeignKeyConstraint(["type"], ["community_type.code"], name="fk_allocation_rule_type"),
        sa.PrimaryKeyConstraint("kind", "type", name="pk_allocation_rule"),
        comment="what communities of a type are given in a year",
    )


def _assessments() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("scores", JSONB(), nullable=False, comment="by capacity, 0 to 100"),
        sa.Column("result", sa.Integer(), nullable=False, comment="weighted mean, in hundredths"),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_assessment_organisation_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_assessment_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
        sa.UniqueConstraint("organisation_id", "year", name="uq_assessment_organisation_id_year"),
        comment="how organisations were assessed, by year",
    )
    op.create_index("ix_assessment_region_code", "assessment", ["region_code", "year", "id"], unique=False)
    serve("assessment")


def _allocations() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False, comment="of the community, that day"),
        sa.Column("each", sa.BigInteger(), nullable=False, comment="the rule's, that day"),
        sa.Column("per_thousand", sa.BigInteger(), nullable=False, comment="the rule's, that day"),
        sa.Column("households", sa.Integer(), nullable=False, comment="counted in its grids, that day"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it departs from the rule"),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("amount >= 0", name="ck_allocation_amount"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_allocation_region_id"),
        sa.ForeignKeyConstraint(["type"], ["community_type.code"], name="fk_allocation_type"),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
        sa.UniqueConstraint("region_id", "year", "kind", name="uq_allocation_region_id_year_kind"),
        comment="what communities were given, with the numbers of the rule that it follows",
    )
    op.create_index("ix_allocation_region_code", "allocation", ["region_code", "year", "id"], unique=False)
    serve("allocation")
