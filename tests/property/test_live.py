"""Who follows a vote sees how many take part and when it closes, and nothing of what anybody chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.following import Followed
from tests.property import city
from tests.property.vote_kit import announce, cast, close_now, compound_of, open_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

FOLLOW = """subscription($id: ID!) { voteParticipationChanged(id: $id) { status participation { area owners }
    total { owners } items { result { passed } } } }"""


async def told(followed: Followed) -> tuple[str, int, list[Any]]:
    vote = (await followed.next())["data"]["voteParticipationChanged"]
    return vote["status"], vote["participation"]["owners"], [item["result"] for item in vote["items"]]


async def test_participation_is_told_as_owners_vote_and_the_result_with_the_close_only(service: Property) -> None:
    compound = await compound_of(service, "实时", 3)
    vote = (await announce(service, compound, "MANAGER"))["id"]
    followed = Followed(service, FOLLOW, service.resident("anyone"), id=vote)
    assert await told(followed) == ("ANNOUNCED", 0, [None])
    await open_now(service, vote)
    assert await told(followed) == ("OPEN", 0, [None])
    await cast(service, vote, "实时 0", "YES")
    assert await told(followed) == ("OPEN", 1, [None])
    # A later ballot of the same owner changes nothing of who takes part, and is not told.
    await cast(service, vote, "实时 0", "NO")
    for number in (1, 2):
        await cast(service, vote, f"实时 {number}", "YES", key=f"live {number}")
    seen = [await told(followed)]
    while seen[-1][1] < 3:
        seen.append(await told(followed))
    assert {(status, *results) for status, _, results in seen} == {("OPEN", None)}
    await close_now(service, vote)
    assert await told(followed) == ("CLOSED", 3, [{"passed": True}])
    assert await followed.next() is None
    await followed.close()


async def test_a_vote_is_followed_by_who_sees_it_only(service: Property) -> None:
    compound = await compound_of(service, "旁观", 1)
    vote = (await announce(service, compound, "MANAGER"))["id"]
    elsewhere = service.staff(region=city.COMMUNITY_2)
    for token, code in ((None, "UNAUTHENTICATED"), (elsewhere, "NOT_FOUND")):
        followed = Followed(service, FOLLOW, token, id=vote)
        assert (await followed.next())["errors"][0]["extensions"]["code"] == code
        assert await followed.next() is None
        await followed.close()
