"""A small city for the tests: two counties, so that one can be foreign to the other."""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.org.domain.periods import today
from tests.org import city_places

COUNTY, FOREIGN = "370321", "370322"
SUBDISTRICT = "370321002"
COMMUNITY, SECOND_COMMUNITY = "370321002001", "370321002002"
GRID, SECOND_GRID = COMMUNITY + "001", COMMUNITY + "002"
BUILDING, SECOND_BUILDING = GRID + "001", GRID + "002"
UNIT = BUILDING + "01"
FOREIGN_COMMUNITY = "370322001001"
FOREIGN_GRID = FOREIGN_COMMUNITY + "001"
SINCE = "2022-03-01"

NAMES = {
    "3703": "淄博市",
    COUNTY: "桓台县",
    FOREIGN: "高青县",
    SUBDISTRICT: "少海街道",
    "370322001": "田镇街道",
    COMMUNITY: "湖畔社区",
    SECOND_COMMUNITY: "锦秋社区",
    FOREIGN_COMMUNITY: "青苑社区",
    GRID: "第一网格",
    SECOND_GRID: "第二网格",
    FOREIGN_GRID: "第一网格",
    BUILDING: "1号楼",
    SECOND_BUILDING: "2号楼",
    UNIT: "1单元",
}


def id_of(*key: object) -> UUID:
    """The id of a thing of the city, the same in every test."""
    return uuid5(NAMESPACE_URL, "/".join(map(str, key)))


PAIRING = str(id_of("pairing", "unit"))
ALLIANCE = str(id_of("organisation", "alliance"))
ALLIED = str(id_of("alliance_member", "shop"))
ASSIGNMENT = str(id_of("check_in_assignment", "cadre"))
MEALS = str(id_of("list_item", "meals"))


KINDS = [
    ("organisation", "community_party_committee", "社区党委"),
    ("organisation", "grid_party_branch", "网格党支部"),
    ("organisation", "micro_alliance", "党建微联盟"),
    ("organisation", "two_new", "两新组织"),
    ("team", "volunteer", "志愿服务队"),
    ("team", "patrol", "巡逻队"),
    ("station", "deliberation_hall", "红色议事厅"),
    ("station", "courtyard_council", "红色庭院议事会"),
    ("distinction", "model_community", "样板社区"),
    ("distinction", "exemplar", "示范社区"),
    ("pairing", "partner_unit", "共建单位"),
    ("contact", "cadre", "党员干部联户"),
    ("contact", "police", "干警包片"),
    ("contribution", "money", "资金（元）"),
    ("contribution", "service", "服务（人次）"),
    ("check_in", "courier", "快递员"),
    ("service_post", "patrol", "治安巡逻岗"),
    ("service_post", "help", "结对帮扶岗"),
    ("fund", "county_budget", "县财政预算"),
    ("resource", "market", "市场资源"),
    ("allocation", "service_fund", "服务经费"),
    ("reserve", "cadre", "机关干部"),
    ("special_need", "elder", "孤寡老人"),
    ("reserve", "volunteer", "志愿者"),
    ("activity", "round", "网格巡诊"),
    ("expertise", "planning", "规划"),
    ("activity", "exchange", "同类型社区交流"),
    ("recruitment", "exam", "省考"),
    ("talent", "reserve", "后备人才"),
    ("talent", "lead", "头雁书记"),
    ("window", "civil", "民政"),
    ("window", "social", "社保"),
]


def flags(category: str, code: str) -> dict[str, bool]:
    """What a kind of the small city is marked as."""
    return {
        "volunteers": code == "volunteer",
        "party_members": (category, code) == ("contact", "cadre"),
        "same_type": code == "exchange",
        "alliance": code == "micro_alliance",
        "party": code in {"community_party_committee", "grid_party_branch"},
    }


