"""What every mutation of org is asked in the small city, for tests that try them all."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from tests.org import city


def id_(*key: object) -> str:
    return str(city.id_of(*key))


CHECK_IN, OPENED = id_("check_in", "cadre"), id_("recommendation", "opened")
SPARE, BRANCH = id_("recommendation", "spare"), id_("organisation", "branch")
FIRST, END = {"expectedVersion": 1}, {"expectedVersion": 1, "on": "2025-01-01"}
KEY = {"idempotencyKey": "key"}
MOVED = city.SECOND_COMMUNITY + "007"
CHANGED = {"expectedVersion": 1, "effectiveOn": "2024-01-01"}
PLAN = {"kind": "round", "title": "巡诊", "regionCode": city.GRID, "on": "2027-06-01"}
SINCE = {"validFrom": "2024-01-01"}
METHOD, SESSION = id_("shared_method", "spare"), id_("training_session", city.COUNTY)
ITEM = {"regionCode": city.COMMUNITY, "ways": ["COMMUNITY"]}
MATTER = {"id": id_("authorised_matter", "inspection"), **END}
FUND = {"amountFen": 400000, "on": "2025-04-01", "purpose": "经费"}
MUTATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "establishRegion": ("region", {**KEY, "code": city.GRID[:12] + "008", "name": "新网格", "validFrom": "2024-01-01"}),
    "renameRegion": ("region", {**CHANGED, "regionId": id_("region", city.GRID), "name": "新名"}),
    "recodeRegion": ("region", {**CHANGED, "regionId": id_("region", city.GRID), "newCode": MOVED}),
    "closeRegion": ("region", {**CHANGED, "regionId": id_("region", city.SECOND_BUILDING), "intoCode": f"{MOVED}001"}),
    "foundOrganisation": (
        "organisation",
        {**KEY, "kind": "grid_party_branch", "name": "支部", "regionCode": city.GRID, "establishedOn": "2024-01-01"},
    ),
    "dissolveOrganisation": ("organisation", {"id": id_("organisation", "spare"), **END}),
    "renameOrganisation": ("organisation", {**CHANGED, "id": BRANCH, "name": "新支部"}),
    "moveOrganisation": ("organisation", {**CHANGED, "id": BRANCH, "parentId": None, "effectiveOn": "2024-02-01"}),
    "splitOrganisation": (
        "organisation",
        {
            **KEY,
            "id": id_("organisation", "branch"),
            "expectedVersion": 1,
            "on": "2024-03-01",
            "parts": [{"name": "第二支部", "regionCode": city.GRID}],
        },
    ),
    "mergeOrganisations": (
        "organisation",
        {**KEY, "ids": [id_("organisation", "lone")], "intoId": id_("organisation", "branch"), "on": "2024-04-01"},
    ),
    "setOrganisationCompounds": (
        "organisation",
        {**KEY, "organisationId": id_("organisation", "shop"), "compoundIds": [id_("compound", 0)]}
        | {"effectiveOn": "2024-01-01"},
    ),
    "redrawGrids": (
        "region",
        {
            **KEY,
            "within": city.COMMUNITY,
            "on": "2024-01-01",
            "establish": [{"code": city.COMMUNITY + "007", "name": "新网格"}],
        },
    ),
    "registerPerson": ("person", {**KEY, "name": "新人", "regionCode": city.GRID, "partyStatus": "NONE"}),
    "updatePerson": ("person", {"id": id_("person", "leader"), "expectedVersion": 1, "name": "改名"}),
    "revealPerson": ("person", {"id": id_("person", "leader"), "purpose": "联系"}),
    "exportPerson": ("record", {"id": id_("person", "leader"), "purpose": "本人申请"}),
    "erasePerson": ("person", {"id": id_("person", "former"), **FIRST}),
    "assignDuty": (
        "duty",
        {
            **KEY,
            "personId": id_("person", "spare"),
            "title": "grid_worker",
            "regionCode": city.SECOND_GRID,
            "validFrom": "2024-01-01",
        },
    ),
    "endDuty": ("duty", {"id": id_("duty", "leader"), **END}),
    "formTeam": (
        "team",
        {**KEY, "kind": "patrol", "name": "新队", "regionCode": city.GRID, "formedOn": "2024-01-01"},
    ),
    "addTeamMember": (
        "team",
        {**KEY, "teamId": id_("team", "patrol"), "personId": id_("person", "elder"), "validFrom": "2024-01-01"},
    ),
    "removeTeamMember": (
        "team",
        {"teamId": id_("team", "patrol"), "personId": id_("person", "worker"), "on": "2024-01-01"},
    ),
    "nameTeamLeader": ("team", {"teamId": id_("team", "volunteers"), "personId": id_("person", "spare"), **FIRST}),
    "disbandTeam": ("team", {"id": id_("team", "patrol"), **END}),
    "openStation": (
        "station",
        {**KEY, "kind": "courtyard_council", "name": "议事会", "regionCode": city.GRID, "openedOn": "2024-01-01"},
    ),
    "closeStation": ("station", {"id": id_("station", "hall"), **END}),
    "assignMuster": (
        "muster",
        {
            **KEY,
            "personId": id_("person", "spare"),
            "group": "supplies_group",
            "regionCode": city.COMMUNITY,
            "validFrom": "2024-01-01",
        },
    ),
    "budgetFund": (
        "fund",
        {
            **KEY,
            "organisationId": id_("organisation", "branch"),
            "year": 2026,
            "source": "county_budget",
            "amountFen": 500,
            "on": "2025-01-01",
            "purpose": "经费",
        },
    ),
    "disburseFund": ("fund", {**KEY, "fundId": id_("fund", "branch"), "expectedVersion": 2, **FUND}),
    "spendFund": ("fund", {**KEY, "fundId": id_("fund", "branch"), "expectedVersion": 3, **FUND}),
    "reverseFundEntry": (
        "fund",
        {**KEY, "entryId": str(uuid5(city.id_of("fund", "branch"), "DISBURSE")), "on": "2025-04-01", "purpose": "误记"},
    ),
    "classifyCommunity": (
        "community",
        {**KEY, "regionCode": city.COMMUNITY, "type": "commercial_housing", "validFrom": "2024-01-01"},
    ),
    "recordCensus": (
        "grid",
        {**KEY, "regionCode": city.SECOND_GRID, "households": 400, "residents": 1200, "validFrom": "2024-01-01"},
    ),
    "awardDistinction": (
        "distinction",
        {**KEY, "kind": "model_community", "regionCode": city.SECOND_COMMUNITY, "validFrom": "2024-01-01"},
    ),
    "endDistinction": ("distinction", {"id": id_("distinction", "model"), **END}),
    "pairPartner": (
        "pairing",
        {
            **KEY,
            "kind": "partner_unit",
            "organisationId": id_("organisation", "committee"),
            "regionCode": city.SECOND_COMMUNITY,
            "validFrom": "2024-01-01",
        },
    ),
    "hookCompounds": (
        "pairing",
        {"id": id_("pairing", "unit"), "expectedVersion": 1, "compoundIds": [id_("compound")]},
    ),
    "endPairing": ("pairing", {"id": id_("pairing", "unit"), **END}),
    "assessOrganisation": (
        "assessment",
        {
            **KEY,
            "organisationId": id_("organisation", "committee"),
            "year": 2024,
            "scores": [{"capacity": "leadership", "score": 90}, {"capacity": "reach", "score": 80}],
            "on": "2024-12-20",
        },
    ),
    "allocate": (
        "region",
        {**KEY, "regionCode": city.SUBDISTRICT, "kind": "service_fund", "year": 2024, "on": "2023-06-01"},
    ),
    "correctAllocation": (
        "allocation",
        {"id": id_("allocation", city.COMMUNITY), "expectedVersion": 1, "amount": 2000, "reason": "新增一处"},
    ),
    "enrolReservist": (
        "reservist",
        {
            **KEY,
            "personId": id_("person", "spare"),
            "source": "cadre",
            "regionCode": city.COMMUNITY,
            "validFrom": "2024-01-01",
        },
    ),
    "endReservist": ("reservist", {"id": id_("reservist", "worker"), **END}),
    "callUp": (
        "callUp",
        {**KEY, "regionCode": city.COMMUNITY, "people": 2, "purpose": "防汛演练", "isDrill": True},
    ),
    "postCalledUp": (
        "callUp",
        {"callUpId": id_("call_up"), "personId": id_("person", "leader"), "post": "堤坝"},
    ),
    "answerCallUp": ("callUp", {"callUpId": id_("call_up"), "personId": id_("person", "leader")}),
    "endCallUp": ("callUp", {"id": id_("call_up"), "expectedVersion": 1}),
    "planTraining": (
        "training",
        {
            **KEY,
            "regionCode": city.SUBDISTRICT,
            "name": "网格员培训",
            "titles": ["grid_worker"],
            "validFrom": "2024-01-01",
        },
    ),
    "holdTrainingSession": (
        "trainingSession",
        {
            **KEY,
            "trainingId": id_("training", city.COUNTY),
            "on": "2024-06-01",
            "subject": "走访",
            "lessons": 4,
            "personIds": [id_("person", "worker")],
        },
    ),
    "recordAttendance": (
        "trainingSession",
        {
            **KEY,
            "sessionId": SESSION,
            "expectedVersion": 1,
            "personIds": [id_("person", "leader")],
        },
    ),
    "takeBackAttendance": (
        "trainingSession",
        {"sessionId": SESSION, "expectedVersion": 2, "personIds": [id_("person", "leader")]},
    ),
    "endTraining": ("training", {"id": id_("training", city.COUNTY), **END}),
    "poolTalent": (
        "talent",
        {
            **KEY,
            "personId": id_("person", "spare"),
            "regionCode": city.COMMUNITY,
            "stage": "reserve",
            "validFrom": "2024-01-01",
        },
    ),
    "advanceTalent": (
        "talent",
        {**KEY, "id": id_("talent", "leader"), **END, "stage": "lead"},
    ),
    "endTalent": ("talent", {"id": id_("talent", "elder"), **END, "reason": "调离"}),
    "qualifyWorker": (
        "qualification",
        {
            **KEY,
            "personId": id_("person", "spare"),
            "regionCode": city.COMMUNITY,
            "kind": "civil",
            "validFrom": "2024-01-01",
        },
    ),
    "endQualification": ("qualification", {"id": id_("qualification", "worker"), **END}),
    "gradeWorker": (
        "workerGrade",
        {
            **KEY,
            "personId": id_("person", "spare"),
            "regionCode": city.COMMUNITY,
            "post": "other",
            "validFrom": "2024-01-01",
        },
    ),
    "assessWorker": (
        "workerAssessment",
        {
            **KEY,
            "personId": id_("person", "worker"),
            "year": 2024,
            "scores": [{"criterion": "three_no", "score": 90}, {"criterion": "satisfaction", "score": 80}],
            "on": "2024-06-01",
        },
    ),
    "stepUpWorker": (
        "workerGrade",
        {**KEY, "id": id_("worker_grade", "worker"), "expectedVersion": 1, "on": "2025-01-01"},
    ),
    "endWorkerGrade": ("workerGrade", {"id": id_("worker_grade", "secretary"), **END}),
    "recordRecruitment": (
        "region",
        {**KEY, "regionCode": city.SUBDISTRICT, "source": "exam", "year": 2024, "posts": 4},
    ),
    "registerSpecialNeed": (
        "specialNeed",
        {
            **KEY,
            "regionCode": city.COMMUNITY,
            "kind": "elder",
            "name": "新人",
            "residentId": "11010519491231002X",
            "situation": "需要送药",
            "purpose": "照料",
            "legalBasis": "LEGAL_DUTY",
            "validFrom": "2026-01-01",
            "keptUntil": "2027-01-01",
        },
    ),
    "lookAtSpecialNeeds": ("region", {"regionCode": city.COMMUNITY, "purpose": "走访"}),
    "exportSpecialNeeds": ("specialNeed", {"id": id_("special_need"), "purpose": "本人申请"}),
    "endSpecialNeed": ("specialNeed", {"id": id_("special_need"), **END, "on": "2026-01-01"}),
    "eraseSpecialNeed": ("specialNeed", {"id": id_("special_need"), "expectedVersion": 1}),
    "addListItem": (
        "listItem",
        {**KEY, "list": "TASK", "regionCode": city.COMMUNITY, "title": "巡查", "validFrom": "2024-01-01"},
    ),
    "linkListItems": ("listItem", {**KEY, "sourceId": id_("list_item", "need"), "targetId": city.MEALS}),
    "handleListItem": ("listItem", {"id": city.MEALS, "expectedVersion": 1, "ticketId": id_("ticket")}),
    "settleListItem": (
        "listItem",
        {"id": city.MEALS, "expectedVersion": 1, "result": "开餐", "on": "2024-06-01"},
    ),
    "endListItem": ("listItem", {"id": id_("list_item", "canteen"), **END, "expectedVersion": 2}),
    "joinAlliance": ("membership", {**KEY, **SINCE, "allianceId": city.ALLIANCE, "organisationId": BRANCH}),
    "leaveAlliance": ("membership", {"id": city.ALLIED, **END}),
    "endAssignment": ("checkIn", {"id": city.ASSIGNMENT, **END}),
    "assignCheckIn": ("checkIn", {**KEY, "checkInId": CHECK_IN, "post": "help", "validFrom": "2025-01-01"}),
    "endCheckIn": ("checkIn", {"id": CHECK_IN, **END}),
    "recordContribution": (
        "contribution",
        {**KEY, "pairingId": city.PAIRING, "kind": "service", "amount": 30, "on": "2024-01-01", "note": "新人义诊"},
    ),
    "cancelContribution": (
        "contribution",
        {"id": id_("contribution"), "expectedVersion": 1, "reason": "重复登记"},
    ),
    "takeUpProblem": (
        "jointProblem",
        {**KEY, "pairingId": city.PAIRING, "on": "2024-01-01", "ticketId": id_("ticket")},
    ),
    "settleProblem": (
        "jointProblem",
        {"id": id_("joint_problem"), "expectedVersion": 1, "result": "已解决", "on": "2024-01-01"},
    ),
    "openRecommendation": (
        "recommendation",
        {
            **KEY,
            "title": "building_leader",
            "regionCode": city.SECOND_BUILDING,
            "organisationId": id_("organisation", "branch"),
        },
    ),
    "nominate": ("recommendation", {**KEY, "recommendationId": OPENED, "personId": id_("person", "spare")}),
    "openBranchVote": (
        "recommendation",
        {"id": OPENED, "expectedVersion": 2, "closesAt": "2026-03-01T00:00:00Z"},
    ),
    "castBranchVote": (
        "recommendation",
        {**KEY, "recommendationId": OPENED, "personId": id_("person", "spare")},
    ),
    "countBranchVote": ("recommendation", {"id": OPENED, "expectedVersion": 2}),
    "withdrawRecommendation": ("recommendation", {"id": SPARE, "expectedVersion": 1, "reason": "名单有误"}),
    "reviewDutyFiling": (
        "filing",
        {"id": id_("duty_filing", "submitted"), "expectedVersion": 1, "verdict": "FILED"},
    ),
    "withdrawDutyFiling": (
        "filing",
        {"id": id_("duty_filing", "spare"), "expectedVersion": 1, "reason": "本人申请退出"},
    ),
    "submitDutyFiling": (
        "filing",
        {
            **KEY,
            "title": "branch_deputy",
            "regionCode": city.GRID,
            "organisationId": BRANCH,
            "personId": id_("person", "second member"),
            "grounds": "熟悉小区情况",
        },
    ),
    "assignContact": (
        "contact",
        {
            **KEY,
            "kind": "cadre",
            "personId": id_("person", "cadre"),
            "regionCode": city.SECOND_BUILDING,
            "household": "502室",
            "validFrom": "2024-01-01",
        },
    ),
    "endContact": ("contact", {"id": id_("contact", "household"), **END}),
    "logVisit": (
        "visit",
        {**KEY, "contactId": id_("contact", "building"), "on": "2024-01-01", "finding": "新人需要帮助"},
    ),
    "handleVisit": ("visit", {"id": id_("visit"), "expectedVersion": 1, "ticketId": id_("ticket")}),
    "checkIn": (
        "checkIn",
        {**KEY, "personId": id_("person", "cadre"), "regionCode": city.GRID, "validFrom": "2025-06-01"},
    ),
    "planActivity": ("activity", {**KEY, "plan": PLAN}),
    "recordActivity": ("activity", {**KEY, "plan": {**PLAN, "on": "2024-06-01"}, "participants": 3}),
    "holdActivity": ("activity", {"id": id_("activity", "elsewhere"), "expectedVersion": 1, "participants": 3}),
    "cancelActivity": ("activity", {"id": id_("activity", "planned"), "expectedVersion": 1, "reason": "下雨"}),
    "enrolExpert": (
        "expert",
        {**KEY, **SINCE, "personId": id_("person", "leader"), "field": "planning", "regionCode": city.COUNTY},
    ),
    "endExpert": ("expert", {"id": id_("expert", "spare"), **END}),
    "assignExpert": (
        "guidance",
        {**KEY, **SINCE, "expertId": id_("expert", "planner"), "regionCode": city.SECOND_COMMUNITY},
    ),
    "endGuidance": ("guidance", {"id": id_("guidance", "first"), **END}),
    "shareMethod": (
        "method",
        {
            **KEY,
            **SINCE,
            "title": "工作法",
            "type": "old_estate",
            "modelCode": city.SECOND_COMMUNITY,
            "regionCode": city.SUBDISTRICT,
        },
    ),
    "adoptMethod": (
        "adoption",
        {**KEY, "methodId": METHOD, "regionCode": city.COMMUNITY, "validFrom": "2023-06-01"},
    ),
    "endMethod": ("method", {"id": METHOD, **END}),
    "endAdoption": ("adoption", {"id": id_("adoption", "first"), **END}),
    "offerServiceItem": ("serviceItem", {**KEY, **ITEM, "title": "社保卡", "validFrom": "2024-01-01"}),
    "changeServiceItem": ("serviceItem", {"id": id_("service_item", "card"), "expectedVersion": 1, "ways": ["ONLINE"]}),
    "withdrawServiceItem": ("serviceItem", {"id": id_("service_item", "online"), **END}),
    "handDownMatter": (
        "matter",
        {**KEY, "title": "占道处罚", "regionCode": city.SUBDISTRICT, "validFrom": "2024-01-01"},
    ),
    "trainForMatter": ("matter", {**MATTER, "people": 4}),
    "reviewMatter": ("matter", {**MATTER, "verdict": "WORKS"}),
    "takeMatterBack": ("matter", {**MATTER, "reason": "上收"}),
    "switchMode": (
        "community",
        {"regionCode": city.COMMUNITY, "mode": "EMERGENCY", "reason": "防汛", "expectedVersion": 0},
    ),
}


def mutation(name: str) -> str:
    thing = MUTATIONS[name][0]
    if name in {"disburseFund", "spendFund"}:
        return (
            f"mutation($input: PostFundInput!) {{ {name}(input: $input) {{ {thing} {{ id }} problems {{ code }} }} }}"
        )
    ends = {"id", "expectedVersion", "on"} == set(MUTATIONS[name][1])
    given = "EndInput" if ends else (name[0].upper() + name[1:] + "Input")
    return (
        f"mutation($input: {given}!) {{ {name}(input: $input)"
        f" {{ {thing} {{ id }} problems {{ code path message }} }} }}"
    )
