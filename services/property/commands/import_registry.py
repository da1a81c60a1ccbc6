"""Import a registry file: compounds, exclusive parts and owners, whole or not at all, with a report per row."""

from __future__ import annotations

import asyncio
import csv
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select

from chassis.ids import new_id
from services.property.commands.compounds import registered
from services.property.commands.households import count_register
from services.property.commands.owners import identity_index, owner_row, ownership_row
from services.property.commands.publishing import publish
from services.property.domain.care import Care
from services.property.domain.content import today
from services.property.domain.levels import Level, level_of
from services.property.storage import tables as t
from services.property.storage.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from services.property.domain.registry_file import Address, CompoundKey, ReadPart, Registry

_LEVELS = (Level.COMMUNITY, Level.GRID, Level.BUILDING)
_ENOUGH = 1500
"""Parts that are stored at once, at least."""
IMPORTED, PRESENT, WRONG, NOT_IMPORTED = "已导入 imported", "已有 present", "有误 wrong", "未导入 not imported"


class Counts:
    """What was new, and which rows told of what was there already."""

    def __init__(self) -> None:
        self.compounds = self.parts = self.owners = 0
        self.present: set[int] = set()


async def find_regions(session: WriteSession, registry: Registry) -> dict[str, RowMapping]:
    """Return the regions of the file by code; rows in one that is not in force, or of a wrong level, become faults."""
    r = t.region.c
    codes = sorted({key.region_code for key in registry.parts})
    in_force = or_(r.closed_on.is_(None), r.closed_on > today())
    held = select(t.region).where(r.code.in_(codes), in_force).with_for_update(read=True)
    known = {row["code"]: row for row in await session.rows(held)}
    for key, parts in registry.parts.items():
        if key.region_code in known and level_of(key.region_code) in _LEVELS:
            continue
        for part in parts.values():
            registry.faults |= dict.fromkeys(part.rows, f"region_code: 不存在有效的社区、网格或楼栋 {key.region_code}")
    return known


async def store_registry(
    session: WriteSession, cipher: DataCipher, registry: Registry, regions: dict[str, RowMapping]
) -> Counts:
    """Store what is new of a file without faults, compound by compound, and publish.

    While the database stores the rows of one batch, those of the next compound are made ready in a thread beside it.
    """
    counts, batch, compounds = Counts(), _Batch(), []
    for key, parts in registry.parts.items():
        compound = await _compound(session, key, registry.kinds[key], regions[key.region_code], counts)
        new = await _new_parts(session, compound, parts, counts)
        if not new:
            continue
        compounds.append(compound)
        owners = await _known_owners(session, compound)
        ready, batch = batch, _Batch() if len(batch.parts) >= _ENOUGH else batch
        storing = _store(session, ready) if ready is not batch else asyncio.sleep(0)
        made, _ = await asyncio.gather(asyncio.to_thread(_rows_of, cipher, compound, new, owners), storing)
        batch.add(made)
        counts.parts, counts.owners = counts.parts + len(made.parts), counts.owners + len(made.owners)
    await _store(session, batch)
    for compound in compounds:
        await count_register(session, compound)
    return counts


class _Batch:
    """Rows that are ready to be stored."""

    def __init__(self) -> None:
        self.parts: list[dict[str, Any]] = []
        self.owners: list[dict[str, Any]] = []
        self.ownerships: list[dict[str, Any]] = []

    def add(self, other: _Batch) -> None:
        """Add the rows of another."""
        self.parts += other.parts
        self.owners += other.owners
        self.ownerships += other.ownerships


async def _store(session: WriteSession, batch: _Batch) -> None:
    for table, rows in ((t.part, batch.parts), (t.owner, batch.owners), (t.ownership, batch.ownerships)):
        await insert_rows(session, table, rows)


async def _compound(
    session: WriteSession, key: CompoundKey, kind: str, region: RowMapping, counts: Counts
) -> RowMapping:
    c = t.compound.c
    locked = select(t.compound).where(c.region_id == region["id"], c.name == key.name).with_for_update()
    found = await session.row(locked)
    if found is not None:
        return found
    row = {
        "id": new_id(),
        "name": key.name,
        "kind": kind,
        "region_id": region["id"],
        "region_code": region["code"],
        "care": Care.NONE.value,
        "registered_on": today(),
        "latitude": None,
        "longitude": None,
        "events": 1,
    }
    await session.execute(insert(t.compound), row)
    await publish(session, registered(row), row["id"], 1, region["code"])
    counts.compounds += 1
    stored = await session.row(locked)
    if stored is None:
        raise LookupError("a compound that was just stored is not there")
    return stored


async def _new_parts(
    session: WriteSession, compound: RowMapping, parts: dict[Address, ReadPart], counts: Counts
) -> dict[Address, ReadPart]:
    p = t.part.c
    there = select(p.building, p.unit, p.room).where(p.compound_id == compound["id"])
    known = {(row["building"], row["unit"], row["room"]) for row in await session.rows(there)}
    new = {address: part for address, part in parts.items() if tuple(address) not in known}
    for address, part in parts.items():
        if address not in new:
            counts.present.update(part.rows)
    return new


async def _known_owners(session: WriteSession, compound: RowMapping) -> dict[bytes, UUID]:
    o = t.owner.c
    there = select(o.identity_index, o.id).where(o.compound_id == compound["id"])
    return {bytes(row["identity_index"]): row["id"] for row in await session.rows(there)}


def _rows_of(
    cipher: DataCipher, compound: RowMapping, parts: dict[Address, ReadPart], owners: dict[bytes, UUID]
) -> _Batch:
    """Return the rows of a compound's new parts; owners that the compound has already are not added again."""
    batch, since = _Batch(), today()
    where = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    for address, part in parts.items():
        row = {
            "id": new_id(),
            **where,
            **address._asdict(),
            **{name: getattr(value, "value", value) for name, value in part.data._asdict().items()},
        }
        batch.parts.append(row)
        for owner in part.owners:
            index = identity_index(cipher, where["compound_id"], owner)
            if index not in owners:
                made = owner_row(cipher, where["compound_id"], where["region_code"], owner, index)
                owners[index] = made["id"]
                batch.owners.append(made)
            batch.ownerships.append(ownership_row(row, owners[index], owner, since))
    return batch


def write_report(file: Path, registry: Registry, present: Iterable[int]) -> Path:
    """Write what became of each row beside the file, and return where."""
    report = file.with_name(f"{file.stem}.report.csv")
    already, good = set(present), NOT_IMPORTED if registry.faults else IMPORTED
    with report.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("行 row", "结果 result", "原因 reason"))
        for number in range(2, registry.rows + 2):
            if number in registry.faults:
                writer.writerow((number, WRONG, registry.faults[number]))
            else:
                writer.writerow((number, PRESENT if number in already else good, ""))
    return report
