"""Events of a feed again, from the outbox: by their numbers, in pages, with the bytes that were first published.

The stream is not asked: whatever it has lost is in the outbox for as long as `outbox_days` says.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import text

from chassis.events.envelope import headers_of, with_feed_sequence
from chassis.events.tables import NUMBERED
from chassis.problems import ProblemCatalogue, ProblemText

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

PAGE_EVENTS = 500
PAGE_BYTES = 524_288
"""A page ends with the event that reaches this many bytes, so the longest is this and one event more."""
SUBJECT_HEADER = "Linli-Subject"
"""The subject that the event was published under; a replayed one comes to the inbox of who asked."""

_PAGE = text(f"""
SELECT event_id, type, aggregate_version, subject, payload, feed_sequence FROM (
    SELECT *, sum(octet_length(payload)) OVER (ORDER BY feed_sequence) - octet_length(payload) AS bytes_before FROM (
        SELECT event_id, type, aggregate_version, subject, payload, feed_sequence FROM ({NUMBERED}) AS numbered
        WHERE tenant = :tenant AND feed_sequence BETWEEN :first AND :last ORDER BY feed_sequence LIMIT :events
    ) AS run
) AS page WHERE bytes_before < :bytes ORDER BY feed_sequence
""")  # noqa: S608 (constants)
_LAST = text("SELECT coalesce(max(last_sequence), 0) FROM feed WHERE tenant = :tenant")
_OLDEST = text(f"""
SELECT min(feed_sequence) FROM ({NUMBERED}) AS numbered WHERE tenant = :tenant AND feed_sequence > :sequence
""")  # noqa: S608


class ReplayProblem(ProblemCatalogue):
    """Why a request for a replay is refused."""

    BAD_REQUEST = ProblemText(
        en='Ask with JSON such as {{"from": 121, "to": 130}}: numbers from 1 on, "to" not before "from" ({reason}).',
        zh='请使用 JSON 格式请求，例如 {{"from": 121, "to": 130}}：序号从 1 开始，"to" 不得小于 "from"（{reason}）。',
    )
    FOREIGN_FEED = ProblemText(
        en="The feed of {tenant} is not yours: ask for {own}, or for a district of it when that is a city.",
        zh="{tenant} 的事件流不属于贵单位：只能请求 {own}，地市账号可请求其所辖区县。",
    )
    EXPIRED = ProblemText(
        en="Event {sequence} is no longer kept; the oldest after it that is kept is {oldest}.",
        zh="序号为 {sequence} 的事件已超过保存期限；其后最早保存的事件序号为 {oldest}。",
    )
    TOO_LARGE = ProblemText(
        en="Event {sequence} has {size} bytes, more than NATS carries; read it with GraphQL.",
        zh="序号为 {sequence} 的事件长度为 {size} 字节，超出 NATS 传输上限；请通过 GraphQL 读取。",
    )
    BUSY = ProblemText(
        en="Another request of yours is being answered; ask again when it is.",
        zh="贵单位的另一请求正在处理，请待其完成后再试。",
    )
    UNAVAILABLE = ProblemText(
        en="The events cannot be read just now; ask again in a moment.",
        zh="暂时无法读取事件，请稍后重试。",
    )


class Asked(msgspec.Struct, frozen=True):
    """A request: numbers `from` to `to` (both included, to the end without it) of the feed of `tenant`."""

    start: int = msgspec.field(name="from")
    end: int | None = msgspec.field(name="to", default=None)
    tenant: str | None = None
    """A city says which of its feeds: its own code or that of a district; a district need not."""


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request is refused, in both languages."""

    code: str
    message: dict[str, str]
    """By language: `zh-CN` and `en`."""
    oldest: int | None = None
    """The first number that can be had, when what was asked for is no longer kept."""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """What comes after the events of a page."""

    events: int
    """How many came."""
    next: int | None
    """The number to ask for next; null when everything asked for has come."""
    last: int
    """The last number that the feed has given so far; 0 when it is not known."""
    problem: Told | None = None


