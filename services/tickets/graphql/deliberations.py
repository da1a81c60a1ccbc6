"""Deliberations in the graph: who lives or works there sees matter, sessions and result; staff see who came."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.tickets.access import SEES_ATTENDANCE
from services.tickets.domain import session_kind as rules
from services.tickets.domain.deliberation import Party, unheard
from services.tickets.graphql.links import (
    Info,
    Person,
    RegionLink,
    TicketLink,
    code_of,
    named,
    region_of,
    seen_by,
    uuid_of,
)
from services.tickets.storage import deliberations as reads
from services.tickets.storage import tables as t
from services.tickets.storage.hand_downs import Period
from services.tickets.storage.histories import SESSIONS
from services.tickets.storage.prefixes import in_prefix
from services.tickets.storage.session_kinds import load_session_kinds, session_kinds

_DAY = timedelta(days=1)
_REFERENCE: list[Any] = [Key(fields=FieldSet("id"), resolvable=False)]


@strawberry.federation.type(keys=_REFERENCE, description="A station; org has the rest. 驿站")
class Station:
    """A reference."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")


@strawberry.enum(description="Who has a voice in a matter. 议事主体")
class DeliberationParty(Enum):
    """As `domain.deliberation.Party`, by name."""

    BRANCH = strawberry.enum_value("BRANCH", description="Party branch. 党支部")
    RESIDENTS_COMMITTEE = strawberry.enum_value("RESIDENTS_COMMITTEE", description="Residents' committee. 居委会")
    OWNERS_COMMITTEE = strawberry.enum_value("OWNERS_COMMITTEE", description="Owners' committee. 业委会")
    PROPERTY_COMPANY = strawberry.enum_value("PROPERTY_COMPANY", description="Property company. 物业企业")
    RESIDENTS = strawberry.enum_value("RESIDENTS", description="Residents' representatives. 居民代表")
    OFFICE = strawberry.enum_value("OFFICE", description="Government office. 职能部门")
    CONCERNED = strawberry.enum_value("CONCERNED", description="Those whose matter it is. 当事方")


@strawberry.enum(description="Where and how a session is held. 议事形式")
class SessionForm(Enum):
    """As `domain.deliberation.Form`, by name."""

    HALL = strawberry.enum_value("HALL", description="In a deliberation hall. 议事厅")
    COURTYARD = strawberry.enum_value("COURTYARD", description="A courtyard council. 庭院议事会")
    BENCH_DAY = strawberry.enum_value("BENCH_DAY", description="A bench day. 小板凳拉呱日")
    ON_THE_SPOT = strawberry.enum_value("ON_THE_SPOT", description="On the spot. 现场会")
    ONLINE = strawberry.enum_value("ONLINE", description="Online. 线上")


@strawberry.enum(description="A day of the week. 星期")
class Weekday(Enum):
    """As `domain.session_kind.Weekday`, by name."""

    MONDAY = strawberry.enum_value("MONDAY", description="Monday. 周一")
    TUESDAY = strawberry.enum_value("TUESDAY", description="Tuesday. 周二")
    WEDNESDAY = strawberry.enum_value("WEDNESDAY", description="Wednesday. 周三")
    THURSDAY = strawberry.enum_value("THURSDAY", description="Thursday. 周四")
    FRIDAY = strawberry.enum_value("FRIDAY", description="Friday. 周五")
    SATURDAY = strawberry.enum_value("SATURDAY", description="Saturday. 周六")
    SUNDAY = strawberry.enum_value("SUNDAY", description="Sunday. 周日")


