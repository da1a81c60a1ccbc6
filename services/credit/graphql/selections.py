"""Selections and awards in the graph; of people only masked names of who was chosen and agreed."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from chassis.graphql.connection import Connection, PageArguments, paginate
from services.credit.graphql.enums import CreditCandidateState, CreditSelectionState
from services.credit.graphql.links import Info, RegionLink, uuid_of
from services.credit.graphql.market import yuan
from services.credit.storage import histories, selections
from services.credit.storage import selection_tables as s


def _region(id_: UUID) -> RegionLink:
    from services.credit.graphql.regions import Region  # noqa: PLC0415 (regions refer to selections)

    return Region(id=strawberry.ID(str(id_)))


@strawberry.type(description="Who or what may be chosen. 候选对象")
class CreditCandidate:
    """A building, a person or family who agreed, or a duty."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    state: CreditCandidateState = strawberry.field(description="What became of it. 状态")
    name: str | None = strawberry.field(description="Masked name of a person who was chosen and agreed. 脱敏姓名")
    votes: int | None = strawberry.field(description="Votes, once they are counted. 票数")
    mark: float | None = strawberry.field(description="Mean mark, two decimals, once it is counted. 平均分")
    place: int | None = strawberry.field(description="Place, from 1, of who is chosen. 名次")
    region_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            state=CreditCandidateState[row["state"].upper()],
            name=row["shown"],
            votes=row["votes"],
            mark=None if row["mark"] is None else row["mark"] / 100,
            place=row["place"],
            region_id=row["region_id"],
        )

    @strawberry.field(description="The building, or where the person or duty is. 所在区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        return _region(self.region_id)


@strawberry.type(description="Models that are chosen: buildings, families, residents, duties. 评选")
class CreditSelection:
    """A selection of an honour in a region."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    honour: str = strawberry.field(description="Code of the honour in the catalogue. 评选项目")
    state: CreditSelectionState = strawberry.field(description="How far it is. 状态")
    nominations_until: date = strawberry.field(description="First day on which nobody is nominated. 提名截止日")
    choice_until: date = strawberry.field(description="First day on which nobody votes or reviews. 评选截止日")
    published_at: datetime | None = strawberry.field(description="When it was made public. 公示时间")
    public_until: date | None = strawberry.field(description="First day on which it can be concluded. 公示截止日")
    region_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            honour=row["honour"],
            state=CreditSelectionState[row["state"].upper()],
            nominations_until=row["nominations_until"],
            choice_until=row["choice_until"],
            published_at=row["published_at"],
            public_until=row["public_until"],
            region_id=row["region_id"],
        )

    @strawberry.field(description="Where it is held. 评选范围")
    def region(self) -> RegionLink:
        """Refer to it."""
        return _region(self.region_id)

    @strawberry.field(
        description="Who stands or stood, the best first once they are counted; who has not agreed is left out. "
        "候选对象"
    )
    async def candidates(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditCandidate]:
        """Read a page of them; there is nothing in them that not everybody may see."""
        asked = PageArguments(first, after, last, before)
        page = await histories.CANDIDATES.page(info.context, uuid_of(self.id), asked, public=True)
        return page.connection(CreditCandidate.of)


@strawberry.type(description="The caller's own candidacy. 本人参评")
class CreditNomination:
    """As the person sees it who is nominated."""

    id: strawberry.ID = strawberry.field(description="The candidate. 候选标识")
    selection_id: strawberry.ID = strawberry.field(description="The selection. 评选")
    honour: str = strawberry.field(description="Code of the honour. 评选项目")
    state: CreditCandidateState = strawberry.field(description="What became of it; ASKED waits for an answer. 状态")
    place: int | None = strawberry.field(description="Place when chosen. 名次")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            selection_id=strawberry.ID(str(row["selection_id"])),
            honour=row["honour"],
            state=CreditCandidateState[row["state"].upper()],
            place=row["place"],
        )


@strawberry.type(description="What the dedicated fund pays for an honour. 奖励")
class CreditAward:
    """Promised when it is granted."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    honour: str = strawberry.field(description="Code of the honour, or red_flag. 荣誉")
    year: int = strawberry.field(description="Of whose fund it is paid. 资金年度")
    amount_yuan: str = strawberry.field(description="How much. 金额（元）")
    granted_at: datetime = strawberry.field(description="When it was granted. 确定时间")
    paid_at: datetime | None = strawberry.field(description="When it was paid. 发放时间")
    document: str | None = strawberry.field(description="Number of the payment's document. 凭证号")
    region_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            honour=row["honour"],
            year=row["year"],
            amount_yuan=yuan(row["amount_fen"]),
            granted_at=row["granted_at"],
            paid_at=row["paid_at"],
            document=row["document"],
            region_id=row["region_id"],
        )

    @strawberry.field(description="For whose region. 区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        return _region(self.region_id)


async def page_of_selections(info: Info, prefix: str, asked: PageArguments, mark: str) -> Connection[CreditSelection]:
    """Return a page of the selections of a region, the newest first."""
    page = await paginate(
        await info.context.read(),
        selections.selections_in(prefix),
        [s.selection.c.opened_at, s.selection.c.id],
        asked,
        mark,
        descending=True,
    )
    return page.connection(CreditSelection.of)


async def page_of_awards(
    info: Info, book_id: UUID, prefix: str, asked: PageArguments, mark: str
) -> Connection[CreditAward]:
    """Return a page of a book's awards in a region, the newest first."""
    page = await paginate(
        await info.context.read(),
        selections.awards_in(book_id, prefix),
        [s.award.c.granted_at, s.award.c.id],
        asked,
        mark,
        descending=True,
    )
    return page.connection(CreditAward.of)
