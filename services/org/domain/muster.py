"""Peacetime and emergency (平时服务、战时应急): a community's mode, and everyone's place in one of its groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

LONGEST_POST = 100
LONGEST_REASON = 200


class Mode(StrEnum):
    """How a community works."""

    PEACETIME = "PEACETIME"
    EMERGENCY = "EMERGENCY"


@dataclass(frozen=True, slots=True)
class MusterGroup:
    """One of the office and groups (一办七组) of an emergency; `position` is its place in the list."""

    code: str
    name_zh: str
    name_en: str
    position: int
    is_office: bool = False


def check_community(code: str, level: Level, *path: str) -> None:
    """Refuse anything but a community: only communities muster and have a mode. Raises Refused."""
    if level is not Level.COMMUNITY:
        raise Refused(OrgProblem.NOT_A_COMMUNITY, *path, code=code)


def switched(current: Mode, wanted: Mode) -> Mode:
    """Return the mode after the switch. Raises Refused when the community is in it already."""
    if current is wanted:
        raise Refused(OrgProblem.ALREADY_IN_MODE, "mode", mode=wanted.value)
    return wanted


def check_post(post: str | None, *path: str) -> str | None:
    """Return what a person does in their group, None when it is not said. Raises Refused when it is too long."""
    return clean(post, "post", LONGEST_POST, *path)


def check_reason(reason: str, *path: str) -> str:
    """Return why a mode is switched. Raises Refused when it is empty or too long."""
    return demanded(reason, "reason", LONGEST_REASON, *path)
