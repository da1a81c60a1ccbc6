"""Visibility (access.py) as a condition: every read of tickets has it, under row-level security's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Text, and_, any_, false, or_, true
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.built import literals
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import beyond

if TYPE_CHECKING:
    from chassis.built import Value
    from services.tickets.access import Visibility

_TEXT, _TEXTS = Text(), ARRAY(Text())


class SeenShape(NamedTuple):
    """How a visibility is asked for in a region."""

    everything: bool = False
    """All of it is seen."""
    everywhere: int = 0
    """In how many places below everything is seen."""
    some: bool = False
    """Some processes are seen in all of it."""
    parts: tuple[int, ...] = ()
    """In how many places below each group of processes is seen that are seen in the same ones."""


def visible(seen: Visibility, prefix: str = "") -> ColumnElement[bool]:
    """Return the condition that a ticket, known to lie in the region `prefix`, is among what `seen` allows."""
    shape, values = seen_in(seen, prefix)
    return visible_of(shape, literals(values))


def seen_in(seen: Visibility, prefix: str) -> tuple[SeenShape, dict[str, Any]]:
    """Return how `seen` is asked for in a region, and the values of it.

    What is seen in the whole region is asked for by process alone: the fewer conditions a row must meet, and the
    plainer they are, the better the planner knows how many do. Processes that are seen in the same regions are one
    condition: a statement has as many as the caller has places, not as the city has processes.
    """
    if any(prefix.startswith(one) for one in seen.everything_in):
        return SeenShape(everything=True), {}
    values: dict[str, Any] = {"seen_subject": seen.subject}
    everywhere = [one for one in seen.everything_in if one.startswith(prefix)]
    whole: list[str] = []
    parts: dict[tuple[str, ...], list[str]] = {}
    for process, prefixes in seen.process_in:
        if any(prefix.startswith(one) for one in prefixes):
            whole.append(process)
        elif inside := tuple(dict.fromkeys(one for one in prefixes if one.startswith(prefix))):
            parts.setdefault(inside, []).append(process)
    values["seen_whole"] = whole
    for at, (inside, processes) in enumerate([(tuple(everywhere), []), *parts.items()]):
        values[f"seen_{at}"] = processes
        for number, one in enumerate(inside):
            values |= {f"seen_{at}_{number}": one, f"seen_{at}_{number}_end": beyond(one)}
    return SeenShape(everywhere=len(everywhere), some=bool(whole), parts=tuple(map(len, parts))), values


def visible_of(shape: SeenShape, value: Value, table: FromClause = t.ticket) -> ColumnElement[bool]:
    """Return the condition of a shape, its values given by name, on the columns of tickets or copies of some.

    A copy without the requester shows nobody what they see only because they raised it.
    """
    if shape.everything:
        return true()
    c = table.c

    def inside(at: int, number: int) -> ColumnElement[bool]:
        first, end = value(f"seen_{at}_{number}", _TEXT), value(f"seen_{at}_{number}_end", _TEXT)
        return and_(c.region_code >= first, c.region_code < end)

    def among(name: str) -> ColumnElement[bool]:
        return c.process == any_(value(name, _TEXTS))

    conditions: list[ColumnElement[bool]] = [false()]
    if "requester" in c:
        conditions.append(c.requester == value("seen_subject", _TEXT))
    conditions += (inside(0, number) for number in range(shape.everywhere))
    if shape.some:
        conditions.append(among("seen_whole"))
    for at, places in enumerate(shape.parts, start=1):
        conditions.append(and_(among(f"seen_{at}"), or_(*(inside(at, number) for number in range(places)))))
    return or_(*conditions)
