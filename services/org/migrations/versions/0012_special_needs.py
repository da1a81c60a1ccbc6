"""The register of special needs, and who looked at it.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_register(
        "special_need",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=True, comment="personal data: encrypted; null once erased"),
        sa.Column("person_index", sa.LargeBinary(), nullable=True, comment="keyed digest of the identity number"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=False, comment="first day on which it is erased"),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(details IS NULL) = (erased_on IS NOT NULL) AND (person_index IS NULL) = (erased_on IS NOT NULL)",
            name="ck_special_need_erased",
        ),
        references={},
        comment="who of a community needs particular help (特殊人群台账)",
    )
    op.create_index("ix_special_need_person_index", "special_need", ["person_index"], unique=False)
    op.create_index(
        "ix_special_need_kept_until",
        "special_need",
        ["kept_until"],
        unique=False,
        postgresql_where=sa.text("erased_on IS NULL"),
    )
    op.create_table(
        "special_need_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("special_need_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("look", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="who looked"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["special_need_id"], ["special_need.id"], name="fk_special_need_look_special_need_id"),
        sa.PrimaryKeyConstraint("id", name="pk_special_need_look"),
        comment="who looked at which record of special needs, when and why",
    )
    op.create_index(
        "ix_special_need_look_special_need_id", "special_need_look", ["special_need_id", "id"], unique=False
    )
    op.create_index("ix_special_need_look_region_code", "special_need_look", ["region_code"], unique=False)
    serve("special_need_look")
