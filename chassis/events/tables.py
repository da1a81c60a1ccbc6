"""The tables of events that every service has: what it published, and what it took from others."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA

from chassis.records import NAMING

_events = MetaData(naming_convention=NAMING)


def _moment(name: str, *, nullable: bool = True, now: bool = False) -> Column[object]:
    default = func.now() if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


_WAITING = "published_at IS NULL AND position IS NOT NULL"

outbox = Table(
    "outbox",
    _events,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("entity", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("aggregate_version", BigInteger, nullable=False),
    Column("tenant", Text(collation="C"), nullable=False, comment="district or city whose feed the event is in"),
    Column("region_code", Text(collation="C"), nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="NATS subject"),
    Column("payload", BYTEA, nullable=False, comment="final bytes, but for the feed sequence"),
    _moment("created_at", nullable=False, now=True),
    Column("position", BigInteger, nullable=True, comment="order of publishing, given by the relay"),
    Column("feed_sequence", BigInteger, nullable=True, comment="without gaps per tenant, given by the relay"),
    Column("stream_seq", BigInteger, nullable=True, comment="where the stream keeps it"),
    _moment("published_at"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="times the broker refused it"),
    Column("last_error", Text, nullable=True),
    _moment("held_until"),
    UniqueConstraint("event_id"),
    UniqueConstraint("entity", "aggregate_id", "aggregate_version"),
    UniqueConstraint("tenant", "feed_sequence"),
    Index("ix_outbox_unnumbered", "id", postgresql_where=text("position IS NULL")),
    Index("ix_outbox_waiting", "position", postgresql_where=text(_WAITING)),
    Index("ix_outbox_waiting_aggregate", "aggregate_id", postgresql_where=text(_WAITING)),
    Index("ix_outbox_published", "published_at", postgresql_where=text("published_at IS NOT NULL")),
    comment="events in the order they happened; kept after publishing, so that a feed can be replayed",
)

feed = Table(
    "feed",
    _events,
    Column("tenant", Text(collation="C"), primary_key=True, comment="'' counts the positions of the whole service"),
    Column("last_sequence", BigInteger, nullable=False),
    comment="the last sequence given in each feed",
)

numbering = Table(
    "numbering",
    _events,
    Column("first_position", BigInteger, primary_key=True, autoincrement=False),
    Column("rows", ARRAY(BigInteger), nullable=False, comment="ids in the outbox, by position"),
    Column("feed_sequences", ARRAY(BigInteger), nullable=False, comment="of the same rows"),
    comment="the numbers of the events that are published now, and of those after them: a row for a batch",
)

_PUBLIC = "id, event_id, aggregate_version, tenant, region_code, type, subject, payload"
NUMBERED = f"""
SELECT {_PUBLIC}, feed_sequence FROM outbox WHERE feed_sequence IS NOT NULL
UNION ALL
SELECT {_PUBLIC}, given.feed_sequence
FROM numbering, unnest(rows, feed_sequences) AS given(row_id, feed_sequence) JOIN outbox ON outbox.id = given.row_id
WHERE position IS NULL
"""  # noqa: S608 (constants)
"""The events that have a place in their feed, as those see it who read feeds: also while they are being published."""

inbox = Table(
    "inbox",
    _events,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    _moment("applied_at", nullable=False, now=True),
    Index(None, "applied_at"),
    comment="events whose effect is in this database",
)

aggregate_version = Table(
    "aggregate_version",
    _events,
    Column("consumer", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("aggregate_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    comment="the newest version of an aggregate that a consumer applied",
)

consumer_position = Table(
    "consumer_position",
    _events,
    Column("consumer", Text, primary_key=True),
    Column("stream_created", Text, nullable=False, comment="which stream the sequence is of"),
    Column("stream_seq", BigInteger, nullable=False, comment="everything up to here is applied or set aside"),
    _moment("moved_at", nullable=False, now=True),
    comment="how far a consumer has read",
)

dead_letter = Table(
    "dead_letter",
    _events,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("consumer", Text, nullable=False),
    Column("event_id", Uuid, nullable=True, comment="null when the message could not be decoded"),
    Column("type", Text, nullable=True),
    Column("subject", Text, nullable=False),
    Column("stream_seq", BigInteger, nullable=False),
    Column("payload", BYTEA, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    _moment("set_aside_at", nullable=False, now=True),
    _moment("replayed_at"),
    Index(None, "consumer", "set_aside_at"),
    comment="events that could not be applied, for people to look at and replay",
)

TABLES = (outbox, feed, numbering, inbox, aggregate_version, consumer_position, dead_letter)
"""All need SELECT, INSERT, UPDATE and DELETE by the role that serves requests, and no row-level security."""

TABLE_NAMES = tuple(table.name for table in TABLES)


def define_tables(metadata: MetaData) -> None:
    """Add the tables to a service's metadata, for its migrations."""
    for table in TABLES:
        table.to_metadata(metadata)
