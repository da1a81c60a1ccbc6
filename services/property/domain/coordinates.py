"""Where a compound lies: degrees north and east, of one system throughout a city (GCJ-02 or WGS-84)."""

from __future__ import annotations

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

_NORTH, _EAST = 90, 180


def check_coordinates(latitude: float | None, longitude: float | None, *path: str) -> None:
    """Refuse half a place, and one that is nowhere on Earth; neither means that it is not known. Raises Refused."""
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None or not (abs(latitude) <= _NORTH and abs(longitude) <= _EAST):
        raise Refused(PropertyProblem.INVALID_COORDINATES, *path)
