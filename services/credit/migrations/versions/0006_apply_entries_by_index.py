"""The trigger that keeps the sums finds rows by index, whatever statistics say of tables that were just filled.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_APPLY = """
CREATE OR REPLACE FUNCTION apply_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    moved record;
BEGIN
    IF EXISTS (
        SELECT FROM fresh f
            CROSS JOIN LATERAL (
                SELECT id, book_id, account_id, lines FROM posting WHERE id = f.posting_id OFFSET 0
            ) p
            CROSS JOIN LATERAL (SELECT id, book_id, nature FROM account WHERE id = f.account_id OFFSET 0) a
        GROUP BY p.id
        HAVING sum(f.amount) <> 0 OR count(*) <> min(p.lines) OR max(f.line) <> min(p.lines)
            OR bool_or(a.book_id <> p.book_id)
            OR bool_or((a.nature = 'system') <> (f.component = 'total'))
            OR bool_or(a.nature <> 'system' AND a.id <> p.account_id)
    ) THEN
        RAISE EXCEPTION 'a posting is whole, adds up to zero, and lies in one book and one subject''s account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_entry_balanced', TABLE = 'entry';
    END IF;
    FOR moved IN
        SELECT lot_id, coalesce(sum(amount) FILTER (WHERE component = 'available'), 0) AS available,
            coalesce(sum(amount) FILTER (WHERE component = 'held'), 0) AS held
        FROM fresh WHERE lot_id IS NOT NULL GROUP BY lot_id ORDER BY lot_id
    LOOP
        UPDATE lot SET available = available + moved.available, held = held + moved.held WHERE id = moved.lot_id;
    END LOOP;
    FOR moved IN
        SELECT account_id, coalesce(sum(amount) FILTER (WHERE component = 'available'), 0) AS available,
            coalesce(sum(amount) FILTER (WHERE component = 'held'), 0) AS held,
            coalesce(sum(amount) FILTER (WHERE component = 'deducted'), 0) AS deducted
        FROM fresh WHERE component <> 'total' GROUP BY account_id ORDER BY account_id
    LOOP
        UPDATE account SET available = available + moved.available, held = held + moved.held,
            deducted = deducted + moved.deducted WHERE id = moved.account_id;
    END LOOP;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(_APPLY)
