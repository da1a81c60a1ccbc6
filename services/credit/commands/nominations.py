"""Who is nominated for a selection, agrees, and is voted for or reviewed: each once, and nobody for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from services.credit.commands.actors import now, require_duty
from services.credit.commands.points import refuse_own
from services.credit.commands.post import open_account
from services.credit.domain.groups import Nature
from services.credit.domain.honours import BEST_MARK, How, Of
from services.credit.domain.periods import local_day
from services.credit.domain.problems import CreditProblem
from services.credit.storage import selection_tables as s
from services.credit.storage import selections
from services.credit.storage.reads import account_of_subject

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.domain.catalogue import Catalogue
    from services.credit.domain.honours import Honour
    from services.credit.storage.catalogues import Catalogues


class Nominate(msgspec.Struct, frozen=True, kw_only=True):
    """Who or what is nominated: a region's code, an account or a duty, as the honour is of."""

    selection_id: UUID
    region_code: str | None = None
    account_id: UUID | None = None
    duty_id: UUID | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a person agrees to stand and to be shown, masked, when chosen."""

    id: UUID
    agree: bool


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the caller votes for."""

    candidate_id: UUID


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A reviewer's mark for a candidate, 1 to 100."""

    candidate_id: UUID
    mark: int


async def locked_selection(
    session: WriteSession, catalogues: Catalogues, id_: UUID, *, lock: str
) -> tuple[RowMapping, Honour, Catalogue]:
    """Lock a selection; return it with its honour and catalogue. Raises NotFound."""
    selection = await selections.selection_of(session, id_, lock=lock)
    if selection is None:
        raise NotFound(what="selection")
    catalogue = await catalogues.get(session, selection["book_id"], selection["catalogue_version"])
    honour = catalogue.honour(selection["honour"])
    if honour is None:
        raise AssertionError("a selection is of an honour of its catalogue")
    return selection, honour, catalogue


async def nominate(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Nominate) -> UUID:
    """Nominate; return the candidate's id. A person who did not nominate themselves is asked first."""
    selection, honour, _ = await locked_selection(session, catalogues, asked.selection_id, lock="share")
    find = {Of.BUILDING: _region, Of.DUTY: _duty}.get(honour.of, _account)
    found = await find(session, permit, honour, selection, asked)
    if selection["state"] != selections.OPEN or local_day(now()) >= selection["nominations_until"]:
        raise Refused(CreditProblem.TOO_LATE, "selectionId")
    id_ = new_id()
    code = found.pop("code")
    row: dict[str, Any] = {
        "id": id_,
        "selection_id": selection["id"],
        "state": selections.STANDING,
        "nominated_by": str(permit.caller.subject),
        "nominated_at": now(),
    } | found
    if not await selections.put(session, s.candidate, row):
        raise Refused(CreditProblem.NOMINATED_ALREADY)
    session.changed("candidate", id_, code, selection=selection["id"], state=row["state"])
    return id_


def _inside(selection: RowMapping, code: str) -> None:
    if not code.startswith(selection["region_code"]):
        raise Refused(CreditProblem.NOT_OF_HERE)


async def _region(
    session: WriteSession, permit: Permit, honour: Honour, selection: RowMapping, asked: Nominate
) -> dict[str, Any]:
    """Find the building that is nominated."""
    if asked.region_code is None:
        raise Refused(CommonProblem.REQUIRED, "regionCode", field="regionCode")
    region = await selections.region_of(session, asked.region_code.strip())
    if region is None:
        raise NotFound(what="region")
    await require_duty(session, permit, honour.nominators, region["code"])
    _inside(selection, region["code"])
    return {"region_id": region["id"], "code": region["code"]}


async def _duty(
    session: WriteSession, permit: Permit, honour: Honour, selection: RowMapping, asked: Nominate
) -> dict[str, Any]:
    """Find the duty that is nominated."""
    if asked.duty_id is None:
        raise Refused(CommonProblem.REQUIRED, "dutyId", field="dutyId")
    duty = await selections.duty_of(session, asked.duty_id, str(honour.title), local_day(now()))
    if duty is None:
        raise NotFound(what="duty")
    await require_duty(session, permit, honour.nominators, duty["region_code"])
    _inside(selection, duty["region_code"])
    if str(duty["person_id"]) == permit.caller.subject:
        raise Refused(CreditProblem.OWN_MATTER)
    return {"region_id": duty["region_id"], "duty_id": duty["id"], "code": duty["region_code"]}


async def _account(
    session: WriteSession, permit: Permit, honour: Honour, selection: RowMapping, asked: Nominate
) -> dict[str, Any]:
    """Find the person who is nominated, by themselves or by a nominator."""
    own = await account_of_subject(session, str(permit.caller.subject))
    wanted = asked.account_id or own
    account = await open_account(session, wanted) if wanted else None
    if account is None or account["nature"] != Nature.NATURAL:
        raise NotFound(what="credit account")
    if wanted == own:
        permit.decided()
    else:
        await require_duty(session, permit, honour.nominators, account["region_code"])
    _inside(selection, account["region_code"])
    if honour.of is Of.FAMILY and await selections.household_stands(session, selection["id"], account["id"]):
        raise Refused(CreditProblem.NOMINATED_ALREADY)
    state = selections.STANDING if wanted == own else selections.ASKED
    return {
        "region_id": account["region_id"],
        "account_id": account["id"],
        "state": state,
        "code": account["region_code"],
    }


