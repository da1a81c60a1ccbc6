"""Joining and leaving are a person's own choice; nobody sees another person's account."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.credit import city
from tests.credit.conftest import CREDIT_CODE

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

MINE = "{ myCreditAccount { id name balance { available } region { id } } }"
ONE = "query($id: ID!) { creditAccount(id: $id) { id name creditCode } }"
ENTITY = 'query($id: ID!) { _entities(representations: [{__typename: "CreditAccount", id: $id}]) { __typename } }'
LEAVE = "mutation { payload: leaveCredit { accountId problems { code } } }"


async def test_a_resident_joins_once_and_sees_their_own_account_masked(credit: Credit) -> None:
    account = await credit.joined()
    assert await credit.joined() == account
    mine = (await credit.data(MINE, credit.resident()))["myCreditAccount"]
    assert mine == {
        "id": account, "name": "李*", "balance": {"available": 0},
        "region": {"id": str(city.region_id(city.GRID))},
    }  # fmt: skip
    again: dict[str, Any] = {
        "idempotencyKey": "2",
        "group": "resident",
        "regionCode": city.GRID,
        "name": "李",
        "noticeVersion": 2,
    }
    assert await credit.refused("joinCredit", credit.resident(), **again) == "ALREADY_A_MEMBER"
    assert [type_ for type_, _ in await credit.events()] == ["linli.credit.account.opened.v1"]
    stored = str(await credit.contents())
    assert "李小明" not in stored


async def test_what_joining_needs_is_checked(credit: Credit) -> None:
    asked: dict[str, Any] = {
        "idempotencyKey": "1",
        "group": "resident",
        "regionCode": city.GRID,
        "name": "李",
        "noticeVersion": 2,
    }
    for changed, code in (
        ({"noticeVersion": 1}, "NOTICE_NOT_READ"),
        ({"group": "shop"}, "WRONG_NATURE"),
        ({"group": "no"}, "UNKNOWN_GROUP"),
        ({"name": "李*"}, "INVALID_TEXT"),
        ({"regionCode": "x"}, "INVALID_REGION_CODE"),
        ({"regionCode": f"{city.COMMUNITY}999"}, "UNKNOWN_REGION"),
    ):
        assert await credit.refused("joinCredit", credit.resident(), **asked | changed) == code
    elsewhere = credit.resident("zhao", city.ELSEWHERE)
    assert await credit.refused("joinCredit", elsewhere, **asked | {"regionCode": city.ELSEWHERE}) == "NO_CATALOGUE"
    query = "mutation($input: JoinCreditInput!) { joinCredit(input: $input) { accountId } }"
    assert await credit.error(query, credit.resident("zhao", city.GRID_2), input=asked) == "NOT_FOUND"
    assert await credit.error(query, credit.staff("worker"), input=asked) == "FORBIDDEN"
    assert await credit.error(query, None, input=asked) == "UNAUTHENTICATED"


async def test_two_requests_at_once_open_one_account(credit: Credit) -> None:
    asked: dict[str, Any] = {"group": "resident", "regionCode": city.GRID, "name": "李", "noticeVersion": 2}
    fields = "accountId problems { code }"
    payloads = await asyncio.gather(
        *(credit.payload("joinCredit", credit.resident(), fields, idempotencyKey=f"k{n}", **asked) for n in range(4))
    )
    assert sum(bool(payload["accountId"]) for payload in payloads) == 1


async def test_nobody_sees_another_persons_account(credit: Credit) -> None:
    account = await credit.joined()
    others = [credit.resident("wang"), credit.staff("worker"), credit.staff("secretary")]
    others += [credit.role(role) for role in ("admin", "auditor", "observer")]
    for token in others:
        assert await credit.error(ONE, token, id=account) == "NOT_FOUND"
        assert (await credit.data(ENTITY, token, id=account))["_entities"] == [None]
    assert (await credit.data(ONE, credit.resident(), id=account))["creditAccount"]["id"] == account


async def test_a_body_is_registered_by_whom_the_catalogue_names_and_seen_by_staff(credit: Credit) -> None:
    asked: dict[str, Any] = {"group": "shop", "regionCode": city.GRID, "creditCode": CREDIT_CODE, "name": "便民超市"}
    query = "mutation($input: RegisterBodyInput!) { registerBody(input: $input) { accountId } }"
    for token in (credit.staff("worker"), credit.resident(), credit.role("admin")):
        assert await credit.error(query, token, input=asked | {"idempotencyKey": "k"}) == "FORBIDDEN"
    clerk = credit.staff("clerk")
    wrong = asked | {"creditCode": CREDIT_CODE[:-1] + "K"}
    assert await credit.refused("registerBody", clerk, idempotencyKey="k", **wrong) == "INVALID_CREDIT_CODE"
    body = await credit.body()
    assert await credit.refused("registerBody", clerk, idempotencyKey="2", **asked) == "ALREADY_A_MEMBER"
    seen = (await credit.data(ONE, credit.role("observer", city.DISTRICT), id=body))["creditAccount"]
    assert seen == {"id": body, "name": "便民超市", "creditCode": CREDIT_CODE}
    assert await credit.error(ONE, credit.resident(), id=body) == "NOT_FOUND"
    assert await credit.error(ONE, credit.role("observer", city.OTHER_DISTRICT), id=body) == "NOT_FOUND"


async def test_leaving_deletes_whose_it_was_and_the_book_still_balances(credit: Credit) -> None:
    account = await credit.joined(household="3-2-501")
    await credit.award(account, "a")
    assert (await credit.data(LEAVE, credit.resident()))["payload"] == {"accountId": account, "problems": []}
    assert await credit.look("SELECT count(*) FROM holder") == [(0,)]
    assert await credit.balance(account) == (0, 0, 0)
    assert (await credit.verdict()).faults == []
    assert (await credit.data(MINE, credit.resident()))["myCreditAccount"] is None
    assert await credit.error(ONE, credit.resident(), id=account) == "NOT_FOUND"
    assert await credit.error(LEAVE, credit.resident()) == "NOT_FOUND"
    kinds = [(type_.split(".")[3], event["data"].get("kind")) for type_, event in await credit.events()]
    assert kinds == [("opened", None), ("posted", "earn"), ("posted", "forfeit"), ("closed", None)]
    versions = [event["aggregateversion"] for _, event in await credit.events()]
    assert versions == [1, 2, 3, 4]
    payload = await credit.award(account, "b")
    assert payload["problems"] == [{"code": "NOT_A_MEMBER", "path": []}]
    assert await credit.joined(idempotencyKey="again") != account


async def test_who_leaves_is_forgotten_where_they_acted_for_themselves_only(credit: Credit) -> None:
    subject = str(city.person("worker"))
    own, other = await credit.joined(subject), await credit.joined("wang")
    await credit.award(other, "for another")
    asked = {"idempotencyKey": "mine", "item": "deed", "evidence": "感谢信"}
    await credit.done("applyForPoints", credit.resident(subject), "problems { code }", **asked)
    await credit.data(LEAVE, credit.resident(subject))
    assert await credit.look(f"SELECT DISTINCT kind FROM audit WHERE actor = '{subject}'") == [("posting",)]  # noqa: S608
    assert await credit.look("SELECT count(*) FROM audit WHERE actor = 'left' AND kind = 'account'") == [(2,)]
    keys = await credit.look(f"SELECT operation FROM idempotency WHERE actor = '{subject}'")  # noqa: S608
    assert keys == [("awardPoints",)]
    everywhere = await credit.contents()
    told = {name: rows for name, rows in everywhere.items() if subject in str(rows)}
    assert set(told) == {"audit", "duty", "idempotency", "posting"}
    assert own not in str(told["idempotency"]) + str([row for row in told["audit"] if subject in str(row)])


async def test_what_is_written_down_of_changes_names_nobody(credit: Credit) -> None:
    await credit.joined(household="3-2-501")
    written = str(await credit.look("SELECT fields::text FROM audit"))
    assert "李小明" not in written
    assert "501" not in written
