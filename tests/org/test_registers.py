"""Types of communities, distinctions, partner units, check-ins, and who holds the posts, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

STATS = """query($asOf: Date) { district(code: "370321", asOf: $asOf) {
    communityTypeStats { classified types counts { communities type { code name method } } } } }"""


def mutation(name: str, thing: str, given: str | None = None) -> str:
    given = given or name[0].upper() + name[1:] + "Input"
    return f"mutation($input: {given}!) {{ {name}(input: $input) {{ {thing} {{ id }} problems {{ code path }} }} }}"


async def do(
    org: Org, what: str, thing: str, given: dict[str, Any], input_type: str | None = None, token: str | None = None
) -> Any:
    return (await org.data(mutation(what, thing, input_type), token, input=given))[what]


def codes(payload: Any) -> list[str]:
    return [problem["code"] for problem in payload["problems"]]


async def test_a_community_is_of_the_type_of_the_date(org: Org) -> None:
    given = {"regionCode": city.COMMUNITY, "type": "commercial_housing", "validFrom": "2024-01-01"}
    done = await do(org, "classifyCommunity", "community", {"idempotencyKey": "a", **given})
    assert done["problems"] == []
    seen = {
        day: (await org.data(STATS, asOf=day))["district"]["communityTypeStats"] for day in ("2023-12-31", "2024-01-01")
    }
    assert seen["2023-12-31"] == {
        "classified": 1,
        "types": 1,
        "counts": [{"communities": 1, "type": {"code": "old_estate", "name": "old_estate", "method": "old_estate"}}],
    }
    assert [one["type"]["code"] for one in seen["2024-01-01"]["counts"]] == ["commercial_housing"]
    early = {**given, "type": "old_estate", "validFrom": "2023-06-01"}
    for key, asked, code in (
        ("b", given, "NOTHING_CHANGES"),
        ("c", early, "DATE_TOO_EARLY"),
        ("d", {**given, "type": "nowhere"}, "UNKNOWN_COMMUNITY_TYPE"),
        ("e", {**given, "regionCode": city.GRID}, "NOT_A_COMMUNITY"),
        ("f", {**given, "validFrom": "2999-01-01"}, "DATE_IN_FUTURE"),
    ):
        refused = await do(org, "classifyCommunity", "community", {"idempotencyKey": key, **asked})
        assert codes(refused) == [code]
    assert await org.look("SELECT count(*) FROM outbox WHERE type ~ 'community.classified'") == [(3,)]


async def test_distinctions_and_pairings_are_listed_while_they_hold(org: Org) -> None:
    document = """query($asOf: Date) { district(code: "370321", asOf: $asOf) {
        distinctions(kind: "model_community") { totalCount edges { node { reason kind { name } person { id } } } }
        pairings { totalCount edges { node { organisation { name } region { code } project } } } } }"""
    before = (await org.data(document, asOf="2022-12-31"))["district"]
    assert (before["distinctions"]["totalCount"], before["pairings"]["totalCount"]) == (0, 0)
    now = (await org.data(document))["district"]
    assert now["distinctions"]["edges"][0]["node"] == {
        "reason": "共治",
        "kind": {"name": "model_community"},
        "person": None,
    }
    assert now["pairings"]["edges"][0]["node"]["organisation"] == {"name": "中共湖畔社区"}
    twice = {
        "idempotencyKey": "a",
        "kind": "partner_unit",
        "organisationId": str(city.id_of("organisation", "committee")),
        "regionCode": city.COMMUNITY,
        "validFrom": "2024-01-01",
    }
    assert codes(await do(org, "pairPartner", "pairing", twice)) == ["ALREADY_PAIRED"]
    over = {"id": str(city.id_of("pairing", "unit")), "expectedVersion": 1, "on": "2025-01-01"}
    assert codes(await do(org, "endPairing", "pairing", over, "EndInput")) == []
    assert codes(await do(org, "endPairing", "pairing", over, "EndInput")) == ["STALE_VERSION"]
    assert codes(await do(org, "pairPartner", "pairing", {**twice, "validFrom": "2025-01-01"})) == []


async def test_only_an_in_service_member_checks_in_and_in_one_place(org: Org) -> None:
    def asked(who: str, key: str) -> dict[str, Any]:
        person = str(city.id_of("person", who))
        return {"idempotencyKey": key, "personId": person, "regionCode": city.GRID, "validFrom": "2024-01-01"}

    assert codes(await do(org, "checkIn", "checkIn", asked("elder", "a"))) == ["NOT_IN_SERVICE"]
    assert codes(await do(org, "checkIn", "checkIn", asked("cadre", "b"))) == ["ALREADY_CHECKED_IN"]
    over = {"id": str(city.id_of("check_in", "cadre")), "expectedVersion": 1, "on": "2024-01-01"}
    assert codes(await do(org, "endCheckIn", "checkIn", over, "EndInput")) == []
    assert codes(await do(org, "checkIn", "checkIn", asked("cadre", "c"))) == []
    types = await org.look("SELECT type FROM outbox WHERE type ~ 'check_in' ORDER BY id")
    assert [name.split(".")[3] for (name,) in types].count("ended") == 1


async def test_check_ins_and_holders_are_for_staff_where_they_are_staff(city_org: Org) -> None:
    document = '{ city(code: "3703") { checkIns { totalCount } } }'
    resident = await city_org.ask(document, city_org.token("resident", region=city.COUNTY))
    assert resident["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    mixed = city_org.issuer.mint(grants=[("grid_worker", city.FOREIGN), ("resident", city.COUNTY)])
    assert (await city_org.data(document, mixed))["city"]["checkIns"]["totalCount"] == 1
    stats = '{ district(code: "370321") { holderStats(titles: ["grid_leader"]) { people } } }'
    refused = await city_org.ask(stats, mixed)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_holders_are_counted_as_people_with_age_and_education(city_org: Org) -> None:
    document = """{ grid(code: "%s", asOf: "2026-01-01") {
        holderStats(titles: ["grid_leader", "grid_worker", "grid_branch_secretary", "building_leader"]) {
            people partyMembers meanAge collegePercent severalTitles } } }"""
    found = (await city_org.data(document % city.GRID))["grid"]["holderStats"]
    assert found == {"people": 4, "partyMembers": 2, "meanAge": 37.5, "collegePercent": 50.0, "severalTitles": 1}
    empty = (await city_org.data(document % city.SECOND_GRID))["grid"]["holderStats"]
    assert (empty["people"], empty["meanAge"], empty["collegePercent"]) == (0, None, None)


HOOK = """mutation($input: HookCompoundsInput!) { hookCompounds(input: $input) {
    pairing { version compounds { id } } problems { code } } }"""


async def test_a_partner_unit_looks_after_one_or_two_compounds(org: Org) -> None:
    async def hook(version: int, *compounds: str) -> Any:
        given = {"id": str(city.id_of("pairing", "unit")), "expectedVersion": version, "compoundIds": compounds}
        payload = (await org.data(HOOK, input=given))["hookCompounds"]
        return [one["code"] for one in payload["problems"]] or payload["pairing"]

    one, two, three = (str(city.id_of("compound", number)) for number in range(3))
    before = await org.contents()
    for version, compounds, code in [
        (1, [one, two, three], "TOO_MANY_COMPOUNDS"),
        (1, [], "TOO_MANY_COMPOUNDS"),
        (9, [one], "STALE_VERSION"),
    ]:
        assert await hook(version, *compounds) == [code]
    assert await org.contents() == before
    hooked = await hook(1, one, two, one)
    assert hooked == {"version": 2, "compounds": [{"id": id_} for id_ in sorted((one, two))]}
    assert await hook(2, two, one) == ["NOTHING_CHANGES"]
    assert (await hook(2, three))["compounds"] == [{"id": three}], "others take the place of those before"
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'pairing.hooked'")
    assert len(told) == 2


async def test_an_imported_pairing_has_its_compounds_and_tells_of_them(org: Org) -> None:
    record = {
        "record": "pairing",
        "id": str(city.id_of("pairing", "hooked")),
        "kind": "partner_unit",
        "organisation": str(city.id_of("organisation", "committee")),
        "region_code": city.SECOND_COMMUNITY,
        "valid_from": "2024-01-01",
        "compounds": [str(city.id_of("compound", "second"))],
    }
    await org.load(city.lines([record]))
    stored = await org.look("SELECT version, compound_ids::text[] FROM pairing WHERE cardinality(compound_ids) > 0")
    assert stored == [(2, record["compounds"])]
    told = await org.look("SELECT aggregate_version FROM outbox WHERE type ~ 'pairing' ORDER BY id DESC LIMIT 2")
    assert sorted(version for (version,) in told) == [1, 2]
