"""Pages of what belongs to things, as a ticket's timeline: the first pages of many at once, by one statement.

A list of twenty tickets that asks for each one's timeline would else run a statement for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Uuid, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from strawberry.dataloader import DataLoader

from chassis.built import named, shaped
from chassis.database import keeps_plan
from chassis.graphql.connection import Page, PageArguments, fingerprint, page_of_rows, paginate

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from chassis.graphql.context import Context

Key = tuple[UUID, PageArguments]
"""An owner, and which page of theirs."""


@dataclass(frozen=True, eq=False)
class Belongings:
    """What belongs to things of one kind, such as the lines of tickets' timelines; make one for a module, once."""

    name: str
    """Of the field, for its cursors."""
    of: Callable[[ColumnElement[Any]], Select[Any]]
    """Returns the statement of what belongs to the owner of an id; without values of its own."""
    order: tuple[str, ...]
    """Names of the columns of the order: non-null, together unique for an owner."""
    descending: bool = False

    async def page(self, context: Context, owner: UUID, asked: PageArguments, *, public: bool = False) -> Page:
        """Return a page of what belongs to `owner`, read together with others' first pages.

        With `public` without a scope: `of` must choose only what everyone may see. Raises BadPage and BadCursor.
        """
        asked.size()
        if asked.after is None and asked.before is None:
            return await context.loader(self.first_pages, public=public).load((owner, asked))
        statement = self.of(literal(owner, Uuid()))
        session = await (context.read_public() if public else context.read())
        order = [statement.selected_columns[name] for name in self.order]
        return await paginate(session, statement, order, asked, self._mark(owner), descending=self.descending)

    async def first_pages(self, session: ReadSession, keys: list[Key]) -> list[Page]:
        """Return the pages of owners that begin at the beginning, or end at the end, in the order of the keys."""
        counts = DataLoader(load_fn=partial(self._counts, session))
        found: dict[Key, list[RowMapping]] = {key: [] for key in keys}
        for asked in dict.fromkeys(asked for _, asked in keys):
            owners = [owner for owner, by in keys if by == asked]
            statement = shaped(_first_pages, self, asked.is_backward != self.descending)
            for row in await session.rows(statement, {"owners": owners, "page_size": asked.size() + 1}):
                found[row["owned_by"], asked].append(row)
        return [
            page_of_rows(found[key], self.order, key[1], self._mark(key[0]), partial(counts.load, key[0]))
            for key in keys
        ]

    async def _counts(self, session: ReadSession, owners: list[UUID]) -> list[int]:
        rows = await session.rows(shaped(_counts, self), {"owners": owners})
        found = {row["owned_by"]: row["how_many"] for row in rows}
        return [found.get(owner, 0) for owner in owners]

    def _mark(self, owner: UUID) -> str:
        return fingerprint(self.name, owner)


def _owners() -> Any:
    # The name is no table's: one of the same name inside would hide it.
    owners = func.unnest(named("owners", ARRAY(Uuid()))).table_valued(column("id", Uuid()))
    return owners.render_derived("belongings_owner")


def _first_pages(belongings: Belongings, falling: bool) -> Select[Any]:  # noqa: FBT001 (part of a shape)
    owner = _owners()
    theirs = belongings.of(owner.c.id)
    order = [theirs.selected_columns[name] for name in belongings.order]
    directed = [one.desc() if falling else one.asc() for one in order]
    each = theirs.order_by(None).order_by(*directed).limit(named("page_size", Integer())).lateral("each")
    again = [each.c[name].desc() if falling else each.c[name].asc() for name in belongings.order]
    pages = select(owner.c.id.label("owned_by"), *each.c).select_from(owner.join(each, true()))
    return keeps_plan(pages.order_by(owner.c.id, *again))


def _counts(belongings: Belongings) -> Select[Any]:
    owner = _owners()
    each = belongings.of(owner.c.id).order_by(None).lateral("each")
    counted = select(owner.c.id.label("owned_by"), func.count().label("how_many"))
    return keeps_plan(counted.select_from(owner.join(each, true())).group_by(owner.c.id))
