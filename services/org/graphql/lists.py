"""The four lists of a community in the graph: what is on them, what leads to what, and what came of it."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry
from sqlalchemy import false, func, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain import lists as rules
from services.org.domain.periods import today
from services.org.graphql import organisations, partners
from services.org.graphql.links import MOST_LISTED, Info, JointProblemLink, OrganisationLink, VisitLink, uuid_of
from services.org.graphql.registered import Registered, register_row
from services.org.graphql.words import Kind, kind_of
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.lists import count_lists, load_items_of_tickets, load_led_from, load_led_to


@strawberry.enum(description="One of the four lists of a community. 四张清单")
class CommunityList(Enum):
    """As `domain.lists.ListName`, by name."""

    NEED = strawberry.enum_value("NEED", description="Needs and problems. 需求问题清单")
    RESOURCE = strawberry.enum_value("RESOURCE", description="Resources. 资源清单")
    SERVICE = strawberry.enum_value("SERVICE", description="Services. 服务清单")
    TASK = strawberry.enum_value("TASK", description="Governance tasks. 治理任务清单")


ListArgument = Annotated[CommunityList | None, strawberry.argument(name="list", description="Of one list only. 清单")]


@strawberry.federation.type(keys=["id"], description="A request; tickets has the rest. 议事单")
class Ticket:
    """A reference, with what of the community's registers it answers."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")

    @classmethod
    def resolve_reference(cls, info: Info, id: strawberry.ID) -> Ticket:  # noqa: A002
        """Answer the gateway; tickets knows whether there is such a ticket."""
        info.context.access.admit(info.context.caller, "lists")
        return cls(id=id)

    @strawberry.field(description="What on communities' lists it handles, in your scope; at most 100. 所办清单事项")
    async def list_items(self, info: Info) -> list[ListItem]:
        """Read them."""
        info.context.access.admit(info.context.caller, "lists")
        rows = await info.context.loader(load_items_of_tickets).load(uuid_of(self.id))
        return [ListItem.of(row, today()) for row in rows[:MOST_LISTED]]

    @strawberry.field(
        description="Problems that partner units took on and that it is, or whose item on a list it handles, at most "
        "100; for staff of the place, empty to others. 所办突出问题"
    )
    async def joint_problems(self, info: Info) -> list[JointProblemLink]:
        """Read them."""
        return await partners.joint_problems_of(info.context, uuid_of(self.id))

    @strawberry.field(
        description="The visits that found what it handles, the first first, at most 100; for staff of where they were "
        "made, empty to others. 走访来源"
    )
    async def visits(self, info: Info) -> list[VisitLink]:
        """Read them."""
        from services.org.graphql import contacts  # noqa: PLC0415 (it refers to what refers to it)

        return await contacts.visits_of_ticket(info.context, uuid_of(self.id))


@strawberry.type(description="Something on one of the four lists of a community. 清单事项")
class ListItem(Registered):
    """An item."""

    @strawberry.field(name="list", description="On which list. 所属清单")
    def on_list(self) -> CommunityList:
        """Read it off the row."""
        return CommunityList(self.row["list"])

    @strawberry.field(description="Its kind in this practice, where the list has kinds. 类型")
    async def kind(self, info: Info) -> Kind | None:
        """Read the kind."""
        code = self.row["kind"]
        return None if code is None else await kind_of(info.context, self.row["list"].lower(), code)

    @strawberry.field(description="What it is, in a few words. 名称")
    def title(self) -> str:
        """Read it off the row."""
        title: str = self.row["title"]
        return title

    @strawberry.field(description="What is to be said more. 说明")
    def detail(self) -> str | None:
        """Read it off the row."""
        detail: str | None = self.row["detail"]
        return detail

    @strawberry.field(description="Whose it is, or who sees to it, if in your scope. 责任单位")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        held_by = self.row["organisation_id"]
        return None if held_by is None else await organisations.organisation_by_id(info.context, held_by, self.day)

    @strawberry.field(description="The ticket that handles it. 转办议事单")
    def ticket(self) -> Ticket | None:
        """Refer to it."""
        ticket_id = self.row["ticket_id"]
        return None if ticket_id is None else Ticket(id=strawberry.ID(str(ticket_id)))

    @strawberry.field(description="What came of it; of services and tasks. 办理结果")
    def result(self) -> str | None:
        """Read it off the row, unless it came later."""
        result: str | None = self.row["result"] if self._settled() else None
        return result

    @strawberry.field(description="The day of its result. 办结日期")
    def settled_on(self) -> date | None:
        """Read it off the row, unless it came later."""
        return self._settled()

    @strawberry.field(description="What it leads to: resources, services and tasks; at most 100. 对接事项")
    async def leads_to(self, info: Info) -> list[ListItem]:
        """Read the items."""
        rows = await info.context.loader(load_led_to).load(self.row["id"])
        return [ListItem.of(row, self.day) for row in rows[:MOST_LISTED]]

    @strawberry.field(description="What leads to it: needs and resources; at most 100. 来源事项")
    async def led_from(self, info: Info) -> list[ListItem]:
        """Read the items."""
        rows = await info.context.loader(load_led_from).load(self.row["id"])
        return [ListItem.of(row, self.day) for row in rows[:MOST_LISTED]]

    def _settled(self) -> date | None:
        on: date | None = self.row["settled_on"]
        return on if on is not None and on <= self.day else None


