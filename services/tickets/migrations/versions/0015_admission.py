"""Entry control: the versions of the items of its three lists.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import above_scope, grant, in_scope, protect

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admission_item",
        sa.Column("id", sa.Uuid(), nullable=False, comment="of this version of the item"),
        sa.Column("list", sa.Text(), nullable=False, comment="matters, certificates or hotlines"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code", sa.Text(collation="C"), nullable=False, comment="where it is in force, here and below"
        ),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "keywords",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="words that tell of it",
        ),
        sa.Column("basis", sa.Text(), nullable=True, comment="the rule that it rests on"),
        sa.Column("phone", sa.Text(), nullable=True, comment="of a hotline"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it is no longer in force"),
        sa.PrimaryKeyConstraint("id", name="pk_admission_item"),
        sa.UniqueConstraint(
            "region_id", "list", "code", "version", name="uq_admission_item_region_id_list_code_version"
        ),
        comment="versions of the items of the three lists of entry control (准入清单)",
    )
    op.create_index("ix_admission_item_region_code_list_code", "admission_item", ["region_code", "list", "code"])
    op.execute(grant("admission_item", serving_role(), "SELECT, INSERT, UPDATE"))
    # Who is below a list reads it; only who has its region in scope changes it.
    for statement in protect("admission_item", read=f"{in_scope()} OR {above_scope()}"):
        op.execute(statement)