def words() -> list[dict[str, Any]]:
    """The practice's words."""
    types = [("old_estate", "老新村型", "亲缘重塑"), ("commercial_housing", "普通商品房型", "融合焕新")]
    titles: list[dict[str, Any]] = [
        {"code": "community_secretary", "level": "COMMUNITY", "party_member": True, "fewest": 1, "most": 1},
        {"code": "grid_branch_secretary", "level": "GRID", "party_member": True, "most": 1},
        {"code": "grid_leader", "level": "GRID", "fewest": 1, "most": 1, "team_role": "GRID_LEADER"},
        {"code": "grid_worker", "level": "GRID", "fewest": 1, "most": 1, "team_role": "GRID_WORKER"},
        {"code": "building_leader", "level": "BUILDING", "fewest": 1, "most": 2, "team_role": "BUILDING_LEADER"},
        {"code": "unit_leader", "level": "UNIT", "fewest": 1, "most": 2, "team_role": "UNIT_LEADER"},
        {"code": "adviser"},
        *(
            {"code": code, "level": "GRID", "party_member": True, "organisation_kind": "grid_party_branch"}
            for code in ("branch_member", "branch_secretary", "branch_deputy")
        ),
    ]
    groups = [("command_office", "办公室"), ("patrol_group", "巡查组"), ("supplies_group", "物资组")]
    return [
        *(
            {
                "record": "kind",
                "category": c,
                "code": k,
                "name_zh": zh,
                "name_en": k,
                **flags(c, k),
            }
            for c, k, zh in KINDS
        ),
        *(
            {
                "record": "community_type",
                "code": code,
                "name_zh": zh,
                "name_en": code,
                "method_zh": method,
                "method_en": code,
                "features": "楼栋较旧",
                "difficulties": "停车难",
                "position": number,
            }
            for number, (code, zh, method) in enumerate(types, 1)
        ),
        *type_words(),
        *grade_words(),
        guide("title", "grid_worker"),
        guide("team", "patrol"),
        *({"record": "duty_title", "name_zh": f"职务{t['code']}", "name_en": t["code"], **t} for t in titles),
        *(
            {
                "record": "muster_group",
                "code": code,
                "name_zh": zh,
                "name_en": code,
                "position": number,
                "is_office": number == 1,
            }
            for number, (code, zh) in enumerate(groups, 1)
        ),
    ]


def type_words() -> list[dict[str, Any]]:
    """By what organisations are assessed, and what communities of a type are given."""
    words = [
        {"record": "capacity", "code": "leadership", "name_zh": "引领力", "position": 1, "weight": 2},
        {"record": "capacity", "code": "reach", "name_zh": "覆盖力", "position": 2},
        {"record": "assessment_level", "code": "good", "name_zh": "良好", "least": 8000},
        {"record": "assessment_level", "code": "fair", "name_zh": "一般", "least": 6000},
    ]
    rule = {"record": "allocation_rule", "kind": "service_fund", "type": "old_estate"}
    vote = {"record": "recommendation_rule", "turnout_percent": 60, "agree_percent": 50, "days": 60}
    needs = {"record": "reserve_rule", "source": "cadre", "households": 5, "residents": 0, "members": 1000}
    return [
        *({"name_en": one["code"], **one} for one in words),
        needs,
        *partner_words(),
        *({**vote, "title": title} for title in ("building_leader", "grid_worker")),
        *({"record": "filing_rule", "title": title, "days": 90} for title in ("branch_secretary", "branch_deputy")),
        {**rule, "each": 1000, "per_thousand": 500},
    ]


