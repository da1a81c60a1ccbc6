"""Committees in the graph: members' names are masked for who does not keep the register, as owners' names are."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

import msgspec
import strawberry
from sqlalchemy import RowMapping, Select

from chassis.graphql.connection import Connection, PageArguments, paginate
from chassis.graphql.context import Context
from services.property.access import sees_register
from services.property.domain.committee_rules import CommitteeRule
from services.property.domain.content import today
from services.property.domain.elections import must_elect
from services.property.domain.identifiers import mask_name
from services.property.domain.red import is_red
from services.property.domain.shares import percent
from services.property.domain.terms import term_of
from services.property.graphql import compounds, elections
from services.property.graphql.committee_enums import (
    CommitteeEnding,
    CommitteeForm,
    CommitteeOffice,
    CommitteeStatus,
    MemberCapacity,
    PartyForm,
)
from services.property.graphql.links import CommitteeLink, CompoundLink, Info
from services.property.storage import committees as reads
from services.property.storage import histories
from services.property.storage.red import facts_from, party_form, red_rule

_MOST_MEMBERS = 200
"""A committee has at most 15 seats for at most five years."""


@strawberry.type(description="Somebody who sits or sat in a committee. 委员")
class CommitteeMember:
    """A seat."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    name: str = strawberry.field(description="Name; masked but for who keeps the register. 姓名")
    office: CommitteeOffice = strawberry.field(description="Office. 职务")
    capacity: MemberCapacity = strawberry.field(description="Capacity. 身份")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day on which they no longer sit. 终止日期")
    why_left: str | None = strawberry.field(description="Why they left; a departure, or how the committee ended. 原因")
    is_party_member: bool | None = strawberry.field(
        description="As recorded; null but for who keeps the register. 是否党员"
    )
    is_public_employee: bool | None = strawberry.field(
        description="As recorded; null but for who keeps the register. 是否公职人员"
    )

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        whole = sees_register(context.caller, row["region_code"])
        name = context.cipher.decrypt(bytes(row["name"]))
        return cls(
            id=strawberry.ID(str(row["id"])),
            name=name if whole else mask_name(name),
            office=CommitteeOffice[row["office"].upper()],
            capacity=MemberCapacity[row["capacity"].upper()],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            why_left=row["end_reason"],
            is_party_member=row["is_party_member"] if whole else None,
            is_public_employee=row["is_public_employee"] if whole else None,
        )


