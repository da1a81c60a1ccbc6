"""Lists of bodies with notice, objection and repair; quarterly rankings; monthly publicity of totals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import select

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.credit.commands import rounds
from services.credit.commands.actors import now, require_duty
from services.credit.commands.post import locked, post
from services.credit.domain.catalogue import Period
from services.credit.domain.content import LONGEST_WORD
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import REVERSIBLE, Kind, reverse
from services.credit.domain.lists import Colour, Grade, checked_term, repairable_on
from services.credit.domain.periods import after_months, local_day, period_of
from services.credit.domain.problems import CreditProblem
from services.credit.storage import governance
from services.credit.storage import governance_tables as g
from services.credit.storage import tables as t
from services.credit.storage.ledger import Said, posted, with_lots
from services.credit.storage.reads import account_of_subject

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.domain.catalogue import Catalogue
    from services.credit.storage.catalogues import Catalogues

_UPHELD, _REPAIRED = "objection upheld", "repaired"


class List(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a body goes on a list after the notice, for so many months, on a written basis."""

    account_id: UUID
    colour: Colour
    grade: Grade
    reason: str
    document: str
    article: str
    months: int


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """An objection to a posting or a listing."""

    reason: str
    posting_id: UUID | None = None
    listing_id: UUID | None = None


