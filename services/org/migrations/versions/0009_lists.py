"""The four lists of a community, and what leads to what.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_register(
        "list_item",
        sa.Column("list", sa.Text(), nullable=False, comment="NEED, RESOURCE, SERVICE or TASK"),
        sa.Column("kind", sa.Text(), nullable=True, comment="a kind of that list, where the practice has any"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True, comment="whose it is, or who sees to it"),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="the ticket of it, in the tickets service"),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(result IS NULL) = (settled_on IS NULL)", name="ck_list_item_settled"),
        references={"organisation_id": "organisation.id"},
        comment="the four lists of a community (四张清单)",
    )
    op.create_index("ix_list_item_list", "list_item", ["list", "region_code", "id"], unique=False)
    op.create_index("ix_list_item_organisation_id", "list_item", ["organisation_id"], unique=False)
    op.create_table(
        "list_link",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.ForeignKeyConstraint(["source_id"], ["list_item.id"], name="fk_list_link_source_id"),
        sa.ForeignKeyConstraint(["target_id"], ["list_item.id"], name="fk_list_link_target_id"),
        sa.PrimaryKeyConstraint("source_id", "target_id", name="pk_list_link"),
        comment="what of the lists leads to what: need to resource, either to a service or a task",
    )
    op.create_index("ix_list_link_target_id", "list_link", ["target_id"], unique=False)
    op.create_index("ix_list_link_region_code", "list_link", ["region_code"], unique=False)
    serve("list_link")
