"""Items of service, authorised matters and stations' coverage, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

ITEMS = """query($code: String!, $way: ServiceWay, $asOf: Date) { region(code: $code, asOf: $asOf) {
    serviceItems(way: $way) { totalCount edges { node { title ways function guide department { id }
    stationKinds { code } } } }
    serviceItemStats { items nearby online subdistrict community station departments departmentsNearby } } }"""
MATTERS = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    authorisedMatters { totalCount edges { node { title trainedOn trainedPeople reviews { on verdict remark } } } }
    authorisedMatterStats { handed matters departments subdistricts trained reviewed works partly fails takenBack }
    } }"""
AT = "query($id: ID!) { station(id: $id) { serviceItems { totalCount edges { node { title } } } } }"
NEAR = """query($minutes: Int!) { reachableServiceItems(latitude: 36.96, longitude: 118.1, minutes: $minutes) {
    item { title } nearest { minutes station { name } } } }"""
HALL = str(city.id_of("station", "hall"))
CARD = str(city.id_of("service_item", "card"))
INSPECTION = str(city.id_of("authorised_matter", "inspection"))


async def do(org: Org, name: str, given: dict[str, Any], thing: str = "matter", token: str | None = None) -> Any:
    type_ = "EndInput" if name.startswith("withdraw") else f"{name[0].upper()}{name[1:]}Input"
    asked = f"mutation($input: {type_}!) {{ {name}(input: $input) {{ {thing} {{ id version }} problems {{ code }} }} }}"
    payload = (await org.data(asked, token, input=given))[name]
    return [one["code"] for one in payload["problems"]] or payload[thing]


async def titles(org: Org, code: str, token: str | None = None, **more: Any) -> list[str]:
    page = (await org.data(ITEMS, token, code=code, **more))["region"]["serviceItems"]
    return [edge["node"]["title"] for edge in page["edges"]]


async def test_what_a_county_offers_is_offered_in_its_communities_and_seen_from_there(city_org: Org) -> None:
    own = city_org.token("resident", region=city.COMMUNITY)
    assert await titles(city_org, city.COMMUNITY, own) == ["事项card", "事项online", "事项opinion"]
    assert await titles(city_org, city.SECOND_COMMUNITY) == ["事项card", "事项online"]
    assert await titles(city_org, city.COUNTY) == ["事项card", "事项online", "事项opinion"]
    assert await titles(city_org, city.COUNTY, way="STATION") == ["事项card", "事项opinion"]
    assert await titles(city_org, city.COUNTY, asOf="2022-12-31") == []
    elsewhere = city_org.token("resident", region=city.FOREIGN_COMMUNITY)
    assert await titles(city_org, city.FOREIGN_COMMUNITY, elsewhere) == ["事项foreign"]
    found = (await city_org.data(ITEMS, code=city.COUNTY))["region"]
    assert found["serviceItems"]["edges"][0]["node"] == {
        "title": "事项card",
        "ways": ["ONLINE", "STATION"],
        "function": None,
        "guide": "带身份证",
        "department": {"id": str(city.id_of("organisation", "committee"))},
        "stationKinds": [{"code": "deliberation_hall"}],
    }
    assert found["serviceItemStats"] == {
        "items": 3,
        "nearby": 2,
        "online": 2,
        "subdistrict": 0,
        "community": 1,
        "station": 2,
        "departments": 1,
        "departmentsNearby": 1,
    }


async def test_a_station_handles_what_its_kind_and_functions_fit(org: Org) -> None:
    async def handled(id_: str) -> list[str]:
        page = (await org.data(AT, id=id_))["station"]["serviceItems"]
        assert page["totalCount"] == len(page["edges"])
        return [edge["node"]["title"] for edge in page["edges"]]

    assert await handled(HALL) == ["事项card", "事项opinion"]
    opening = {"idempotencyKey": "a", "kind": "deliberation_hall", "name": "新厅", "openedOn": "2024-01-01"}
    plain = await do(org, "openStation", {**opening, "regionCode": city.COMMUNITY}, "station")
    assert await handled(plain["id"]) == ["事项card"]
    council = {**opening, "idempotencyKey": "b", "kind": "courtyard_council", "regionCode": city.COMMUNITY}
    assert await handled((await do(org, "openStation", council, "station"))["id"]) == []


