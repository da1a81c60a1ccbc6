"""The rules of an import file for the four lists of communities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import CommonProblem, Refused
from services.org.domain.lists import (
    ListItem,
    check_detail,
    check_link,
    check_list_kind,
    check_settled,
    check_title,
)
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_existence
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_listed(known: Known, record: r.ListItemRecord) -> bool:
    """Take something on a list; what it leads to is looked at when all are known (`check_leads_to`). Raises Refused."""
    if record.id in known.list_items:
        return False
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    category = record.list.category
    check_list_kind(record.kind, {code for of, code in known.kinds if of == category}, category)
    check_title(record.title)
    check_detail(record.detail)
    known.check_standing(record.organisation, Period(record.valid_from, record.settled_on), "organisation")
    check_existence(region.existence, Period(record.valid_from), "region", "region_code")
    item = ListItem(record.list, record.region_code)
    if (record.result is None) != (record.settled_on is None):
        raise Refused(CommonProblem.REQUIRED, "result", field="result and settled_on")
    if record.result is not None and record.settled_on is not None:
        check_settled(item, record.valid_from, None, record.result, record.settled_on)
    known.list_items[record.id] = item
    return True


def check_leads_to(known: Known, record: r.ListItemRecord) -> None:
    """Look at what an item leads to, now that all of the file are known. Raises Refused."""
    for target in set(record.leads_to):
        if target not in known.list_items:
            raise Refused(OrgProblem.UNKNOWN_LIST_ITEM, "leads_to")
        check_link(known.list_items[record.id], known.list_items[target])
