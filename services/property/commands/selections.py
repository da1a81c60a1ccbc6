"""Mutual choice (双向选择): owners publish terms, companies apply, the committee shortlists, the owners vote."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.property.commands.committee_parts import found, known_standard, of
from services.property.commands.company_staff import require_keeper_or_staff
from services.property.commands.places import lock
from services.property.commands.publishing import publish, store
from services.property.commands.votes import AnnounceVote, AskedItem, place_vote
from services.property.domain.ballots import MOST_ITEMS
from services.property.domain.company_events import SelectionDecided, SelectionPublished
from services.property.domain.content import LONGEST_WORD, now
from services.property.domain.contracts import check_money
from services.property.domain.elections import Standing, Votes, elect
from services.property.domain.problems import PropertyProblem
from services.property.domain.voting import Matter
from services.property.storage import company_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.property.domain.results import Result

_MOST_MONTHS = 120


class PublishSelection(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: terms on which a compound looks for a company; price in 0.01 yuan a square metre and month."""

    compound_id: UUID
    title: str
    most_price: int
    months: int
    terms: str
    apply_by: datetime
    standard: str | None = None


class Apply(msgspec.Struct, frozen=True):
    """What is asked: that a company applies on its own terms."""

    selection_id: UUID
    company_id: UUID
    price: int
    terms: str


class Shortlist(msgspec.Struct, frozen=True):
    """What is asked: which applications go before the owners."""

    selection_id: UUID
    application_ids: tuple[UUID, ...]


class HoldSelection(msgspec.Struct, frozen=True):
    """What is asked: the owners' vote on the shortlisted companies."""

    selection_id: UUID
    opens_at: datetime
    closes_at: datetime
    rule: str | None = None


async def publish_selection(session: WriteSession, permit: Permit, asked: PublishSelection) -> UUID:
    """Publish the terms of a compound and return the selection's id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    if asked.standard is not None:
        await known_standard(session, "service", asked.standard)
    if not 1 <= asked.months <= _MOST_MONTHS or asked.apply_by <= now():
        raise Refused(PropertyProblem.INVALID_PERIOD, "applyBy")
    s = c.selection.c
    going_on = select(s.id).where(s.compound_id == compound["id"], s.status.in_(("published", "shortlisted", "voting")))
    if await session.scalar(going_on) is not None:
        raise Refused(PropertyProblem.SELECTION_EXISTS, "compoundId")
    row = {
        "id": new_id(),
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "status": "published",
        "title": demanded(asked.title, "title"),
        "standard": asked.standard,
        "most_price": check_money(asked.most_price, "mostPrice", least=1),
        "months": asked.months,
        "terms": demanded(asked.terms, "terms", LONGEST_WORD),
        "apply_by": asked.apply_by,
        "events": 1,
    }
    await session.execute(insert(c.selection), row)
    session.changed("selection", row["id"], compound["region_code"], title=row["title"], most_price=asked.most_price)
    event = SelectionPublished(
        **of(row), selection_id=row["id"], title=row["title"], most_price=asked.most_price, apply_by=asked.apply_by
    )
    await publish(session, event, row["id"], 1, compound["region_code"])
    return UUID(str(row["id"]))


async def _selection(session: WriteSession, permit: Permit, id_: UUID, *statuses: str) -> RowMapping:
    row = await lock(session, c.selection, id_, "selection")
    permit.require(row["region_code"], what="selection")
    if row["status"] not in statuses:
        raise Refused(PropertyProblem.WRONG_STAGE, "selectionId", status=row["status"])
    return row


async def apply_for_selection(session: WriteSession, permit: Permit, asked: Apply) -> UUID:
    """Apply for a company and return the selection's id; within the time, and not above the price."""
    selection = await _selection(session, permit, asked.selection_id, "published")
    company = await found(session, t.company, asked.company_id, "company")
    await require_keeper_or_staff(session, permit, company["id"], selection["region_code"])
    if now() > selection["apply_by"]:
        raise Refused(PropertyProblem.APPLICATIONS_OVER, "selectionId")
    if check_money(asked.price, "price", least=1) > selection["most_price"]:
        raise Refused(PropertyProblem.INVALID_AMOUNT, "price")
    a = c.application.c
    mine = (a.selection_id == selection["id"]) & (a.company_id == company["id"])
    if await session.scalar(select(a.id).where(mine)) is not None:
        raise Refused(PropertyProblem.APPLIED_ALREADY, "companyId")
    row = of(
        selection,
        id=new_id(),
        selection_id=selection["id"],
        company_id=company["id"],
        price=asked.price,
        terms=clean(asked.terms, "terms", LONGEST_WORD) or "",
        status="applied",
    )
    await session.execute(insert(c.application), row)
    session.changed("application", row["id"], selection["region_code"], company=company["id"], price=asked.price)
    await store(session, c.selection, selection, None)
    return UUID(str(selection["id"]))