async def test_within_reach_each_item_comes_with_the_nearest_station_that_handles_it(org: Org) -> None:
    assert (await org.data(NEAR, minutes=60))["reachableServiceItems"] == []
    opening = {"kind": "deliberation_hall", "openedOn": "2024-01-01", "regionCode": city.COMMUNITY}
    for key, name, latitude, functions in (
        ("a", "近厅", 36.961, []),
        ("b", "远厅", 36.965, ["征求意见"]),
        ("c", "庭院", 36.9601, ["征求意见"]),
    ):
        kind = {"kind": "courtyard_council"} if key == "c" else {}
        place = {"name": name, "latitude": latitude, "longitude": 118.1, "functions": functions, **kind}
        assert (await do(org, "openStation", {**opening, **place, "idempotencyKey": key}, "station"))["version"] == 1
    found = (await org.data(NEAR, minutes=15))["reachableServiceItems"]
    assert [(one["item"]["title"], one["nearest"]["station"]["name"]) for one in found] == [
        ("事项card", "近厅"),
        ("事项opinion", "远厅"),
    ]
    near = (await org.data(NEAR, minutes=5))["reachableServiceItems"]
    assert [one["item"]["title"] for one in near] == ["事项card"]


async def test_an_item_is_offered_changed_and_withdrawn_each_told_once(org: Org) -> None:
    offered = {"title": "老年证", "regionCode": city.SUBDISTRICT, "validFrom": "2024-01-01", "ways": ["SUBDISTRICT"]}
    token, given = org.token(), {"idempotencyKey": "a", **offered}
    made = await do(org, "offerServiceItem", given, "serviceItem", token)
    assert await do(org, "offerServiceItem", given, "serviceItem", token) == made
    change = {"id": made["id"], "expectedVersion": 1, "ways": ["STATION", "ONLINE", "ONLINE"]}
    kinds = {"stationKinds": ["courtyard_council"], "function": "调解"}
    assert (await do(org, "changeServiceItem", {**change, **kinds}, "serviceItem"))["version"] == 2
    over = {"id": made["id"], "expectedVersion": 2, "on": "2025-01-01"}
    assert (await do(org, "withdrawServiceItem", over, "serviceItem"))["version"] == 3
    assert "老年证" in await titles(org, city.SUBDISTRICT, asOf="2024-12-31")
    assert "老年证" not in await titles(org, city.SUBDISTRICT)
    told = await org.look(
        "SELECT split_part(type, '.', 4), convert_from(payload, 'UTF8')::json->'data'->>'ways' FROM outbox"
        " WHERE type ~ 'service_item' ORDER BY id DESC LIMIT 3"
    )
    assert told == [("withdrawn", None), ("changed", '["ONLINE","STATION"]'), ("offered", '["SUBDISTRICT"]')]


