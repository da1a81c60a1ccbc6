"""What tickets delivered, what tickets are about other tickets, and the counts of both.

Revision ID: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

DAY = "(raised_at AT TIME ZONE 'Asia/Shanghai')::date"
OWN = """(VALUES ('raised', 1), ('open', (t.ended_at IS NULL)::int), ('public', (t.public_since IS NOT NULL)::int),
      ('reopened', (t.round > 0)::int), ('outcome:' || coalesce(t.outcome, ''), (t.outcome IS NOT NULL)::int),
      ('step:' || t.step, 1)) AS own(key, n)"""
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
"""As in 0011."""


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


def delivered(rows: str, sign: str) -> str:
    """Return what deliverables that stand count for the tickets they belong to."""
    return f"""SELECT t.region_code, t.process, t.raised_at, 'delivered:' || d.kind AS key, {sign}d.quantity AS n
    FROM {rows} AS d JOIN ticket AS t ON t.id = d.ticket_id WHERE d.stands"""  # noqa: S608


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
"""They replace those of 0011; what a ticket is about never changes."""
TRIGGERS = (
    ("INSERT", "NEW TABLE AS new_rows", counting(delivered("new_rows", ""))),
    (
        "UPDATE",
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        counting(f"{delivered('old_rows', '-')} UNION ALL {delivered('new_rows', '')}"),
    ),
    ("DELETE", "OLD TABLE AS old_rows", counting(delivered("old_rows", "-"))),
)


def upgrade() -> None:
    about_column: sa.Column[object] = sa.Column(
        "concerns", sa.Uuid(), nullable=True, comment="ticket that it is about, as a complaint is"
    )
    op.add_column("ticket", about_column)
    op.create_foreign_key(
        "fk_ticket_concerns", "ticket", "ticket", ["concerns"], ["id"], deferrable=True, initially="DEFERRED"
    )
    op.create_index("ix_ticket_concerns", "ticket", ["concerns"], postgresql_where=sa.text("concerns IS NOT NULL"))
    op.create_table(
        "deliverable",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="the entry that it was said in"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="code of the deliverable in the process"),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=False, comment="whether it is the last word, which counts"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_deliverable_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "seq", "position", name="pk_deliverable"),
        comment="what tickets delivered in all, each time that it was said",
    )
    role = serving_role()
    op.execute(grant("deliverable", role))
    for statement in protect("deliverable"):
        op.execute(statement)
    whole = (PARTS + MORE).format(ticket="ticket")
    op.execute("DROP VIEW ticket_count")
    op.execute(f"""
CREATE VIEW ticket_count WITH (security_invoker = true) AS
  SELECT t.id, t.region_code, t.process, t.raised_at, own.key, own.n::bigint AS n
  FROM ticket AS t CROSS JOIN LATERAL {OWN} UNION ALL {whole}""")  # noqa: S608 (parts of this module)
    op.execute(grant("ticket_count", role, "SELECT"))
    for event, body in TICKET_TRIGGERS:
        # Whoever complains may not see what the complaint is about; it is counted all the same.
        op.execute(
            f"CREATE OR REPLACE FUNCTION tally_ticket_{event}() RETURNS trigger LANGUAGE plpgsql "
            f"SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN {body} RETURN NULL; END $$"
        )
    for event, seen, body in TRIGGERS:
        name = f"tally_deliverable_{event.lower()}"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON deliverable REFERENCING {seen} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
