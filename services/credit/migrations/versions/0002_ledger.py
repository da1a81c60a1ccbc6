"""What credit knows of org, catalogues, accounts and the ledger, which the serving role can only add to.

Revision ID: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import above_scope, grant, in_scope, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OF_ACCOUNT = "EXISTS (SELECT FROM account a WHERE a.id = account_id)"

_OF_POSTING = "EXISTS (SELECT FROM posting p WHERE p.id = posting_id)"

_APPLY = """
CREATE FUNCTION apply_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f JOIN posting p ON p.id = f.posting_id JOIN account a ON a.id = f.account_id
        GROUP BY p.id
        HAVING sum(f.amount) <> 0 OR count(*) <> min(p.lines) OR max(f.line) <> min(p.lines)
            OR bool_or(a.book_id <> p.book_id)
            OR bool_or((a.nature = 'system') <> (f.component = 'total'))
            OR bool_or(a.nature <> 'system' AND a.id <> p.account_id)
    ) THEN
        RAISE EXCEPTION 'a posting is whole, adds up to zero, and lies in one book and one subject''s account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_entry_balanced', TABLE = 'entry';
    END IF;
    UPDATE lot SET available = lot.available + s.available, held = lot.held + s.held
    FROM (
        SELECT lot_id, coalesce(sum(amount) FILTER (WHERE component = 'available'), 0) AS available,
            coalesce(sum(amount) FILTER (WHERE component = 'held'), 0) AS held
        FROM fresh WHERE lot_id IS NOT NULL GROUP BY lot_id
    ) s WHERE lot.id = s.lot_id;
    UPDATE account SET available = account.available + s.available, held = account.held + s.held,
        deducted = account.deducted + s.deducted
    FROM (
        SELECT account_id, coalesce(sum(amount) FILTER (WHERE component = 'available'), 0) AS available,
            coalesce(sum(amount) FILTER (WHERE component = 'held'), 0) AS held,
            coalesce(sum(amount) FILTER (WHERE component = 'deducted'), 0) AS deducted
        FROM fresh WHERE component <> 'total' GROUP BY account_id
    ) s WHERE account.id = s.account_id;
    RETURN NULL;
END $$
"""

_AWAIT = """
CREATE FUNCTION await_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO unsealed (posting_id, book_id) SELECT id, book_id FROM fresh;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    _create_known_of_org()
    _create_books()
    _create_accounts()
    _create_postings()
    _create_entries()
    _create_chain()
    _create_triggers()
    _grant(serving_role())
    _protect()


def _region_code(comment: str | None = None) -> sa.Column[Any]:
    return sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=comment)


def _sum(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment=comment)


