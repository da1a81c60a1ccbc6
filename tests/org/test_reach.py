"""The service circle: stations within a walk, the nearest first, in scope."""

from __future__ import annotations

from tests.org import city
from tests.org.conftest import Org

OPEN = (
    "mutation($input: OpenStationInput!) { openStation(input: $input) { station { id latitude } problems { code } } }"
)
REACH = """query($minutes: Int!, $asOf: Date) {
    reachableStations(latitude: 36.96, longitude: 118.1, minutes: $minutes, asOf: $asOf) {
        metres minutes station { name } } }"""


async def test_stations_are_found_within_the_walk_and_the_scope(org: Org) -> None:
    for key, latitude, code in (
        ("远", 36.968, city.GRID),
        ("近", 36.962, city.GRID),
        ("外", 36.961, city.FOREIGN_GRID),
    ):
        station = {"kind": "courtyard_council", "name": key, "regionCode": code, "openedOn": "2024-01-01"}
        asked = {"idempotencyKey": key, **station, "latitude": latitude, "longitude": 118.1}
        assert (await org.data(OPEN, input=asked))["openStation"]["problems"] == []
    mine = org.token("resident", region=city.COUNTY)
    found = (await org.data(REACH, mine, minutes=15))["reachableStations"]
    assert [(one["station"]["name"], one["metres"], one["minutes"]) for one in found] == [
        ("近", 289, 3.6),
        ("远", 1156, 14.5),
    ]
    assert [one["station"]["name"] for one in (await org.data(REACH, mine, minutes=10))["reachableStations"]] == ["近"]
    assert (await org.data(REACH, mine, minutes=15, asOf="2023-12-31"))["reachableStations"] == []
    answer = await org.ask(REACH, mine, minutes=61)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    half = {"idempotencyKey": "h", **station, "latitude": 36.9}
    assert (await org.data(OPEN, input=half))["openStation"]["problems"] == [{"code": "INVALID_COORDINATES"}]
