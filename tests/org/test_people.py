"""People: masked for everyone, whole for who is entitled and says why, and never stored masked."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

PERSON = """query($id: ID!, $asOf: Date) { person(id: $id, asOf: $asOf) { name phone residentId partyStatus version
    region { code } duties { title { code name } region { code } } currentOrganisation { name } } }"""
REVEAL = """mutation($input: RevealPersonInput!) { revealPerson(input: $input) {
    person { name phone residentId } problems { code path } } }"""
UPDATE = """mutation($input: UpdatePersonInput!) { updatePerson(input: $input) {
    person { name phone version } problems { code path message } } }"""
REGISTER = """mutation($input: RegisterPersonInput!) { registerPerson(input: $input) {
    person { id name phone } problems { code path message } } }"""


def person_id(key: str) -> str:
    return str(city.id_of("person", key))


async def test_a_person_is_masked_for_everyone(city_org: Org) -> None:
    for role in ("admin", "community_secretary", "grid_worker", "resident"):
        token = city_org.token(role, region=city.COMMUNITY)
        found = (await city_org.data(PERSON, token, id=person_id("secretary")))["person"]
        assert (found["name"], found["phone"]) == ("张*", "138****0000")
        assert found["partyStatus"] == (None if role == "resident" else "OTHER")
        assert found["currentOrganisation"] == {"name": "中共第一网格"}
    for role, shown in (("community_secretary", "1****************X"), ("grid_worker", None)):
        token = city_org.token(role, region=city.COMMUNITY)
        assert (await city_org.data(PERSON, token, id=person_id("worker")))["person"]["residentId"] == shown


async def test_a_person_holds_the_duties_of_the_date(city_org: Org) -> None:
    now = (await city_org.data(PERSON, id=person_id("spare")))["person"]
    assert now["duties"] == []
    then = (await city_org.data(PERSON, id=person_id("spare"), asOf="2022-12-31"))["person"]
    assert [duty["title"]["code"] for duty in then["duties"]] == ["grid_worker"]
    chinese = await city_org.ask(PERSON, city_org.token(), "zh-CN", id=person_id("worker"))
    assert chinese["data"]["person"]["duties"][0]["title"]["name"] == "职务grid_worker"


async def test_identifying_data_are_stored_encrypted(org: Org) -> None:
    rows = await org.look("SELECT phone, resident_id FROM person WHERE phone IS NOT NULL OR resident_id IS NOT NULL")
    assert rows
    stored = b"".join(value or b"" for row in rows for value in row)
    assert b"138" not in stored[:3]
    assert b"13800010000" not in stored
    assert b"11010519491231002X" not in stored


async def test_a_look_at_a_whole_record_is_recorded_with_its_purpose(org: Org) -> None:
    token = org.token("community_secretary", region=city.COMMUNITY, subject="secretary-1")
    asked = {"id": person_id("worker"), "purpose": "核对社保登记"}
    shown = (await org.data(REVEAL, token, input=asked))["revealPerson"]
    assert shown == {"person": {"name": "王红", "phone": None, "residentId": "11010519491231002X"}, "problems": []}
    rows = await org.look("SELECT actor, kind, object_id, fields FROM audit WHERE operation = 'revealPerson'")
    assert rows == [("secretary-1", "person_revealed", person_id("worker"), {"purpose": "核对社保登记"})]
    refused = (await org.data(REVEAL, token, input={**asked, "purpose": " "}))["revealPerson"]
    assert refused == {"person": None, "problems": [{"code": "REQUIRED", "path": ["purpose"]}]}


async def test_a_duty_in_scope_shows_its_holder_from_elsewhere_but_no_more(org: Org) -> None:
    token = org.token("community_secretary", region=city.COMMUNITY)
    cadre = person_id("cadre")
    assert (await org.data(PERSON, token, id=cadre))["person"]["name"] == "李*"
    answer = await org.ask(REVEAL, token, input={"id": cadre, "purpose": "x"})
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND", "registered in the county, not in the community"
    answer = await org.ask(PERSON, token, id=person_id("foreigner"))
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_masked_value_is_never_taken_back(org: Org) -> None:
    mine: dict[str, Any] = {"id": person_id("secretary"), "expectedVersion": 1}
    for field, value in (("name", "张*"), ("phone", "138****0000"), ("residentId", "1****************X")):
        refused = (await org.data(UPDATE, input={**mine, field: value}))["updatePerson"]
        assert [problem["code"] for problem in refused["problems"]] == ["MASKED_VALUE"]
        assert refused["problems"][0]["path"] == [field]
    revealed = (await org.data(REVEAL, input={"id": mine["id"], "purpose": "x"}))["revealPerson"]["person"]
    assert (revealed["name"], revealed["phone"]) == ("张小明", "13800010000")


async def test_what_is_left_out_stays_and_null_deletes(org: Org) -> None:
    mine: dict[str, Any] = {"id": person_id("secretary")}
    kept = (await org.data(UPDATE, input={**mine, "expectedVersion": 1, "name": "张大明"}))["updatePerson"]
    assert kept["person"] == {"name": "张*", "phone": "138****0000", "version": 2}
    gone = (await org.data(UPDATE, input={**mine, "expectedVersion": 2, "phone": None}))["updatePerson"]
    assert gone["person"]["phone"] is None
    nameless = (await org.data(UPDATE, input={**mine, "expectedVersion": 3, "name": None}))["updatePerson"]
    assert nameless["problems"][0]["code"] == "REQUIRED"
    nothing = (await org.data(UPDATE, input={**mine, "expectedVersion": 3}))["updatePerson"]
    assert nothing["problems"][0]["code"] == "NOTHING_CHANGES"
    stale = (await org.data(UPDATE, input={**mine, "expectedVersion": 1, "phone": None}))["updatePerson"]
    assert stale["problems"][0]["code"] == "STALE_VERSION"


async def test_an_identity_number_is_registered_once_even_out_of_sight(org: Org) -> None:
    token = org.token("admin", region=city.FOREIGN)
    asked = {"idempotencyKey": "k", "name": "孙二", "regionCode": city.FOREIGN_GRID, "partyStatus": "NONE"}
    refused = (await org.data(REGISTER, token, input={**asked, "residentId": "11010519491231002x"}))["registerPerson"]
    assert refused["problems"][0]["code"] == "DUPLICATE_PERSON"
    wrong = (await org.data(REGISTER, token, input={**asked, "residentId": "110105194912310021"}))["registerPerson"]
    assert wrong["problems"][0]["code"] == "INVALID_RESIDENT_ID"
    assert "110105194912310021" not in wrong["problems"][0]["message"]
    done = (await org.data(REGISTER, token, input={**asked, "phone": "139 0000 0001"}))["registerPerson"]
    assert done["person"]["phone"] == "139****0001"
    again = (await org.data(REGISTER, token, input={**asked, "phone": "139 0000 0001"}))["registerPerson"]
    assert again == done


async def test_ten_thousand_characters_of_name_are_refused(org: Org) -> None:
    asked = {"idempotencyKey": "k", "name": "长" * 10_000, "regionCode": city.GRID, "partyStatus": "NONE"}
    refused = (await org.data(REGISTER, input=asked))["registerPerson"]
    assert refused["problems"][0]["code"] == "TOO_LONG"
    assert len(refused["problems"][0]["message"]) < 200