def _create_known_of_org() -> None:
    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_region"),
        comment="org's regions as its events told of them",
    )
    op.create_index("ix_region_code", "region", ["code"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        _region_code(),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it is no longer held"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
        comment="who holds which duty, as org's events told",
    )
    op.create_index("ix_duty_person_id", "duty", ["person_id"], unique=False)
    op.create_index("ix_duty_region_id", "duty", ["region_id"], unique=False)


def _create_books() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False, comment="the district whose book it is"),
        _region_code(),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_book"),
        sa.UniqueConstraint("region_id", name="uq_book_region_id"),
        comment="a book of points: its postings add up to zero and are chained by hashes",
    )
    op.create_table(
        "catalogue_version",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_catalogue_version_book_id"),
        sa.PrimaryKeyConstraint("book_id", "version", name="pk_catalogue_version"),
        comment="indicator catalogues; a row never changes, postings name the version they were made under",
    )


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column(
            "nature", sa.Text(), nullable=False, comment="natural, legal, other; system for the book's own accounts"
        ),
        sa.Column(
            "group_code",
            sa.Text(),
            nullable=False,
            comment="group of the catalogue; for the book's own accounts which one",
        ),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        _region_code("the region's current code, re-stamped when recoded"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        _sum("events", "how many events it has"),
        _sum("available", "points that can be spent"),
        _sum("held", "points set aside for redemptions"),
        _sum("deducted", "points lost, negative; bodies only"),
        sa.CheckConstraint("nature IN ('natural', 'legal', 'other', 'system')", name="ck_account_nature"),
        sa.CheckConstraint("available >= 0 AND held >= 0 AND deducted <= 0", name="ck_account_sums"),
        sa.CheckConstraint("nature <> 'natural' OR deducted = 0", name="ck_account_people_lose_nothing"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_account_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        comment="one for each subject, and a few of the book's own; the sums are written by the trigger on entry only",
    )
    op.create_index("ix_account_book_id", "account", ["book_id"], unique=False)
    op.create_index("ix_account_region_code", "account", ["region_code"], unique=False)
    op.create_index("ix_account_region_id", "account", ["region_id"], unique=False)
    op.create_table(
        "holder",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True, comment="token subject of a natural person"),
        sa.Column("credit_code", sa.Text(), nullable=True, comment="统一社会信用代码 of a body"),
        sa.Column("name", postgresql.BYTEA(), nullable=False, comment="encrypted"),
        sa.Column("household", postgresql.BYTEA(), nullable=True, comment="keyed digest of the household's number"),
        sa.Column("notice_version", sa.Integer(), nullable=True, comment="which notice the person consented to"),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "shown",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="agreed to be shown, masked",
        ),
        sa.CheckConstraint("(subject IS NULL) <> (credit_code IS NULL)", name="ck_holder_one_identity"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_holder_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_holder"),
        comment="whose an account is; deleted when they leave, which leaves the account without a name",
    )
    for column, unique in (("credit_code", True), ("household", False), ("subject", True)):
        op.create_index(
            f"{'uq' if unique else 'ix'}_holder_{column}",
            "holder",
            [column],
            unique=unique,
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def _create_postings() -> None:
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False, comment="the subject's"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("item", sa.Text(), nullable=True, comment="item of the catalogue"),
        sa.Column("catalogue_version", sa.Integer(), nullable=True),
        sa.Column("evidence", postgresql.BYTEA(), nullable=True, comment="SHA-256 of the evidence"),
        sa.Column("recorded_by", sa.Text(), nullable=False, comment="token subject, or system:<what>"),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True, comment="what it follows from, e.g. an event: it is posted once"),
        sa.Column("lines", sa.SmallInteger(), nullable=False, comment="how many entries it has"),
        sa.CheckConstraint(
            "kind IN ('earn', 'deduct', 'hold', 'release', 'redeem', 'refund', 'expire', 'forfeit', 'reverse')",
            name="ck_posting_kind",
        ),
        sa.CheckConstraint("(kind = 'reverse') = (reverses IS NOT NULL)", name="ck_posting_reverses"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_posting_account_id"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_posting_book_id"),
        sa.ForeignKeyConstraint(["reverses"], ["posting.id"], name="fk_posting_reverses"),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.UniqueConstraint("book_id", "cause", name="uq_posting_book_id_cause"),
        sa.UniqueConstraint("reverses", name="uq_posting_reverses"),
        comment="what was done to an account; rows are only ever added",
    )
    op.create_index("ix_posting_account_id", "posting", ["account_id", "at", "id"], unique=False)
    op.create_index(
        "uq_posting_evidence",
        "posting",
        ["book_id", "item", "evidence"],
        unique=True,
        postgresql_where=sa.text("evidence IS NOT NULL AND kind IN ('earn', 'deduct')"),
    )


