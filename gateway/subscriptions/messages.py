"""The messages and close codes of graphql-transport-ws (the GraphQL over WebSocket Protocol)."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any, TypeAlias

import msgspec

from gateway.http.read_request import GraphQLRequest  # noqa: TC001 (msgspec reads annotations at run time)

PROTOCOL = "graphql-transport-ws"

_Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class CloseCode(IntEnum):
    """Why a connection is closed. Those from 4000 on are the protocol's, with the meaning of its reference server."""

    GOING_AWAY = 1001
    TOO_BIG = 1009
    TRY_LATER = 1013
    INVALID_MESSAGE = 4400
    UNAUTHORIZED = 4401
    """An operation before connection_ack."""
    FORBIDDEN = 4403
    """The token does not hold, or no longer: connect again with a fresh one."""
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429
    NO_PONG = 4499


class ConnectionInit(msgspec.Struct, tag="connection_init"):
    """The first message of a client."""

    payload: dict[str, Any] | None = None


class Ping(msgspec.Struct, tag="ping"):
    """A question whether the other side is there."""

    payload: dict[str, Any] | None = None


class Pong(msgspec.Struct, tag="pong"):
    """The answer to a ping, or a heartbeat of its own."""

    payload: dict[str, Any] | None = None


class Subscribe(msgspec.Struct, tag="subscribe"):
    """Begin an operation: a subscription, query or mutation."""

    id: _Id
    payload: GraphQLRequest


class Complete(msgspec.Struct, tag="complete"):
    """End an operation."""

    id: _Id


Message: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete

_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class Close(Exception):
    """The connection must be closed, with this code and reason (at most 123 bytes)."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def read_message(text: str) -> Message:
    """Read a client's message. Raises Close."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise Close(CloseCode.INVALID_MESSAGE, "Invalid message received") from None


def write_message(kind: str, **fields: Any) -> str:
    """Write a message of ours."""
    return msgspec.json.encode({"type": kind, **fields}).decode()


def write_next(operation: str, body: bytes) -> str:
    """Write a `next` message around an execution result that is JSON text already."""
    return '{"type":"next","id":' + msgspec.json.encode(operation).decode() + ',"payload":' + body.decode() + "}"
