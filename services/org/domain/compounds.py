"""Compounds (小区), which property keeps: where one must lie that something in a community is said about."""

from __future__ import annotations

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

_COMMUNITY_DIGITS = Level.COMMUNITY.code_length


def check_lies_there(name: str, compound_code: str, region_code: str, *path: str) -> None:
    """Refuse a compound outside a region; below a community, outside its community. Raises Refused.

    A compound may be wider than a grid and a grid wider than a compound, so that nothing below the community can be
    demanded. Both codes are those in force; `name` is the compound's, for the message.
    """
    there = region_code[:_COMMUNITY_DIGITS]
    if not compound_code.startswith(there):
        raise Refused(OrgProblem.COMPOUND_ELSEWHERE, *path, name=name, code=there)
