"""Who may see and do what in org: the one place where role is decided; where is decided with it, by region.

Roles are the system's (`admin`, `auditor`, `observer`, `resident`) and duty titles of the practice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.access import ANY_ROLE, EVENT_READERS, Access
from chassis.errors import ApiError

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.graphql.mutate import Permit
    from chassis.identity import Caller

_ANYONE = frozenset({ANY_ROLE})
_ADMIN = frozenset({"admin"})
_SUBDISTRICT = _ADMIN | {"subdistrict_secretary"}
# Acts of the county or district: the subdistrict does them for its own part, the coordinator for the whole district.
_DISTRICT = _SUBDISTRICT | {"district_coordinator"}
_COMMUNITY = _SUBDISTRICT | {"community_secretary"}
_OFFICE = _COMMUNITY | {"subdistrict_officer", "community_worker"}
_TEAMS = _OFFICE | {"grid_branch_secretary"}
# Who holds activities where people live.
_HOLDERS = _TEAMS | {"first_secretary", "district_coordinator", "grid_leader", "grid_worker"}
# Whoever knocks on doors and brings help; nobody else sees who needs it (特殊人群台账).
_SPECIAL_NEEDS = _ADMIN | {"community_secretary", "community_worker", "grid_branch_secretary"}
_STAFF = _TEAMS | {
    "auditor",
    "observer",
    "district_coordinator",
    "first_secretary",
    "grid_leader",
    "grid_worker",
    "building_leader",
    "unit_leader",
}

# Who keeps the posts and grades of workers, or watches over it.
_PERSONNEL = _COMMUNITY | {"subdistrict_officer", "district_coordinator", "auditor", "observer"}
_TRAINERS = _COMMUNITY | {"subdistrict_officer", "district_coordinator"}

ACCESS = Access(
    {
        # Reads: who is where is open to whoever is signed in, people's names masked; musters are for staff.
        "region": _ANYONE,
        "organisation": _ANYONE,
        "person": _ANYONE,
        "duty": _ANYONE,
        "team": _ANYONE,
        "station": _ANYONE,
        "serviceCircle": _ANYONE,
        "activity": _ANYONE,
        "models": _ANYONE,
        "serviceItem": _ANYONE,
        "authorisedMatter": _ANYONE,
        "lists": _ANYONE,
        "allocations": _ANYONE,
        "assessments": _STAFF,
        "words": _ANYONE,
        "musters": _STAFF,
        "partyStatus": _STAFF,
        "checkIns": _STAFF,
        "activityPeople": _STAFF,
        "reserve": _STAFF,
        "contacts": _STAFF,
        "partners": _STAFF,
        "funds": _STAFF,
        "holderStats": _STAFF,
        "staffing": _STAFF,
        "revealPerson": _COMMUNITY,
        "workerGrades": _PERSONNEL,
        "talents": _PERSONNEL,
        "training": _STAFF,
        "recruitment": _STAFF,
        "orgEvents": EVENT_READERS,
        # Changes.
        "establishRegion": _ADMIN,
        "renameRegion": _ADMIN,
        "recodeRegion": _ADMIN,
        "closeRegion": _ADMIN,
        "foundOrganisation": _SUBDISTRICT,
        "dissolveOrganisation": _SUBDISTRICT,
        "renameOrganisation": _SUBDISTRICT,
        "moveOrganisation": _SUBDISTRICT,
        "mergeOrganisations": _SUBDISTRICT,
        "splitOrganisation": _SUBDISTRICT,
        "setOrganisationCompounds": _SUBDISTRICT,
        "redrawGrids": _SUBDISTRICT,
        "registerPerson": _OFFICE,
        "updatePerson": _COMMUNITY,
        "exportPerson": _COMMUNITY,
        "erasePerson": _COMMUNITY,
        "assignDuty": _COMMUNITY,
        "endDuty": _COMMUNITY,
        "formTeam": _TEAMS,
        "addTeamMember": _TEAMS,
        "removeTeamMember": _TEAMS,
        "nameTeamLeader": _TEAMS,
        "disbandTeam": _TEAMS,
        "openStation": _COMMUNITY,
        "closeStation": _COMMUNITY,
        "offerServiceItem": _COMMUNITY | {"district_coordinator"},
        "changeServiceItem": _COMMUNITY | {"district_coordinator"},
        "withdrawServiceItem": _COMMUNITY | {"district_coordinator"},
        "handDownMatter": _ADMIN | {"district_coordinator"},
        "trainForMatter": _DISTRICT | {"subdistrict_officer"},
        "reviewMatter": _ADMIN | {"district_coordinator"},
        "takeMatterBack": _ADMIN | {"district_coordinator"},
        "enrolExpert": _DISTRICT,
        "endExpert": _DISTRICT,
        "assignExpert": _DISTRICT,
        "endGuidance": _DISTRICT,
        "shareMethod": _DISTRICT,
        "endMethod": _DISTRICT,
        "adoptMethod": _COMMUNITY | {"district_coordinator"},
        "endAdoption": _COMMUNITY | {"district_coordinator"},
        "planActivity": _HOLDERS,
        "recordActivity": _HOLDERS,
        "holdActivity": _HOLDERS,
        "cancelActivity": _HOLDERS,
        "assignMuster": _COMMUNITY,
        "switchMode": _COMMUNITY,
        "enrolReservist": _TEAMS,
        "endReservist": _TEAMS,
        "callUp": _COMMUNITY,
        "postCalledUp": _OFFICE | {"first_secretary"},
        "answerCallUp": _TEAMS | {"first_secretary", "grid_leader", "grid_worker"},
        "endCallUp": _COMMUNITY,
        "budgetFund": _DISTRICT,
        "disburseFund": _DISTRICT,
        "spendFund": _COMMUNITY,
        "reverseFundEntry": _DISTRICT,
        "assessOrganisation": _DISTRICT,
        "planTraining": _TRAINERS,
        "endTraining": _TRAINERS,
        "holdTrainingSession": _TRAINERS,
        "recordAttendance": _TRAINERS,
        "takeBackAttendance": _TRAINERS,
        "poolTalent": _DISTRICT,
        "advanceTalent": _DISTRICT,
        "endTalent": _DISTRICT,
        "qualifyWorker": _COMMUNITY,
        "endQualification": _COMMUNITY,
        "gradeWorker": _SUBDISTRICT,
        "stepUpWorker": _SUBDISTRICT,
        "endWorkerGrade": _SUBDISTRICT,
        "assessWorker": _DISTRICT,
        "recordRecruitment": _DISTRICT,
        "allocate": _DISTRICT,
        "correctAllocation": _DISTRICT,
        "registerSpecialNeed": _SPECIAL_NEEDS,
        "lookAtSpecialNeeds": _SPECIAL_NEEDS,
        "exportSpecialNeeds": _SPECIAL_NEEDS,
        "endSpecialNeed": _SPECIAL_NEEDS,
        "eraseSpecialNeed": _SPECIAL_NEEDS,
        "addListItem": _OFFICE,
        "linkListItems": _OFFICE,
        "handleListItem": _OFFICE,
        "settleListItem": _OFFICE,
        "endListItem": _OFFICE,
        "classifyCommunity": _SUBDISTRICT,
        "recordCensus": _COMMUNITY,
        "awardDistinction": _DISTRICT,
        "endDistinction": _DISTRICT,
        "pairPartner": _COMMUNITY,
        "hookCompounds": _COMMUNITY,
        "endPairing": _COMMUNITY,
        "recordContribution": _TEAMS,
        "cancelContribution": _COMMUNITY,
        "takeUpProblem": _TEAMS,
        "settleProblem": _TEAMS,
        "assignContact": _TEAMS,
        "endContact": _TEAMS,
        # Whoever looks after a place writes down their own visits; of others', who keeps the register.
        # Whoever is on the roll votes; anybody stands, and others are put forward by who works in the grid.
        "recommendations": _ANYONE,
        "openRecommendation": _TEAMS,
        "nominate": _ANYONE,
        "nominateAnother": _TEAMS | {"grid_leader", "grid_worker", "building_leader"},
        "openBranchVote": _TEAMS,
        "castBranchVote": _ANYONE,
        "countBranchVote": _TEAMS,
        "withdrawRecommendation": _TEAMS,
        # The subdistrict nominates, the district files: neither does the other's part.
        "dutyFilings": _PERSONNEL,
        "submitDutyFiling": _SUBDISTRICT,
        "reviewDutyFiling": _ADMIN | {"district_coordinator"},
        "withdrawDutyFiling": _SUBDISTRICT,
        "logVisit": _ANYONE,
        "handleVisit": _ANYONE,
        "logVisitOfAnother": _TEAMS | {"grid_leader", "grid_worker"},
        "checkIn": _TEAMS,
        "endCheckIn": _TEAMS,
        "joinAlliance": _TEAMS,
        "leaveAlliance": _TEAMS,
        "assignCheckIn": _TEAMS,
        "endAssignment": _TEAMS,
    }
)


def may(caller: Caller, operation: str, region_code: str) -> bool:
    """Tell whether `caller` may do `operation` in a region: for fields that are null to whom they do not concern."""
    try:
        ACCESS.permit(caller, operation, region_code)
    except ApiError:
        return False
    return True


def staff_regions(caller: Caller) -> tuple[str, ...]:
    """Return the regions in which the caller is staff: where they may see musters."""
    return caller.regions(*_STAFF)


def is_person(caller: Caller, person_id: UUID) -> bool:
    """Tell whether the caller is that person: token subjects of people are their ids."""
    return caller.subject == str(person_id)


def require_own_or(permit: Permit, person_id: UUID, operation: str, region_code: str, *, what: str) -> None:
    """Let somebody do what is theirs, and of others who may do `operation` there. Raises NotFound, Forbidden."""
    if is_person(permit.caller, person_id):
        permit.require(region_code, what=what)
        return
    permit.context.access.permit(permit.caller, operation, region_code, what=what)
    permit.decided()
