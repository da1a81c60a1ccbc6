"""What org keeps of compounds: heard from property, in every order; nothing is said of one that lies elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis.events.subject import covers, subject_of
from chassis.service import ImportRefused
from services.org.main import SERVICE
from services.org.reactions.property import HANDLERS
from services.property.domain import events as property_events
from tests.org import city
from tests.org.compounds import REGISTERED, compound_id, envelope, name_of, placed, registered, tell
from tests.org.conftest import Org

HOOK = """mutation($input: HookCompoundsInput!) { hookCompounds(input: $input) {
    pairing { version compounds { id } } problems { code message } } }"""
CONTACT = """mutation($input: AssignContactInput!) { assignContact(input: $input) {
    contact { compound { id } } problems { code path } } }"""
NEW = ("late",)


async def kept(org: Org, *key: object) -> Any:
    """What org keeps of a compound: its region's code, its name, and where it lies."""
    columns = "region_code, name, registered_on, latitude, longitude"
    rows = await org.look(f"SELECT {columns} FROM compound WHERE id = '{compound_id(*key)}'")  # noqa: S608
    return rows[0] if rows else None


async def hook(org: Org, *keys: tuple[object, ...], token: str | None = None) -> Any:
    compounds = [str(compound_id(*key)) for key in keys]
    given = {"id": city.PAIRING, "expectedVersion": 1, "compoundIds": compounds}
    payload = (await org.data(HOOK, token, input=given))["hookCompounds"]
    return [one["code"] for one in payload["problems"]] or payload["pairing"]["version"]


async def look_after(org: Org, *key: object, code: str = city.BUILDING, token: str | None = None) -> Any:
    person = str(city.id_of("person", "cadre"))
    given = {"idempotencyKey": "one key", "kind": "police", "personId": person, "regionCode": code}
    given |= {"validFrom": "2024-01-01", "compoundId": str(compound_id(*key))}
    payload = (await org.data(CONTACT, token, input=given))["assignContact"]
    return [one["code"] for one in payload["problems"]] or payload["contact"]["compound"]["id"]


def closed_by(gone: str, into: str) -> dict[str, Any]:
    return {"within": city.COMMUNITY, "on": "2024-06-01", "merge": [{"code": gone, "intoCode": into}]}


def test_org_hears_of_compounds_and_of_nothing_else_that_property_tells() -> None:
    assert set(HANDLERS) <= {event.type_in("property") for event in property_events.EVENTS}
    ((reaction,),) = (SERVICE.reactions,)
    heard = {
        event.type_in("property")
        for event in property_events.EVENTS
        for pattern in reaction.subjects
        if covers(pattern, subject_of(city.COMMUNITY, *event.type_in("property").split(".")[1:4]))
    }
    assert set(HANDLERS) <= heard
    assert {type_.split(".")[2] for type_ in heard} == {"compound"}


async def test_what_lies_outside_the_community_or_is_not_known_is_refused_and_nothing_changes(org: Org) -> None:
    secretary = org.token("community_secretary", region=city.COMMUNITY)
    before = await org.contents()
    assert await hook(org, (0,), ("second",)) == ["COMPOUND_ELSEWHERE"]
    assert await hook(org, ("foreign",)) == ["COMPOUND_ELSEWHERE"]
    assert await hook(org, NEW) == ["UNKNOWN_COMPOUND"]
    assert await hook(org, ("second",), token=secretary) == ["UNKNOWN_COMPOUND"], "not in the scope of who asks"
    assert await look_after(org, "second") == ["COMPOUND_ELSEWHERE"]
    assert await look_after(org, *NEW) == ["UNKNOWN_COMPOUND"]
    assert await look_after(org, "second", token=secretary) == ["UNKNOWN_COMPOUND"]
    assert await org.contents() == before


async def test_what_property_has_told_of_meanwhile_is_accepted_when_asked_again(org: Org) -> None:
    assert await hook(org, NEW, (0,)) == ["UNKNOWN_COMPOUND"]
    assert await look_after(org, *NEW) == ["UNKNOWN_COMPOUND"]
    await tell(org.runtime.database, registered(*NEW, code=city.COMMUNITY))
    assert await hook(org, NEW, (0,)) == 2
    assert await look_after(org, *NEW) == str(compound_id(*NEW)), "a refusal does not use the key up"


async def test_a_compound_in_another_grid_of_the_community_may_be_wider_than_that_grid(org: Org) -> None:
    assert await look_after(org, "grid", code=city.GRID) == str(compound_id("grid"))