def grade_words() -> list[dict[str, Any]]:
    """Posts and grades of workers; a step takes two years."""
    ranges = [("chief", 7, 18), ("deputy", 4, 15), ("other", 1, 12)]
    posts = [
        {"record": "worker_post", "code": code, "name_zh": code, "lowest": low, "highest": high, "position": number}
        for number, (code, low, high) in enumerate(ranges, 1)
    ]
    criteria = [
        {"record": "worker_criterion", "code": code, "name_zh": code, "position": number}
        for number, code in enumerate(("three_no", "satisfaction"), 1)
    ]
    credit = {"record": "grade_credit", "education": "COLLEGE", "years": 3}
    named = [{"name_en": one["code"], **one} for one in [*posts, *criteria]]
    return [credit, *({**one, **({"years": 2} if "lowest" in one else {})} for one in named)]


def partner_words() -> list[dict[str, Any]]:
    """What partner units' contributions count for, and how many problems they help to settle."""
    return [
        {"record": "contribution_rule", "kind": "money", "per": 1000, "points": 2, "most": 10},
        {"record": "contribution_rule", "kind": "service", "per": 10, "points": 1, "most": 5},
        {"record": "pairing_rule", "kind": "partner_unit", "fewest": 1, "most": 2},
    ]


def guide(of: str, code: str, **more: Any) -> dict[str, Any]:
    """What a grid worker, or a team, is there for."""
    named = {"name_zh": f"{code}职责", "name_en": code, "items": ["走访", "上报"]}
    return {"record": "duty_guide", "of": of, "code": code, "version": 1, "since": "2023-01-01", **named, **more}


def standard() -> dict[str, Any]:
    """How many live in a grid that has one worker."""
    return {
        "record": "staffing_standard",
        "title": "grid_worker",
        "fewest_households": 300,
        "most_households": 500,
        "fewest_residents": 1000,
        "most_residents": 2000,
    }


def regions() -> list[dict[str, Any]]:
    """The regions, the lowest first: the order of the file does not matter."""
    return [
        {"record": "region", "id": str(id_of("region", code)), "code": code, "name": name, "valid_from": SINCE}
        for code, name in reversed(NAMES.items())
    ]


def person(key: str, name: str, code: str, **more: Any) -> dict[str, Any]:
    return {"record": "person", "id": str(id_of("person", key)), "name": name, "region_code": code, **more}


def duty(key: str, holder: str, title: str, code: str, **more: Any) -> dict[str, Any]:
    base = {"record": "duty", "id": str(id_of("duty", key)), "person": str(id_of("person", holder)), "title": title}
    return {**base, "region_code": code, "valid_from": "2022-07-01", **more}


def people_and_duties() -> list[dict[str, Any]]:
    """Who holds what; the second grid and building are left with vacancies."""
    return [
        person("secretary", "张小明", COMMUNITY, party_status="OTHER", phone="13800010000"),
        person("leader", "欧阳丽", COMMUNITY, birth_year=1984, education="COLLEGE"),
        person("worker", "王红", COMMUNITY, birth_year=1993, education="SECONDARY", resident_id="11010519491231002X"),
        person("cadre", "李军", "370321", party_status="IN_SERVICE"),
        person("distant", "吴方", FOREIGN, party_status="IN_SERVICE"),
        person("elder", "赵明", GRID, party_status="OTHER"),
        person("spare", "钱多", COMMUNITY),
        person("former", "周远", "370321", phone="13800030000", birth_year=1960, education="COLLEGE"),
        person("member", "郑直", GRID, party_status="OTHER"),
        person("second member", "冯勤", GRID, party_status="OTHER"),
        person("foreigner", "孙远", FOREIGN_GRID, party_status="OTHER", phone="13900020000"),
        duty(
            "secretary",
            "secretary",
            "community_secretary",
            COMMUNITY,
            organisation=str(id_of("organisation", "committee")),
        ),
        duty("leader", "leader", "grid_leader", GRID),
        duty("old worker", "spare", "grid_worker", GRID, valid_from="2022-03-10", valid_to="2023-01-01"),
        duty("worker", "worker", "grid_worker", GRID, valid_from="2023-01-01"),
        duty(
            "branch secretary",
            "elder",
            "grid_branch_secretary",
            GRID,
            organisation=str(id_of("organisation", "branch")),
        ),
        duty("cadre", "cadre", "building_leader", BUILDING, paired_with=str(id_of("duty", "elder"))),
        duty("elder", "elder", "building_leader", BUILDING),
        *(
            duty(f"member {who}", who, "branch_member", GRID, organisation=str(id_of("organisation", "branch")))
            for who in ("member", "second member", "secretary")
        ),
        duty("foreigner", "foreigner", "grid_worker", FOREIGN_GRID),
    ]


