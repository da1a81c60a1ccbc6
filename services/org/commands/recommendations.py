"""Recommend people for duties: open, nominate, let the branch vote in secret, count, withdraw; and what expires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from services.org.access import is_person, require_own_or
from services.org.commands.handing_over import hand_over_rows
from services.org.commands.overdue import end_overdue
from services.org.commands.places import find, hold_organisation, lock, lock_region, region_in_force
from services.org.commands.posts import find_title
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place_of
from services.org.domain import recommendation_events as events
from services.org.domain.people import PartyStatus
from services.org.domain.periods import today
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import (
    OPEN,
    RecommendationRule,
    State,
    check_ballot,
    check_closed,
    check_nominee,
    check_post,
    check_reason,
    check_recommended,
    check_state,
    check_vote_opens,
    counted,
)
from services.org.storage import tables as t
from services.org.storage.in_force import in_force

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import Database, WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit

End = Literal["ASSIGNED", "WITHDRAWN", "EXPIRED"]


class OpenRecommendation(msgspec.Struct, frozen=True):
    """What is asked: people can be nominated for a duty in a region, and a branch will vote on them."""

    title: str
    region_code: str
    organisation_id: UUID


class Nominate(msgspec.Struct, frozen=True):
    """What is asked: somebody is nominated."""

    id: UUID
    person_id: UUID
    reason: str | None = None


class OpenBranchVote(msgspec.Struct, frozen=True):
    """What is asked: the members of the branch vote until a time."""

    id: UUID
    expected_version: int
    closes_at: datetime


class CastBranchVote(msgspec.Struct, frozen=True):
    """What is asked: a member's ballot; None names nobody."""

    id: UUID
    person_id: UUID | None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: no digest from which the choice could be guessed."""
        return {"asked": cipher.blind_index(msgspec.json.encode(self).decode())}


class CountBranchVote(msgspec.Struct, frozen=True):
    """What is asked: a vote is counted."""

    id: UUID
    expected_version: int


class WithdrawRecommendation(msgspec.Struct, frozen=True):
    """What is asked: nothing is to come of a recommendation."""

    id: UUID
    expected_version: int
    reason: str


async def open_recommendation(session: WriteSession, permit: Permit, asked: OpenRecommendation) -> UUID:
    """Open a recommendation; one post has one at a time."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    title = await find_title(session, asked.title)
    rule = await session.row(select(t.recommendation_rule).where(t.recommendation_rule.c.title == asked.title))
    if rule is None:
        raise Refused(OrgProblem.NO_RECOMMENDATION_RULE, "title", title=asked.title)
    branch = await hold_organisation(session, asked.organisation_id, "organisationId")
    if branch["dissolved_on"] is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, "organisationId", date=branch["dissolved_on"])
    check_post(title, region.code, region.level, branch["region_code"])
    r = t.recommendation
    there = select(r.c.id).where(r.c.region_id == region.id, r.c.title == asked.title, r.c.state.in_(OPEN))
    if await session.row(there) is not None:
        raise Refused(OrgProblem.RECOMMENDATION_OPEN, "title")
    row: dict[str, Any] = {
        "id": new_id(),
        "region_id": region.id,
        "region_code": region.code,
        "title": asked.title,
        "organisation_id": asked.organisation_id,
        "state": State.NOMINATING.value,
        "opened_on": today(),
        "expires_on": today() + timedelta(days=rule["days"]),
        "turnout_percent": rule["turnout_percent"],
        "agree_percent": rule["agree_percent"],
    }
    await session.execute(insert(r), row)
    session.changed("recommendation", row["id"], region.code, title=asked.title, organisation=asked.organisation_id)
    event = events.RecommendationOpened(
        recommendation_id=row["id"],
        title=asked.title,
        organisation_id=asked.organisation_id,
        region_id=region.id,
        region_code=region.code,
    )
    await publish(session, event, event.recommendation_id, 1, region.code)
    return event.recommendation_id


async def nominate(session: WriteSession, permit: Permit, asked: Nominate) -> UUID:
    """Nominate somebody: themselves, or by who works in the grid."""
    row = await lock(session, t.recommendation, asked.id, "recommendation")
    require_own_or(permit, asked.person_id, "nominateAnother", row["region_code"], what="recommendation")
    check_state(State(row["state"]), State.NOMINATING)
    person = await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    title = await find_title(session, row["title"])
    nominated = await _nominees(session, asked.id)
    check_nominee(title, PartyStatus(person["party_status"]), asked.person_id, nominated)
    reason = check_reason(asked.reason) if asked.reason else None
    new = {"recommendation_id": asked.id, "person_id": asked.person_id, "region_code": row["region_code"]}
    await session.execute(insert(t.nominee), {**new, "reason": reason})
    event = events.PersonNominated(recommendation_id=asked.id, person_id=asked.person_id, **place_of(row))
    return await _change(session, row, {}, event, nominated=asked.person_id)


