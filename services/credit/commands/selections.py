"""Selections (评选): opened, nominated for, voted or reviewed, made public, concluded with awards from the fund."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.credit.commands.actors import now, require_duty
from services.credit.commands.governance import ForPeriod, keepers_book
from services.credit.commands.nominations import locked_selection
from services.credit.commands.publishing import publish_fact
from services.credit.domain.catalogue import Period
from services.credit.domain.content import LONGEST_WORD, mask_name
from services.credit.domain.events import SelectionConcluded
from services.credit.domain.honours import How, choose, mean_mark
from services.credit.domain.periods import local_day, period_of
from services.credit.domain.problems import CreditProblem
from services.credit.storage import selection_tables as s
from services.credit.storage import selections
from services.credit.storage.books import book_at
from services.credit.storage.market import commit_fund

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from fractions import Fraction

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.storage.catalogues import Catalogues

RED_FLAG = "red_flag"
"""What the award of a red-flag grid is called."""

_LONGEST_DAYS = 366


class OpenSelection(msgspec.Struct, frozen=True, kw_only=True):
    """Which honour, where, until when one nominates and until when one votes or reviews (both days excluded)."""

    honour: str
    region_code: str
    nominations_until: date
    choice_until: date


class Strike(msgspec.Struct, frozen=True, kw_only=True):
    """Who is taken off a selection that is public, and why."""

    id: UUID
    reason: str


async def open_selection(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: OpenSelection) -> UUID:
    """Open a selection of an honour of the catalogue in force; return its id."""
    region = await selections.region_of(session, asked.region_code.strip())
    book = await book_at(session, asked.region_code.strip()) if region else None
    if region is None or book is None:
        raise NotFound(what="region")
    catalogue = await catalogues.latest(session, book["id"])
    honour = catalogue.honour(asked.honour)
    if honour is None:
        raise Refused(CreditProblem.UNKNOWN_HONOUR, "honour", honour=asked.honour[:60])
    await require_duty(session, permit, honour.organisers, region["code"])
    at = now()
    today = local_day(at)
    if not today < asked.nominations_until < asked.choice_until <= today + timedelta(days=_LONGEST_DAYS):
        raise Refused(CreditProblem.WRONG_DAYS, "nominationsUntil", days=_LONGEST_DAYS)
    id_ = new_id()
    row = {
        "id": id_,
        "book_id": book["id"],
        "region_id": region["id"],
        "honour": honour.code,
        "catalogue_version": catalogue.version,
        "state": selections.OPEN,
        "opened_by": str(permit.caller.subject),
        "opened_at": at,
        "nominations_until": asked.nominations_until,
        "choice_until": asked.choice_until,
    }
    await selections.add_selection(session, row)
    session.changed("selection", id_, region["code"], honour=honour.code, until=asked.choice_until)
    return id_


async def publish_selection(session: WriteSession, permit: Permit, catalogues: Catalogues, id_: UUID) -> UUID:
    """Count, and show who is chosen, for as many days as the honour says; return the selection's id.

    Who was nominated and did not agree is left out. Of people the masked name is shown.
    """
    selection, honour, _ = await locked_selection(session, catalogues, id_, lock="update")
    await require_duty(session, permit, honour.organisers, selection["region_code"])
    at = now()
    if selection["state"] != selections.OPEN:
        raise Refused(CreditProblem.DECIDED_ALREADY, "id")
    if local_day(at) < selection["choice_until"]:
        raise Refused(CreditProblem.PERIOD_NOT_OVER, "id")
    candidates = await selections.candidates_of(session, id_)
    standing = [one for one in candidates if one["state"] == selections.STANDING]
    votes, marks = await selections.votes_of(session, id_), await selections.marks_of(session, id_)
    means = {one["id"]: mean_mark(marks.get(one["id"], [])) for one in standing}
    counted = {one["id"]: votes.get(one["id"], 0) for one in standing} if honour.how is How.VOTE else means
    places = choose(counted, honour.places)
    for one in candidates:
        if one["state"] == selections.ASKED:
            await selections.set_candidate(session, one["id"], state=selections.DECLINED)
    for one in standing:
        values = _result(permit, one, places, honour.how, votes, means)
        await selections.set_candidate(session, one["id"], **values)
    public_until = local_day(at) + timedelta(days=honour.publicity_days)
    await selections.set_selection(session, id_, state=selections.PUBLISHED, published_at=at, public_until=public_until)
    session.changed("selection", id_, selection["region_code"], state=selections.PUBLISHED, chosen=len(places))
    return id_


def _result(
    permit: Permit,
    one: RowMapping,
    places: Mapping[UUID, int],
    how: How,
    votes: Mapping[UUID, int],
    means: Mapping[UUID, Fraction],
) -> dict[str, Any]:
    """Return what is stored of a candidate who was counted; a name is shown of who is chosen only."""
    place = places.get(one["id"])
    values: dict[str, Any] = {"state": selections.CHOSEN if place else selections.PASSED_OVER, "place": place}
    if how is How.VOTE:
        values["votes"] = votes.get(one["id"], 0)
    else:
        values["mark"] = round(means[one["id"]] * 100)
    if place and one["name"]:
        values["shown"] = mask_name(permit.context.cipher.decrypt(bytes(one["name"])))
    return values


async def strike_candidate(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Strike) -> UUID:
    """Take somebody off who was chosen, while it is public, because of what was said against it; return the id."""
    candidate = await selections.candidate_of(session, asked.id)
    if candidate is None:
        raise NotFound(what="candidate")
    selection, _, catalogue = await locked_selection(session, catalogues, candidate["selection_id"], lock="update")
    await require_duty(session, permit, catalogue.arbiters, selection["region_code"])
    current = await selections.candidate_of(session, asked.id)
    if current is None or selection["state"] != selections.PUBLISHED or current["state"] != selections.CHOSEN:
        raise Refused(CreditProblem.DECIDED_ALREADY, "id")
    if str(permit.caller.subject) in {current["nominated_by"], selection["opened_by"]}:
        raise Refused(CreditProblem.OWN_RECORD)
    reason = demanded(asked.reason, "reason", LONGEST_WORD)
    await selections.set_candidate(session, asked.id, state=selections.STRUCK, shown=None, place=None)
    session.changed("candidate", asked.id, selection["region_code"], state=selections.STRUCK, reason=reason)
    return asked.id


async def conclude_selection(session: WriteSession, permit: Permit, catalogues: Catalogues, id_: UUID) -> UUID:
    """Conclude a selection whose publicity is over, and promise the awards of the fund; return the selection's id."""
    selection, honour, _ = await locked_selection(session, catalogues, id_, lock="update")
    await require_duty(session, permit, honour.organisers, selection["region_code"])
    at = now()
    if selection["state"] != selections.PUBLISHED:
        raise Refused(CreditProblem.DECIDED_ALREADY, "id")
    if local_day(at) < selection["public_until"]:
        raise Refused(CreditProblem.PERIOD_NOT_OVER, "id")
    chosen = await selections.chosen_of(session, id_)
    if honour.award_yuan and chosen:
        causes = [(f"candidate {one['id']}", one["id"], one["region_id"]) for one in chosen]
        fen = honour.award_yuan * 100
        await grant(session, honour.code, selection["book_id"], selection["region_code"], fen, causes, at)
    await selections.set_selection(session, id_, state=selections.CONCLUDED, concluded_at=at)
    session.changed("selection", id_, selection["region_code"], state=selections.CONCLUDED, chosen=len(chosen))
    concluded = SelectionConcluded(
        selection_id=id_,
        honour=honour.code,
        region_id=selection["region_id"],
        region_code=selection["region_code"],
        chosen=len(chosen),
    )
    await publish_fact(session, concluded, id_, at)
    return id_


