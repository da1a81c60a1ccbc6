"""What is asked of the city: each page as a front end asks it, by somebody else each time, at every level."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.bench.city import words
from tests.bench.city.places import CITY, COMMUNITIES, DISTRICTS, GRIDS, SUBDISTRICTS, holder, region_id

if TYPE_CHECKING:
    from deploy.local.issuer import Issuer

_LINE = """edges { cursor node { id number title step { code name } category { code name } regionCode raisedAt dueAt
  isOverdue } } pageInfo { endCursor hasNextPage }"""
_INBOX = f"""{{ myInbox {{ title regionCode waiting overdue dueSoon tickets(first: 20) {{ {_LINE} }} }} }}"""
_TICKET = """query($id: ID!) { ticket(id: $id) { id number title description regionCode version raisedAt dueAt
  process { code name } category { code name } step { code name } outcome isOverdue
  timeline(first: 100) { edges { node { seq at name actedAs toStep { name } opinion reason rating } } }
  deadlines(first: 100) { edges { node { kind dueAt stoppedAt } } }
  requester { name phone isMe } ratings { count mean } waitsFor { title regionCode isVacant } inCharge { id }
  myActions { code name } } }"""
_COUNTS = """raised open overdue done refused withdrawn reopened public meanRating
  steps { process step tickets } punctuality { kind met metOrMissed }"""
_STATS = f"ticketStats(raisedFrom: $from, raisedTo: $to) {{ {_COUNTS} }}"
_OF_ORG = """name code type { code } mode { mode } ancestors { code name }
  grids: children(first: 50) { edges { node { id code name } } }
  duties(first: 50, direct: true) { edges { node { id title { code name } person { id name } } } }
  organisations(first: 20, direct: true) { edges { node { id name } } }
  stations(first: 20) { edges { node { id name } } } teams(first: 20) { edges { node { id name } } }
  checkIns(first: 20) { edges { node { id person { id name } } } }"""
_OF_TICKETS = f"tickets(first: 20) {{ {_LINE} }} ticketStats {{ {_COUNTS} }}"
_SEARCH = f"tickets(text: $text, first: 20) {{ {_LINE} }}"


def _region(fields: str, variables: str = "") -> str:
    """Return what the gateway asks tickets of a region."""
    return f"""query($id: ID!{variables}) {{
      _entities(representations: [{{__typename: "Region", id: $id}}]) {{ ... on Region {{ {fields} }} }} }}"""


def _through(fields: str, variables: str = "") -> str:
    """Return what a client asks the gateway of a region."""
    return f"query($code: String!{variables}) {{ region(code: $code) {{ {fields} }} }}"


@dataclass(frozen=True)
class Question:
    """One request: to whom, with which token, and what must be in the answer for it to be one."""

    token: str
    query: str
    variables: dict[str, Any]


Ask = Callable[[], Question]


class Asking:
    """Makes the questions; the same ones each time."""

    def __init__(self, issuer: Issuer, ids: list[str], today: date) -> None:
        """`ids` are those of some tickets of everywhere, with their region codes."""
        self._issuer = issuer
        self._random = random.Random("questions")  # noqa: S311 (which page is asked for)
        self._ids = ids
        self._today = today
        self._tokens: dict[tuple[str, str], str] = {}

    def _token(self, title: str, code: str) -> str:
        if (title, code) not in self._tokens:
            system = title in {"admin", "observer"}
            subject = f"{title} {code}" if system else str(holder(title, code))
            self._tokens[title, code] = self._issuer.mint(title, region=code, subject=subject)
        return self._tokens[title, code]

    def inbox(self) -> Question:
        """What waits for somebody in duty: of every six one each of a grid, district and subdistrict post."""
        title, codes = self._random.choice(
            (
                ("grid_worker", GRIDS), ("community_worker", COMMUNITIES), ("community_secretary", COMMUNITIES),
                ("subdistrict_officer", SUBDISTRICTS), ("subdistrict_secretary", SUBDISTRICTS),
                ("district_coordinator", DISTRICTS),
            )
        )  # fmt: skip
        return Question(self._token(title, self._random.choice(codes[:200])), _INBOX, {})

    def ticket(self) -> Question:
        """A ticket, as the community's secretary reads it."""
        id_, code = self._random.choice(self._ids).split(" ")
        return Question(self._token("community_secretary", code[:12]), _TICKET, {"id": id_})

    def _place(self) -> tuple[str, str]:
        code = self._random.choice(COMMUNITIES[:500])
        return self._token("community_secretary", code), code

    def community_org(self) -> Question:
        token, code = self._place()
        return Question(token, _through(f"... on Community {{ {_OF_ORG} }}"), {"code": code})

    def community_tickets(self) -> Question:
        token, code = self._place()
        return Question(token, _region(_OF_TICKETS), {"id": region_id(code)})

    def community(self) -> Question:
        token, code = self._place()
        query = _through(f"... on Community {{ {_OF_ORG} {_OF_TICKETS} }}")
        return Question(token, query, {"code": code})

    def _searched(self) -> tuple[str, str, str]:
        said = (words.COMMON, words.FAIRLY_COMMON, words.TOGETHER, words.RARE, words.NEVER, words.SHOP)
        code = self._random.choice(([CITY], DISTRICTS, SUBDISTRICTS, COMMUNITIES)[self._random.randrange(4)])
        return self._token("observer", code), code, self._random.choice(said)

    def search(self) -> Question:
        token, code, said = self._searched()
        return Question(token, _region(_SEARCH, ", $text: String!"), {"id": region_id(code), "text": said})

    def search_through(self) -> Question:
        token, code, said = self._searched()
        return Question(token, _through(_SEARCH, ", $text: String!"), {"code": code, "text": said})

    def _period(self) -> dict[str, str | None]:
        first = self._today - timedelta(days=self._random.randrange(730))
        last = first + timedelta(days=self._random.randrange(730))
        return {"from": first.isoformat(), "to": last.isoformat()}

    def stats(self) -> Question:
        variables = {"id": region_id(CITY), **self._period()}
        return Question(self._token("admin", CITY), _region(_STATS, ", $from: Date, $to: Date"), variables)

    def stats_through(self) -> Question:
        variables = {"code": CITY, **self._period()}
        return Question(self._token("admin", CITY), _through(_STATS, ", $from: Date, $to: Date"), variables)

    def district_lists(self) -> Question:
        """The newest of a district by filters that combine."""
        code = self._random.choice(DISTRICTS)
        chosen = self._random.choice(
            ("status: OPEN", 'category: "service"', 'process: "five_sheets", status: OPEN', "overdue: true",
             'process: "one_stop", step: "street"', 'status: WITHDRAWN, category: "other"')
        )  # fmt: skip
        query = _region(f"tickets(first: 20, {chosen}) {{ {_LINE} }}")
        return Question(self._token("observer", code), query, {"id": region_id(code)})


def pages(asking: Asking) -> dict[str, tuple[str, Ask, Ask | None]]:
    """Return each page by name: the service that answers it, how it is asked there, and how through the gateway."""
    return {
        "inbox": ("tickets", asking.inbox, asking.inbox),
        "ticket by id": ("tickets", asking.ticket, asking.ticket),
        "community, org's part": ("org", asking.community_org, None),
        "community, tickets' part": ("tickets", asking.community_tickets, asking.community),
        "search": ("tickets", asking.search, asking.search_through),
        "statistics of the city": ("tickets", asking.stats, asking.stats_through),
        "lists of a district": ("tickets", asking.district_lists, None),
    }
