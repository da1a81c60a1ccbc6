"""Committees for tests: a compound whose owners elect one, step by step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.property.domain.content import now
from tests.kit import items_of
from tests.property import city
from tests.property.vote_kit import cast, close_now, compound_of, open_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.property.conftest import Property

COMMITTEE = """committee { id status form seats electedOn termTo fileBy filedOn mustElect whyEnded partyForm isRed
    crossAppointed partyMemberShare
    members { id name office validTo whyLeft isPartyMember isPublicEmployee }
    elections { edges { node { id stage isByElection seats vote { id items { position text } }
        candidates { id name standing position reviews { department verdict reasons } reply } } } } }"""
READ = "query($id: ID!) { committee(id: $id) " + COMMITTEE.removeprefix("committee") + " }"
GROUP = [{"name": f"筹备{at}", "capacity": "OWNER"} for at in range(3)] + [
    {"name": "街道", "capacity": "SUBDISTRICT"}, {"name": "社区", "capacity": "COMMUNITY"},
]  # fmt: skip
DEPARTMENTS = {"subdistrict": "subdistrict_officer", "community": "community_secretary"}


async def committee_of(service: Property, id_: str, token: str | None = None) -> dict[str, Any]:
    """Read a committee, as staff do if not otherwise said."""
    return (await service.data(READ, token or service.staff(), id=id_))["committee"]  # type: ignore[no-any-return]


async def prepare(service: Property, name: str, owners: int = 7, seats: int = 5) -> tuple[str, dict[str, Any]]:
    """Make a compound of as many owners and a preparatory group in it; owner n is the subject `NAME n`."""
    compound = await compound_of(service, name, owners)
    asked = {"idempotencyKey": f"prepare {name}", "compoundId": compound, "seats": seats, "members": GROUP}
    return compound, (await service.done("prepareCommittee", service.staff(), COMMITTEE, **asked))["committee"]


async def owner_ids(service: Property, compound: str) -> dict[str, str]:
    """Return the ids of a compound's owners by their subjects."""
    rows = await service.look(f"SELECT subject, id FROM owner WHERE compound_id = '{compound}'")  # noqa: S608
    return {subject: str(id_) for subject, id_ in rows}


async def nominate(service: Property, election: str, owner: str, **more: Any) -> dict[str, Any]:
    """Nominate an owner."""
    asked = {
        "idempotencyKey": f"nominate {election} {owner}", "electionId": election, "ownerId": owner,
        "nominatedBy": "OWNERS", "agreesToPublication": True, **more,
    }  # fmt: skip
    return (await service.done("nominateCandidate", service.staff(), COMMITTEE, **asked))["committee"]  # type: ignore[no-any-return]


async def answer(service: Property, candidate: str, department: str, verdict: str = "PASS", **more: Any) -> None:
    """Answer for a department."""
    token = service.staff(DEPARTMENTS[department])
    asked = {"candidateId": candidate, "department": department, "verdict": verdict, **more}
    await service.done("answerReview", token, "committee { id }", **asked)


async def admit_all(service: Property, committee: str, at: int = -1) -> dict[str, Any]:
    """Start the review of an election, and let every department agree to every candidate."""
    election = items_of((await committee_of(service, committee))["elections"])[at]
    await service.done("startReview", service.staff(), "committee { id }", electionId=election["id"])
    for candidate in election["candidates"]:
        for department in DEPARTMENTS:
            await answer(service, candidate["id"], department)
    return items_of((await committee_of(service, committee))["elections"])[at]  # type: ignore[no-any-return]


async def hold(service: Property, election: str) -> str:
    """Announce the vote of an election and let it open; return the vote's id."""
    opens = now() + timedelta(days=16)
    asked = {
        "idempotencyKey": f"hold {election}", "electionId": election, "title": "选举业主委员会",
        "opensAt": opens.isoformat(), "closesAt": (opens + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    made = await service.done("holdElection", service.staff(), COMMITTEE, **asked)
    (vote,) = (one["vote"]["id"] for one in items_of(made["committee"]["elections"]) if one["id"] == election)
    await open_now(service, vote)
    return str(vote)


async def elect(
    service: Property, name: str, ballots: Sequence[Sequence[str]], members: Sequence[dict[str, Any]] = ({},) * 5
) -> tuple[str, str]:
    """Elect a committee of five seats; candidate n is owner n, ballot n is owner n's. Return compound and committee."""
    compound, committee = await prepare(service, name)
    owners, election = await owner_ids(service, compound), items_of(committee["elections"])[0]["id"]
    for number, more in enumerate(members):
        await nominate(service, election, owners[f"{name} {number}"], **more)
    await admit_all(service, committee["id"])
    vote = await hold(service, election)
    for number, ballot in enumerate(ballots):
        await cast(service, vote, f"{name} {number}", *ballot, key=f"{vote} {number}")
    await close_now(service, vote)
    return compound, str(committee["id"])


async def elected(service: Property, name: str, **more: Any) -> tuple[str, str]:
    """Elect a committee of all five candidates with every vote."""
    return await elect(service, name, [["YES"] * 5] * 7, more.get("members", ({},) * 5))


OFFICER = ("subdistrict_officer", city.SUBDISTRICT)
