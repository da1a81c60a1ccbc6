"""What tickets publishes: each thing that is done to a ticket, and what its deadlines bring about.

No event holds personal data or what people wrote about a private matter: requesters, names, telephone numbers, titles,
opinions and reasons stay in the service. Who acted is told by the duty title, not by person. A notice is told because
it is made for everyone to read. Which event an action gives depends on its kind, so district systems read the same
facts whatever a practice calls its steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.tickets.domain.absence_events import ABSENCE_EVENTS
from services.tickets.domain.admission_events import ADMISSION_EVENTS
from services.tickets.domain.deadline_events import DEADLINE_EVENTS
from services.tickets.domain.deliberation_events import DELIBERATION_EVENTS
from services.tickets.domain.event_fields import (
    ActedAs,
    ActionCode,
    Answers,
    AnswersForId,
    AssigneeId,
    Channel,
    ChildIds,
    Deliverables,
    DeliveredTold,
    FromStep,
    IntoId,
    InvitedIds,
    Notice,
    ParentId,
    Rating,
    Ratings,
    ResponsibleId,
    Round,
    TicketVersion,
)
from services.tickets.domain.file_events import FILE_EVENTS
from services.tickets.domain.notification_events import NOTIFICATION_EVENTS
from services.tickets.domain.objection_events import OBJECTION_EVENTS
from services.tickets.domain.personal_data_events import PERSONAL_DATA_EVENTS
from services.tickets.domain.process import Kind
from services.tickets.domain.ticket_event import TicketEvent, common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.events.event import Event
    from services.tickets.domain.ticket import Entry, Invitation, Ticket


class ActionEvent(TicketEvent):
    """Base of what somebody did: the action's code in the process, as what they acted, where the ticket was before."""

    action: ActionCode
    acted_as: ActedAs
    from_step: FromStep
    ticket_version: TicketVersion
    round: Round


class TicketRaised(ActionEvent, entity="ticket", fact="raised"):
    """提单: a ticket was raised.

    When: a resident or a member of staff raises a request (居民提单).

    For: call centres (12345) and dashboards that follow requests from their beginning.
    """

    channel: Channel = None
    parent_id: ParentId = None
    invited_ids: InvitedIds = ()


class TicketAccepted(ActionEvent, entity="ticket", fact="accepted"):
    """接单: a ticket was accepted for handling.

    When: the grid accepts it for handling, within the time for a first response.

    For: whoever measures response times.
    """


class TicketDeliberated(ActionEvent, entity="ticket", fact="deliberated"):
    """议单: a ticket was deliberated on.

    When: the people of a grid or community have weighed what is to be done.

    For: whoever follows deliberation (协商议事).
    """


class TicketDecided(ActionEvent, entity="ticket", fact="decided"):
    """定单: what is to be done was decided, and perhaps which organisation is to do it.

    When: it is decided what is to be done.

    For: the organisation named as responsible: work comes to it.
    """

    responsible_id: ResponsibleId


class TicketCarriedOut(ActionEvent, entity="ticket", fact="carried_out"):
    """办理: what was decided was carried out.

    When: whoever was responsible reports it done.

    For: whoever pays for or inspects the work, and whoever counts what was built.
    """

    responsible_id: ResponsibleId
    deliverables: Deliverables = ()


class TicketEvaluated(ActionEvent, entity="ticket", fact="evaluated"):
    """评单: somebody evaluated the result.

    When: the requester, or whom the process names, has rated the result.

    For: whoever measures satisfaction (满意度).
    """

    rating: Rating
    ratings: Ratings


class TicketPublicised(ActionEvent, entity="ticket", fact="publicised"):
    """结果公开: the result was made public.

    When: the result goes before the public, at the step that the process names.

    For: notice boards and portals: `notice` may be shown to all.
    """

    notice: Notice


class TicketInvited(ActionEvent, entity="ticket", fact="invited"):
    """约请: organisations were asked to answer, each for itself, by the deadline of the step.

    When: a grid or community calls for departments (网格约请, 吹哨).

    For: the departments named: they are expected, until `dueAt`.
    """

    invited_ids: InvitedIds


