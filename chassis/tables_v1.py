"""The tables that every service has, in their first form: audit record, idempotency keys, outbox, inbox.

Called by each service's first migration and frozen with it: a later form is a function of its own, called by a later
migration. `chassis/records.py` and `chassis/events/tables.py` are what the code knows; tests hold the two equal.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant

_ADDED_TO_ONLY = ("audit",)
_TABLES = ("idempotency", "outbox", "feed", "inbox", "aggregate_version", "consumer_position", "dead_letter")


def create_tables() -> None:
    """Create the tables and grant the serving role its rights on them."""
    _create_aggregate_version()
    _create_audit()
    _create_consumer_position()
    _create_dead_letter()
    _create_feed()
    _create_idempotency()
    _create_inbox()
    _create_outbox()
    for table in _TABLES:
        op.execute(grant(table, serving_role()))
    for table in _ADDED_TO_ONLY:
        op.execute(grant(table, serving_role(), "SELECT, INSERT"))


def _create_aggregate_version() -> None:
    op.create_table(
        "aggregate_version",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "source", "entity", "aggregate_id", name="pk_aggregate_version"),
        comment="the newest version of an aggregate that a consumer applied",
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="token subject, or system:<what> for the service itself"),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="what was changed, e.g. ticket"),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False, comment="what changed; personal data by name only"),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        comment="who changed what; rows are only ever added",
    )
    op.create_index("ix_audit_kind_object_id", "audit", ["kind", "object_id"], unique=False)


def _create_consumer_position() -> None:
    op.create_table(
        "consumer_position",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("stream_created", sa.Text(), nullable=False, comment="which stream the sequence is of"),
        sa.Column(
            "stream_seq", sa.BigInteger(), nullable=False, comment="everything up to here is applied or set aside"
        ),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("consumer", name="pk_consumer_position"),
        comment="how far a consumer has read",
    )


def _create_dead_letter() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True, comment="null when the message could not be decoded"),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("stream_seq", sa.BigInteger(), nullable=False),
        sa.Column("payload", postgresql.BYTEA(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
        comment="events that could not be applied, for people to look at and replay",
    )
    op.create_index("ix_dead_letter_consumer_set_aside_at", "dead_letter", ["consumer", "set_aside_at"], unique=False)


def _create_feed() -> None:
    op.create_table(
        "feed",
        sa.Column(
            "tenant", sa.Text(collation="C"), nullable=False, comment="'' counts the positions of the whole service"
        ),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_feed"),
        comment="the last sequence given in each feed",
    )


def _create_idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("input_digest", postgresql.BYTEA(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_idempotency"),
        comment="keys under which something was created, bound to what was asked for",
    )
    op.create_index("ix_idempotency_at", "idempotency", ["at"], unique=False)


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="pk_inbox"),
        comment="events whose effect is in this database",
    )
    op.create_index("ix_inbox_applied_at", "inbox", ["applied_at"], unique=False)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=False),
        sa.Column(
            "tenant", sa.Text(collation="C"), nullable=False, comment="district or city whose feed the event is in"
        ),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="NATS subject"),
        sa.Column("payload", postgresql.BYTEA(), nullable=False, comment="final bytes, but for the feed sequence"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True, comment="order of publishing, given by the relay"),
        sa.Column(
            "feed_sequence", sa.BigInteger(), nullable=True, comment="without gaps per tenant, given by the relay"
        ),
        sa.Column("stream_seq", sa.BigInteger(), nullable=True, comment="where the stream keeps it"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="times the broker refused it"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "entity", "aggregate_id", "aggregate_version", name="uq_outbox_entity_aggregate_id_aggregate_version"
        ),
        sa.UniqueConstraint("event_id", name="uq_outbox_event_id"),
        sa.UniqueConstraint("tenant", "feed_sequence", name="uq_outbox_tenant_feed_sequence"),
        comment="events in the order they happened; kept after publishing, so that a feed can be replayed",
    )
    op.create_index(
        "ix_outbox_held",
        "outbox",
        ["aggregate_id"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL AND held_until IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_published",
        "outbox",
        ["published_at"],
        unique=False,
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_unnumbered", "outbox", ["id"], unique=False, postgresql_where=sa.text("position IS NULL")
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["position"], unique=False, postgresql_where=sa.text("published_at IS NULL")
    )
