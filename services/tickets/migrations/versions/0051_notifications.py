"""Notifications: the inbox, and what people chose not to be told.

Revision ID: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

NOBODY = sa.text("'{}'")


def upgrade() -> None:
    moment, words = sa.DateTime(timezone=True), postgresql.ARRAY(sa.Text())
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True, comment="where it is about, if it is about no ticket"),
        sa.Column(
            "region_code", sa.Text(collation="C"), nullable=False, comment="of the ticket; re-stamped when recoded"
        ),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="code of the words"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_step", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("details", words, nullable=False, server_default=NOBODY, comment="names and values, in turn"),
        sa.Column("subject", sa.Text(), nullable=True, comment="token subject of who is told"),
        sa.Column("title", sa.Text(), nullable=True, comment="duty title that is told"),
        sa.Column("level", sa.Integer(), nullable=True, comment="digits of the code of the region in which it is held"),
        sa.Column("body", sa.Uuid(), nullable=True, comment="organisation that is told"),
        sa.Column("titles", words, nullable=False, server_default=NOBODY, comment="who speaks for it"),
        sa.Column("read_by", words, nullable=False, server_default=NOBODY, comment="token subjects"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_notification_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        comment="the inbox: facts, put into words when they are read",
    )
    for columns, where in (
        (["subject", "raised_at"], "subject IS NOT NULL"),
        (["title", "level", "region_code", "raised_at"], "title IS NOT NULL"),
        (["body", "raised_at"], "body IS NOT NULL"),
        (["ticket_id"], None),
        (["region_id"], "region_id IS NOT NULL"),
        (["raised_at"], None),
    ):
        condition = None if where is None else sa.text(where)
        op.create_index(f"ix_notification_{'_'.join(columns)}", "notification", columns, postgresql_where=condition)
    op.create_table(
        "notification_choice",
        sa.Column("subject", sa.Text(), nullable=False, comment="token subject"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("subject", "channel", "matter", name="pk_notification_choice"),
        comment="what people do not want to be told, by way and matter",
    )
    role = serving_role()
    op.execute(grant("notification", role))
    op.execute(grant("notification_choice", role))
    for statement in protect("notification"):
        op.execute(statement)
