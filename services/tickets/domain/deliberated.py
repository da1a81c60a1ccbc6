"""The history of a deliberation, checked by the rules by which it would have been recorded as it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chassis.problems import CommonProblem, Refused
from services.tickets.domain import deliberation as rules
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from services.tickets.domain.records import DeliberationRecord


class Told(NamedTuple):
    """What the rules make of a history: who was to be heard, what was said at each session, how often it changed."""

    parties: tuple[rules.Party, ...]
    opinions: tuple[tuple[rules.Opinion, ...], ...]
    version: int


def told(record: DeliberationRecord) -> Told:
    """Check a history from its beginning on. Raises Refused for what the rules would have refused."""
    parties = rules.checked_parties(record.parties)
    standing = rules.Standing(parties, frozenset(), 0, is_resolved=False, is_followed_up=False)
    opinions: list[tuple[rules.Opinion, ...]] = []
    last = record.begun_at
    for index, one in enumerate(record.sessions):
        _in_order(last, one.held_at, "sessions", str(index), "held_at")
        rules.check_convened(standing, one.starts_at, record.begun_at)
        said = rules.checked_session(standing, one.attendees, one.opinions, starts_at=one.starts_at, now=one.held_at)
        heard = standing.heard | {opinion.party for opinion in said}
        standing = rules.Standing(parties, heard, standing.held + 1, is_resolved=False, is_followed_up=False)
        opinions.append(said)
        last = one.held_at
    if (record.resolved_at is None) != (record.resolution is None):
        raise Refused(CommonProblem.REQUIRED, "resolution", field="resolution")
    if (record.followed_up_at is None) != (record.follow_up is None):
        raise Refused(CommonProblem.REQUIRED, "follow_up", field="follow_up")
    if record.resolved_at is not None:
        _in_order(last, record.resolved_at, "resolved_at")
        rules.check_resolved(standing)
        standing = rules.Standing(parties, standing.heard, standing.held, is_resolved=True, is_followed_up=False)
        last = record.resolved_at
    if record.followed_up_at is not None:
        _in_order(last, record.followed_up_at, "followed_up_at")
        rules.check_followed_up(standing)
    version = 1 + 2 * len(record.sessions) + (record.resolved_at is not None) + (record.followed_up_at is not None)
    return Told(parties, tuple(opinions), version)


def was_deliberated(about: Sequence[DeliberationRecord], since: datetime, until: datetime, *, resolved: bool) -> bool:
    """Tell whether, between two instants, a session about a ticket was held, or a deliberation resolved."""
    if resolved:
        return any(one.resolved_at is not None and since <= one.resolved_at <= until for one in about)
    return any(since <= session.held_at <= until for one in about for session in one.sessions)


def _in_order(last: datetime, at: datetime, *path: str) -> None:
    if at < last:
        raise Refused(TicketProblem.TIME_REVERSED, *path, at=at, last=last)
