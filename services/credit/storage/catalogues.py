"""Catalogues as they are stored: read once, kept, because a version never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, insert, select

from chassis.problems import Refused
from services.credit.domain.catalogue import Catalogue
from services.credit.domain.problems import CreditProblem
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import ReadSession, WriteSession


class Catalogues:
    """What this program knows of catalogues."""

    def __init__(self) -> None:
        self._known: dict[tuple[UUID, int], Catalogue] = {}

    async def get(self, session: ReadSession, book_id: UUID, version: int) -> Catalogue:
        """Return one version that is there."""
        known = self._known.get((book_id, version))
        if known is None:
            c = t.catalogue_version.c
            found = await session.scalar(select(c.definition).where(c.book_id == book_id, c.version == version))
            known = self._known[book_id, version] = msgspec.convert(found, Catalogue)
        return known

    async def latest(self, session: ReadSession, book_id: UUID) -> Catalogue:
        """Return the newest version of a book's catalogue. Raises Refused when there is none."""
        c = t.catalogue_version.c
        return await self.numbered(
            session, book_id, await session.scalar(select(func.max(c.version)).where(c.book_id == book_id))
        )

    async def numbered(self, session: ReadSession, book_id: UUID, version: int | None) -> Catalogue:
        """Return a version. Raises Refused for None, which says that there is none."""
        if version is None:
            raise Refused(CreditProblem.NO_CATALOGUE)
        return await self.get(session, book_id, version)


async def install(session: WriteSession, book_id: UUID, catalogue: Catalogue) -> bool:
    """Store a version; tell whether it is new. Raises ValueError when that version is there and says another thing."""
    c, said = t.catalogue_version.c, msgspec.to_builtins(catalogue)
    there = await session.scalar(select(c.definition).where(c.book_id == book_id, c.version == catalogue.version))
    if there is None:
        row = {"book_id": book_id, "version": catalogue.version, "definition": said}
        await session.execute(insert(t.catalogue_version), row)
        return True
    if msgspec.convert(there, Catalogue) != catalogue:
        raise ValueError(f"version {catalogue.version} of the catalogue is there already and says another thing")
    return False
