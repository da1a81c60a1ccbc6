"""Personal data goes from what lies beside a ticket too: objections, opinions at sessions, reports of burdens.

Revision ID: 0102
"""

from __future__ import annotations

from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import in_scope

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

# The owner does it, as in 0053: a deliberation may lie in a region above the scope of who has it erased. What people in
# duty wrote stays; parties of residents speak for themselves, and so does whoever raised the ticket. `everybody` is
# said when the time of the whole matter is over.
BESIDE = f"""
CREATE FUNCTION erase_words_beside(erased uuid, everybody boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE asked text;
BEGIN
  SELECT t.requester INTO asked FROM ticket t
    WHERE t.id = erased AND t.erased_at IS NOT NULL AND {in_scope("t.region_code")};
  IF FOUND THEN
    UPDATE objection SET reason = '' WHERE ticket_id = erased AND (everybody OR by = asked);
    UPDATE burden SET description = '' WHERE ticket_id = erased AND reported_by = asked;
    UPDATE deliberation_opinion o SET text = ''
      FROM deliberation_session s JOIN deliberation d ON d.id = s.deliberation_id
      WHERE s.id = o.session_id AND d.ticket_id = erased
        AND (o.party = 'concerned' OR (everybody AND o.party = 'residents'));
  END IF;
END $$"""  # noqa: S608 (parts of this program)
ERASED = "t.erased_at IS NOT NULL"
EARLIER = (
    f"""UPDATE objection o SET reason = '' FROM ticket t
        WHERE t.id = o.ticket_id AND {ERASED} AND o.by = t.requester""",  # noqa: S608
    f"""UPDATE burden b SET description = '' FROM ticket t
        WHERE t.id = b.ticket_id AND {ERASED} AND b.reported_by = t.requester""",  # noqa: S608
    f"""UPDATE deliberation_opinion o SET text = '' FROM deliberation_session s, deliberation d, ticket t
        WHERE s.id = o.session_id AND d.id = s.deliberation_id AND t.id = d.ticket_id AND {ERASED}
          AND o.party = 'concerned'""",  # noqa: S608
)


def upgrade() -> None:
    op.execute(BESIDE)
    op.execute("REVOKE EXECUTE ON FUNCTION erase_words_beside FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION erase_words_beside TO {serving_role()}")
    # Of tickets that were erased before, what is their requesters' own at least.
    for statement in EARLIER:
        op.execute(statement)
