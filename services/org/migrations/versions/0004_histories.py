"""Names and parents of organisations by date, who followed whom, and where things lay before grids were redrawn.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STAMP = "the region's current code, re-stamped when recoded"


def upgrade() -> None:
    op.create_table(
        "organisation_version",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which another follows"),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_organisation_version_period"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_organisation_version_organisation_id"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name="fk_organisation_version_parent_id"),
        sa.PrimaryKeyConstraint("organisation_id", "seq", name="pk_organisation_version"),
        comment="what an organisation was called and what was above it, by date",
    )
    op.create_index("ix_organisation_version_parent_id", "organisation_version", ["parent_id"], unique=False)
    op.create_index("ix_organisation_version_region_code", "organisation_version", ["region_code"], unique=False)
    op.create_table(
        "organisation_succession",
        sa.Column("predecessor_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP),
        sa.Column("since", sa.Date(), nullable=False, comment="day of the merger or split"),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["organisation.id"], name="fk_organisation_succession_predecessor_id"
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["organisation.id"], name="fk_organisation_succession_successor_id"),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name="pk_organisation_succession"),
        comment="which organisation was merged into, or split off from, which",
    )
    op.create_index(
        "ix_organisation_succession_successor_id", "organisation_succession", ["successor_id"], unique=False
    )
    op.create_index("ix_organisation_succession_region_code", "organisation_succession", ["region_code"], unique=False)
    op.create_table(
        "relocation",
        sa.Column("thing_id", sa.Uuid(), nullable=False, comment="an organisation, person, team or station"),
        sa.Column("until", sa.Date(), nullable=False, comment="first day on which it lay elsewhere"),
        sa.Column("region_id", sa.Uuid(), nullable=False, comment="where it lay before"),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment="where it went, for row security"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_relocation_region_id"),
        sa.PrimaryKeyConstraint("thing_id", "until", name="pk_relocation"),
        comment="where things lay before they came into another region",
    )
    op.create_index("ix_relocation_region_id", "relocation", ["region_id"], unique=False)
    op.create_index("ix_relocation_region_code", "relocation", ["region_code"], unique=False)
    op.execute(
        "INSERT INTO organisation_version (organisation_id, seq, region_code, name, parent_id, valid_from)"
        " SELECT id, 1, region_code, name, parent_id, established_on FROM organisation"
    )
    role = serving_role()
    for table in ("organisation_version", "organisation_succession", "relocation"):
        op.execute(grant(table, role))
        for statement in protect(table):
            op.execute(statement)