async def answer_nomination(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Answer) -> UUID:
    """Agree to stand, or do not; who agreed can think again until it is concluded. Return the candidate's id."""
    candidate = await selections.candidate_of(session, asked.id)
    own = await account_of_subject(session, str(permit.caller.subject))
    if candidate is None or own is None or candidate["account_id"] != own:
        raise NotFound(what="candidate")
    permit.decided()
    selection, _, _ = await locked_selection(session, catalogues, candidate["selection_id"], lock="update")
    current = await selections.candidate_of(session, asked.id)
    state = current["state"] if current else selections.WITHDRAWN
    if asked.agree:
        after = {selections.ASKED: selections.STANDING}.get(state)
        open_ = selection["state"] == selections.OPEN
    else:
        left = (selections.STANDING, selections.CHOSEN, selections.PASSED_OVER)
        after = {selections.ASKED: selections.DECLINED}.get(state, selections.WITHDRAWN if state in left else None)
        open_ = selection["state"] != selections.CONCLUDED
    if after is None or not open_:
        raise Refused(CreditProblem.DECIDED_ALREADY, "id")
    await selections.set_candidate(session, asked.id, state=after, **({} if asked.agree else {"shown": None}))
    session.changed("candidate", asked.id, candidate["region_code"], state=after)
    return asked.id


async def vote_for(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Vote) -> UUID:
    """Vote, once a selection, by who took part before it was opened; return the candidate's id."""
    candidate, selection, honour = await _standing(session, catalogues, asked.candidate_id)
    own = await account_of_subject(session, str(permit.caller.subject))
    account = await open_account(session, own) if own else None
    if account is None or not account["region_code"].startswith(selection["region_code"]):
        raise NotFound(what="selection")
    permit.decided()
    _choosable(candidate, selection, honour, How.VOTE)
    if account["nature"] != Nature.NATURAL or account["opened_at"] > selection["opened_at"]:
        raise Refused(CreditProblem.NO_VOTE)
    if candidate["account_id"] == account["id"]:
        raise Refused(CreditProblem.OWN_MATTER)
    row = {"selection_id": selection["id"], "account_id": account["id"], "candidate_id": candidate["id"]}
    if not await selections.add_ballot(session, row):
        raise Refused(CreditProblem.VOTED_ALREADY)
    # Not for whom: the audit record is read by others.
    session.changed("ballot", selection["id"], account["region_code"])
    return asked.candidate_id


async def review_candidate(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Mark) -> UUID:
    """Give a candidate a mark, once for each reviewer; not by who nominated it, nor for oneself. Return the id."""
    candidate, selection, honour = await _standing(session, catalogues, asked.candidate_id)
    await require_duty(session, permit, honour.reviewers, selection["region_code"])
    _choosable(candidate, selection, honour, How.REVIEW)
    if not 1 <= asked.mark <= BEST_MARK:
        raise Refused(CreditProblem.POINTS_OUT_OF_RANGE, "mark", most=BEST_MARK)
    reviewer = str(permit.caller.subject)
    if reviewer == candidate["nominated_by"]:
        raise Refused(CreditProblem.OWN_RECORD)
    if candidate["account_id"]:
        await refuse_own(session, permit, candidate["account_id"])
    elif candidate["duty_id"] and await selections.person_in(session, candidate["duty_id"]) == reviewer:
        raise Refused(CreditProblem.OWN_MATTER)
    row = {"candidate_id": candidate["id"], "reviewer": reviewer, "mark": asked.mark, "at": now()}
    if not await selections.add_review(session, row):
        raise Refused(CreditProblem.VOTED_ALREADY)
    session.changed("review", candidate["id"], candidate["region_code"], mark=asked.mark)
    return asked.candidate_id


async def _standing(session: WriteSession, catalogues: Catalogues, id_: UUID) -> tuple[RowMapping, RowMapping, Honour]:
    """Return a candidate with its selection, which is held open meanwhile. Raises NotFound."""
    candidate = await selections.candidate_of(session, id_)
    if candidate is None:
        raise NotFound(what="candidate")
    selection, honour, _ = await locked_selection(session, catalogues, candidate["selection_id"], lock="share")
    current = await selections.candidate_of(session, id_)
    return current or candidate, selection, honour


def _choosable(candidate: RowMapping, selection: RowMapping, honour: Honour, how: How) -> None:
    """Refuse unless candidates are chosen like this, now, and this one stands."""
    if honour.how is not how:
        raise Refused(CreditProblem.NOT_CHOSEN_SO)
    today = local_day(now())
    if today < selection["nominations_until"]:
        raise Refused(CreditProblem.PERIOD_NOT_OVER)
    if selection["state"] != selections.OPEN or today >= selection["choice_until"]:
        raise Refused(CreditProblem.TOO_LATE)
    if candidate["state"] != selections.STANDING:
        raise Refused(CreditProblem.NOT_STANDING)
