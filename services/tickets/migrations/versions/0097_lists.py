"""Lists of whole regions and inboxes in the order of an index, whatever the city's size; overdue tickets counted too.

Revision ID: 0097
"""

from __future__ import annotations

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from chassis.row_security import expected_in_scope

revision = "0097"
down_revision = "0055"
branch_labels = None
depends_on = None

LEVELS = {"district": 6, "subdistrict": 9, "community": 12}
OPEN = "ended_at IS NULL"
ESCALATED = "ended_at IS NULL AND escalated <> '[]'"
LISTED = ("ticket", "entry", "evaluation", "clock", "wording")
NOT_MARKED = "ended_at IS NULL AND NOT late"

# A mark that a deadline has passed holds only for the deadline it was made for.
UNMARK = """
CREATE FUNCTION unmark_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.late := NEW.late AND NEW.ended_at IS NULL AND NEW.due_at IS NOT DISTINCT FROM OLD.due_at;
  RETURN NEW;
END $$"""
UNMARKED = """
CREATE TRIGGER unmark_late BEFORE UPDATE ON ticket FOR EACH ROW
WHEN (OLD.late AND NEW.late AND (NEW.due_at IS DISTINCT FROM OLD.due_at OR NEW.ended_at IS NOT NULL))
EXECUTE FUNCTION unmark_late()"""


def upgrade() -> None:
    code = sa.Text(collation="C")
    for level, digits in LEVELS.items():
        of_level: sa.Column[str] = sa.Column(
            f"{level}_code",
            code,
            sa.Computed(f"left(region_code, {digits})", persisted=True),
            nullable=True,
            comment="of the region that it lies in, for lists",
        )
        op.add_column("ticket", of_level)
    late: sa.Column[bool] = sa.Column(
        "late", sa.Boolean(), nullable=False, server_default=sa.text("false"), comment="counted as overdue"
    )
    op.add_column("ticket", late)
    _index()
    for table in LISTED:
        op.execute(f"ALTER POLICY {table}_read ON {table} USING ({expected_in_scope()})")
    op.execute(UNMARK)
    op.execute(UNMARKED)
    _count_overdue()


def _index() -> None:
    op.drop_index("ix_ticket_region_code", "ticket")
    op.create_index("ix_ticket_region_code", "ticket", ["region_code"])
    op.drop_index("ix_ticket_open", "ticket")
    for level in LEVELS:
        column = f"{level}_code"
        op.create_index(f"ix_ticket_{level}", "ticket", [column, "raised_at", "id"])
        op.create_index(
            f"ix_ticket_open_{level}",
            "ticket",
            [column, "process", "step", "raised_at", "id"],
            postgresql_where=sa.text(OPEN),
        )
        op.create_index(
            f"ix_ticket_under_way_{level}", "ticket", [column, "raised_at", "id"], postgresql_where=sa.text(OPEN)
        )
        op.create_index(
            f"ix_ticket_escalated_{level}",
            "ticket",
            [column, "raised_at", "id"],
            postgresql_where=sa.text(ESCALATED),
        )
    op.create_index("ix_ticket_open", "ticket", ["process", "step", "raised_at", "id"], postgresql_where=sa.text(OPEN))
    op.create_index("ix_ticket_under_way", "ticket", ["raised_at", "id"], postgresql_where=sa.text(OPEN))
    op.create_index("ix_ticket_process", "ticket", ["process", "raised_at", "id"])
    op.create_index("ix_ticket_category", "ticket", ["category", "raised_at", "id"])
    op.create_index("ix_ticket_not_marked", "ticket", ["due_at"], postgresql_where=sa.text(NOT_MARKED))


def _count_overdue() -> None:
    """Let the view and the triggers on tickets count what is marked; nothing is yet."""
    before = import_module("services.tickets.migrations.versions.0055_categories")
    own = before.OWN.replace("('step:' || t.step, 1)", "('step:' || t.step, 1), ('overdue', t.late::int)")
    # Of what is under way the outcome is unknown, and counts nothing rather than an unknown number.
    own = own.replace("t.outcome = 'done'", "coalesce(t.outcome, '') = 'done'")
    whole = (before.PARTS + before.MORE).format(ticket="ticket")
    op.execute(f"""
CREATE OR REPLACE VIEW ticket_count WITH (security_invoker = true) AS
  SELECT t.id, t.region_code, t.process, t.raised_at, own.key, own.n::bigint AS n
  FROM ticket AS t CROSS JOIN LATERAL {own} UNION ALL {whole}""")  # noqa: S608 (parts of these modules)
    for event, body in before.TICKET_TRIGGERS:
        counted = body.replace(before.OWN, own)
        op.execute(
            f"CREATE OR REPLACE FUNCTION tally_ticket_{event}() RETURNS trigger LANGUAGE plpgsql "
            f"SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN {counted} RETURN NULL; END $$"
        )