async def test_a_matter_is_trained_for_reviewed_and_taken_back_and_counted_at_every_level(org: Org) -> None:
    assert (await do(org, "trainForMatter", {"id": INSPECTION, "expectedVersion": 1, "people": 6, "on": "2023-03-01"}))[
        "version"
    ] == 2
    for version, (day, verdict) in enumerate((("2023-06-01", "FAILS"), ("2024-06-01", "WORKS")), 2):
        review = {"id": INSPECTION, "expectedVersion": version, "on": day, "verdict": verdict, "remark": "现场核查"}
        assert (await do(org, "reviewMatter", review))["version"] == version + 1
    for code in (city.COUNTY, city.SUBDISTRICT):
        now = (await org.data(MATTERS, code=code))["region"]
        assert now["authorisedMatterStats"] == {
            "handed": 1,
            "matters": 1,
            "departments": 1,
            "subdistricts": 1,
            "trained": 1,
            "reviewed": 1,
            "works": 1,
            "partly": 0,
            "fails": 0,
            "takenBack": 0,
        }
        assert [one["verdict"] for one in now["authorisedMatters"]["edges"][0]["node"]["reviews"]] == ["FAILS", "WORKS"]
    whole = (await org.data(MATTERS, code="3703"))["region"]["authorisedMatterStats"]
    assert (whole["handed"], whole["matters"], whole["subdistricts"], whole["trained"]) == (2, 1, 2, 2)
    then = (await org.data(MATTERS, code=city.COUNTY, asOf="2023-12-31"))["region"]["authorisedMatterStats"]
    assert (then["trained"], then["works"], then["fails"]) == (1, 0, 1)
    first = (await org.data(MATTERS, code=city.COUNTY, asOf="2023-02-01"))["region"]
    assert first["authorisedMatterStats"]["trained"] == 0
    assert first["authorisedMatters"]["edges"][0]["node"]["trainedPeople"] == 0
    back = {"id": INSPECTION, "expectedVersion": 4, "on": "2025-01-01", "reason": "接不住"}
    assert (await do(org, "takeMatterBack", back))["version"] == 5
    over = (await org.data(MATTERS, code=city.COUNTY))["region"]
    assert over["authorisedMatters"]["totalCount"] == 0
    assert (over["authorisedMatterStats"]["handed"], over["authorisedMatterStats"]["takenBack"]) == (0, 1)
    told = await org.look(
        "SELECT split_part(type, '.', 4) FROM outbox WHERE type ~ 'authorised_matter' ORDER BY id DESC LIMIT 4"
    )
    assert [fact for (fact,) in told] == ["taken_back", "reviewed", "reviewed", "trained"]
    assert await org.look("SELECT 1 FROM outbox WHERE convert_from(payload, 'UTF8') ~ '接不住|现场核查'") == []


async def test_what_does_not_fit_is_refused_and_changes_nothing(org: Org) -> None:
    item = {"title": "证", "regionCode": city.COMMUNITY, "validFrom": "2024-01-01", "ways": ["ONLINE"]}
    card = {"id": CARD, "expectedVersion": 1}
    kept = {"ways": ["STATION", "ONLINE"], "stationKinds": ["deliberation_hall"], "guide": "带身份证"}
    matter = {"title": "处罚", "regionCode": city.SUBDISTRICT, "validFrom": "2024-01-01"}
    mine = {"id": INSPECTION, "expectedVersion": 1}
    foreign = {"id": str(city.id_of("authorised_matter", "foreign")), "expectedVersion": 2}
    tried: list[tuple[str, dict[str, Any], str]] = [
        ("offerServiceItem", {**item, "title": ""}, "REQUIRED"),
        ("offerServiceItem", {**item, "ways": []}, "NOT_HANDLED_ANYWHERE"),
        ("offerServiceItem", {**item, "ways": ["STATION"]}, "STATIONS_NEED_KINDS"),
        ("offerServiceItem", {**item, "stationKinds": ["deliberation_hall"]}, "STATIONS_NEED_KINDS"),
        ("offerServiceItem", {**item, "function": "议事"}, "STATIONS_NEED_KINDS"),
        ("offerServiceItem", {**item, "ways": ["STATION"], "stationKinds": ["bus_stop"]}, "UNKNOWN_KIND"),
        ("offerServiceItem", {**item, "regionCode": city.GRID}, "WRONG_PLACE"),
        ("offerServiceItem", {**item, "validFrom": "2999-01-01"}, "DATE_IN_FUTURE"),
        ("offerServiceItem", {**item, "departmentId": CARD}, "UNKNOWN_ORGANISATION"),
        ("changeServiceItem", {**card, **kept}, "NOTHING_CHANGES"),
        ("changeServiceItem", {**card, **kept, "expectedVersion": 3}, "STALE_VERSION"),
        ("handDownMatter", {**matter, "regionCode": city.COMMUNITY}, "NOT_A_SUBDISTRICT"),
        ("handDownMatter", {**matter, "departmentId": CARD}, "UNKNOWN_ORGANISATION"),
        ("trainForMatter", {**mine, "people": 0, "on": "2024-01-01"}, "INVALID_COUNT"),
        ("trainForMatter", {**mine, "people": 1, "on": "2022-12-31"}, "DATE_TOO_EARLY"),
        ("trainForMatter", {**mine, "people": 1, "on": "2999-12-31"}, "DATE_IN_FUTURE"),
        ("trainForMatter", {**foreign, "people": 1, "on": "2024-01-01"}, "ALREADY_TRAINED"),
        ("reviewMatter", {**mine, "verdict": "WORKS", "on": "2022-12-31"}, "DATE_TOO_EARLY"),
        ("takeMatterBack", {**mine, "on": "2024-01-01", "reason": " "}, "REQUIRED"),
        ("takeMatterBack", {**mine, "on": "2022-01-01", "reason": "x"}, "DATE_TOO_EARLY"),
    ]
    before = await org.contents()
    for number, (name, given, code) in enumerate(tried):
        key = {"idempotencyKey": f"key {number}"} if name in {"offerServiceItem", "handDownMatter"} else {}
        thing = "serviceItem" if "Item" in name else "matter"
        assert await do(org, name, {**key, **given}, thing) == [code], (name, given)
    assert await org.contents() == before


