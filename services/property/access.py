"""Who may see and do what in property: the one place where scope and role are decided.

Whose work it is: the register of owners is kept and read by the staff of subdistrict and community; a resident sees
what is theirs, by the token subject that the register has for an owner. Where: every grant counts in its own region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.access import ANY_ROLE, EVENT_READERS, Access

if TYPE_CHECKING:
    from chassis.identity import Caller

_ANYONE = frozenset({ANY_ROLE})

RESIDENT = "resident"
OWNERS_COMMITTEE = "owners_committee_member"
"""业委会成员: who sits in an owners' committee and convenes its votes."""

COMPANY_STAFF = "property_company_staff"
"""物业企业人员: acts for the companies whose staff the token's subject is."""

KEEPERS = frozenset({"subdistrict_secretary", "subdistrict_officer", "community_secretary", "community_worker"})
"""Duty titles that keep the register and look after compounds."""

SUBDISTRICT = frozenset({"subdistrict_secretary", "subdistrict_officer"})
"""Who guides committees and takes their filing."""

REGISTER_READERS = KEEPERS | {"admin", "auditor"}
"""Who reads the register of owners, with identifying data masked."""

ACCESS = Access(
    {
        # Reads. Compounds and figures are for whoever is signed in; owners for who keeps the register.
        "compound": _ANYONE,
        "compounds": _ANYONE,
        "propertyStats": _ANYONE,
        "companies": _ANYONE,
        "myHouseholds": _ANYONE,
        "households": REGISTER_READERS,
        "vote": _ANYONE,
        "votes": _ANYONE,
        "voteParticipationChanged": _ANYONE,
        "ballotReceipt": _ANYONE,
        "electors": REGISTER_READERS,
        "propertyEvents": EVENT_READERS,
        "committee": _ANYONE,
        "committees": _ANYONE,
        "majorMatters": REGISTER_READERS | {OWNERS_COMMITTEE},
        # Changes.
        "registerCompound": KEEPERS | {"admin"},
        "placeCompound": KEEPERS | {"admin"},
        "registerCompany": KEEPERS | {"admin"},
        "registerHousehold": KEEPERS,
        "transferHousehold": KEEPERS,
        "addOccupant": KEEPERS,
        "endOccupant": KEEPERS,
        "revealOwner": KEEPERS,
        "announceVote": KEEPERS | {OWNERS_COMMITTEE},
        "castBallot": frozenset({RESIDENT}),
        "recordBallot": KEEPERS,
        "recordDelivery": KEEPERS,
        "objectToVote": frozenset({RESIDENT}),
        "answerObjection": KEEPERS,
        "selections": _ANYONE,
        "contracts": _ANYONE,
        "assessments": _ANYONE,
        "addCompanyStaff": KEEPERS | {"admin"},
        "endCompanyStaff": KEEPERS | {"admin"},
        "linkCompanyBranch": KEEPERS | {"admin"},
        "publishOffer": KEEPERS | {COMPANY_STAFF},
        "publishSelection": KEEPERS | {OWNERS_COMMITTEE},
        "applyForSelection": KEEPERS | {COMPANY_STAFF},
        "shortlistApplications": KEEPERS | {OWNERS_COMMITTEE},
        "holdSelection": KEEPERS | {OWNERS_COMMITTEE},
        "signContract": KEEPERS,
        "renewContract": KEEPERS,
        "giveContractNotice": KEEPERS,
        "endContract": KEEPERS,
        "linkTicket": KEEPERS,
        "openAssessment": KEEPERS,
        "scoreAssessment": _ANYONE,  # whoever holds the title that the rule names for the evaluator
        "publiciseAssessment": KEEPERS,
        "concludeAssessment": KEEPERS,
        "evaluateService": frozenset({RESIDENT}),
        "lacks": _ANYONE,
        "fundStatements": _ANYONE,
        "fundEntries": _ANYONE,
        "fundEmergencies": _ANYONE,
        "serviceSystems": _ANYONE,
        "placeUnderSystem": KEEPERS,
        "endServiceSystem": KEEPERS,
        "fillServicePost": KEEPERS,
        "vacateServicePost": KEEPERS,
        "recordHelp": _ANYONE,  # keepers, and whoever holds a title that the system names for the level
        "inspectService": _ANYONE,  # whoever holds a title that the system names for the supervising body
        "judgeRectification": _ANYONE,
        "registerLack": KEEPERS,
        "planSolution": KEEPERS,
        "proveHave": KEEPERS,
        "convertCompound": SUBDISTRICT,
        "takeOnCare": KEEPERS,
        "bookFund": KEEPERS | {OWNERS_COMMITTEE},
        "askEmergencyUse": KEEPERS | {OWNERS_COMMITTEE},
        "decideEmergencyUse": SUBDISTRICT,
        "publishFunds": KEEPERS | {OWNERS_COMMITTEE},
        "prepareCommittee": KEEPERS,
        "formBody": KEEPERS,
        "nominateCandidate": KEEPERS | {RESIDENT},
        "withdrawCandidate": KEEPERS | {RESIDENT},
        "replyToReview": KEEPERS | {RESIDENT},
        "startReview": KEEPERS,
        "answerReview": _ANYONE,  # whoever holds the title that the rule names for the department
        "holdElection": KEEPERS,
        "openByElection": KEEPERS,
        "chooseOfficers": KEEPERS | {OWNERS_COMMITTEE},
        "endMembership": KEEPERS,
        "fileCommittee": SUBDISTRICT,
        "linkPartyOrganisation": KEEPERS,
        "endCommittee": SUBDISTRICT,
        "handOverCommittee": KEEPERS,
        "reportMatter": KEEPERS | {OWNERS_COMMITTEE},
        "answerMatter": frozenset({"community_secretary"}),
        "decideMatter": KEEPERS | {OWNERS_COMMITTEE},
    }
)


def sees_funds(caller: Caller, region_code: str) -> bool:
    """Tell whether a caller reads a compound's books before they are published."""
    return sees_register(caller, region_code) or caller.holds(OWNERS_COMMITTEE, region_code)


def sees_register(caller: Caller, region_code: str) -> bool:
    """Tell whether a caller reads the register of owners in a region."""
    return any(caller.holds(role, region_code) for role in REGISTER_READERS)
