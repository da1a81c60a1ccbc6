"""The generated city: 10 districts, 100 subdistricts, 2,000 communities, 20,000 grids; its codes and who is who."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

CITY = "3201"
DISTRICTS = [f"{CITY}{number:02}" for number in range(1, 11)]
SUBDISTRICTS = [f"{district}{number:03}" for district in DISTRICTS for number in range(1, 11)]
COMMUNITIES = [f"{subdistrict}{number:03}" for subdistrict in SUBDISTRICTS for number in range(1, 21)]
GRIDS = [f"{community}{number:03}" for community in COMMUNITIES for number in range(1, 11)]
LEVELS = {4: "CITY", 6: "DISTRICT", 9: "SUBDISTRICT", 12: "COMMUNITY", 15: "GRID"}
SINCE = "2020-01-01"

IN_A_GRID, IN_A_COMMUNITY, IN_A_SUBDISTRICT = 48, 20, 4
"""How many people there are in duty or checked in at each of them: 1,000,000 in grids and communities."""
_FIRST_OF_COMMUNITIES = len(GRIDS) * IN_A_GRID
_FIRST_OF_SUBDISTRICTS = _FIRST_OF_COMMUNITIES + len(COMMUNITIES) * IN_A_COMMUNITY
_FIRST_OF_DISTRICTS = _FIRST_OF_SUBDISTRICTS + len(SUBDISTRICTS) * IN_A_SUBDISTRICT
PEOPLE = _FIRST_OF_DISTRICTS + len(DISTRICTS)
_PLACE = {code: at for codes in (DISTRICTS, SUBDISTRICTS, COMMUNITIES, GRIDS) for at, code in enumerate(codes)}

GRID_POSTS = ("grid_leader", "grid_worker", "grid_branch_secretary")
COMMUNITY_POSTS = ("community_secretary", "first_secretary", *["community_worker"] * 6)
SUBDISTRICT_POSTS = ("subdistrict_secretary", *["subdistrict_officer"] * 3)
_POSTS: dict[int, tuple[int, tuple[str, ...], int]] = {
    15: (IN_A_GRID, GRID_POSTS, 0),
    12: (IN_A_COMMUNITY, COMMUNITY_POSTS, _FIRST_OF_COMMUNITIES),
    9: (IN_A_SUBDISTRICT, SUBDISTRICT_POSTS, _FIRST_OF_SUBDISTRICTS),
    6: (1, ("district_coordinator",), _FIRST_OF_DISTRICTS),
}
"""Of each level by length of code: how many people at a place, which duties the first hold, the first one's number."""


def uid(kind: int, number: int) -> str:
    """Return the id of the thing of a kind with a number."""
    digits = f"{number:015x}"
    return f"{kind:08x}-0000-7000-8{digits[:3]}-{digits[3:]}"


def region_id(code: str) -> str:
    return uid(1, int(code))


def person_id(number: int) -> str:
    return uid(2, number)


def duty_id(number: int) -> str:
    return uid(3, number)


def organisation_id(code: str) -> str:
    """Return the id of the organisation of a place: a committee, an office or a branch."""
    return uid(4, int(code))


class Person(NamedTuple):
    """Somebody: in duty when there is a title, else checked in."""

    number: int
    region_code: str
    title: str | None


def people() -> list[Person]:
    """Return everybody, by number."""
    found: list[Person] = []
    levels: tuple[tuple[list[str], int, tuple[str, ...]], ...] = (
        (GRIDS, IN_A_GRID, GRID_POSTS),
        (COMMUNITIES, IN_A_COMMUNITY, COMMUNITY_POSTS),
        (SUBDISTRICTS, IN_A_SUBDISTRICT, SUBDISTRICT_POSTS),
        (DISTRICTS, 1, ("district_coordinator",)),
    )
    for codes, each, posts in levels:
        for code in codes:
            start = len(found)
            found += [Person(start + at, code, posts[at] if at < len(posts) else None) for at in range(each)]
    return found


def holder(title: str, code: str) -> UUID:
    """Return the person who holds a duty at a place; the first of several."""
    each, posts, first = _POSTS[len(code)]
    return UUID(person_id(first + _PLACE[code] * each + posts.index(title)))
