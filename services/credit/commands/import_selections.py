"""Import selections that were concluded: counted, made public and concluded as one that was held here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.service import ImportRefused
from services.credit.commands.publishing import publish_fact
from services.credit.domain.content import mask_name
from services.credit.domain.events import SelectionConcluded
from services.credit.domain.honours import How, Of, choose
from services.credit.domain.periods import beginning
from services.credit.storage import selection_tables as s
from services.credit.storage import selections
from services.credit.storage.books import book_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from chassis.database import WriteSession
    from services.credit.domain import records as r
    from services.credit.domain.catalogue import Catalogue
    from services.credit.domain.honours import Honour

_BY = "system:import"


async def fresh_selections(
    session: WriteSession, numbered: Sequence[tuple[int, r.SelectionRecord]]
) -> list[tuple[int, r.SelectionRecord]]:
    """Return those that are not there yet."""
    k = s.selection.c
    among = literal([one.id for _, one in numbered], ARRAY(Uuid))
    there = {row["id"] for row in await session.rows(select(k.id).where(k.id == func.any(among)))}
    return [(line, one) for line, one in numbered if one.id not in there]


async def import_selection(
    session: WriteSession, line: int, one: r.SelectionRecord, catalogue: Catalogue, names: Mapping[UUID, str]
) -> None:
    """Import one; `names` are those of the accounts of the file. Raises ImportRefused."""
    honour = catalogue.honour(one.honour)
    if honour is None:
        raise ImportRefused(f"line {line}: there is no honour {one.honour}")
    public_until = one.published_on + timedelta(days=honour.publicity_days)
    if not one.opened_on < one.nominations_until < one.published_on <= public_until <= one.concluded_on:
        raise ImportRefused(f"line {line}: its days are not in their order, or it was public for too short a time")
    row = {
        "id": one.id,
        "book_id": book_of(one.district_id),
        "region_id": one.region_id,
        "honour": honour.code,
        "catalogue_version": catalogue.version,
        "state": selections.CONCLUDED,
        "opened_by": _BY,
        "opened_at": beginning(one.opened_on),
        "nominations_until": one.nominations_until,
        "choice_until": one.published_on,
        "published_at": beginning(one.published_on),
        "public_until": public_until,
        "concluded_at": beginning(one.concluded_on),
    }
    await session.execute(insert(s.selection), row)
    places = choose({candidate.id: candidate.result for candidate in one.candidates}, honour.places)
    rows = [_candidate(line, one, honour, candidate, places, names) for candidate in one.candidates]
    if rows:
        await session.execute(insert(s.candidate), rows)
    concluded = SelectionConcluded(
        selection_id=one.id,
        honour=honour.code,
        region_id=one.region_id,
        region_code=one.region_code,
        chosen=len(places),
    )
    await publish_fact(session, concluded, one.id, beginning(one.concluded_on))


def _candidate(
    line: int,
    of: r.SelectionRecord,
    honour: Honour,
    one: r.SelectedRecord,
    places: Mapping[UUID, int],
    names: Mapping[UUID, str],
) -> dict[str, Any]:
    fits = {
        Of.BUILDING: one.account_id is None and one.duty_id is None,
        Of.DUTY: one.account_id is None and one.duty_id is not None,
    }.get(honour.of, one.account_id is not None and one.duty_id is None)
    if not fits:
        raise ImportRefused(f"line {line}: candidate {one.id} is not what {honour.code} honours")
    name = names.get(one.account_id) if one.account_id else None
    if one.account_id and name is None:
        raise ImportRefused(f"line {line}: the account of candidate {one.id} is not opened by this file")
    place = places.get(one.id)
    return {
        "id": one.id,
        "selection_id": of.id,
        "region_id": one.region_id,
        "account_id": one.account_id,
        "duty_id": one.duty_id,
        "state": selections.CHOSEN if place else selections.PASSED_OVER,
        "nominated_by": _BY,
        "nominated_at": beginning(of.opened_on),
        "shown": mask_name(name) if place and name else None,
        "votes": one.result if honour.how is How.VOTE else None,
        "mark": one.result if honour.how is How.REVIEW else None,
        "place": place,
    }