@strawberry.type(description="A major matter, reported before it is decided. 重大事项")
class MajorMatter:
    """A matter."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    title: str = strawberry.field(description="What it is about. 标题")
    text: str = strawberry.field(description="What it is. 内容")
    reported_at: datetime = strawberry.field(description="When it was reported. 报告时间")
    party_opinion: str | None = strawberry.field(description="What the community's Party committee says. 党委意见")
    residents_opinion: str | None = strawberry.field(description="What the residents' committee says. 居委会意见")
    decision: str | None = strawberry.field(description="What was decided then. 决定")
    decided_at: datetime | None = strawberry.field(description="When. 决定时间")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = ("title", "text", "reported_at", "party_opinion", "residents_opinion", "decision", "decided_at")
        return cls(id=strawberry.ID(str(row["id"])), **{name: row[name] for name in same})


@strawberry.type(description="What acts for the owners of a compound. 业主组织")
class Committee:
    """A committee."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    form: CommitteeForm = strawberry.field(description="Its form. 形式")
    status: CommitteeStatus = strawberry.field(description="Where it stands. 状态")
    seats: int = strawberry.field(description="How many seats it has. 席位")
    prepared_on: date = strawberry.field(description="When its preparation began. 筹备日期")
    elected_on: date | None = strawberry.field(description="When it took office. 产生日期")
    term_to: date | None = strawberry.field(description="First day after its term. 任期届满")
    filed_on: date | None = strawberry.field(description="When it was filed. 备案日期")
    filing_number: str | None = strawberry.field(description="Under which number. 备案号")
    ended_on: date | None = strawberry.field(description="When it ended. 终止日期")
    handed_over_on: date | None = strawberry.field(description="When it handed over. 移交日期")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = (
            "version", "seats", "prepared_on", "elected_on", "term_to", "filed_on", "filing_number", "ended_on",
            "handed_over_on",
        )  # fmt: skip
        return cls(
            id=strawberry.ID(str(row["id"])),
            form=CommitteeForm[row["form"].upper()],
            status=CommitteeStatus[row["status"].upper()],
            row=row,
            **{name: row[name] for name in same},
        )

    @property
    def _rule(self) -> CommitteeRule:
        return msgspec.convert(self.row["rule"], CommitteeRule)

    @strawberry.field(description="The compound. 小区")
    async def compound(self, info: Info) -> CompoundLink | None:
        """Read it."""
        return await compounds.compound_by_id(info.context, self.row["compound_id"])

    @strawberry.field(description="Who sits in it, and who sat, the latest first; at most 200. 委员")
    async def members(self, info: Info) -> list[CommitteeMember]:
        """Read them."""
        rows = await info.context.loader(reads.load_seats).load(self.row["id"])
        return [CommitteeMember.of(row, info.context) for row in rows[:_MOST_MEMBERS]]

    @strawberry.field(description="Its elections and by-elections, the first first. 选举")
    async def elections(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[elections.Election]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.ELECTIONS.page(info.context, self.row["id"], asked)
        return page.connection(lambda row: elections.Election.of(row, self._rule))

    @strawberry.field(description="Major matters, the latest first; for who keeps the register and it. 重大事项")
    async def matters(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[MajorMatter]:
        """Read a page of them."""
        info.context.access.permit(info.context.caller, "majorMatters", self.row["region_code"], what="committee")
        asked = PageArguments(first, after, last, before)
        page = await histories.MATTERS.page(info.context, self.row["id"], asked)
        return page.connection(MajorMatter.of)

    @strawberry.field(description="Day by which it is to be filed. 应备案日期")
    def file_by(self) -> date | None:
        """Compute it."""
        return term_of(self.row["elected_on"], self._rule).file_by if self.row["elected_on"] else None

    @strawberry.field(description="Whether its term is over though it is in office. 是否超期")
    def is_overdue(self) -> bool:
        """Compare."""
        return bool(self.row["status"] == "in_office" and self.row["term_to"] <= today())

    @strawberry.field(description="Why it ended. 终止原因")
    def why_ended(self) -> CommitteeEnding | None:
        """Read it."""
        return CommitteeEnding[self.row["end_reason"].upper()] if self.row["end_reason"] else None

    async def _facts(self, context: Context) -> RowMapping | None:
        titles = (await red_rule(context)).titles
        return await context.loader(reads.load_facts).load((self.row["id"], titles))

    @strawberry.field(description="Whether so many seats are empty that a by-election must be held. 是否应补选")
    async def must_elect(self, info: Info) -> bool:
        """Count."""
        facts = await self._facts(info.context)
        return facts is not None and must_elect(facts["seats"], facts["members"])

    @strawberry.field(description="Its Party organisation, by org. 党组织")
    async def party_form(self, info: Info) -> PartyForm:
        """Compare the kind."""
        facts = await self._facts(info.context)
        form = party_form(await red_rule(info.context), facts["organisation_kind"]) if facts else "none"
        return PartyForm[form.upper()]

    @strawberry.field(description="Members who are cross-appointed: they hold a Party duty in org today. 交叉任职人数")
    async def cross_appointed(self, info: Info) -> int:
        """Count."""
        facts = await self._facts(info.context)
        return int(facts["crossed"]) if facts else 0

    @strawberry.field(description="Share of Party members among its members, in per cent. 党员比例")
    async def party_member_share(self, info: Info) -> Decimal | None:
        """Compute."""
        facts = await self._facts(info.context)
        return percent(facts["party_members"], facts["members"]) if facts else None

    @strawberry.field(description="Whether it counts as red, by the practice's rule. 是否红色业委会")
    async def is_red(self, info: Info) -> bool:
        """Ask the rule."""
        facts, rule = await self._facts(info.context), await red_rule(info.context)
        return facts is not None and is_red(rule, facts_from(facts, rule))


async def committee_by_id(context: Context, id_: UUID) -> Committee | None:
    """Return a committee in scope."""
    row = await context.loader(reads.load_committees).load(id_)
    return None if row is None else Committee.of(row)


async def page_of(
    context: Context, statement: Select[tuple[object, ...]], asked: PageArguments, mark: str
) -> Connection[CommitteeLink]:
    """Return a page of committees by region."""
    page = await paginate(await context.read(), statement, reads.COMMITTEE_ORDER, asked, mark)
    return page.connection(Committee.of)
