"""Indicator catalogues (积分指标目录): what gives points to whom, and, for bodies only, what takes them.

A version never changes; every posting says which version it was made under. A deduction names a written basis, and the
groups it is for are bodies: that is checked when a catalogue is installed, and there is no way to deduct from a person
whatever a catalogue says (`ledger.deduct` takes a body's account, and the table has a constraint).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

from services.credit.domain.groups import Group  # noqa: TC001 (msgspec reads annotations at run time)
from services.credit.domain.honours import Honour, faults_of
from services.credit.domain.market import Scenario, Tier  # noqa: TC001
from services.credit.domain.parts import Code, Part, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

DayOfMonth = Annotated[int, msgspec.Meta(ge=1, le=28)]
Months = Annotated[int, msgspec.Meta(ge=1, le=120)]


class Period(StrEnum):
    """The time that a ceiling is for, as the calendar has it in China."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Ceiling(Part, frozen=True, kw_only=True):
    """At most so many points of one item for one subject in a period."""

    points: Points
    per: Period


class Item(Part, frozen=True, kw_only=True):
    """What every item has. `recorders` and `approvers` are duty titles; without approvers a record counts at once."""

    code: Code
    name_en: Text
    name_zh: Text
    groups: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]
    points: Points
    theme: Code | None = None
    """What it belongs to with others, such as the five-small method (五小工作法)."""
    recorders: tuple[Code, ...] = ()
    approvers: tuple[Code, ...] = ()

    def is_for(self, group: str) -> bool:
        """Tell whether it is for a group."""
        return group in self.groups


class Source(StrEnum):
    """What happened elsewhere, of which credit hears by event."""

    TICKET_WELL_EVALUATED = "ticket_well_evaluated"
    """tickets told that a result was rated at least `rating`; whoever holds `title` in that grid earns."""
    TEAM_JOINED = "team_joined"
    """org told that somebody joined a team; that person earns."""
    CHECKED_IN = "checked_in"
    """org told that a member reported for service where they live (报到); that person earns."""
    MUSTERED = "mustered"
    """org told that somebody has a place in an emergency group; that person earns."""
    DELIBERATION_HELD = "deliberation_held"
    """tickets told that a matter was deliberated on; whoever holds `title` in that grid earns."""
    SESSION_ATTENDED = "session_attended"
    """tickets told who came to a session of a deliberation; each of them earns."""
    COMPANY_ASSESSED = "company_assessed"
    """property told that the assessment of a company ended in one of `grades`; it counts for or against the company."""


OF_TITLES = (Source.TICKET_WELL_EVALUATED, Source.DELIBERATION_HELD)
"""Sources whose events name no person: whoever holds the named duty in the ticket's grid earns."""


class Cause(Part, frozen=True, kw_only=True):
    """An event that gives the points by itself, once for each event and account."""

    source: Source
    title: Code | None = None
    rating: Annotated[int, msgspec.Meta(ge=1, le=10)] = 4
    grades: tuple[Code, ...] = ()


class Reward(Item, frozen=True, kw_only=True):
    """An item that gives points; they expire `valid_months` after the month they were earned in, or never."""

    evidence: bool = False
    """Whether evidence must be given."""
    ceiling: Ceiling | None = None
    valid_months: Months | None = None
    cause: Cause | None = None


class Basis(Part, frozen=True, kw_only=True):
    """What a deduction rests on: a law, a regulation or a central policy, and where in it (国办发〔2020〕49号)."""

    document: Text
    article: Text


class Deduction(Item, frozen=True, kw_only=True):
    """An item that counts against a legal person or other organisation."""

    basis: Basis
    cause: Cause | None = None


