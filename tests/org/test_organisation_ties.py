"""What holds by an organisation keeps it from being dissolved, and goes over when it is merged."""

from __future__ import annotations

import json
from typing import Any

from services.org.commands.organisation_ties import PAST, TIES
from services.org.storage.columns import metadata
from tests.org import city
from tests.org.conftest import Org
from tests.org.test_organisation_histories import BRANCH, SPARE, do, mutation

LONE = str(city.id_of("organisation", "lone"))
ROWS = {
    ("activity", "organisation_id", "planned"): ("planned activities", "计划中的活动"),
    ("recommendation", "organisation_id", "opened"): ("recommendations under way", "进行中的推选"),
    ("check_in", "unit_id", "cadre"): ("check-ins of people who work for it", "所属单位的报到"),
    ("list_item", "organisation_id", "need"): ("list items", "清单事项"),
    ("service_item", "department_id", "card"): ("service items", "服务事项"),
    ("authorised_matter", "department_id", "inspection"): ("authorised matters", "赋权事项"),
    ("fund", "organisation_id", "branch"): ("funds with money left", "有结余的经费"),
}
FUNDS = "SELECT organisation_id, region_code, approved, available, spent FROM fund ORDER BY approved"
DISSOLVE = "mutation($input: EndInput!) { dissolveOrganisation(input: $input) { problems { code message } } }"
TOLD = """SELECT type, convert_from(payload, 'UTF8')::json->'data' FROM outbox
    WHERE type ~ 'handed_over' AND aggregate_id = '{id}'"""


async def name(org: Org, table: str, column: str, key: str, organisation: Any) -> Any:
    """Let a row of the city name an organisation; return which it named before."""
    id_ = city.id_of(table, key)
    ((before,),) = await org.look(f"SELECT {column} FROM {table} WHERE id = '{id_}'")  # noqa: S608
    said = "NULL" if organisation is None else f"'{organisation}'"
    await org.look(f"UPDATE {table} SET {column} = {said} WHERE id = '{id_}'")  # noqa: S608
    return before


def test_every_column_that_names_an_organisation_is_decided_about() -> None:
    naming = {
        key.parent
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "organisation"
    }
    assert set(TIES) | set(PAST) == naming
    assert not set(TIES) & set(PAST)
    assert all(tie.what and tie.zh for tie in TIES.values() if tie.holds is not None)


async def test_an_organisation_by_which_something_holds_is_not_dissolved_and_says_what(org: Org) -> None:
    given = {"id": LONE, "expectedVersion": 1, "on": "2024-05-01"}
    for (table, column, key), (en, zh) in ROWS.items():
        named = await name(org, table, column, key, LONE)
        before = await org.contents()
        for language, words in (("en", en), ("zh-CN", zh)):
            answer = await org.ask(DISSOLVE, org.token(), language, input=given)
            (problem,) = answer["data"]["dissolveOrganisation"]["problems"]
            assert problem["code"] == "NOT_EMPTY"
            assert words in problem["message"]
        assert await org.contents() == before
        await name(org, table, column, key, named)
    await org.look(f"UPDATE activity SET organisation_id = '{LONE}' WHERE state = 'HELD'")  # noqa: S608
    done = await org.data(DISSOLVE, input=given)
    assert done["dissolveOrganisation"]["problems"] == [], "what is over does not hold by it"