@strawberry.type(description="A kind of session that is held regularly, as a Tuesday council. 会议类型")
class SessionKind:
    """A kind."""

    code: str = strawberry.field(description="Code in the practice. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    days: list[Weekday] = strawberry.field(description="On which days of the week it is held. 举行日")

    @classmethod
    def of(cls, context: Context, kind: rules.SessionKind) -> Self:
        """Make it from the practice's."""
        return cls(code=kind.code, name=named(context, kind), days=[Weekday[day.name] for day in kind.days])


@strawberry.type(description="What a party said at a session. 各方意见")
class PartyOpinion:
    """An opinion."""

    party: DeliberationParty = strawberry.field(description="Who. 议事主体")
    text: str = strawberry.field(description="What; empty once it was erased. 意见")
    agrees: bool | None = strawberry.field(description="Whether it agrees; null when it did not say. 是否同意")


@strawberry.type(description="Somebody who was invited to a session. 参会人员")
class SessionAttendee:
    """An attendance."""

    person: Person = strawberry.field(description="Who. 人员")
    party: DeliberationParty = strawberry.field(description="For which party. 议事主体")
    came: bool = strawberry.field(description="Whether they came. 是否到会")


@strawberry.type(description="A session, held or to come. 议事会议")
class DeliberationSession:
    """A session."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    form: SessionForm = strawberry.field(description="Where and how. 形式")
    place: str = strawberry.field(description="Where, in words. 地点")
    starts_at: datetime = strawberry.field(description="When it begins. 开始时间")
    held_at: datetime | None = strawberry.field(description="When it was recorded as held; null until then. 登记时间")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        plain = {name: row[name] for name in ("place", "starts_at", "held_at")}
        return cls(id=strawberry.ID(str(row["id"])), form=SessionForm[row["form"].upper()], row=row, **plain)

    @strawberry.field(description="The kind of session that it is, if it is of one. 会议类型")
    async def kind(self, info: Info) -> SessionKind | None:
        """Look it up."""
        return await _kind(info.context, self.row["kind"])

    @strawberry.field(description="The station where it is held. 驿站")
    def station(self) -> Station | None:
        """Refer to it."""
        id_ = self.row["station_id"]
        return None if id_ is None else Station(id=strawberry.ID(str(id_)))

    @strawberry.field(
        description="Who was invited and who came, at most 500; empty for who is not staff there. 参会人员"
    )
    async def attendees(self, info: Info) -> list[SessionAttendee]:
        """Read them for staff."""
        code, caller = self.row["region_code"], info.context.caller
        if not any(code.startswith(prefix) for prefix in caller.regions(*SEES_ATTENDANCE)):
            return []
        return [
            SessionAttendee(
                person=Person(id=strawberry.ID(str(one["person_id"]))),
                party=DeliberationParty[one["party"].upper()],
                came=one["came"],
            )
            for one in await info.context.loader(reads.load_attendees).load(self.row["id"])
        ]

    @strawberry.field(description="What the parties said, at most 500. 各方意见")
    async def opinions(self, info: Info) -> list[PartyOpinion]:
        """Read them in their order."""
        rows = await info.context.loader(reads.load_opinions).load(self.row["id"])
        return [
            PartyOpinion(party=DeliberationParty[one["party"].upper()], text=one["text"], agrees=one["agrees"])
            for one in rows
        ]


@strawberry.federation.type(keys=["id"], description="A matter that is deliberated. 议题")
class Deliberation:
    """A deliberation."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    matter: str = strawberry.field(description="What it is about. 议题")
    version: int = strawberry.field(description="Give it back as expectedVersion. 版本")
    begun_at: datetime = strawberry.field(description="When it was taken up. 立项时间")
    resolution: str | None = strawberry.field(description="What was resolved. 决议")
    agreed: bool | None = strawberry.field(description="Whether the parties agreed. 是否达成一致")
    resolved_at: datetime | None = strawberry.field(description="When. 决议时间")
    follow_up: str | None = strawberry.field(description="What came of it. 落实情况")
    followed_up_at: datetime | None = strawberry.field(description="When that was told. 反馈时间")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        plain = {name: row[name] for name in ("matter", "version", "begun_at", "resolution", "agreed", "follow_up")}
        moments = {name: row[name] for name in ("resolved_at", "followed_up_at")}
        return cls(id=strawberry.ID(str(row["id"])), row=row, **plain, **moments)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Deliberation | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "deliberations")
        return await deliberation_by_id(info.context, uuid_of(id))

    @strawberry.field(description="Where. 区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        return region_of(self.row["region_id"])

    @strawberry.field(description="The ticket that it is about, if there is one that the caller sees. 所涉单据")
    async def ticket(self, info: Info) -> TicketLink | None:
        """Read it, as anybody's."""
        from services.tickets.graphql import tickets  # noqa: PLC0415 (tickets has these fields)

        if self.row["ticket_id"] is None:
            return None
        return await tickets.ticket_by_id(info.context, self.row["ticket_id"], await seen_by(info.context, "ticket"))

    @strawberry.field(description="Who is to be heard. 议事主体")
    def parties(self) -> list[DeliberationParty]:
        """List them."""
        return [DeliberationParty[one.upper()] for one in self.row["parties"]]

    @strawberry.field(description="Who of them has not said anything yet. 未发表意见方")
    async def unheard(self, info: Info) -> list[DeliberationParty]:
        """Compare with the opinions."""
        standing = await reads.standing_of(await info.context.read(), self.row)
        missing = unheard([Party(one) for one in self.row["parties"]], standing.heard)
        return [DeliberationParty[one.name] for one in missing]

    @strawberry.field(description="Its sessions, the first first. 会议")
    async def sessions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DeliberationSession]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await SESSIONS.page(info.context, self.row["id"], asked)
        return page.connection(DeliberationSession.of)


