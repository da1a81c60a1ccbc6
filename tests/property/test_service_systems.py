"""Compounds under a system of property help: who fills its levels, what they do, who supervises; through the graph."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from chassis.ids import new_id
from services.property.domain import records as r
from services.property.domain.content import today
from services.property.domain.service_system import ServiceSystem, SystemBody, SystemLevel
from services.property.storage import committee_tables as c
from tests.kit import items_of
from tests.property import city
from tests.property.test_care import hear, told
from tests.property.test_figures import load

if TYPE_CHECKING:
    from uuid import UUID

    from tests.property.conftest import Property

SYSTEM = ServiceSystem(
    code="two_one", name_zh="2+1体系", name_en="two levels, one body",
    levels=(
        SystemLevel("office", "红色物业管理办公室", "property office"),
        SystemLevel("leaders", "红色楼长、单元长", "building leaders", ("building_leader",)),
    ),
    bodies=(SystemBody("council", "社区信用议事会", "credit council", ("council_member",)),),
)  # fmt: skip
SEEN = """compound { serviceSystem { id code name validFrom vacancies levels { code isVacant
    holders { id organisation organisationId personId title name validFrom validTo } pastHolders { id validTo } }
    bodies { code holders { id name } } helps { totalCount edges { node { id level on text ticketId } } }
    inspections { edges { node { id body level finding status rectifyBy rectifiedOn isOverdue
        judgements { rectified rectifyBy opinion } } } } } serviceSystems { edges { node { validFrom validTo } } } }"""
QUERY = "query($id: ID!) { " + SEEN.replace("compound", "compound(id: $id)", 1) + " }"
DAY = date(2024, 1, 1)


def council(service: Property, region: str = city.COMMUNITY, **more: Any) -> str:
    return service.issuer.mint("council_member", region=region, subject="议事会", **more)


async def under(service: Property, name: str, system: ServiceSystem = SYSTEM, care: str = "COMMUNITY") -> str:
    """Make a compound that is under the system; return it."""
    await load(service, f"system {name}", [r.ServiceSystemRecord(system)])
    compound = await service.compound(name, care=care)
    asked = {"compoundId": compound, "system": system.code, "on": today().isoformat(), "idempotencyKey": f"u {name}"}
    done = await service.done("placeUnderSystem", service.staff(), SEEN, **asked)
    assert await service.done("placeUnderSystem", service.staff(), SEEN, **asked) == done
    assert done["compound"]["serviceSystem"]["vacancies"] == [post.code for post in system.posts]
    return compound


async def fill(service: Property, compound: str, post: str, **who: Any) -> dict[str, Any]:
    asked = {"compoundId": compound, "post": post, "on": today().isoformat(), "idempotencyKey": str(new_id())} | who
    return (await service.done("fillServicePost", service.staff(), SEEN, **asked))["compound"]["serviceSystem"]  # type: ignore[no-any-return]


async def org_tells(service: Property, table: Any, **row: Any) -> UUID:
    id_ = new_id()
    async with service.runtime.database.write(("",)) as session:
        await session.execute(insert(table), {"id": id_, **row})
    return id_


async def office(service: Property, region: str = city.SUBDISTRICT) -> UUID:
    return await org_tells(service, c.organisation, kind="office", name="红物办", region_id=city.region_id(region))


async def refusal(service: Property, name: str, token: str, asked: dict[str, Any]) -> str:
    """Ask what must end in an error; return its code. Nothing may have changed."""
    before, kind = await service.contents(), f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ problems {{ code }} }} }}"
    code = await service.error(query, token, input=asked)
    assert await service.contents() == before
    return code


async def facts(service: Property, compound: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what was told of a compound's system."""
    return [
        (type_.removeprefix("linli.property.service_system.").removesuffix(".v1"), payload["data"])
        for type_, payload in await service.events()
        if "service_system" in type_ and payload["data"]["compoundId"] == compound
    ]


