"""Elections by any steps in any order: each is taken or refused as a plain model says, and who is elected agrees."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.kit import items_of
from tests.property.committee_kit import (
    COMMITTEE,
    DEPARTMENTS,
    committee_of,
    hold,
    owner_ids,
    prepare,
)
from tests.property.vote_kit import cast, close_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

EXAMPLES = int(os.environ.get("LINLI_TEST_EXAMPLES", "4"))
OWNERS, SEATS, QUORUM = 7, 5, 5
"""Seven homes of the same area: five are the first number that is two thirds or more."""
NUMBERS = count()

owners = st.integers(0, OWNERS - 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("nominate"), owners),
        st.tuples(st.just("withdraw"), owners),
        st.tuples(st.just("answer"), owners, st.sampled_from(sorted(DEPARTMENTS)), st.sampled_from(["PASS", "OBJECT"])),
        st.just(("review",)),
        st.just(("hold",)),
    ),
    max_size=14,
)
BALLOTS = st.lists(
    st.lists(st.sampled_from(["YES", "YES", "NO", "ABSTAIN"]), min_size=OWNERS, max_size=OWNERS),
    min_size=QUORUM,
    max_size=OWNERS,
)


@dataclass
class Model:
    """What an election is by its rules, in the plainest words; each step returns the code of the refusal, or none."""

    stage: str = "NOMINATING"
    verdicts: dict[int, dict[str, str]] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)

    def standing(self, owner: int) -> str:
        said = self.verdicts[owner]
        if owner in self.withdrawn:
            return "WITHDRAWN"
        if "OBJECT" in said.values():
            return "REJECTED"
        return "ADMITTED" if len(said) == len(DEPARTMENTS) else "NOMINATED"

    def standings(self) -> list[str]:
        return [self.standing(owner) for owner in self.verdicts]

    def nominate(self, owner: int) -> str:
        if self.stage != "NOMINATING":
            return "WRONG_STAGE"
        if owner in self.verdicts:
            return "CANDIDATE_TWICE"
        self.verdicts[owner] = {}
        return ""

    def withdraw(self, owner: int) -> str:
        self.withdrawn.add(owner)
        return ""

    def answer(self, owner: int, department: str, verdict: str) -> str:
        if self.stage != "REVIEWING":
            return "WRONG_STAGE"
        self.verdicts[owner][department] = verdict
        return ""

    def review(self) -> str:
        if self.stage != "NOMINATING":
            return "WRONG_STAGE"
        if "NOMINATED" not in self.standings():
            return "TOO_FEW_CANDIDATES"
        self.stage = "REVIEWING"
        return ""

    def hold(self) -> str:
        if self.stage != "REVIEWING":
            return "WRONG_STAGE"
        if "NOMINATED" in self.standings():
            return "REVIEW_OPEN"
        return "TOO_FEW_CANDIDATES" if self.standings().count("ADMITTED") < SEATS else ""


def outcome(ballots: list[list[str]]) -> list[str]:
    """Who is elected: those with more than half of the ballots, most first; equal ones at the edge are not."""
    yes = [column.count("YES") for column in zip(*ballots, strict=True)]
    passed = sorted((one for one in yes if 2 * one > len(ballots)), reverse=True)
    edge = passed[SEATS] if len(passed) > SEATS and passed[SEATS] == passed[SEATS - 1] else None
    found = []
    for one in yes:
        if 2 * one <= len(ballots):
            found.append("NOT_ELECTED")
        elif one == edge:
            found.append("TIED")
        else:
            found.append("ELECTED" if one >= passed[:SEATS][-1] else "ALTERNATE")
    return found


@dataclass
class Real:
    """The same election in the service."""

    service: Property
    name: str
    compound: str
    committee: str
    election: str
    owners: dict[str, str]
    candidates: dict[int, str] = field(default_factory=dict)

    async def step(self, step: tuple[Any, ...]) -> str:
        """Ask for a step; return the code of the refusal, or none."""
        what, staff = step[0], self.service.staff()
        if what == "nominate":
            owner = self.owners[f"{self.name} {step[1]}"]
            asked = {"idempotencyKey": f"{self.name} {step} {next(NUMBERS)}", "electionId": self.election,
                     "ownerId": owner, "nominatedBy": "OWNERS", "agreesToPublication": True}  # fmt: skip
            payload = await self.service.do("nominateCandidate", staff, COMMITTEE, **asked)
            if not payload["problems"]:
                self.candidates[step[1]] = items_of(payload["committee"]["elections"])[-1]["candidates"][-1]["id"]
        elif what == "withdraw":
            payload = await self.service.do(
                "withdrawCandidate", staff, "committee { id }", candidateId=self.candidates[step[1]]
            )
        elif what == "answer":
            asked = {"candidateId": self.candidates[step[1]], "department": step[2], "verdict": step[3],
                     "reasons": "欠费" if step[3] == "OBJECT" else None}  # fmt: skip
            token = self.service.staff(DEPARTMENTS[step[2]])
            payload = await self.service.do("answerReview", token, "committee { id }", **asked)
        elif what == "review":
            payload = await self.service.do("startReview", staff, "committee { id }", electionId=self.election)
        else:
            asked = {
                "electionId": self.election, "title": "选举", "opensAt": "2099-01-01T00:00:00+08:00",
                "closesAt": "2099-01-20T00:00:00+08:00", "idempotencyKey": f"{self.name} {next(NUMBERS)}",
            }  # fmt: skip
            payload = await self.service.do("holdElection", staff, "committee { id }", **asked)
        return str(payload["problems"][0]["code"]) if payload["problems"] else ""

    async def read(self) -> dict[str, Any]:
        """Read the election as staff see it."""
        return items_of((await committee_of(self.service, self.committee))["elections"])[-1]  # type: ignore[no-any-return]


async def take(real: Real, model: Model, step: tuple[Any, ...]) -> str:
    """Take a step in both; they must say the same."""
    said = getattr(model, step[0])(*step[1:])
    assert await real.step(step) == said, step
    return str(said)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, ballots=BALLOTS)
async def test_an_election_goes_as_its_rules_say_whatever_is_tried(
    service: Property, steps: list[tuple[Any, ...]], ballots: list[list[str]]
) -> None:
    name = f"选举{next(NUMBERS)}"
    compound, committee = await prepare(service, name, OWNERS, SEATS)
    election = items_of(committee["elections"])[0]["id"]
    real = Real(service, name, compound, committee["id"], election, await owner_ids(service, compound))
    model = Model()
    for step in steps:
        # Before the end of it, a ballot that could be held is left for later; nobody can name who is no candidate.
        is_held = step[0] == "hold" and not model.hold()
        if is_held or (step[0] in {"withdraw", "answer"} and step[1] not in real.candidates):
            continue
        await take(real, model, step)
        shown = await real.read()
        assert (shown["stage"], [one["standing"] for one in shown["candidates"]]) == (model.stage, model.standings())
    for owner in range(OWNERS):
        if model.stage == "NOMINATING" and owner not in real.candidates:
            await take(real, model, ("nominate", owner))
    if model.stage == "NOMINATING" and await take(real, model, ("review",)):
        return
    for owner in real.candidates:
        for department in DEPARTMENTS:
            await take(real, model, ("answer", owner, department, "PASS"))
    if model.hold():
        await take(real, model, ("hold",))
        return
    await _vote(real, model, ballots)


async def _vote(real: Real, model: Model, ballots: list[list[str]]) -> None:
    """Let the owners vote on who is admitted, and compare who is elected."""
    admitted = model.standings().count("ADMITTED")
    event(f"{admitted} candidates are voted on")
    ballots = [ballot[:admitted] for ballot in ballots]
    vote = await hold(real.service, real.election)
    for number, ballot in enumerate(ballots):
        await cast(real.service, vote, f"{real.name} {number}", *ballot, key=f"{real.name} ballot {number}")
    await close_now(real.service, vote)
    shown = await real.read()
    stood = sorted((one for one in shown["candidates"] if one["position"] is not None), key=lambda one: one["position"])
    expected = outcome(ballots)
    assert [one["standing"] for one in stood] == expected
    held = expected.count("ELECTED") >= SEATS
    found = await committee_of(real.service, real.committee)
    assert (shown["stage"], found["status"]) == (("HELD", "IN_OFFICE") if held else ("FAILED", "PREPARING"))
    sits = [one for one in found["members"] if one["office"] != "ALTERNATE"]
    assert len(sits) == (expected.count("ELECTED") if held else 0)
