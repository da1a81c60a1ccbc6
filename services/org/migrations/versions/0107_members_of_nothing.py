"""Nobody belongs to an alliance with, or as, an organisation that was dissolved out of reach of the alliance.

Revision ID: 0107
"""

from __future__ import annotations

from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing new is told: queries answered before that these had left.
    op.execute("""
        UPDATE alliance_member AS m SET valid_to = GREATEST(m.valid_from, o.dissolved_on)
        FROM (SELECT id, dissolved_on FROM organisation WHERE dissolved_on IS NOT NULL) AS o
        WHERE o.id IN (m.alliance_id, m.organisation_id) AND (m.valid_to IS NULL OR m.valid_to > o.dissolved_on)
    """)