async def grant(
    session: WriteSession,
    honour: str,
    book_id: UUID,
    region_code: str,
    fen: int,
    causes: Sequence[tuple[str, UUID | None, UUID]],
    at: datetime,
) -> int:
    """Promise awards of this year's fund, each cause once; return how many were granted.

    `causes` are what each follows from, the candidate if it is one's, and the region it is for.
    Raises Refused when the fund does not cover all that are new.
    """
    year = local_day(at).year
    granted = 0
    for cause, candidate_id, region_id in causes:
        row = {
            "id": new_id(),
            "book_id": book_id,
            "cause": cause,
            "honour": honour,
            "region_id": region_id,
            "candidate_id": candidate_id,
            "year": year,
            "amount_fen": fen,
            "granted_at": at,
        }
        if await selections.put(session, s.award, row):
            granted += 1
            session.changed("award", row["id"], region_code, honour=honour, amount_fen=fen)
    if not await commit_fund(session, book_id, year, granted * fen):
        raise Refused(CreditProblem.FUND_EXHAUSTED)
    return granted


async def award_red_flags(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: ForPeriod) -> UUID:
    """Promise the red-flag grids of a ranked quarter their award, each once; return the book's id."""
    book, catalogue = await keepers_book(session, permit, catalogues, asked.district_code)
    quarter, _ = period_of(asked.day, Period.QUARTER)
    flagged = await selections.red_flags(session, book["id"], quarter)
    if not flagged:
        raise Refused(CreditProblem.NOT_RANKED, "day")
    causes = [(f"red flag {quarter} {grid['region_id']}", None, grid["region_id"]) for grid in flagged]
    award = catalogue.red_flag_yuan * 100
    book_id: UUID = book["id"]
    if not award or not await grant(session, RED_FLAG, book_id, book["region_code"], award, causes, now()):
        raise Refused(CreditProblem.DONE_ALREADY, "day")
    return book_id


class PayAward(msgspec.Struct, frozen=True, kw_only=True):
    """An award that was paid, and the number of the payment's document."""

    id: UUID
    document: str


async def pay_award(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: PayAward) -> UUID:
    """Write down that an award was paid, once; return its id."""
    award = await selections.award_of(session, asked.id)
    if award is None:
        raise NotFound(what="award")
    book = await book_at(session, award["region_code"])
    if book is None:
        raise NotFound(what="award")
    catalogue = await catalogues.latest(session, book["id"])
    await require_duty(session, permit, catalogue.fund_keepers, book["region_code"])
    if award["paid_at"] is not None:
        raise Refused(CreditProblem.PAID_ALREADY, "id")
    document = demanded(asked.document, "document", LONGEST_WORD)
    await selections.pay(session, asked.id, now(), str(permit.caller.subject), document)
    session.changed("award", asked.id, award["region_code"], paid=True, document=document)
    return asked.id
