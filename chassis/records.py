"""Two tables that every service has beside its own: the audit record and the idempotency keys."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
from opentelemetry import trace
from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, MetaData, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from chassis.problems import CommonProblem, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from chassis.database import WriteSession

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_records = MetaData(naming_convention=NAMING)

audit = Table(
    "audit",
    _records,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor", Text, nullable=False, comment="token subject, or system:<what> for the service itself"),
    Column("operation", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="what was changed, e.g. ticket"),
    Column("object_id", Text, nullable=False),
    Column("region_code", Text(collation="C"), nullable=False),
    Column("fields", JSONB, nullable=False, comment="what changed; personal data by name only"),
    Column("trace_id", Text, nullable=True),
    Index(None, "kind", "object_id"),
    comment="who changed what; rows are only ever added",
)

idempotency = Table(
    "idempotency",
    _records,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("operation", Text, nullable=False),
    Column("input_digest", BYTEA, nullable=False),
    Column("result_id", Uuid, nullable=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True),
    comment="keys under which something was created, bound to what was asked for",
)

TABLES = (audit, idempotency)

LONGEST_KEY = 200

_NOTE = text("""
INSERT INTO audit (actor, operation, kind, object_id, region_code, fields, trace_id)
SELECT :actor, :operation, kind, object_id, region_code, CAST(fields AS jsonb), :trace_id
FROM unnest(
    CAST(:kinds AS text[]), CAST(:object_ids AS text[]), CAST(:region_codes AS text[]), CAST(:fields AS text[])
) AS change(kind, object_id, region_code, fields)
""")
_CLAIM = text("""
INSERT INTO idempotency (actor, key, operation, input_digest) VALUES (:actor, :key, :operation, :input_digest)
ON CONFLICT DO NOTHING
""")
_CLAIMED = text("SELECT input_digest, result_id FROM idempotency WHERE actor = :actor AND key = :key")
_SETTLE = text("UPDATE idempotency SET result_id = :result_id WHERE actor = :actor AND key = :key")


def define_tables(metadata: MetaData) -> None:
    """Add the tables to a service's metadata, for its migrations."""
    for table in TABLES:
        table.to_metadata(metadata)


async def write_audit(session: WriteSession, actor: str, operation: str) -> None:
    """Write one audit row for each change that the session noted."""
    if not session.changes:
        return
    span = trace.get_current_span().get_span_context()
    trace_id = f"{span.trace_id:032x}" if span.is_valid else None
    changes = session.changes
    parameters = {
        "actor": actor,
        "operation": operation,
        "kinds": [change.kind for change in changes],
        "object_ids": [change.id for change in changes],
        "region_codes": [change.region_code for change in changes],
        "fields": [_json(change.fields) for change in changes],
        "trace_id": trace_id,
    }
    await session.execute(_NOTE, parameters)


def _json(fields: Mapping[str, Any]) -> str:
    return msgspec.json.encode(msgspec.to_builtins(fields, str_keys=True)).decode()


def digest(operation: str, asked: Any) -> bytes:
    """Return a digest of an operation with its input; equal input gives an equal digest."""
    return hashlib.sha256(operation.encode() + b"\0" + msgspec.json.encode(asked, order="deterministic")).digest()


async def claim_key(session: WriteSession, actor: str, operation: str, key: str, asked: Any) -> UUID | None:
    """Claim an idempotency key in this transaction; return what was created under it earlier, if anything.

    A second request with the same key waits here until the first has committed or rolled back.
    Raises Refused with IDEMPOTENCY_CONFLICT when the key stands for another input, TOO_LONG for an overlong key.
    """
    if not key.strip():
        raise Refused(CommonProblem.REQUIRED, "idempotencyKey", field="idempotencyKey")
    if len(key) > LONGEST_KEY:
        raise Refused(CommonProblem.TOO_LONG, "idempotencyKey", field="idempotencyKey", limit=LONGEST_KEY)
    wanted = digest(operation, asked)
    row = {"actor": actor, "key": key, "operation": operation, "input_digest": wanted}
    if (await session.execute(_CLAIM, row)).rowcount:
        return None
    earlier = await session.row(_CLAIMED, {"actor": actor, "key": key})
    if earlier is None or earlier["input_digest"] != wanted:
        raise Refused(CommonProblem.IDEMPOTENCY_CONFLICT, "idempotencyKey")
    result: UUID | None = earlier["result_id"]
    return result


async def settle_key(session: WriteSession, actor: str, key: str, result_id: UUID) -> None:
    """Remember what was created under a claimed key."""
    await session.execute(_SETTLE, {"actor": actor, "key": key, "result_id": result_id})
