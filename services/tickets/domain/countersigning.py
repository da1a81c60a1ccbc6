"""Countersigning (会签): several organisations are invited at once, each answers for itself, and a rule counts them.

It is what a grid's appointment with departments (网格约请), a community's whistle (吹哨报到) and a joint review need:
the ticket stays in one step while the invited work side by side, under the one deadline of that step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import INVITED, PARENT, Input, Kind
from services.tickets.domain.ticket import Invitation, Seat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from services.tickets.domain.process import Process, Step
    from services.tickets.domain.ticket import Actor, Ticket

MOST_INVITED = 20


def open_seats(process: Process, ticket: Ticket) -> frozenset[Seat]:
    """Return the seats from which an invited organisation that has not answered yet can do so."""
    step = process.step(ticket.step)
    if step is None or step.countersign is None:
        return frozenset()
    titles = step.countersign.titles
    waiting = (one.organisation for one in ticket.invitations if one.answered_by is None)
    return frozenset(Seat(title, organisation) for organisation in waiting for title in titles)


def invite(process: Process, ticket: Ticket, invited: Sequence[UUID]) -> Ticket:
    """Note who is invited to the step that a ticket has just come to.

    Raises Refused for more than 20, or fewer than the step's quorum.
    """
    step = process.step(ticket.step)
    fewest = (step.countersign.quorum if step and step.countersign else None) or 1
    distinct = tuple(dict.fromkeys(invited))
    if not fewest <= len(distinct) <= MOST_INVITED:
        raise Refused(TicketProblem.WRONG_NUMBER_INVITED, "invited", fewest=fewest, most=MOST_INVITED)
    return replace(ticket, invitations=tuple(Invitation(organisation) for organisation in distinct))


def answer(process: Process, ticket: Ticket, actor: Actor) -> tuple[Ticket, Seat, bool]:
    """Count an answer; return the ticket, the seat that it came from, and whether enough have answered.

    The actor has been found to sit in an open seat. Who sits in several answers for the first that was invited.
    """
    seats = open_seats(process, ticket)
    chosen = next(
        seat for one in ticket.invitations for seat in actor.seats if seat in seats and seat.body == one.organisation
    )
    answered = tuple(
        replace(one, answered_by=actor.subject) if one.organisation == chosen.body else one
        for one in ticket.invitations
    )
    return replace(ticket, invitations=answered), chosen, _is_enough(process, ticket.step, answered)


def _is_enough(process: Process, place: str, invitations: Sequence[Invitation]) -> bool:
    step = process.step(place)
    rule = step.countersign if step else None
    if rule is None:
        return True
    needed = {"all": len(invitations), "any": 1, "quorum": rule.quorum or len(invitations)}[rule.rule]
    return sum(one.answered_by is not None for one in invitations) >= needed


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with the countersigning of a process: the path, in English, in Chinese."""
    asking = {step.code for step in process.steps if step.countersign}
    for index, step in enumerate(process.steps):
        yield from _of_rule(step, ("steps", index))
        if step.deadline and step.deadline.lapse_to in asking:
            en = f"nobody would be invited to {step.deadline.lapse_to}"
            yield ("steps", index, "deadline", "lapse_to"), en, f"到达 {step.deadline.lapse_to} 时没有受邀单位"
        for number, action in enumerate(step.actions):
            path = ("steps", index, "actions", number)
            if (action.kind is Kind.INVITE) != (action.to in asking and action.to != step.code):
                en = "an action of kind invite leads to another step with countersign, and no other kind does"
                yield (*path, "kind"), en, "invite 类动作须指向另一会签步骤，会签步骤也只能由 invite 类动作到达"
            if (action.kind is Kind.INVITE) != (Input.INVITED in action.requires) or Input.INVITED in action.may:
                en = "invited is required by actions of kind invite, and belongs to no other"
                yield (*path, "requires"), en, "invited 须为且仅为 invite 类动作的必填内容"
            if (action.kind is Kind.ANSWER) != (INVITED in step.who_may(action)):
                en = "who is invited acts by an action of kind answer, and nobody else does"
                yield (*path, "who"), en, "answer 类动作的办理人应为 invited，其他动作不得由 invited 办理"
            if action.kind is Kind.ANSWER and step.who_may(action) != (INVITED,):
                yield (*path, "who"), "only who is invited answers: who: [invited]", "answer 类动作只能由 invited 办理"
    yield from _of_beginnings(process, asking)


def _of_beginnings(process: Process, asking: set[str]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Check what leads a ticket to a step otherwise than by an action."""
    others = [("raising", process.raising), ("reopening", process.reopening), ("withdrawal", process.withdrawal)]
    for key, section in others:
        # A child is raised for an organisation, which is invited at once.
        if key == "raising" and process.raising.who == (PARENT,):
            continue
        if key == "raising" and asking & process.beginnings() - {process.raising.to}:
            yield ("categories",), "nobody would be invited where a category begins", "类别的起始步骤没有受邀单位"
        if section is not None and section.to in asking:
            yield (key, "to"), f"nobody would be invited to {section.to}", f"到达 {section.to} 时没有受邀单位"
        if section is not None and INVITED in getattr(section, "who", ()):
            yield (key, "who"), "nobody is invited here", "此处没有受邀单位"


def _of_rule(step: Step, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    rule = step.countersign
    answers = [action for action in step.actions if action.kind is Kind.ANSWER]
    if rule is None:
        if answers:
            yield (
                (*path, "countersign"),
                "there are answers, but nobody is invited",
                "存在 answer 类动作，但未定义会签 countersign",
            )
        return
    if not rule.titles:
        yield (*path, "countersign", "titles"), "nobody can speak for an organisation", "未指定代表单位答复的职务"
    if (rule.rule == "quorum") != (rule.quorum is not None) or not 1 <= (rule.quorum or 1) <= MOST_INVITED:
        en = f"quorum, from 1 to {MOST_INVITED}, belongs to the rule quorum"
        yield (*path, "countersign", "quorum"), en, f"仅 quorum 规则须填写 quorum，取值 1 至 {MOST_INVITED}"
    if len(answers) != 1 or answers[0].to is None or answers[0].count != 1:
        en = "a step with countersign has one action of kind answer, which leads on"
        yield (*path, "actions"), en, "会签步骤应有且仅有一个 answer 类动作，并指明去向 to"