def _create_entries() -> None:
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="first day on which it can no longer be spent"),
        _sum("available", "of it, can be spent"),
        _sum("held", "of it, set aside"),
        sa.CheckConstraint("available >= 0 AND held >= 0", name="ck_lot_sums"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_lot_account_id"),
        sa.ForeignKeyConstraint(["opened_by"], ["posting.id"], name="fk_lot_opened_by"),
        sa.PrimaryKeyConstraint("id", name="pk_lot"),
        sa.UniqueConstraint("id", "account_id", name="uq_lot_id_account_id"),
        comment="points that were earned together; the sums are written by the trigger on entry only",
    )
    op.create_index(
        "ix_lot_expiring",
        "lot",
        ["expires_on"],
        unique=False,
        postgresql_where=sa.text("available > 0 AND expires_on IS NOT NULL"),
    )
    op.create_index(
        "ix_lot_open", "lot", ["account_id"], unique=False, postgresql_where=sa.text("available > 0 OR held > 0")
    )
    op.create_table(
        "entry",
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount <> 0", name="ck_entry_amount"),
        sa.CheckConstraint("line >= 1", name="ck_entry_line"),
        sa.CheckConstraint("component IN ('available', 'held', 'deducted', 'total')", name="ck_entry_component"),
        sa.CheckConstraint("(component IN ('available', 'held')) = (lot_id IS NOT NULL)", name="ck_entry_lot"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_entry_account_id"),
        sa.ForeignKeyConstraint(
            ["lot_id", "account_id"], ["lot.id", "lot.account_id"], name="fk_entry_lot_id_account_id"
        ),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_entry_posting_id"),
        sa.PrimaryKeyConstraint("posting_id", "line", name="pk_entry"),
        comment="the lines of postings, which add up to zero; rows are only ever added",
    )
    op.create_index("ix_entry_account_id", "entry", ["account_id", "posting_id"], unique=False)


def _create_chain() -> None:
    op.create_table(
        "unsealed",
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_unsealed_posting_id"),
        sa.PrimaryKeyConstraint("posting_id", name="pk_unsealed"),
        comment="postings that wait to be chained; written by the trigger on posting",
    )
    op.create_index("ix_unsealed_book_id_posting_id", "unsealed", ["book_id", "posting_id"], unique=False)
    op.create_table(
        "seal",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("hash", postgresql.BYTEA(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_seal_book_id"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_seal_posting_id"),
        sa.PrimaryKeyConstraint("book_id", "number", name="pk_seal"),
        sa.UniqueConstraint("posting_id", name="uq_seal_posting_id"),
        comment="the chain: each posting's place in its book and its hash; rows are only ever added",
    )


def _create_triggers() -> None:
    op.execute(_APPLY)
    op.execute(_AWAIT)
    op.execute(
        "CREATE TRIGGER apply_entries AFTER INSERT ON entry REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION apply_entries()"
    )
    op.execute(
        "CREATE TRIGGER await_seal AFTER INSERT ON posting REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION await_seal()"
    )


def _grant(role: str) -> None:
    for table in ("region", "duty"):
        op.execute(grant(table, role, "SELECT, INSERT, UPDATE"))
    op.execute(grant("book", role, "SELECT, INSERT, UPDATE (region_code)"))
    op.execute(grant("catalogue_version", role, "SELECT, INSERT"))
    named = "id, book_id, nature, group_code, region_id, region_code, opened_at, events"
    changing = "group_code, region_id, region_code, closed_at, events"
    op.execute(grant("account", role, f"SELECT, INSERT ({named}), UPDATE ({changing})"))
    op.execute(grant("holder", role))
    op.execute(grant("posting", role, "SELECT, INSERT"))
    op.execute(grant("entry", role, "SELECT, INSERT"))
    op.execute(grant("lot", role, "SELECT, INSERT (id, account_id, opened_by, expires_on)"))
    op.execute(grant("unsealed", role, "SELECT, DELETE"))
    op.execute(grant("seal", role, "SELECT, INSERT"))


def _protect() -> None:
    # A book belongs to a district: whoever joins below it looks for it.
    own = f"({in_scope()} OR {above_scope()})"
    for statement in protect("book", read=own):
        op.execute(statement)
    # The book's own accounts hold no sums: they are only named, by whoever posts, wherever their account has moved to.
    for statement in protect("account", read=f"({in_scope()} OR nature = 'system')"):
        op.execute(statement)
    for table in ("holder", "posting", "lot"):
        for statement in protect(table, read=_OF_ACCOUNT, write=_OF_ACCOUNT):
            op.execute(statement)
    for statement in protect("entry", read=_OF_POSTING, write=_OF_POSTING):
        op.execute(statement)