async def test_levels_are_filled_by_organisation_duty_or_name_and_follow_what_org_tells(service: Property) -> None:
    compound, person = await under(service, "到岗"), new_id()
    one = await office(service)
    duty = await org_tells(service, c.duty, person_id=person, title="building_leader", valid_from=DAY)
    assert (await fill(service, compound, "office", organisationId=str(one)))["vacancies"] == ["leaders", "council"]
    await fill(service, compound, "leaders", personId=str(person), title="building_leader")
    seen = await fill(service, compound, "leaders", name="王红旗")
    assert [len(level["holders"]) for level in seen["levels"]] == [1, 2]
    assert seen["levels"][0]["holders"][0]["organisation"] == "红物办"
    seen = await fill(service, compound, "council", name="信用议事会")
    assert seen["vacancies"] == []
    (named,) = (one for one in seen["levels"][1]["holders"] if one["name"])
    assert named["name"] == "王红旗"
    masked = (await service.data(QUERY, service.resident("路人"), id=compound))["compound"]["serviceSystem"]
    assert [one["name"] for one in masked["levels"][1]["holders"] if one["name"]] == ["王*"]
    (kept,) = await service.look(f"SELECT name FROM service_post WHERE id = '{named['id']}'")  # noqa: S608
    assert "王红旗".encode() not in bytes(kept[0])
    assert "王红旗" not in msgspec.json.encode(await facts(service, compound)).decode()
    await service.done("vacateServicePost", service.staff(), SEEN, postId=named["id"], on=today().isoformat())
    await service.look(f"UPDATE duty SET valid_to = current_date - 1 WHERE id = '{duty}'")  # noqa: S608
    await service.look(f"UPDATE organisation SET dissolved_on = current_date - 1 WHERE id = '{one}'")  # noqa: S608
    seen = (await service.data(QUERY, service.staff(), id=compound))["compound"]["serviceSystem"]
    assert seen["vacancies"] == ["office", "leaders"]
    assert [[len(level["holders"]), len(level["pastHolders"])] for level in seen["levels"]] == [[0, 1], [0, 2]]
    told_of = await facts(service, compound)
    assert [fact for fact, _ in told_of] == ["began", *["post_filled"] * 4, "post_vacated"]
    assert [data.get("organisationId") for _, data in told_of[1:3]] == [str(one), None]


async def test_what_org_does_not_know_or_is_far_away_fills_nothing(service: Property) -> None:
    compound, person = await under(service, "未到岗"), new_id()
    far, near = await office(service, city.ELSEWHERE), await office(service, city.GRID)
    await org_tells(service, c.duty, person_id=person, title="grid_worker", valid_from=DAY, valid_to=DAY)
    asked = {"compoundId": compound, "post": "office", "on": today().isoformat(), "idempotencyKey": "f"}
    duty = {"personId": str(person), "title": "grid_worker"}
    for who, code in (
        ({}, "ONE_FILLS_IT"),
        ({"name": " "}, "ONE_FILLS_IT"),
        ({"name": "甲", "organisationId": str(near)}, "ONE_FILLS_IT"),
        ({"personId": str(person)}, "ONE_FILLS_IT"),
        ({"name": "甲", "title": "grid_worker"}, "ONE_FILLS_IT"),
        ({"organisationId": str(far)}, "NO_SUCH_ORGANISATION"),
        ({"organisationId": str(new_id())}, "NO_SUCH_ORGANISATION"),
        (duty, "NO_SUCH_DUTY"),
        ({"name": "甲", "on": (today() + timedelta(days=1)).isoformat()}, "DATE_IN_FUTURE"),
        ({"name": "甲", "on": (today() - timedelta(days=1)).isoformat()}, "INVALID_DATE"),
    ):
        assert await service.refused("fillServicePost", service.staff(), SEEN, **asked | who) == code, who
    await fill(service, compound, "office", organisationId=str(near))
    given = asked | {"organisationId": str(near)}
    assert await service.refused("fillServicePost", service.staff(), SEEN, **given) == "FILLED_ALREADY"


