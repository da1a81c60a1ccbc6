"""Training in the graph: programmes, sessions, who attended, and how far a rotation is (轮训)."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, Select, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.domain.periods import today
from services.org.graphql import duties, people
from services.org.graphql.links import DutyLink, Info, PersonLink
from services.org.graphql.registered import Registered
from services.org.graphql.words import DutyTitle, title_of
from services.org.storage import histories
from services.org.storage import training as reads
from services.org.storage import training_tables as tt
from services.org.storage.in_force import Place
from services.org.storage.prefixes import in_prefix


@strawberry.type(description="Somebody who attended a session. 参训人员")
class Attendance:
    """An attendance."""

    row: strawberry.Private[RowMapping]

    @strawberry.field(description="Who, if in your scope. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], today())

    @strawberry.field(description="The duty title for which they attended. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.row["title"])


@strawberry.type(description="A session of training. 培训班次")
class TrainingSession:
    """A session."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    held_on: date = strawberry.field(description="The day. 培训日期")
    subject: str = strawberry.field(description="What it was about. 培训内容")
    lessons: int = strawberry.field(description="How many lessons it had. 课时")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ("version", "held_on", "subject", "lessons")
        return cls(id=strawberry.ID(str(row["id"])), row=row, **{name: row[name] for name in names})

    @strawberry.field(description="The programme, if in your scope. 培训计划")
    async def training(self, info: Info) -> Training | None:
        """Read it."""
        row = await info.context.loader(reads.load_trainings).load(self.row["training_id"])
        return None if row is None else Training.of(row, today())

    @strawberry.field(description="How many people attended. 参训人数")
    async def attended(self, info: Info) -> int:
        """Count them."""
        return await info.context.loader(reads.count_attendees).load(self.row["id"])

    @strawberry.field(description="Who attended, and for which duty. 参训名单")
    async def attendances(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Attendance]:
        """Read a page of them."""
        a = tt.training_attendance
        statement = select(a).where(a.c.session_id == self.row["id"])
        mark, asked = fingerprint("attendances", self.row["id"]), PageArguments(first, after, last, before)
        order = [a.c.region_code, a.c.title, a.c.person_id]
        page = await paginate(await info.context.read(), statement, order, asked, mark)
        return page.connection(lambda row: Attendance(row=row))


@strawberry.type(description="A programme of training for holders of duty titles. 培训计划")
class Training(Registered):
    """A programme."""

    @strawberry.field(description="Its name. 名称")
    def name(self) -> str:
        """Read it off the row."""
        return str(self.row["name"])

    @strawberry.field(description="The duty titles whose holders must attend, at most 20. 参训职务")
    async def titles(self, info: Info) -> list[DutyTitle]:
        """Read them."""
        return [await title_of(info.context, code) for code in self.row["titles"]]

    @strawberry.field(description="Its sessions, by day. 班次")
    async def sessions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TrainingSession]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.TRAINING_SESSIONS.page(info.context, self.row["id"], asked)
        return page.connection(TrainingSession.of)


@strawberry.type(description="How many holders of a title were trained for it in a period. 轮训覆盖")
class Rotation:
    """The coverage; holders are those of the day asked about."""

    holders: int = strawberry.field(description="People who hold the title. 应训人数")
    trained: int = strawberry.field(description="Of these, attended at least one session for it. 已训人数")
    percent: float | None = strawberry.field(description="Their share in per cent, to two decimals. 覆盖率")
    place: strawberry.Private[Place]
    held: strawberry.Private[Select[tuple[object, ...]]]
    mark: strawberry.Private[str]

    @strawberry.field(description="Duties of those who were not trained in the period. 未训人员")
    async def untrained(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyLink]:
        """Read a page of them."""
        held = self.held.subquery()
        statement = select(held).where(~held.c.trained)
        asked = PageArguments(first, after, last, before)
        order = [held.c.region_code, held.c.id]
        page = await paginate(await info.context.read(), statement, order, asked, self.mark)
        return page.connection(lambda row: duties.Duty.of(row, self.place.as_of))


async def trainings_page(
    context: Context, place: Place, title: str | None, asked: PageArguments
) -> Connection[Training]:
    """Return a page of the programmes of a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "training", place.code, what="region")
    g = tt.training
    statement = select(g).where(in_prefix(g.c.region_code, place.code), g.c.valid_from <= place.as_of)
    if title is not None:
        statement = statement.where(g.c.titles.contains([title]))
    mark = fingerprint("trainings", place.id, title, place.as_of)
    order = [g.c.valid_from, g.c.id]
    page = await paginate(await context.read(), statement, order, asked, mark, descending=True)
    return page.connection(lambda row: Training.of(row, place.as_of))


async def rotation_in(context: Context, place: Place, title: str, first: date, last: date) -> Rotation:
    """Return how far a rotation is in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "training", place.code, what="region")
    holders, trained = await reads.count_rotation(await context.read(), place, title, first, last)
    return Rotation(
        holders=holders,
        trained=trained,
        percent=rounded(trained * 100, holders, 2),
        place=place,
        held=reads.holders(place, title, first, last),
        mark=fingerprint("rotation", place.id, title, first, last, place.as_of),
    )


async def training_by_id(context: Context, id_: UUID) -> Training | None:
    """Return a programme in scope."""
    row = await context.loader(reads.load_trainings).load(id_)
    return None if row is None else Training.of(row, today())


async def training_session_by_id(context: Context, id_: UUID) -> TrainingSession | None:
    """Return a session in scope."""
    row = await (await context.read()).row(select(tt.training_session).where(tt.training_session.c.id == id_))
    return None if row is None else TrainingSession.of(row)