async def shortlist(session: WriteSession, permit: Permit, asked: Shortlist) -> UUID:
    """Shortlist applications, once no more can come; return the selection's id."""
    selection = await _selection(session, permit, asked.selection_id, "published")
    if now() <= selection["apply_by"]:
        raise Refused(PropertyProblem.APPLICATIONS_OPEN, "selectionId")
    a = c.application
    mine = (a.c.selection_id == selection["id"]) & a.c.id.in_(asked.application_ids)
    done = await session.execute(update(a).where(mine).values(status="shortlisted"))
    if not 1 <= done.rowcount == len(set(asked.application_ids)) <= MOST_ITEMS:
        raise Refused(PropertyProblem.NOT_AN_APPLICATION, "applicationIds")
    session.changed("selection", selection["id"], selection["region_code"], shortlisted=done.rowcount)
    await store(session, c.selection, selection, None, status="shortlisted")
    return UUID(str(selection["id"]))


async def hold_selection(session: WriteSession, permit: Permit, asked: HoldSelection) -> UUID:
    """Announce the owners' vote, each company a matter by item 4 of article 278; return the selection's id."""
    before = await found(session, c.selection, asked.selection_id, "selection")
    compound = await lock(session, t.compound, before["compound_id"], "compound")
    selection = await _selection(session, permit, asked.selection_id, "shortlisted")
    a, company = c.application.c, t.company.c
    listed = (
        select(a.id, a.price, company.name)
        .join(t.company, company.id == a.company_id)
        .where(a.selection_id == selection["id"], a.status == "shortlisted")
        .order_by(a.id)
    )
    applications = list(await session.rows(listed))
    items = tuple(AskedItem(Matter.MANAGER.value, _matter(row)) for row in applications)
    vote = AnnounceVote(
        compound_id=compound["id"],
        title=selection["title"],
        items=items,
        opens_at=asked.opens_at,
        closes_at=asked.closes_at,
        rule=asked.rule,
    )
    vote_id = await place_vote(session, compound, vote)
    for position, row in enumerate(applications):
        await session.execute(update(c.application).where(a.id == row["id"]).values(position=position))
    session.changed("selection", selection["id"], selection["region_code"], vote=vote_id)
    await store(session, c.selection, selection, None, status="voting", vote_id=vote_id)
    return UUID(str(selection["id"]))


def _matter(row: RowMapping) -> str:
    return f"{row['name']}，{row['price'] // 100}.{row['price'] % 100:02d} 元/平方米·月"


async def conclude_selection(session: WriteSession, vote: RowMapping, results: Sequence[Result]) -> None:
    """Note which company the owners chose, if the vote was a selection; equal votes choose none."""
    found_row = await session.row(select(c.selection).where(c.selection.c.vote_id == vote["id"]).with_for_update())
    if found_row is None:
        return
    a = c.application.c
    stood = select(c.application).where(a.selection_id == found_row["id"], a.position.is_not(None)).order_by(a.position)
    applications = list(await session.rows(stood))
    votes = [Votes(results[row["position"]].outcome.passed, results[row["position"]].yes) for row in applications]
    chosen = None
    for row, standing in zip(applications, elect(votes, 1), strict=True):
        is_chosen = standing is Standing.ELECTED
        chosen = row["company_id"] if is_chosen else chosen
        status = "chosen" if is_chosen else "not_chosen"
        await session.execute(update(c.application).where(a.id == row["id"]).values(status=status))
    event = SelectionDecided(
        **of(found_row), selection_id=found_row["id"], company_id=chosen, applications=len(applications)
    )
    status = "chosen" if chosen else "failed"
    await store(session, c.selection, found_row, event, status=status)
    session.changed("selection", found_row["id"], found_row["region_code"], status=status, company=chosen)
