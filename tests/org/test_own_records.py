"""What is kept of a person, for themself: all of it, who looked at it, and how it goes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.org.storage import tables as t
from services.org.storage.own_records import parts_of
from tests.org import city
from tests.org.conftest import Org

FIELDS = """id name phone residentId partyStatus birthYear education erasedOn region { code }
    parts(first: 50) { totalCount edges { node { part detail regionCode validFrom validTo } } }
    looks { totalCount edges { node { subject purpose exported } } }"""
OWN = f"{{ myRecord {{ {FIELDS} }} }}"
EXPORT = f"""mutation($input: ExportPersonInput!) {{ exportPerson(input: $input) {{
    record {{ {FIELDS} }} problems {{ code path }} }} }}"""
ERASE = """mutation($input: ErasePersonInput!) { erasePerson(input: $input) {
    person { name phone version } problems { code path message } } }"""
REVEAL = "mutation($input: RevealPersonInput!) { revealPerson(input: $input) { problems { code } } }"
UPDATE = "mutation($input: UpdatePersonInput!) { updatePerson(input: $input) { problems { code } } }"
STORED = "SELECT name, phone, resident_id, birth_year, education, party_status, version FROM person WHERE id = '{}'"


def person(key: str) -> str:
    return str(city.id_of("person", key))


def parts(record: dict[str, Any]) -> dict[str, str]:
    return {edge["node"]["part"]: edge["node"]["detail"] for edge in record["parts"]["edges"]}


async def test_a_person_reads_all_that_is_kept_of_them_wherever_their_token_reaches(city_org: Org) -> None:
    token = city_org.token("resident", region=city.FOREIGN_GRID, subject=person("leader"))
    own = (await city_org.data(OWN, token))["myRecord"]
    assert (own["name"], own["birthYear"], own["education"], own["erasedOn"]) == ("欧阳丽", 1984, "COLLEGE", None)
    found = parts(own)
    assert found["DUTY"] == "grid_leader"
    assert found["MUSTER"] == "command_office"
    assert {"TEAM", "TALENT", "CALL_UP", "NOMINATION"} <= set(found)
    assert own["parts"]["totalCount"] == len(own["parts"]["edges"])
    days = [edge["node"]["validFrom"] for edge in own["parts"]["edges"]]
    assert days == sorted(days, reverse=True)
    second = city_org.token("resident", region=city.COMMUNITY, subject=person("secretary"))
    assert (await city_org.data(OWN, second))["myRecord"]["phone"] == "13800010000"


NOT_TOLD = {
    "elector.person_id": "that somebody voted is on a roll; the vote is secret",
    "team.leader_id": "a member of it",
    "recommendation.recommended_id": "one of the nominees",
    "talent.mentor_id": "about who is guided",
}


def test_every_table_that_names_a_person_is_part_of_their_record() -> None:
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in t.GOVERNED
        for key in table.foreign_keys
        if key.column.table is t.person
    }
    asked = str(parts_of(city.id_of("person", "leader")))
    assert {name for name in naming if f"{name} = " not in asked} == set(NOT_TOLD)


@pytest.mark.parametrize("subject", ["somebody", str(city.id_of("person", "nobody"))])
async def test_who_is_no_person_of_org_has_no_record(city_org: Org, subject: str) -> None:
    token = city_org.token("resident", region=city.COUNTY, subject=subject)
    assert (await city_org.data(OWN, token))["myRecord"] is None


async def test_a_person_sees_who_looked_at_their_data_and_what_for(org: Org) -> None:
    secretary = org.token("community_secretary", region=city.COMMUNITY, subject="secretary-1")
    await org.data(REVEAL, secretary, input={"id": person("worker"), "purpose": "核对社保登记"})
    asked = {"id": person("worker"), "purpose": "本人申请"}
    exported = (await org.data(EXPORT, secretary, input=asked))["exportPerson"]["record"]
    assert exported["residentId"] == "11010519491231002X"
    token = org.token("resident", region=city.FOREIGN_GRID, subject=person("worker"))
    own = (await org.data(OWN, token))["myRecord"]
    assert [edge["node"] for edge in own["looks"]["edges"]] == [
        {"subject": "secretary-1", "purpose": "本人申请", "exported": True},
        {"subject": "secretary-1", "purpose": "核对社保登记", "exported": False},
    ]
    other = org.token("resident", region=city.COUNTY, subject=person("leader"))
    assert (await org.data(OWN, other))["myRecord"]["looks"]["totalCount"] == 0


async def test_an_export_says_what_for(org: Org) -> None:
    before = await org.contents()
    refused = (await org.data(EXPORT, input={"id": person("worker"), "purpose": " "}))["exportPerson"]
    assert refused == {"record": None, "problems": [{"code": "REQUIRED", "path": ["purpose"]}]}
    assert await org.contents() == before


async def test_what_identifies_a_person_goes_when_they_ask_and_does_not_come_back(org: Org) -> None:
    asked = {"id": person("former"), "expectedVersion": 1}
    done = (await org.data(ERASE, input=asked))["erasePerson"]
    assert done == {"person": {"name": "", "phone": None, "version": 2}, "problems": []}
    stored = await org.look(STORED.format(person("former")))
    assert stored == [("", None, None, None, None, "NONE", 2)]
    token = org.token("resident", region=city.COMMUNITY, subject=person("former"))
    assert (await org.data(OWN, token))["myRecord"]["erasedOn"] is not None
    (event,) = await org.look(
        "SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type = 'linli.org.person.erased.v1'"
    )
    assert json.loads(event[0])["data"]["personId"] == person("former")
    again = (await org.data(ERASE, input={**asked, "expectedVersion": 2}))["erasePerson"]
    assert again["problems"][0]["code"] == "ALREADY_ERASED"
    change = {"id": person("former"), "expectedVersion": 2, "name": "周远"}
    assert (await org.data(UPDATE, input=change))["updatePerson"]["problems"] == [{"code": "ALREADY_ERASED"}]
    assert await org.look(STORED.format(person("former"))) == stored


@pytest.mark.parametrize("key", ["leader", "worker", "spare", "member"])
async def test_nobody_is_erased_who_still_holds_something(org: Org, key: str) -> None:
    before = await org.contents()
    refused = (await org.data(ERASE, input={"id": person(key), "expectedVersion": 1}))["erasePerson"]
    assert [problem["code"] for problem in refused["problems"]] == ["NOT_EMPTY"]
    assert await org.contents() == before


async def test_nobody_is_erased_of_whom_something_is_under_way(org: Org) -> None:
    who = person("second member")
    await org.look(f"UPDATE duty SET valid_to = '2024-01-01' WHERE person_id = '{who}'")  # noqa: S608

    async def refused() -> str:
        (problem,) = (await org.data(ERASE, input={"id": who, "expectedVersion": 1}))["erasePerson"]["problems"]
        assert problem["code"] == "NOT_EMPTY"
        return str(problem["message"])

    assert "filings" in await refused()
    await org.look("UPDATE duty_filing SET state = 'WITHDRAWN'")
    nominate = "mutation($input: NominateInput!) { nominate(input: $input) { problems { code } } }"
    opened = {"idempotencyKey": "n", "recommendationId": str(city.id_of("recommendation", "opened")), "personId": who}
    assert (await org.data(nominate, input=opened))["nominate"]["problems"] == []
    assert "nominations" in await refused()
    await org.look("UPDATE recommendation SET state = 'WITHDRAWN'")
    done = (await org.data(ERASE, input={"id": who, "expectedVersion": 1}))["erasePerson"]
    assert (done["problems"], done["person"]["name"]) == ([], "")


async def test_what_they_hold_out_of_sight_counts_too(org: Org) -> None:
    member = (
        "INSERT INTO team_member (team_id, person_id, valid_from, region_code) VALUES ('{}', '{}', '2024-01-01', '{}')"
    )
    team = (await org.look("SELECT id FROM team LIMIT 1"))[0][0]
    await org.look(member.format(team, person("former"), city.FOREIGN_GRID))
    token = org.token("admin", region=city.COUNTY)
    asked = {"id": person("former"), "expectedVersion": 1}
    refused = (await org.data(ERASE, token, input=asked))["erasePerson"]
    assert refused["problems"][0]["code"] == "NOT_EMPTY"
    assert (await org.look(STORED.format(person("former"))))[0][0] == "周远"
