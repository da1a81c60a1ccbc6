"""Systems of property help as data: what of a definition is refused, what is imported, and regions that change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.service import ImportRefused
from services.org.domain import events as org
from services.property.domain import records as r
from services.property.domain.care import BY_COMPANY, Care
from services.property.domain.content import today
from services.property.domain.service_system import (
    MOST_POSTS,
    Inspected,
    ServiceSystem,
    SystemBody,
    SystemLevel,
    body_of,
    check_service_system,
    faults_of,
    level_of_help,
    vacant,
    where_stands,
)
from tests.property import city
from tests.property.test_figures import compounds, load
from tests.property.test_service_systems import DAY, SYSTEM, counted

if TYPE_CHECKING:
    from tests.property.conftest import Property


@given(levels=st.integers(1, MOST_POSTS), bodies=st.integers(1, MOST_POSTS), filled=st.sets(st.integers(0, 39)))
def test_any_number_of_levels_and_bodies_is_a_system_and_each_is_vacant_until_it_is_filled(
    levels: int, bodies: int, filled: set[int]
) -> None:
    system = ServiceSystem(
        code="s", name_zh="体系", name_en="system",
        levels=tuple(SystemLevel(f"{at}", "层", "level", (f"l{at}",)) for at in range(levels)),
        bodies=tuple(SystemBody(f"{levels + at}", "机构", "body", (f"b{at}",)) for at in range(bodies)),
    )  # fmt: skip
    assert faults_of(system) == []
    left = vacant(system, {str(at) for at in filled})
    assert left == [str(at) for at in range(levels + bodies) if at not in filled]
    for at in range(levels + bodies):
        right, wrong = (level_of_help, body_of) if at < levels else (body_of, level_of_help)
        assert right(system, str(at)).code == str(at)
        with pytest.raises(NotFound):
            wrong(system, str(at))


LEVEL, BODY = SYSTEM.levels[0], SYSTEM.bodies[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"levels": ()}, "levels"),
        ({"levels": (LEVEL,) * (MOST_POSTS + 1)}, "levels"),
        ({"bodies": ()}, "supervising bodies"),
        ({"levels": (LEVEL, LEVEL)}, "different codes"),
        ({"levels": (SystemLevel(BODY.code, "层", "level"),)}, "different codes"),
        ({"levels": (SystemLevel("", "层", "level"),)}, "codes and names"),
        ({"name_zh": ""}, "a code and names"),
        ({"bodies": (SystemBody("x", "机构", "body", ()),)}, "has titles"),
        ({"levels": (SystemLevel("y", "层", "level", BODY.titles),)}, "no title speaks for a level and"),
        ({"care": ()}, "by owners or community"),
        *[({"care": (care,)}, "by owners or community") for care in (*sorted(BY_COMPANY), Care.NONE)],
    ],
)
def test_a_system_that_cannot_work_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as refused:
        check_service_system(msgspec.structs.replace(SYSTEM, **changes))
    assert refused.value.problem.code == "UNLAWFUL_RULE"
    assert said in str(refused.value.values["reason"])


@given(by=st.none() | st.dates(), on=st.none() | st.dates())
def test_an_inspection_is_open_only_while_what_it_demands_was_not_put_right(by: date | None, on: date | None) -> None:
    assert (where_stands(by, on) is Inspected.OPEN) == (by is not None and on is None)
    assert (where_stands(by, on) is Inspected.PASSED) == (by is None)


def record(compound: r.CompoundRecord, *posts: r.PostRecord, **more: Any) -> r.CompoundSystemRecord:
    given_: dict[str, Any] = {"system": SYSTEM.code, "valid_from": DAY} | more
    return r.CompoundSystemRecord(id=new_id(), compound_id=compound.id, posts=posts, **given_)


async def test_what_was_there_before_is_imported_once_with_who_fills_it(service: Property) -> None:
    (compound,) = compounds("导入", 1, city.ELSEWHERE, Care.COMMUNITY)
    posts = (
        r.PostRecord(post="office", valid_from=DAY, organisation_id=new_id()),
        r.PostRecord(post="leaders", valid_from=DAY, person_id=new_id(), title="building_leader"),
        r.PostRecord(post="council", valid_from=DAY, name="信用议事会"),
    )
    rows = [r.ServiceSystemRecord(SYSTEM), compound, record(compound, *posts)]
    await load(service, "import", rows)
    before = await service.contents()
    await load(service, "import", rows)
    assert await service.contents() == before
    stats = await counted(service, "370303", SYSTEM.code)
    assert stats is not None
    # Org has not told of that duty: whoever it is does not hold it yet.
    assert (stats["compounds"], stats["complete"]) == (1, 0)
    assert [one["vacant"] for one in stats["vacancies"]] == [0, 1, 0]


async def test_a_wrong_record_imports_nothing(service: Property) -> None:
    (compound, other) = compounds("不导入", 1, city.ELSEWHERE, Care.COMMUNITY) + compounds("企业", 1, city.ELSEWHERE,
                                                                                     Care.COMPANY)  # fmt: skip
    ahead = today() + timedelta(days=1)
    for wrong, code in (
        (record(compound, system="x"), "UNKNOWN_RULE"),
        (record(other), "CARE_NOT_OF_SYSTEM"),
        (record(compound, valid_from=DAY - timedelta(days=1)), "INVALID_DATE"),
        (record(compound, valid_from=ahead), "DATE_IN_FUTURE"),
        (record(compound, r.PostRecord(post="nothing", valid_from=DAY, name="甲")), "UNKNOWN_RECORD"),
        (record(compound, r.PostRecord(post="office", valid_from=DAY)), "ONE_FILLS_IT"),
        (record(compound, r.PostRecord(post="office", valid_from=DAY, title="x", name="甲")), "ONE_FILLS_IT"),
        (record(compound, r.PostRecord(post="office", valid_from=ahead, name="甲")), "DATE_IN_FUTURE"),
    ):
        before = await service.contents()
        with pytest.raises(ImportRefused, match=code):
            await load(service, "wrong", [r.ServiceSystemRecord(SYSTEM), compound, other, wrong])
        assert await service.contents() == before


async def test_recoded_and_merged_regions_take_everything_of_a_system_along(service: Property) -> None:
    (compound,) = compounds("改码", 1, city.COMMUNITY_2, Care.COMMUNITY)
    posts = [r.PostRecord(post=post, valid_from=DAY, name="甲") for post in ("office", "council")]
    await load(service, "recode", [r.ServiceSystemRecord(SYSTEM), compound, record(compound, *posts)])
    speaker = service.issuer.mint("council_member", region=city.COMMUNITY_2, subject="议事会")
    asked = {"compoundId": str(compound.id), "body": "council", "level": "office", "finding": "f",
             "rectifyBy": today().isoformat(), "idempotencyKey": "r1"}  # fmt: skip
    seen = "compound { serviceSystem { inspections { edges { node { id } } } } }"
    done = await service.done("inspectService", speaker, seen, **asked)
    id_ = done["compound"]["serviceSystem"]["inspections"]["edges"][0]["node"]["id"]
    judge = {"inspectionId": id_, "rectified": False, "opinion": "o", "rectifyBy": today().isoformat()}
    await service.done("judgeRectification", speaker, seen, **judge, idempotencyKey="r2")
    help_ = {"compoundId": str(compound.id), "level": "office", "on": today().isoformat(), "text": "x"}
    staff = service.staff(region=city.COMMUNITY_2)
    await service.done("recordHelp", staff, seen, **help_, idempotencyKey="r3")
    region, into = city.region_id(city.COMMUNITY_2), city.region_id(city.ELSEWHERE)
    tables = ("service_system", "service_post", "service_help", "service_inspection", "service_judgement")

    async def codes() -> set[str]:
        found: set[str] = set()
        for table in tables:
            rows = await service.look(f"SELECT region_code FROM {table} WHERE compound_id = '{compound.id}'")  # noqa: S608
            assert rows, table
            found |= {row[0] for row in rows}
        return found

    assert await codes() == {city.COMMUNITY_2}
    recoded = org.RegionRecoded(
        region_id=region,
        code="370321002009",
        previous_code=city.COMMUNITY_2,
        level="COMMUNITY",
        parent_id=None,
        valid_from=today(),
    )
    await city.tell(service.runtime.database, recoded)
    assert await codes() == {"370321002009"}
    closed = org.RegionClosed(
        region_id=region, code="370321002009", valid_to=today(), into_region_id=into, into_code=city.ELSEWHERE
    )
    await city.tell(service.runtime.database, closed)
    assert await codes() == {city.ELSEWHERE}
    async with service.runtime.database.read(("370321002",)) as session:
        for table in tables:
            rows = await session.rows(text(f"SELECT 1 FROM {table} WHERE compound_id = '{compound.id}'"))  # noqa: S608
            assert not rows, table