async def test_only_compounds_of_owners_or_community_are_under_it_and_another_way_of_care_ends_it(
    service: Property,
) -> None:
    compound = await under(service, "方式")
    other = await service.compound("企业管", care="COMPANY")
    asked = {"compoundId": other, "system": "two_one", "on": today().isoformat(), "idempotencyKey": "c"}
    staff = service.staff()
    assert await service.refused("placeUnderSystem", staff, SEEN, **asked) == "CARE_NOT_OF_SYSTEM"
    assert await service.refused("placeUnderSystem", staff, SEEN, **asked | {"system": "x"}) == "UNKNOWN_RULE"
    again = asked | {"compoundId": compound}
    assert await service.refused("placeUnderSystem", staff, SEEN, **again) == "UNDER_SYSTEM"
    ahead = again | {"on": (today() + timedelta(days=1)).isoformat()}
    assert await service.refused("placeUnderSystem", staff, SEEN, **ahead) == "DATE_IN_FUTURE"
    await fill(service, compound, "office", name="红物办")
    done = (await service.done("takeOnCare", staff, SEEN, compoundId=compound, care="NONE"))["compound"]
    assert (done["serviceSystem"], items_of(done["serviceSystems"])[0]["validTo"]) == (None, today().isoformat())
    assert await service.look(
        f"SELECT count(*) FROM service_post WHERE compound_id = '{compound}' AND valid_to IS NULL"  # noqa: S608
    ) == [(0,)]
    told_of = await facts(service, compound)
    assert (told_of[-1][0], told_of[-1][1]["byCare"]) == ("ended", True)
    end = {"compoundId": compound, "on": today().isoformat()}
    assert await service.refused("endServiceSystem", staff, SEEN, **end) == "ALREADY_ENDED"
    await service.done("takeOnCare", staff, SEEN, compoundId=compound, care="COMMUNITY")
    await service.done("placeUnderSystem", staff, SEEN, **again | {"idempotencyKey": "anew"})
    early = end | {"on": (today() - timedelta(days=1)).isoformat()}
    assert await service.refused("endServiceSystem", staff, SEEN, **early) == "INVALID_DATE"
    done = (await service.done("endServiceSystem", staff, SEEN, **end))["compound"]
    assert [one["validTo"] for one in items_of(done["serviceSystems"])] == [today().isoformat()] * 2
    assert (await facts(service, compound))[-1][1]["byCare"] is False


async def test_a_level_helps_once_it_is_filled_and_what_it_did_stays(service: Property) -> None:
    compound, ticket, elsewhere = await under(service, "帮助"), new_id(), new_id()
    await hear(service, told(ticket, "raised", city.GRID), told(elsewhere, "raised", city.COMMUNITY_2))
    asked = {"compoundId": compound, "level": "leaders", "on": today().isoformat(), "text": "清理楼道",
             "ticketId": str(ticket), "idempotencyKey": "h"}  # fmt: skip
    leader = service.issuer.mint("building_leader", region=city.COMMUNITY, subject="楼长")
    assert await service.refused("recordHelp", leader, SEEN, **asked) == "NOBODY_FILLS_IT"
    await fill(service, compound, "leaders", name="楼长")
    done = await service.done("recordHelp", leader, SEEN, **asked)
    assert await service.done("recordHelp", leader, SEEN, **asked) == done
    (help_,) = done["compound"]["serviceSystem"]["helps"]["edges"]
    assert (help_["node"]["level"], help_["node"]["text"], help_["node"]["ticketId"]) == (
        "leaders", "清理楼道", str(ticket),
    )  # fmt: skip
    far = asked | {"ticketId": str(elsewhere), "idempotencyKey": "h2"}
    assert await refusal(service, "recordHelp", leader, far) == "NOT_FOUND"
    seeing = service.issuer.mint("building_leader", region=city.COMMUNITY, grants=(("observer", city.DISTRICT),))
    assert await service.refused("recordHelp", seeing, SEEN, **far) == "TICKET_ELSEWHERE"
    assert (await refusal(service, "recordHelp", leader, asked | {"level": "council", "idempotencyKey": "h3"})) == (
        "NOT_FOUND"
    )
    assert (await refusal(service, "recordHelp", leader, asked | {"level": "office", "idempotencyKey": "h4"})) == (
        "FORBIDDEN"
    )
    fact, data = (await facts(service, compound))[-1]
    assert (fact, data["level"], data["ticketId"]) == ("helped", "leaders", str(ticket))
    assert "清理楼道" not in str(data)
    with pytest.raises(DBAPIError):
        async with service.runtime.database.write(("",)) as session:
            await session.execute(text("UPDATE service_help SET text = 'x'"))


