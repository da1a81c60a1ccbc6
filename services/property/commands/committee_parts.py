"""What the commands of committees share: locks, standards, who may act for an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy import select

from chassis.errors import Forbidden, NotFound
from chassis.problems import Refused
from services.property.access import KEEPERS
from services.property.commands.places import lock
from services.property.domain.committee_rules import CommitteeRule
from services.property.domain.content import now
from services.property.domain.problems import PropertyProblem
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage import vote_tables as v

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import ReadSession, WriteSession
    from chassis.graphql.mutate import Permit

T = TypeVar("T")
IN_OFFICE, PREPARING, ENDED = "in_office", "preparing", "ended"


async def standard_of(session: ReadSession, kind: str, code: str | None, default: T) -> T:
    """Return a standard of a kind by its code; `default` when no code is given. Raises Refused."""
    if code is None:
        return default
    s = c.standard.c
    found = await session.scalar(select(s.definition).where(s.kind == kind, s.code == code))
    if found is None:
        raise Refused(PropertyProblem.UNKNOWN_RULE, "rule", rule=code[:40])
    return msgspec.convert(found, type(default))


async def known_standard(session: ReadSession, kind: str, code: str) -> None:
    """Refuse the code of a standard that is not there. Raises Refused."""
    s = c.standard.c
    if await session.scalar(select(s.code).where(s.kind == kind, s.code == code)) is None:
        raise Refused(PropertyProblem.UNKNOWN_RULE, "standard", rule=code[:40])


async def lock_committee(
    session: WriteSession, permit: Permit, id_: UUID, *statuses: str, expected: int | None = None
) -> RowMapping:
    """Lock a committee that the caller may work on and that is in one of `statuses`. Raises as `lock`, and Refused."""
    # The compound first, as who transfers a home does before the owner's seat is emptied.
    await lock(session, t.compound, (await found(session, c.committee, id_, "committee"))["compound_id"], "compound")
    row = await lock(session, c.committee, id_, "committee", expected)
    permit.require(row["region_code"], what="committee")
    if statuses and row["status"] not in statuses:
        raise Refused(PropertyProblem.WRONG_STAGE, "committeeId", status=row["status"])
    return row


def rule_of(committee: RowMapping) -> CommitteeRule:
    """Return the rule that a committee was prepared under."""
    return msgspec.convert(committee["rule"], CommitteeRule)


def of(row: Any, **more: Any) -> dict[str, Any]:
    """Return the columns that say of which compound something is, and where."""
    return {"compound_id": row["compound_id"], "region_code": row["region_code"], **more}


async def found(session: ReadSession, table: Table, id_: UUID, what: str) -> RowMapping:
    """Return a row by its id. Raises NotFound."""
    row = await session.row(select(table).where(table.c.id == id_))
    if row is None:
        raise NotFound(what=what)
    return row


def require_keeper_or(permit: Permit, subject: str | None, region_code: str) -> None:
    """Refuse who neither keeps the register there nor is the owner with that token subject. Raises Forbidden."""
    keeps = any(permit.caller.holds(role, region_code) for role in KEEPERS)
    if not keeps and (subject is None or subject != permit.caller.subject):
        raise Forbidden(operation=permit.operation)


async def use_decision(
    session: WriteSession, compound: Any, vote_id: UUID, position: int, matter: int, used_for: str
) -> RowMapping:
    """Take a decision of the compound's owners as carried out, once. Raises Refused when there is no such decision."""
    decided = await passed_item(session, compound["compound_id"], vote_id, position, matter)
    row = of(decided, vote_id=vote_id, position=position, used_for=used_for, at=now())
    d = c.decision_use.c
    there = select(d.used_for).where(d.vote_id == vote_id, d.position == position)
    if await session.scalar(there) is not None:
        raise Refused(PropertyProblem.DECISION_USED, "voteId")
    await session.execute(c.decision_use.insert(), row)
    return decided


async def passed_item(
    session: WriteSession, compound_id: UUID, vote_id: UUID, position: int, matter: int
) -> RowMapping:
    """Return a matter that a vote of the compound has decided, with when the vote closed. Raises Refused."""
    i, w = v.vote_item.c, v.vote.c
    statement = select(v.vote_item, w.closed_at).join(v.vote, w.id == i.vote_id)
    mine = (i.vote_id == vote_id) & (i.position == position) & (w.compound_id == compound_id) & (w.status == "closed")
    row = await session.row(statement.where(mine).with_for_update(of=v.vote_item))
    if row is None or row["matter"] != matter or not (row["result"] or {}).get("passed"):
        raise Refused(PropertyProblem.NOT_DECIDED, "voteId", matter=matter)
    return row
