"""Who may see and do what in tickets: the one place where scope and role are decided.

Whose work it is: by role, a ticket is seen by the system's roles and by the duty titles that its process names; acting
in a step also needs the duty itself in force, which the process decides (`domain/ticket.py`, Actor.standing).
Where: every grant counts only in its own region. A resident sees their own tickets; everybody what is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.access import ANY_ROLE, EVENT_READERS, Access
from services.tickets.domain.process import RESIDENT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chassis.identity import Caller

_ANYONE = frozenset({ANY_ROLE})
_LIST_KEEPERS = frozenset({"admin", "district_coordinator"})
"""Keep the lists of entry control; who pushes work down from a subdistrict does not."""

SEES_EVERYTHING = frozenset({"admin", "auditor", "observer"})
"""Roles of the system that see every ticket in their region, and act on none."""

COUNCIL = frozenset(
    {
        "community_secretary",
        "residents_director",
        "community_worker",
        "grid_branch_secretary",
        "grid_leader",
        "grid_worker",
        "subdistrict_secretary",
    }
)
"""Take matters up for deliberation, convene and record, where they hold the duty."""
SEES_ATTENDANCE = COUNCIL | SEES_EVERYTHING | {"district_coordinator"}
"""See who came to a session; everybody else sees how many."""
SEES_BURDENS = _LIST_KEEPERS | {"auditor"}
"""See the burdens that others reported; not the subdistrict, from which most of them come."""

ACCESS = Access(
    {
        # Reads. What a signed-in caller finds is limited by Visibility; public tickets need no token.
        "ticket": _ANYONE,
        "tickets": _ANYONE,
        "ticketStats": _ANYONE,
        "myTickets": _ANYONE,
        "ticketsToEvaluate": frozenset({RESIDENT}),
        "processes": _ANYONE,
        "possibleDuplicates": _ANYONE,
        "myAbsences": _ANYONE,
        "myInbox": _ANYONE,
        "myNotifications": _ANYONE,
        "ticketChanged": _ANYONE,
        "myInboxChanged": _ANYONE,
        # Who delivers notifications by other ways learns whom to tell.
        "notificationToDeliver": frozenset({"messenger"}),
        "ticketsEvents": EVENT_READERS,
        "admissionItems": _ANYONE,
        "admissionStats": _ANYONE,
        "burdens": _ANYONE,
        "myObjections": frozenset({RESIDENT}),
        "deliberations": _ANYONE,
        "deliberationStats": _ANYONE,
        "sessionKinds": _ANYONE,
        # Changes. The process of the ticket says who may do what in which step; it is asked in every one of these.
        "raiseTicket": _ANYONE,
        "actOnTicket": _ANYONE,
        "actOnTickets": _ANYONE,
        "acceptTicket": _ANYONE,
        "deliberateTicket": _ANYONE,
        "decideTicket": _ANYONE,
        "carryOutTicket": _ANYONE,
        "evaluateTicket": _ANYONE,
        "publiciseTicket": _ANYONE,
        "inviteToTicket": _ANYONE,
        "answerTicket": _ANYONE,
        "refuseTicket": _ANYONE,
        "returnTicket": _ANYONE,
        "withdrawTicket": _ANYONE,
        "reopenTicket": _ANYONE,
        "joinTicket": _ANYONE,
        "divideTicket": _ANYONE,
        "assignTicket": _ANYONE,
        "claimTicket": _ANYONE,
        "releaseTicket": _ANYONE,
        # Everybody reads what they were told themselves, and chooses what to be told.
        "markNotificationsRead": _ANYONE,
        "chooseNotifications": _ANYONE,
        # Whoever holds a duty says when they are away from it; that it is theirs is asked for.
        "saveInboxView": _ANYONE,
        "deleteInboxView": _ANYONE,
        "beginAbsence": _ANYONE,
        "endAbsence": _ANYONE,
        "revealRequester": _ANYONE,
        # Files: for whom an action takes them here, and for who sees the ticket; both are asked for.
        "requestUpload": _ANYONE,
        "openAttachment": _ANYONE,
        # The requester's own data; for one without an account, who handles the ticket by duty erases.
        "myPersonalData": _ANYONE,
        # What one wrote or said oneself beside other tickets; that it is theirs is asked for.
        "myWords": _ANYONE,
        "eraseMyWords": _ANYONE,
        "erasePersonalData": _ANYONE,
        # Entry control.
        "setAdmissionItem": _LIST_KEEPERS,
        "endAdmissionItem": _LIST_KEEPERS,
        # Whoever is in duty in a community or below reports; their duty is asked for.
        "reportBurden": _ANYONE,
        "answerBurden": _LIST_KEEPERS,
        # Public notices: residents object, who handles the step answers.
        "objectToTicket": frozenset({RESIDENT}),
        "answerTicketObjection": _ANYONE,
        # Deliberation; the duty itself is asked for too.
        "beginDeliberation": COUNCIL,
        "conveneSession": COUNCIL,
        "holdSession": COUNCIL,
        "resolveDeliberation": COUNCIL,
        "followUpDeliberation": COUNCIL,
    }
)


@dataclass(frozen=True)
class Visibility:
    """Which tickets somebody sees; search, counts, statistics, entities and single tickets all ask this."""

    everything_in: tuple[str, ...]
    """Region prefixes in which every ticket is seen."""
    process_in: tuple[tuple[str, tuple[str, ...]], ...]
    """Process codes with the prefixes in which their tickets are seen."""
    subject: str
    """Whose own tickets are seen too."""

    def sees(self, process: str, region_code: str, requester: str | None) -> bool:
        """Tell whether a ticket is seen."""
        prefixes = (*self.everything_in, *dict(self.process_in).get(process, ()))
        return requester == self.subject or any(region_code.startswith(prefix) for prefix in prefixes)


def visibility(
    caller: Caller, titles: Mapping[str, frozenset[str]], stands_in: Collection[tuple[str, str]] = ()
) -> Visibility:
    """Return what a signed-in caller sees; `titles` are the duty titles that have to do with each process.

    `stands_in` are the titles and regions by which the caller acts today though their token does not name them: duties
    of others for whom they stand in, memberships of teams and check-ins.
    """

    def where(named: frozenset[str]) -> tuple[str, ...]:
        return (*caller.regions(*named), *(region for title, region in stands_in if title in named))

    by_process = ((code, where(named)) for code, named in sorted(titles.items()))
    return Visibility(
        everything_in=caller.regions(*SEES_EVERYTHING),
        process_in=tuple((code, regions) for code, regions in by_process if regions),
        subject=str(caller.subject),
    )