@strawberry.type(description="How one of the four lists stands in a place. 清单统计")
class ListCounts:
    """Counts of a list."""

    items: int = strawberry.field(description="Items on it. 事项数")
    kinds: int = strawberry.field(description="Kinds that there are items of. 类型数")
    linked: int = strawberry.field(description="Items that lead to others or that others lead to. 已对接")
    settled: int = strawberry.field(description="Items that have their result; of services and tasks. 已办结")
    answered: int = strawberry.field(description="Needs from which links lead to a result. 需求已回应")


@strawberry.type(description="How the four lists stand in a place. 四张清单统计")
class ListStats:
    """Counts of each list."""

    lists: int = strawberry.field(description="Lists that something is on. 已建清单数")
    needs: ListCounts = strawberry.field(description="Needs and problems. 需求问题清单")
    resources: ListCounts = strawberry.field(description="Resources. 资源清单")
    services: ListCounts = strawberry.field(description="Services. 服务清单")
    tasks: ListCounts = strawberry.field(description="Governance tasks. 治理任务清单")


async def list_items_page(
    context: Context,
    place: Place,
    wanted: CommunityList | None,
    kind: str | None,
    settled: bool | None,  # noqa: FBT001
    asked: PageArguments,
) -> Connection[ListItem]:
    """Return a page of what is on the lists in a place and below, by community."""
    context.access.admit(context.caller, "lists")
    i = t.list_item
    statement = select(i).where(within(i.c.region_id, i.c.region_code, place, direct=False), in_force(i, place.as_of))
    if wanted is not None:
        statement = statement.where(i.c.list == wanted.value)
    if kind is not None:
        statement = statement.where(i.c.kind == kind)
    if settled is not None:
        has_result = func.coalesce(i.c.settled_on <= place.as_of, false())
        statement = statement.where(has_result if settled else ~has_result)
    mark = fingerprint("list_item", place.id, wanted and wanted.value, kind, settled, place.as_of)
    page = await paginate(await context.read(), statement, [i.c.region_code, i.c.id], asked, mark)
    return page.connection(lambda row: ListItem.of(row, place.as_of))


async def list_stats_in(context: Context, place: Place) -> ListStats:
    """Count each of the four lists in a place."""
    context.access.admit(context.caller, "lists")
    found = {row["list"]: row for row in await count_lists(await context.read(), place)}
    names = ("items", "kinds", "linked", "settled", "answered")
    counts = {
        one.value: ListCounts(**{name: found[one.value][name] if one.value in found else 0 for name in names})
        for one in rules.ListName
    }
    return ListStats(
        lists=len(found),
        needs=counts["NEED"],
        resources=counts["RESOURCE"],
        services=counts["SERVICE"],
        tasks=counts["TASK"],
    )


async def list_item_by_id(context: Context, id_: UUID) -> ListItem | None:
    """Return an item in scope."""
    row = await register_row(context, t.list_item, id_)
    return None if row is None else ListItem.of(row, today())