def organisation(key: str, kind: str, code: str, **more: Any) -> dict[str, Any]:
    base = {"record": "organisation", "id": str(id_of("organisation", key)), "kind": kind, "name": f"中共{NAMES[code]}"}
    return {**base, "region_code": code, "established_on": "2022-03-02", **more}


def groups() -> list[dict[str, Any]]:
    """Organisations, teams, stations and musters."""

    def thing(record: str, key: str, kind: str, code: str, since: str, **more: Any) -> dict[str, Any]:
        base = {"record": record, "id": str(id_of(record, key)), "kind": kind, "name": f"{NAMES[code]}{key}"}
        return {**base, "region_code": code, since: "2022-07-01", **more}

    def member(team: str, who: str, **more: Any) -> dict[str, Any]:
        base = {"record": "team_member", "team": str(id_of("team", team)), "person": str(id_of("person", who))}
        return {**base, "valid_from": "2022-07-01", **more}

    def muster(who: str, group: str, code: str) -> dict[str, Any]:
        base = {"record": "muster", "id": str(id_of("muster", who)), "person": str(id_of("person", who))}
        return {**base, "group": group, "region_code": code, "valid_from": "2024-01-01", "post": "队员"}

    return [
        organisation("branch", "grid_party_branch", GRID, parent=str(id_of("organisation", "committee"))),
        organisation("committee", "community_party_committee", COMMUNITY, credit_code="12420281MA1000000R"),
        organisation("spare", "grid_party_branch", SECOND_GRID),
        organisation("lone", "grid_party_branch", SECOND_GRID),
        organisation("foreign", "community_party_committee", FOREIGN_COMMUNITY),
        organisation("alliance", "micro_alliance", SUBDISTRICT),
        organisation("shop", "two_new", COMMUNITY),
        thing("team", "volunteers", "volunteer", GRID, "formed_on"),
        thing("team", "patrol", "patrol", GRID, "formed_on"),
        thing("team", "foreign", "volunteer", FOREIGN_GRID, "formed_on"),
        member("volunteers", "spare"),
        member("volunteers", "elder", leads=True),
        member("volunteers", "leader", valid_to="2023-01-01"),
        member("patrol", "worker"),
        member("foreign", "foreigner"),
        thing("station", "hall", "deliberation_hall", COMMUNITY, "opened_on", functions=["议事协商", "征求意见"]),
        thing("station", "foreign", "deliberation_hall", FOREIGN_COMMUNITY, "opened_on"),
        muster("leader", "command_office", COMMUNITY),
        muster("worker", "patrol_group", COMMUNITY),
        muster("foreigner", "patrol_group", FOREIGN_COMMUNITY),
        *registers(),
    ]