class DecideObjection(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of an objection, and why."""

    id: UUID
    uphold: bool
    decision: str


class ForPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A district, and any day of the quarter or month."""

    district_code: str
    day: date


async def list_body(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: List) -> UUID:
    """Give notice that a body goes on a list; return the listing's id. People are on no list: they are not found."""
    row = await locked(session, asked.account_id)
    if row["nature"] == Nature.NATURAL:
        raise NotFound(what="credit account")
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    await require_duty(session, permit, catalogue.listers, row["region_code"])
    at = now()
    starts_on = local_day(at) + timedelta(days=catalogue.notice_days)
    id_ = new_id()
    values = {
        "id": id_,
        "account_id": row["id"],
        "nature": row["nature"],
        "colour": asked.colour.value,
        "grade": asked.grade.value,
        "reason": demanded(asked.reason, "reason", LONGEST_WORD),
        "document": demanded(asked.document, "document", LONGEST_WORD),
        "article": demanded(asked.article, "article", LONGEST_WORD),
        "recorded_by": str(permit.caller.subject),
        "noticed_at": at,
        "starts_on": starts_on,
        "ends_on": checked_term(asked.colour, asked.grade, starts_on, asked.months),
    }
    await governance.put(session, g.listing, values)
    session.changed("listing", id_, row["region_code"], account=row["id"], colour=asked.colour, starts_on=starts_on)
    return id_


async def repair_listing(session: WriteSession, permit: Permit, catalogues: Catalogues, id_: UUID) -> UUID:
    """Take a body off the grey list because it put the matter right (信用修复), after the shortest term."""
    listing, row, catalogue = await _listing(session, catalogues, id_)
    await require_duty(session, permit, catalogue.arbiters, row["region_code"])
    today = local_day(now())
    from_ = repairable_on(Grade(listing["grade"]), listing["starts_on"])
    if listing["colour"] == Colour.GREY and today < from_:
        raise Refused(CreditProblem.REPAIR_TOO_EARLY, "id", day=from_)
    await governance.take_off(session, id_, today, str(permit.caller.subject), _REPAIRED)
    session.changed("listing", id_, row["region_code"], removed=today)
    return id_


async def _listing(
    session: WriteSession, catalogues: Catalogues, id_: UUID
) -> tuple[RowMapping, RowMapping, Catalogue]:
    listing = await governance.listing_of(session, id_)
    if listing is None:
        raise NotFound(what="listing")
    row = await locked(session, listing["account_id"])
    return listing, row, await catalogues.numbered(session, row["book_id"], row["catalogue"])


async def object_(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Object) -> UUID:
    """Object to a posting or a listing, by its holder or for a body by who registers bodies; return the objection's id.

    From then until it is decided, a listing is not shown and a deduction does not count.
    """
    if (asked.posting_id is None) is (asked.listing_id is None):
        raise Refused(CreditProblem.OBJECT_TO_ONE)
    account_id, since = await _object_of(session, asked)
    own = await account_of_subject(session, str(permit.caller.subject))
    row = await locked(session, account_id)
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    if account_id == own:
        permit.decided()
    elif row["nature"] == Nature.NATURAL:
        raise NotFound(what="posting")
    else:
        await require_duty(session, permit, catalogue.registrars, row["region_code"])
    at = now()
    if at > since + timedelta(days=catalogue.objection_days):
        raise Refused(CreditProblem.OBJECTION_TOO_LATE, days=catalogue.objection_days)
    if await governance.objected(session, asked.posting_id, asked.listing_id):
        raise Refused(CreditProblem.OBJECTED_ALREADY)
    id_ = new_id()
    values = {
        "id": id_,
        "account_id": account_id,
        "posting_id": asked.posting_id,
        "listing_id": asked.listing_id,
        "reason": demanded(asked.reason, "reason", LONGEST_WORD),
        "raised_by": "holder" if account_id == own else str(permit.caller.subject),
        "raised_at": at,
        "state": governance.OPEN,
    }
    await governance.put(session, g.objection, values)
    session.changed("objection", id_, row["region_code"], account=account_id, reason=None)
    return id_


async def _object_of(session: WriteSession, asked: Object) -> tuple[UUID, datetime]:
    """Return the account that an objection is about, and when what it is to was done."""
    if asked.listing_id is not None:
        listing = await governance.listing_of(session, asked.listing_id)
        if listing is None:
            raise NotFound(what="listing")
        return listing["account_id"], listing["noticed_at"]
    found = await posted(session, asked.posting_id) if asked.posting_id else None
    if found is None:
        raise NotFound(what="posting")
    return found[0]["account_id"], found[0]["at"]


async def decide_objection(
    session: WriteSession, permit: Permit, catalogues: Catalogues, asked: DecideObjection
) -> UUID:
    """Uphold or dismiss an objection; return its id. What was objected to is not decided by who did it."""
    before = await governance.objection_of(session, asked.id)
    if before is None:
        raise NotFound(what="objection")
    row = await locked(session, before["account_id"])
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    await require_duty(session, permit, catalogue.arbiters, row["region_code"])
    current = await governance.objection_of(session, asked.id)
    if current is None or current["state"] != governance.OPEN:
        raise Refused(CreditProblem.DECIDED_ALREADY, "id")
    actor, at = str(permit.caller.subject), now()
    if actor in await _doers(session, current):
        raise Refused(CreditProblem.OWN_RECORD)
    decision = demanded(asked.decision, "decision", LONGEST_WORD)
    if asked.uphold and current["listing_id"]:
        await governance.take_off(session, current["listing_id"], local_day(at), actor, _UPHELD)
    elif asked.uphold:
        await _take_back(session, row, current["posting_id"], actor, at)
    state = governance.UPHELD if asked.uphold else governance.DISMISSED
    decided = {"state": state, "decided_by": actor, "decided_at": at, "decision": decision}
    await governance.decide(session, asked.id, decided)
    session.changed("objection", asked.id, row["region_code"], state=state)
    return asked.id


async def _doers(session: WriteSession, objection: RowMapping) -> set[str | None]:
    """Return who did what is objected to."""
    if objection["listing_id"]:
        listing = await governance.listing_of(session, objection["listing_id"])
        return {listing["recorded_by"]} if listing else set()
    found = await posted(session, objection["posting_id"])
    return {found[0]["recorded_by"], found[0]["approved_by"]} if found else set()


async def _take_back(session: WriteSession, row: RowMapping, posting_id: UUID, actor: str, at: datetime) -> None:
    """Reverse what an objection was rightly raised against, when there is anything to reverse."""
    found = await posted(session, posting_id)
    if found is None or Kind(found[0]["kind"]) not in REVERSIBLE:
        return
    account = await with_lots(session, row)
    posting = reverse(account, posting_id, Kind(found[0]["kind"]), found[1])
    said = Said(at=at, recorded_by=actor, item=found[0]["item"], catalogue_version=found[0]["catalogue_version"])
    if await post(session, row, account, posting, said) is None:
        raise Refused(CreditProblem.ALREADY_REVERSED, "id")


async def keepers_book(
    session: WriteSession, permit: Permit, catalogues: Catalogues, code: str
) -> tuple[RowMapping, Catalogue]:
    """Return a district's book and catalogue in force, of whose fund the caller is a keeper."""
    book = await session.row(select(t.book).where(t.book.c.region_code == code.strip()))
    if book is None:
        raise NotFound(what="book of points")
    catalogue = await catalogues.latest(session, book["id"])
    await require_duty(session, permit, catalogue.fund_keepers, book["region_code"])
    return book, catalogue


async def rank_grids(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: ForPeriod) -> UUID:
    """Rank a district's grids by their people's mean points of a quarter that is over, once; return the book's id."""
    book, catalogue = await keepers_book(session, permit, catalogues, asked.district_code)
    first, after = period_of(asked.day, Period.QUARTER)
    if local_day(now()) < after:
        raise Refused(CreditProblem.PERIOD_NOT_OVER, "day")
    await rounds.rank(session, book, first, catalogue.red_flags)
    book_id: UUID = book["id"]
    return book_id


async def publish_month(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: ForPeriod) -> UUID:
    """Publish a month that is over (一月一公示), once; return the publicity's id."""
    book, _ = await keepers_book(session, permit, catalogues, asked.district_code)
    first, at = asked.day.replace(day=1), now()
    if local_day(at) < after_months(first, 1):
        raise Refused(CreditProblem.PERIOD_NOT_OVER, "day")
    return await rounds.publish(session, permit.context.cipher, book, first, at)
