"""Work pushed down to a community: flagged by entry control, refused by an item, seen and counted above (准入制度)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from tests.kit import items_of
from tests.tickets import city
from tests.tickets.appointments import office, officer, settle_in
from tests.tickets.conftest import mutation
from tests.tickets.test_admission import SET, written

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_FILE = Path(__file__).parents[2] / "deploy/practices/processes/assigned_task.yaml"
ASSIGNED_TASK = yaml.safe_load(_FILE.read_text(encoding="utf-8"))[0]
SEEN = """query($id: ID!) { ticket(id: $id) { step { code }
  handDowns { edges { node { title fromRegionCode organisation { id }
    flags { cause word refusedAt item { id code } } } } }
  timeline { edges { node { kind reason grounds { code } } } } } }"""
STATS = """query($representations: [_Any!]!, $from: Date, $to: Date) { _entities(representations: $representations) {
  ... on Region { admissionStats(handedDownFrom: $from, handedDownTo: $to) { handedDown flagged refused
    items { flagged refused item { code } } organisations { handedDown flags refusals organisation { id } } } } } }"""


async def settled(tickets: Tickets) -> str:
    """Let there be the process, an office of the subdistrict and an item; return the item's id."""
    await settle_in(tickets)
    await tickets.load({"record": "process", "definition": ASSIGNED_TASK})
    keeper = tickets.role("district_coordinator", city.DISTRICT)
    payload = (await tickets.data(SET, keeper, input=written(key="item")))["payload"]
    id_: str = payload["admissionItem"]["id"]
    return id_


async def pushed(tickets: Tickets, title: str, **more: Any) -> dict[str, Any]:
    asked = {"process": "assigned_task", "regionCode": city.COMMUNITY, "category": None, "title": title, **more}
    return await tickets.raised(officer(tickets, "fire"), **asked)


async def seen(tickets: Tickets, ticket: dict[str, Any], token: str) -> Any:
    return (await tickets.data(SEEN, token, id=ticket["id"]))["ticket"]


async def stats(tickets: Tickets, code: str, token: str, **more: Any) -> Any:
    region = [{"__typename": "Region", "id": str(city.region_id(code))}]
    return (await tickets.data(STATS, token, representations=region, **more))["_entities"][0]["admissionStats"]


async def test_a_task_from_above_that_holds_a_keyword_is_flagged_to_who_receives_it(tickets: Tickets) -> None:
    item = await settled(tickets)
    ticket = await pushed(tickets, "请社区代收 物业费")
    [down] = items_of((await seen(tickets, ticket, tickets.staff("committee")))["handDowns"])
    assert (down["title"], down["fromRegionCode"]) == ("subdistrict_officer", city.SUBDISTRICT)
    assert down["organisation"] == {"id": str(office("fire"))}
    assert down["flags"] == [
        {"cause": "KEYWORD", "word": "代收物业费", "refusedAt": None, "item": {"id": item, "code": "fees"}}
    ]
    told = [event["data"] for type_, event in await tickets.events() if "admission_flag.raised" in type_]
    assert [(one["ticketId"], one["cause"], one["pushedById"]) for one in told] == [
        (ticket["id"], "keyword", str(office("fire")))
    ]


async def test_it_is_refused_by_the_item_and_whoever_pushed_it_down_sees_by_which(tickets: Tickets) -> None:
    item = await settled(tickets)
    ticket = await pushed(tickets, "请社区代收物业费")
    committee = tickets.staff("committee")
    refused = await tickets.do("refuseTicket", committee, ticket, reason="清单已列", grounds=item)
    assert refused["outcome"] == "REFUSED"
    found = await seen(tickets, ticket, officer(tickets, "fire"))
    assert items_of(found["timeline"])[-1] == {"kind": "REFUSE", "reason": "清单已列", "grounds": {"code": "fees"}}
    assert items_of(found["handDowns"])[0]["flags"][0]["refusedAt"] is not None
    counted = await stats(tickets, city.DISTRICT, tickets.role("observer", city.DISTRICT))
    assert counted == {
        "handedDown": 1,
        "flagged": 1,
        "refused": 1,
        "items": [{"flagged": 1, "refused": 1, "item": {"code": "fees"}}],
        "organisations": [{"handedDown": 1, "flags": 1, "refusals": 1, "organisation": {"id": str(office("fire"))}}],
    }
    assert [type_ for type_, _ in await tickets.events()][-1] == "linli.tickets.admission_flag.upheld.v1"