def registers() -> list[dict[str, Any]]:
    """A classified community, a model, a partner unit, and a member who checked in."""

    def row(record: str, key: str, code: str, **more: Any) -> dict[str, Any]:
        base = {"record": record, "id": str(id_of(record, key)), "region_code": code, "valid_from": "2023-01-01"}
        return {**base, **more}

    return [
        row("community_profile", "first", COMMUNITY, type="old_estate"),
        row("community_profile", "foreign", FOREIGN_COMMUNITY, type="old_estate"),
        row("census", "first", GRID, households=420, residents=2100),
        row("census", "foreign", FOREIGN_GRID, households=900, residents=1800),
        row("distinction", "model", COMMUNITY, kind="model_community", reason="共治"),
        row("pairing", "unit", COMMUNITY, kind="partner_unit", organisation=str(id_of("organisation", "committee"))),
        {
            "record": "fund",
            "id": str(id_of("fund", "branch")),
            "organisation": str(id_of("organisation", "branch")),
            "region_code": GRID,
            "year": 2025,
            "source": "county_budget",
            "on": "2025-03-01",
            "purpose": "支部工作经费",
            "budget_fen": 1000000,
            "disbursed_fen": 400000,
        },
        *(assessed(key, code, scores) for key, code, scores in ASSESSED),
        allocated(COMMUNITY),
        allocated(FOREIGN_COMMUNITY, amount=9000, reason="新建社区"),
        row("list_item", "need", COMMUNITY, list="NEED", title="用餐难", leads_to=[str(id_of("list_item", "canteen"))]),
        row("list_item", "canteen", COMMUNITY, list="RESOURCE", title="食堂", kind="market", leads_to=[MEALS]),
        row("list_item", "meals", COMMUNITY, list="SERVICE", title="助餐"),
        row(
            "list_item", "foreign", FOREIGN_COMMUNITY, list="TASK", title="巡查", result="完成", settled_on="2024-01-01"
        ),
        *(
            row("reservist", who, code, person=str(id_of("person", who)), source="cadre")
            for who, code in (("secretary", COMMUNITY), ("worker", COMMUNITY), ("foreigner", FOREIGN_COMMUNITY))
        ),
        special_need(COMMUNITY),
        *careers(),
        called_up(COMMUNITY, "secretary", "leader"),
        *ties(),
        *city_places.held_and_offered(),
        {"record": "alliance_member", "id": ALLIED, "alliance": str(id_of("organisation", "alliance"))}
        | {"organisation": str(id_of("organisation", "shop")), "valid_from": "2023-01-01"},
        row("check_in", "cadre", GRID, person=str(id_of("person", "cadre"))),
        row("check_in", "foreign", FOREIGN_GRID, person=str(id_of("person", "distant"))),
        {"record": "check_in_assignment", "id": ASSIGNMENT, "check_in": str(id_of("check_in", "cadre"))}
        | {"organisation": str(id_of("organisation", "branch")), "post": "patrol", "valid_from": "2023-02-01"},
    ]


def ties() -> list[dict[str, Any]]:
    """Who looks after a building and a household, and a visit."""
    whose = {"kind": "cadre", "valid_from": "2023-01-01"}

    def contact(key: str, who: str, code: str, **more: Any) -> dict[str, Any]:
        ids = {"id": str(id_of("contact", key)), "person": str(id_of("person", who))}
        return {"record": "contact", **whose, **ids, "region_code": code, **more}

    visit = {"record": "visit", "id": str(id_of("visit")), "contact": str(id_of("contact", "building"))}
    return [
        contact("building", "cadre", BUILDING),
        contact("household", "elder", UNIT, household="1单元302室"),
        contact("foreign", "distant", FOREIGN_GRID),
        recommendation("opened", "building_leader", BUILDING, nominees=[{"person": str(id_of("person", "leader"))}]),
        recommendation("spare", "grid_worker", GRID),
        filing("submitted", "branch_secretary", "member"),
        filing("spare", "branch_deputy", "second member"),
        {"record": "contribution", "id": str(id_of("contribution")), "pairing": PAIRING, "kind": "money"}
        | {"amount": 2500, "on": "2023-05-01", "note": "路灯"},
        {"record": "joint_problem", "id": str(id_of("joint_problem")), "pairing": PAIRING}
        | {"list_item": str(id_of("list_item", "need")), "taken_on": "2023-03-01"},
        {**visit, "on": "2023-06-01", "household": "501", "finding": "楼道灯坏"},
    ]


