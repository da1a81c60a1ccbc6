"""样板社区: the panel of experts that accompanies communities, and the methods that model communities share.

An expert of the panel (智库专家团) has a field and accompanies communities of the panel's region. A community that
holds a distinction shares a working method (工作法) for communities of a type; others of that type take it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def check_not_there(open_places: Iterable[str], wanted: str, *path: str) -> None:
    """Refuse what is there already: an expert in a field, a community that is accompanied. Raises Refused."""
    if wanted in set(open_places):
        raise Refused(OrgProblem.NOTHING_CHANGES, *path)


def check_still(until: date | None, *path: str) -> None:
    """Refuse an expert who left the panel, or a method that is no longer shared. Raises Refused."""
    if until is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, *path, date=until)


def check_in_area(area: str, code: str, *path: str) -> None:
    """Refuse a community that lies outside the panel's region, or outside where a method is shared. Raises Refused."""
    if not code.startswith(area):
        raise Refused(OrgProblem.NOT_IN_AREA, *path, code=code, area=area)


def check_model(is_distinguished: bool, code: str, *path: str) -> None:  # noqa: FBT001
    """Refuse a method of a community that holds no distinction on that day. Raises Refused."""
    if not is_distinguished:
        raise Refused(OrgProblem.NOT_A_MODEL, *path, code=code)


def check_takes_up(wanted: str, found: str | None, model: str, code: str) -> None:
    """Refuse a method for communities of another type, and a community's own. Raises Refused.

    `wanted` is the type that the method is for, `found` the community's on that day, `model` the code of the community
    that the method comes from.
    """
    if code == model:
        raise Refused(OrgProblem.OWN_METHOD, "regionCode")
    if found != wanted:
        raise Refused(OrgProblem.OTHER_TYPE, "regionCode", code=code, wanted=wanted, found=found or "–")