async def test_what_a_body_demands_is_open_until_the_body_itself_finds_it_put_right(service: Property) -> None:
    compound, by = await under(service, "监督"), today() + timedelta(days=7)
    asked = {"compoundId": compound, "body": "council", "level": "office", "finding": "门岗缺人",
             "rectifyBy": by.isoformat(), "idempotencyKey": "i"}  # fmt: skip
    assert await service.refused("inspectService", council(service), SEEN, **asked) == "NOBODY_FILLS_IT"
    await fill(service, compound, "council", name="信用议事会")
    past = asked | {"rectifyBy": (today() - timedelta(days=1)).isoformat()}
    assert await service.refused("inspectService", council(service), SEEN, **past) == "INVALID_DATE"
    done = await service.done("inspectService", council(service), SEEN, **asked)
    assert await service.done("inspectService", council(service), SEEN, **asked) == done
    (edge,) = done["compound"]["serviceSystem"]["inspections"]["edges"]
    id_ = edge["node"]["id"]
    assert (edge["node"]["status"], edge["node"]["isOverdue"]) == ("OPEN", False)
    await service.look("UPDATE service_inspection SET rectify_by = current_date - 2")
    seen = (await service.data(QUERY, service.staff(), id=compound))["compound"]["serviceSystem"]
    assert seen["inspections"]["edges"][0]["node"]["isOverdue"] is True
    judge = {"inspectionId": id_, "rectified": False, "opinion": "仍缺一人", "idempotencyKey": "j"}
    assert await service.refused("judgeRectification", council(service), SEEN, **judge) == "ANOTHER_DAY"
    await service.done("judgeRectification", council(service), SEEN, **judge, rectifyBy=by.isoformat())
    right = {"inspectionId": id_, "rectified": True, "opinion": "到位", "idempotencyKey": "k"}
    late = right | {"rectifyBy": by.isoformat()}
    assert await service.refused("judgeRectification", council(service), SEEN, **late) == "ANOTHER_DAY"
    done = await service.done("judgeRectification", council(service), SEEN, **right)
    node = done["compound"]["serviceSystem"]["inspections"]["edges"][0]["node"]
    assert (node["status"], node["rectifiedOn"]) == ("RECTIFIED", today().isoformat())
    assert [(one["rectified"], one["opinion"]) for one in node["judgements"]] == [(False, "仍缺一人"), (True, "到位")]
    again = right | {"idempotencyKey": "l"}
    assert await service.refused("judgeRectification", council(service), SEEN, **again) == "ALREADY_ENDED"
    told_of = [(fact, data.get("rectified")) for fact, data in await facts(service, compound)][-3:]
    assert told_of == [("inspected", None), ("rectification_judged", False), ("rectification_judged", True)]
    passed = asked | {"idempotencyKey": "m", "rectifyBy": None}
    done = await service.done("inspectService", council(service), SEEN, **passed)
    states = [one["node"]["status"] for one in done["compound"]["serviceSystem"]["inspections"]["edges"]]
    assert sorted(states) == ["PASSED", "RECTIFIED"]


