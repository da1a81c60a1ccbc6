"""Which actions there are: those of the steps, and those that a process describes by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain import assignment
from services.tickets.domain.process import REQUESTER, Action, Holder, Input, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.tickets.domain.process import Joining, Process, Who


_WORDS = (Input.REASON, Input.OPINION, Input.ATTACHMENTS)


class Offered(msgspec.Struct, frozen=True):
    """An action at a place (a step or end) and who may do it there."""

    place: str
    action: Action
    who: tuple[Who, ...]

    @property
    def is_for_duties(self) -> bool:
        """Whether people in duty do it, and so whoever it is escalated to; nobody answers for somebody invited."""
        return any(isinstance(one, Holder) for one in self.who)


def offered(process: Process, place: str) -> tuple[Offered, ...]:
    """Return what can be done at a step or end; it is worked out once for each."""
    known: dict[str, tuple[Offered, ...]] = vars(process).setdefault("offered", {})
    if place not in known:
        known[place] = tuple(_offered(process, place))
    return known[place]


def _offered(process: Process, place: str) -> Iterator[Offered]:
    step = process.step(place)
    if step is not None:
        for action in step.actions:
            yield Offered(place, action, step.who_may(action))
    withdrawal, joining, reopening = process.withdrawal, process.joining, process.reopening
    if step is not None and joining and place in joining.out_of:
        yield Offered(place, _join(joining), tuple(one for one in step.who if isinstance(one, Holder)))
    for action, who in assignment.actions_at(process, place):
        yield Offered(place, action, who)
    if withdrawal and place in withdrawal.out_of:
        yield Offered(
            place,
            Action(
                code=Kind.WITHDRAW.value,
                kind=Kind.WITHDRAW,
                name_zh=withdrawal.name_zh,
                name_en=withdrawal.name_en,
                to=withdrawal.to,
                requires=withdrawal.requires,
                may=_WORDS,
            ),
            (REQUESTER,),
        )
    if reopening and place in reopening.out_of:
        yield Offered(
            place,
            Action(
                code=Kind.REOPEN.value,
                kind=Kind.REOPEN,
                name_zh=reopening.name_zh,
                name_en=reopening.name_en,
                to=reopening.to,
                requires=reopening.requires,
                may=_WORDS,
            ),
            reopening.who,
        )


def _join(joining: Joining) -> Action:
    return Action(
        code=Kind.JOIN.value,
        kind=Kind.JOIN,
        name_zh=joining.name_zh,
        name_en=joining.name_en,
        to=joining.to,
        requires=(Input.INTO, *joining.requires),
        may=_WORDS,
    )


def find(process: Process, kind: Kind | None, code: str | None) -> Sequence[Offered]:
    """Return every place at which there is the action of a code, or those of a kind, or both."""
    known: dict[tuple[Kind | None, str | None], Sequence[Offered]] = vars(process).setdefault("found", {})
    if (kind, code) not in known:
        found = _find(process, kind, code)
        if not found:
            # Callers may ask for any code: what there is not is not kept.
            return found
        known[kind, code] = found
    return known[kind, code]


def _find(process: Process, kind: Kind | None, code: str | None) -> Sequence[Offered]:
    places = [*(step.code for step in process.steps), *(end.code for end in process.ends)]
    everything = (one for place in places for one in offered(process, place))
    return [
        one
        for one in everything
        if (kind is None or one.action.kind is kind) and (code is None or one.action.code == code)
    ]