async def test_where_a_compound_lies_is_corrected_and_taken_back(org: Org) -> None:
    assert await kept(org, 0) == (city.COMMUNITY, name_of(0), REGISTERED, None, None)
    await tell(org.runtime.database, placed(36.96, 118.1, 0))
    assert (await kept(org, 0))[3:] == (36.96, 118.1)
    await tell(org.runtime.database, placed(36.97, 118.2, 0))
    assert (await kept(org, 0))[3:] == (36.97, 118.2)
    await tell(org.runtime.database, placed(None, None, 0))
    assert (await kept(org, 0))[3:] == (None, None)


async def test_events_of_one_batch_are_applied_in_their_order(org: Org) -> None:
    batch = [registered(*NEW, code=city.GRID), placed(36.1, 118.1, *NEW, code=city.GRID)]
    batch.append(placed(36.2, 118.2, *NEW, code=city.GRID))
    handler = HANDLERS["linli.property.compound.placed.v1"]
    async with org.runtime.database.write(("",)) as session:
        await handler(session.connection, [envelope(event, version) for version, event in enumerate(batch, 1)])
    assert await kept(org, *NEW) == (city.GRID, name_of(*NEW), REGISTERED, 36.2, 118.2)


async def test_an_event_from_before_the_day_was_told_gives_the_day_in_china_when_it_happened(org: Org) -> None:
    await tell(org.runtime.database, registered(*NEW, code=city.GRID, registered_on=None))
    assert str((await kept(org, *NEW))[2]) == "2024-05-02"


async def test_a_compound_may_be_told_of_before_its_region_is_there(empty_org: Org) -> None:
    await tell(empty_org.runtime.database, registered(0))
    assert (await kept(empty_org, 0))[0] == city.COMMUNITY
    await empty_org.load(city.lines())
    assert await hook(empty_org, (0,)) == 2


async def test_a_recoded_region_takes_its_compounds_along_and_a_late_event_finds_the_present_code(org: Org) -> None:
    recode = "mutation($input: RecodeRegionInput!) { recodeRegion(input: $input) { problems { code } } }"
    new = city.COMMUNITY + "009"
    asked = {"regionId": str(city.id_of("region", city.SECOND_GRID)), "expectedVersion": 1, "newCode": new}
    done = await org.data(recode, input={**asked, "effectiveOn": "2024-01-01"})
    assert done["recodeRegion"]["problems"] == []
    assert (await kept(org, "grid"))[0] == new
    await tell(org.runtime.database, placed(36.1, 118.1, "grid"), registered(*NEW, code=city.SECOND_GRID))
    assert (await kept(org, "grid"))[0] == new
    assert (await kept(org, *NEW))[0] == new


@pytest.mark.parametrize("is_known", [True, False])
async def test_compounds_of_a_merged_grid_lie_in_the_other_whenever_org_hears_of_them(
    org: Org,
    is_known: bool,
) -> None:
    event = registered(*NEW, code=city.GRID)
    if is_known:
        await tell(org.runtime.database, event)
    document = "mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"
    plan = {"idempotencyKey": "merge", **closed_by(city.GRID, city.SECOND_GRID)}
    assert (await org.data(document, input=plan))["redrawGrids"]["problems"] == []
    if is_known:
        # What property told of before it heard of the merger does not lead back.
        await tell(org.runtime.database, placed(36.1, 118.1, *NEW, code=city.GRID))
    else:
        await tell(org.runtime.database, event)
    moved = property_events.CompoundMoved(
        compound_id=compound_id(*NEW), region_id=city.id_of("region", city.SECOND_GRID), region_code=city.SECOND_GRID,
        name="小区（原第一网格）", registered_on=REGISTERED,
    )  # fmt: skip
    if is_known:
        assert (await kept(org, *NEW))[0] == city.SECOND_GRID
    await tell(org.runtime.database, moved)
    assert (await kept(org, *NEW))[:2] == (city.SECOND_GRID, "小区（原第一网格）")
    assert await look_after(org, *NEW, code=city.SECOND_GRID) == str(compound_id(*NEW))


async def test_an_imported_pairing_with_a_compound_of_elsewhere_is_refused_with_its_line(org: Org) -> None:
    record = {
        "record": "pairing",
        "id": str(city.id_of("pairing", "hooked")),
        "kind": "partner_unit",
        "organisation": str(city.id_of("organisation", "committee")),
        "region_code": city.SECOND_COMMUNITY,
        "valid_from": "2024-01-01",
        "compounds": [str(compound_id(0))],
    }
    before = await org.contents()
    with pytest.raises(ImportRefused, match=r"line 1: compounds: .*COMPOUND_ELSEWHERE"):
        await org.load(json.dumps(record))
    assert await org.contents() == before
    await org.load(json.dumps({**record, "compounds": [str(compound_id(*NEW))]}))
    stored = await org.look("SELECT compound_ids::text[] FROM pairing WHERE cardinality(compound_ids) > 0")
    assert stored == [([str(compound_id(*NEW))],)], "property may tell of it only later"
