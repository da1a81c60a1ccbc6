"""The figures of the practices that are property's, counted from rows: imported, told of by org, and asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import pytest
from sqlalchemy import insert
from stdnum.cn import uscc

from chassis.ids import new_id
from chassis.service import ImportRefused
from services.property.commands.import_file import import_file
from services.property.domain import records as r
from services.property.domain.care import Care
from services.property.domain.committee_rules import Form
from services.property.domain.haves import Have
from services.property.domain.seats import Office
from services.property.storage import committee_tables as c
from tests.property import city

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tests.property.conftest import Property

STATS = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region { propertyStats {
    committees { count(form: OWNERS_COMMITTEE) members partyMemberShare red redShare redWhole: redShare(decimals: 0)
        group: count(form: SELF_MANAGEMENT_GROUP) management: count(form: MANAGEMENT_COMMITTEE)
        branches: withParty(form: BRANCH) workingGroups: withParty(form: WORKING_GROUP) }
    companies { count withBranch red redShare(decimals: 1) }
    publicCandidates threeNo: lacks(threeNo: true) left: lacks(open: true)
    lackProgress { registered left region { id } } contracts openVotes without: compounds(care: NONE)
    tickets(categories: ["lighting", "parking"]) { raised done rated } } } } }"""
DAY = date(2024, 1, 1)


async def load(service: Property, name: str, records: Iterable[Any]) -> None:
    file = service.folder / f"{name}.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(msgspec.to_builtins(one)) for one in records))
    await import_file(service.runtime, file)


def compounds(name: str, count: int, region: str, care: Care = Care.NONE) -> list[r.CompoundRecord]:
    return [
        r.CompoundRecord(new_id(), f"{name}{at}", "commercial", city.region_id(region), region, DAY, care)
        for at in range(count)
    ]


def committees(where: list[r.CompoundRecord], sizes: list[int], party: int = 0, **more: Any) -> list[r.CommitteeRecord]:
    """Make a committee for each compound; the first `party` members are Party members."""
    found, left = [], party
    for compound, size in zip(where, sizes, strict=True):
        members = tuple(r.MemberRecord(name=f"委员{at}", is_party_member=at < left) for at in range(size))
        left -= min(left, size)
        found.append(
            r.CommitteeRecord(id=new_id(), compound_id=compound.id, seats=size, elected_on=DAY, members=members, **more)
        )
    return found


async def stats(service: Property, region: str) -> dict[str, Any]:
    ids = [{"__typename": "Region", "id": str(city.region_id(region))}]
    (found,) = (await service.data(STATS, service.staff("observer", region), ids=ids))["_entities"]
    return found["propertyStats"]  # type: ignore[no-any-return]


async def holding(service: Property, titles: Iterable[tuple[UUID, str]]) -> None:
    rows = [{"id": new_id(), "person_id": person, "title": title, "valid_from": DAY} for person, title in titles]
    async with service.runtime.database.write(("",)) as session:
        await session.execute(insert(c.duty), rows)


async def founded(service: Property, kind: str, count: int) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    rows = [{"id": id_, "kind": kind, "name": "党组织", "region_id": new_id()} for id_ in ids]
    async with service.runtime.database.write(("",)) as session:
        await session.execute(insert(c.organisation), rows)
    return ids


async def test_daye_401_committees_with_54_79_per_cent_party_members(service: Property) -> None:
    where = compounds("大冶", 401, city.COMMUNITY)
    # 401 committees of 5 and 7 members are 2,117 people together, 1,160 of them Party members: 54.79 %.
    sizes = [7] * 56 + [5] * 345
    await load(service, "daye", [*where, *committees(where, sizes, party=1160)])
    found = (await stats(service, city.COMMUNITY))["committees"]
    assert (found["count"], found["members"], found["partyMemberShare"]) == (401, 2117, "54.79")


async def test_hongtu_485_red_committees_are_72_per_cent_and_400_red_companies_68_6(service: Property) -> None:
    where = compounds("红图", 674, city.ELSEWHERE)
    chairs = [new_id() for _ in range(674)]
    bodies = [
        r.CommitteeRecord(
            id=new_id(), compound_id=compound.id, seats=5, elected_on=DAY,
            members=(r.MemberRecord(name="主任", office=Office.CHAIR, person_id=chair),),
        )
        for compound, chair in zip(where, chairs, strict=True)
    ]  # fmt: skip
    companies, managers = [], [new_id() for _ in range(583)]
    for at in range(583):
        body = f"91370303MC{at:07}"
        companies.append(
            r.CompanyRecord(
                new_id(), f"物业{at}", body + uscc.calc_check_digit(body), city.region_id(city.ELSEWHERE),
                city.ELSEWHERE, DAY, at < 420,
            )
        )  # fmt: skip
    staff = [
        r.CompanyStaffRecord(id=new_id(), company_id=company.id, person_id=manager, valid_from=DAY)
        for company, manager in zip(companies, managers, strict=True)
    ]
    await load(service, "hongtu", [*where, *bodies, *companies, *staff])
    red = [(one, "compound_branch_secretary") for one in (*chairs[:485], *managers[:400])]
    await holding(service, [*red, *((one, "unit_leader") for one in chairs[485:])])
    found = await stats(service, city.ELSEWHERE)
    assert (found["committees"]["count"], found["committees"]["red"]) == (674, 485)
    assert (found["committees"]["redWhole"], found["committees"]["redShare"]) == ("72", "71.96")
    assert found["companies"] == {"count": 583, "withBranch": 420, "red": 400, "redShare": "68.6"}


