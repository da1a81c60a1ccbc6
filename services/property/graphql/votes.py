"""Votes in the graph. While a vote is open only participation is shown; how anybody voted is never shown."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import msgspec
import strawberry
from sqlalchemy import RowMapping, Select, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.property.access import sees_register
from services.property.domain.ballot_keys import ballot_key
from services.property.domain.rules import VoteRule
from services.property.domain.voting import Matter
from services.property.graphql import compounds
from services.property.graphql.enums import BallotChannel, ReceiptStanding, VoteMatter, VoteStatus
from services.property.graphql.links import CompoundLink, Info, VoteLink, hundredths, square_metres
from services.property.graphql.open_ballots import OpenBallot, page_of_open_ballots
from services.property.storage import vote_tables as t
from services.property.storage import votes as reads

_NUMBER = t.elector.c.number


@strawberry.type(description="Owners by both measures of the law. 面积与人数")
class VoteWeight:
    """An area and a number of owners."""

    area: Decimal = strawberry.field(description="Exclusive area in m². 专有部分面积")
    owners: int = strawberry.field(description="How many count as one owner each. 业主人数")

    @classmethod
    def of(cls, area: int, heads: int) -> Self:
        """Make it from integers."""
        return cls(area=square_metres(area), owners=heads)


@strawberry.type(description="What became of a matter, with the numbers it rests on. 表决结果")
class VoteResult:
    """A result."""

    passed: bool = strawberry.field(description="Whether it is decided: quorum and majority by both measures. 是否通过")
    quorum_by_area: bool = strawberry.field(description="At least two thirds of the area took part. 面积参与达标")
    quorum_by_owners: bool = strawberry.field(description="At least two thirds of the owners did. 人数参与达标")
    majority_by_area: bool = strawberry.field(description="Enough of the area that took part agrees. 面积同意达标")
    majority_by_owners: bool = strawberry.field(description="Enough of the owners who took part agree. 人数同意达标")
    yes: VoteWeight = strawberry.field(description="Agree; with the silent where the rule says so. 同意")
    no: VoteWeight = strawberry.field(description="Do not. 反对")
    abstain: VoteWeight = strawberry.field(description="Take part without agreeing. 弃权")

    @classmethod
    def of(cls, found: dict[str, Any]) -> Self:
        """Make it from what is stored."""
        return cls(
            passed=found["passed"],
            quorum_by_area=found["quorum_area"],
            quorum_by_owners=found["quorum_heads"],
            majority_by_area=found["majority_area"],
            majority_by_owners=found["majority_heads"],
            **{name: VoteWeight.of(found[name]["area"], found[name]["heads"]) for name in ("yes", "no", "abstain")},
        )


@strawberry.type(description="A matter that is voted on. 表决事项")
class VoteItem:
    """A matter."""

    position: int = strawberry.field(description="Its place, from 0; `choices` of a ballot follow it. 序号")
    matter: VoteMatter = strawberry.field(description="Its item in article 278. 事项类别")
    text: str = strawberry.field(description="What exactly is to be decided. 内容")
    amount: Decimal | None = strawberry.field(description="Money to use or raise, in yuan. 金额")
    is_special: bool = strawberry.field(description="Whether three quarters decide, not more than half. 是否四分之三")
    result: VoteResult | None = strawberry.field(description="Once closed. 结果")

    @classmethod
    def of(cls, row: RowMapping, rule: VoteRule) -> Self:
        """Make it from its row."""
        matter = Matter(row["matter"])
        return cls(
            position=row["position"],
            matter=VoteMatter[matter.name],
            text=row["text"],
            amount=None if row["amount"] is None else hundredths(row["amount"]),
            is_special=rule.is_special(matter),
            result=VoteResult.of(row["result"]) if row["result"] else None,
        )


@strawberry.type(description="Who counts as one owner in a vote, as the register was frozen at opening. 表决权人")
class VoteElector:
    """An elector; whether they voted, and never what."""

    id: strawberry.ID = strawberry.field(description="Identity in this vote. 标识")
    number: int = strawberry.field(description="Number in the frozen register. 序号")
    area: Decimal = strawberry.field(description="Exclusive area in m². 专有部分面积")
    parts: int = strawberry.field(description="How many exclusive parts. 专有部分数")
    was_delivered: bool = strawberry.field(description="Whether a ballot was handed over. 是否送达")
    channel: BallotChannel | None = strawberry.field(description="How the last ballot was given; null: none. 表决方式")
    voted_at: datetime | None = strawberry.field(description="When. 表决时间")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            number=row["number"],
            area=square_metres(row["area"]),
            parts=len(row["parts"]),
            was_delivered=row["delivered_at"] is not None,
            channel=BallotChannel[row["channel"].upper()] if row["channel"] else None,
            voted_at=row["at"],
        )


@strawberry.type(description="An elector for whom the caller votes. 我的表决权")
class MyElector:
    """The caller's own place in a vote."""

    elector: VoteElector = strawberry.field(description="The elector. 表决权人")
    receipt: str | None = strawberry.field(description="Receipt of the ballot that counts now. 回执")