class TicketAnswered(ActionEvent, entity="ticket", fact="answered"):
    """应约: an organisation that was invited has answered.

    When: one of the invited reports what it did or thinks (报到); the ticket moves on when enough have.

    For: whoever assesses how departments respond, and those who wait for the answers.
    """

    answers_for_id: AnswersForId
    invited_ids: InvitedIds
    answers: Answers


class TicketAdvanced(ActionEvent, entity="ticket", fact="advanced"):
    """推进: something was done that is none of the named kinds; `action` says what.

    When: a process has a step of its own.

    For: those who know that process; others take `step` and `dueAt`.
    """


class TicketRefused(ActionEvent, entity="ticket", fact="refused"):
    """不予受理: a ticket was refused with a reason, and has ended.

    When: it is not for this office, or not justified.

    For: call centres, which tell the requester; statistics of refusals.
    """


class TicketReturned(ActionEvent, entity="ticket", fact="returned"):
    """退回: a ticket went back to an earlier step, with a reason.

    When: a step finds the work before it wanting.

    For: whoever measures quality of handling.
    """


class TicketWithdrawn(ActionEvent, entity="ticket", fact="withdrawn"):
    """撤回: the requester took the ticket back.

    When: the requester no longer wants it, before it is carried out.

    For: whoever is at work on it: stop.
    """


class TicketReopened(ActionEvent, entity="ticket", fact="reopened"):
    """重新办理: a ticket came back after its result was found wanting.

    When: the evaluation was poor enough for another round.

    For: the organisation that was responsible; whoever measures quality.
    """


class TicketLapsed(ActionEvent, entity="ticket", fact="lapsed"):
    """逾期自动流转: the deadline of a step passed, and the ticket went on by itself as its process says.

    When: the time of a step is over and the process says that it goes on.

    For: whoever supervises deadlines.
    """


class TicketJoined(ActionEvent, entity="ticket", fact="joined"):
    """并案: a ticket was joined to another about the same matter, and has ended.

    When: who handles it finds that the matter is under way already.

    For: call centres, which tell the requester that the other one goes on for them too. `outcome` is `withdrawn`:
    nothing more comes of this one.
    """

    into_id: IntoId


class TicketDivided(ActionEvent, entity="ticket", fact="divided"):
    """拆单: child tickets were opened, each handled by its own process; the ticket waits for them as its process says.

    When: several departments or teams are each to do their part.

    For: whoever follows a matter through its parts: each child is raised with `parentId`.
    """

    child_ids: ChildIds


class TicketGathered(ActionEvent, entity="ticket", fact="gathered"):
    """子单办结: enough of its child tickets have ended, or too many otherwise, and the ticket went on by itself.

    When: the end of a child decides what the parent waits for.

    For: whoever supervises the whole matter.
    """


class TicketRecalled(ActionEvent, entity="ticket", fact="recalled"):
    """收回: a child ticket has ended because its parent went on without it.

    When: the parent leaves the step in which it was opened, and its process says so.

    For: whoever is at work on it: stop.
    """

    parent_id: ParentId


class TicketAssigned(ActionEvent, entity="ticket", fact="assigned"):
    """改派、认领: it is one person's turn now; the others who hold the step's duty leave it to them.

    When: one of them takes the ticket on, or somebody names one.

    For: systems that keep people's own lists of work.
    """

    assignee_id: AssigneeId


class TicketReleased(ActionEvent, entity="ticket", fact="released"):
    """放回: it is the turn of everybody again who holds the step's duty.

    When: whose turn it was puts the ticket back, or it is taken from them.

    For: systems that keep people's own lists of work.
    """


