"""Funds through the graph: budget, payment, account, reversal."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.org import city
from tests.org.conftest import Org

PARTS = """fund { id version approvedYuan availableYuan spentYuan entries { id kind amountFen reverses } }
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
    entry = spent["entries"][-1]["id"]
    back = await post(org, "reverseFundEntry", idempotencyKey="d", entryId=entry)
    assert [one["kind"] for one in back["fund"]["entries"]] == ["BUDGET", "DISBURSE", "DISBURSE", "SPEND", "REVERSAL"]
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