_MOST_MINE = 200


@strawberry.type(description="An objection to a result. 异议")
class VoteObjection:
    """An objection; shown to who keeps the register and to who made it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    text: str = strawberry.field(description="What is objected. 内容")
    at: datetime = strawberry.field(description="When. 时间")
    answer: str | None = strawberry.field(description="The answer. 答复")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(id=strawberry.ID(str(row["id"])), text=row["text"], at=row["at"], answer=row["answer"])


@strawberry.type(description="A vote of a compound's owners. 业主共同决定事项表决")
class Vote:
    """A vote."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    title: str = strawberry.field(description="What it is about. 标题")
    status: VoteStatus = strawberry.field(description="Where it stands. 状态")
    is_secret: bool = strawberry.field(description="Whether the rule asks for a secret vote. 是否无记名")
    round: int = strawberry.field(description="Which round, from 1. 轮次")
    opens_at: datetime = strawberry.field(description="When it opens. 开始时间")
    closes_at: datetime = strawberry.field(description="When it closes. 截止时间")
    extensions: int = strawberry.field(description="How often it was extended for want of a quorum. 延期次数")
    register_digest: str | None = strawberry.field(description="SHA-256 of the frozen register. 名册摘要")
    receipts_digest: str | None = strawberry.field(description="SHA-256 of all receipts that count. 回执摘要")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = ("version", "title", "round", "opens_at", "closes_at", "extensions")
        return cls(
            id=strawberry.ID(str(row["id"])),
            status=VoteStatus[row["status"].upper()],
            is_secret=row["secret"],
            register_digest=row["register_digest"],
            receipts_digest=row["receipts_digest"],
            row=row,
            **{name: row[name] for name in same},
        )

    @property
    def _rule(self) -> VoteRule:
        return msgspec.convert(self.row["rule"], VoteRule)

    @strawberry.field(description="The deliberated ticket that brought it here. 议事工单")
    def ticket_id(self) -> strawberry.ID | None:
        """Read it."""
        return strawberry.ID(str(self.row["ticket_id"])) if self.row["ticket_id"] else None

    @strawberry.field(description="The compound. 小区")
    async def compound(self, info: Info) -> CompoundLink | None:
        """Read it."""
        return await compounds.compound_by_id(info.context, self.row["compound_id"])

    @strawberry.field(description="The rule it runs by, in the language of Accept-Language. 适用规则")
    def rule(self, info: Info) -> str:
        """Name it."""
        return self._rule.name_zh if info.context.language == "zh-CN" else self._rule.name_en

    @strawberry.field(description="弃权从多: whether silent owners who were handed a ballot go with the majority.")
    def silent_go_with_majority(self) -> bool:
        """Read it off the rule."""
        return self._rule.silent_with_majority

    @strawberry.field(description="The matters in their order, at most 32. 事项")
    async def items(self, info: Info) -> list[VoteItem]:
        """Read them."""
        rows = await info.context.loader(reads.load_items).load(self.row["id"])
        return [VoteItem.of(row, self._rule) for row in rows]

    @strawberry.field(description="All owners of the frozen register; null before it opens. 业主总数")
    def total(self) -> VoteWeight | None:
        """Read it."""
        heads = self.row["total_heads"]
        return None if heads is None else VoteWeight.of(self.row["total_area"], heads)

    @strawberry.field(description="Who has taken part so far, or took part. 已参与")
    async def participation(self, info: Info) -> VoteWeight:
        """Count while it is open; afterwards it is stored."""
        if self.row["part_heads"] is not None:
            return VoteWeight.of(self.row["part_area"], self.row["part_heads"])
        return VoteWeight.of(*await info.context.loader(reads.load_participation).load(self.row["id"]))

    @strawberry.field(description="The electors for whom the caller votes, at most 200. 我的表决权")
    async def mine(self, info: Info) -> list[MyElector]:
        """Read them with the receipts of their ballots."""
        context, subject = info.context, str(info.context.caller.subject)
        rows = await context.loader(reads.load_mine).load((self.row["id"], subject))
        receipts = context.loader(reads.load_receipts)
        return [
            MyElector(
                elector=VoteElector.of(row),
                receipt=await receipts.load(ballot_key(context.cipher, self.row["id"], row["id"])),
            )
            for row in rows[:_MOST_MINE]
        ]

    @strawberry.field(description="The frozen register and who has voted; for who keeps the register. 表决权人名册")
    async def electors(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[VoteElector]:
        """Read a page of them."""
        info.context.access.permit(info.context.caller, "electors", self.row["region_code"], what="vote")
        arguments, mark = PageArguments(first, after, last, before), fingerprint("Vote.electors", self.id)
        statement = reads.electors_of(self.row["id"])
        page = await paginate(await info.context.read(), statement, (_NUMBER,), arguments, mark)
        return page.connection(VoteElector.of)

    @strawberry.field(description="Whether its rule opens ballots to the owners after the close. 是否公开选票")
    async def opens_ballots(self, info: Info) -> bool:
        """Ask the rule; it is known from the announcement on."""
        items = await info.context.loader(reads.load_items).load(self.row["id"])
        return self._rule.opens([row["matter"] for row in items])

    @strawberry.field(
        description="How owners voted, for owners who did and who keeps the register; null unless it is closed and its "
        "rule opens ballots. 公开选票"
    )
    async def open_ballots(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[OpenBallot] | None:
        """Open a page of them."""
        items = await info.context.loader(reads.load_items).load(self.row["id"])
        if self.status is not VoteStatus.CLOSED or not self._rule.opens([row["matter"] for row in items]):
            return None
        asked = PageArguments(first, after, last, before)
        return await page_of_open_ballots(info.context, self.row, len(items), asked)

    @strawberry.field(
        description="Objections in their order: all for who keeps the register, else the caller's own. 异议"
    )
    async def objections(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[VoteObjection]:
        """Read a page of them."""
        context = info.context
        only = None if sees_register(context.caller, self.row["region_code"]) else context.caller.subject or ""
        asked, mark = PageArguments(first, after, last, before), fingerprint("Vote.objections", self.id, only)
        statement = reads.objections_to(self.row["id"], only)
        page = await paginate(await context.read(), statement, reads.OBJECTION_ORDER, asked, mark)
        return page.connection(VoteObjection.of)


async def vote_by_id(context: Context, id_: UUID) -> Vote | None:
    """Return a vote in scope."""
    row = await context.loader(reads.load_votes).load(id_)
    return None if row is None else Vote.of(row)


async def page_of(
    context: Context, statement: Select[tuple[object, ...]], asked: PageArguments, mark: str
) -> Connection[VoteLink]:
    """Return a page of votes, the latest first."""
    order = (t.vote.c.announced_at, t.vote.c.id)
    page = await paginate(await context.read(), statement, order, asked, mark, descending=True)
    return page.connection(Vote.of)


async def standing_of(context: Context, vote: Vote, receipt: str) -> ReceiptStanding:
    """Return what a receipt stands for."""
    b = t.ballot.c
    session = await context.read()
    mine = select(b.vote_id).where(b.vote_id == vote.row["id"], b.receipt == receipt.strip().lower())
    if await session.scalar(mine) is None:
        return ReceiptStanding.UNKNOWN
    return ReceiptStanding.COUNTED if vote.status is VoteStatus.CLOSED else ReceiptStanding.KEPT
