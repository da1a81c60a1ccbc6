"""Reads of compounds and their register; what belongs to many things is read for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.property.storage import tables as t
from services.property.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import ReadSession

_C, _P, _O, _W, _B = t.compound.c, t.part.c, t.owner.c, t.ownership.c, t.occupant.c

COMPOUND_ORDER: tuple[ColumnElement[Any], ...] = (_C.region_code, _C.id)
COMPANY_ORDER: tuple[ColumnElement[Any], ...] = (t.company.c.region_code, t.company.c.id)
PART_ORDER: tuple[ColumnElement[Any], ...] = (_P.building, _P.unit, _P.room, _P.id)


def among(column: ColumnElement[Any], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the condition that a column is one of `ids`: one parameter, however many they are."""
    return column == func.any(literal(list(ids), ARRAY(Uuid)))


def compounds_in(prefix: str, kind: str | None, care: str | None) -> Select[Any]:
    """Select the compounds in a region and below, of a type and way of care if given."""
    statement = select(t.compound).where(in_prefix(_C.region_code, prefix))
    if kind is not None:
        statement = statement.where(_C.kind == kind)
    return statement if care is None else statement.where(_C.care == care)


def companies_in(prefix: str, has_party_branch: bool | None) -> Select[Any]:  # noqa: FBT001 (a filter)
    """Select the property companies in a region and below, with or without a Party branch if given."""
    c = t.company.c
    statement = select(t.company).where(in_prefix(c.region_code, prefix))
    return statement if has_party_branch is None else statement.where(c.has_party_branch.is_(has_party_branch))


def parts_of(compound_id: UUID) -> Select[Any]:
    """Select a compound's exclusive parts."""
    return select(t.part).where(_P.compound_id == compound_id)


def parts_of_subject(subject: str) -> Select[Any]:
    """Select the exclusive parts that a token subject owns today, alone or with others."""
    mine = select(_W.part_id).join(t.owner, _O.id == _W.owner_id).where(_O.subject == subject, _W.valid_to.is_(None))
    return select(t.part).where(_P.id.in_(mine))


async def load_compounds(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return compounds by id."""
    return await load_by_id(session, t.compound, ids)


async def load_companies(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return property companies by id."""
    return await load_by_id(session, t.company, ids)


async def load_parts(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return exclusive parts by id."""
    return await load_by_id(session, t.part, ids)


async def load_owners(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return owners by id, with what is encrypted."""
    return await load_by_id(session, t.owner, ids)


async def load_region_codes(session: ReadSession, ids: list[UUID]) -> list[str | None]:
    """Return the present codes of regions by id."""
    rows = {row["id"]: row["code"] for row in await session.rows(select(t.region).where(among(t.region.c.id, ids)))}
    return [rows.get(id_) for id_ in ids]


async def load_owning(session: ReadSession, part_ids: list[UUID]) -> list[list[RowMapping]]:
    """Return who owns each part today, the latest first, with the owner's own columns."""
    owner = [_O[name] for name in ("kind", "name", "number", "phone")]
    present = among(_W.part_id, part_ids) & _W.valid_to.is_(None)
    statement = select(t.ownership, *owner).join(t.owner, _O.id == _W.owner_id).where(present)
    return await load_grouped(session, statement.order_by(_W.valid_from.desc(), _W.id), "part_id", part_ids)


async def load_by_id(session: ReadSession, table: Table, ids: list[UUID]) -> list[RowMapping | None]:
    """Return the rows of a table by id."""
    rows = {row["id"]: row for row in await session.rows(select(table).where(among(table.c.id, ids)))}
    return [rows.get(id_) for id_ in ids]


async def load_grouped(
    session: ReadSession, statement: Select[Any], key: str, ids: list[UUID]
) -> list[list[RowMapping]]:
    """Return the rows of a statement that belong to each id, by the column `key`, in the statement's order."""
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in await session.rows(statement):
        found[row[key]].append(row)
    return [found[id_] for id_ in ids]