async def test_who_is_supervised_never_answers_for_who_supervises_nor_the_other_way_round(service: Property) -> None:
    compound = await under(service, "回避")
    for post in ("office", "leaders", "council"):
        await fill(service, compound, post, name=post)
    inspect = {"compoundId": compound, "body": "council", "level": "leaders", "finding": "x", "idempotencyKey": "1",
               "rectifyBy": today().isoformat()}  # fmt: skip
    both = council(service, grants=(("building_leader", city.COMMUNITY),))
    leader = service.issuer.mint("building_leader", region=city.COMMUNITY, subject="楼长")
    for token in (leader, service.staff(), service.staff("community_secretary"), service.resident("居民")):
        assert await refusal(service, "inspectService", token, inspect) == "FORBIDDEN"
    assert await refusal(service, "inspectService", council(service, city.COMMUNITY_2), inspect) == "NOT_FOUND"
    assert await refusal(service, "inspectService", council(service), inspect | {"body": "leaders"}) == "NOT_FOUND"
    assert await refusal(service, "inspectService", council(service), inspect | {"level": "council"}) == "NOT_FOUND"
    assert await service.refused("inspectService", both, SEEN, **inspect) == "HELP_AND_SUPERVISION"
    done = await service.done("inspectService", council(service), SEEN, **inspect)
    id_ = done["compound"]["serviceSystem"]["inspections"]["edges"][0]["node"]["id"]
    judge = {"inspectionId": id_, "rectified": True, "opinion": "已改", "idempotencyKey": "2"}
    for token in (leader, service.staff()):
        assert await refusal(service, "judgeRectification", token, judge) == "FORBIDDEN"
    assert await service.refused("judgeRectification", both, SEEN, **judge) == "HELP_AND_SUPERVISION"
    help_ = {"compoundId": compound, "level": "leaders", "on": today().isoformat(), "text": "x", "idempotencyKey": "3"}
    assert await refusal(service, "recordHelp", council(service), help_) == "FORBIDDEN"
    keeper = council(service, grants=(("community_worker", city.COMMUNITY),))
    assert await service.refused("recordHelp", keeper, SEEN, **help_) == "HELP_AND_SUPERVISION"


