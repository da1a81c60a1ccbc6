"""Lists are for bodies only, with notice, objection and repair; rankings show grids; publicity names the willing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.problems import Refused
from services.credit.domain.lists import Colour, Grade, checked_term, repairable_on
from services.credit.domain.periods import local_day, same_day
from services.credit.storage import governance
from tests.credit import city
from tests.kit import items_of

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

_BY_HAND = """INSERT INTO listing (id, account_id, nature, colour, grade, reason, document, article, recorded_by,
  noticed_at, starts_on, ends_on) VALUES (gen_random_uuid(), '{person}', '{nature}', 'grey', 'minor', 'r', 'd', 'a',
  'x', now(), '2026-01-01', '2026-02-01')"""
PAYLOAD = "id problems { code }"
LISTS = "query($code: String!) { publicCreditLists(regionCode: $code) { colour name creditCode reason article } }"
MONTH = """query($code: String!, $day: Date!) { publicCreditMonth(districtCode: $code, day: $day) {
  totals { group earners points } shown { edges { node { name group points } } } chainLength chainHash } }"""
RANKING = """query($id: ID!, $day: Date!) { _entities(representations: [{__typename: "Region", id: $id}]) {
  ... on Region { creditRanking(day: $day) { rank people points mean redFlag region { id } } } } }"""
OWN = "query($day: Date!) { myCreditAccount { ownRank(day: $day) { rank people } } }"
SUSPENDED = "query($id: ID!) { creditAccount(id: $id) { suspended balance { deducted score } } }"


async def listed(credit: Credit, body: str, key: str = "l", **changed: Any) -> str:
    asked: dict[str, Any] = {
        "idempotencyKey": key, "accountId": body, "colour": "GREY", "grade": "ORDINARY", "reason": "占用消防通道",
        "document": "消防法", "article": "第二十八条", "months": 6,
    } | changed  # fmt: skip
    payload = await credit.done("listBody", credit.staff("clerk"), PAYLOAD, **asked)
    return str(payload["id"])


async def shown(credit: Credit, code: str = city.DISTRICT) -> Any:
    return (await credit.data(LISTS, None, code=code))["publicCreditLists"]


async def time_passes(credit: Credit, days: int) -> None:
    await credit.look(f"UPDATE listing SET starts_on = starts_on - {days}, ends_on = ends_on - {days}")  # noqa: S608


@pytest.mark.parametrize(
    ("colour", "grade", "months", "fits"),
    [
        (Colour.GREY, Grade.MINOR, 3, True), (Colour.GREY, Grade.MINOR, 4, False),
        (Colour.GREY, Grade.ORDINARY, 2, False), (Colour.GREY, Grade.ORDINARY, 12, True),
        (Colour.GREY, Grade.SERIOUS, 11, False), (Colour.GREY, Grade.SERIOUS, 36, True),
        (Colour.GREY, Grade.SERIOUS, 37, False), (Colour.RED, Grade.MINOR, 12, True),
        (Colour.RED, Grade.MINOR, 13, False), (Colour.GREY, Grade.MINOR, 0, False),
    ],
)  # fmt: skip
def test_terms_are_those_of_the_rules(colour: Colour, grade: Grade, months: int, *, fits: bool) -> None:
    if fits:
        assert checked_term(colour, grade, date(2026, 1, 31), months) == same_day(date(2026, 1, 31), months)
    else:
        with pytest.raises(Refused, match="TERM_OUT_OF_RANGE"):
            checked_term(colour, grade, date(2026, 1, 31), months)


def test_repair_comes_after_the_shortest_term() -> None:
    start = date(2025, 11, 30)
    assert [repairable_on(grade, start) for grade in Grade] == [start, date(2026, 2, 28), date(2026, 11, 30)]


async def test_a_body_is_shown_after_its_notice_and_until_its_term(credit: Credit) -> None:
    body = await credit.body()
    await listed(credit, body)
    assert await shown(credit) == []
    await time_passes(credit, 7)
    entry = {"colour": "GREY", "name": "便民超市", "creditCode": "91110000600037341L", "reason": "占用消防通道",
             "article": "第二十八条"}  # fmt: skip
    assert await shown(credit) == [entry]
    assert await shown(credit, city.OTHER_DISTRICT) == []
    await time_passes(credit, 200)
    assert await shown(credit) == []


async def test_of_long_lists_the_newest_are_shown(credit: Credit, monkeypatch: pytest.MonkeyPatch) -> None:
    body = await credit.body()
    for number in range(3):
        await listed(credit, body, f"l{number}", reason=f"{number}")
        await time_passes(credit, 7)
    assert [entry["reason"] for entry in await shown(credit)] == ["0", "1", "2"]
    monkeypatch.setattr(governance, "MOST_SHOWN", 2)
    assert [entry["reason"] for entry in await shown(credit)] == ["1", "2"]


async def test_no_person_comes_on_a_list_by_any_way(credit: Credit) -> None:
    person = await credit.joined()
    asked = {"idempotencyKey": "l", "accountId": person, "colour": "GREY", "grade": "MINOR", "reason": "r",
             "document": "d", "article": "a", "months": 1}  # fmt: skip
    query = "mutation($input: ListBodyInput!) { listBody(input: $input) { id } }"
    for token in (credit.staff("clerk"), credit.staff("coordinator")):
        assert await credit.error(query, token, input=asked) == "NOT_FOUND"
    for nature, constraint in (("natural", "no_people"), ("legal", "fk_listing_account_id_nature")):
        with pytest.raises(DBAPIError, match=constraint):
            async with credit.runtime.database.write(("",)) as session:
                await session.execute(text(_BY_HAND.format(person=person, nature=nature)))
    assert await shown(credit) == []


async def test_an_objection_suspends_and_is_decided_by_another(credit: Credit) -> None:
    body, clerk, arbiter = await credit.body(), credit.staff("clerk"), credit.staff("arbiter")
    listing = await listed(credit, body)
    await time_passes(credit, 7)
    objected: dict[str, Any] = {"idempotencyKey": "o", "listingId": listing, "reason": "已整改"}
    objection = (await credit.done("raiseObjection", clerk, PAYLOAD, **objected))["id"]
    assert await shown(credit) == []
    again = objected | {"idempotencyKey": "2"}
    assert await credit.refused("raiseObjection", clerk, **again) == "OBJECTED_ALREADY"
    decide: dict[str, Any] = {"id": objection, "uphold": False, "decision": "事实清楚"}
    query = "mutation($input: DecideObjectionInput!) { decideObjection(input: $input) { id } }"
    for token in (clerk, credit.resident(), credit.role("admin")):
        assert await credit.error(query, token, input=decide) == "FORBIDDEN"
    await credit.done("decideObjection", arbiter, PAYLOAD, **decide)
    assert len(await shown(credit)) == 1
    assert await credit.refused("decideObjection", arbiter, **decide) == "DECIDED_ALREADY"


async def test_a_deduction_under_objection_does_not_count_and_is_taken_back_when_upheld(credit: Credit) -> None:
    body, worker, arbiter = await credit.body(), credit.staff("worker"), credit.staff("arbiter")
    asked = {"idempotencyKey": "d", "accountId": body, "item": "fire", "evidence": "检查记录 7"}
    await credit.done("deductPoints", worker, kind="RecordPointsInput", **asked)
    ((posting,),) = await credit.look("SELECT id FROM posting")
    objected = {"idempotencyKey": "o", "postingId": str(posting), "reason": "不属实"}
    objection = (await credit.done("raiseObjection", credit.staff("clerk"), PAYLOAD, "", **objected))["id"]
    auditor = credit.role("auditor", city.DISTRICT)
    seen = (await credit.data(SUSPENDED, auditor, id=body))["creditAccount"]
    assert seen == {"suspended": 20, "balance": {"deducted": -20, "score": -20}}
    decide: dict[str, Any] = {"id": objection, "uphold": True, "decision": "不属实"}
    assert await credit.refused("decideObjection", worker, **decide) == "OWN_RECORD"
    await credit.done("decideObjection", arbiter, PAYLOAD, **decide)
    seen = (await credit.data(SUSPENDED, auditor, id=body))["creditAccount"]
    assert seen == {"suspended": 0, "balance": {"deducted": 0, "score": 0}}
    assert (await credit.verdict()).faults == []


async def test_a_person_objects_to_their_own_postings_only_and_in_time(credit: Credit) -> None:
    await credit.award(await credit.joined(), "a")
    ((posting,),) = await credit.look("SELECT id FROM posting")
    asked: dict[str, Any] = {"idempotencyKey": "o", "postingId": str(posting), "reason": "不是我"}
    query = "mutation($input: RaiseObjectionInput!) { raiseObjection(input: $input) { id } }"
    assert await credit.error(query, credit.staff("clerk"), input=asked) == "NOT_FOUND"
    await credit.look("UPDATE posting SET at = at - interval '31 days'")
    assert await credit.refused("raiseObjection", credit.resident(), **asked) == "OBJECTION_TOO_LATE"
    await credit.look("UPDATE posting SET at = at + interval '31 days'")
    assert await credit.refused("raiseObjection", credit.resident(), **asked | {"postingId": None}) == "OBJECT_TO_ONE"
    assert (await credit.done("raiseObjection", credit.resident(), PAYLOAD, "", **asked))["id"]


async def test_what_was_put_right_is_taken_off_after_the_shortest_term(credit: Credit) -> None:
    listing, arbiter = await listed(credit, await credit.body()), credit.staff("arbiter")
    await time_passes(credit, 7)
    assert await credit.refused("repairListing", arbiter, id=listing) == "REPAIR_TOO_EARLY"
    await time_passes(credit, 95)
    assert len(await shown(credit)) == 1
    await credit.done("repairListing", arbiter, PAYLOAD, id=listing)
    assert await shown(credit) == []


async def test_grids_are_ranked_by_mean_points_and_a_person_sees_their_own_place_only(credit: Credit) -> None:
    first, second = await credit.joined("li"), await credit.joined("wang")
    await credit.joined("zhao", city.GRID_2)
    for number in range(3):
        await credit.award(first, f"a{number}")
    await credit.award(second, "b")
    await credit.backdate()
    coordinator, day = credit.staff("coordinator"), "2026-03-31"
    asked = {"districtCode": city.DISTRICT, "day": day}
    kind = "CreditPeriodInput"
    await credit.done("rankGrids", coordinator, PAYLOAD, kind, **asked)
    assert await credit.refused("rankGrids", coordinator, kind, **asked) == "DONE_ALREADY"
    later = (local_day(datetime.now(UTC)) + timedelta(days=1)).isoformat()
    assert await credit.refused("rankGrids", coordinator, kind, **asked | {"day": later}) == "PERIOD_NOT_OVER"
    district = str(city.region_id(city.DISTRICT))
    for token in (coordinator, credit.resident()):
        (region,) = (await credit.data(RANKING, token, id=district, day=day))["_entities"]
        assert region["creditRanking"] == [
            {"rank": 1, "people": 2, "points": 40, "mean": 20.0, "redFlag": True,
             "region": {"id": str(city.region_id(city.GRID))}},
            {"rank": 2, "people": 1, "points": 0, "mean": 0.0, "redFlag": False,
             "region": {"id": str(city.region_id(city.GRID_2))}},
        ]  # fmt: skip
    own = [(await credit.data(OWN, credit.resident(name), day=day))["myCreditAccount"] for name in ("li", "wang")]
    assert [one["ownRank"] for one in own] == [{"rank": 1, "people": 2}, {"rank": 2, "people": 2}]


async def test_publicity_shows_totals_and_only_who_agreed_masked(credit: Credit) -> None:
    agreed, silent = await credit.joined("li", shown=True), await credit.joined("wang", household="3-1")
    body = await credit.body()
    for number, account in enumerate((agreed, silent, body)):
        await credit.award(account, f"k{number}")
    await credit.look("UPDATE posting SET at = '2026-02-10 12:00+08'")
    head = (await credit.verdict()).head.hex()
    coordinator, asked = credit.staff("coordinator"), {"districtCode": city.DISTRICT, "day": "2026-02-15"}
    await credit.done("publishCreditMonth", coordinator, PAYLOAD, "CreditPeriodInput", **asked)
    assert await credit.refused("publishCreditMonth", coordinator, "CreditPeriodInput", **asked) == "DONE_ALREADY"
    found = (await credit.data(MONTH, None, code=city.DISTRICT, day="2026-02-01"))["publicCreditMonth"]
    assert found | {"shown": items_of(found["shown"])} == {
        "totals": [{"group": "resident", "earners": 2, "points": 20}, {"group": "shop", "earners": 1, "points": 10}],
        "shown": [{"name": "李*", "group": "resident", "points": 10}], "chainLength": 3, "chainHash": head,
    }  # fmt: skip
    assert "李小明" not in str(await credit.look("SELECT shown::text FROM publicity"))
    other = (await credit.data(MONTH, None, code=city.DISTRICT, day="2026-01-01"))["publicCreditMonth"]
    assert other is None
