"""四张清单: the four lists of a community, and how what is needed leads to what is done about it.

Needs and problems (需求问题), resources (资源), services (服务) and governance tasks (治理任务). A need leads to
the resources that answer it, and either leads to a service or a task, which ends in a result. A link only ever goes
forward, so no chain of links comes round to where it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import date

LONGEST_TITLE = 100
LONGEST_TEXT = 1000


class ListName(StrEnum):
    """One of the four lists."""

    NEED = "NEED"
    RESOURCE = "RESOURCE"
    SERVICE = "SERVICE"
    TASK = "TASK"

    @property
    def category(self) -> str:
        """Of what category of the practice's kinds its items are."""
        return self.value.lower()


_LEADS_TO = {
    ListName.NEED: {ListName.RESOURCE, ListName.SERVICE, ListName.TASK},
    ListName.RESOURCE: {ListName.SERVICE, ListName.TASK},
    ListName.SERVICE: set[ListName](),
    ListName.TASK: set[ListName](),
}
HAVE_RESULTS = frozenset({ListName.SERVICE, ListName.TASK})
"""The lists whose items are done and end in a result."""


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item as the rules see it: on which list, of which community, and whether it is on it still."""

    list: ListName
    region_code: str
    is_open: bool = True


def check_title(title: str) -> str:
    """Return the title of an item as it is stored. Raises Refused."""
    return demanded(title, "title", LONGEST_TITLE, "title")


def check_detail(detail: str | None) -> str | None:
    """Return what is said more of an item as it is stored. Raises Refused."""
    return clean(detail, "detail", LONGEST_TEXT, "detail")


def check_list_kind(kind: str | None, known: AbstractSet[str], category: str) -> None:
    """Refuse a kind that the list does not have, and none where the practice has kinds of it. Raises Refused.

    `known` are the kinds that the practice has of the list: five of resources, three of services, for example.
    """
    if kind is None and not known:
        return
    if kind not in known:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=(kind or "–")[:40], category=category)


def check_link(source: ListItem, target: ListItem) -> None:
    """Refuse a link that does not lead forward, between communities, or from or to what is off the list.

    Raises Refused with WRONG_LINK, OTHER_COMMUNITY or OFF_THE_LIST.
    """
    if target.list not in _LEADS_TO[source.list]:
        raise Refused(OrgProblem.WRONG_LINK, "targetId", source=source.list.value, target=target.list.value)
    if source.region_code != target.region_code:
        raise Refused(OrgProblem.OTHER_COMMUNITY, "targetId")
    if not (source.is_open and target.is_open):
        raise Refused(OrgProblem.OFF_THE_LIST)


def check_settled(item: ListItem, since: date, settled_on: date | None, result: str, on: date) -> str:
    """Return the result of a service or task as it is stored; it is given once, from the day on it was taken up.

    Raises Refused with HAS_NO_RESULT, ALREADY_SETTLED, OFF_THE_LIST or DATE_TOO_EARLY.
    """
    if item.list not in HAVE_RESULTS:
        raise Refused(OrgProblem.HAS_NO_RESULT, list=item.list.value)
    if settled_on is not None:
        raise Refused(OrgProblem.ALREADY_SETTLED, date=settled_on)
    if not item.is_open:
        raise Refused(OrgProblem.OFF_THE_LIST)
    if on < since:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "on", date=on, earliest=since)
    return demanded(result, "result", LONGEST_TEXT, "result")
