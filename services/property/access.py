"""Who may see and do what in property: the one place where scope and role are decided.

Whose work it is: the register of owners is kept and read by the staff of subdistrict and community; a resident sees
what is theirs, by the token subject that the register has for an owner. Where: every grant counts in its own region.
"""

from __future__ import annotations

from chassis.access import ANY_ROLE, Access

_ANYONE = frozenset({ANY_ROLE})

RESIDENT = "resident"
OWNERS_COMMITTEE = "owners_committee_member"
"""业委会成员: who sits in an owners' committee and convenes its votes."""

KEEPERS = frozenset({"subdistrict_secretary", "subdistrict_officer", "community_secretary", "community_worker"})
"""Duty titles that keep the register and look after compounds."""

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
        "ballotReceipt": _ANYONE,
        "electors": REGISTER_READERS,
        # Changes.
        "registerCompound": KEEPERS | {"admin"},
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
    }
)
