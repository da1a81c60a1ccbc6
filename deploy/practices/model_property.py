"""Parts of a practice file that property imports: compounds, committees, companies."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)

from deploy.practices.model_base import Code, Count, Entry, Positive, Text
from services.property.domain.care import Care  # noqa: TC001
from services.property.domain.committee_rules import Form  # noqa: TC001


class DemonstrationCompounds(Entry, frozen=True):
    """`count` compounds of a type, spread over the communities, all cared for in one way.

    With `three_no` they are in the register of three-no compounds (三无小区), for that cause; with `no_service` they
    are in the same register as lacking property service only. With `solution` it is settled how they will be cared for.
    """

    kind: Code
    care: Care
    count: Positive
    registered_from: date
    registered_to: date
    three_no: Text | None = None
    no_service: Text | None = None
    solution: Care | None = None
    responsible: Text | None = None


class DemonstrationCommittees(Entry, frozen=True):
    """`count` committees in office, one in each compound that has none yet, `members` members together.

    `party_members` and `public_employees` of these are that. With `chair`, who holds that duty title chairs them
    (交叉任职), a Party member; with `organisation` an organisation of that kind is each one's Party organisation.
    """

    form: Form
    count: Positive
    members: Positive
    elected_from: date
    elected_to: date
    party_members: Count = 0
    public_employees: Count = 0
    chair: Code | None = None
    organisation: Code | None = None


class DemonstrationCompanies(Entry, frozen=True):
    """`count` property companies that the district looks after, with a Party branch of their staff or without.

    With `manager`, who holds that duty title leads each of them.
    """

    count: Positive
    party_branch: bool
    name: Text
    registered_from: date
    registered_to: date
    manager: Code | None = None


class DemonstrationPost(Entry, frozen=True):
    """Who fills a level or supervising body in each compound under a system, but the last `vacancies` of them.

    One of: the `organisation` of a kind there or nearest above; the first `each` holders of a duty `title` in its
    community; a `name`, which may use `{compound}` and `{community}`.
    """

    post: Code
    organisation: Code | None = None
    title: Code | None = None
    name: Text | None = None
    each: Positive = 1
    vacancies: Count = 0


class DemonstrationServiceSystem(Entry, frozen=True):
    """The first `count` compounds of a type that the system is for are under it, from a day on."""

    system: Code
    kind: Code
    count: Positive
    since_from: date
    since_to: date
    posts: list[DemonstrationPost]
