"""`orgEvents`: the published events of a feed, to who may read events there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from chassis.events import ledger
from chassis.events.envelope import decode
from tests.org import city

if TYPE_CHECKING:
    from tests.org.conftest import Org

PAGE = """
query Page($tenant: String!, $first: Int, $after: String, $from: Int! = 1, $to: Int! = 2147483647) {
  orgEvents(tenant: $tenant, firstSequence: $from, lastSequence: $to, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { id type source subject tenant regionCode aggregateVersion feedSequence data message } }
  }
}
"""


async def numbered(org: Org) -> None:
    """Give events their numbers as the relay does: the first few wait, the others are being published."""
    async with org.runtime.database.engine.begin() as connection:
        if await ledger.number(connection, 3):
            await ledger.settle(connection)
            await ledger.number(connection, 1000)


async def feed(org: Org, token: str, **variables: Any) -> list[dict[str, Any]]:
    """Read all pages of a feed."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await org.data(PAGE, token, after=after, first=7, **variables))["orgEvents"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_a_feed_is_read_by_its_numbers_page_by_page_as_it_is_published(org: Org) -> None:
    await numbered(org)
    events = await feed(org, org.token("observer", region=city.COUNTY), tenant=city.COUNTY)
    assert [event["feedSequence"] for event in events] == list(range(1, len(events) + 1))
    assert len(events) > 20
    for event in events:
        published = decode(event["message"].encode())
        assert (str(published.id), published.type, str(published.subject)) == (
            event["id"],
            event["type"],
            event["subject"],
        )
        assert (published.feedsequence, published.tenant) == (event["feedSequence"], city.COUNTY)
        assert msgspec.json.decode(published.data) == event["data"]
    part = await feed(org, org.token("observer", region=city.COUNTY), tenant=city.COUNTY, **{"from": 5, "to": 16})
    assert part == events[4:16]


async def test_who_reads_a_part_of_the_district_sees_its_events_and_no_others(org: Org) -> None:
    await numbered(org)
    everything = await feed(org, org.token("admin", region=city.COUNTY), tenant=city.COUNTY)
    part = await feed(org, org.token("auditor", region=city.SUBDISTRICT), tenant=city.COUNTY)
    assert part == [event for event in everything if event["regionCode"].startswith(city.SUBDISTRICT)]
    assert 0 < len(part) < len(everything)


async def test_a_feed_elsewhere_is_not_found_and_other_roles_read_none(org: Org) -> None:
    await numbered(org)
    asked = {"tenant": city.FOREIGN}
    codes = {}
    for name, token in (
        ("elsewhere", org.token("observer", region=city.COUNTY)),
        ("grid worker", org.token("grid_worker", region=city.FOREIGN)),
        ("nobody", None),
    ):
        answer = await org.ask(PAGE, token, **asked)
        codes[name] = answer["errors"][0]["extensions"]["code"]
    assert codes == {"elsewhere": "NOT_FOUND", "grid worker": "FORBIDDEN", "nobody": "UNAUTHENTICATED"}
    answer = await org.ask(PAGE, org.token(), tenant="37032")
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_an_event_reader_there_who_has_another_role_here_reads_only_there(org: Org) -> None:
    await numbered(org)
    token = org.issuer.mint("observer", region=city.FOREIGN, grants=[("grid_worker", city.COUNTY)])
    answer = await org.ask(PAGE, token, tenant=city.COUNTY)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
