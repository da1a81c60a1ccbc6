"""Where the demonstration's stations and compounds lie: made up, a short walk from the middle of their community."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from deploy.practices.generate.source import Source
    from deploy.practices.model import DemonstrationCentre

_COMMUNITY_DIGITS = 12
_KILOMETRES_PER_DEGREE = 111.32
_WALK_KILOMETRES = 0.5


class Whereabouts:
    """Gives places; the same region has the same middle whatever stands in it."""

    def __init__(self, source: Source, centre: DemonstrationCentre | None) -> None:
        self._source = source
        self._centre = centre

    def beside(self, region_code: str, random: Random) -> tuple[float, float] | tuple[None, None]:
        """Return latitude and longitude of something in a region; none when the practice says no centre."""
        if self._centre is None:
            return None, None
        community = region_code[:_COMMUNITY_DIGITS]
        middle = _beside(
            (self._centre.latitude, self._centre.longitude),
            self._centre.kilometres,
            self._source.random(f"whereabouts/{community}"),
        )
        return _beside(middle, _WALK_KILOMETRES, random)


def _beside(place: tuple[float, float], kilometres: float, random: Random) -> tuple[float, float]:
    """Return a place in the square around another whose sides are `kilometres` away."""
    latitude, longitude = place
    north, east = (random.uniform(-kilometres, kilometres) / _KILOMETRES_PER_DEGREE for _ in range(2))
    return round(latitude + north, 6), round(longitude + east / cos(radians(latitude)), 6)
