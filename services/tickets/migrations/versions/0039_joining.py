"""Channels by which tickets come in, and tickets joined to another about the same matter.

Revision ID: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns: tuple[sa.Column[object], ...] = (
        sa.Column("channel", sa.Text(), nullable=True, comment="code of the channel it came in by"),
        sa.Column("channel_reference", sa.Text(), nullable=True, comment="what it is called where it came from"),
        sa.Column("joined_into", sa.Uuid(), nullable=True),
    )
    for column in columns:
        op.add_column("ticket", column)
    op.create_foreign_key(
        "fk_ticket_joined_into_ticket",
        "ticket",
        "ticket",
        ["joined_into"],
        ["id"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_index(
        "ix_ticket_joined_into", "ticket", ["joined_into"], postgresql_where=sa.text("joined_into IS NOT NULL")
    )
    op.create_index(
        "ix_ticket_channel_reference",
        "ticket",
        ["channel_reference", "channel"],
        postgresql_where=sa.text("channel_reference IS NOT NULL"),
    )
    joined: sa.Column[object] = sa.Column(
        "joined_into", sa.Uuid(), nullable=True, comment="ticket that it was joined to"
    )
    op.add_column("entry", joined)
