"""Redrawing grids (T2): new grids, buildings that go to another grid, grids merged into others.

The plan is checked as a whole before anything is done; what happens then is told line by line in a report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.codes import check_code, parent_of
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


class Thing(StrEnum):
    """What a redrawing moves or ends."""

    BUILDING = "BUILDING"
    ORGANISATION = "ORGANISATION"
    PERSON = "PERSON"
    DUTY = "DUTY"
    TEAM = "TEAM"
    STATION = "STATION"
    ACTIVITY = "ACTIVITY"
    REGISTER = "REGISTER"


@dataclass(frozen=True, slots=True)
class Redrawing:
    """What is asked: codes of new grids, buildings by (code, new code), and grids by (code, code of what takes over).

    `bounds` is the code of the region within which everything lies: a community, or a subdistrict or district when
    grids cross communities.
    """

    bounds: str
    established: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: how many things went from one grid to another, and how many ended with their grid.

    Things that were `joined` went on in one that was there already: organisations merged into their like.
    """

    thing: Thing
    from_code: str
    to_code: str
    moved: int
    joined: int = 0
    ended: int = 0


def check_redrawing(plan: Redrawing) -> None:
    """Refuse a plan that contradicts itself or leaves its bounds. Raises Refused."""
    if not (plan.established or plan.moved or plan.merged):
        raise Refused(OrgProblem.NOTHING_CHANGES)
    for code, level, path in _codes(plan):
        check_code(code, level, path)
        if not code.startswith(plan.bounds):
            raise Refused(OrgProblem.OUTSIDE_BOUNDS, path, code=code, bounds=plan.bounds)
    gone = [code for code, _ in plan.merged]
    if len(set(gone)) < len(gone) or not set(gone).isdisjoint(into for _, into in plan.merged):
        raise Refused(OrgProblem.MERGED_INTO_ITSELF, "merge", what="grid")
    receiving = {parent_of(new) for _, new in plan.moved} | set(plan.established)
    if not receiving.isdisjoint(gone):
        raise Refused(OrgProblem.MERGED_INTO_ITSELF, "merge", what="grid")


def free_codes(grid: str, taken: Collection[str], count: int) -> list[str]:
    """Return the first `count` building codes of `grid` that were never borne. Raises Refused when there are too few.

    `taken` are all codes that a building of the grid ever bore: a code is not given to another building, so that an
    old address leads to one place.
    """
    digits = Level.BUILDING.code_length - Level.GRID.code_length
    borne = set(taken)
    free = (code for number in range(1, 10**digits) if (code := f"{grid}{number:0{digits}}") not in borne)
    found = [code for code, _ in zip(free, range(count), strict=False)]
    if len(found) < count:
        raise Refused(OrgProblem.NO_FREE_CODE, "merge", code=grid)
    return found


def pair_up(gone: Sequence[tuple[str, str]], there: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return which organisation of a merged grid joins which: the only ones of their kind on both sides.

    Organisations are (kind, id). Where either side has several of a kind, none is joined: people decide.
    """
    found: dict[str, str] = {}
    for kind in {kind for kind, _ in gone}:
        mine = [id_ for one, id_ in gone if one == kind]
        theirs = [id_ for one, id_ in there if one == kind]
        if len(mine) == 1 and len(theirs) == 1:
            found[mine[0]] = theirs[0]
    return found


def _codes(plan: Redrawing) -> Iterator[tuple[str, Level, str]]:
    yield from ((code, Level.GRID, "establish") for code in plan.established)
    yield from ((code, Level.BUILDING, "move") for pair in plan.moved for code in pair)
    yield from ((code, Level.GRID, "merge") for pair in plan.merged for code in pair)
