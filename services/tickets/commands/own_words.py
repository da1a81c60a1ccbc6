"""Erase what somebody wrote or said beside tickets of their own, at their request (个人信息保护法 47)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.errors import NotFound
from chassis.ids import new_id
from services.tickets.commands.actors import now, person_of
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.own_words import check_erasable, words_of
from services.tickets.domain.personal_data_events import WordsErased
from services.tickets.storage import own_words as stored

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


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
    at = now()
    await stored.erase(session, which, subject, at)
    session.changed(which.kind.value, which.id, row["region_code"], words=None, number=which.number, erased="request")
    event = WordsErased(
        words=which.kind,
        thing_id=which.id,
        number=which.number,
        ticket_id=row["ticket_id"],
        region_code=row["region_code"],
    )
    await publish_about(session, event, new_id(), 1, row["region_code"], at)
    return which.id