async def open_branch_vote(session: WriteSession, permit: Permit, asked: OpenBranchVote) -> UUID:
    """Open the vote: the party members who hold a duty in the branch today may vote, and nobody who comes later."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    check_state(State(row["state"]), State.NOMINATING)
    electors = await _members(session, row["organisation_id"])
    nominees = await _nominees(session, asked.id)
    check_vote_opens(len(nominees), len(electors), datetime.now(UTC), asked.closes_at, row["expires_on"])
    roll = [{"recommendation_id": asked.id, "person_id": one, "region_code": row["region_code"]} for one in electors]
    await session.execute(insert(t.elector), roll)
    event = events.BranchVoteOpened(
        recommendation_id=asked.id, electors=len(electors), closes_at=asked.closes_at, **place_of(row)
    )
    values = {"state": State.VOTING.value, "closes_at": asked.closes_at, "electors": len(electors)}
    return await _change(session, row, values, event, electors=len(electors), closes_at=asked.closes_at)


async def cast_branch_vote(session: WriteSession, permit: Permit, asked: CastBranchVote) -> UUID:
    """Take a member's ballot: that they voted is noted, and apart from it what somebody voted."""
    r = t.recommendation
    # Shared: ballots do not wait for each other, and the count waits for all of them.
    row = await session.row(select(r).where(r.c.id == asked.id).with_for_update(read=True))
    if row is None:
        raise NotFound(what="recommendation")
    e, person = t.elector, permit.caller.subject
    mine = select(e).where(e.c.recommendation_id == asked.id).with_for_update()
    try:
        roll = await session.row(mine.where(e.c.person_id == UUID(str(person))))
    except ValueError:
        roll = None
    if roll is None or not is_person(permit.caller, roll["person_id"]):
        raise Forbidden(operation=permit.operation)
    permit.require(row["region_code"], what="recommendation")
    check_state(State(row["state"]), State.VOTING)
    if datetime.now(UTC) >= row["closes_at"]:
        raise Refused(OrgProblem.RECOMMENDATION_STATE, "id", state="CLOSED")
    choice = check_ballot(asked.person_id, await _nominees(session, asked.id), has_voted=roll["has_voted"])
    voted = update(e).where(e.c.recommendation_id == asked.id, e.c.person_id == roll["person_id"])
    await session.execute(voted.values(has_voted=True))
    # A drawn id, not one of the time: nothing of a ballot's row says when it was given.
    sealed = {"id": uuid4(), "recommendation_id": asked.id, "region_code": row["region_code"]}
    await session.execute(insert(t.ballot), {**sealed, "choice": permit.context.cipher.encrypt(str(choice))})
    session.changed("recommendation", asked.id, row["region_code"], ballot=None)
    return asked.id


async def count_branch_vote(session: WriteSession, permit: Permit, asked: CountBranchVote) -> UUID:
    """Count the ballots and destroy them; who is recommended follows from the rule."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    check_state(State(row["state"]), State.VOTING)
    b, cipher = t.ballot, permit.context.cipher
    sealed = await session.rows(select(b.c.choice).where(b.c.recommendation_id == asked.id))
    check_closed(datetime.now(UTC), row["closes_at"], everybody_voted=len(sealed) == row["electors"])
    rule = RecommendationRule(row["title"], row["turnout_percent"], row["agree_percent"], 0)
    ballots = [UUID(cipher.decrypt(one["choice"])) for one in sealed]
    result = counted(ballots, await _nominees(session, asked.id), row["electors"], rule)
    await session.execute(delete(b).where(b.c.recommendation_id == asked.id))
    n = t.nominee
    for person, votes in result.votes.items():
        theirs = (n.c.recommendation_id == asked.id) & (n.c.person_id == person)
        await session.execute(update(n).where(theirs).values(votes=votes))
    state = State.NOBODY_RECOMMENDED if result.recommended is None else State.RECOMMENDED
    values = {
        "state": state.value,
        "voted": len(ballots),
        "abstained": result.abstained,
        "recommended_id": result.recommended,
    }
    event = events.BranchVoteCounted(
        recommendation_id=asked.id,
        electors=row["electors"],
        voted=len(ballots),
        recommended=result.recommended,
        **place_of(row),
    )
    return await _change(session, row, values, event, voted=len(ballots), state=state.value)


async def withdraw_recommendation(session: WriteSession, permit: Permit, asked: WithdrawRecommendation) -> UUID:
    """Let nothing come of a recommendation; ballots that were not counted are destroyed."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    check_state(State(row["state"]), *OPEN)
    return await _end(session, row, "WITHDRAWN", withdrawn_because=check_reason(asked.reason))


