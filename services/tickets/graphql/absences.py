"""Absences from duties and deputies in the graph."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

import strawberry
from sqlalchemy import RowMapping, or_, select

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.tickets.commands import absences as commands
from services.tickets.commands.actors import now, person_of
from services.tickets.domain.calendar import local_day
from services.tickets.domain.process_words import is_duty
from services.tickets.graphql.links import Duty, Info, Person, Team, uuid_of
from services.tickets.graphql.problem import Problem
from services.tickets.storage import tables as t

_MOST_SHOWN = 100
_DAY = timedelta(days=1)


@strawberry.type(description="That somebody is away from a duty, and who stands in. 外出代理")
class Absence:
    """An absence."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    duty_id: strawberry.ID = strawberry.field(description="The duty, membership of a team, or check-in. 任职标识")
    duty: Duty | None = strawberry.field(description="The duty; null for a team's or a check-in. 任职")
    team: Team | None = strawberry.field(description="The team; null for another. 队伍")
    deputy: Person | None = strawberry.field(
        description="Who acts by it meanwhile; null for nobody: the post counts as vacant. 代理人"
    )
    first_day: date = strawberry.field(description="The first day. 首日")
    last_day: date = strawberry.field(description="The last day; before the first for one that was called off. 末日")
    is_mine: bool = strawberry.field(description="Whether the duty is the caller's. 是否本人外出")
    reason: str | None = strawberry.field(description="Why; shown to the holder alone. 事由")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row, which has the holder's `person_id`, the `title` and the `team_id`."""
        mine = row["person_id"] == person_of(context.caller)
        deputy, team = row["deputy_id"], row["team_id"]
        duty_id = strawberry.ID(str(row["duty_id"]))
        return cls(
            id=strawberry.ID(str(row["id"])),
            duty_id=duty_id,
            duty=Duty(id=duty_id) if is_duty(row["title"]) else None,
            team=None if team is None else Team(id=strawberry.ID(str(team))),
            deputy=None if deputy is None else Person(id=strawberry.ID(str(deputy))),
            first_day=row["valid_from"],
            last_day=row["valid_to"] - _DAY,
            is_mine=mine,
            reason=row["reason"] if mine else None,
        )


@strawberry.input(description="To be away from a duty. 登记外出")
class BeginAbsenceInput:
    """Input of beginAbsence."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    duty_id: strawberry.ID = strawberry.field(description="A duty of the caller's own, or `dutyId` of an inbox. 任职")
    first_day: date = strawberry.field(description="Today or later. 首日")
    last_day: date = strawberry.field(description="At most 90 days on. 末日")
    deputy_id: strawberry.ID | None = strawberry.field(
        description="Somebody in duty at the same place or above it. 代理人", default=None
    )
    reason: str | None = strawberry.field(description="In at most 2,000 characters. 事由", default=None)


@strawberry.input(description="To be back. 结束外出")
class EndAbsenceInput:
    """Input of endAbsence."""

    id: strawberry.ID = strawberry.field(description="The absence. 外出登记")


@strawberry.type(description="What became of it. 结果")
class AbsencePayload:
    """Payload of beginAbsence and endAbsence."""

    absence: Absence | None = strawberry.field(description="The absence; null when refused. 外出登记")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def my_absences(context: Context) -> list[Absence]:
    """Return those of the caller's own duties and those for which they stand in, not over yet, at most 100."""
    person = person_of(context.caller)
    if person is None:
        return []
    a, d = t.absence, t.duty.c
    concerned = or_(d.person_id == person, a.c.deputy_id == person)
    statement = _ABSENCES.where(concerned, a.c.valid_to > local_day(now())).order_by(a.c.valid_from, a.c.id)
    rows = await (await context.read()).rows(statement.limit(_MOST_SHOWN))
    return [Absence.of(row, context) for row in rows]


_HOLDER = (t.duty.c.person_id, t.duty.c.title, t.duty.c.team_id)
_ABSENCES = select(t.absence, *_HOLDER).join(t.duty, t.duty.c.id == t.absence.c.duty_id)


async def _payload(info: Info, outcome: Outcome) -> AbsencePayload:
    session = await info.context.read()
    row = None if outcome.id is None else await session.row(_ABSENCES.where(t.absence.c.id == outcome.id))
    return AbsencePayload(absence=None if row is None else Absence.of(row, info.context), problems=outcome.problems)


@strawberry.type
class AbsenceMutations:
    """The mutations."""

    @strawberry.mutation(description="Say that one is away from a duty, and who stands in. 登记外出")
    async def begin_absence(self, info: Info, input: BeginAbsenceInput) -> AbsencePayload:  # noqa: A002
        """Begin."""
        deputy = None if input.deputy_id is None else uuid_of(input.deputy_id)
        asked = commands.BeginAbsence(uuid_of(input.duty_id), input.first_day, input.last_day, deputy, input.reason)
        outcome = await perform(info, "beginAbsence", commands.begin_absence, asked, input.idempotency_key)
        return await _payload(info, outcome)

    @strawberry.mutation(description="Say that one is back today, or does not leave. 结束外出")
    async def end_absence(self, info: Info, input: EndAbsenceInput) -> AbsencePayload:  # noqa: A002
        """End."""
        asked = commands.EndAbsence(uuid_of(input.id))
        outcome = await perform(info, "endAbsence", commands.end_absence, asked)
        return await _payload(info, outcome)
