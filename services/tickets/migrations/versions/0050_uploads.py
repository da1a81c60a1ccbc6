"""Files in a store: uploads, and what is known of the file of an attachment.

Revision ID: 0050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0050"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="null until raised with it"),
        sa.Column("by", sa.Text(), nullable=False, comment="token subject; nobody else can attach it"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("attached_at", moment, nullable=True),
        sa.Column("attached_with", sa.Text(), nullable=True, comment="the act it came with"),
        sa.Column("try_at", moment, nullable=True, comment="when it is looked into next"),
        sa.Column("finding", sa.Text(), nullable=True, comment="why it was refused"),
        sa.Column("is_scanned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_upload_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        comment="files that somebody was given a link to upload, and what became of them",
    )
    op.create_index("ix_upload_region_code", "upload", ["region_code"])
    op.create_index("ix_upload_region_id", "upload", ["region_id"])
    op.create_index("ix_upload_ticket_id", "upload", ["ticket_id"])
    unattached = sa.text("attached_at IS NULL")
    op.create_index("ix_upload_waiting", "upload", ["by", "requested_at"], postgresql_where=unattached)
    op.create_index("ix_upload_unattached", "upload", ["requested_at"], postgresql_where=unattached)
    op.create_index("ix_upload_quarantined", "upload", ["try_at"], postgresql_where=sa.text("state = 'quarantined'"))
    op.execute(grant("upload", serving_role()))
    for statement in protect("upload"):
        op.execute(statement)
    _attachments()


def _attachments() -> None:
    op.add_column("attachment", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))
    op.add_column(
        "attachment", sa.Column("upload_id", sa.Uuid(), nullable=True, comment="null for an import's reference")
    )
    op.add_column("attachment", sa.Column("state", sa.Text(), server_default=sa.text("'imported'"), nullable=False))
    op.add_column("attachment", sa.Column("finding", sa.Text(), nullable=True, comment="why it was refused"))
    op.add_column("attachment", sa.Column("is_scanned", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_foreign_key("fk_attachment_upload_id", "attachment", "upload", ["upload_id"], ["id"])
    op.create_index("ix_attachment_id", "attachment", ["id"], unique=True)
    op.create_index(
        "ix_attachment_upload_id", "attachment", ["upload_id"], postgresql_where=sa.text("upload_id IS NOT NULL")
    )
    op.execute(f"GRANT UPDATE (state, finding, is_scanned) ON attachment TO {serving_role()}")
