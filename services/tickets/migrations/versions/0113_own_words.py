"""What somebody wrote or said beside tickets of their own can be erased at their request.

Revision ID: 0113
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import in_scope

revision = "0113"
down_revision = "0115"
branch_labels = None
depends_on = None

# As erase_words of 0053: the serving role cannot rewrite the timeline. The owner empties one line that a resident wrote
# on a ticket in scope that has ended, and what its files were called.
ACT = f"""
CREATE FUNCTION erase_act(of_ticket uuid, line integer, author text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (
    SELECT FROM ticket t JOIN entry e ON e.ticket_id = t.id
    WHERE t.id = of_ticket AND t.ended_at IS NOT NULL AND {in_scope("t.region_code")}
      AND e.seq = line AND e.by = author AND e.acted_as = 'resident' AND e.kind <> 'raise'
  ) THEN
    UPDATE entry SET reason = NULL, opinion = NULL WHERE ticket_id = of_ticket AND seq = line;
    UPDATE attachment SET name = '' WHERE ticket_id = of_ticket AND seq = line;
  END IF;
END $$"""  # noqa: S608 (parts of this program)
# As in 0102; of opinions also those that the requester is known to have given, and with the words who gave them.
BESIDE = f"""
CREATE OR REPLACE FUNCTION erase_words_beside(erased uuid, everybody boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE asked text;
BEGIN
  SELECT t.requester INTO asked FROM ticket t
    WHERE t.id = erased AND t.erased_at IS NOT NULL AND {in_scope("t.region_code")};
  IF FOUND THEN
    UPDATE objection SET reason = '' WHERE ticket_id = erased AND (everybody OR by = asked);
    UPDATE burden SET description = '' WHERE ticket_id = erased AND reported_by = asked;
    UPDATE deliberation_opinion o SET text = '', person_id = NULL
      FROM deliberation_session s JOIN deliberation d ON d.id = s.deliberation_id
      WHERE s.id = o.session_id AND d.ticket_id = erased
        AND (o.party = 'concerned' OR o.person_id::text = asked OR (everybody AND o.party = 'residents'));
  END IF;
END $$"""  # noqa: S608 (parts of this program)
# Of earlier sessions: who spoke is known where only one of a party came.
SPEAKERS = """
UPDATE deliberation_opinion o SET person_id = sole.person_id
FROM (
  SELECT a.session_id, a.party, (array_agg(a.person_id))[1] AS person_id
  FROM deliberation_attendee a WHERE a.came AND a.party IN ('residents', 'concerned')
  GROUP BY a.session_id, a.party HAVING count(*) = 1
) AS sole
WHERE sole.session_id = o.session_id AND sole.party = o.party AND o.text <> ''"""


def upgrade() -> None:
    # The index of a large city's timelines takes minutes.
    op.execute("SET LOCAL statement_timeout = '1h'")
    person = sa.Column("person_id", sa.Uuid(), nullable=True, comment="who said it, for themselves; shown to nobody")
    op.add_column("deliberation_opinion", person)
    op.create_index(
        "ix_deliberation_opinion_person_id",
        "deliberation_opinion",
        ["person_id"],
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index("ix_entry_by", "entry", ["by"], postgresql_where=sa.text("acted_as = 'resident'"))
    op.execute(SPEAKERS)
    op.execute(ACT)
    op.execute("REVOKE EXECUTE ON FUNCTION erase_act FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION erase_act TO {serving_role()}")
    op.execute(BESIDE)