@strawberry.type(description="Sessions by form. 各形式会议数")
class SessionCount:
    """A count by form."""

    form: SessionForm = strawberry.field(description="Where and how. 形式")
    sessions: int = strawberry.field(description="How many were held. 会议数")
    attendances: int = strawberry.field(description="How many came, each time counted. 参会人次")


@strawberry.type(description="Sessions by kind. 各类型会议数")
class SessionKindCount:
    """A count by kind."""

    kind: SessionKind = strawberry.field(description="Which kind. 会议类型")
    sessions: int = strawberry.field(description="How many were held. 会议数")
    attendances: int = strawberry.field(description="How many came, each time counted. 参会人次")


async def _kind(context: Context, code: str | None) -> SessionKind | None:
    found = None if code is None else await context.loader(load_session_kinds).load(code)
    return None if found is None else SessionKind.of(context, found)


@strawberry.type(description="Counts of deliberations. 议事统计")
class DeliberationStats:
    """Counts of one region and what is below it."""

    begun: int = strawberry.field(description="Taken up in the period. 议题数")
    resolved: int = strawberry.field(description="Those resolved. 形成决议数")
    agreed: int = strawberry.field(description="Those on which the parties agreed. 达成一致数")
    followed_up: int = strawberry.field(description="Those of which it was told what came of them. 落实反馈数")
    period: strawberry.Private[Period]

    @strawberry.field(description="Sessions held in the period, by form. 会议")
    async def sessions(self, info: Info) -> list[SessionCount]:
        """Count."""
        return [
            SessionCount(
                form=SessionForm[row["form"].upper()], sessions=row["sessions"], attendances=int(row["attendances"])
            )
            for row in await reads.count_sessions(await info.context.read(), self.period)
        ]

    @strawberry.field(
        description="Sessions held in the period that are of one of the practice's kinds, by kind. 各类型会议"
    )
    async def sessions_by_kind(self, info: Info) -> list[SessionKindCount]:
        """Count."""
        counted = [
            (await _kind(info.context, row["kind"]), row)
            for row in await reads.count_sessions_of_kinds(await info.context.read(), self.period)
        ]
        return [
            SessionKindCount(kind=kind, sessions=row["sessions"], attendances=int(row["attendances"]))
            for kind, row in counted
            if kind is not None
        ]


async def all_session_kinds(context: Context) -> list[SessionKind]:
    """Return the practice's kinds of sessions."""
    context.access.admit(context.caller, "sessionKinds")
    return [SessionKind.of(context, one) for one in (await session_kinds(await context.read())).values()]


async def deliberation_by_id(context: Context, id_: UUID) -> Deliberation | None:
    """Return a deliberation in or above the caller's regions."""
    row = await context.loader(reads.load_deliberations).load(id_)
    return None if row is None else Deliberation.of(row)


@strawberry.type
class RegionDeliberations:
    """What deliberations add to a region."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @strawberry.field(description="Matters deliberated here and below, the newest first. 议题")
    async def deliberations(
        self,
        info: Info,
        resolved: Annotated[bool | None, strawberry.argument(description="Whether resolved. 是否形成决议")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Deliberation]:
        """Read a page of them."""
        context, d = info.context, t.deliberation.c
        context.access.admit(context.caller, "deliberations")
        statement = select(t.deliberation).where(in_prefix(d.region_code, await code_of(context, self.id)))
        if resolved is not None:
            statement = statement.where(d.resolved_at.is_not(None) if resolved else d.resolved_at.is_(None))
        mark = fingerprint("Region.deliberations", self.id, resolved)
        asked = PageArguments(first, after, last, before)
        page = await paginate(await context.read(), statement, (d.begun_at, d.id), asked, mark, descending=True)
        return page.connection(Deliberation.of)

    @strawberry.field(description="Counts of deliberations and sessions here and below. 议事统计")
    async def deliberation_stats(
        self,
        info: Info,
        begun_from: Annotated[date | None, strawberry.argument(description="First day. 起始日期")] = None,
        begun_to: Annotated[date | None, strawberry.argument(description="Last day. 截止日期")] = None,
    ) -> DeliberationStats:
        """Count."""
        context = info.context
        context.access.admit(context.caller, "deliberationStats")
        period = Period(await code_of(context, self.id), begun_from and begun_from - _DAY, begun_to)
        row = await reads.count_deliberations(await context.read(), period)
        names = ("begun", "resolved", "agreed", "followed_up")
        return DeliberationStats(period=period, **{name: row[name] if row else 0 for name in names})
