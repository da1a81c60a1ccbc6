"""Organisations through time: names and parents by date, mergers and splits.

A change is dated and follows the last one; what is asked about a day is answered by the version of that day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (dataclass fields)

from chassis.problems import Refused
from services.org.domain.periods import Period, check_existence
from services.org.domain.problems import OrgProblem
from services.org.domain.regions import check_name

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class OrganisationVersion:
    """What an organisation was called, and which was above it, in a period."""

    name: str
    parent_id: UUID | None
    period: Period


@dataclass(frozen=True, slots=True)
class Merging:
    """An organisation that takes part in a merger."""

    id: UUID
    kind: str
    existence: Period


def renamed(last: OrganisationVersion, name: str, on: date) -> OrganisationVersion:
    """Return the version that follows `last` on `on` under another name. Raises Refused."""
    name = check_name(name, "name")
    if name == last.name:
        raise Refused(OrgProblem.NOTHING_CHANGES, "name")
    return _following(last, on, replace(last, name=name))


def moved(
    last: OrganisationVersion, own: UUID, parent_id: UUID | None, above: Collection[UUID], on: date
) -> OrganisationVersion:
    """Return the version that follows `last` on `on` under another parent; `above` are all those above that parent.

    Raises Refused, with CIRCLE when the organisation (`own`) would be above itself.
    """
    if parent_id == last.parent_id:
        raise Refused(OrgProblem.NOTHING_CHANGES, "parentId")
    if parent_id == own or own in above:
        raise Refused(OrgProblem.CIRCLE, "parentId")
    return _following(last, on, replace(last, parent_id=parent_id))


def version_on(history: Sequence[OrganisationVersion], day: date) -> OrganisationVersion:
    """Return the version of `day`; before the first one the first, after the end the last. `history` is not empty."""
    begun = [version for version in history if version.period.start <= day and not version.period.is_empty]
    lived = [version for version in history if not version.period.is_empty]
    return begun[-1] if begun else lived[0]


def check_merger(merged: Sequence[Merging], into: Merging, above: Collection[UUID], on: date) -> None:
    """Refuse a merger of organisations of different kinds, of one with itself, or out of their time.

    `above` are the organisations above `into`: one of them cannot be merged into what is below it. Raises Refused.
    """
    ids = [one.id for one in merged]
    if not ids or into.id in ids or len(set(ids)) < len(ids):
        raise Refused(OrgProblem.MERGED_INTO_ITSELF, "ids", what="organisation")
    if not set(above).isdisjoint(ids):
        raise Refused(OrgProblem.CIRCLE, "ids")
    for one in merged:
        if one.kind != into.kind:
            raise Refused(OrgProblem.NOT_OF_ONE_KIND, "ids", one=one.kind, other=into.kind)
    for one in [*merged, into]:
        if one.existence.until is not None:
            raise Refused(OrgProblem.ALREADY_ENDED, "ids", date=one.existence.until)
        check_existence(one.existence, Period(on), "organisation", "ids")


def check_parts(owned: Collection[UUID], asked: Sequence[Collection[UUID]], *path: str) -> None:
    """Refuse a split in which a part takes what is not there, or two take the same. Raises Refused."""
    taken = [one for part in asked for one in part]
    if len(set(taken)) < len(taken) or not set(taken) <= set(owned):
        raise Refused(OrgProblem.NOT_PART_OF_IT, *path)


def _following(last: OrganisationVersion, on: date, new: OrganisationVersion) -> OrganisationVersion:
    if on < last.period.start:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "effectiveOn", date=on, earliest=last.period.start)
    return replace(new, period=Period(on))
