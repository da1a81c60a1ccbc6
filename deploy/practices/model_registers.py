"""Parts of a practice file that fill registers: types and counts, distinctions, partner units, check-ins."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Entry, LevelName, Names, Positive, Range, Text
from services.org.domain.lists import ListName  # noqa: TC001
from services.org.domain.special_needs import LegalBasis  # noqa: TC001


class CommunityType(Entry, frozen=True):
    """A type of communities, what marks it, and how communities of it are worked with."""

    code: Code
    name: Names
    method: Names
    features: Text
    difficulties: Text


class DemonstrationType(Entry, frozen=True):
    """How many communities are of a type, in the order of the communities."""

    type: Code
    count: Positive


class StaffingStandard(Entry, frozen=True):
    """For how many households and residents of a grid there is one full-time holder of `title`."""

    title: Code
    households: Range
    residents: Range


class DemonstrationCensus(Entry, frozen=True):
    """Every grid was counted on a day: households in a range, and so many residents for each of them."""

    counted_on: date
    households: Range
    residents_each: Range


class DemonstrationDistinction(Entry, frozen=True):
    """`count` distinctions of a kind in different regions of `level`; with `title`, of who holds that title there."""

    kind: Code
    level: LevelName
    count: Positive
    since_from: date
    since_to: date
    title: Code | None = None
    reason: Text | None = None


class DemonstrationPairing(Entry, frozen=True):
    """Organisations of the kind `units`, hooked one after the other to the regions of `level`."""

    kind: Code
    units: Code
    level: LevelName
    count: Positive
    since_from: date
    since_to: date
    projects: list[Text] = msgspec.field(default_factory=list)
    compounds: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0
    """How many compounds of its community each looks after."""


class DemonstrationCheckIns(Entry, frozen=True):
    """`count` in-service members who checked in, or people of a `group`, spread over the regions of `level`.

    They are assigned to the organisation of the kind `branch` there or nearest above, and take on the `posts` in turn,
    from the day on which they checked in.
    """

    level: LevelName
    count: Positive
    since_from: date
    since_to: date
    group: Code | None = None
    branch: Code | None = None
    posts: list[Code] = msgspec.field(default_factory=list)


class DemonstrationListed(Entry, frozen=True):
    """Something on the list `of` needs, resources, services or tasks of each community.

    `name` is what others lead to it by (`leads_to`, in the same community); with a `result`, it was settled in as many
    of the communities as `settled_percent` says. Where a ticket of the process `handled_by`, about `about` (a category
    of its matters), was carried through in the community, it handles the item, which is settled when the ticket ended.
    """

    name: Code
    of: ListName
    title: Text
    since_from: date
    since_to: date
    kind: Code | None = None
    leads_to: list[Code] = msgspec.field(default_factory=list)
    result: Text | None = None
    settled_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 100
    handled_by: Code | None = None
    about: Code | None = None


PerThousand = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class ReserveRule(Entry, frozen=True):
    """How many people of a `source` a community needs for each thousand households, residents, checked-in members."""

    source: Code
    households: PerThousand = 0
    residents: PerThousand = 0
    members: PerThousand = 0


class DemonstrationReserve(Entry, frozen=True):
    """In the reserve of every community: the first `each` who hold `title` there, or without one who checked in."""

    source: Code
    each: Positive
    since: date
    title: Code | None = None


class DemonstrationDrill(Entry, frozen=True):
    """The reserves of the first `communities` were called up for a drill, `people` of each, which is over.

    They arrived at the `posts` in turn, but for `excused_percent` who gave one of the `excuses`. `called_at` is in the
    district's own time.
    """

    purpose: Text
    called_at: datetime
    hours: Annotated[int, msgspec.Meta(ge=3, le=72)]
    communities: Positive
    people: Positive
    posts: Annotated[list[Text], msgspec.Meta(min_length=1)]
    excused_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    excuses: list[Text] = msgspec.field(default_factory=list)


class DemonstrationEmergency(Entry, frozen=True):
    """The first `communities` went over to emergency, for the reason `why`, and back when it was `over`.

    Both times are in the district's own time; how the groups mustered is counted from who had a place in them.
    """

    why: Text
    begun_at: datetime
    over: Text
    ended_at: datetime
    communities: Positive


class DemonstrationSpecialNeeds(Entry, frozen=True):
    """`count` people of a `kind` on the register of special needs, over the communities in turn.

    Their names and numbers are plainly made up, their years of birth are from `born`; the `situations` come in turn.
    Records are kept for `kept_days` after the day on which they were made.
    """

    kind: Code
    count: Positive
    situations: Annotated[list[Text], msgspec.Meta(min_length=1)]
    purpose: Text
    legal_basis: LegalBasis
    born: Range
    since_from: date
    since_to: date
    kept_days: Positive


class DemonstrationSpending(Entry, frozen=True):
    """What a fund was spent on: so many per cent of it, in a range, on a day from one to another."""

    purpose: Text
    percent: Range
    on_from: date
    on_to: date


class DemonstrationFund(Entry, frozen=True):
    """A fund of every organisation of the kind `organisations`: whose money, and how much, of which all is paid out.

    As many per cent of them as `spending_percent` says have spent some of it, by the lines of `spent`.
    """

    organisations: Code
    source: Code
    year: int
    yuan: Positive
    paid_on: date
    purpose: Text
    spent: list[DemonstrationSpending] = msgspec.field(default_factory=list)
    spending_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 100
