"""Countersigning: who is invited to answer in a ticket's step, who was, and for whom an entry answers.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    invitations = sa.Column(
        "invitations",
        postgresql.JSONB(),
        server_default=sa.text("'[]'"),
        nullable=False,
        comment="who is asked to answer",
    )
    op.add_column("ticket", invitations)
    invited: sa.Column[object] = sa.Column(
        "invited",
        postgresql.ARRAY(sa.Uuid()),
        server_default=sa.text("'{}'"),
        nullable=False,
        comment="organisations asked to answer",
    )
    op.add_column("entry", invited)
    answers_for = sa.Column(
        "answers_for", sa.Uuid(), nullable=True, comment="invited organisation that it is the answer of"
    )
    op.add_column("entry", answers_for)