class Replayed(NamedTuple):
    """An event as it was first published, with its number."""

    payload: bytes
    headers: dict[str, str]
    feed_sequence: int


class _Row(NamedTuple):
    event_id: UUID
    type: str
    aggregate_version: int
    subject: str
    payload: bytes
    feed_sequence: int


class AskedWronglyError(Exception):
    """A request is refused: carries the problem."""

    def __init__(self, problem: ReplayProblem, **values: object) -> None:
        self.told = told(problem, None, **values)
        super().__init__(self.told.code)


def told(problem: ReplayProblem, oldest: int | None = None, /, **values: object) -> Told:
    """Return a problem as it is told."""
    filled = values | {"oldest": oldest}
    message = {language: problem.text(language, **filled) for language in ("zh-CN", "en")}
    return Told(code=problem.code, message=message, oldest=oldest)


def understand(payload: bytes, own: str) -> tuple[str, Asked]:
    """Return which feed a request of the account of `own` asks for, and what of it. Raises AskedWronglyError."""
    try:
        asked = msgspec.json.decode(payload or b"{}", type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AskedWronglyError(ReplayProblem.BAD_REQUEST, reason=str(error)) from error
    if asked.start < 1 or (asked.end is not None and asked.end < asked.start):
        raise AskedWronglyError(ReplayProblem.BAD_REQUEST, reason=f"{asked.start} to {asked.end}")
    tenant = own if asked.tenant is None else asked.tenant
    if not (tenant.startswith(own) and len(tenant) in (4, 6) and tenant.isascii() and tenant.isdigit()):
        raise AskedWronglyError(ReplayProblem.FOREIGN_FEED, tenant=tenant[:40], own=own)
    return tenant, asked


async def read_page(connection: AsyncConnection, tenant: str, asked: Asked, largest: int) -> tuple[list[Replayed], End]:
    """Return the first page of what was asked for, without a hole in it, and what is told after it.

    `largest` is the longest message in bytes that can be sent.
    """
    last = int((await connection.execute(_LAST, {"tenant": tenant})).scalar() or 0)
    end = last if asked.end is None else min(asked.end, last)
    if asked.start > end:
        return [], End(events=0, next=None, last=last)
    wanted = {"tenant": tenant, "first": asked.start, "last": end, "events": PAGE_EVENTS, "bytes": PAGE_BYTES}
    rows = [_Row(*row) for row in await connection.execute(_PAGE, wanted)]
    whole = [row for place, row in enumerate(rows, asked.start) if row.feed_sequence == place]
    if not whole:
        wanted = {"tenant": tenant, "sequence": asked.start}
        oldest = (await connection.execute(_OLDEST, wanted)).scalar()
        oldest = last + 1 if oldest is None else int(oldest)
        problem = told(ReplayProblem.EXPIRED, oldest, sequence=asked.start)
        return [], End(events=0, next=oldest if oldest <= end else None, last=last, problem=problem)
    made = list(takewhile(lambda one: _size(one) <= largest, map(_replayed, whole)))
    if not made:
        problem = told(ReplayProblem.TOO_LARGE, sequence=asked.start, size=len(whole[0].payload))
        return [], End(events=0, next=_after(asked.start, end), last=last, problem=problem)
    return made, End(events=len(made), next=_after(made[-1].feed_sequence, end), last=last)


def _after(sequence: int, end: int) -> int | None:
    return sequence + 1 if sequence < end else None


def _replayed(row: _Row) -> Replayed:
    headers = headers_of(row.event_id, row.type, row.aggregate_version) | {SUBJECT_HEADER: row.subject}
    return Replayed(with_feed_sequence(row.payload, row.feed_sequence), headers, row.feed_sequence)


def _size(event: Replayed) -> int:
    """Return how long the message is, headers written out as NATS does, with its first line and the empty one."""
    return len(event.payload) + sum(len(name) + len(value) + 4 for name, value in event.headers.items()) + 16
