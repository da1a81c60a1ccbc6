"""The tables of credit. The ledger's are only ever added to: what an account holds is kept by triggers of the database.

Accounts and lots carry sums, which only the trigger on `entry` writes (migrations/versions/0002_ledger.py). Lots,
postings and entries have no region of their own: they are where their account is, which row-level security asks.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from chassis import records
from chassis.events import tables as event_tables

metadata = MetaData(naming_convention=records.NAMING)
records.define_tables(metadata)
event_tables.define_tables(metadata)

CODE = Text(collation="C")
_ZERO = text("0")


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _sum(name: str, comment: str) -> Column[object]:
    return Column(name, BigInteger, nullable=False, server_default=_ZERO, comment=comment)


region = Table(
    "region",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", CODE, nullable=False),
    Column("name", Text, nullable=False),
    Column("closed_on", Date, nullable=True),
    Index(None, "code"),
    comment="org's regions as its events told of them",
)

duty = Table(
    "duty",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it is no longer held"),
    Index(None, "person_id"),
    Index(None, "region_id"),
    comment="who holds which duty, as org's events told",
)

book = Table(
    "book",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("region_id", Uuid, nullable=False, comment="the district whose book it is"),
    Column("region_code", CODE, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("region_id"),
    comment="a book of points: its postings add up to zero and are chained by hashes",
)

catalogue_version = Table(
    "catalogue_version",
    metadata,
    Column("book_id", Uuid, ForeignKey("book.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("installed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="indicator catalogues; a row never changes, postings name the version they were made under",
)

account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False),
    Column("nature", Text, nullable=False, comment="natural, legal, other; system for the book's own accounts"),
    Column("group_code", Text, nullable=False, comment="group of the catalogue; for the book's own accounts which one"),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False, comment="the region's current code, re-stamped when recoded"),
    _moment("opened_at"),
    _moment("closed_at", nullable=True),
    Column("events", BigInteger, nullable=False, server_default=_ZERO, comment="how many events it has"),
    _sum("available", "points that can be spent"),
    _sum("held", "points set aside for redemptions"),
    _sum("deducted", "points lost, negative; bodies only"),
    CheckConstraint("nature IN ('natural', 'legal', 'other', 'system')", name="nature"),
    CheckConstraint("available >= 0 AND held >= 0 AND deducted <= 0", name="sums"),
    CheckConstraint("nature <> 'natural' OR deducted = 0", name="people_lose_nothing"),
    UniqueConstraint("id", "nature"),
    Index("ix_account_region_code", "region_code"),
    Index("ix_account_region_id", "region_id"),
    Index("ix_account_book_id", "book_id"),
    comment="one for each subject, and a few of the book's own; the sums are written by the trigger on entry only",
)

holder = Table(
    "holder",
    metadata,
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("subject", Text, nullable=True, comment="token subject of a natural person"),
    Column("credit_code", Text, nullable=True, comment="统一社会信用代码 of a body"),
    Column("name", BYTEA, nullable=False, comment="encrypted"),
    Column("household", BYTEA, nullable=True, comment="keyed digest of the household's number"),
    Column("notice_version", Integer, nullable=True, comment="which notice the person consented to"),
    Column("consented_at", DateTime(timezone=True), nullable=True),
    Column("shown", Boolean, nullable=False, server_default=text("false"), comment="agreed to be shown, masked"),
    CheckConstraint("(subject IS NULL) <> (credit_code IS NULL)", name="one_identity"),
    Index("uq_holder_subject", "subject", unique=True, postgresql_where=text("subject IS NOT NULL")),
    Index("uq_holder_credit_code", "credit_code", unique=True, postgresql_where=text("credit_code IS NOT NULL")),
    Index("ix_holder_household", "household", postgresql_where=text("household IS NOT NULL")),
    comment="whose an account is; deleted when they leave, which leaves the account without a name",
)

posting = Table(
    "posting",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False, comment="the subject's"),
    Column("kind", Text, nullable=False),
    _moment("at"),
    Column("item", Text, nullable=True, comment="item of the catalogue"),
    Column("catalogue_version", Integer, nullable=True),
    Column("evidence", BYTEA, nullable=True, comment="SHA-256 of the evidence"),
    Column("recorded_by", Text, nullable=False, comment="token subject, or system:<what>"),
    Column("approved_by", Text, nullable=True),
    Column("reverses", Uuid, ForeignKey("posting.id"), nullable=True),
    Column("cause", Text, nullable=True, comment="what it follows from, e.g. an event: it is posted once"),
    Column("lines", SmallInteger, nullable=False, comment="how many entries it has"),
    CheckConstraint(
        "kind IN ('earn', 'deduct', 'hold', 'release', 'redeem', 'refund', 'expire', 'forfeit', 'reverse')",
        name="kind",
    ),
    CheckConstraint("(kind = 'reverse') = (reverses IS NOT NULL)", name="reverses"),
    UniqueConstraint("reverses"),
    UniqueConstraint("book_id", "cause"),
    Index("ix_posting_account_id", "account_id", "at", "id"),
    Index(
        "uq_posting_evidence", "book_id", "item", "evidence", unique=True,
        postgresql_where=text("evidence IS NOT NULL AND kind IN ('earn', 'deduct')"),
    ),
    comment="what was done to an account; rows are only ever added",
)  # fmt: skip

lot = Table(
    "lot",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("opened_by", Uuid, ForeignKey("posting.id"), nullable=False),
    Column("expires_on", Date, nullable=True, comment="first day on which it can no longer be spent"),
    _sum("available", "of it, can be spent"),
    _sum("held", "of it, set aside"),
    CheckConstraint("available >= 0 AND held >= 0", name="sums"),
    UniqueConstraint("id", "account_id"),
    Index("ix_lot_open", "account_id", postgresql_where=text("available > 0 OR held > 0")),
    Index("ix_lot_expiring", "expires_on", postgresql_where=text("available > 0 AND expires_on IS NOT NULL")),
    comment="points that were earned together; the sums are written by the trigger on entry only",
)

entry = Table(
    "entry",
    metadata,
    Column("posting_id", Uuid, ForeignKey("posting.id"), nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("component", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("lot_id", Uuid, nullable=True),
    PrimaryKeyConstraint("posting_id", "line"),
    ForeignKeyConstraint(["lot_id", "account_id"], ["lot.id", "lot.account_id"]),
    CheckConstraint("amount <> 0", name="amount"),
    CheckConstraint("line >= 1", name="line"),
    CheckConstraint("component IN ('available', 'held', 'deducted', 'total')", name="component"),
    CheckConstraint("(component IN ('available', 'held')) = (lot_id IS NOT NULL)", name="lot"),
    Index("ix_entry_account_id", "account_id", "posting_id"),
    comment="the lines of postings, which add up to zero; rows are only ever added",
)

unsealed = Table(
    "unsealed",
    metadata,
    Column("posting_id", Uuid, ForeignKey("posting.id"), primary_key=True),
    Column("book_id", Uuid, nullable=False),
    Index(None, "book_id", "posting_id"),
    comment="postings that wait to be chained; written by the trigger on posting",
)

seal = Table(
    "seal",
    metadata,
    Column("book_id", Uuid, ForeignKey("book.id"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("posting_id", Uuid, ForeignKey("posting.id"), nullable=False),
    Column("hash", BYTEA, nullable=False),
    PrimaryKeyConstraint("book_id", "number"),
    UniqueConstraint("posting_id"),
    comment="the chain: each posting's place in its book and its hash; rows are only ever added",
)

application = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("book_id", Uuid, nullable=False),
    Column("item", Text, nullable=False),
    Column("catalogue_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("evidence", BYTEA, nullable=True, comment="SHA-256 of the evidence"),
    Column("evidence_text", BYTEA, nullable=True, comment="encrypted; deleted when they leave"),
    Column("recorded_by", Text, nullable=False),
    _moment("recorded_at"),
    Column("decided_by", Text, nullable=True),
    _moment("decided_at", nullable=True),
    Column("reason", Text, nullable=True),
    Column("posting_id", Uuid, ForeignKey("posting.id"), nullable=True),
    CheckConstraint("state IN ('waiting', 'approved', 'refused')", name="state"),
    CheckConstraint("(state = 'approved') = (posting_id IS NOT NULL)", name="posted"),
    CheckConstraint("recorded_by <> decided_by", name="two_people"),
    Index("ix_application_account_id", "account_id", "recorded_at", "id"),
    Index("ix_application_waiting", "recorded_at", "id", postgresql_where=text("state = 'waiting'")),
    Index(
        "uq_application_evidence", "book_id", "item", "evidence", unique=True,
        postgresql_where=text("evidence IS NOT NULL AND state <> 'refused'"),
    ),
    comment="points that wait for approval, and what was decided",
)  # fmt: skip

batch = Table(
    "batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("region_id", Uuid, nullable=False),
    Column("region_code", CODE, nullable=False),
    Column("recorded_by", Text, nullable=False),
    _moment("at"),
    Column("results", JSONB, nullable=False, comment="a problem's code for each row, null when done"),
    comment="points recorded together, and what became of each row",
)

GOVERNED = (book, account, holder, posting, lot, entry, application, batch)
"""Tables under row-level security, by their region or their account's."""

STAMPED = (book, account, batch)
"""Tables whose rows carry the code of their region."""
