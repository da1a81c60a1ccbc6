"""The second form of the tables that every service has: numbers of events in one row for a batch while it is published.

Called by one migration of each service and frozen with it, as `tables_v1`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant

_WAITING = sa.text("published_at IS NULL AND position IS NOT NULL")


def upgrade_tables() -> None:
    """Add `numbering` with the serving role's rights, and index only those unpublished events that have to wait."""
    op.create_table(
        "numbering",
        sa.Column("first_position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rows", postgresql.ARRAY(sa.BigInteger()), nullable=False, comment="ids in the outbox, by position"),
        sa.Column("feed_sequences", postgresql.ARRAY(sa.BigInteger()), nullable=False, comment="of the same rows"),
        sa.PrimaryKeyConstraint("first_position", name="pk_numbering"),
        comment="the numbers of the events that are published now, and of those after them: a row for a batch",
    )
    op.execute(grant("numbering", serving_role()))
    op.drop_index("ix_outbox_held", table_name="outbox")
    op.drop_index("ix_outbox_unpublished", table_name="outbox")
    op.create_index("ix_outbox_waiting", "outbox", ["position"], unique=False, postgresql_where=_WAITING)
    op.create_index("ix_outbox_waiting_aggregate", "outbox", ["aggregate_id"], unique=False, postgresql_where=_WAITING)
