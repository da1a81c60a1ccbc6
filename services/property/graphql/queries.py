"""The root queries."""

from __future__ import annotations

import strawberry

from chassis.errors import NotFound
from chassis.graphql.connection import Connection, PageArguments, fingerprint
from services.property.graphql import households
from services.property.graphql.compounds import Compound, compound_by_id
from services.property.graphql.links import HouseholdLink, Info, uuid_of
from services.property.storage import reads


@strawberry.type(description="What can be asked. 查询")
class Query:
    """What property answers at the root."""

    @strawberry.field(description="A compound. 小区")
    async def compound(self, info: Info, id: strawberry.ID) -> Compound:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "compound")
        found = await compound_by_id(info.context, uuid_of(id))
        if found is None:
            raise NotFound(what="compound")
        return found

    @strawberry.field(description="The exclusive parts that the caller owns, alone or with others. 我的房产")
    async def my_households(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[HouseholdLink]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "myHouseholds")
        subject = str(info.context.caller.subject)
        asked = PageArguments(first, after, last, before)
        statement = reads.parts_of_subject(subject)
        return await households.page_of(info.context, statement, asked, fingerprint("myHouseholds", subject))