def recommendation(key: str, title: str, code: str, **more: Any) -> dict[str, Any]:
    """People to be recommended by the grid's branch, since today."""
    ids = {"id": str(id_of("recommendation", key)), "organisation": str(id_of("organisation", "branch"))}
    return {"record": "recommendation", **ids, "title": title, "region_code": code, "opened_on": str(today()), **more}


def filing(key: str, title: str, who: str, **more: Any) -> dict[str, Any]:
    """Somebody whom the subdistrict nominates for a post in the grid's branch."""
    ids = {"id": str(id_of("duty_filing", key)), "organisation": str(id_of("organisation", "branch"))}
    what = {"title": title, "region_code": GRID, "person": str(id_of("person", who)), "grounds": "熟悉小区情况"}
    return {"record": "duty_filing", **ids, **what, "submitted_on": "2026-01-05", **more}


ASSESSED = [
    ("committee", COMMUNITY, {"leadership": 70, "reach": 71}),
    ("foreign", FOREIGN_COMMUNITY, {"leadership": 9, "reach": 9}),
]


def assessed(key: str, code: str, scores: dict[str, int]) -> dict[str, Any]:
    """How an organisation did in 2023."""
    whose = {"id": str(id_of("assessment", key)), "organisation": str(id_of("organisation", key)), "region_code": code}
    return {"record": "assessment", **whose, "year": 2023, "scores": scores, "assessed_on": "2023-12-20"}


def allocated(code: str, **more: Any) -> dict[str, Any]:
    """What a community got in 2023."""
    rule = {"type": "old_estate", "each": 1000, "per_thousand": 500, "households": 420}
    of = {"id": str(id_of("allocation", code)), "kind": "service_fund", "region_code": code, "year": 2023}
    return {"record": "allocation", **of, **rule, "allocated_on": "2023-01-05", **more}


def called_up(code: str, *people: str) -> dict[str, Any]:
    """A drill that is not over."""
    those = [{"person": str(id_of("person", who)), "source": "cadre"} for who in people]
    when = {"called_at": "2026-01-05T08:00:00+08:00", "is_drill": True}
    return {
        "record": "call_up",
        "id": str(id_of("call_up")),
        "region_code": code,
        "purpose": "演练",
        "people": those,
        **when,
    }


def careers() -> list[dict[str, Any]]:
    """Grades of workers, training, the talent pool, and posts that recruitment brought."""
    return [
        graded("worker", COMMUNITY),
        graded("secretary", COMMUNITY, post="chief", grade=18),
        graded("foreigner", FOREIGN_COMMUNITY),
        {
            "record": "worker_assessment",
            "id": str(id_of("worker_assessment", "worker")),
            "person": str(id_of("person", "worker")),
            "region_code": COMMUNITY,
            "year": 2023,
            "scores": {"three_no": 70, "satisfaction": 80},
            "assessed_on": "2023-12-20",
        },
        *(trained(code, who) for code, who in ((COUNTY, "worker"), (FOREIGN, "foreigner"))),
        *(
            sessions(code, who, grid)
            for code, who, grid in ((COUNTY, "worker", GRID), (FOREIGN, "foreigner", FOREIGN_GRID))
        ),
        talent("leader", COMMUNITY, mentor=str(id_of("person", "secretary"))),
        talent("elder", COMMUNITY),
        talent("foreigner", FOREIGN_COMMUNITY),
        qualified("worker", COMMUNITY),
        qualified("foreigner", FOREIGN_COMMUNITY),
        recruited(COUNTY, 3),
        recruited(SUBDISTRICT, 6),
    ]


def graded(who: str, code: str, **more: Any) -> dict[str, Any]:
    """Somebody's post and grade since the middle of 2022."""
    of = {"id": str(id_of("worker_grade", who)), "person": str(id_of("person", who)), "region_code": code}
    return {"record": "worker_grade", **of, "post": "deputy", "grade": 5, "valid_from": "2022-07-01", **more}


