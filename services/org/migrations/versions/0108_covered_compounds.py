"""Which compounds organisations cover, alone or jointly over several.

Revision ID: 0108
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import above_scope, grant, in_scope, protect
from services.org.storage.register_v1 import region_code

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    name = "organisation_compound"
    op.create_table(
        name,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("compound_id", sa.Uuid(), nullable=False, comment="in the property service"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="the organisation's end, at the latest"),
        sa.Column("kind", sa.Text(), nullable=False, comment="the organisation's"),
        region_code(),
        sa.CheckConstraint("valid_to >= valid_from", name=f"ck_{name}_period"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=f"fk_{name}_organisation_id"),
        sa.PrimaryKeyConstraint("organisation_id", "compound_id", "valid_from", name=f"pk_{name}"),
        comment="which compounds an organisation covers, by date (小区组织覆盖)",
    )
    op.create_index(
        f"uq_{name}_open",
        name,
        ["organisation_id", "compound_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(f"ix_{name}_compound_id", name, ["compound_id"])
    op.create_index(f"ix_{name}_region_code", name, ["region_code"])
    op.execute(grant(name, serving_role()))
    # What an organisation of the region above covers counts for a compound below; it is written in scope only.
    for statement in protect(name, read=f"{in_scope()} OR {above_scope()}"):
        op.execute(statement)
