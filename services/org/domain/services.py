"""就近办理: items of service, by which ways each is handled, and at which stations.

A department hands an item down; it is handled online, by the subdistrict, by the community, or at stations of some
kinds, and there under one of their functions (八项服务) if one is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

MOST_STATION_KINDS = 30


class Way(StrEnum):
    """By which way an item is handled."""

    ONLINE = "ONLINE"
    SUBDISTRICT = "SUBDISTRICT"
    COMMUNITY = "COMMUNITY"
    STATION = "STATION"


NEARBY = frozenset({Way.SUBDISTRICT, Way.COMMUNITY, Way.STATION})
"""The ways by which an item that was handed down is handled where people live."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How an item is handled: by which ways, at stations of which kinds, and under which of their functions."""

    ways: tuple[Way, ...]
    station_kinds: tuple[str, ...] = ()
    function: str | None = None


@dataclass(frozen=True, slots=True)
class StationThere:
    """A station as the rule sees it."""

    kind: str
    region_code: str
    functions: Sequence[str] = ()


def check_handling(handling: Handling, known: AbstractSet[str]) -> Handling:
    """Return how an item is handled, each way and kind once, in a fixed order; `known` are the kinds of stations.

    Stations have kinds, and only they. Raises Refused.
    """
    ways = tuple(way for way in Way if way in handling.ways)
    kinds = tuple(sorted(set(handling.station_kinds)))
    if not ways:
        raise Refused(OrgProblem.NOT_HANDLED_ANYWHERE, "ways")
    at_stations = Way.STATION in ways
    if at_stations != bool(kinds) or (handling.function is not None and not at_stations):
        raise Refused(OrgProblem.STATIONS_NEED_KINDS, "stationKinds")
    if len(kinds) > MOST_STATION_KINDS:
        raise Refused(OrgProblem.TOO_MANY, "stationKinds", most=MOST_STATION_KINDS)
    for kind in kinds:
        if kind not in known:
            raise Refused(OrgProblem.UNKNOWN_KIND, "stationKinds", kind=kind[:40], category="station")
    return Handling(ways, kinds, handling.function)


def check_offered_in(code: str, level: Level, *path: str) -> None:
    """Refuse to keep an item in a grid or below: it is offered in a community at the least. Raises Refused."""
    if level.value > Level.COMMUNITY.value:
        raise Refused(OrgProblem.WRONG_PLACE, *path, code=code, lowest=Level.COMMUNITY.name)


def is_handled_at(item_region: str, handling: Handling, station: StationThere) -> bool:
    """Tell whether an item of a region is handled at a station: it lies there, and is of a kind and use that fit."""
    return (
        station.region_code.startswith(item_region)
        and Way.STATION in handling.ways
        and station.kind in handling.station_kinds
        and (handling.function is None or handling.function in station.functions)
    )


def nearest_of(item_region: str, handling: Handling, stations: Iterable[StationThere]) -> StationThere | None:
    """Return the first of the stations, the nearest first, at which an item is handled; None when at none."""
    return next((station for station in stations if is_handled_at(item_region, handling, station)), None)
