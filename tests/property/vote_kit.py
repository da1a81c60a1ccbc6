"""Votes for tests: a compound with owners, and a vote on it that is open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.property.commands.close_vote import sweep
from services.property.domain.content import now

if TYPE_CHECKING:
    from tests.property.conftest import Property

VOTE = """vote { id status isSecret round extensions total { area owners } participation { area owners }
    registerDigest receiptsDigest items { position isSpecial result { passed yes { area owners } no { area owners }
    abstain { area owners } quorumByArea quorumByOwners majorityByArea majorityByOwners } } }"""
READ = "query($id: ID!) { vote(id: $id) " + VOTE.removeprefix("vote") + " }"
MINE = "query($id: ID!) { vote(id: $id) { mine { elector { id channel } receipt } } }"


async def announce(service: Property, compound: str, *matters: str, **more: Any) -> dict[str, Any]:
    """Announce a vote as early as the law lets it open."""
    opens = now() + timedelta(days=more.pop("notice", 16))
    asked = {
        "idempotencyKey": more.pop("key", f"vote of {compound} {matters}"),
        "compoundId": compound,
        "title": "表决",
        "items": [{"matter": matter, "text": f"议题{at}"} for at, matter in enumerate(matters)],
        "opensAt": opens.isoformat(),
        "closesAt": (opens + timedelta(days=14)).isoformat(),
        **more,
    }
    return (await service.done("announceVote", service.staff(), VOTE, **asked))["vote"]  # type: ignore[no-any-return]


async def open_now(service: Property, vote: str) -> None:
    """Let the notice be over, and the vote open."""
    await service.look(f"UPDATE vote SET opens_at = now() WHERE id = '{vote}'")  # noqa: S608
    assert await sweep(service.runtime.database, service.runtime.cipher, now())


async def close_now(service: Property, vote: str) -> dict[str, Any]:
    """Let the vote's time be over, and return what became of it."""
    await service.look(f"UPDATE vote SET closes_at = now() WHERE id = '{vote}'")  # noqa: S608
    assert await sweep(service.runtime.database, service.runtime.cipher, now())
    return await read(service, vote)


async def read(service: Property, vote: str) -> dict[str, Any]:
    """Return the vote as any resident sees it."""
    return (await service.data(READ, service.resident("anyone"), id=vote))["vote"]  # type: ignore[no-any-return]


async def compound_of(service: Property, name: str, owners: int, area: str = "100") -> str:
    """Register a compound of as many owners with a home each; owner n votes as `NAME n`."""
    compound = await service.compound(name)
    for number in range(owners):
        owner = {"name": f"业主{number}", "subject": f"{name} {number}"}
        await service.household(compound, f"{number}", owner, area=area)
    return compound


async def elector_of(service: Property, vote: str, subject: str) -> str:
    """Return the one elector for whom a subject votes."""
    (mine,) = (await service.data(MINE, service.resident(subject), id=vote))["vote"]["mine"]
    return str(mine["elector"]["id"])


async def cast(service: Property, vote: str, subject: str, *choices: str, key: str = "") -> None:
    """Vote online; it must be taken."""
    asked = {"voteId": vote, "electorId": await elector_of(service, vote, subject), "choices": list(choices)}
    await service.done(
        "castBallot", service.resident(subject), "vote { id }", idempotencyKey=key or f"{vote} {choices}", **asked
    )
