"""Walking times: the straight line times a factor for the way people really go, at a walking pace (L9, H13).

The factor and the pace are stated here and nowhere else. Coordinates of one city are all of one system (GCJ-02 or
WGS-84); between points of one system the difference does not matter at walking distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

DETOUR = 1.3
"""How much longer a way on foot is than the straight line, in a built-up area."""
METRES_PER_MINUTE = 80
"""A pace of 4.8 kilometres an hour."""
LONGEST_MINUTES = 60
EARTH_METRES = 6_371_000
_METRES_PER_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Point:
    """Where something is, in degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees between which everything reachable lies, and more."""

    south: float
    north: float
    west: float
    east: float


def point_of(latitude: float | None, longitude: float | None, *path: str) -> Point | None:
    """Return the point of two coordinates; None when neither is given. Raises Refused for half a point or none."""
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004
        raise Refused(OrgProblem.INVALID_COORDINATES, *path)
    return Point(latitude, longitude)


def walking_metres(one: Point, other: Point) -> float:
    """Return how far it is on foot: the great circle times the detour."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    chord = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord))) * DETOUR


def walking_minutes(metres: float) -> float:
    """Return how long the way takes."""
    return metres / METRES_PER_MINUTE


def degrees_within(minutes: float) -> float:
    """Return how many degrees north or south nothing within so many minutes lies beyond."""
    straight = minutes * METRES_PER_MINUTE / DETOUR
    # A little more than needed, for the rounding of a degree's length.
    return straight / _METRES_PER_DEGREE * 1.01


def box_around(point: Point, minutes: float) -> Box:
    """Return the box that holds every point within so many minutes: an index finds what lies in it."""
    up = degrees_within(minutes)
    across = min(180.0, up / max(0.01, cos(radians(min(89.0, abs(point.latitude) + up)))))
    return Box(point.latitude - up, point.latitude + up, point.longitude - across, point.longitude + across)
