"""People are nominated, a branch votes on them in secret, and the duty is given on what the count found."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from services.org.commands.recommendations import expire_overdue
from services.org.domain.periods import today
from tests.org import city
from tests.org.conftest import Org

FIELDS = """recommendation { id version state electors voted abstained awaitsMyVote withdrawnBecause
    nominees { person { id } votes } recommended { id } duty { id } } problems { code path }"""
OPENED = str(city.id_of("recommendation", "opened"))
MEMBERS = ("member", "second member", "secretary", "elder")


def closes() -> str:
    return f"{today() + timedelta(days=3)}T00:00:00Z"


def person(key: str) -> str:
    return str(city.id_of("person", key))


async def do(org: Org, name: str, token: str | None = None, **given: Any) -> Any:
    """The recommendation, or the codes of the problems."""
    document = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {FIELDS} }} }}"
    payload = (await org.data(document, token, input=given))[name]
    return [one["code"] for one in payload["problems"]] or payload["recommendation"]


def member(org: Org, who: str) -> str:
    return org.token("branch_member", region=city.GRID, subject=person(who))


async def vote(org: Org, who: str, choice: str | None, key: str = "v") -> Any:
    given = {"idempotencyKey": key, "recommendationId": OPENED, "personId": choice and person(choice)}
    return await do(org, "castBranchVote", member(org, who), **given)


async def nominate(org: Org, who: str, token: str | None = None, key: str = "n") -> Any:
    given = {"idempotencyKey": key + who, "recommendationId": OPENED, "personId": person(who)}
    return await do(org, "nominate", token, **given)


async def opened(org: Org) -> Any:
    """A vote on the leader and somebody else."""
    assert (await nominate(org, "spare"))["version"] == 3
    return await do(org, "openBranchVote", id=OPENED, expectedVersion=3, closesAt=closes())


async def test_who_is_recommended_by_the_branch_is_given_the_duty(org: Org) -> None:
    voting = await opened(org)
    assert (voting["state"], voting["electors"], voting["voted"]) == ("VOTING", 4, 0)
    assert {one["votes"] for one in voting["nominees"]} == {None}
    seen = await vote(org, "member", "leader")
    assert (seen["voted"], seen["awaitsMyVote"], seen["version"]) == (1, False, 4)
    assert await do(org, "countBranchVote", id=OPENED, expectedVersion=4) == ["VOTE_STILL_OPEN"]
    for who, choice in (("second member", "leader"), ("secretary", "leader"), ("elder", None)):
        await vote(org, who, choice)
    counted = await do(org, "countBranchVote", id=OPENED, expectedVersion=4)
    assert (counted["state"], counted["voted"], counted["abstained"]) == ("RECOMMENDED", 4, 1)
    assert {one["person"]["id"]: one["votes"] for one in counted["nominees"]} == {
        person("leader"): 3,
        person("spare"): 0,
    }
    assert counted["recommended"] == {"id": person("leader")}
    assert await org.look("SELECT * FROM ballot") == [], "ballots are gone once they are counted"

    document = "mutation($input: AssignDutyInput!) { assignDuty(input: $input) { duty { id } problems { code } } }"

    async def assign(who: str, key: str, code: str = city.BUILDING) -> Any:
        given = {"title": "building_leader", "regionCode": code, "validFrom": "2026-01-01", "recommendationId": OPENED}
        answer = await org.data(document, input={"idempotencyKey": key, "personId": person(who), **given})
        return [one["code"] for one in answer["assignDuty"]["problems"]] or answer["assignDuty"]["duty"]

    over = "mutation($input: EndInput!) { endDuty(input: $input) { problems { code } } }"
    taken = {"id": str(city.id_of("duty", "cadre")), "expectedVersion": 1, "on": "2025-12-01"}
    assert (await org.data(over, input=taken))["endDuty"]["problems"] == []
    before = await org.contents()
    assert await assign("spare", "a") == ["NOT_RECOMMENDED"]
    assert await assign("leader", "b", city.SECOND_BUILDING) == ["NOT_RECOMMENDED"]
    assert await org.contents() == before
    duty = await assign("leader", "c")
    listed = '{ district(code: "370321") { recommendations(state: ASSIGNED) { edges { node { duty { id } } } } } }'
    found = (await org.data(listed))["district"]["recommendations"]["edges"]
    assert found == [{"node": {"duty": {"id": duty["id"]}}}]
    assert await assign("spare", "d", city.SECOND_BUILDING) == ["RECOMMENDATION_STATE"]
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'recommendation' ORDER BY id")
    assert [name.split(".")[3] for (name,) in told][-4:] == ["nominated", "vote_opened", "counted", "ended"]


async def test_nothing_that_is_kept_or_told_says_how_anybody_voted(org: Org) -> None:
    await opened(org)
    rows = (
        "SELECT 'audit', fields::text FROM audit UNION ALL SELECT 'outbox', convert_from(payload, 'UTF8') FROM outbox"
    )
    before = set(await org.look(rows))
    await vote(org, "member", "leader")
    await vote(org, "elder", "spare")
    await vote(org, "secretary", None)
    new = set(await org.look(rows)) - before
    assert [name for name, _ in new] == ["audit"], "the record says that somebody voted, in the same words for all"
    everything = await org.contents()
    for name in ("ballot", "idempotency", "elector"):
        text = " ".join(str(row) for row in everything[name])
        assert person("leader") not in text
        assert person("spare") not in text
    assert {len(choice) for (choice,) in await org.look("SELECT choice FROM ballot")} == {140}
    columns = await org.look("SELECT column_name FROM information_schema.columns WHERE table_name = 'ballot'")
    assert {name for (name,) in columns} == {"id", "recommendation_id", "region_code", "choice"}
    seen = '{ grid(code: "%s") { recommendations(state: VOTING) { edges { node { voted nominees { votes } } } } } }'
    (edge,) = (await org.data(seen % city.GRID, member(org, "elder")))["grid"]["recommendations"]["edges"]
    assert edge["node"] == {"voted": 3, "nominees": [{"votes": None}, {"votes": None}]}


async def test_one_member_has_one_ballot_also_at_once_and_others_have_none(org: Org) -> None:
    await opened(org)
    both = await asyncio.gather(*(vote(org, "member", "leader", key) for key in "ab"))
    assert [one for one in both if isinstance(one, list)] == [["ALREADY_VOTED"]]
    assert len(await org.look("SELECT 1 FROM ballot")) == 1
    document = "mutation($input: CastBranchVoteInput!) { castBranchVote(input: $input) { problems { code } } }"
    given = {"idempotencyKey": "x", "recommendationId": OPENED, "personId": person("leader")}
    before = await org.contents()
    # Nobody but the branch's members: not who gives duties, not who stands, not an administrator.
    for token in (org.token(), org.token("grid_branch_secretary", region=city.GRID), member(org, "leader")):
        assert await org.error(document, token, input=given) == "FORBIDDEN"
    foreign = org.token("branch_member", region=city.FOREIGN, subject=person("elder"))
    assert await org.error(document, foreign, input=given) == "NOT_FOUND"
    assert await vote(org, "elder", "worker") == ["NOT_NOMINATED"]
    await org.look("UPDATE recommendation SET closes_at = now()")
    assert await vote(org, "elder", "leader") == ["RECOMMENDATION_STATE"]
    now = await org.contents()
    assert all(now[name] == rows for name, rows in before.items() if name != "recommendation")


async def test_a_tie_or_too_few_votes_recommend_nobody(org: Org) -> None:
    await opened(org)
    for who, choice in (("member", "leader"), ("elder", "spare")):
        await vote(org, who, choice)
    await org.look("UPDATE recommendation SET closes_at = now()")
    counted = await do(org, "countBranchVote", id=OPENED, expectedVersion=4)
    assert (counted["state"], counted["recommended"]) == ("NOBODY_RECOMMENDED", None)
    again = {"title": "building_leader", "regionCode": city.BUILDING}
    branch = str(city.id_of("organisation", "branch"))
    anew = await do(org, "openRecommendation", idempotencyKey="o", **again, organisationId=branch)
    assert anew["state"] == "NOMINATING"


async def test_what_a_recommendation_refuses_changes_nothing(org: Org) -> None:
    branch, lone = (str(city.id_of("organisation", key)) for key in ("branch", "lone"))
    post = {"idempotencyKey": "o", "title": "building_leader", "organisationId": branch}
    before = await org.contents()
    for more, code in (
        ({"regionCode": city.BUILDING}, "RECOMMENDATION_OPEN"),
        ({"regionCode": city.GRID}, "WRONG_LEVEL"),
        ({"regionCode": city.SECOND_BUILDING, "organisationId": lone}, "NOT_OF_THIS_BRANCH"),
        ({"regionCode": city.SECOND_BUILDING, "title": "unit_leader"}, "NO_RECOMMENDATION_RULE"),
        ({"regionCode": city.SECOND_BUILDING, "title": "king"}, "UNKNOWN_DUTY_TITLE"),
    ):
        assert await do(org, "openRecommendation", **{**post, **more}) == [code]
    assert await nominate(org, "leader") == ["ALREADY_NOMINATED"]
    assert await do(org, "openBranchVote", id=OPENED, expectedVersion=1, closesAt=closes()) == ["STALE_VERSION"]
    late = f"{today() + timedelta(days=60)}T00:00:00Z"
    assert await do(org, "openBranchVote", id=OPENED, expectedVersion=2, closesAt=late) == ["INVALID_CLOSING"]
    spare = str(city.id_of("recommendation", "spare"))
    assert await do(org, "openBranchVote", id=spare, expectedVersion=1, closesAt=closes()) == ["NOBODY_NOMINATED"]
    assert await do(org, "countBranchVote", id=OPENED, expectedVersion=2) == ["RECOMMENDATION_STATE"]
    assert await do(org, "withdrawRecommendation", id=OPENED, expectedVersion=2, reason=" ") == ["REQUIRED"]
    assert await org.contents() == before
    await org.look("UPDATE duty SET valid_to = '2024-01-01' WHERE title = 'branch_member'")
    assert await do(org, "openBranchVote", id=OPENED, expectedVersion=2, closesAt=closes()) == ["TOO_FEW_ELECTORS"]


async def test_people_stand_themselves_or_are_put_forward_by_who_works_there(org: Org) -> None:
    mine = org.token("resident", region=city.COUNTY, subject=person("spare"))
    assert len((await nominate(org, "spare", mine))["nominees"]) == 2
    document = "mutation($input: NominateInput!) { nominate(input: $input) { problems { code } } }"
    other = {"idempotencyKey": "x", "recommendationId": OPENED, "personId": person("worker")}
    assert await org.error(document, mine, input=other) == "FORBIDDEN"
    assert len((await nominate(org, "worker", org.token("grid_worker", region=city.GRID)))["nominees"]) == 3


async def test_a_recommendation_is_withdrawn_with_its_ballots_or_expires(org: Org) -> None:
    await opened(org)
    await vote(org, "member", "leader")
    gone = await do(org, "withdrawRecommendation", id=OPENED, expectedVersion=4, reason="名单有误")
    assert (gone["state"], gone["withdrawnBecause"]) == ("WITHDRAWN", "名单有误")
    assert await org.look("SELECT 1 FROM ballot") == []
    assert await vote(org, "elder", "leader") == ["RECOMMENDATION_STATE"]
    assert await expire_overdue(org.runtime.database, today() + timedelta(days=59)) == 0
    assert await expire_overdue(org.runtime.database, today() + timedelta(days=60)) == 1
    assert await expire_overdue(org.runtime.database, today() + timedelta(days=60)) == 0
    states = await org.look("SELECT state FROM recommendation ORDER BY 1")
    assert states == [("EXPIRED",), ("WITHDRAWN",)]
    ends = [event["data"]["end"] for type_, event in await org.events() if ".recommendation.ended." in type_]
    assert ends == ["WITHDRAWN", "EXPIRED"]
