"""Who leaves is forgotten where they acted for themselves: in the audit record and the idempotency keys.

Revision ID: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FORGET = """
CREATE FUNCTION forget_holder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF OLD.subject IS NULL THEN
        RETURN OLD;
    END IF;
    -- What they did as staff is another matter: only what was done to their own account.
    UPDATE audit SET actor = 'left' WHERE actor = OLD.subject AND (kind, object_id) IN (
        SELECT 'account', OLD.account_id::text
        UNION ALL SELECT 'posting', id::text FROM posting WHERE account_id = OLD.account_id
        UNION ALL SELECT 'application', id::text FROM application WHERE account_id = OLD.account_id
        UNION ALL SELECT 'redemption', id::text FROM redemption WHERE account_id = OLD.account_id
        UNION ALL SELECT 'objection', id::text FROM objection WHERE account_id = OLD.account_id
        UNION ALL SELECT 'candidate', id::text FROM candidate WHERE account_id = OLD.account_id
        UNION ALL SELECT 'ballot', selection_id::text FROM ballot WHERE account_id = OLD.account_id
    );
    DELETE FROM idempotency WHERE actor = OLD.subject AND operation IN (
        'joinCredit', 'applyForPoints', 'redeemOffer', 'raiseObjection', 'nominateForHonour'
    );
    UPDATE candidate SET nominated_by = 'holder' WHERE account_id = OLD.account_id AND nominated_by = OLD.subject;
    RETURN OLD;
END
$$
"""
_LEAVING = """
CREATE FUNCTION leave_no_actor() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
    NEW.actor := 'left';
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    op.execute(_FORGET)
    op.execute("REVOKE EXECUTE ON FUNCTION forget_holder() FROM PUBLIC")
    op.execute("CREATE TRIGGER forget_holder AFTER DELETE ON holder FOR EACH ROW EXECUTE FUNCTION forget_holder()")
    op.execute(_LEAVING)
    op.execute(
        "CREATE TRIGGER leave_no_actor BEFORE INSERT ON audit FOR EACH ROW WHEN (NEW.operation = 'leaveCredit') "
        "EXECUTE FUNCTION leave_no_actor()"
    )
