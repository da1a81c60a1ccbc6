"""Erase what somebody wrote or said beside tickets of their own: at their request, or in time (个人信息保护法 47)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.database import EVERYWHERE
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.records import write_audit
from services.tickets.commands.actors import now, person_of
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.calendar import local_day
from services.tickets.domain.own_words import Words, WordsKind, check_erasable, words_of
from services.tickets.domain.personal_data import BESIDE_TICKETS, end_of_latest_over
from services.tickets.domain.personal_data_events import WhyErased, WordsErased
from services.tickets.storage import own_words as stored

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import Database, WriteSession
    from chassis.graphql.mutate import Permit

_AT_ONCE = 200


class EraseMyWords(msgspec.Struct, frozen=True):
    """What is asked: to erase words of the caller's, by the name that `myWords` gives them."""

    id: str


async def erase_my_words(session: WriteSession, permit: Permit, asked: EraseMyWords) -> UUID:
    """Erase them once the matter has ended, and return the id of what they stood in.

    Raises NotFound for what is not the caller's own, or lies where their token does not reach; Refused.
    """
    caller, which = permit.caller, words_of(asked.id)
    subject = str(caller.subject)
    row = None if which is None else await stored.locked(session, which, subject, person_of(caller))
    if which is None or row is None:
        raise NotFound(what="words")
    permit.decided()
    check_erasable(is_left=row["is_left"], is_over=row["is_over"])
    await _erase(session, which, row, subject, WhyErased.REQUEST, now())
    return which.id


async def erase_words_over(database: Database, at: datetime) -> int:
    """Erase some words at sessions and in reports that are kept no longer at `at`; return how many.

    What stands in a ticket's timeline or against its notices goes with the ticket's own time.
    """
    before = end_of_latest_over(BESIDE_TICKETS, local_day(at))
    async with database.write(EVERYWHERE) as session:
        rows = await stored.over(session, before, _AT_ONCE)
        for row in rows:
            which = Words(WordsKind(row["kind"]), row["id"], row["number"])
            await _erase(session, which, row, "", WhyErased.RETENTION, at)
        await write_audit(session, "system:retention", "eraseWords")
    return len(rows)


async def _erase(
    session: WriteSession, which: Words, row: RowMapping, subject: str, why: WhyErased, at: datetime
) -> None:
    code: str = row["region_code"]
    await stored.erase(session, which, subject, at)
    session.changed(which.kind.value, which.id, code, words=None, number=which.number, erased=why.value)
    event = WordsErased(
        words=which.kind, thing_id=which.id, number=which.number, ticket_id=row["ticket_id"], region_code=code, why=why
    )
    await publish_about(session, event, new_id(), 1, code, at)
