"""Checks what property imports of a demonstration: that there are compounds, people and organisations enough."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from services.property.domain.committee_rules import LEAST_SEATS, MOST_SEATS
from services.property.domain.haves import SOLUTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Key
    from deploy.practices.model import Practice
    from deploy.practices.model_property import DemonstrationCommittees, DemonstrationCompounds

_AT = "demonstration"


def check_property(practice: Practice, sizes: Mapping[str, int], faults: Faults) -> None:
    """Check compounds, committees and companies, and the rule of what is red; `sizes` are regions by level."""
    wanted = practice.demonstration
    left = sum(one.count for one in wanted.compounds)
    organisations = _organisations(practice, sizes)
    people = _people(practice, sizes, organisations)
    for index, compounds in enumerate(wanted.compounds):
        _check_lacks(compounds, faults, (_AT, "compounds", index))
    for index, one in enumerate(wanted.committees):
        path = (_AT, "committees", index)
        left -= one.count
        faults.unless(left >= 0, f"{-left} of them have no compound", *path, "count")
        _check_members(one, faults, path)
        faults.unless(one.elected_from <= one.elected_to <= wanted.date, "elected after it ends", *path, "elected_to")
        _take(people, one.chair, one.count, faults, (*path, "chair"))
        _take(organisations, one.organisation, one.count, faults, (*path, "organisation"))
    for index, company in enumerate(wanted.property_companies):
        _take(people, company.manager, company.count, faults, (_AT, "property_companies", index, "manager"))
    if practice.red_rule:
        titles = {title.code for title in practice.duty_titles}
        for title in sorted(set(practice.red_rule.titles) - titles):
            faults.add(f"`{title}` is not a duty title here", "red_rule", "titles")


def _check_lacks(one: DemonstrationCompounds, faults: Faults, path: tuple[Key, ...]) -> None:
    """Check that compounds lack something before it is settled who will care for them, and by whom that is done."""
    faults.unless(one.three_no is None or one.no_service is None, "three_no says no_service already", *path)
    lacks = one.three_no is not None or one.no_service is not None
    faults.unless(
        one.solution is None or (lacks and one.solution in SOLUTIONS), "it settles nothing", *path, "solution"
    )
    faults.unless((one.solution is None) == (one.responsible is None), "a solution has who carries it out", *path)


def _check_members(one: DemonstrationCommittees, faults: Faults, path: tuple[Key, ...]) -> None:
    """Check that each committee has an odd number of members that the law allows."""
    least, most = LEAST_SEATS * one.count, MOST_SEATS * one.count
    fits = least <= one.members <= most and (one.members - one.count) % 2 == 0
    faults.unless(
        fits, f"{one.count} committees of 3 to 15, each odd, have not {one.members} members", *path, "members"
    )
    for part in ("party_members", "public_employees"):
        faults.unless(getattr(one, part) <= one.members, "more than there are members", *path, part)


def _take(left: Counter[str], code: str | None, count: int, faults: Faults, path: tuple[Key, ...]) -> None:
    """Take as many of a kind as are asked for, or note that there are too few."""
    if code is not None:
        left[code] -= count
        faults.unless(left[code] >= 0, f"there are {-left[code]} `{code}` too few", *path)


def _people(practice: Practice, sizes: Mapping[str, int], organisations: Mapping[str, int]) -> Counter[str]:
    """Return how many people hold each title."""
    titles = {title.code: title for title in practice.duty_titles}
    held: Counter[str] = Counter()
    for duty in practice.demonstration.duties:
        title = titles.get(duty.title)
        places = sizes.get((title and title.level) or "", 0)
        in_each = organisations.get((title and title.organisation_kind) or "", 0)
        spread = duty.total or duty.each * (places - duty.vacancies)
        held[duty.title] += in_each if duty.each_organisation else spread
    return held


def _organisations(practice: Practice, sizes: Mapping[str, int]) -> Counter[str]:
    """Return how many organisations of each kind there are."""
    founded: Counter[str] = Counter()
    for one in practice.demonstration.organisations:
        founded[one.kind] += one.count or sizes[one.level]
    return founded