async def test_a_community_can_claim_an_item_that_no_word_gave_away(tickets: Tickets) -> None:
    item = await settled(tickets)
    ticket = await pushed(tickets, "协助开展专项工作")
    assert items_of((await seen(tickets, ticket, tickets.staff("committee")))["handDowns"])[0]["flags"] == []
    await tickets.do("refuseTicket", tickets.staff("committee"), ticket, reason="实为催缴", grounds=item)
    [flag] = items_of((await seen(tickets, ticket, tickets.staff("committee")))["handDowns"])[0]["flags"]
    assert (flag["cause"], flag["refusedAt"] is not None) == ("CLAIMED", True)


async def test_a_wrong_item_refuses_nothing_and_what_residents_ask_is_not_entry_control(tickets: Tickets) -> None:
    item = await settled(tickets)
    committee, ticket = tickets.staff("committee"), await pushed(tickets, "请社区代收物业费")
    before = await tickets.contents()
    unknown = str(uuid5(NAMESPACE_URL, "no item"))
    payload = await tickets.payload("refuseTicket", committee, ticket, reason="理由", grounds=unknown)
    assert [(one["code"], one["path"][-1]) for one in payload["problems"]] == [("ITEM_NOT_IN_FORCE", "grounds")]
    # Five sheets begin with a resident and take no grounds at all.
    assert await tickets.contents() == before
    own = await tickets.raised(key="own", title="请物业不要催缴物业费")
    worker = tickets.staff("worker")
    payload = await tickets.payload("refuseTicket", worker, own, reason="理由", grounds=item)
    assert [one["code"] for one in payload["problems"]] == ["NOT_TAKEN"]
    assert items_of((await seen(tickets, own, worker))["handDowns"]) == []


async def test_only_the_community_refuses_what_was_handed_down_to_it(tickets: Tickets) -> None:
    item = await settled(tickets)
    ticket = await pushed(tickets, "请社区代收物业费")
    before = await tickets.contents()
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"], "reason": "理由", "grounds": item}
    for token, code in (
        (None, {"UNAUTHENTICATED"}),
        (officer(tickets, "fire"), {"FORBIDDEN"}),
        (tickets.resident(), {"FORBIDDEN", "NOT_FOUND"}),
        (tickets.staff("street"), {"FORBIDDEN", "NOT_FOUND"}),
        (tickets.role("admin"), {"FORBIDDEN"}),
        (tickets.staff("worker_elsewhere"), {"NOT_FOUND"}),
    ):
        assert await tickets.error(mutation("refuseTicket"), token, input=asked) in code
    assert await tickets.contents() == before


async def test_counts_are_those_of_the_place_and_the_days_asked_for(tickets: Tickets) -> None:
    await settled(tickets)
    await pushed(tickets, "请社区代收物业费", key="a")
    await pushed(tickets, "巡查", key="b", regionCode=city.GRID_2)
    observer = tickets.role("observer", "")
    assert (await stats(tickets, city.COMMUNITY, observer))["handedDown"] == 2
    assert (await stats(tickets, city.GRID_2, observer))["flagged"] == 0
    assert (await stats(tickets, "370303", observer))["handedDown"] == 0
    assert (await stats(tickets, city.CITY, observer, to="2024-01-01"))["handedDown"] == 0
    assert (await stats(tickets, city.CITY, observer, **{"from": "2024-01-01"}))["flagged"] == 1
    below = await stats(tickets, city.CITY, tickets.staff("worker_2"))
    assert below["handedDown"] == 1
