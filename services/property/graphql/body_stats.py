"""Figures of committees, companies and care in the graph; shares in per cent, rounded half up."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import strawberry
from sqlalchemy import RowMapping

from chassis.errors import BadRequest
from services.property.domain.levels import Level
from services.property.domain.red import Facts, RedRule, is_red
from services.property.domain.shares import MOST_DECIMALS, percent
from services.property.graphql import regions
from services.property.graphql.committee_enums import CommitteeForm, PartyForm
from services.property.graphql.enums import CompoundCare
from services.property.graphql.links import Info, RegionLink
from services.property.storage import body_stats as reads
from services.property.storage.red import facts_from, party_form, red_rule

_Decimals = Annotated[int, strawberry.argument(description="How many decimals, 0 to 2. 小数位数")]
_OWNERS = "owners_committee"
_MOST_CATEGORIES = 50


def share(part: int, total: int, decimals: int) -> Decimal | None:
    """Return a share. Raises BadRequest for decimals that are not 0 to 2."""
    if not 0 <= decimals <= MOST_DECIMALS:
        raise BadRequest(reason="decimals is 0 to 2.")
    return percent(part, total, decimals)


@strawberry.type(description="Committees in office. 业主组织统计")
class CommitteeStats:
    """Counts of one region and what is below it."""

    rows: strawberry.Private[list[RowMapping]]
    rule: strawberry.Private[RedRule]

    @strawberry.field(description="How many; of a form if given. 数量")
    def count(self, form: Annotated[CommitteeForm | None, strawberry.argument(description="Form. 形式")] = None) -> int:
        """Count."""
        return sum(form is None or row["form"] == form.name.lower() for row in self.rows)

    @strawberry.field(description="Members of owners' committees. 业委会委员数")
    def members(self) -> int:
        """Add up."""
        return sum(row["members"] for row in self._owners)

    @property
    def _owners(self) -> list[RowMapping]:
        return [row for row in self.rows if row["form"] == _OWNERS]

    @strawberry.field(description="Share of Party members among the members of owners' committees. 业委会党员比例")
    def party_member_share(self, decimals: _Decimals = MOST_DECIMALS) -> Decimal | None:
        """Compute."""
        members = sum(row["party_members"] for row in self._owners)
        return share(members, sum(row["members"] for row in self._owners), decimals)

    @strawberry.field(description="With a Party branch, or with a working group. 建立党组织的业委会数")
    def with_party(self, form: Annotated[PartyForm, strawberry.argument(description="Which. 形式")]) -> int:
        """Count."""
        return sum(party_form(self.rule, row["organisation_kind"]) == form.name.lower() for row in self.rows)

    @property
    def _red(self) -> int:
        return sum(is_red(self.rule, facts_from(row, self.rule)) for row in self._owners)

    @strawberry.field(description="Owners' committees that count as red. 红色业委会数")
    def red(self) -> int:
        """Count."""
        return self._red

    @strawberry.field(description="Their share of all owners' committees. 红色业委会占比")
    def red_share(self, decimals: _Decimals = MOST_DECIMALS) -> Decimal | None:
        """Compute."""
        return share(self._red, len(self._owners), decimals)


@strawberry.type(description="Property companies. 物业服务企业统计")
class CompanyStats:
    """Counts of one region and what is below it."""

    rows: strawberry.Private[list[RowMapping]]
    rule: strawberry.Private[RedRule]

    @strawberry.field(description="How many. 数量")
    def count(self) -> int:
        """Count."""
        return len(self.rows)

    @strawberry.field(description="With a Party branch of their staff. 成立党支部")
    def with_branch(self) -> int:
        """Count."""
        return sum(row["has_party_branch"] for row in self.rows)

    @property
    def _red(self) -> int:
        return sum(
            is_red(
                self.rule,
                Facts(row["members"], row["crossed"], row["crossed"], row["chair_crossed"], row["has_party_branch"]),
            )
            for row in self.rows
        )

    @strawberry.field(description="Companies that count as red. 红色物业数")
    def red(self) -> int:
        """Count."""
        return self._red

    @strawberry.field(description="Their share of all companies. 红色物业占比")
    def red_share(self, decimals: _Decimals = MOST_DECIMALS) -> Decimal | None:
        """Compute."""
        return share(self._red, len(self.rows), decimals)


@strawberry.type(description="How far a region has come with compounds that lack care. 清零进度")
class LackProgress:
    """One region of the level that was asked for."""

    registered: int = strawberry.field(description="Compounds that were in the register. 登记数")
    left: int = strawberry.field(description="Of these not converted yet. 未转化数")
    region_id: strawberry.Private[strawberry.ID]

    @strawberry.field(description="The region. 区划")
    def region(self) -> RegionLink:
        """Refer to it; org has the rest."""
        return regions.Region(id=self.region_id)


@strawberry.type(description="A way settled for compounds that lack care. 治理方案")
class LackSolution:
    """A way of care, and for how many it was settled."""

    care: CompoundCare = strawberry.field(description="The way of care. 管理方式")
    compounds: int = strawberry.field(description="Compounds of the register for which it was settled. 小区数")


@strawberry.type(description="The ways settled for compounds that lack care. 治理方案统计")
class LackSolutions:
    """Counts of one region and what is below it."""

    ways: list[LackSolution] = strawberry.field(description="Each way that was settled for any, at most 6. 各方案")

    @strawberry.field(description="How many different ways. 方案种数")
    def count(self) -> int:
        """Count."""
        return len(self.ways)


@strawberry.type(description="Tickets about property. 物业类工单")
class PropertyTickets:
    """Counts of some categories."""

    raised: int = strawberry.field(description="Raised. 提单数")
    done: int = strawberry.field(description="Carried through. 办结数")
    rated: int = strawberry.field(description="Evaluated by who raised them. 评价数")


async def committee_stats(info: Info, prefix: str) -> CommitteeStats:
    """Read them."""
    rule = await red_rule(info.context)
    rows = await info.context.loader(reads.load_committee_facts).load((prefix, rule.titles))
    return CommitteeStats(rows=rows, rule=rule)


async def company_stats(info: Info, prefix: str) -> CompanyStats:
    """Read them."""
    rule = await red_rule(info.context)
    rows = await info.context.loader(reads.load_company_facts).load((prefix, rule.titles))
    return CompanyStats(rows=rows, rule=rule)


async def lack_solutions(info: Info, prefix: str) -> LackSolutions:
    """Read the ways that were settled, by code."""
    rows = await info.context.loader(reads.load_lack_solutions).load(prefix)
    ways = [LackSolution(care=CompoundCare[row["solution"].upper()], compounds=row["compounds"]) for row in rows]
    return LackSolutions(ways=ways)


async def lack_progress(info: Info, prefix: str) -> list[LackProgress]:
    """Read the progress by district above a district, else by community."""
    level = Level.DISTRICT if len(prefix) < Level.DISTRICT.value else Level.COMMUNITY
    rows = await info.context.loader(reads.load_lack_progress).load((prefix, level.value))
    return [
        LackProgress(registered=row["registered"], left=row["left"], region_id=strawberry.ID(str(row["id"])))
        for row in rows
    ]


async def tickets(info: Info, prefix: str, categories: list[str]) -> PropertyTickets:
    """Count them. Raises BadRequest for more categories than a process can have."""
    if len(categories) > _MOST_CATEGORIES:
        raise BadRequest(reason=f"At most {_MOST_CATEGORIES} categories are counted at once.")
    loader = info.context.loader(reads.load_ticket_counts)
    rows = await loader.load_many([(prefix, category) for category in sorted(set(categories))])
    return PropertyTickets(**{name: sum(row[name] for row in rows if row) for name in ("raised", "done", "rated")})
