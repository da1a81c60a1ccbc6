"""The lists of entry control: kept by the district, in force below it, changed by nobody else (准入制度)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from deploy.practices.admission import read_admission
from deploy.practices.catalogue import FOLDER
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from tests.tickets import city

if TYPE_CHECKING:
    from datetime import date

    from tests.tickets.conftest import Tickets

_ITEM = "admissionItem { id code version name validFrom validTo region { id } } problems { code path }"
SET = f"mutation($input: SetAdmissionItemInput!) {{ payload: setAdmissionItem(input: $input) {{ {_ITEM} }} }}"
END = f"mutation($input: EndAdmissionItemInput!) {{ payload: endAdmissionItem(input: $input) {{ {_ITEM} }} }}"
IN_FORCE = """query($representations: [_Any!]!, $list: AdmissionList, $day: Date) {
  _entities(representations: $representations) { ... on Region {
    admissionItems(list: $list, asOf: $day) { totalCount edges { node { code version name keywords } } }
  } }
}"""


def today() -> date:
    return local_day(now())


def written(**more: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": more.pop("key", "k1"),
        "regionCode": city.DISTRICT,
        "list": "MATTERS",
        "code": "fees",
        "nameZh": "物业费催缴",
        "nameEn": "collecting property fees",
        "keywords": ["代收物业费"],
        "validFrom": today().isoformat(),
        **more,
    }


async def in_force(tickets: Tickets, code: str, token: str, **more: Any) -> list[tuple[str, int]]:
    region = [{"__typename": "Region", "id": str(city.region_id(code))}]
    found = await tickets.data(IN_FORCE, token, representations=region, **more)
    return [
        (edge["node"]["code"], edge["node"]["version"]) for edge in found["_entities"][0]["admissionItems"]["edges"]
    ]


async def test_an_item_of_the_district_is_in_force_in_its_grids_and_nowhere_else(tickets: Tickets) -> None:
    keeper = tickets.role("district_coordinator", city.DISTRICT)
    payload = (await tickets.data(SET, keeper, input=written()))["payload"]
    assert payload["problems"] == []
    assert payload["admissionItem"]["version"] == 1
    assert payload["admissionItem"]["region"] == {"id": str(city.region_id(city.DISTRICT))}
    assert await in_force(tickets, city.GRID, tickets.staff("worker")) == [("fees", 1)]
    assert await in_force(tickets, city.GRID, tickets.staff("worker"), list="CERTIFICATES") == []
    assert await in_force(tickets, city.ELSEWHERE, tickets.staff("worker_elsewhere")) == []
    [(type_, event)] = [one for one in await tickets.events() if "admission_item" in one[0]]
    assert type_ == "linli.tickets.admission_item.listed.v1"
    assert (event["data"]["list"], event["data"]["code"], event["data"]["itemVersion"]) == ("matters", "fees", 1)


async def test_a_change_is_a_new_version_from_a_day_on_and_the_old_one_stays_readable(tickets: Tickets) -> None:
    keeper, worker = tickets.role("admin", city.DISTRICT), tickets.staff("worker")
    await tickets.data(SET, keeper, input=written())
    later = (today() + timedelta(days=10)).isoformat()
    changed = written(key="k2", validFrom=later, expectedVersion=1, nameZh="代收物业费")
    payload = (await tickets.data(SET, keeper, input=changed))["payload"]
    assert payload["admissionItem"]["version"] == 2
    assert await in_force(tickets, city.GRID, worker) == [("fees", 1)]
    assert await in_force(tickets, city.GRID, worker, day=later) == [("fees", 2)]
    ended = (today() + timedelta(days=20)).isoformat()
    end = {"id": payload["admissionItem"]["id"], "validTo": ended}
    assert (await tickets.data(END, keeper, input=end))["payload"]["admissionItem"]["validTo"] == ended
    assert await in_force(tickets, city.GRID, worker, day=ended) == []
    again = (await tickets.data(END, keeper, input=end))["payload"]
    assert [one["code"] for one in again["problems"]] == ["ITEM_ENDED"]


async def test_setting_an_item_twice_with_one_key_sets_it_once(tickets: Tickets) -> None:
    keeper = tickets.role("admin", city.DISTRICT)
    first = (await tickets.data(SET, keeper, input=written()))["payload"]["admissionItem"]
    assert (await tickets.data(SET, keeper, input=written()))["payload"]["admissionItem"] == first


async def test_what_is_stale_early_or_wrong_is_refused_and_changes_nothing(tickets: Tickets) -> None:
    keeper = tickets.role("admin", city.DISTRICT)
    await tickets.data(SET, keeper, input=written())
    before = await tickets.contents()
    for more, code in (
        ({}, "STALE_VERSION"),
        ({"expectedVersion": 1}, "VERSION_TOO_EARLY"),
        ({"code": "other", "validFrom": (today() - timedelta(days=1)).isoformat()}, "VERSION_TOO_EARLY"),
        ({"code": "other", "keywords": ["费"]}, "INVALID_KEYWORD"),
        ({"code": "other", "phone": "12345"}, "NOT_IN_THIS_LIST"),
        ({"code": "other", "regionCode": "370321999"}, "UNKNOWN_REGION"),
    ):
        payload = (await tickets.data(SET, keeper, input=written(key="k9", **more)))["payload"]
        assert [one["code"] for one in payload["problems"]] == [code], more
        assert payload["admissionItem"] is None
    assert await tickets.contents() == before


async def test_nobody_but_the_district_and_the_administrator_keeps_the_lists(tickets: Tickets) -> None:
    keeper = tickets.role("admin", city.DISTRICT)
    item = (await tickets.data(SET, keeper, input=written()))["payload"]["admissionItem"]
    before = await tickets.contents()
    end = {"id": item["id"], "validTo": (today() + timedelta(days=1)).isoformat()}
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.resident(), "FORBIDDEN"),
        (tickets.staff("worker"), "FORBIDDEN"),
        (tickets.staff("committee"), "FORBIDDEN"),
        (tickets.staff("street"), "FORBIDDEN"),
        (tickets.role("auditor", city.DISTRICT), "FORBIDDEN"),
        (tickets.role("admin", "370303"), "NOT_FOUND"),
        (tickets.role("admin", city.COMMUNITY), "NOT_FOUND"),
        (tickets.role("district_coordinator", "370303"), "NOT_FOUND"),
    ):
        assert await tickets.error(SET, token, input=written(key="k7", code="other")) == code
        assert await tickets.error(END, token, input=end) == code
    assert await tickets.contents() == before


async def test_lists_are_imported_once_and_other_words_need_a_higher_version(tickets: Tickets) -> None:
    record = {
        "record": "admission_item",
        "region_id": str(city.region_id(city.DISTRICT)),
        "region_code": city.DISTRICT,
        "valid_from": "2024-01-01",
        "item": {"list": "certificates", "code": "kinship", "name_zh": "亲属关系证明", "name_en": "kinship"},
    }
    await tickets.load(record)
    before = await tickets.contents()
    await tickets.load(record)
    assert await tickets.contents() == before
    other = {**record, "item": {**record["item"], "name_zh": "亲属证明"}}  # type: ignore[dict-item]
    refused = ""
    try:
        await tickets.load(other)
    except Exception as error:  # noqa: BLE001 (whatever the import raises, its words count)
        refused = str(error)
    assert "raise the version" in refused
    assert await tickets.contents() == before
    await tickets.load({**other, "version": 2, "valid_from": "2025-01-01"})
    assert await in_force(tickets, city.GRID, tickets.staff("worker")) == [("kinship", 2)]


async def test_the_lists_of_a_practice_are_counted_as_they_were_published(tickets: Tickets) -> None:
    lists, _ = read_admission(FOLDER / "daye.admission.yaml")
    await tickets.load(
        *(
            {
                "record": "admission_item",
                "region_id": str(city.region_id(city.DISTRICT)),
                "region_code": city.DISTRICT,
                "item": msgspec.to_builtins(item),
                "valid_from": lists.valid_from.isoformat(),
            }
            for item in lists.items()
        )
    )
    region = [{"__typename": "Region", "id": str(city.region_id(city.DISTRICT))}]
    observer = tickets.role("observer", city.DISTRICT)
    for name, expected in (("MATTERS", 29), ("CERTIFICATES", 35)):
        found = await tickets.data(IN_FORCE, observer, representations=region, list=name, day="2026-11-20")
        assert found["_entities"][0]["admissionItems"]["totalCount"] == expected
    found = await tickets.data(IN_FORCE, observer, representations=region, day="2022-12-31")
    assert found["_entities"][0]["admissionItems"]["totalCount"] == 0