async def test_stations_are_counted_by_function_and_by_type_of_community(org: Org) -> None:
    asked = """query($code: String!, $kind: String, $function: String) { region(code: $code) {
        stationStats(kind: $kind, function: $function) { stations kinds located functionCount
        functions { function stations } byType { type { code } communities covered stations without }
        communitiesWithout { totalCount edges { node { code } } } } } }"""

    async def stats(**given: Any) -> Any:
        return (await org.data(asked, **{"code": city.COUNTY, **given}))["region"]["stationStats"]

    found = await stats()
    assert (found["stations"], found["kinds"], found["located"], found["functionCount"]) == (1, 1, 0, 2)
    assert {one["function"]: one["stations"] for one in found["functions"]} == {"议事协商": 1, "征求意见": 1}
    old = {"type": {"code": "old_estate"}, "communities": 1}
    assert found["byType"] == [{**old, "covered": 1, "stations": 1, "without": 0}]
    assert [edge["node"]["code"] for edge in found["communitiesWithout"]["edges"]] == [city.SECOND_COMMUNITY]
    none = await stats(function="健身")
    assert none["byType"] == [{**old, "covered": 0, "stations": 0, "without": 1}]
    assert none["communitiesWithout"]["totalCount"] == 2
    both = await stats(code="3703", kind="deliberation_hall")
    assert both["byType"] == [{**old, "communities": 2, "covered": 2, "stations": 2, "without": 0}]


async def test_a_subdistrict_with_a_matter_in_force_is_not_closed_and_recoding_takes_its_rows_along(org: Org) -> None:
    recode = "mutation($input: RecodeRegionInput!) { recodeRegion(input: $input) { problems { code } } }"
    region = {"regionId": str(city.id_of("region", city.SUBDISTRICT)), "expectedVersion": 1}
    change = {**region, "newCode": "370321009", "effectiveOn": "2024-01-01"}
    assert (await org.data(recode, input=change))["recodeRegion"]["problems"] == []
    stamps = await org.look("SELECT region_code FROM authorised_matter UNION SELECT region_code FROM service_item")
    assert {stamp for (stamp,) in stamps} == {"370321009", "370321009001", city.COUNTY, city.FOREIGN, "370322001"}