async def withdraw_for_merger(session: WriteSession, row: RowMapping) -> None:
    """Withdraw a recommendation whose region is merged into one where there is another for that post."""
    await _end(session, row, "WITHDRAWN", withdrawn_because="网格合并")


async def hand_over_recommendations(session: WriteSession, gone: UUID, into: UUID, _on: date) -> None:
    """Let the branch vote that another was merged into; a roll that was fixed stays as it is."""
    r = t.recommendation
    under_way = (r.c.organisation_id == gone) & r.c.state.in_(OPEN)

    def told(row: RowMapping) -> Event:
        return events.RecommendationHandedOver(recommendation_id=row["id"], organisation_id=into, **place_of(row))

    await hand_over_rows(session, r.c.organisation_id, under_way, into, told)


async def fulfil(session: WriteSession, id_: UUID, title: str, region_id: UUID, person_id: UUID) -> RowMapping:
    """Return the recommendation, locked, on which a person is given a duty. Raises Refused when it is for another."""
    r = t.recommendation
    row = await session.row(select(r).where(r.c.id == id_).with_for_update())
    if row is None:
        raise Refused(OrgProblem.UNKNOWN_RECOMMENDATION, "recommendationId")
    same = (row["title"], row["region_id"]) == (title, region_id)
    check_recommended(State(row["state"]), row["recommended_id"], person_id, same_post=same)
    return row


async def fulfilled(session: WriteSession, row: RowMapping, duty_id: UUID) -> None:
    """Note that the duty was given."""
    await _end(session, row, "ASSIGNED", duty_id=duty_id)


async def expire_overdue(database: Database, day: date) -> int:
    """Let some of the recommendations expire whose time is over on `day`; return how many."""
    r = t.recommendation
    overdue = select(r).where(r.c.state.in_(OPEN), r.c.expires_on <= day).order_by(r.c.id)
    ended = "expireRecommendation"
    return await end_overdue(database, overdue, lambda session, row: _end(session, row, "EXPIRED"), ended)


async def _end(session: WriteSession, row: RowMapping, state: End, **more: Any) -> UUID:
    await session.execute(delete(t.ballot).where(t.ballot.c.recommendation_id == row["id"]))
    event = events.RecommendationEnded(
        recommendation_id=row["id"], end=state, duty_id=more.get("duty_id"), **place_of(row)
    )
    return await _change(session, row, {"state": state, **more}, event, state=state)


async def _mine(session: WriteSession, permit: Permit, id_: UUID, expected_version: int) -> RowMapping:
    row = await lock(session, t.recommendation, id_, "recommendation", expected_version)
    permit.require(row["region_code"], what="recommendation")
    return row


async def _members(session: WriteSession, organisation_id: UUID) -> list[UUID]:
    """Return the party members who hold a duty in an organisation today."""
    d, p = t.duty, t.person
    held = select(d.c.person_id).join(p, p.c.id == d.c.person_id).distinct().order_by(d.c.person_id)
    now = in_force(d, today()) & (p.c.party_status != PartyStatus.NONE.value)
    return [row["person_id"] for row in await session.rows(held.where(d.c.organisation_id == organisation_id, now))]


async def _nominees(session: WriteSession, id_: UUID) -> list[UUID]:
    n = t.nominee
    rows = await session.rows(select(n.c.person_id).where(n.c.recommendation_id == id_).order_by(n.c.person_id))
    return [row["person_id"] for row in rows]


async def _change(
    session: WriteSession, row: RowMapping, values: dict[str, Any], event: Event, **recorded: Any
) -> UUID:
    r, version = t.recommendation, row["version"] + 1
    await session.execute(update(r).where(r.c.id == row["id"]).values(version=version, **values))
    session.changed("recommendation", row["id"], row["region_code"], **recorded)
    await publish(session, event, row["id"], version, row["region_code"])
    recommendation_id: UUID = row["id"]
    return recommendation_id