STATS = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region { propertyStats { serviceSystems {
    code levels bodies posts compounds complete helps inspections openRectifications vacancies { code vacant }
    } } } } }"""


async def counted(service: Property, region: str, code: str) -> dict[str, Any] | None:
    ids = [{"__typename": "Region", "id": str(city.region_id(region))}]
    (found,) = (await service.data(STATS, service.staff("observer", region), ids=ids))["_entities"]
    return next((one for one in found["propertyStats"]["serviceSystems"] if one["code"] == code), None)


def three_one() -> ServiceSystem:
    levels = tuple(SystemLevel(code, code, code) for code in ("a", "b", "c"))
    return ServiceSystem(
        code="three_one", name_zh="3+1", name_en="3+1", levels=levels, bodies=(SystemBody("x", "x", "x", ("judge",)),)
    )


async def test_figures_count_compounds_vacancies_helps_and_supervision_of_any_number_of_levels(
    service: Property,
) -> None:
    system = three_one()
    await load(service, "only the system", [r.ServiceSystemRecord(system)])
    empty = await counted(service, city.DISTRICT, "three_one")
    assert empty is not None
    assert (empty["levels"], empty["bodies"], empty["posts"], empty["compounds"], empty["complete"]) == (3, 1, 4, 0, 0)
    whole, half = await under(service, "齐备", system), await under(service, "半数", system, "SELF_MANAGED")
    for compound, posts in ((whole, ("a", "b", "c", "x")), (half, ("a", "x"))):
        for post in posts:
            await fill(service, compound, post, name=post)
    judge = service.issuer.mint("judge", region=city.COMMUNITY, subject="judge")
    for number, by in enumerate((None, today().isoformat(), today().isoformat())):
        asked = {"compoundId": whole, "body": "x", "level": "a", "finding": "f", "rectifyBy": by,
                 "idempotencyKey": f"s{number}"}  # fmt: skip
        done = await service.done("inspectService", judge, SEEN, **asked)
    nodes = [one["node"] for one in done["compound"]["serviceSystem"]["inspections"]["edges"]]
    id_ = next(one["id"] for one in nodes if one["status"] == "OPEN")
    right = {"inspectionId": id_, "rectified": True, "opinion": "o", "idempotencyKey": "sj"}
    await service.done("judgeRectification", judge, SEEN, **right)
    help_ = {"compoundId": half, "level": "a", "on": today().isoformat(), "text": "x", "idempotencyKey": "sh"}
    await service.done("recordHelp", service.staff(), SEEN, **help_)
    expected = {
        "code": "three_one", "levels": 3, "bodies": 1, "posts": 4, "compounds": 2, "complete": 1, "helps": 1,
        "inspections": 3, "openRectifications": 1,
        "vacancies": [{"code": code, "vacant": vacant} for code, vacant in (("a", 0), ("b", 1), ("c", 1), ("x", 0))],
    }  # fmt: skip
    for region in (city.CITY, city.DISTRICT, city.COMMUNITY):
        assert await counted(service, region, "three_one") == expected, region
    none = expected | {"compounds": 0, "complete": 0, "helps": 0, "inspections": 0, "openRectifications": 0}
    none["vacancies"] = [{"code": code, "vacant": 0} for code in ("a", "b", "c", "x")]
    assert await counted(service, city.COMMUNITY_2, "three_one") == none
    await service.done("endServiceSystem", service.staff(), SEEN, compoundId=half, on=today().isoformat())
    after = await counted(service, city.CITY, "three_one")
    assert after is not None
    assert (after["compounds"], after["helps"], after["inspections"]) == (1, 0, 3)


async def test_helps_and_inspections_are_paged_the_latest_first_and_kept_to_one_level_or_body(
    service: Property,
) -> None:
    compound, council_ = await under(service, "分页"), council(service)
    for post in ("office", "leaders", "council"):
        await fill(service, compound, post, name=post)
    for number in range(3):
        level = "office" if number else "leaders"
        asked = {"compoundId": compound, "level": level, "on": today().isoformat(), "text": str(number)}
        await service.done("recordHelp", service.staff(), SEEN, **asked, idempotencyKey=f"p{number}")
        looked = {"compoundId": compound, "body": "council", "level": level, "finding": str(number)}
        await service.done("inspectService", council_, SEEN, **looked, idempotencyKey=f"q{number}")
    query = """query($id: ID!, $after: String) { compound(id: $id) { serviceSystem {
        helps(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { text } } }
        of: helps(level: "leaders") { edges { node { text } } } inspections(first: 1) { edges { node { finding } } }
        none: inspections(body: "office") { totalCount } } } }"""
    first = (await service.data(query, service.staff(), id=compound))["compound"]["serviceSystem"]
    assert [one["node"]["text"] for one in first["helps"]["edges"]] == ["2", "1"]
    assert (first["helps"]["totalCount"], first["helps"]["pageInfo"]["hasNextPage"]) == (3, True)
    assert [one["node"]["text"] for one in first["of"]["edges"]] == ["0"]
    assert (first["inspections"]["edges"], first["none"]["totalCount"]) == ([{"node": {"finding": "2"}}], 0)
    more = {"id": compound, "after": first["helps"]["pageInfo"]["endCursor"]}
    second = (await service.data(query, service.staff(), **more))["compound"]["serviceSystem"]
    assert [one["node"]["text"] for one in second["helps"]["edges"]] == ["0"]
