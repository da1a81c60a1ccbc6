"""Votes from notice to result, through the graph."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest

from chassis.service import ImportRefused
from services.property.commands.close_vote import sweep
from services.property.commands.import_file import import_file
from services.property.domain.content import now
from tests.kit import items_of
from tests.property import city
from tests.property.vote_kit import (
    MINE,
    VOTE,
    announce,
    cast,
    close_now,
    compound_of,
    elector_of,
    open_now,
    read,
)

if TYPE_CHECKING:
    from tests.property.conftest import Property


async def ready(service: Property, name: str, owners: int, *matters: str, **more: Any) -> tuple[str, str]:
    compound = await compound_of(service, name, owners)
    vote = (await announce(service, compound, *matters, **more))["id"]
    await open_now(service, vote)
    return compound, vote


async def rule(service: Property, code: str, **more: Any) -> str:
    definition = {"code": code, "name_zh": code, "name_en": code} | more
    file = service.folder / f"{code}.jsonl"
    file.write_bytes(orjson.dumps({"record": "rule", "definition": definition}))
    await import_file(service.runtime, file)
    return code


async def test_a_vote_runs_from_notice_to_certificate(service: Property) -> None:
    _, vote = await ready(service, "选聘", 6, "MANAGER", "RAISE_FUND")
    for number, choices in enumerate((("YES", "YES"), ("YES", "YES"), ("YES", "YES"), ("NO", "ABSTAIN"))):
        await cast(service, vote, f"选聘 {number}", *choices)
    before = await read(service, vote)
    assert before["participation"] == {"area": "400.00", "owners": 4}
    assert [item["result"] for item in before["items"]] == [None, None], "no result before the close"
    found = await close_now(service, vote)
    assert (found["status"], found["total"]) == ("CLOSED", {"area": "600.00", "owners": 6})
    manager, fund = (item["result"] for item in found["items"])
    assert manager["passed"], "four of six take part, three of four agree"
    assert fund["passed"], "three quarters, exactly"
    assert fund["abstain"] == {"area": "100.00", "owners": 1}
    types = [type_ for type_, payload in await service.events() if payload["subject"] == vote]
    assert types == [f"linli.property.vote.{fact}.v1" for fact in ("announced", "opened", "closed")]


async def test_a_later_ballot_cancels_the_earlier_whatever_way_it_came(service: Property) -> None:
    _, vote = await ready(service, "改投", 3, "MANAGER")
    for number in range(3):
        await cast(service, vote, f"改投 {number}", "NO")
    resident = service.resident("改投 0")
    (mine,) = (await service.data(MINE, resident, id=vote))["vote"]["mine"]
    elector, first = mine["elector"]["id"], mine["receipt"]
    asked = {"voteId": vote, "electorId": elector, "choices": ["YES"], "channel": "PAPER", "idempotencyKey": "paper"}
    await service.done("recordBallot", service.staff(), "vote { id }", **asked)
    query = "query($v: ID!, $r: String!) { ballotReceipt(voteId: $v, receipt: $r) }"
    (now_mine,) = (await service.data(MINE, resident, id=vote))["vote"]["mine"]
    assert now_mine["elector"]["channel"] == "PAPER"
    assert (await service.data(query, resident, v=vote, r=now_mine["receipt"]))["ballotReceipt"] == "KEPT"
    found = await close_now(service, vote)
    assert found["items"][0]["result"]["yes"]["owners"] == 1
    assert found["participation"]["owners"] == 3
    assert (await service.data(query, resident, v=vote, r=now_mine["receipt"]))["ballotReceipt"] == "COUNTED"
    assert (await service.data(query, resident, v=vote, r=first))["ballotReceipt"] == "UNKNOWN"


async def test_where_the_first_ballot_counts_a_second_is_refused(service: Property) -> None:
    code = await rule(service, "first_counts", recast=False)
    _, vote = await ready(service, "首投", 1, "MANAGER", rule=code)
    await cast(service, vote, "首投 0", "NO")
    asked = {"voteId": vote, "electorId": await elector_of(service, vote, "首投 0"), "choices": ["YES"]}
    token = service.resident("首投 0")
    found = await service.refused("castBallot", token, VOTE, idempotencyKey="again", **asked)
    assert found == "ALREADY_VOTED"


async def test_the_register_is_frozen_at_opening(service: Property) -> None:
    compound, vote = await ready(service, "冻结", 2, "MANAGER")
    digest = (await read(service, vote))["registerDigest"]
    homes = "query($id: ID!) { compound(id: $id) { households { edges { node { id version room } } } } }"
    edges = (await service.data(homes, service.staff(), id=compound))["compound"]["households"]["edges"]
    sold = next(edge["node"] for edge in edges if edge["node"]["room"] == "0")
    await service.look(f"UPDATE ownership SET valid_from = '2020-01-01' WHERE compound_id = '{compound}'")  # noqa: S608
    await service.done(
        "transferHousehold", service.staff(), "household { id }", id=sold["id"], expectedVersion=sold["version"],
        on="2024-01-01", owners=[{"name": "新业主", "subject": "new"}],
    )  # fmt: skip
    await service.household(compound, "新房", {"name": "后来", "subject": "late"}, area="999")
    for stranger in ("new", "late"):
        assert (await service.data(MINE, service.resident(stranger), id=vote))["vote"]["mine"] == []
    await cast(service, vote, "冻结 0", "YES")
    await cast(service, vote, "冻结 1", "YES")
    found = await close_now(service, vote)
    assert (found["total"], found["registerDigest"]) == ({"area": "200.00", "owners": 2}, digest)
    assert found["items"][0]["result"]["passed"]


async def test_without_a_quorum_it_is_extended_once_and_then_fails_and_goes_to_a_second_round(
    service: Property,
) -> None:
    compound, vote = await ready(service, "延期", 3, "MANAGER")
    await cast(service, vote, "延期 0", "YES")
    extended = await close_now(service, vote)
    assert (extended["status"], extended["extensions"]) == ("OPEN", 1)
    closed = await close_now(service, vote)
    result = closed["items"][0]["result"]
    assert (closed["status"], result["passed"], result["quorumByOwners"]) == ("CLOSED", False, False)
    again = await announce(service, compound, "MANAGER", follows=vote, key="second")
    assert again["round"] == 2
    opens = now() + timedelta(days=16)
    asked = {
        "idempotencyKey": "wrong", "compoundId": compound, "title": "t", "follows": vote,
        "items": [{"matter": "MANAGER", "text": "另一件事"}], "opensAt": opens.isoformat(),
        "closesAt": (opens + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    assert await service.refused("announceVote", service.staff(), VOTE, **asked) == "NOT_A_FURTHER_ROUND"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"days": 14}, "NOTICE_TOO_SHORT"),
        ({"length": -1}, "INVALID_PERIOD"),
        ({"items": []}, "INVALID_ITEMS"),
        ({"rule": "nowhere"}, "UNKNOWN_RULE"),
    ],
)
async def test_a_wrong_announcement_is_refused(service: Property, change: dict[str, Any], code: str) -> None:
    compound = await service.compound("公告")
    opens = now() + timedelta(days=change.pop("days", 15))
    asked = {
        "idempotencyKey": "w", "compoundId": compound, "title": "t", "items": [{"matter": "MANAGER", "text": "x"}],
        "opensAt": opens.isoformat(), "closesAt": (opens + timedelta(days=change.pop("length", 1))).isoformat(),
    } | change  # fmt: skip
    assert await service.refused("announceVote", service.staff(), VOTE, **asked) == code


async def test_a_proxy_hands_in_ballots_for_as_many_as_the_rule_allows_also_at_once(service: Property) -> None:
    code = await rule(service, "two_proxies", most_proxies=2)
    _, vote = await ready(service, "委托", 4, "MANAGER", rule=code)
    electors = [await elector_of(service, vote, f"委托 {number}") for number in range(4)]
    asked = {"voteId": vote, "choices": ["YES"], "channel": "ON_SITE", "proxy": "王代理 13800000000"}
    payloads = await asyncio.gather(
        *(
            service.do(
                "recordBallot", service.staff(), "vote { id }", electorId=one, idempotencyKey=f"proxy {one}", **asked
            )
            for one in electors
        )
    )
    codes = sorted(problem["code"] for payload in payloads for problem in payload["problems"])
    assert codes == ["TOO_MANY_PROXIES"] * 2
    assert "王代理" not in str(await service.contents())


async def test_one_owner_voting_from_everywhere_at_once_counts_once(service: Property) -> None:
    _, vote = await ready(service, "同时", 2, "MANAGER")
    elector = await elector_of(service, vote, "同时 0")
    token, choices = service.resident("同时 0"), ("YES", "NO")
    asked = {"voteId": vote, "electorId": elector}
    done = await asyncio.gather(
        *(
            service.done(
                "castBallot", token, "vote { id }", choices=[choices[at % 2]], idempotencyKey=f"at once {at}", **asked
            )
            for at in range(20)
        )
    )
    assert len(done) == 20
    await cast(service, vote, "同时 1", "YES")
    found = await close_now(service, vote)
    assert (found["status"], found["participation"]["owners"]) == ("CLOSED", 2)


async def test_what_is_not_a_ballot_of_this_vote_is_refused(service: Property) -> None:
    _, vote = await ready(service, "拒收", 2, "MANAGER")
    elector, other = await elector_of(service, vote, "拒收 0"), await elector_of(service, vote, "拒收 1")
    token, asked = service.resident("拒收 0"), {"voteId": vote, "electorId": elector, "idempotencyKey": "r"}
    query = "mutation($input: CastBallotInput!) { castBallot(input: $input) { problems { code } } }"
    assert await service.refused("castBallot", token, VOTE, **asked, choices=[]) == "INVALID_CHOICES"
    assert await service.refused("castBallot", token, VOTE, **asked, choices=["YES", "NO"]) == "INVALID_CHOICES"
    for by, what in (
        (token, asked | {"electorId": other}),
        (service.resident("拒收 0", city.COMMUNITY_2), asked),
        (service.resident("stranger"), asked),
    ):
        assert await service.error(query, by, input=what | {"choices": ["YES"]}) == "NOT_FOUND"
    assert await service.error(query, service.staff(), input=asked | {"choices": ["YES"]}) == "FORBIDDEN"
    await cast(service, vote, "拒收 0", "YES")
    await close_now(service, vote)
    await close_now(service, vote)
    assert await service.refused("castBallot", token, VOTE, **asked, choices=["YES"]) == "VOTE_NOT_OPEN"


async def test_owners_object_in_time_and_are_answered(service: Property) -> None:
    _, vote = await ready(service, "异议", 1, "MANAGER")
    token, fields = service.resident("异议 0"), "vote { objections { edges { node { id text answer } } } }"
    asked = {"voteId": vote, "text": "计票有误", "idempotencyKey": "o"}
    assert await service.refused("objectToVote", token, fields, **asked) == "VOTE_NOT_CLOSED"
    await cast(service, vote, "异议 0", "YES")
    await close_now(service, vote)
    done = await service.done("objectToVote", token, fields, **asked)
    (objection,) = items_of(done["vote"]["objections"])
    answer = {"id": objection["id"], "answer": "已复核，计票无误"}
    found = await service.done("answerObjection", service.staff(), fields, **answer)
    assert items_of(found["vote"]["objections"])[0]["answer"] == answer["answer"]
    query = "query($id: ID!) { vote(id: $id) { objections { edges { node { id } } } } }"
    assert items_of((await service.data(query, service.resident("other"), id=vote))["vote"]["objections"]) == []
    await service.look(f"UPDATE vote SET closed_at = now() - interval '8 days' WHERE id = '{vote}'")  # noqa: S608
    late = asked | {"idempotencyKey": "late"}
    assert await service.refused("objectToVote", token, fields, **late) == "OBJECTIONS_OVER"


async def test_a_ballot_that_was_altered_in_the_database_leaves_the_vote_without_a_result(service: Property) -> None:
    for at, change in enumerate((
        "UPDATE ballot SET body = set_byte(body, 15, get_byte(body, 15) # 3) WHERE vote_id = '{}'",
        "DELETE FROM ballot WHERE vote_id = '{}'",
        "DELETE FROM participation WHERE vote_id = '{}'",
    )):  # fmt: skip
        _, vote = await ready(service, f"篡改{at}", 1, "MANAGER")
        await cast(service, vote, f"篡改{at} 0", "YES")
        await service.look(change.format(vote))
        found = await close_now(service, vote)
        if found["status"] == "OPEN":
            found = await close_now(service, vote)
        assert (found["status"], found["items"][0]["result"]) == ("DISPUTED", None)


async def test_a_vote_that_cannot_be_closed_holds_up_no_other(service: Property) -> None:
    votes = [(await ready(service, name, 1, "MANAGER"))[1] for name in ("甲", "乙")]
    for name, vote in zip(("甲", "乙"), votes, strict=True):
        await cast(service, vote, f"{name} 0", "YES")
    ((rule,),) = await service.look(f"SELECT rule::text FROM vote WHERE id = '{votes[0]}'")  # noqa: S608
    await service.look(f"UPDATE vote SET rule = '[]' WHERE id = '{votes[0]}'")  # noqa: S608
    await service.look("UPDATE vote SET closes_at = now() WHERE status = 'open'")
    failed: set[UUID] = set()
    while await sweep(service.runtime.database, service.runtime.cipher, now(), failed):
        pass
    assert failed == {UUID(votes[0])}
    assert (await read(service, votes[1]))["status"] == "CLOSED"
    await service.look(f"UPDATE vote SET rule = '{rule}' WHERE id = '{votes[0]}'")  # noqa: S608
    assert (await close_now(service, votes[0]))["status"] == "CLOSED"


async def test_co_owners_have_one_vote_which_whom_they_agreed_on_gives(service: Property) -> None:
    compound = await service.compound("共有")
    half = {"share": "1/2"}
    wife, husband = ({"name": name, "subject": f"共有 {name}"} | half for name in ("甲", "乙"))
    await service.household(compound, "101", wife | {"isAgent": True}, husband)
    await service.household(compound, "102", wife, husband, area="50")
    vote = (await announce(service, compound, "MANAGER"))["id"]
    await open_now(service, vote)
    assert (await service.data(MINE, service.resident("共有 乙"), id=vote))["vote"]["mine"] == []
    await cast(service, vote, "共有 甲", "YES")
    found = await close_now(service, vote)
    assert found["total"] == found["participation"] == {"area": "150.00", "owners": 1}


async def test_an_unlawful_rule_is_not_imported(service: Property) -> None:
    with pytest.raises(ImportRefused, match="notice_days is at least 15"):
        await rule(service, "too_quick", notice_days=3)