EVENTS: tuple[type[Event], ...] = (
    TicketRaised,
    TicketAccepted,
    TicketDeliberated,
    TicketDecided,
    TicketCarriedOut,
    TicketEvaluated,
    TicketPublicised,
    TicketInvited,
    TicketAnswered,
    TicketAdvanced,
    TicketRefused,
    TicketReturned,
    TicketWithdrawn,
    TicketReopened,
    TicketLapsed,
    TicketJoined,
    TicketDivided,
    TicketGathered,
    TicketRecalled,
    TicketAssigned,
    TicketReleased,
    *DEADLINE_EVENTS,
    *ABSENCE_EVENTS,
    *ADMISSION_EVENTS,
    *DELIBERATION_EVENTS,
    *OBJECTION_EVENTS,
    *FILE_EVENTS,
    *NOTIFICATION_EVENTS,
    *PERSONAL_DATA_EVENTS,
)
"""Every event that tickets publishes."""

OF_KIND: dict[Kind, type[ActionEvent]] = {
    Kind.RAISE: TicketRaised,
    Kind.ACCEPT: TicketAccepted,
    Kind.DELIBERATE: TicketDeliberated,
    Kind.DECIDE: TicketDecided,
    Kind.CARRY_OUT: TicketCarriedOut,
    Kind.EVALUATE: TicketEvaluated,
    Kind.PUBLICISE: TicketPublicised,
    Kind.INVITE: TicketInvited,
    Kind.ANSWER: TicketAnswered,
    Kind.ADVANCE: TicketAdvanced,
    Kind.REFUSE: TicketRefused,
    Kind.RETURN: TicketReturned,
    Kind.WITHDRAW: TicketWithdrawn,
    Kind.REOPEN: TicketReopened,
    Kind.LAPSE: TicketLapsed,
    Kind.JOIN: TicketJoined,
    Kind.DIVIDE: TicketDivided,
    Kind.GATHER: TicketGathered,
    Kind.RECALL: TicketRecalled,
    Kind.ASSIGN: TicketAssigned,
    Kind.CLAIM_TURN: TicketAssigned,
    Kind.RELEASE_TURN: TicketReleased,
}


def event_of_action(ticket: Ticket, entry: Entry, invitations: Sequence[Invitation] = ()) -> ActionEvent:
    """Return the event of something that was done; `ticket` is what it has become.

    `invitations` are those of the step in which it was done, with this answer, if it is one.
    """
    more: dict[str, Any] = {}
    if entry.kind in {Kind.DECIDE, Kind.CARRY_OUT}:
        more["responsible_id"] = ticket.responsible
        if entry.kind is Kind.CARRY_OUT:
            more["deliverables"] = tuple(
                DeliveredTold(kind=one.kind, quantity=one.quantity) for one in entry.given.deliverables
            )
    elif entry.kind is Kind.RAISE:
        invited = tuple(one.organisation for one in ticket.invitations)
        more = {"channel": ticket.channel, "parent_id": ticket.parent, "invited_ids": invited}
    elif entry.kind is Kind.DIVIDE:
        more["child_ids"] = tuple(one.id for one in entry.given.children)
    elif entry.kind is Kind.RECALL:
        more["parent_id"] = ticket.parent
    elif entry.kind is Kind.JOIN:
        more["into_id"] = ticket.joined_into
    elif entry.kind in {Kind.ASSIGN, Kind.CLAIM_TURN}:
        more["assignee_id"] = ticket.assignee
    elif entry.kind is Kind.EVALUATE:
        more = {"rating": entry.given.rating, "ratings": len(ticket.ratings())}
    elif entry.kind is Kind.PUBLICISE:
        more["notice"] = ticket.notice if ticket.public_since else None
    elif entry.kind in {Kind.INVITE, Kind.ANSWER}:
        more["invited_ids"] = tuple(one.organisation for one in invitations)
    if entry.kind is Kind.ANSWER:
        more["answers_for_id"] = entry.answers_for
        more["answers"] = sum(one.answered_by is not None for one in invitations)
    return OF_KIND[entry.kind](
        **common(ticket),
        action=entry.action,
        acted_as=entry.acted_as,
        from_step=entry.from_step,
        ticket_version=ticket.version,
        round=ticket.round,
        **more,
    )
