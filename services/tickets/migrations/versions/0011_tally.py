"""Counts of tickets that are kept up: what each change adds and takes away, and its sums by region and time.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0011"
down_revision = "0005"
branch_labels = None
depends_on = None

DAY = "(raised_at AT TIME ZONE 'Asia/Shanghai')::date"
ADDED = """
CREATE FUNCTION tally_added(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(key, n), '{}') FROM (
    SELECT key, sum(value::bigint) AS n
    FROM (SELECT * FROM jsonb_each_text(one) UNION ALL SELECT * FROM jsonb_each_text(other)) AS both_of_them
    GROUP BY key HAVING sum(value::bigint) <> 0
  ) AS summed
$$"""
OWN = """(VALUES ('raised', 1), ('open', (t.ended_at IS NULL)::int), ('public', (t.public_since IS NOT NULL)::int),
      ('reopened', (t.round > 0)::int), ('outcome:' || coalesce(t.outcome, ''), (t.outcome IS NOT NULL)::int),
      ('step:' || t.step, 1)) AS own(key, n)"""
"""What a ticket counts by its own row."""

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
"""What a ticket counts by what belongs to it."""

VIEW = f"""
CREATE VIEW ticket_count WITH (security_invoker = true) AS
  SELECT t.id, t.region_code, t.process, t.raised_at, own.key, own.n FROM ticket AS t CROSS JOIN LATERAL {OWN}
  UNION ALL {PARTS.format(ticket="ticket")}"""  # noqa: S608 (parts of this module)


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
    return f"SELECT region_code, process, raised_at, key, {sign}n AS n FROM ({PARTS.format(ticket=rows)}) AS of_{rows}"  # noqa: S608


def evaluations(rows: str, sign: str) -> str:
    """Return what evaluations count for the tickets they belong to."""
    return f"""SELECT t.region_code, t.process, t.raised_at, counted.key, {sign}counted.n AS n
    FROM {rows} AS e JOIN ticket AS t ON t.id = e.ticket_id AND t.round = e.round
    CROSS JOIN LATERAL (VALUES ('ratings', 1), ('rating', e.rating)) AS counted(key, n)"""  # noqa: S608


def clocks(rows: str, sign: str) -> str:
    """Return what clocks that have stopped count for the tickets they belong to."""
    return f"""SELECT t.region_code, t.process, t.raised_at, counted.key, {sign}counted.n AS n
    FROM {rows} AS c JOIN ticket AS t ON t.id = c.ticket_id
    CROSS JOIN LATERAL (VALUES ('stopped:' || c.kind, 1), ('kept:' || c.kind, c.kept::int)) AS counted(key, n)
    WHERE c.stopped_at IS NOT NULL"""  # noqa: S608


# What belongs to a ticket moves with it, and only evaluations of its present round count.
MOVED = """
  SELECT {side}.* FROM old_rows JOIN new_rows USING (id)
  WHERE (old_rows.region_code, old_rows.process, old_rows.raised_at, old_rows.round)
    IS DISTINCT FROM (new_rows.region_code, new_rows.process, new_rows.raised_at, new_rows.round)"""
FIRST_OF_KIND = """
  SELECT t.region_code, t.process, t.raised_at, 'performed:' || fresh.kind AS key, 1 AS n
  FROM (SELECT ticket_id, kind, min(seq) AS seq FROM new_rows GROUP BY ticket_id, kind) AS fresh
  JOIN ticket AS t ON t.id = fresh.ticket_id
  WHERE NOT EXISTS (
    SELECT FROM entry AS e WHERE e.ticket_id = fresh.ticket_id AND e.kind = fresh.kind
      AND NOT EXISTS (SELECT FROM new_rows AS n WHERE n.ticket_id = e.ticket_id AND n.seq = e.seq))"""
LAST_OF_KIND = """
  SELECT t.region_code, t.process, t.raised_at, 'performed:' || gone.kind AS key, -1 AS n
  FROM (SELECT DISTINCT ticket_id, kind FROM old_rows) AS gone JOIN ticket AS t ON t.id = gone.ticket_id
  WHERE NOT EXISTS (SELECT FROM entry AS e WHERE e.ticket_id = gone.ticket_id AND e.kind = gone.kind)"""
UPDATED = f"""
  {counting(f"{own('old_rows', '-')} UNION ALL {own('new_rows', '')}")}
  IF EXISTS ({MOVED.format(side="new_rows")}) THEN
    WITH was AS ({MOVED.format(side="old_rows")}), becomes AS ({MOVED.format(side="new_rows")})
    {counting(f"{parts('was', '-')} UNION ALL {parts('becomes', '')}")}
  END IF;"""
TRIGGERS = (
    ("ticket", "INSERT", counting(own("new_rows", ""))),
    ("ticket", "UPDATE", UPDATED),
    ("entry", "INSERT", counting(FIRST_OF_KIND)),
    ("evaluation", "INSERT", counting(evaluations("new_rows", ""))),
    ("evaluation", "UPDATE", counting(f"{evaluations('old_rows', '-')} UNION ALL {evaluations('new_rows', '')}")),
    ("evaluation", "DELETE", counting(evaluations("old_rows", "-"))),
    ("clock", "INSERT", counting(clocks("new_rows", ""))),
    ("clock", "UPDATE", counting(f"{clocks('old_rows', '-')} UNION ALL {clocks('new_rows', '')}")),
    ("clock", "DELETE", counting(clocks("old_rows", "-"))),
    # What belongs to a ticket is deleted before it, and entries only with it.
    ("entry", "DELETE", counting(LAST_OF_KIND)),
    ("ticket", "DELETE", counting(own("old_rows", "-"))),
)
SEEN_BY = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def upgrade() -> None:
    code = sa.Text(collation="C")
    op.create_table(
        "tally",
        sa.Column("region_code", code, nullable=False, comment="of a city, district, subdistrict or community"),
        sa.Column("span", sa.Text(), nullable=False, comment="day, month or year"),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("region_code", "span", "starts", "process", name="pk_tally"),
        comment="counts of the tickets raised in a span, here and below",
    )
    op.create_table(
        "tally_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("region_code", code, nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally_change"),
        comment="what changes added to counts and took away, until it is summed up in tally",
    )
    role = serving_role()
    for table in ("tally", "tally_change"):
        op.execute(grant(table, role))
        for statement in protect(table):
            op.execute(statement)
    op.execute(ADDED)
    op.execute(VIEW)
    op.execute(grant("ticket_count", role, "SELECT"))
    for table, event, body in TRIGGERS:
        name = f"tally_{table}_{event.lower()}"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {SEEN_BY[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    # The owner is not subject to row security: tickets that are there already are counted whole.
    op.execute(counting("SELECT region_code, process, raised_at, key, n FROM ticket_count"))
