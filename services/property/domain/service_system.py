"""Systems of property help (红色物业服务体系): levels that help a compound, and bodies that supervise them.

How many levels and bodies there are, what they are called and who speaks for them is a place's own and therefore data:
五级主体力量 and two supervising bodies (5+2) in one county, another number elsewhere. Nothing here does I/O.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from chassis.errors import NotFound
from chassis.problems import Refused
from services.property.domain.care import BY_COMPANY, Care
from services.property.domain.problems import PropertyProblem

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

MOST_POSTS = 20
"""Levels, or bodies, of one system."""


class SystemLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level of help; who holds one of `titles` there speaks for it, beside who keeps the register."""

    code: str
    name_zh: str
    name_en: str
    titles: tuple[str, ...] = ()


class SystemBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A supervising body; nobody speaks for it but who holds one of `titles` there."""

    code: str
    name_zh: str
    name_en: str
    titles: tuple[str, ...]


class ServiceSystem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A system: its levels in their order, its bodies, and the ways of care (管理方式) that it is for."""

    code: str
    name_zh: str
    name_en: str
    levels: tuple[SystemLevel, ...]
    bodies: tuple[SystemBody, ...]
    care: tuple[Care, ...] = (Care.COMMUNITY, Care.SELF_MANAGED)

    @property
    def posts(self) -> tuple[SystemLevel | SystemBody, ...]:
        """Its levels and then its bodies, each in their order."""
        return self.levels + self.bodies


class Inspected(StrEnum):
    """Where an inspection stands."""

    PASSED = "passed"
    OPEN = "open"
    RECTIFIED = "rectified"


def faults_of(system: ServiceSystem) -> list[str]:
    """Return what is wrong with a system; an empty list when it can be used."""
    codes = [one.code for one in system.posts]
    both = titles_of_help(system) & titles_of_supervision(system)
    wrong = (
        (not all((system.code, system.name_zh, system.name_en)), "it has a code and names"),
        (
            not all(one.code and one.name_zh and one.name_en for one in system.posts),
            "levels and bodies have codes and names",
        ),
        (not 1 <= len(system.levels) <= MOST_POSTS, f"it has 1 to {MOST_POSTS} levels"),
        (not 1 <= len(system.bodies) <= MOST_POSTS, f"it has 1 to {MOST_POSTS} supervising bodies"),
        (len(set(codes)) < len(codes), "levels and bodies have different codes"),
        (any(not one.titles for one in system.bodies), "every supervising body has titles"),
        (bool(both), "no title speaks for a level and for a supervising body"),
        (not system.care or bool(set(system.care) & (BY_COMPANY | {Care.NONE})), "its care is by owners or community"),
    )
    return [reason for is_fault, reason in wrong if is_fault]


def check_service_system(system: ServiceSystem) -> ServiceSystem:
    """Return a system that can be used. Raises Refused."""
    for reason in faults_of(system):
        raise Refused(PropertyProblem.UNLAWFUL_RULE, "rule", reason=reason)
    return system


def post_of(system: ServiceSystem, code: str) -> SystemLevel | SystemBody:
    """Return a level or body by its code. Raises NotFound."""
    for post in system.posts:
        if post.code == code:
            return post
    raise NotFound(what="level or body")


def level_of_help(system: ServiceSystem, code: str) -> SystemLevel:
    """Return a level by its code. Raises NotFound, also for a body."""
    post = post_of(system, code)
    if not isinstance(post, SystemLevel):
        raise NotFound(what="level")
    return post


def body_of(system: ServiceSystem, code: str) -> SystemBody:
    """Return a supervising body by its code. Raises NotFound, also for a level: it does not supervise."""
    post = post_of(system, code)
    if not isinstance(post, SystemBody):
        raise NotFound(what="supervising body")
    return post


def titles_of_help(system: ServiceSystem) -> set[str]:
    """Return the titles that speak for any level."""
    return {title for level in system.levels for title in level.titles}


def titles_of_supervision(system: ServiceSystem) -> set[str]:
    """Return the titles that speak for any supervising body."""
    return {title for body in system.bodies for title in body.titles}


def vacant(system: ServiceSystem, filled: Collection[str]) -> list[str]:
    """Return the codes of levels and bodies that nobody fills, in their order."""
    return [post.code for post in system.posts if post.code not in filled]


def where_stands(rectify_by: date | None, rectified_on: date | None) -> Inspected:
    """Return where an inspection stands: nothing was demanded, or it is open, or it was put right."""
    if rectify_by is None:
        return Inspected.PASSED
    return Inspected.OPEN if rectified_on is None else Inspected.RECTIFIED


def check_day(day: date, earliest: date, latest: date, field: str) -> date:
    """Return a day of the time that is asked about. Raises Refused."""
    if day < earliest:
        raise Refused(PropertyProblem.INVALID_DATE, field, field=field, earliest=earliest)
    if day > latest:
        raise Refused(PropertyProblem.DATE_IN_FUTURE, field, field=field)
    return day


def check_rectify_by(day: date, today: date) -> date:
    """Return a day by which something is to be put right: today or later. Raises Refused."""
    if day < today:
        raise Refused(PropertyProblem.INVALID_DATE, "rectifyBy", field="rectifyBy", earliest=today)
    return day
