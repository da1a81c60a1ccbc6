"""Points by rule: what other services tell gives points by itself, once for each event and account.

An event that comes again finds its cause posted. Who has no account, whose group the item is not for, or whose account
was opened after it happened, earns nothing; what would go beyond a ceiling is not given.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import Text, cast, or_, select

from chassis.database import WriteSession
from chassis.events.consumer import AnyOrder
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.records import write_audit
from services.credit.commands.points import check_ceiling
from services.credit.commands.post import locked, post
from services.credit.domain.catalogue import Deduction, Reward, Source
from services.credit.domain.ledger import BodyAccount, deduct, earn
from services.credit.domain.periods import expiry, local_day
from services.credit.storage import tables as t
from services.credit.storage.catalogues import Catalogues
from services.credit.storage.ledger import Said, account_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope
    from services.credit.domain.ledger import Account, Posting

_BY = "system:rule"
_GRID = 15
_catalogues = Catalogues()

Rule = Reward | Deduction
"""An item that an event can give, or count against a body."""


class TicketTold(msgspec.Struct, frozen=True, rename="camel"):
    """`tickets.ticket.evaluated` and `deliberated`, as far as they matter."""

    region_code: str
    rating: int | None = None


class PersonTold(msgspec.Struct, frozen=True, rename="camel"):
    """Events of org that name one person, as far as they matter."""

    person_id: UUID


class AssessmentTold(msgspec.Struct, frozen=True, rename="camel"):
    """`property.assessment.concluded`, as far as it matters."""

    assessment_id: UUID
    credit_code: str
    grade: str


class PeopleTold(msgspec.Struct, frozen=True, rename="camel"):
    """`tickets.deliberation.session_held`, as far as it matters."""

    people: tuple[UUID, ...]


def _by_ticket(source: Source) -> Handler:
    """Return what rewards who holds the named duty in the grid of a ticket; a rating must be good enough."""

    async def handle(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        session = WriteSession(connection)
        for event in events:
            told = msgspec.json.decode(event.data, type=TicketTold)
            for book_id, item, version in await _rules(session, event, source):
                cause = item.cause
                if cause and cause.title and (told.rating is None or told.rating >= cause.rating):
                    day = local_day(event.time)
                    for subject in await _holders(session, cause.title, told.region_code[:_GRID], day):
                        await _give(session, book_id, item, version, _of_person(subject), event)
        await write_audit(session, _BY, "earnByRule")

    return AnyOrder(handle)


def _by_person(source: Source) -> Handler:
    """Return what rewards the person whom an event names."""

    def named(event: Envelope) -> tuple[UUID, ...]:
        return (msgspec.json.decode(event.data, type=PersonTold).person_id,)

    return _by_people(source, named)


def _who_came(event: Envelope) -> tuple[UUID, ...]:
    return msgspec.json.decode(event.data, type=PeopleTold).people


def _by_people(source: Source, named: Callable[[Envelope], tuple[UUID, ...]]) -> Handler:
    """Return what rewards every person whom an event names."""

    async def handle(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        session = WriteSession(connection)
        for event in events:
            for book_id, item, version in await _rules(session, event, source):
                # In one order everywhere, as each account's row is locked.
                for person in sorted(named(event)):
                    await _give(session, book_id, item, version, _of_person(str(person)), event)
        await write_audit(session, _BY, "earnByRule")

    return AnyOrder(handle)


async def company_assessed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Let the result of an assessment count for the company, or against it; its publicity was the notice."""
    session = WriteSession(connection)
    for event in events:
        told = msgspec.json.decode(event.data, type=AssessmentTold)
        whose = t.holder.c.credit_code == told.credit_code
        for book_id, item, version in await _rules(session, event, Source.COMPANY_ASSESSED):
            if item.cause and told.grade in item.cause.grades:
                await _give(session, book_id, item, version, whose, event, evidence=f"assessment {told.assessment_id}")
    await write_audit(session, _BY, "earnByRule")


