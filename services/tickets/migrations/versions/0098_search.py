"""Search in the order of time and by region: both are in the index of words.

Revision ID: 0098
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import in_scope

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

# The regions and the month by which the index is narrowed; months count from year 0, in UTC.
MARKS = """
CREATE FUNCTION wording_marks(region_code text, raised_at timestamptz) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[left(region_code, 6), left(region_code, 9), left(region_code, 12), 'm' ||
    (12 * extract(year FROM raised_at AT TIME ZONE 'UTC') + extract(month FROM raised_at AT TIME ZONE 'UTC'))::int]
$$"""
# The owner searches, in the same scope as the policy's (0042). Regions are asked for in words that fit no index but the
# index of words: the planner would rather look through all that a region's tickets say.
REGION = "(region_code || '')"
SCOPE = f"{REGION} ^@ $3 AND {in_scope(REGION)}".replace("'", "''")
SEARCH = f"""
CREATE FUNCTION search_tickets(wanted tsquery, region text, prefix text, months text[], at_most int)
RETURNS TABLE (id uuid, raised_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
DECLARE narrowed text := '';
BEGIN
  IF region <> '' THEN
    narrowed := narrowed || ' AND wording_marks(region_code, raised_at) @> ARRAY[$2]';
  END IF;
  IF months IS NOT NULL THEN
    narrowed := narrowed || ' AND wording_marks(region_code, raised_at) && $4';
  END IF;
  RETURN QUERY EXECUTE
    'SELECT ticket_id, raised_at FROM wording WHERE words @@ $1 AND {SCOPE}' || narrowed || ' LIMIT $5'
    USING wanted, region, prefix, months, at_most;
END $$"""  # noqa: S608 (parts of this program)
# How frequent the most frequent words are that were seen when statistics were last taken.
FREQUENT = """
CREATE FUNCTION frequent_words() RETURNS TABLE (word text, share real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS one(word, share)
  WHERE schemaname = 'public' AND tablename = 'wording' AND attname = 'words' AND word IS NOT NULL
$$"""


def upgrade() -> None:
    moment: sa.Column[object] = sa.Column(
        "raised_at", sa.DateTime(timezone=True), nullable=True, comment="when the ticket was raised"
    )
    op.add_column("wording", moment)
    op.execute("UPDATE wording SET raised_at = ticket.raised_at FROM ticket WHERE ticket.id = ticket_id")
    op.alter_column("wording", "raised_at", nullable=False)
    op.execute(MARKS)
    op.drop_index("ix_wording_words", "wording")
    # What was just written is searched as quickly as the rest: nothing waits to be put in its place.
    op.execute(
        "CREATE INDEX ix_wording_words ON wording USING gin (words, wording_marks(region_code, raised_at))"
        " WITH (fastupdate = off)"
    )
    op.execute("DROP FUNCTION search_tickets")
    role = serving_role()
    for function, made in (("search_tickets", SEARCH), ("frequent_words", FREQUENT)):
        op.execute(made)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
