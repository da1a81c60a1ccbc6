"""Rules of region codes: digits in the national statistical form, extended below the community.

A code names its level by its length, and its parent by its prefix. Sources: GB/T 2260 (first six digits), GB/T 10114
(digits 7 to 9), 国统字〔2009〕91号 (digits 10 to 12).
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from chassis.problems import CommonProblem, Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

STATISTICAL_LENGTH = 12
_LEVELS = {level.code_length: level for level in Level}
# GB/T 2260: North, North-east, East, Central-south, South-west, North-west China, Taiwan, Hong Kong, Macao.
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82]
)


class CodeKind(StrEnum):
    """What the last three digits of a subdistrict's or community's code say it is."""

    STREET = "STREET"
    TOWN = "TOWN"
    TOWNSHIP = "TOWNSHIP"
    SIMILAR_TO_TOWNSHIP = "SIMILAR_TO_TOWNSHIP"
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"
    VILLAGERS_COMMITTEE = "VILLAGERS_COMMITTEE"
    SIMILAR_TO_RESIDENTS_COMMITTEE = "SIMILAR_TO_RESIDENTS_COMMITTEE"
    SIMILAR_TO_VILLAGERS_COMMITTEE = "SIMILAR_TO_VILLAGERS_COMMITTEE"


_KINDS: dict[Level, tuple[tuple[int, int, CodeKind], ...]] = {
    Level.SUBDISTRICT: (
        (1, 99, CodeKind.STREET),
        (100, 199, CodeKind.TOWN),
        (200, 399, CodeKind.TOWNSHIP),
        (400, 599, CodeKind.SIMILAR_TO_TOWNSHIP),
    ),
    Level.COMMUNITY: (
        (1, 199, CodeKind.RESIDENTS_COMMITTEE),
        (200, 399, CodeKind.VILLAGERS_COMMITTEE),
        (400, 499, CodeKind.SIMILAR_TO_RESIDENTS_COMMITTEE),
        (500, 599, CodeKind.SIMILAR_TO_VILLAGERS_COMMITTEE),
    ),
}


def normalised(code: str) -> str:
    """Return a code as Linli writes it: a 12-digit statistical code padded with zeros loses the padding.

    `320508000000` is the district `320508`; anything else comes back as it was, valid or not.
    """
    if len(code) != STATISTICAL_LENGTH or not _is_digits(code):
        return code
    for level in (Level.CITY, Level.DISTRICT, Level.SUBDISTRICT):
        if not code[level.code_length :].strip("0"):
            return code[: level.code_length]
    return code


@lru_cache(maxsize=16_384)
def level_of(code: str) -> Level | None:
    """Return the level that a well-formed code belongs to; None when it is not well-formed.

    Well-formed: ASCII digits, a length of one of the levels, an existing province, and no part that is all zeros
    (zeros pad the code of a higher level) or outside the range of its level.
    """
    level = _LEVELS.get(len(code))
    if level is None or not _is_digits(code):
        return None
    if level.parent is None:
        above_holds = int(code[:2]) in _PROVINCES
    else:
        above_holds = level_of(code[: level.parent.code_length]) is not None
    return level if above_holds and _own_part_holds(code, level) else None


def parent_of(code: str) -> str | None:
    """Return the code of the level above; None for a city's. `code` must be well-formed."""
    above = _LEVELS[len(code)].parent
    return code[: above.code_length] if above else None


def ancestors_of(code: str) -> list[str]:
    """Return the codes above a well-formed code, highest first."""
    return [code[: level.code_length] for level in Level if level.code_length < len(code)]


def kind_of(code: str) -> CodeKind | None:
    """Return what a well-formed subdistrict's or community's code says it is; None at other levels."""
    level = _LEVELS[len(code)]
    number = int(code[-3:])
    return next((kind for low, high, kind in _KINDS.get(level, ()) if low <= number <= high), None)


def moved(code: str, old_prefix: str, new_prefix: str) -> str:
    """Return what `code` becomes when the region `old_prefix` it lies in is recoded to `new_prefix`."""
    if not code.startswith(old_prefix):
        raise ValueError(f"{code} does not lie in {old_prefix}")
    return new_prefix + code.removeprefix(old_prefix)


def check_code(code: str, level: Level, *path: str) -> None:
    """Refuse a code that is malformed or not of `level`. Raises Refused."""
    found = level_of(code)
    if found is None:
        raise Refused(CommonProblem.INVALID_REGION_CODE, *path, code=code[:40])
    if found is not level:
        raise Refused(
            OrgProblem.WRONG_CODE_LEVEL, *path, code=code, found=found.name, wanted=level.name, wanted_zh=level.zh
        )


def _is_digits(code: str) -> bool:
    return code.isascii() and code.isdigit()


def _own_part_holds(code: str, level: Level) -> bool:
    start = level.parent.code_length if level.parent else 2
    part = int(code[start:])
    ranges = _KINDS.get(level)
    return part > 0 if ranges is None else any(low <= part <= high for low, high, _ in ranges)
