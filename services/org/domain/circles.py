"""Service circles (十五分钟便民服务圈): how far residents walk to be served, by the practice or as asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem
from services.org.domain.walking import LONGEST_MINUTES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True, slots=True)
class ServiceCircle:
    """A circle of the practice: within how many minutes on foot there is a station, of these kinds or of any."""

    code: str
    minutes: int
    station_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """What is looked for around a place: stations within `minutes`, of one of the `kinds`, with one of the `functions`.

    Empty kinds or functions are any.
    """

    minutes: int
    kinds: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    circle: str | None = None
    """The practice's circle that it comes from, if it does."""


def check_minutes(minutes: int, *path: str) -> None:
    """Refuse a walk that nobody takes: it lasts from 1 to 60 minutes. Raises Refused."""
    if not 0 < minutes <= LONGEST_MINUTES:
        raise Refused(OrgProblem.INVALID_MINUTES, *path, most=LONGEST_MINUTES)


def check_circle(circle: ServiceCircle, kinds: Collection[str]) -> None:
    """Refuse a circle of the practice that no walk makes, or of a kind of station that is not among `kinds`.

    Raises Refused.
    """
    check_minutes(circle.minutes, "minutes")
    for kind in circle.station_kinds:
        if kind not in kinds:
            raise Refused(OrgProblem.UNKNOWN_KIND, "station_kinds", kind=kind[:40], category="station")


def reach_of(
    circles: Sequence[ServiceCircle],
    circle: str | None,
    minutes: int | None,
    kinds: Sequence[str] | None,
    functions: Sequence[str] | None,
) -> Reach | None:
    """Return what is looked for; None when neither the caller nor the practice says how far.

    The circle that is named counts, else, without `minutes`, the first of `circles`, which are in the practice's order.
    `minutes` and `kinds` of the caller take the place of the circle's.

    Raises Refused for a circle that the practice does not have, and for minutes that nobody walks.
    """
    named = next((one for one in circles if one.code == circle), None)
    if circle is not None and named is None:
        raise Refused(OrgProblem.UNKNOWN_CIRCLE, "circle", circle=circle[:40])
    if minutes is None:
        named = named or next(iter(circles), None)
        if named is None:
            return None
        minutes = named.minutes
    check_minutes(minutes, "minutes")
    wanted = tuple(kinds) if kinds is not None else named.station_kinds if named else ()
    return Reach(minutes, wanted, tuple(functions or ()), named.code if named else None)
