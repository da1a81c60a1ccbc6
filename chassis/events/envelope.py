"""The envelope: CloudEvents 1.0 in JSON, structured mode, as the NATS binding of CloudEvents 1.0.2 has it."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID  # noqa: TC003

import msgspec

if TYPE_CHECKING:
    import builtins

    from chassis.events.event import Event

CONTENT_TYPE = "application/cloudevents+json"
SPECIFICATION = "1.0"

E = TypeVar("E", bound="Event")


class UndecodableError(ValueError):
    """A message is not an event of Linli; the message says what is wrong with it."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event with what every event has; unknown attributes are ignored, as CloudEvents asks of consumers."""

    specversion: str
    id: UUID
    """UUIDv7; the same however often the event is delivered."""
    source: str
    """`/linli/<service>`."""
    type: str
    """`linli.<service>.<entity>.<fact>.v<version>`."""
    subject: UUID
    """The aggregate's id."""
    time: datetime
    """When it happened."""
    datacontenttype: str
    tenant: str
    """Code of the district whose feed it is in (6 digits), or of the city (4)."""
    regioncode: str
    aggregateversion: int
    """Grows with each event of the aggregate."""
    traceparent: str | None = None
    causationid: str | None = None
    """Id of the event that this one follows from."""
    data: msgspec.Raw
    feedsequence: int | None = None
    """Without gaps per service and tenant; given by the relay before the event is first published."""

    @property
    def service(self) -> str:
        """The service that published it."""
        return self.type.split(".")[1]

    @property
    def entity(self) -> str:
        """The kind of aggregate."""
        return self.type.split(".")[2]

    def payload(self, kind: builtins.type[E]) -> E:
        """Return the data as the event type that handlers know. Raises UndecodableError."""
        try:
            return msgspec.json.decode(self.data, type=kind)
        except msgspec.DecodeError as error:
            raise UndecodableError(f"{self.type}: {error}") from error


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)
_TYPE_TOKENS = 5


def encode(envelope: Envelope) -> bytes:
    """Return the envelope's JSON. These bytes are stored and published as they are, but for the feed sequence."""
    return _encoder.encode(envelope)


def with_feed_sequence(payload: bytes, sequence: int) -> bytes:
    """Return stored bytes with the feed sequence as last member; the same sequence always gives the same bytes."""
    return payload[:-1] + b',"feedsequence":%d}' % sequence


def decode(payload: bytes) -> Envelope:
    """Return the envelope of a message's bytes. Raises UndecodableError."""
    try:
        envelope = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UndecodableError(str(error)) from error
    tokens = envelope.type.split(".")
    if envelope.specversion != SPECIFICATION or len(tokens) != _TYPE_TOKENS or tokens[0] != "linli":
        raise UndecodableError(f"{envelope.type!r} in CloudEvents {envelope.specversion} is not an event of Linli")
    return envelope


def headers_of(event_id: UUID, type_: str, aggregate_version: int) -> dict[str, str]:
    """Return a fresh dictionary of the headers that an event is published with (nats-py writes into it)."""
    return {
        "Nats-Msg-Id": str(event_id),
        "content-type": CONTENT_TYPE,
        "ce-id": str(event_id),
        "ce-type": type_,
        "ce-aggregateversion": str(aggregate_version),
    }
