"""Posts and grades of community workers, their assessments, and posts that recruitment brings, through the graph."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.org import city
from tests.org.conftest import Org

GRADE = "workerGrade { id version grade reason steppedOn validFrom validTo post { code } region { code } }"
NEXT = "workerGrade { grade nextStep { earliest passed needed isDue } assessments { year result } }"
STATS = """{ %s(code: "%s") { workerGradeStats { workers due posts { post { code } workers grades { grade workers } } }
    workerGrades(due: %s) { totalCount } } }"""
MINE = """{ person(id: "%s") { workerGrades { grade post { name } nextStep { isDue } } } }"""
PLACED = '{ %s(code: "%s") { recruitmentStats(year: 2022, source: "exam") { posts grassroots grassrootsPercent } } }'
KEEPER = "subdistrict_secretary"


def person(key: str) -> str:
    return str(city.id_of("person", key))


async def do(org: Org, name: str, parts: str = GRADE, *, input: dict[str, Any]) -> Any:  # noqa: A002
    kind = "EndInput" if name == "endWorkerGrade" else name[0].upper() + name[1:] + "Input"
    document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {parts} problems {{ code path message }} }} }}"
    token = org.token(KEEPER, region=city.SUBDISTRICT, subject="keeper")
    payload = (await org.data(document, token, input=input))[name]
    return [one["code"] for one in payload["problems"]] or payload[parts.split(" ", 1)[0]]


async def grade(org: Org, who: str, post: str, **more: Any) -> Any:
    base = {"idempotencyKey": f"{who} {post}", "personId": person(who), "regionCode": city.COMMUNITY, "post": post}
    return await do(org, "gradeWorker", input={**base, "validFrom": "2024-01-01", **more})


async def assess(org: Org, who: str, year: int, results: int, satisfaction: int, **more: Any) -> Any:
    scores = [{"criterion": "three_no", "score": results}, {"criterion": "satisfaction", "score": satisfaction}]
    given = {"idempotencyKey": f"{who} {year} {results}", "personId": person(who), "year": year, "scores": scores}
    parts = "workerAssessment { version year result scores { criterion score } }"
    return await do(org, "assessWorker", parts, input={**given, "on": f"{year}-12-20", **more})


async def test_the_grade_of_who_enters_follows_from_service_and_degree(org: Org) -> None:
    # College counts three years: 4 + 3 years are three steps of two.
    entered = await grade(org, "leader", "other", yearsOfService=4)
    assert (entered["grade"], entered["reason"], entered["steppedOn"]) == (4, "ENTERED", "2024-01-01")
    assert (entered["post"]["code"], entered["region"]["code"]) == ("other", city.COMMUNITY)
    changed = await grade(org, "leader", "deputy", validFrom="2024-06-01")
    assert (changed["grade"], changed["reason"]) == (4, "CHANGED_POST")
    assert changed["steppedOn"] == "2024-01-01", "the grade is the same, so its clock runs on"
    chief = await grade(org, "leader", "chief", validFrom="2024-09-01")
    assert (chief["grade"], chief["steppedOn"]) == (7, "2024-09-01")
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'worker_grade' ORDER BY id")
    assert len(told) == 3 + 3, "three of the import, and three made here"
    found = await org.look("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type ~ 'worker_'")
    assert not [one for (one,) in found if 'grade":' in one or "result" in one], "events tell no numbers"


async def test_a_step_up_comes_only_by_the_rule(org: Org) -> None:
    id_ = str(city.id_of("worker_grade", "worker"))
    step = {"id": id_, "expectedVersion": 1, "on": "2026-01-05"}

    async def step_up(key: str, **more: Any) -> Any:
        return await do(org, "stepUpWorker", input={"idempotencyKey": key, **step, **more})

    assert await step_up("a") == ["STEP_NOT_DUE"]
    assert (await assess(org, "worker", 2025, 80, 20))["result"] == 50.0
    assert await step_up("b") == ["STEP_NOT_DUE"], "a year below sixty does not count"
    again = await assess(org, "worker", 2025, 81, 61)
    assert (again["version"], again["result"]) == (2, 71.0)
    due = (await org.data(STATS % ("community", city.COMMUNITY, "true")))["community"]
    assert (due["workerGradeStats"]["due"], due["workerGrades"]["totalCount"]) == (1, 1)
    stepped = await step_up("c")
    assert (stepped["grade"], stepped["reason"], stepped["steppedOn"]) == (6, "STEPPED_UP", "2026-01-05")
    assert (await step_up("c"))["id"] == stepped["id"]
    assert await step_up("d") == ["STALE_VERSION"]
    assert await step_up("e", expectedVersion=2) == ["ALREADY_ENDED"]
    history = await org.data(MINE % person("worker"), org.token(KEEPER, region=city.SUBDISTRICT))
    assert [one["grade"] for one in history["person"]["workerGrades"]] == [6, 5]
    left = await do(org, "endWorkerGrade", input={"id": stepped["id"], "expectedVersion": 1, "on": "2026-06-01"})
    assert (left["version"], left["validTo"]) == (2, "2026-06-01")
    assert (await assess(org, "worker", 2025, 99, 99)) == ["NOT_GRADED"]
    back = await grade(org, "worker", "other", validFrom="2026-06-01", yearsOfService=4)
    assert (back["grade"], back["reason"]) == (3, "ENTERED")


async def test_posts_and_grades_are_counted_at_every_level_and_on_any_day(org: Org) -> None:
    expected = {
        "workers": 2,
        "due": 0,
        "posts": [
            {"post": {"code": "chief"}, "workers": 1, "grades": [{"grade": 18, "workers": 1}]},
            {"post": {"code": "deputy"}, "workers": 1, "grades": [{"grade": 5, "workers": 1}]},
            {"post": {"code": "other"}, "workers": 0, "grades": []},
        ],
    }
    for level, code in (("district", city.COUNTY), ("subdistrict", city.SUBDISTRICT), ("community", city.COMMUNITY)):
        assert (await org.data(STATS % (level, code, "false")))[level]["workerGradeStats"] == expected
    assert (await org.data(STATS % ("grid", city.GRID, "false")))["grid"]["workerGradeStats"]["workers"] == 0
    both = (await org.data(STATS % ("city", "3703", "false")))["city"]
    assert both["workerGradeStats"]["workers"] == both["workerGrades"]["totalCount"] == 3
    before = f'{{ community(code: "{city.COMMUNITY}", asOf: "2022-06-30") {{ workerGradeStats {{ workers }} }} }}'
    assert (await org.data(before))["community"]["workerGradeStats"]["workers"] == 0


async def test_grades_are_for_who_keeps_them_and_for_the_worker(city_org: Org) -> None:
    document = STATS % ("community", city.COMMUNITY, "false")
    for role in ("resident", "grid_worker", "building_leader"):
        answer = await city_org.ask(document, city_org.token(role, region=city.COMMUNITY))
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    mine = MINE % person("worker")
    other = await city_org.data(mine, city_org.token("grid_worker", region=city.COMMUNITY))
    assert other["person"]["workerGrades"] is None
    own = await city_org.data(mine, city_org.token("grid_worker", region=city.COMMUNITY, subject=person("worker")))
    assert own["person"]["workerGrades"] == [{"grade": 5, "post": {"name": "deputy"}, "nextStep": {"isDue": False}}]
    scheme = "{ gradeScheme { postCount gradeCount credits { education years } criteria { code weight } } }"
    assert (await city_org.data(scheme, city_org.token("resident", region=city.COMMUNITY)))["gradeScheme"] == {
        "postCount": 3,
        "gradeCount": 18,
        "credits": [{"education": "COLLEGE", "years": 3}],
        "criteria": [{"code": "three_no", "weight": 1}, {"code": "satisfaction", "weight": 1}],
    }


async def test_two_who_grade_one_worker_at_once_grade_them_once(org: Org) -> None:
    both = await asyncio.gather(*(grade(org, "spare", "other", idempotencyKey=key) for key in "ab"))
    assert sorted(isinstance(one, list) for one in both) == [False, True]
    assert ["NOTHING_CHANGES"] in both
    assert await org.look("SELECT count(*) FROM worker_grade WHERE post = 'other'") == [(1,)]


async def test_what_the_rules_of_grades_refuse_changes_nothing(org: Org) -> None:
    before = await org.contents()
    assert await grade(org, "spare", "mayor") == ["UNKNOWN_WORKER_POST"]
    assert await grade(org, "spare", "other", yearsOfService=61) == ["INVALID_COUNT"]
    assert await grade(org, "spare", "other", idempotencyKey="g", regionCode=city.GRID) == ["NOT_A_COMMUNITY"]
    assert await grade(org, "spare", "other", idempotencyKey="h", validFrom="2199-01-01") == ["DATE_IN_FUTURE"]
    assert await grade(org, "spare", "other", idempotencyKey="i", personId=person("nobody")) == ["UNKNOWN_PERSON"]
    assert await grade(org, "worker", "deputy") == ["NOTHING_CHANGES"]
    assert await grade(org, "worker", "other", validFrom="2022-06-01") == ["DATE_TOO_EARLY"]
    assert await assess(org, "spare", 2024, 90, 90) == ["NOT_GRADED"]
    assert await assess(org, "worker", 2024, 101, 90) == ["INVALID_COUNT"]
    wrong = [{"criterion": "three_no", "score": 90}]
    assert await assess(org, "worker", 2024, 90, 91, scores=wrong) == ["WRONG_CAPACITIES"]
    assert await assess(org, "worker", 2199, 90, 90, on="2025-01-01") == ["INVALID_FUND_YEAR"]
    end = {"id": str(city.id_of("worker_grade", "worker")), "expectedVersion": 1, "on": "2022-01-01"}
    assert await do(org, "endWorkerGrade", input=end) == ["DATE_TOO_EARLY"]
    assert await org.contents() == before


async def test_a_community_with_workers_who_have_grades_is_not_closed(org: Org) -> None:
    await grade(org, "spare", "other", regionCode=city.SECOND_COMMUNITY)
    await org.look("UPDATE distinction SET valid_to = '2025-01-01'")
    document = "mutation($input: CloseRegionInput!) { closeRegion(input: $input) { problems { code message } } }"
    given = {"regionId": str(city.id_of("region", city.SECOND_COMMUNITY)), "expectedVersion": 1}
    answer = await org.data(document, input={**given, "effectiveOn": "2025-01-01"})
    (problem,) = answer["closeRegion"]["problems"]
    assert problem["code"] == "NOT_EMPTY"
    assert "1 worker grades" in problem["message"]


async def test_posts_of_a_recruitment_are_placed_and_their_share_at_the_grass_roots_follows(org: Org) -> None:
    counted = {"posts": 9, "grassroots": 6, "grassrootsPercent": 66.67}
    assert (await org.data(PLACED % ("district", city.COUNTY)))["district"]["recruitmentStats"] == counted
    below = (await org.data(PLACED % ("subdistrict", city.SUBDISTRICT)))["subdistrict"]["recruitmentStats"]
    assert below == {"posts": 6, "grassroots": 6, "grassrootsPercent": 100.0}
    none = (await org.data(PLACED % ("grid", city.GRID)))["grid"]["recruitmentStats"]
    assert none == {"posts": 0, "grassroots": 0, "grassrootsPercent": None}
    document = """mutation($input: RecordRecruitmentInput!) { recordRecruitment(input: $input) {
        region { recruitmentStats(year: 2022) { posts } } problems { code } } }"""
    given = {"idempotencyKey": "a", "regionCode": city.SUBDISTRICT, "source": "exam", "year": 2022, "posts": 8}
    token = org.token(KEEPER, region=city.SUBDISTRICT)
    answer = (await org.data(document, token, input=given))["recordRecruitment"]
    assert answer["region"]["recruitmentStats"] == {"posts": 8}, "it takes the place of the six"
    for wrong, code in (({"posts": 0}, "INVALID_COUNT"), ({"source": "club"}, "UNKNOWN_KIND")):
        answer = await org.data(document, token, input={**given, "idempotencyKey": code, **wrong})
        assert [one["code"] for one in answer["recordRecruitment"]["problems"]] == [code]
    resident = await org.ask(PLACED % ("district", city.COUNTY), org.token("resident", region=city.COUNTY))
    assert resident["errors"][0]["extensions"]["code"] == "FORBIDDEN"


OWN = "{ myWorkerGrades { grade post { code } assessments { year result } nextStep { passed } } }"


async def test_workers_read_their_own_grade_and_assessments_from_wherever_they_are(org: Org) -> None:
    await assess(org, "worker", 2024, 90, 80)
    mine = MINE % person("worker")
    # The grid lies below the community in which grade and assessment are kept.
    token = org.token("grid_worker", region=city.GRID, subject=person("worker"))
    assert not (await org.data(mine, token))["person"]["workerGrades"], "by the id it is not found from there"
    (own,) = (await org.data(OWN, token))["myWorkerGrades"]
    assert own["post"] == {"code": "deputy"}
    assert [(one["year"], one["result"]) for one in own["assessments"]][-1] == (2024, 85.0)
    for other in (person("secretary"), "keeper", str(city.id_of("nobody"))):
        found = (await org.data(OWN, org.token("grid_worker", region=city.GRID, subject=other)))["myWorkerGrades"]
        assert [one["post"]["code"] for one in found] == (["chief"] if other == person("secretary") else [])
