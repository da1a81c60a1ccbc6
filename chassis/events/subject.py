"""NATS subjects: where an event happened and what it is; the district comes first because it bounds who may read.

`linli.<city>.<district>.<subdistrict>.<community>.<service>.<entity>.<fact>`, with `_` for a level that the event's
region does not have. Grids, buildings and units (网格, 楼栋, 单元) use their community's subject.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ROOT = "linli"
EVERY_SUBJECT = f"{ROOT}.>"

_NONE = "_"
_LEVELS = ((0, 4), (4, 6), (6, 9), (9, 12))
"""City, district, subdistrict, community: where each one's own digits lie in a region code."""
_LENGTHS = frozenset({4, 6, 9, 12, 15, 18, 20})
_DISTRICT = 6
_TOKENS = 8
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class Subject(NamedTuple):
    """What a subject says; `region_code` ends at the community at the latest."""

    region_code: str
    service: str
    entity: str
    fact: str


def subject_of(region_code: str, service: str, entity: str, fact: str) -> str:
    """Return the subject of an event. Raises ValueError for what is no region code or no name."""
    for name in (service, entity, fact):
        if not _NAME.match(name):
            raise ValueError(f"{name!r} is no name of a service, entity or fact")
    return ".".join((ROOT, *_region_tokens(region_code), service, entity, fact))


def parse(subject: str) -> Subject:
    """Return what an event's subject says. Raises ValueError when it is none."""
    tokens = subject.split(".")
    if len(tokens) != _TOKENS or tokens[0] != ROOT:
        raise ValueError(f"{subject!r} is not the subject of an event")
    region_code = "".join(token for token in tokens[1:5] if token != _NONE)
    made = Subject(region_code, *tokens[5:])
    if subject_of(*made) != subject:
        raise ValueError(f"{subject!r} is not the subject of an event")
    return made


def filter_under(region_code: str) -> str:
    """Return the filter for all events of a region and below; of the whole community for a grid, building or unit."""
    own = [token for token in _region_tokens(region_code) if token != _NONE]
    return ".".join((ROOT, *own, ">"))


def filter_of_service(service: str) -> str:
    """Return the filter for all events that a service publishes."""
    return f"{ROOT}.*.*.*.*.{service}.>"


def tenant_of(region_code: str) -> str:
    """Return the code of the district whose feed an event goes to; the city's for what happens above districts."""
    _region_tokens(region_code)
    return region_code[:_DISTRICT]


def covers(pattern: str, subject: str) -> bool:
    """Tell whether a NATS filter matches a subject."""
    wanted, tokens = pattern.split("."), subject.split(".")
    for index, want in enumerate(wanted):
        if want == ">":
            return len(tokens) > index
        if index >= len(tokens) or want not in ("*", tokens[index]):
            return False
    return len(wanted) == len(tokens)


def common_filter(patterns: tuple[str, ...]) -> str:
    """Return one filter that matches whatever any of `patterns` matches, as narrow as it can be said."""
    if len(patterns) == 1:
        return patterns[0]
    split = [pattern.split(".") for pattern in patterns]
    common: list[str] = []
    for tokens in zip(*split, strict=False):
        if ">" in tokens:
            return ".".join((*common, ">"))
        common.append(tokens[0] if len(set(tokens)) == 1 else "*")
    if len({len(tokens) for tokens in split}) == 1:
        return ".".join(common)
    return ".".join((*common[:-1], ">"))  # `>` needs a token, and one filter ends here


def _region_tokens(region_code: str) -> list[str]:
    if len(region_code) not in _LENGTHS or not (region_code.isascii() and region_code.isdigit()):
        raise ValueError(f"{region_code!r} is no region code from city to unit")
    return [region_code[start:end] or _NONE for start, end in _LEVELS]
