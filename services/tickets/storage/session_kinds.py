"""The kinds of sessions of the practice: some rows, read when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.domain.session_kind import SessionKind, Weekday
from services.tickets.storage.deliberation_tables import session_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.database import ReadSession, WriteSession


async def session_kinds(session: ReadSession) -> dict[str, SessionKind]:
    """Return the kinds by their codes, in that order."""
    rows = await session.rows(select(session_kind).order_by(session_kind.c.code))
    return {row["code"]: SessionKind(**{**row, "days": tuple(map(Weekday, row["days"]))}) for row in rows}


async def load_session_kinds(session: ReadSession, codes: list[str]) -> list[SessionKind | None]:
    """Return kinds in the order of their codes."""
    found = await session_kinds(session)
    return [found.get(code) for code in codes]


async def put_session_kinds(session: WriteSession, kinds: Sequence[SessionKind]) -> int:
    """Store kinds; return how many are new or have changed."""
    changed = 0
    for kind in kinds:
        values = {"name_zh": kind.name_zh, "name_en": kind.name_en, "days": [one.value for one in kind.days]}
        statement = upsert(session_kind).values(code=kind.code, **values)
        new, c = statement.excluded, session_kind.c
        differs = (c.name_zh != new.name_zh) | (c.name_en != new.name_en) | (c.days != new.days)
        put = statement.on_conflict_do_update(
            index_elements=["code"], set_={name: new[name] for name in values}, where=differs
        )
        changed += len(await session.rows(put.returning(c.code)))
    return changed
