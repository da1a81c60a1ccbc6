"""Work that is pushed down to a community: who did, and which items of entry control say that it should not be (准入).

A ticket is handed down when somebody acts by a duty above the community, and it comes to where people of the community,
or of a grid in it, are to act: raised there from above, or sent there from a step of a higher level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain.admission import AdmissionItem, Match, match
from services.tickets.domain.levels import Level
from services.tickets.domain.process import Holder, Input, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Actor, Entry


class HandDown(msgspec.Struct, frozen=True):
    """Who pushed work down: by which duty title, held in which region, in which organisation, if in any."""

    title: str
    from_region_code: str
    organisation: UUID | None


def hand_down_of(process: Process, entry: Entry, actor: Actor, region_code: str) -> HandDown | None:
    """Return how a line of a ticket's timeline pushed the ticket down; None when it did not."""
    if entry.to_step == entry.from_step or not _is_for_the_community(process, entry.to_step):
        return None
    if entry.from_step is not None and _is_for_the_community(process, entry.from_step):
        return None
    above = [
        duty.region_code
        for duty in actor.duties
        if duty.title == entry.acted_as
        and len(duty.region_code) < Level.COMMUNITY.value
        and region_code.startswith(duty.region_code)
    ]
    if not above:
        return None
    body = next((seat.body for seat in actor.seats if seat.title == entry.acted_as), None)
    return HandDown(entry.acted_as, max(above, key=len), body)


def _is_for_the_community(process: Process, place: str) -> bool:
    """Tell whether people of a community or below act in a step."""
    step = process.step(place)
    if step is None:
        return False
    acting = (one for action in step.actions for one in step.who_may(action))
    return any(isinstance(one, Holder) and Level[one.level].value >= Level.COMMUNITY.value for one in acting)


def spoken_of(
    items: Iterable[tuple[UUID, AdmissionItem]], category: str | None, words: Sequence[str]
) -> list[tuple[UUID, Match]]:
    """Return those of some items that speak of a ticket, and why."""
    matches = ((id_, match(item, category, words)) for id_, item in items)
    return [(id_, found) for id_, found in matches if found is not None]


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with how actions take an item of entry control: as path, English, Chinese."""
    for index, step in enumerate(process.steps):
        for number, action in enumerate(step.actions):
            path = ("steps", index, "actions", number)
            if Input.GROUNDS in action.requires:
                en = "grounds may be given, never required: not every refusal is one by entry control"
                yield (*path, "requires"), en, "grounds 只能选填，不能必填"
            elif Input.GROUNDS in action.may and action.kind not in {Kind.REFUSE, Kind.RETURN}:
                en = "grounds belong to actions of kind refuse or return"
                yield (*path, "may"), en, "grounds 仅用于 refuse 或 return 类动作"
