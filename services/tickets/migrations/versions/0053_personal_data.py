"""Personal data goes when its time is over, or when the person asks.

Revision ID: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    erased_at = sa.Column(
        "erased_at", sa.DateTime(timezone=True), nullable=True, comment="when the requester's data was erased"
    )
    op.add_column("ticket", erased_at)
    op.create_index(
        "ix_ticket_kept",
        "ticket",
        ["process", "process_version", "ended_at"],
        postgresql_where=sa.text("erased_at IS NULL AND ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_upload_erased", "upload", ["id"], postgresql_where=sa.text("state = 'erased' AND try_at IS NOT NULL")
    )
    op.create_index(
        "ix_attachment_erased",
        "attachment",
        ["id"],
        postgresql_where=sa.text("state = 'erased' AND upload_id IS NULL AND key <> ''"),
    )
    op.execute(f"GRANT UPDATE (reason, opinion) ON entry TO {serving_role()}")
    op.execute(f"GRANT UPDATE (name, key) ON attachment TO {serving_role()}")
