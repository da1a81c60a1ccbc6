"""The demonstration's region tree: real codes down to the subdistricts, fixtures below them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.practices.generate.source import Source, spread
from services.org.domain.codes import parent_of
from services.org.domain.levels import Level
from services.org.domain.records import RegionRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from deploy.practices.model import Practice


@dataclass(frozen=True, slots=True)
class RegionTree:
    """Every region of a demonstration, by level in order of code."""

    by_level: dict[Level, list[RegionRecord]]
    names: dict[str, str] = field(repr=False)
    """Names by code."""

    def at(self, level: str) -> list[RegionRecord]:
        """Return the regions of a level by its name, such as GRID."""
        return self.by_level[Level[level]]

    def records(self) -> Iterable[RegionRecord]:
        """Return every region, highest level first."""
        return (region for level in Level for region in self.by_level[level])

    def within(self, level: str, code: str) -> list[RegionRecord]:
        """Return the regions of a level that lie in the region `code`."""
        return [region for region in self.at(level) if region.code.startswith(code)]


class _Builder:
    def __init__(self, practice: Practice, source: Source) -> None:
        self._practice = practice
        self._source = source
        self._wanted = practice.demonstration.regions
        self._found: dict[Level, list[RegionRecord]] = defaultdict(list)

    def build(self) -> RegionTree:
        region = self._practice.region
        for level, places in (
            (Level.CITY, [region.city]),
            (Level.DISTRICT, [region.district]),
            (Level.SUBDISTRICT, region.subdistricts),
        ):
            for place in places:
                self._add(level, place.code, place.name, region.since)
        for group in self._wanted.communities:
            subdistrict = next(place.name for place in region.subdistricts if place.code == group.subdistrict)
            numbered = (f"{subdistrict}第{number}社区" for number in range(len(group.names) + 1, group.count + 1))
            for number, name in enumerate([*group.names, *numbered], 1):
                self._add(Level.COMMUNITY, f"{group.subdistrict}{number:03}", name, self._wanted.since)
        self._divide(Level.GRID, self._wanted.grids)
        self._divide(Level.BUILDING, self._wanted.buildings)
        self._divide(Level.UNIT, self._wanted.units)
        names = {each.code: each.name for regions in self._found.values() for each in regions}
        return RegionTree(dict(self._found), names)

    def _divide(self, level: Level, total: int) -> None:
        """Divide every region of the level above so that there are `total` of `level`."""
        assert level.parent is not None, "the city is given"  # noqa: S101 (narrows the type)
        above = self._found[level.parent]
        digits = level.code_length - level.parent.code_length
        shares = spread(total, len(above), self._source.random(f"regions/{level.name}"))
        numbers: dict[str, int] = defaultdict(int)
        for parent, share in zip(above, shares, strict=True):
            for number in range(1, share + 1):
                community = parent.code[: Level.COMMUNITY.code_length]
                numbers[community] += 1
                name = _name(level, parent.name, number, numbers[community])
                self._add(level, f"{parent.code}{number:0{digits}}", name, self._wanted.since)

    def _add(self, level: Level, code: str, name: str, since: date) -> None:
        self._found[level].append(RegionRecord(self._source.id("region", code), code, name, since))


def _name(level: Level, parent: str, number: int, number_in_community: int) -> str:
    """Return a region's name: grids by their community, buildings numbered through the community, units in them."""
    if level is Level.GRID:
        return f"{parent}第{number}网格"
    return f"{number_in_community}号楼" if level is Level.BUILDING else f"{number}单元"


def build_regions(practice: Practice, source: Source) -> RegionTree:
    """Return the demonstration's regions."""
    return _Builder(practice, source).build()


def address(tree: RegionTree, code: str) -> str:
    """Return how people say where a grid, building or unit is: 柳岸社区第3网格 17号楼 2单元."""
    said: list[str] = []
    while len(code) > Level.GRID.code_length:
        said.insert(0, tree.names[code])
        code = parent_of(code) or ""
    return " ".join([tree.names[code], *said])
