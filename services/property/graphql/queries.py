"""The root queries."""

from __future__ import annotations

from typing import Annotated

import strawberry

from chassis.errors import NotFound
from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.events import PublishedEventConnection, events_field
from services.property.graphql import households
from services.property.graphql.committees import committee_by_id
from services.property.graphql.compounds import Compound, compound_by_id
from services.property.graphql.enums import ReceiptStanding
from services.property.graphql.links import CommitteeLink, HouseholdLink, Info, VoteLink, plain, uuid_of
from services.property.graphql.votes import standing_of, vote_by_id
from services.property.storage import reads


@strawberry.type(description="What can be asked. 查询")
class Query:
    """What property answers at the root."""

    property_events: PublishedEventConnection = events_field("property")

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

    @strawberry.field(description="A vote of owners. 业主表决")
    async def vote(self, info: Info, id: strawberry.ID) -> VoteLink:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "vote")
        found = await vote_by_id(info.context, uuid_of(id))
        if found is None:
            raise NotFound(what="vote")
        return found

    @strawberry.field(description="A committee. 业主组织")
    async def committee(self, info: Info, id: strawberry.ID) -> CommitteeLink:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "committee")
        found = await committee_by_id(info.context, uuid_of(id))
        if found is None:
            raise NotFound(what="committee")
        return found

    @strawberry.field(description="What a ballot's receipt stands for; it says nothing of the choices. 回执核验")
    async def ballot_receipt(
        self,
        info: Info,
        vote_id: Annotated[strawberry.ID, strawberry.argument(description="The vote. 表决")],
        receipt: Annotated[str, strawberry.argument(description="The receipt. 回执")],
    ) -> ReceiptStanding:
        """Look for the ballot."""
        info.context.access.admit(info.context.caller, "ballotReceipt")
        found = await vote_by_id(info.context, uuid_of(vote_id))
        if found is None:
            raise NotFound(what="vote")
        return await standing_of(info.context, found, plain(receipt, "receipt") or "")
