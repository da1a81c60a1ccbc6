"""Deliberations: matters, sessions with who came, what the parties said, and what was resolved.

Revision ID: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import above_scope, grant, in_scope, protect

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None


def region() -> tuple[sa.Column[object], sa.Column[object]]:
    """Return the columns by which a row knows where it is."""
    code: sa.Column[object] = sa.Column("region_code", sa.Text(collation="C"), nullable=False)
    return sa.Column("region_id", sa.Uuid(), nullable=False), code


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "deliberation",
        sa.Column("id", sa.Uuid(), nullable=False),
        *region(),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="that it is about"),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("parties", postgresql.ARRAY(sa.Text()), nullable=False, comment="who is to be heard"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("resolved_at", moment, nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=True, comment="what came of it"),
        sa.Column("followed_up_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_deliberation_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_deliberation"),
        comment="matters that are deliberated",
    )
    op.create_index("ix_deliberation_region_code_begun_at", "deliberation", ["region_code", "begun_at"])
    op.create_index("ix_deliberation_ticket_id", "deliberation", ["ticket_id"])
    op.create_table(
        "deliberation_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deliberation_id", sa.Uuid(), nullable=False),
        *region(),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=True, comment="org's station where it is held"),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("held_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["deliberation_id"], ["deliberation.id"], name="fk_deliberation_session_deliberation_id_deliberation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliberation_session"),
        comment="sessions, those held and those to come",
    )
    op.create_index("ix_deliberation_session_deliberation_id", "deliberation_session", ["deliberation_id"])
    op.create_index(
        "ix_deliberation_session_region_code_starts_at", "deliberation_session", ["region_code", "starts_at"]
    )
    _of_a_session(
        "deliberation_attendee",
        [
            sa.Column("person_id", sa.Uuid(), nullable=False, comment="of org's register"),
            *region(),
            sa.Column("party", sa.Text(), nullable=False),
            sa.Column("came", sa.Boolean(), nullable=False),
        ],
        "person_id",
        "who came to a session, and who was invited and did not",
    )
    _of_a_session(
        "deliberation_opinion",
        [
            sa.Column("position", sa.Integer(), nullable=False),
            *region(),
            sa.Column("party", sa.Text(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("agrees", sa.Boolean(), nullable=True),
        ],
        "position",
        "what the parties said",
    )
    read = f"{in_scope()} OR {above_scope()}"
    for table in ("deliberation", "deliberation_session", "deliberation_attendee", "deliberation_opinion"):
        op.execute(grant(table, serving_role(), "SELECT, INSERT, UPDATE"))
        # Who lives below a council may know of it; who came to it is read only in scope.
        for statement in protect(table, read=None if table == "deliberation_attendee" else read):
            op.execute(statement)


def _of_a_session(name: str, columns: list[sa.Column[object]], key: str, comment: str) -> None:
    op.create_table(
        name,
        sa.Column("session_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["session_id"], ["deliberation_session.id"], name=f"fk_{name}_session_id_deliberation_session"
        ),
        sa.PrimaryKeyConstraint("session_id", key, name=f"pk_{name}"),
        comment=comment,
    )
