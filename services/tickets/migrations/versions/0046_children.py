"""Tickets that are parts of others (子单).

Revision ID: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns: tuple[sa.Column[object], ...] = (
        sa.Column("parent", sa.Uuid(), nullable=True, comment="ticket of which it is a part"),
        sa.Column("parent_visit", sa.Integer(), nullable=True, comment="visit of the parent on which it was opened"),
        sa.Column(
            "depth",
            sa.Integer(),
            nullable=False,
            server_default=sa.text("0"),
            comment="how many tickets it has above it",
        ),
    )
    for column in columns:
        op.add_column("ticket", column)
    op.create_foreign_key(
        "fk_ticket_parent", "ticket", "ticket", ["parent"], ["id"], deferrable=True, initially="DEFERRED"
    )
    op.create_index("ix_ticket_parent", "ticket", ["parent", "id"], postgresql_where=sa.text("parent IS NOT NULL"))
