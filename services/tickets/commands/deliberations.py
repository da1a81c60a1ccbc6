"""Deliberate: take a matter up, convene and hold sessions, resolve, tell what came of it (议事协商)."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.tickets.access import COUNCIL
from services.tickets.commands.actors import actor_of, now, sees_in
from services.tickets.commands.publishing import publish_about
from services.tickets.commands.raise_ticket import region_in_force
from services.tickets.domain import deliberation as rules
from services.tickets.domain import deliberation_events as events
from services.tickets.domain.content import LONGEST_TITLE, LONGEST_WORD
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.session_kind import check_kind
from services.tickets.storage import tables as t
from services.tickets.storage.deliberations import standing_of
from services.tickets.storage.session_kinds import session_kinds

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.storage.processes import Processes


class BeginDeliberation(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a matter is deliberated in a region, by parties; perhaps about a ticket."""

    region_code: str
    matter: str
    parties: tuple[rules.Party, ...]
    ticket_id: UUID | None = None


class ConveneSession(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a session at a place and time."""

    id: UUID
    form: rules.Form
    place: str
    starts_at: datetime
    station_id: UUID | None = None
    kind: str | None = None
    """Code of a kind of session that the practice has."""


class HoldSession(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a session was held: who came, who was invited and did not, what the parties said."""

    session_id: UUID
    attendees: tuple[rules.Attendee, ...]
    opinions: tuple[rules.Opinion, ...] = ()


class ResolveDeliberation(msgspec.Struct, frozen=True):
    """What is asked: a deliberation comes to its end."""

    id: UUID
    expected_version: int
    resolution: str
    agreed: bool


class FollowUp(msgspec.Struct, frozen=True):
    """What is asked: what came of a resolution."""

    id: UUID
    expected_version: int
    follow_up: str


async def begin_deliberation(
    session: WriteSession, permit: Permit, processes: Processes, asked: BeginDeliberation
) -> UUID:
    """Take a matter up and return the deliberation's id."""
    region = await region_in_force(session, permit, asked.region_code.strip())
    await _require(session, permit, region["code"], "region")
    parties = rules.checked_parties(asked.parties)
    matter = demanded(asked.matter, "matter", LONGEST_TITLE)
    await _check_ticket(session, permit, processes, asked.ticket_id, region["code"])
    id_, at = new_id(), now()
    row = {"id": id_, "region_id": region["id"], "region_code": region["code"], "ticket_id": asked.ticket_id}
    more = {"matter": matter, "parties": [one.value for one in parties], "begun_at": at, "version": 1}
    await session.execute(insert(t.deliberation), row | more)
    session.changed("deliberation", id_, region["code"], matter=None)
    await publish_about(session, events.DeliberationBegun(**_about(row), parties=parties), id_, 1, region["code"], at)
    return id_


async def convene_session(session: WriteSession, permit: Permit, asked: ConveneSession) -> UUID:
    """Convene a session and return the deliberation's id."""
    row = await _locked(session, permit, asked.id)
    place = demanded(asked.place, "place", LONGEST_TITLE)
    rules.check_convened(await standing_of(session, row), asked.starts_at, now())
    check_kind(await session_kinds(session), asked.kind, asked.starts_at)
    id_ = new_id()
    values = {
        "id": id_,
        "deliberation_id": row["id"],
        "region_id": row["region_id"],
        "region_code": row["region_code"],
        "form": asked.form.value,
        "kind": asked.kind,
        "place": place,
        "station_id": asked.station_id,
        "starts_at": asked.starts_at,
    }
    await session.execute(insert(t.deliberation_session), values)
    event = events.SessionConvened(
        **_about(row),
        session_id=id_,
        form=asked.form,
        kind=asked.kind,
        station_id=asked.station_id,
        starts_at=asked.starts_at,
    )
    return await _advance(session, row, event, convened=str(id_))


async def hold_session(session: WriteSession, permit: Permit, asked: HoldSession) -> UUID:
    """Record a session that was held, once, and return the deliberation's id."""
    s = t.deliberation_session
    found = await session.row(select(s.c.deliberation_id).where(s.c.id == asked.session_id))
    if found is None:
        raise NotFound(what="session")
    row = await _locked(session, permit, found["deliberation_id"])
    # Read after the deliberation was locked: another may have recorded it just before.
    one = await session.row(select(s).where(s.c.id == asked.session_id))
    if one is None or one["held_at"] is not None:
        raise Refused(TicketProblem.ALREADY_DONE)
    at = now()
    standing = await standing_of(session, row)
    opinions = rules.checked_session(standing, asked.attendees, asked.opinions, starts_at=one["starts_at"], now=at)
    await session.execute(update(s).where(s.c.id == one["id"]).values(held_at=at))
    place = {"session_id": one["id"], "region_id": row["region_id"], "region_code": row["region_code"]}
    people = [
        place | {"person_id": who.person_id, "party": who.party.value, "came": who.came} for who in asked.attendees
    ]
    await session.execute(insert(t.deliberation_attendee), people)
    if said := [
        place
        | {"position": position, "party": what.party.value, "text": what.text, "agrees": what.agrees}
        | {"person_id": what.person_id}
        for position, what in enumerate(opinions)
    ]:
        await session.execute(insert(t.deliberation_opinion), said)
    came = [who for who in asked.attendees if who.came]
    event = events.SessionHeld(
        **_about(row),
        session_id=one["id"],
        form=rules.Form(one["form"]),
        kind=one["kind"],
        station_id=one["station_id"],
        starts_at=one["starts_at"],
        people=tuple(who.person_id for who in came),
        parties=tuple(party for party in standing.parties if any(who.party is party for who in came)),
    )
    return await _advance(session, row, event, held=str(one["id"]), came=len(came))


async def resolve_deliberation(session: WriteSession, permit: Permit, asked: ResolveDeliberation) -> UUID:
    """Put the result of a deliberation down."""
    row = await _locked(session, permit, asked.id)
    rules.check_version(row["version"], asked.expected_version)
    rules.check_resolved(await standing_of(session, row))
    resolution = demanded(asked.resolution, "resolution", LONGEST_WORD)
    values = {"resolution": resolution, "agreed": asked.agreed, "resolved_at": now()}
    await session.execute(update(t.deliberation).where(t.deliberation.c.id == row["id"]).values(**values))
    event = events.DeliberationResolved(**_about(row), is_agreed=asked.agreed)
    return await _advance(session, row, event, agreed=asked.agreed)


async def follow_up(session: WriteSession, permit: Permit, asked: FollowUp) -> UUID:
    """Put down what came of a resolution."""
    row = await _locked(session, permit, asked.id)
    rules.check_version(row["version"], asked.expected_version)
    rules.check_followed_up(await standing_of(session, row))
    values = {"follow_up": demanded(asked.follow_up, "followUp", LONGEST_WORD), "followed_up_at": now()}
    await session.execute(update(t.deliberation).where(t.deliberation.c.id == row["id"]).values(**values))
    return await _advance(session, row, events.DeliberationFollowedUp(**_about(row)), follow_up=None)


async def _locked(session: WriteSession, permit: Permit, id_: UUID) -> RowMapping:
    d = t.deliberation
    row = await session.row(select(d).where(d.c.id == id_).with_for_update())
    if row is None:
        raise NotFound(what="deliberation")
    await _require(session, permit, row["region_code"], "deliberation")
    return row


async def _require(session: WriteSession, permit: Permit, code: str, what: str) -> None:
    """Refuse who has no role for it there, or does not hold the duty by org's register."""
    permit.require(code, what=what)
    actor = await actor_of(session, permit.caller, code)
    if not any(duty.title in COUNCIL and code.startswith(duty.region_code) for duty in actor.duties):
        raise Forbidden(operation=permit.operation)


async def _advance(session: WriteSession, row: RowMapping, event: events.DeliberationEvent, **changed: Any) -> UUID:
    """Count a change of a deliberation whose row is locked, and tell of it."""
    version = row["version"] + 1
    await session.execute(update(t.deliberation).where(t.deliberation.c.id == row["id"]).values(version=version))
    session.changed("deliberation", row["id"], row["region_code"], **changed)
    await publish_about(session, event, row["id"], version, row["region_code"], now())
    id_: UUID = row["id"]
    return id_


async def _check_ticket(
    session: WriteSession, permit: Permit, processes: Processes, ticket_id: UUID | None, code: str
) -> None:
    """Refuse a ticket that the caller does not see, or that is about somewhere else. Raises NotFound."""
    if ticket_id is None:
        return
    k = t.ticket.c
    row = await session.row(select(k.process, k.region_code, k.requester).where(k.id == ticket_id))
    seen = await sees_in(session, permit.caller, processes)
    if row is None or not seen.sees(row["process"], row["region_code"], row["requester"]):
        raise NotFound(what="ticket")
    if not row["region_code"].startswith(code):
        raise Refused(TicketProblem.TICKET_ELSEWHERE, "ticketId", code=code)


def _about(row: RowMapping | dict[str, Any]) -> dict[str, Any]:
    return {"deliberation_id": row["id"]} | {name: row[name] for name in ("ticket_id", "region_id", "region_code")}
