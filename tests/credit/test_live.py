"""Who follows their balance sees every change of it, wherever it was made, and nothing of anybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chassis.service import graphql_endpoint, runtime
from services.credit.main import SERVICE
from tests.following import Followed

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

FOLLOW = "subscription { myCreditAccountChanged { id balance { available } } }"


async def available(followed: Followed) -> int:
    return int((await followed.data())["balance"]["available"])


async def test_a_balance_is_told_at_once_and_after_every_posting_until_its_holder_leaves(credit: Credit) -> None:
    mine, other = await credit.joined(), await credit.joined("wang")
    followed = Followed(credit, FOLLOW, credit.resident())
    assert await available(followed) == 0
    await credit.award(mine, "1")
    assert await available(followed) == 10
    await credit.award(other, "2")
    await credit.award(mine, "3")
    assert await available(followed) == 20
    await credit.data("mutation { leaveCredit { accountId } }", credit.resident())
    assert await followed.next() is None
    await followed.close()


async def test_postings_of_another_instance_are_seen(credit: Credit) -> None:
    mine = await credit.joined()
    followed = Followed(credit, FOLLOW, credit.resident())
    assert await available(followed) == 0
    stands_on = runtime(SERVICE, credit.runtime.settings)
    beside = replace(credit, runtime=stands_on, endpoint=graphql_endpoint(SERVICE, stands_on))
    await beside.award(mine, "1")
    assert await available(followed) == 10
    await followed.close()
    await stands_on.database.close()


async def test_only_residents_who_joined_follow_and_only_their_own(credit: Credit) -> None:
    await credit.joined()
    asked = {None: "UNAUTHENTICATED", credit.staff("worker"): "FORBIDDEN", credit.resident("wang"): "NOT_FOUND"}
    for token, code in asked.items():
        followed = Followed(credit, FOLLOW, token)
        assert await followed.code() == code
        await followed.close()
