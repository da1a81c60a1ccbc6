"""What partner units do, in the graph: contributions and what they count for, problems taken on and settled."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.access import staff_regions
from services.org.domain import partners as rules
from services.org.domain.periods import today
from services.org.graphql import compounds, organisations, regions, registers
from services.org.graphql import lists as on_lists
from services.org.graphql.links import MOST_LISTED, Info, ListItemLink, OrganisationLink, RegionLink, TicketLink
from services.org.graphql.words import Kind, kind_of
from services.org.storage import partners as reads
from services.org.storage.in_force import Place
from services.org.storage.lists import load_list_items
from services.org.storage.partner_tables import contribution, joint_problem

MOST_SHOWN = 200
_YEARS = range(2000, 2101)


@strawberry.type
class _Done:
    """What is done by a paired unit in its region, or in a compound there."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(id=strawberry.ID(str(row["id"])), version=row["version"], row=row)

    @strawberry.field(description="By which pairing. 共建结对")
    async def pairing(self, info: Info) -> registers.Pairing | None:
        """Read the pairing."""
        return await registers.pairing_by_id(info.context, self.row["pairing_id"])

    @strawberry.field(description="In which compound, if in one. 小区")
    def compound(self) -> compounds.Compound | None:
        """Refer to it."""
        id_ = self.row["compound_id"]
        return None if id_ is None else compounds.Compound(id=strawberry.ID(str(id_)))

    @strawberry.field(description="Where. 区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.row["region_id"], today())


@strawberry.type(description="What a partner unit did where it is paired. 共建贡献")
class Contribution(_Done):
    """A contribution."""

    @strawberry.field(description="Its kind in this practice, which says what is counted. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "contribution", self.row["kind"])

    @strawberry.field(description="How much: yuan, person-times, or what the kind says. 数量")
    def amount(self) -> int:
        """Read it off the row."""
        return int(self.row["amount"])

    @strawberry.field(description="When. 日期")
    def on(self) -> date:
        """Read it off the row."""
        day: date = self.row["made_on"]
        return day

    @strawberry.field(description="What it was. 说明")
    def note(self) -> str | None:
        """Read it off the row."""
        note: str | None = self.row["note"]
        return note

    @strawberry.field(description="Why it does not count; null while it does. 撤销原因")
    def cancelled_because(self) -> str | None:
        """Read it off the row."""
        reason: str | None = self.row["cancelled_because"]
        return reason


@strawberry.type(description="An outstanding problem that a partner unit took on. 突出问题")
class JointProblem(_Done):
    """A problem."""

    @strawberry.field(description="When it was taken on. 认领日期")
    def taken_on(self) -> date:
        """Read it off the row."""
        day: date = self.row["taken_on"]
        return day

    @strawberry.field(description="When it was settled; null while it is not. 销号日期")
    def settled_on(self) -> date | None:
        """Read it off the row."""
        day: date | None = self.row["settled_on"]
        return day

    @strawberry.field(description="What came of it. 结果")
    def result(self) -> str | None:
        """Read it off the row."""
        result: str | None = self.row["result"]
        return result

    @strawberry.field(description="Where it is on a list of the community. 清单事项")
    async def list_item(self, info: Info) -> ListItemLink | None:
        """Read the item."""
        id_ = self.row["list_item_id"]
        return None if id_ is None else await on_lists.list_item_by_id(info.context, id_)

    @strawberry.field(description="The ticket that it is, or that handles its item on a list. 工单")
    async def ticket(self, info: Info) -> TicketLink | None:
        """Refer to it."""
        id_ = self.row["ticket_id"]
        if id_ is None and self.row["list_item_id"] is not None:
            item = await info.context.loader(load_list_items).load(self.row["list_item_id"])
            id_ = None if item is None else item["ticket_id"]
        return None if id_ is None else on_lists.Ticket(id=strawberry.ID(str(id_)))


@strawberry.type(description="What came together of one kind. 分类统计")
class ContributionCount:
    """A kind's sums."""

    times: int = strawberry.field(description="How often. 次数")
    amount: float = strawberry.field(description="How much. 数量")
    code: strawberry.Private[str]

    @strawberry.field(description="The kind. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "contribution", self.code)


@strawberry.type(description="What a unit's contributions of a year count for. 单位共建考评")
class UnitScore:
    """A unit's year."""

    points: int = strawberry.field(description="Points by the practice's rules. 得分")
    times: int = strawberry.field(description="How often it did something. 次数")
    organisation_id: strawberry.Private[UUID]

    @strawberry.field(description="The unit, if in your scope. 单位")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the unit."""
        return await organisations.organisation_by_id(info.context, self.organisation_id, today())


@strawberry.type(description="What partner units did in a region in a year. 共建参与统计")
class PartnerStats:
    """The counts."""

    units: int = strawberry.field(description="Units that are paired here. 结对单位数")
    contributing: int = strawberry.field(description="Units that did something in the year. 有贡献单位数")
    times: int = strawberry.field(description="How often, all together. 次数")
    kinds: list[ContributionCount] = strawberry.field(description="By the practice's kinds. 分类")
    scores: strawberry.Private[list[UnitScore]]

    @strawberry.field(description="Each unit's points, in no order of merit; at most 200. 各单位得分")
    def unit_scores(self, first: int = 50) -> list[UnitScore]:
        """List them."""
        return self.scores[: max(0, min(first, MOST_SHOWN))]


@strawberry.type(description="A pairing that has settled fewer problems than it should this year. 未完成结对")
class OwedProblem:
    """A debt."""

    settled: int = strawberry.field(description="Problems settled in the year. 已解决")
    fewest: int = strawberry.field(description="How many it should have. 应解决")
    pairing_id: strawberry.Private[UUID]
    compound_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The pairing. 共建结对")
    async def pairing(self, info: Info) -> registers.Pairing | None:
        """Read the pairing."""
        return await registers.pairing_by_id(info.context, self.pairing_id)

    @strawberry.field(description="The compound; null when the pairing has none. 小区")
    def compound(self) -> compounds.Compound | None:
        """Refer to it."""
        return None if self.compound_id is None else compounds.Compound(id=strawberry.ID(str(self.compound_id)))


@strawberry.type(description="How many problems paired units settled in a year, held against the rule. 突出问题统计")
class JointProblemStats:
    """The counts; a pairing counts once for each compound that it looks after."""

    due: int = strawberry.field(description="Pairings and compounds that the rule asks of. 应完成数")
    fulfilled: int = strawberry.field(description="Of these, with enough problems settled. 已完成数")
    beyond: int = strawberry.field(description="Of these, with more settled than the rule expects. 超额数")
    settled: int = strawberry.field(description="Problems settled. 已解决问题数")
    short: strawberry.Private[list[rules.Settled]]

    @strawberry.field(description="Who has not yet, the fewest first; at most 200. 未完成")
    def owing(self, first: int = 50) -> list[OwedProblem]:
        """List them."""
        return [
            OwedProblem(settled=one.settled, fewest=one.fewest, pairing_id=one.pairing_id, compound_id=one.compound_id)
            for one in self.short[: max(0, min(first, MOST_SHOWN))]
        ]


@strawberry.type(description="How many problems of a compound a paired unit helps to settle in a year. 结对要求")
class PairingRule:
    """A rule."""

    fewest_problems: int = strawberry.field(description="At least. 至少")
    most_problems: int = strawberry.field(description="As a rule at most. 至多")
    code: strawberry.Private[str]

    @strawberry.field(description="The kind of pairing. 结对类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "pairing", self.code)


async def pairing_rules(context: Context) -> list[PairingRule]:
    """Return the practice's rules."""
    found = await reads.load_pairing_rules(await context.read())
    return [PairingRule(fewest_problems=one.fewest, most_problems=one.most, code=one.kind) for one in found]


async def partner_stats_in(context: Context, place: Place, year: int) -> PartnerStats:
    """Count what partner units did in a place in a year; for staff of it. Raises BadRequest, Forbidden."""
    _check(context, place, year)
    session = await context.read()
    how = await reads.load_contribution_rules(session)
    by_unit = await reads.load_amounts(session, reads.here(contribution, place), year)
    times, amounts = Counter[str](), Counter[str]()
    for kinds in by_unit.values():
        for kind, (often, amount) in kinds.items():
            times[kind] += often
            amounts[kind] += amount
    return PartnerStats(
        units=await reads.load_paired_units(session, place),
        contributing=len(by_unit),
        times=times.total(),
        kinds=[ContributionCount(times=times[one], amount=float(amounts[one]), code=one) for one in sorted(times)],
        scores=[
            UnitScore(
                points=rules.score({kind: amount for kind, (_, amount) in kinds.items()}, how),
                times=sum(often for often, _ in kinds.values()),
                organisation_id=unit,
            )
            for unit, kinds in sorted(by_unit.items())
        ],
    )


async def joint_problem_stats_in(context: Context, place: Place, year: int) -> JointProblemStats:
    """Hold a year's settled problems against the rule; for staff of the place. Raises BadRequest, Forbidden."""
    _check(context, place, year)
    counts = await reads.load_settled(await context.read(), place, year)
    return JointProblemStats(
        due=len(counts),
        fulfilled=sum(one.settled >= one.fewest for one in counts),
        beyond=sum(one.settled > one.most for one in counts),
        settled=sum(one.settled for one in counts),
        short=rules.owing(counts),
    )


async def contributions_page(
    context: Context, place: Place, year: int, kind: str | None, asked: PageArguments
) -> Connection[Contribution]:
    """Return a page of a year's contributions in a place; for staff of it. Raises BadRequest, Forbidden."""
    _check(context, place, year)
    statement = reads.contributions_in(reads.here(contribution, place), year)
    if kind is not None:
        statement = statement.where(contribution.c.kind == kind)
    mark = fingerprint("contributions", place.id, year, kind, place.as_of)
    order = [contribution.c.region_code, contribution.c.id]
    return (await paginate(await context.read(), statement, order, asked, mark)).connection(Contribution.of)


async def joint_problems_page(
    context: Context,
    place: Place,
    settled: bool | None,  # noqa: FBT001
    asked: PageArguments,
) -> Connection[JointProblem]:
    """Return a page of the problems that units took on in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "partners", place.code, what="region")
    j = joint_problem
    statement = select(j).where(reads.here(j, place))
    if settled is not None:
        statement = statement.where(j.c.settled_on.is_not(None) if settled else j.c.settled_on.is_(None))
    mark = fingerprint("joint_problems", place.id, settled, place.as_of)
    page = await paginate(await context.read(), statement, [j.c.region_code, j.c.id], asked, mark)
    return page.connection(JointProblem.of)


async def joint_problems_of(context: Context, ticket_id: UUID) -> list[JointProblem]:
    """Return the problems that a ticket is about, where the caller is staff."""
    regions_of_staff = staff_regions(context.caller)
    rows = await context.loader(reads.load_problems_of_tickets).load(ticket_id)
    mine = (row for row in rows if any(row["region_code"].startswith(code) for code in regions_of_staff))
    return [JointProblem.of(row) for row in islice(mine, MOST_LISTED)]


async def contribution_by_id(context: Context, id_: UUID) -> Contribution | None:
    """Return a contribution in scope."""
    row = await (await context.read()).row(select(contribution).where(contribution.c.id == id_))
    return None if row is None else Contribution.of(row)


async def joint_problem_by_id(context: Context, id_: UUID) -> JointProblem | None:
    """Return a problem in scope."""
    row = await (await context.read()).row(select(joint_problem).where(joint_problem.c.id == id_))
    return None if row is None else JointProblem.of(row)


def _check(context: Context, place: Place, year: int) -> None:
    context.access.permit(context.caller, "partners", place.code, what="region")
    if year not in _YEARS:
        raise BadRequest(reason="year must lie between 2000 and 2100.")
