"""Selections can move with their region; they, awards, rankings and the fund are for who sees their district's book.

Revision ID: 0012
"""

from __future__ import annotations

from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A book is seen from above and from below: who lives in a district may see what is chosen and ranked in it.
_OF_BOOK = "book_id IN (SELECT id FROM book)"
_OF_SELECTION = "EXISTS (SELECT FROM selection s WHERE s.id = selection_id)"
_OF_CANDIDATE = "EXISTS (SELECT FROM candidate c WHERE c.id = candidate_id)"


def upgrade() -> None:
    role = serving_role()
    for table in ("selection", "candidate"):
        op.execute(grant(table, role, "UPDATE (region_id)"))
    conditions = dict.fromkeys(("selection", "award", "grid_rank", "fund"), _OF_BOOK)
    conditions |= {"candidate": _OF_SELECTION, "review": _OF_CANDIDATE}
    for table, condition in conditions.items():
        for statement in protect(table, read=condition, write=condition):
            op.execute(statement)
