"""Search within days: the index of words has the day on which a ticket was raised, beside its month.

Revision ID: 0115
"""

from __future__ import annotations

from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import in_scope

revision = "0115"
down_revision = "0112"
branch_labels = None
depends_on = None

# Days count from 1970 and months from the year 0, both in UTC.
MARKS = """
CREATE OR REPLACE FUNCTION wording_marks(region_code text, raised_at timestamptz) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[left(region_code, 6), left(region_code, 9), left(region_code, 12), 'm' ||
    (12 * extract(year FROM raised_at AT TIME ZONE 'UTC') + extract(month FROM raised_at AT TIME ZONE 'UTC'))::int,
    'd' || floor(extract(epoch FROM raised_at) / 86400)::int]
$$"""
# In the same scope as the policy's, and in words that fit no index but the index of words (0098). It answers `@@`; what
# is compared with TRUE it leaves to be looked at (0111).
_REGION = "(region_code || '')"
_SCOPE = f"{_REGION} ^@ $3 AND {in_scope(_REGION)}".replace("'", "''")
SEARCH = f"""
CREATE FUNCTION search_tickets(wanted tsquery, region text, prefix text, marks text[], first timestamptz,
  beyond timestamptz, at_most int, found_by tsquery)
RETURNS TABLE (id uuid, raised_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off
SET work_mem = '32MB' AS $$
DECLARE narrowed text := '';
BEGIN
  IF region <> '' THEN
    narrowed := narrowed || ' AND wording_marks(region_code, raised_at) @> ARRAY[$2]';
  END IF;
  IF marks IS NOT NULL THEN
    narrowed := narrowed || ' AND wording_marks(region_code, raised_at) && $4';
  END IF;
  IF first IS NOT NULL THEN
    narrowed := narrowed || ' AND raised_at >= $5';
  END IF;
  IF beyond IS NOT NULL THEN
    narrowed := narrowed || ' AND raised_at < $6';
  END IF;
  RETURN QUERY EXECUTE 'SELECT ticket_id, raised_at FROM wording
    WHERE words @@ $8 AND (words @@ $1) IS TRUE AND {_SCOPE}' || narrowed || ' LIMIT $7'
    USING wanted, region, prefix, marks, first, beyond, at_most, coalesce(found_by, wanted);
END $$"""  # noqa: S608 (parts of this program)


def upgrade() -> None:
    # Minutes for a city of millions of tickets.
    op.execute("SET LOCAL statement_timeout = '1h'")
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.drop_index("ix_wording_words", "wording")
    op.execute(MARKS)
    op.execute(
        "CREATE INDEX ix_wording_words ON wording USING gin (words, wording_marks(region_code, raised_at))"
        " WITH (fastupdate = off)"
    )
    op.execute("DROP FUNCTION search_tickets")
    op.execute(SEARCH)
    op.execute("REVOKE EXECUTE ON FUNCTION search_tickets FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION search_tickets TO {serving_role()}")