async def test_gusu_branches_groups_and_public_employees_and_tongguans_register(service: Property) -> None:
    where = compounds("姑苏", 88 + 32, city.COMMUNITY_2)
    where += compounds("三无", 70, city.COMMUNITY_2, Care.COMMUNITY) + compounds("未转", 6, city.COMMUNITY_2)
    branches = await founded(service, "committee_party_branch", 47)
    groups = await founded(service, "committee_party_group", 41)
    elected = [
        r.CommitteeRecord(
            id=new_id(), compound_id=compound.id, seats=5, elected_on=DAY, organisation_id=organisation,
            members=(r.MemberRecord(name="委员", is_public_employee=at < 13),),
        )
        for at, (compound, organisation) in enumerate(zip(where[:88], (*branches, *groups), strict=True))
    ]  # fmt: skip
    bodies = committees(where[88:108], [7] * 20, form=Form.MANAGEMENT_COMMITTEE)
    bodies += committees(where[108:120], [3] * 12, form=Form.SELF_MANAGEMENT_GROUP)
    lacks = [
        r.LackRecord(
            id=new_id(), compound_id=compound.id, cause="弃管", registered_on=DAY,
            converted_on=date(2025, 1, 1) if at < 70 else None,
            haves=dict.fromkeys(Have, "佐证") if at < 70 else {},
        )
        for at, compound in enumerate(where[120:])
    ]  # fmt: skip
    await load(service, "gusu", [*where, *elected, *bodies, *lacks])
    found = await stats(service, city.COMMUNITY_2)
    told = found["committees"]
    assert (told["count"], told["branches"], told["workingGroups"], found["publicCandidates"]) == (88, 47, 41, 13)
    assert told["management"] + told["group"] == 32
    assert (found["threeNo"], found["left"], found["without"]) == (76, 6, len(where) - 70)
    region = {"id": str(city.region_id(city.COMMUNITY_2))}
    assert found["lackProgress"] == [{"registered": 76, "left": 6, "region": region}]
    above = await stats(service, city.DISTRICT)
    assert above["threeNo"] == 76, "at every level"
    assert above["committees"]["branches"] == 47


async def test_where_there_is_nothing_shares_are_unknown_and_records_that_were_there_stay(service: Property) -> None:
    found = await stats(service, city.GRID)
    assert (found["committees"]["redShare"], found["committees"]["partyMemberShare"]) == (None, None)
    assert (found["companies"]["count"], found["contracts"], found["openVotes"]) == (0, 0, 0)
    where = compounds("重来", 1, city.GRID)
    body = committees(where, [5])
    for _ in range(2):
        await load(service, "again", [*where, *body])
    assert (await stats(service, city.GRID))["committees"]["count"] == 1


async def test_a_record_that_contradicts_what_is_there_is_refused_with_its_line(service: Property) -> None:
    (where,) = compounds("矛盾", 1, city.GRID)
    lack: dict[str, Any] = {"compound_id": where.id, "cause": "弃管", "registered_on": DAY}
    first, second = committees([where, where], [5, 5])
    await load(service, "fine", [where, first, r.LackRecord(id=new_id(), **lack)])
    staff = r.CompanyStaffRecord(id=new_id(), company_id=new_id(), person_id=new_id(), valid_from=DAY)
    before = await service.contents()
    for record, code in (
        (second, "COMMITTEE_EXISTS"),
        (r.LackRecord(id=new_id(), **lack), "LACK_EXISTS"),
        (r.LackRecord(id=new_id(), **lack, converted_on=DAY), "HAVES_MISSING"),
        (r.LackRecord(id=new_id(), **lack, converted_on=DAY, haves=dict.fromkeys(Have, "佐证")), "NO_CARE"),
        (r.LackRecord(id=new_id(), **lack | {"compound_id": new_id()}), "UNKNOWN_RECORD"),
        (staff, "UNKNOWN_RECORD"),
    ):
        with pytest.raises(ImportRefused, match=rf"line 1: .*{code}"):
            await load(service, "wrong", [record])
    assert await service.contents() == before


async def test_a_solution_is_imported_with_who_carries_it_out_and_none_is_no_solution(service: Property) -> None:
    (compound,) = compounds("方案", 1, city.ELSEWHERE)
    lack = r.LackRecord(id=new_id(), compound_id=compound.id, cause="弃管", registered_on=DAY, solution=Care.COMMUNITY)
    for wrong in (msgspec.structs.replace(lack, solution=Care.NONE, responsible="社区"), lack):
        before = await service.contents()
        with pytest.raises(ImportRefused, match=r"NO_CARE|REQUIRED"):
            await load(service, "wrong solution", [compound, wrong])
        assert await service.contents() == before
    await load(service, "solution", [compound, msgspec.structs.replace(lack, responsible="社区")])
    (row,) = await service.look(f"SELECT solution, responsible, events FROM lack WHERE id = '{lack.id}'")  # noqa: S608
    assert row == ("community", "社区", 2)
