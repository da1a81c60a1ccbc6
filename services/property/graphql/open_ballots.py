"""Ballots that a rule opens to the owners after the close (记名公开); those of any other vote stay sealed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

from chassis.errors import Forbidden
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from services.property.access import sees_register
from services.property.domain.ballot_keys import ballot_key, keys_of
from services.property.domain.ballots import Sealed, unseal
from services.property.graphql.enums import BallotChannel, BallotChoice
from services.property.graphql.links import square_metres
from services.property.storage import vote_tables as t
from services.property.storage import votes as reads

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.graphql.context import Context


@strawberry.type(description="How an elector voted, where the vote's rule opens that to the owners. 公开选票")
class OpenBallot:
    """A ballot; electors are shown by their number in the frozen register, without a name."""

    number: int = strawberry.field(description="The elector's number in the frozen register. 序号")
    area: Decimal = strawberry.field(description="Exclusive area in m². 专有部分面积")
    channel: BallotChannel = strawberry.field(description="How it was given. 表决方式")
    choices: list[BallotChoice] = strawberry.field(description="What was chosen, in the order of the matters. 选择")


async def page_of_open_ballots(
    context: Context, vote: RowMapping, items: int, asked: PageArguments
) -> Connection[OpenBallot]:
    """Return a page of the ballots of a closed vote whose rule opens them.

    Raises Forbidden for who neither voted in it nor keeps the register.
    """
    mine = await context.loader(reads.load_mine).load((vote["id"], str(context.caller.subject)))
    if not mine and not sees_register(context.caller, vote["region_code"]):
        raise Forbidden(operation="openBallots")
    session = await context.read()
    statement = reads.electors_of(vote["id"]).where(t.participation.c.channel.is_not(None))
    mark = fingerprint("Vote.openBallots", str(vote["id"]))
    page = await paginate(session, statement, (t.elector.c.number,), asked, mark)
    keys = {row["id"]: ballot_key(context.cipher, vote["id"], row["id"]) for row in page.rows}
    stored = await reads.load_sealed(session, list(keys.values()))
    by_key = {bytes(row["ballot_key"]): row for row in stored if row is not None}
    secrets = keys_of(context.cipher, vote["id"])

    def opened(row: Any) -> OpenBallot:
        key = keys[row["id"]]
        found = by_key[key]
        sealed = Sealed(bytes(found["nonce"]), bytes(found["body"]), bytes(found["tag"]))
        _, choices = unseal(secrets, key, sealed, items)
        return OpenBallot(
            number=row["number"],
            area=square_metres(row["area"]),
            channel=BallotChannel[row["channel"].upper()],
            choices=[BallotChoice[choice.name] for choice in choices],
        )

    return page.connection(opened)
