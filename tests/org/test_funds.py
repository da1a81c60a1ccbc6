"""Funds through the graph: budget, payment, account, reversal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis.service import ImportRefused
from tests.kit import items_of
from tests.org import city
from tests.org.conftest import Org

PARTS = """fund { id version approvedYuan availableYuan spentYuan
    entries { edges { node { id kind amountFen reverses } } } }
    problems { code path }"""
BRANCH = str(city.id_of("organisation", "branch"))
FUND = str(city.id_of("fund", "branch"))
STATS = """{ district(code: "370321") {
    fundStats(year: 2025) { organisations budgetedYuan disbursedYuan spentYuan } } }"""


async def post(org: Org, name: str, **given: Any) -> Any:
    type_ = "PostFundInput" if name in {"disburseFund", "spendFund"} else name[0].upper() + name[1:] + "Input"
    document = f"mutation($input: {type_}!) {{ {name}(input: $input) {{ {PARTS} }} }}"
    asked = {"on": "2025-05-01", "purpose": "经费", **given}
    return (await org.data(document, input=asked))[name]


async def test_money_is_paid_out_spent_and_taken_back_by_entries(org: Org) -> None:
    paid = await post(org, "disburseFund", idempotencyKey="a", fundId=FUND, expectedVersion=2, amountFen=600000)
    assert paid["problems"] == []
    too_much = await post(org, "disburseFund", idempotencyKey="b", fundId=FUND, expectedVersion=3, amountFen=1)
    assert too_much["problems"] == [{"code": "FUND_TOO_LOW", "path": ["amountFen"]}]
    spent = (await post(org, "spendFund", idempotencyKey="c", fundId=FUND, expectedVersion=3, amountFen=250050))["fund"]
    assert (spent["approvedYuan"], spent["availableYuan"], spent["spentYuan"]) == (0.0, 7499.5, 2500.5)
    entry = items_of(spent["entries"])[-1]["id"]
    back = await post(org, "reverseFundEntry", idempotencyKey="d", entryId=entry)
    assert [one["kind"] for one in items_of(back["fund"]["entries"])] == [
        "BUDGET",
        "DISBURSE",
        "DISBURSE",
        "SPEND",
        "REVERSAL",
    ]
    assert back["fund"]["spentYuan"] == 0.0
    again = await post(org, "reverseFundEntry", idempotencyKey="e", entryId=entry)
    assert again["problems"][0]["code"] == "ALREADY_REVERSED"
    stale = await post(org, "spendFund", idempotencyKey="f", fundId=FUND, expectedVersion=3, amountFen=1)
    assert stale["problems"][0]["code"] == "STALE_VERSION"
    assert (await org.data(STATS))["district"]["fundStats"] == {
        "organisations": 1,
        "budgetedYuan": 10000.0,
        "disbursedYuan": 10000.0,
        "spentYuan": 0.0,
    }
    assert await org.look("SELECT count(*) FROM outbox WHERE type = 'linli.org.fund.posted.v1'") == [(5,)]


async def test_a_second_budget_of_the_year_goes_to_the_same_fund(org: Org) -> None:
    given = {"organisationId": BRANCH, "year": 2025, "source": "county_budget", "amountFen": 100}
    done = await post(org, "budgetFund", idempotencyKey="a", **given)
    assert (done["fund"]["id"], done["fund"]["version"], done["fund"]["approvedYuan"]) == (FUND, 3, 6001.0)
    other = await post(org, "budgetFund", idempotencyKey="b", **{**given, "year": 2026})
    assert other["fund"]["id"] != FUND
    for key, more, code in (
        ("c", {"source": "nobody"}, "UNKNOWN_KIND"),
        ("d", {"year": 1990}, "INVALID_FUND_YEAR"),
        ("e", {"amountFen": 0}, "INVALID_AMOUNT"),
        ("f", {"purpose": " "}, "REQUIRED"),
    ):
        refused = await post(org, "budgetFund", idempotencyKey=key, **{**given, **more})
        assert refused["problems"][0]["code"] == code


def imported(*spent: dict[str, Any], disbursed_fen: int = 5000) -> str:
    record = {
        "record": "fund",
        "id": str(city.id_of("fund", "lone")),
        "organisation": str(city.id_of("organisation", "lone")),
        "region_code": city.SECOND_GRID,
        "year": 2025,
        "source": "county_budget",
        "on": "2025-03-01",
        "purpose": "支部工作经费",
        "budget_fen": 8000,
        "disbursed_fen": disbursed_fen,
        "spent": [{"on": "2025-04-01", "purpose": "阵地维修", **line} for line in spent],
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


async def test_what_was_spent_of_a_fund_is_imported_as_entries_and_events(org: Org) -> None:
    await org.load(imported({"amount_fen": 3000}, {"amount_fen": 1500, "on": "2025-05-01", "purpose": "慰问"}))
    fund = str(city.id_of("fund", "lone"))
    mine = (
        '{ organisation(id: "%s") { funds(year: 2025) { version approvedYuan availableYuan spentYuan'
        " entries { edges { node { kind amountFen purpose on } } } } } }"
    )
    [seen] = (await org.data(mine % city.id_of("organisation", "lone")))["organisation"]["funds"]
    entries = [(one["kind"], one["amountFen"], one["purpose"], one["on"]) for one in items_of(seen.pop("entries"))]
    assert entries == [
        ("BUDGET", 8000, "支部工作经费", "2025-03-01"),
        ("DISBURSE", 5000, "支部工作经费", "2025-03-01"),
        ("SPEND", 3000, "阵地维修", "2025-04-01"),
        ("SPEND", 1500, "慰问", "2025-05-01"),
    ]
    assert seen == {"version": 4, "approvedYuan": 30.0, "availableYuan": 5.0, "spentYuan": 45.0}
    told = await org.look("SELECT aggregate_id, aggregate_version FROM outbox WHERE type ~ 'fund.posted' ORDER BY id")
    assert [version for of, version in told if str(of) == fund] == [1, 2, 3, 4]
    # What is posted from then on goes on from there.
    left = await post(org, "spendFund", idempotencyKey="a", fundId=fund, expectedVersion=4, amountFen=501)
    assert left["problems"] == [{"code": "FUND_TOO_LOW", "path": ["amountFen"]}]
    assert (await post(org, "spendFund", idempotencyKey="b", fundId=fund, expectedVersion=4, amountFen=500))["fund"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"amount_fen": 5001}, "FUND_TOO_LOW"),
        ({"amount_fen": 0}, "INVALID_AMOUNT"),
        ({"amount_fen": 10, "on": "2025-02-28"}, "DATE_TOO_EARLY"),
        ({"amount_fen": 10, "purpose": " "}, "REQUIRED"),
    ],
)
async def test_a_fund_that_was_spent_as_none_can_be_is_not_imported(org: Org, line: dict[str, Any], told: str) -> None:
    with pytest.raises(ImportRefused, match=told):
        await org.load(imported(line))
    assert await org.look("SELECT count(*) FROM fund") == [(1,)]


async def test_entries_are_never_changed_and_funds_are_for_staff(city_org: Org) -> None:
    for statement in ("UPDATE fund_entry SET amount = 1", "DELETE FROM fund_entry", "DELETE FROM fund"):
        with pytest.raises(ProgrammingError):
            async with city_org.runtime.database.write(("",)) as session:
                await session.execute(text(statement))
    mine = f'{{ organisation(id: "{BRANCH}") {{ funds(year: 2025) {{ source {{ code }} availableYuan }} }} }}'
    seen = await city_org.data(mine, city_org.token("auditor", region=city.COUNTY))
    assert seen["organisation"]["funds"] == [{"source": {"code": "county_budget"}, "availableYuan": 4000.0}]
    for document in (mine, STATS):
        answer = await city_org.ask(document, city_org.token("resident", region=city.COUNTY))
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
