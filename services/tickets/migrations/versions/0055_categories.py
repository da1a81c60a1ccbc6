"""Counts of tickets by category; what entries count is found without comparing them with each other.

Revision ID: 0055
"""

from __future__ import annotations

from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant

revision = "0055"
down_revision = "0053"
branch_labels = None
depends_on = None

DAY = "(raised_at AT TIME ZONE 'Asia/Shanghai')::date"
OWN = """(VALUES ('raised', 1), ('open', (t.ended_at IS NULL)::int), ('public', (t.public_since IS NOT NULL)::int),
      ('reopened', (t.round > 0)::int), ('outcome:' || coalesce(t.outcome, ''), (t.outcome IS NOT NULL)::int),
      ('step:' || t.step, 1), ('category:' || coalesce(t.category, ''), (t.category IS NOT NULL)::int),
      ('settled:' || coalesce(t.category, ''), (t.category IS NOT NULL AND coalesce(t.outcome, '') = 'done')::int)
      ) AS own(key, n)"""
"""What a ticket counts by its own row: new are its category, and whether it was carried through in that."""
MORE = """
  UNION ALL
  SELECT t.id, t.region_code, t.process, t.raised_at, 'delivered:' || d.kind AS key, d.quantity AS n
  FROM {ticket} AS t JOIN deliverable AS d ON d.ticket_id = t.id AND d.stands
  UNION ALL
  SELECT t.id, t.region_code, t.process, t.raised_at, 'complaints' AS key, 1 AS n
  FROM {ticket} AS t JOIN ticket AS other ON other.concerns = t.id"""
"""What a ticket counts by what it delivered, and by the tickets that are about it."""
PARTS = """
  SELECT t.id, t.region_code, t.process, t.raised_at, 'performed:' || e.kind AS key, 1 AS n
  FROM {ticket} AS t JOIN entry AS e ON e.ticket_id = t.id
  GROUP BY t.id, t.region_code, t.process, t.raised_at, e.kind
  UNION ALL
  SELECT t.id, t.region_code, t.process, t.raised_at, counted.key, counted.n
  FROM {ticket} AS t JOIN evaluation AS e ON e.ticket_id = t.id AND e.round = t.round
  CROSS JOIN LATERAL (VALUES ('ratings', 1), ('rating', e.rating)) AS counted(key, n)
  UNION ALL
  SELECT t.id, t.region_code, t.process, t.raised_at, counted.key, counted.n
  FROM {ticket} AS t JOIN clock AS c ON c.ticket_id = t.id AND c.stopped_at IS NOT NULL
  CROSS JOIN LATERAL (VALUES ('stopped:' || c.kind, 1), ('kept:' || c.kind, c.kept::int)) AS counted(key, n)"""
"""As in 0045, like what follows."""


def counting(sources: str) -> str:
    """Return the statement that notes what `sources` (region_code, process, raised_at, key, n) come to."""
    return f"""
  INSERT INTO tally_change (region_code, process, day, counts)
  SELECT region_code, process, day, jsonb_object_agg(key, n) FROM (
    SELECT region_code, process, {DAY} AS day, key, sum(n) AS n FROM ({sources}) AS source
    GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
  ) AS summed GROUP BY 1, 2, 3;"""  # noqa: S608 (parts of this module)


def own(rows: str, sign: str) -> str:
    """Return what tickets count by their own rows."""
    return f"SELECT t.region_code, t.process, t.raised_at, key, {sign}n AS n FROM {rows} AS t CROSS JOIN LATERAL {OWN}"  # noqa: S608


def parts(rows: str, sign: str) -> str:
    """Return what tickets count by what belongs to them."""
    both = (PARTS + MORE).format(ticket=rows)
    return f"SELECT region_code, process, raised_at, key, {sign}n AS n FROM ({both}) AS of_{rows}"  # noqa: S608


def about(rows: str, sign: str) -> str:
    """Return what tickets count for those that they are about."""
    return f"""SELECT t.region_code, t.process, t.raised_at, 'complaints' AS key, {sign}1 AS n
    FROM {rows} AS r JOIN ticket AS t ON t.id = r.concerns"""  # noqa: S608


MOVED = """
  SELECT {side}.* FROM old_rows JOIN new_rows USING (id)
  WHERE (old_rows.region_code, old_rows.process, old_rows.raised_at, old_rows.round)
    IS DISTINCT FROM (new_rows.region_code, new_rows.process, new_rows.raised_at, new_rows.round)"""
UPDATED = f"""
  {counting(f"{own('old_rows', '-')} UNION ALL {own('new_rows', '')}")}
  IF EXISTS ({MOVED.format(side="new_rows")}) THEN
    WITH was AS ({MOVED.format(side="old_rows")}), becomes AS ({MOVED.format(side="new_rows")})
    {counting(f"{parts('was', '-')} UNION ALL {parts('becomes', '')}")}
  END IF;"""
TICKET_TRIGGERS = (
    ("insert", counting(f"{own('new_rows', '')} UNION ALL {about('new_rows', '')}")),
    ("update", UPDATED),
    ("delete", counting(f"{own('old_rows', '-')} UNION ALL {about('old_rows', '-')}")),
)
"""They replace those of 0045."""
FIRST_OF_KIND = """
  SELECT t.region_code, t.process, t.raised_at, 'performed:' || fresh.kind AS key, 1 AS n
  FROM (SELECT ticket_id, kind, min(seq) AS seq FROM new_rows GROUP BY ticket_id, kind) AS fresh
  JOIN ticket AS t ON t.id = fresh.ticket_id
  WHERE NOT EXISTS (
    SELECT FROM entry AS e WHERE e.ticket_id = fresh.ticket_id AND e.kind = fresh.kind AND e.seq < fresh.seq)"""
"""As in 0011; a timeline only grows at its end, so what was there before has a lower number."""
NEW_KEYS = """
  SELECT t.region_code, t.process, t.raised_at, added.key, added.n FROM ticket AS t
  CROSS JOIN LATERAL (VALUES ('category:' || t.category, 1), ('settled:' || t.category, (t.outcome = 'done')::int))
    AS added(key, n)
  WHERE t.category IS NOT NULL AND added.n > 0"""


def upgrade() -> None:
    whole = (PARTS + MORE).format(ticket="ticket")
    op.execute("DROP VIEW ticket_count")
    op.execute(f"""
CREATE VIEW ticket_count WITH (security_invoker = true) AS
  SELECT t.id, t.region_code, t.process, t.raised_at, own.key, own.n::bigint AS n
  FROM ticket AS t CROSS JOIN LATERAL {OWN} UNION ALL {whole}""")  # noqa: S608 (parts of this module)
    op.execute(grant("ticket_count", serving_role(), "SELECT"))
    for event, body in TICKET_TRIGGERS:
        op.execute(
            f"CREATE OR REPLACE FUNCTION tally_ticket_{event}() RETURNS trigger LANGUAGE plpgsql "
            f"SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN {body} RETURN NULL; END $$"
        )
    op.execute(
        "CREATE OR REPLACE FUNCTION tally_entry_insert() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN {counting(FIRST_OF_KIND)} RETURN NULL; END $$"
    )
    # The owner is not subject to row security: tickets that are there already are counted whole.
    op.execute(counting(NEW_KEYS))
