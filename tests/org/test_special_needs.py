"""The register of special needs: shown to few, every look kept, handed out and erased for the person."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.org.commands.special_needs import erase_overdue
from tests.org import city
from tests.org.conftest import Org

RECORD = "id version name phone situation legalBasis validTo keptUntil erasedOn kind { code } region { code }"
PARTS = {
    "registerSpecialNeed": f"specialNeed {{ {RECORD} }}",
    "endSpecialNeed": f"specialNeed {{ {RECORD} }}",
    "eraseSpecialNeed": f"specialNeed {{ {RECORD} }}",
    "lookAtSpecialNeeds": f"specialNeeds {{ {RECORD} }}",
    "exportSpecialNeeds": f"specialNeeds {{ {RECORD} }} looks {{ look subject purpose lookedAt }}",
}
ID = str(city.id_of("special_need"))
NEW: dict[str, Any] = {
    "regionCode": city.COMMUNITY,
    "kind": "elder",
    "name": "周奶奶",
    "residentId": "11010519491231002X",
    "situation": "需要送药",
    "purpose": "照料",
    "legalBasis": "LEGAL_DUTY",
    "validFrom": "2026-01-01",
    "keptUntil": "2027-01-01",
}


def mutation(name: str) -> str:
    given = "EndInput" if name == "endSpecialNeed" else name[0].upper() + name[1:] + "Input"
    return f"mutation($input: {given}!) {{ {name}(input: $input) {{ {PARTS[name]} problems {{ code }} }} }}"


async def do(org: Org, name: str, given: dict[str, Any], role: str = "community_worker") -> Any:
    token = org.token(role, region=city.COMMUNITY)
    payload = (await org.data(mutation(name), token, input=given))[name]
    problems = [one["code"] for one in payload.pop("problems")]
    return problems or payload


async def test_a_record_is_shown_only_with_a_look_that_is_kept(org: Org) -> None:
    asked = {"regionCode": city.COMMUNITY, "purpose": "节前走访"}
    (seen,) = (await do(org, "lookAtSpecialNeeds", asked))["specialNeeds"]
    assert (seen["name"], seen["situation"], seen["legalBasis"]) == ("周奶奶", "独居，需要送餐", "CONSENT")
    looks = await org.look("SELECT look, purpose, special_need_id::text FROM special_need_look")
    assert looks == [("SEEN", "节前走访", ID)]
    stored = await org.look("SELECT details, person_index FROM special_need")
    assert all("周奶奶".encode() not in bytes(one) for row in stored for one in row), "what is stored is sealed"
    assert (await do(org, "lookAtSpecialNeeds", {**asked, "after": ID}))["specialNeeds"] == []
    assert (await do(org, "lookAtSpecialNeeds", {**asked, "purpose": " "})) == ["REQUIRED"]
    for role in ("subdistrict_secretary", "auditor", "observer", "grid_leader", "unit_leader", "resident"):
        answer = await org.ask(mutation("lookAtSpecialNeeds"), org.token(role, region=city.COUNTY), input=asked)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert len(await org.look("SELECT id FROM special_need_look")) == 1


async def test_a_person_gets_all_that_is_kept_of_them_and_who_looked(org: Org) -> None:
    made = await do(org, "registerSpecialNeed", {"idempotencyKey": "k", **NEW})
    assert made["specialNeed"]["name"] is None, "what was written is not shown without a look"
    await do(org, "lookAtSpecialNeeds", {"regionCode": city.COMMUNITY, "purpose": "走访"})
    found = await do(org, "exportSpecialNeeds", {"id": ID, "purpose": "本人申请"})
    assert {one["situation"] for one in found["specialNeeds"]} == {"独居，需要送餐", "需要送药"}
    assert [one["look"] for one in found["looks"]] == ["SEEN", "SEEN", "EXPORTED", "EXPORTED"]
    assert {one["purpose"] for one in found["looks"]} == {"走访", "本人申请"}


async def test_what_is_erased_is_gone_and_the_looks_stay(org: Org) -> None:
    await do(org, "lookAtSpecialNeeds", {"regionCode": city.COMMUNITY, "purpose": "走访"})
    gone = (await do(org, "eraseSpecialNeed", {"id": ID, "expectedVersion": 1}))["specialNeed"]
    assert gone["erasedOn"] == gone["validTo"]
    assert await org.look("SELECT details, person_index FROM special_need") == [(None, None)]
    assert len(await org.look("SELECT id FROM special_need_look")) == 1
    assert (await do(org, "lookAtSpecialNeeds", {"regionCode": city.COMMUNITY, "purpose": "走访"}))[
        "specialNeeds"
    ] == []
    assert await do(org, "eraseSpecialNeed", {"id": ID, "expectedVersion": 2}) == ["ALREADY_ERASED"]
    assert await do(org, "exportSpecialNeeds", {"id": ID, "purpose": "本人申请"}) == ["ALREADY_ERASED"]
    told = "".join(str(event) for event in await org.events())
    assert "special_need.erased" in told
    assert "周奶奶" not in told
    assert "elder" not in told, "not even the kind of need is told"
    audit = "".join(str(row) for row in await org.look("SELECT fields::text FROM audit"))
    assert "周奶奶" not in audit
    assert "送餐" not in audit


async def test_a_record_goes_by_itself_when_its_time_is_over(org: Org) -> None:
    over = await do(org, "endSpecialNeed", {"id": ID, "expectedVersion": 1, "on": "2026-01-01"})
    assert over["specialNeed"]["keptUntil"] == "2026-07-03"
    database = org.runtime.database
    assert await erase_overdue(database, date(2026, 7, 2)) == 0
    assert await erase_overdue(database, date(2026, 7, 3)) == 1
    assert await erase_overdue(database, date(2026, 7, 3)) == 0
    assert await org.look("SELECT details FROM special_need") == [(None,)]
    assert await org.look("SELECT actor FROM audit WHERE operation = 'eraseSpecialNeed'") == [("system:retention",)]


async def test_what_the_register_refuses_changes_nothing(org: Org) -> None:
    before = await org.contents()
    tried: list[tuple[dict[str, Any], str]] = [
        ({"legalBasis": "CONSENT"}, "CONSENT_NEEDS_DAY"),
        ({"consentedOn": "2026-01-01"}, "CONSENT_NEEDS_DAY"),
        ({"keptUntil": "2029-12-31"}, "KEPT_TOO_LONG"),
        ({"kind": "patrol"}, "UNKNOWN_KIND"),
        ({"residentId": "110105194912310021"}, "INVALID_RESIDENT_ID"),
        ({"name": "周*"}, "MASKED_VALUE"),
        ({"situation": " "}, "REQUIRED"),
        ({"regionCode": city.GRID}, "NOT_A_COMMUNITY"),
    ]
    for number, (change, code) in enumerate(tried):
        given = {"idempotencyKey": f"key {number}", **NEW, **change}
        answer = await org.data(mutation("registerSpecialNeed"), input=given)
        assert [one["code"] for one in answer["registerSpecialNeed"]["problems"]] == [code], change
    assert await org.contents() == before