class Notice(Part, frozen=True, kw_only=True):
    """What people are told before they join (个人信息保护法 article 17); a new version is consented to anew."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    text_en: Text
    text_zh: Text


class Catalogue(Part, frozen=True, kw_only=True):
    """One version of a district's catalogue."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    name_en: Text
    name_zh: Text
    notice: Notice
    groups: Annotated[tuple[Group, ...], msgspec.Meta(min_length=1)]
    rewards: Annotated[tuple[Reward, ...], msgspec.Meta(min_length=1)]
    deductions: tuple[Deduction, ...] = ()
    registrars: tuple[Code, ...] = ()
    """Duty titles that open accounts of bodies."""

    tiers: tuple[Tier, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    fund_keepers: tuple[Code, ...] = ()
    """Duty titles, of the district, that keep merchants, offers and the fund, settle, rank and publish."""
    listers: tuple[Code, ...] = ()
    """Duty titles that put bodies on lists."""
    arbiters: tuple[Code, ...] = ()
    """Duty titles that decide objections and repairs."""
    notice_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7
    """How long before it is shown a body is told that it goes on a list."""
    objection_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30
    """How long after it was done one may object to something."""
    red_flags: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 3
    """Down to which place a grid is a red-flag grid."""
    rank_day: DayOfMonth | None = None
    """On which day after a quarter its grids are ranked; None: by hand only."""
    publish_day: DayOfMonth | None = None
    """On which day after a month it is published."""
    settle_day: DayOfMonth | None = None
    """On which day after a month merchants are settled with: from then on nothing of it is refunded."""
    red_flag_yuan: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    """What a red-flag grid is awarded of the fund."""
    honours: tuple[Honour, ...] = ()

    def honour(self, code: str) -> Honour | None:
        """Return an honour by its code."""
        return next((honour for honour in self.honours if honour.code == code), None)

    def scenario(self, code: str) -> Scenario | None:
        """Return a scenario by its code."""
        return next((scenario for scenario in self.scenarios if scenario.code == code), None)

    def group(self, code: str) -> Group | None:
        """Return a group by its code."""
        return next((group for group in self.groups if group.code == code), None)

    def reward(self, code: str, group: str) -> Reward | None:
        """Return the reward `code` when it is for `group`."""
        return next((item for item in self.rewards if item.code == code and item.is_for(group)), None)

    def deduction(self, code: str, group: str) -> Deduction | None:
        """Return the deduction `code` when it is for `group`."""
        return next((item for item in self.deductions if item.code == code and item.is_for(group)), None)

    def approving(self) -> frozenset[str]:
        """Return every duty title that approves something."""
        return frozenset().union(*(item.approvers for item in self.rewards))

    def titles(self) -> frozenset[str]:
        """Return every duty title that has to do with it."""
        items: tuple[Item, ...] = (*self.rewards, *self.deductions)
        return frozenset(self.registrars + self.fund_keepers + self.listers + self.arbiters).union(
            *(item.recorders + item.approvers for item in items), *(honour.titles for honour in self.honours)
        )


def faults(catalogue: Catalogue) -> list[str]:
    """Return what is wrong with a catalogue beyond its form, a sentence each."""
    honours = [fault for honour in catalogue.honours for fault in faults_of(honour)]
    return [*_repeated(catalogue), *_strangers(catalogue), *_scenarios(catalogue), *honours]


def _repeated(catalogue: Catalogue) -> Iterator[str]:
    lists: dict[str, tuple[Group | Item | Tier | Scenario | Honour, ...]] = {
        "group": catalogue.groups,
        "item": (*catalogue.rewards, *catalogue.deductions),
        "honour": catalogue.honours,
    }
    for what, things in lists.items():
        seen: set[str] = set()
        for thing in things:
            if thing.code in seen:
                yield f"{what} {thing.code} is there twice"
            seen.add(thing.code)


def _scenarios(catalogue: Catalogue) -> Iterator[str]:
    tiers = {tier.code for tier in catalogue.tiers}
    for scenario in catalogue.scenarios:
        if scenario.tier is not None and scenario.tier not in tiers:
            yield f"scenario {scenario.code}: there is no tier {scenario.tier}"
        for code in scenario.groups:
            if catalogue.group(code) is None:
                yield f"scenario {scenario.code}: there is no group {code}"


def _strangers(catalogue: Catalogue) -> Iterator[str]:
    items: tuple[Reward | Deduction, ...] = (*catalogue.rewards, *catalogue.deductions)
    for item in items:
        groups = [catalogue.group(code) for code in item.groups]
        for code, group in zip(item.groups, groups, strict=True):
            if group is None:
                yield f"item {item.code}: there is no group {code}"
            elif isinstance(item, Deduction) and not group.is_body:
                yield f"item {item.code}: group {code} is of natural persons, from whom nothing is ever deducted"
        if isinstance(item, Reward) and item.ceiling is not None and item.ceiling.points < item.points:
            yield f"item {item.code}: its ceiling is below its points"
        if not item.recorders and item.cause is None:
            yield f"item {item.code}: nobody may record it"
        if item.cause:
            yield from _causes(item, item.cause, groups)


def _causes(item: Reward | Deduction, cause: Cause, groups: list[Group | None]) -> Iterator[str]:
    if (cause.source in OF_TITLES) is (cause.title is None):
        yield f"item {item.code}: a title is named for what a ticket's grid did, and for nothing else"
    of_company = cause.source is Source.COMPANY_ASSESSED
    if of_company is not bool(cause.grades):
        yield f"item {item.code}: grades are named for an assessment, and for nothing else"
    if of_company is not all(group is None or group.is_body for group in groups):
        yield f"item {item.code}: a company is assessed, and people earn by everything else"
