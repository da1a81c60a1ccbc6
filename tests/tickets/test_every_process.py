"""Every process that a practice uses, walked through the service: by each action, to each end, refused to strangers."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from services.org.domain import events as org
from services.tickets.domain.actions import offered
from services.tickets.domain.process import (
    INVITED,
    PARENT,
    REQUESTER,
    RESIDENT,
    Action,
    Holder,
    Input,
    Kind,
    Outcome,
    Process,
    Who,
)
from services.tickets.domain.process_words import checked_in_post, is_duty, team_post
from services.tickets.domain.validation import read_processes
from tests.tickets import city
from tests.tickets.conftest import mutation
from tests.tickets.test_deliberation import convened, done, held
from tests.tickets.test_sweeps import sweep_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tickets.conftest import Tickets

_FOLDER = Path(__file__).parents[2] / "deploy/practices/processes"
_RAW = {one["code"]: one for file in sorted(_FOLDER.glob("*.yaml")) for one in yaml.safe_load(file.read_text("utf-8"))}
_REGIONS = {"CITY": 4, "DISTRICT": 6, "SUBDISTRICT": 9, "COMMUNITY": 12, "GRID": 15, "BUILDING": 18}
_LAPSE = "lapse"
_RESIDENT = "li"
_GIVEN: dict[Input, Any] = {
    Input.REASON: "事由", Input.OPINION: "意见", Input.NOTICE: "公开内容", Input.RATING: 1, Input.AMOUNT: 120_000,
    Input.RESPONSIBLE: str(city.OFFICE), Input.INVITED: [str(city.OFFICE)],
}  # fmt: skip


class NoWay(AssertionError):
    """Nothing leads there."""


class Move(NamedTuple):
    """A way from a step or end: by an action, or by the passing of its deadline."""

    place: str
    code: str
    to: str
    action: Action | None
    who: tuple[Who, ...]


def process_of(code: str) -> Process:
    (process,), faults = read_processes([_RAW[code]])
    assert faults == ()
    return process


def moves(process: Process) -> Iterator[Move]:
    for place in (*(one.code for one in process.steps), *(one.code for one in process.ends)):
        for one in offered(process, place):
            yield Move(place, one.action.code, one.action.to or place, one.action, one.who)
    if process.recall:
        yield Move(process.raising.to, Kind.RECALL.value, process.recall.to, None, ())
    for step in process.steps:
        for to in (step.children.to, step.children.failed_to) if step.children else ():
            if to:
                yield Move(step.code, Kind.GATHER.value, to, None, ())
        if step.deadline and step.deadline.lapse_to:
            yield Move(step.code, _LAPSE, step.deadline.lapse_to, None, ())


def way(process: Process, start: str, to: set[str]) -> list[Move]:
    """Return the shortest way from a place to one of some."""
    ways: dict[str, list[Move]] = {start: []}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        if place in to:
            return ways[place]
        for move in moves(process):
            if move.place == place and move.to not in ways:
                ways[move.to] = [*ways[place], move]
                waiting.append(move.to)
    raise NoWay(f"from {start} to {to}")


def beginning(process: Process, to: set[str]) -> tuple[str | None, list[Move]]:
    """Return a category, if there are any, with the way from where its tickets begin to one of some places."""
    categories: list[str | None] = [one.code for one in process.categories]
    for category in categories or [None]:
        with suppress(NoWay):
            return category, way(process, process.begins_in(category), to)
    raise NoWay(to)


_PARENTS = {
    child: code
    for code, one in _RAW.items() for step in one["steps"] for child in step.get("children", {}).get("processes", ())
}  # fmt: skip
"""Of each process of child tickets, one whose tickets they are parts of."""


class Walk:
    """A city in which somebody holds each duty that a process names, and tickets that are carried through it."""

    def __init__(self, tickets: Tickets, process: Process) -> None:
        self.tickets, self.process = tickets, process
        self.region = next(
            code
            for level, code in (("BUILDING", city.BUILDING), ("GRID", city.GRID), ("COMMUNITY", city.COMMUNITY))
            if level in process.raising.levels
        )
        self.raised = 0
        self.rated: dict[str, int] = {}
        """How many residents evaluated each ticket."""
        self.category_of_children: str | None = None

    async def settle(self) -> None:
        process = self.process
        for one in (
            _PARENTS.get(process.code),
            *(step.children.processes[0] for step in process.steps if step.children),
        ):
            if one:
                await Walk(self.tickets, process_of(one))._settle()
        await self._settle()

    async def _settle(self) -> None:
        process = self.process
        await self.tickets.load({"record": "process", "definition": _RAW[process.code] | {"version": 9}})
        answering = {title for step in process.steps if step.countersign for title in step.countersign.titles}
        posts = {(one.title, one.region_of(self.region)) for one in process.holders() if one.title is not None}
        posts |= {(title, city.SUBDISTRICT) for title in answering if is_duty(title)}
        duties = [
            org.DutyAssigned(
                duty_id=city.duty_id(f"{title} {code}"), person_id=city.person(f"{title} {code}"), title=title,
                organisation_id=city.OFFICE if title in answering else None, region_id=city.region_id(code),
                region_code=code, valid_from=city.SINCE, valid_to=None,
            )
            for title, code in posts if code is not None
        ]  # fmt: skip
        teams = {(one.team, one.region_of(self.region)) for one in process.holders() if one.team is not None}
        formed = [city.team(kind, code, f"{team_post(kind)} {code}") for kind, code in teams if code is not None]
        groups = {(one.checked_in, one.region_of(self.region)) for one in process.holders() if one.checked_in}
        there = [
            city.check_in(f"{checked_in_post(group)} {code}", code, None if group == "member" else group)
            for group, code in groups if code is not None
        ]  # fmt: skip
        await city.tell(self.tickets.runtime.database, *duties, *formed, *there)

    def token(self, who: tuple[Who, ...], number: int = 0) -> str:
        """Return the token of the first of `who`; of another resident for each number."""
        mint = self.tickets.issuer.mint
        for one in who:
            if one in {REQUESTER, RESIDENT}:
                return self.tickets.resident(_RESIDENT if number == 0 else f"{_RESIDENT}{number}")
            if one == INVITED:
                step = next(step for step in self.process.steps if step.countersign)
                title, code = step.countersign.titles[0] if step.countersign else "", city.SUBDISTRICT
            elif isinstance(one, Holder):
                title, code = one.post_title, one.region_of(self.region) or ""
            if code:
                role = title.replace(":", "_")
                return mint(role, region=code, subject=str(city.person(f"{title} {code}")))
        raise AssertionError(who)

    async def begin(self, category: str | None = None) -> dict[str, Any]:
        self.raised += 1
        process = self.process
        category = category or (process.categories[0].code if process.categories else None)
        if process.raising.who == (PARENT,):
            return await self._begin_of_parent(category)
        token, asked = self.token(process.raising.who), {}
        if Input.ATTACHMENTS in process.raising.requires:
            photo = await self.tickets.uploaded(token, process=process.code, regionCode=self.region)
            asked = {"attachments": [photo]}
        return await self.tickets.raised(
            token, process=process.code, regionCode=self.region, key=f"k{self.raised}",
            category=category, **asked,
        )  # fmt: skip

    async def _begin_of_parent(self, category: str | None) -> dict[str, Any]:
        parent = Walk(self.tickets, process_of(_PARENTS[self.process.code]))
        parent.category_of_children = category
        parent.raised = 1000 * self.raised
        ticket = await parent.begin()
        (divide,) = [move for move in moves(parent.process) if move.code == Kind.DIVIDE]
        for step in way(parent.process, parent.process.raising.to, {divide.place}):
            ticket = await parent.go(ticket, step)
        ticket = await parent.go(ticket, divide)
        rows = await self.tickets.look(f"SELECT id, version, step FROM ticket WHERE parent = '{ticket['id']}'")  # noqa: S608
        return {"id": str(rows[0][0]), "version": rows[0][1], "step": {"code": rows[0][2]}}

    async def _end_children(self, ticket: dict[str, Any], move: Move) -> None:
        """Carry the children of a ticket to ends that lead it where it is to go, and let the sweep see to it."""
        step = self.process.step(move.place)
        section = step.children if step else None
        assert section is not None
        wanted = Outcome.DONE if move.to == section.to else Outcome.REFUSED
        rows = await self.tickets.look(
            f"SELECT id, version, step, process FROM ticket WHERE parent = '{ticket['id']}' AND ended_at IS NULL"  # noqa: S608
        )
        for id_, version, at, code in rows:
            child = Walk(self.tickets, process_of(code))
            one = {"id": str(id_), "version": version, "step": {"code": at}}
            for step_ in way(child.process, at, {end.code for end in child.process.ends if end.outcome is wanted}):
                one = await child.go(one, step_)
        await sweep_at(self.tickets, datetime.now(UTC))

    async def _let_parent_go_on(self, ticket: dict[str, Any]) -> None:
        """Lead the parent of a ticket on without it, and let the sweep see to it."""
        parent_of = f"SELECT parent FROM ticket WHERE id = '{ticket['id']}'"  # noqa: S608
        found = f"SELECT id, version, step FROM ticket WHERE id = ({parent_of})"  # noqa: S608
        [[id_, version, at]] = await self.tickets.look(found)
        parent = Walk(self.tickets, process_of(_PARENTS[self.process.code]))
        leads_on = next(
            move for move in moves(parent.process) if move.place == at and move.action and move.to not in {at, None}
        )
        await parent.go({"id": str(id_), "version": version, "step": {"code": at}}, leads_on)
        await sweep_at(self.tickets, datetime.now(UTC))

    async def go(self, ticket: dict[str, Any], move: Move) -> dict[str, Any]:
        """Take a way; return the ticket, which has come where it leads."""
        if move.action is None and move.code == Kind.GATHER:
            await self._end_children(ticket, move)
        elif move.action is None and move.code == Kind.RECALL:
            await self._let_parent_go_on(ticket)
        elif move.action is None:
            await self._lapse(ticket["id"])
        else:
            await self._deliberate(ticket, move.action)
            for number in range(move.action.count):
                asked = await self._asked(ticket, move.action)
                others = self.rated.get(ticket["id"], 0) if RESIDENT in move.who else 0
                token = self.token(move.who, number + others)
                name = "divideTicket" if move.action.kind is Kind.DIVIDE else "actOnTicket"
                if Input.ATTACHMENTS in move.action.requires:
                    asked["attachments"] = [await self.tickets.uploaded(token, ticketId=ticket["id"])]
                payload = await self.tickets.data(mutation(name), token, input=asked)
                assert payload["payload"]["problems"] == [], (move, payload)
                ticket = {**ticket, "version": ticket["version"] + 1}
                if move.action.kind is Kind.EVALUATE:
                    self.rated[ticket["id"]] = self.rated.get(ticket["id"], 0) + 1
        rows = await self.tickets.look(f"SELECT step, version FROM ticket WHERE id = '{ticket['id']}'")  # noqa: S608
        step, version = rows[0]
        assert step == move.to, move
        return {**ticket, "version": version, "step": {"code": step}}

    async def _lapse(self, id_: str) -> None:
        """Let the step's deadline pass, and put the ticket back to the present, in which sessions are held."""
        look = self.tickets.look
        clock = f"SELECT due_at FROM clock WHERE ticket_id = '{id_}' AND kind = 'step' AND stopped_at IS NULL"  # noqa: S608
        [[at]] = await look(clock)
        await sweep_at(self.tickets, at)
        await look(f"UPDATE ticket SET entered_at = now(), changed_at = now() WHERE id = '{id_}'")  # noqa: S608

    async def is_refused_to_strangers(self, ticket: dict[str, Any], move: Move) -> None:
        if move.action is None:
            return
        asked = await self._asked(ticket, move.action)
        before = await self.tickets.contents()
        name = "divideTicket" if move.action.kind is Kind.DIVIDE else "actOnTicket"
        observer = self.tickets.role("observer", city.CITY)
        elsewhere = self.tickets.staff("worker_elsewhere")
        assert await self.tickets.error(mutation(name), observer, input=asked) == "FORBIDDEN"
        assert await self.tickets.error(mutation(name), elsewhere, input=asked) == "NOT_FOUND"
        assert await self.tickets.contents() == before

    async def _asked(self, ticket: dict[str, Any], action: Action) -> dict[str, Any]:
        given = {one.value: _GIVEN[one] for one in action.requires if one in _GIVEN}
        if Input.DELIVERABLES in action.requires:
            given["deliverables"] = [{"kind": self.process.deliverables[0].code, "quantity": 2}]
        if action.kind is Kind.DIVIDE:
            given |= self._children(ticket, action)
        if Input.ASSIGNEE in action.requires:
            given["assignee"] = self._holder(ticket["step"]["code"])
        if action.kind is Kind.JOIN:
            given["into"] = (await self.begin())["id"]
        return {"id": ticket["id"], "expectedVersion": ticket["version"], "action": action.code, **given}

    def _children(self, ticket: dict[str, Any], action: Action) -> dict[str, Any]:
        """Return two children for a step that is divided, in one mutation of its own."""
        step = self.process.step(action.to or ticket["step"]["code"])
        assert step is not None
        assert step.children is not None
        child = process_of(step.children.processes[0])
        category = self.category_of_children or (child.categories[0].code if child.categories else None)
        one: dict[str, Any] = {"process": child.code, "regionCode": self.region, "title": "任务", "category": category}
        begins_in = child.step(child.begins_in(category))
        asked = {"organisation": str(city.OFFICE)} if begins_in and begins_in.countersign else {}
        children = [one | asked for _ in range(2)]
        return {"idempotencyKey": f"{ticket['id']} {ticket['version']}", "children": children}

    def _holder(self, place: str) -> str:
        """Return somebody whose turn it can be in a step."""
        step = self.process.step(place)
        holder = next(one for one in (step.who if step else ()) if isinstance(one, Holder))
        return str(city.person(f"{holder.post_title} {holder.region_of(self.region)}"))

    async def _deliberate(self, ticket: dict[str, Any], action: Action) -> None:
        if action.after is None:
            return
        committee, key = self.tickets.staff("committee"), f"{ticket['id']} {ticket['version']}"
        found = await done(
            self.tickets, "beginDeliberation", committee, idempotencyKey=f"d {key}", regionCode=city.COMMUNITY,
            matter="议题", parties=["BRANCH", "RESIDENTS"], ticketId=ticket["id"],
        )  # fmt: skip
        found = await convened(self.tickets, found, by="committee")
        found = await held(self.tickets, found, "BRANCH", "RESIDENTS", by="committee")
        if action.after == "resolution":
            asked = {"id": found["id"], "resolution": "同意", "agreed": True, "expectedVersion": found["version"]}
            await done(self.tickets, "resolveDeliberation", committee, **asked)


@pytest.mark.parametrize("code", sorted(_RAW))
async def test_every_action_and_every_way_out_is_taken_and_refused_to_strangers(tickets: Tickets, code: str) -> None:
    process = process_of(code)
    walk = Walk(tickets, process)
    await walk.settle()
    ends = {end.code for end in process.ends}
    reached = set()
    for move in moves(process):
        category, steps = beginning(process, {move.place})
        ticket = await walk.begin(category)
        for step in steps:
            ticket = await walk.go(ticket, step)
        if move.code == Kind.RELEASE_TURN:
            [claim] = [one for one in moves(process) if (one.place, one.code) == (move.place, Kind.CLAIM_TURN)]
            ticket = await walk.go(ticket, claim)
        await walk.is_refused_to_strangers(ticket, move)
        ticket = await walk.go(ticket, move)
        for step in way(process, ticket["step"]["code"], ends):
            ticket = await walk.go(ticket, step)
        reached.add(ticket["step"]["code"])
    assert reached == ends