async def _rules(session: WriteSession, event: Envelope, source: Source) -> list[tuple[UUID, Rule, int]]:
    """Return the items that events of a kind give in the event's district, with book and catalogue's version."""
    b = t.book.c
    found: list[tuple[UUID, Rule, int]] = []
    # More than one where districts were merged: everybody earns by the book that they are in.
    for row in await session.rows(select(b.id).where(b.region_code == event.regioncode[:6]).order_by(b.id)):
        try:
            catalogue = await _catalogues.latest(session, row["id"])
        except Refused:
            continue
        items: tuple[Rule, ...] = (*catalogue.rewards, *catalogue.deductions)
        found += [(row["id"], item, catalogue.version) for item in items if item.cause and item.cause.source is source]
    return found


async def _holders(session: WriteSession, title: str, region_code: str, day: date) -> list[str]:
    d = t.duty.c
    in_force = or_(d.valid_to.is_(None), d.valid_to > day)
    held = select(cast(d.person_id, Text).label("subject")).where(
        d.title == title, d.region_code == region_code, d.valid_from <= day, in_force
    )
    return [row["subject"] for row in await session.rows(held.order_by(d.person_id))]


def _of_person(subject: str) -> ColumnElement[bool]:
    whose: ColumnElement[bool] = t.holder.c.subject == subject
    return whose


async def _give(
    session: WriteSession,
    book_id: UUID,
    item: Rule,
    version: int,
    whose: ColumnElement[bool],
    event: Envelope,
    *,
    evidence: str | None = None,
) -> None:
    h, a = t.holder.c, t.account.c
    mine = select(h.account_id).join(t.account, a.id == h.account_id)
    id_ = await session.scalar(mine.where(whose, a.book_id == book_id, a.opened_at <= event.time))
    if id_ is None:
        return
    digest = hashlib.sha256(evidence.encode()).digest() if evidence else None
    said = Said(
        at=event.time,
        recorded_by=_BY,
        item=item.code,
        catalogue_version=version,
        cause=f"{event.id} {item.code} {id_}",
        evidence=digest,
    )
    try:
        async with session.connection.begin_nested():
            row = await locked(session, id_)
            account = account_of(row)
            if not item.is_for(row["group_code"]):
                raise _NotGivenError  # noqa: TRY301 (it takes back the savepoint)
            posting = await _posting(session, account, item, local_day(event.time))
            if await post(session, row, account, posting, said, causation_id=str(event.id)) is None:
                raise _NotGivenError  # noqa: TRY301 (it takes back the savepoint)
    except (Refused, _NotGivenError):
        return


async def _posting(session: WriteSession, account: Account, item: Rule, today: date) -> Posting:
    """Return what an item gives, or takes from a body."""
    if isinstance(item, Reward):
        await check_ceiling(session, account.id, item, today)
        return earn(account, item.points, new_id(), expiry(today, item.valid_months))
    if not isinstance(account, BodyAccount):
        raise _NotGivenError
    return deduct(account, item.points)


class _NotGivenError(Exception):
    """Nothing is given, and nothing of the attempt stays."""


ORG_HANDLERS: dict[str, Handler] = {
    "linli.org.team.member_joined.v1": _by_person(Source.TEAM_JOINED),
    "linli.org.check_in.begun.v1": _by_person(Source.CHECKED_IN),
    "linli.org.muster.assigned.v1": _by_person(Source.MUSTERED),
}
TICKET_HANDLERS: dict[str, Handler] = {
    "linli.tickets.ticket.evaluated.v1": _by_ticket(Source.TICKET_WELL_EVALUATED),
    "linli.tickets.ticket.deliberated.v1": _by_ticket(Source.DELIBERATION_HELD),
    "linli.tickets.deliberation.session_held.v1": _by_people(Source.SESSION_ATTENDED, _who_came),
}
PROPERTY_HANDLERS: dict[str, Handler] = {
    "linli.property.assessment.concluded.v1": AnyOrder(company_assessed),
}
