"""Points are recorded by whom the catalogue names, on evidence, within ceilings; and taken back as a whole."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from chassis.events import ledger
from tests.credit import city
from tests.credit.conftest import catalogue_record
from tests.kit import items_of

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

MINE = """{ myCreditAccount { balance { available score } lots { edges { node { available expiresOn } } }
  postings(first: 10) { totalCount edges { node { id kind item catalogueVersion evidence moved { available }
    reverses seal { number hash } } } } } }"""
REVERSE = """mutation($id: ID!) { payload: reversePosting(input: {id: $id}) { accountId problems { code } } }"""
AWARD = "mutation($input: RecordPointsInput!) { awardPoints(input: $input) { accountId } }"
DEDUCT = "mutation($input: RecordPointsInput!) { deductPoints(input: $input) { accountId } }"
STATS = """query($id: ID!, $since: Date) { _entities(representations: [{__typename: "Region", id: $id}]) {
  ... on Region { creditStats(since: $since) { accounts people available held deducted earned earners redeemed expired
  postings } creditCatalogue { version noticeVersion groups { code nature name } rewards { code points }
  deductions { code document } } } } }"""


async def test_a_grid_worker_gives_points_and_the_resident_sees_what_for(credit: Credit) -> None:
    account = await credit.joined()
    payload = await credit.award(account, "a", evidence="签到表 2026-03")
    # It is the resident's own account: the worker is told that it is done, and not what it holds.
    assert payload == {"accountId": account, "account": None, "problems": []}
    assert await credit.award(account, "a", evidence="签到表 2026-03") == payload
    await credit.verdict()
    mine = (await credit.data(MINE, credit.resident()))["myCreditAccount"]
    assert mine["balance"] == {"available": 10, "score": 10}
    (lot,) = items_of(mine["lots"])
    assert lot["available"] == 10
    assert date.fromisoformat(lot["expiresOn"]).day == 1
    (node,) = [edge["node"] for edge in mine["postings"]["edges"]]
    assert (node["kind"], node["item"], node["catalogueVersion"]) == ("EARN", "volunteer", 1)
    assert len(node["evidence"]) == len(node["seal"]["hash"]) == 64
    *_, (type_, event) = await credit.events()
    assert type_ == "linli.credit.account.posted.v1"
    assert event["data"]["available"] == 10
    assert "签到表" not in str(event)


async def test_only_whom_the_catalogue_names_records_and_never_for_themselves(credit: Credit) -> None:
    account = await credit.joined()
    asked = {"idempotencyKey": "k", "accountId": account, "item": "volunteer"}
    for token in (credit.staff("clerk"), credit.resident(), credit.role("admin")):
        assert await credit.error(AWARD, token, input=asked) == "FORBIDDEN"
    assert await credit.error(AWARD, credit.staff("worker_2"), input=asked) == "NOT_FOUND"
    assert await credit.error(AWARD, credit.staff("worker", region=city.GRID_2), input=asked) == "NOT_FOUND"
    await city.tell(credit.runtime.database, city.duty("worker", "grid_worker", city.GRID, until=date(2025, 1, 1)))
    assert await credit.error(AWARD, credit.staff("worker"), input=asked) == "FORBIDDEN"
    await city.tell(credit.runtime.database, city.duty("worker", "grid_worker", city.GRID))
    own = await credit.joined(str(city.person("worker")))
    token = credit.staff("worker")
    refused = await credit.refused("awardPoints", token, "RecordPointsInput", **asked | {"accountId": own})
    assert refused == "OWN_MATTER"


async def test_evidence_counts_once_and_approval_is_not_passed_over(credit: Credit) -> None:
    account, worker = await credit.joined(), credit.staff("worker")
    await credit.award(account, "a", evidence="表 1")
    asked: dict[str, Any] = {"idempotencyKey": "b", "accountId": account, "item": "volunteer", "evidence": " 表 1"}
    kind = "RecordPointsInput"
    assert await credit.refused("awardPoints", worker, kind, **asked) == "EVIDENCE_USED"
    assert await credit.refused("awardPoints", worker, kind, **asked | {"item": "deed"}) == "NEEDS_APPROVAL"
    assert await credit.refused("awardPoints", worker, kind, **asked | {"item": "no"}) == "UNKNOWN_ITEM"
    assert await credit.refused("awardPoints", worker, kind, **asked | {"item": "fire"}) == "UNKNOWN_ITEM"


async def test_a_ceiling_holds_from_many_sides_at_once(credit: Credit) -> None:
    account = await credit.joined()
    payloads = await asyncio.gather(*(credit.award(account, f"k{number}") for number in range(8)))
    codes = [problem["code"] for payload in payloads for problem in payload["problems"]]
    assert codes == ["CEILING_REACHED"] * 4
    assert await credit.balance(account) == (40, 0, 0)


async def test_a_posting_is_taken_back_whole_and_once(credit: Credit) -> None:
    account, worker = await credit.joined(), credit.staff("worker")
    await credit.award(account, "a")
    ((posting,),) = await credit.look("SELECT id FROM posting")
    assert await credit.error(REVERSE, credit.resident(), id=str(posting)) == "FORBIDDEN"
    assert await credit.error(REVERSE, credit.staff("worker_2"), id=str(posting)) == "NOT_FOUND"
    payloads = await asyncio.gather(*(credit.data(REVERSE, worker, id=str(posting)) for _ in range(3)))
    codes = sorted(problem["code"] for one in payloads for problem in one["payload"]["problems"])
    assert codes in (["SPENT_ALREADY"] * 2, ["ALREADY_REVERSED"] * 2)
    assert await credit.balance(account) == (0, 0, 0)
    # What was reversed does not count towards the ceiling.
    for number in range(4):
        assert (await credit.award(account, f"k{number}"))["problems"] == []
    assert (await credit.verdict()).faults == []


async def test_a_body_can_lose_points_and_a_person_cannot(credit: Credit) -> None:
    body, person, worker = await credit.body(), await credit.joined(), credit.staff("worker")
    asked = {"idempotencyKey": "d", "accountId": body, "item": "fire", "evidence": "检查记录 7"}
    kind = "RecordPointsInput"
    without = asked | {"evidence": None}
    assert await credit.refused("deductPoints", worker, kind, **without) == "EVIDENCE_NEEDED"
    payload = await credit.done("deductPoints", worker, kind=kind, **asked)
    assert payload["account"]["balance"] == {"available": 0, "held": 0, "deducted": -20, "score": -20}
    for item in ("fire", "volunteer"):
        of_person = asked | {"accountId": person, "item": item, "idempotencyKey": item}
        assert await credit.refused("deductPoints", worker, kind, **of_person) == "UNKNOWN_ITEM"
    ((posting,),) = await credit.look("SELECT id FROM posting")
    done = await credit.data(REVERSE, worker, id=str(posting))
    assert done["payload"] == {"accountId": body, "problems": []}
    assert await credit.balance(body) == (0, 0, 0)


async def test_balances_as_at_any_moment(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    middle = datetime.now(UTC)
    await credit.award(account, "b")
    query = "query($at: DateTime!) { myCreditAccount { balanceAt(at: $at) { available } balance { available } } }"
    seen = (await credit.data(query, credit.resident(), at=middle.isoformat()))["myCreditAccount"]
    assert seen == {"balanceAt": {"available": 10}, "balance": {"available": 20}}


async def test_figures_of_a_region_count_what_is_there(credit: Credit) -> None:
    first, second = await credit.joined(), await credit.joined("wang", city.GRID)
    body = await credit.body()
    for number, account in enumerate((first, first, second, body)):
        await credit.award(account, f"k{number}")
    ((posting,), *_) = await credit.look("SELECT id FROM posting ORDER BY id")
    await credit.data(REVERSE, credit.staff("worker"), id=str(posting))
    token = credit.role("observer", city.DISTRICT)
    for code in (city.CITY, city.DISTRICT, city.COMMUNITY, city.GRID):
        (region,) = (await credit.data(STATS, token, id=str(city.region_id(code))))["_entities"]
        assert region["creditStats"] == {
            "accounts": 3, "people": 2, "available": 30, "held": 0, "deducted": 0, "earned": 30, "earners": 3,
            "redeemed": 0, "expired": 0, "postings": 4,
        }  # fmt: skip
    assert region["creditCatalogue"]["groups"][0] == {"code": "resident", "nature": "NATURAL", "name": "residents"}
    assert region["creditCatalogue"]["deductions"] == [{"code": "fire", "document": "消防法"}]
    later = (await credit.data(STATS, token, id=str(city.region_id(city.GRID)), since="2099-01-01"))["_entities"][0]
    assert later["creditStats"]["earned"] == 0
    foreign = credit.role("observer", city.OTHER_DISTRICT)
    (region,) = (await credit.data(STATS, foreign, id=str(city.region_id(city.GRID))))["_entities"]
    assert region["creditStats"]["accounts"] == 0


async def test_postings_name_the_version_they_were_made_under(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    rewards = [city.CATALOGUE["rewards"][0] | {"points": 20}]
    assert await credit.load(catalogue_record(version=2, rewards=rewards)) == (
        "Imported 1 catalogues; 0 records were there already."
    )
    await credit.award(account, "b")
    assert await credit.balance(account) == (30, 0, 0)
    rows = await credit.look("SELECT catalogue_version FROM posting ORDER BY id")
    assert [version for (version,) in rows] == [1, 2]
    ((posting,),) = await credit.look("SELECT id FROM posting WHERE catalogue_version = 1")
    await credit.data(REVERSE, credit.staff("worker"), id=str(posting))
    assert await credit.balance(account) == (20, 0, 0)


async def test_published_events_are_read_from_the_feed_by_who_may_and_by_no_resident(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "one")
    async with credit.runtime.database.engine.begin() as connection:
        assert await ledger.number(connection, 100)
    query = 'query { creditEvents(tenant: "370321") { edges { node { type feedSequence data } } } }'
    edges = (await credit.data(query, credit.role("auditor", city.DISTRICT)))["creditEvents"]["edges"]
    written = await credit.events()
    assert [edge["node"]["type"] for edge in edges] == [type_ for type_, _ in written]
    assert [edge["node"]["data"] for edge in edges] == [payload["data"] for _, payload in written]
    assert [edge["node"]["feedSequence"] for edge in edges] == list(range(1, len(written) + 1))
    assert await credit.error(query, credit.resident()) == "FORBIDDEN"