async def test_what_holds_by_a_merged_organisation_goes_over_and_is_told(org: Org) -> None:
    for table, column, key in ROWS:
        await name(org, table, column, key, BRANCH)
    await org.look(f"UPDATE activity SET organisation_id = '{BRANCH}' WHERE state = 'HELD'")  # noqa: S608
    await org.look(f"UPDATE list_item SET organisation_id = '{BRANCH}', valid_to = '2024-01-01' WHERE list = 'SERVICE'")  # noqa: S608
    given = {"idempotencyKey": "k", "ids": [BRANCH], "intoId": SPARE, "on": "2024-05-01"}
    answer = await org.data(mutation("mergeOrganisations"), org.token("admin", region=city.COMMUNITY), input=given)
    assert answer["mergeOrganisations"]["problems"] == []
    for table, column, key in set(ROWS) - {("fund", "organisation_id", "branch")}:
        id_ = city.id_of(table, key)
        rows = await org.look(f"SELECT {column}, version FROM {table} WHERE id = '{id_}'")  # noqa: S608
        assert [str(row[0]) for row in rows] == [SPARE], table
        ((type_, data),) = await org.look(TOLD.format(id=id_))
        assert type_ == f"linli.org.{table}.handed_over.v1"
        assert SPARE in json.dumps(data)
        versions = f"SELECT max(aggregate_version) FROM outbox WHERE aggregate_id = '{id_}'"  # noqa: S608
        assert await org.look(versions) == [(rows[0][1],)], table
        assert await org.look(
            f"SELECT count(*) FROM audit WHERE kind = '{table}' AND object_id = '{id_}'"  # noqa: S608
        ) == [(1,)]
    past = "SELECT organisation_id FROM {} WHERE {}"
    for table, which in (("activity", "state = 'HELD'"), ("list_item", "list = 'SERVICE'")):
        assert {str(row[0]) for row in await org.look(past.format(table, which))} == {BRANCH}, "what is over stays"


async def test_the_money_that_is_left_is_paid_back_and_given_anew(org: Org) -> None:
    fund = str(city.id_of("fund", "branch"))
    spend = "mutation($input: PostFundInput!) { spendFund(input: $input) { problems { code } } }"
    spent = {"idempotencyKey": "s", "fundId": fund, "expectedVersion": 2, "amountFen": 100000, "on": "2025-04-01"}
    assert (await org.data(spend, input={**spent, "purpose": "学习"}))["spendFund"]["problems"] == []
    for key, gone, into in (("a", BRANCH, SPARE), ("b", SPARE, LONE)):
        done = await do(org, "mergeOrganisations", idempotencyKey=key, ids=[gone], intoId=into, on="2025-05-01")
        assert done["problems"] == []
    found = [tuple(map(str, row)) for row in await org.look(FUNDS)]
    assert sorted(found) == sorted(
        [
            (BRANCH, city.GRID, "0", "0", "100000"),
            (SPARE, city.SECOND_GRID, "0", "0", "0"),
            (LONE, city.SECOND_GRID, "600000", "300000", "0"),
        ]
    )
    entries = await org.look("SELECT sum(CASE kind WHEN 'BUDGET' THEN amount END) FROM fund_entry")
    assert entries == [(1000000 + 900000 + 900000,)]
    told = await org.look("SELECT count(*) FROM outbox WHERE type = 'linli.org.fund.posted.v1'")
    assert told == await org.look("SELECT count(*) FROM fund_entry")


async def test_nothing_begins_by_an_organisation_that_is_dissolved(org: Org) -> None:
    done = await org.data(DISSOLVE, input={"id": LONE, "expectedVersion": 1, "on": "2024-05-01"})
    assert done["dissolveOrganisation"]["problems"] == []
    before = await org.contents()
    ask = "mutation($input: {type}!) {{ {name}(input: $input) {{ problems {{ code path }} }} }}"
    since = {"validFrom": "2024-06-01", "idempotencyKey": "k"}
    person = str(city.id_of("person", "secretary"))
    for mutation_, field, given in (
        ("addListItem", "organisationId", {"list": "NEED", "regionCode": city.COMMUNITY, "title": "停车难"}),
        ("offerServiceItem", "departmentId", {"regionCode": city.COUNTY, "title": "社保", "ways": ["ONLINE"]}),
        ("handDownMatter", "departmentId", {"regionCode": city.SUBDISTRICT, "title": "巡查"}),
        ("checkIn", "unitId", {"regionCode": city.GRID, "personId": person}),
    ):
        document = ask.format(type=mutation_[0].upper() + mutation_[1:] + "Input", name=mutation_)
        answer = await org.data(document, input={**since, **given, field: LONE})
        assert answer[mutation_]["problems"] == [{"code": "OUTSIDE_EXISTENCE", "path": [field]}], mutation_
    assert await org.contents() == before
