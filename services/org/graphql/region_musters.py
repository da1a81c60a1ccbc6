"""What regions have of emergencies: of every level who is mustered, of a community how it works."""

from __future__ import annotations

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import modes, musters
from services.org.graphql.links import DutyLink, Info
from services.org.graphql.region_lists import Placed


@strawberry.type
class Mustered(Placed):
    """A region of a day, with who is mustered there."""

    @strawberry.field(description="Places in emergency groups, here and below; for staff. 应急编组")
    async def musters(
        self,
        info: Info,
        group: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[musters.Muster]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await musters.page_of(info.context, self.place, group, asked)

    @strawberry.field(description="How many communities here are in an emergency, and which. 平急状态统计")
    async def mode_stats(self, info: Info) -> modes.ModeStats:
        """Count them."""
        return await modes.mode_stats_in(info.context, self.place)


@strawberry.type
class Switched(Placed):
    """A community of a day: it goes over to emergency and back."""

    @strawberry.field(description="Peacetime or emergency, since when and why. 平急状态")
    async def mode(self, info: Info) -> modes.CommunityMode:
        """Read the last switch by the end of the day asked about."""
        return await modes.mode_of(info.context, self.place)

    @strawberry.field(description="All switches until the day asked about, the last first. 平急转换记录")
    async def modes(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[modes.CommunityMode]:
        """Read a page of them."""
        return await modes.modes_page(info.context, self.place, PageArguments(first, after, last, before))

    @strawberry.field(
        description="The practice's office and groups with who is in each (一办七组); for staff. 应急花名册"
    )
    async def roster(self, info: Info) -> list[musters.MusterRoster]:
        """Read the groups in their order."""
        return await musters.roster_of(info.context, self.place)

    @strawberry.field(description="Duties here whose holders have no place in a group; for staff. 未编组人员")
    async def unmustered(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await musters.unmustered_page(info.context, self.place, asked)