def trained(code: str, who: str) -> dict[str, Any]:
    """A programme for grid workers and leaders, open-ended."""
    of = {"record": "training", "id": str(id_of("training", code)), "region_code": code, "name": f"网格员轮训{who}"}
    return {**of, "titles": ["grid_worker", "grid_leader"], "valid_from": "2024-01-01"}


def sessions(code: str, who: str, grid: str) -> dict[str, Any]:
    """A session that one person attended."""
    of = {"id": str(id_of("training_session", code)), "training": str(id_of("training", code)), "region_code": code}
    there = [{"person": str(id_of("person", who)), "title": "grid_worker", "region_code": grid}]
    what = {"on": "2024-03-01", "subject": "走访实务", "lessons": 8}
    return {"record": "training_session", **of, **what, "attendees": there}


def talent(who: str, code: str, **more: Any) -> dict[str, Any]:
    """Somebody in the pool."""
    of = {"id": str(id_of("talent", who)), "person": str(id_of("person", who)), "region_code": code}
    return {"record": "talent", **of, "stage": "reserve", "valid_from": "2024-01-01", **more}


def qualified(who: str, code: str, **more: Any) -> dict[str, Any]:
    """Somebody who can do the work of a window."""
    of = {"id": str(id_of("qualification", who)), "person": str(id_of("person", who)), "region_code": code}
    return {"record": "qualification", **of, "kind": "civil", "valid_from": "2024-01-01", **more}


def recruited(code: str, posts: int) -> dict[str, Any]:
    """Posts of the year 2022."""
    of = {"id": str(id_of("recruitment", code)), "region_code": code}
    return {"record": "recruitment", **of, "source": "exam", "year": 2022, "posts": posts}


def special_need(code: str) -> dict[str, Any]:
    """Somebody who needs particular help."""
    who = {"kind": "elder", "name": "周奶奶", "resident_id": "11010519491231002X", "situation": "独居，需要送餐"}
    why = {"purpose": "上门照料", "legal_basis": "CONSENT", "consented_on": "2025-01-01"}
    when = {"valid_from": "2025-01-01", "kept_until": "2027-12-31"}
    return {"record": "special_need", "id": str(id_of("special_need")), "region_code": code, **who, **why, **when}


def records() -> list[dict[str, Any]]:
    """The whole city, in no helpful order."""
    return [*groups(), *people_and_duties(), *regions(), standard(), *words()]


UNTOLD = {
    "kind",
    "duty_title",
    "muster_group",
    "community_type",
    "staffing_standard",
    "capacity",
    "assessment_level",
    "allocation_rule",
    "reserve_rule",
    "worker_post",
    "grade_credit",
    "worker_criterion",
    "duty_guide",
    "recommendation_rule",
    "filing_rule",
    "contribution_rule",
    "pairing_rule",
    "team_member",
}
"""Records that no event tells of; who a team begins with is told by the team's."""


def events_of(record: dict[str, Any]) -> int:
    """How many events an imported record becomes."""
    if record["record"] in UNTOLD:
        return 0
    links: list[str] = record.get("leads_to", [])
    is_fund = bool(record["record"] == "fund")
    dated = sum(step in record for step in ("settled_on", "trained_on", "reviewed_on"))
    return 1 + len(record.get("nominees", [])) + len(links) + is_fund + dated


def place_of(record: dict[str, Any]) -> str:
    """The code of the region that a record is told in."""
    if record["record"] == "alliance_member":
        record = next(one for one in records() if one.get("id") == record["alliance"])
    under = record.get("contact") or record.get("pairing") or record.get("check_in")
    if under is not None and "region_code" not in record:
        (record,) = (one for one in records() if one.get("id") == under)
    return str(record.get("region_code") or record["code"])


def lines(those: list[dict[str, Any]] | None = None) -> str:
    """The import file."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in (records() if those is None else those)) + "\n"
