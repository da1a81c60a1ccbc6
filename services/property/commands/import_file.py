"""Import a file: a registry (CSV, XLSX) or records (JSON Lines), whole or not at all."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy import text

from chassis.database import EVERYWHERE
from chassis.records import write_audit
from chassis.service import ImportRefused
from services.property.commands.import_records import import_records
from services.property.commands.import_registry import Counts, find_regions, store_registry, write_report
from services.property.domain.registry_file import Registry, heading, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from chassis.service import Runtime

_LOCK = text("SELECT pg_advisory_xact_lock(7240127)")


async def import_file(runtime: Runtime, file: Path) -> str:
    """Import a file by its suffix and say what was done. Raises ImportRefused; then nothing was imported."""
    try:
        if file.suffix.lower() not in {".csv", ".xlsx"}:
            return await import_records(runtime, file)
        registry, digest = await asyncio.to_thread(_read, file)
    except OSError as error:
        raise ImportRefused(f"{file} cannot be read: {error.strerror}") from error
    counts = Counts()
    async with runtime.database.write(EVERYWHERE) as session:
        # Two imports at once would each find the other's compounds and owners missing.
        await session.execute(_LOCK)
        regions = await find_regions(session, registry)
        if not registry.faults:
            counts = await store_registry(session, runtime.cipher, registry, regions)
            session.changed("registry", digest, "", rows=registry.rows, households=counts.parts)
            await write_audit(session, "system:import", "importRegistry")
    report = await asyncio.to_thread(write_report, file, registry, counts.present)
    if registry.faults:
        number = min(registry.faults)
        raise ImportRefused(
            f"{len(registry.faults):,} of {registry.rows:,} rows are wrong, the first is row {number}: "
            f"{registry.faults[number]}; nothing was imported, {report} tells of each row"
        )
    return (
        f"Imported {counts.parts:,} households and {counts.owners:,} owners in {counts.compounds:,} new compounds; "
        f"{len(counts.present):,} rows were there already. {report} tells of each row"
    )


def _read(file: Path) -> tuple[Registry, str]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    rows = _csv_rows(file) if file.suffix.lower() == ".csv" else _xlsx_rows(file)
    try:
        columns = heading(next(rows, ()))
        return read_rows(dict(zip(columns, map(_text, row), strict=False)) for row in rows if any(row)), digest
    except (ValueError, UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused(f"{file} is no registry file: {error}") from error


def _csv_rows(file: Path) -> Iterator[Iterable[Any]]:
    with file.open(encoding="utf-8-sig", newline="") as content:
        yield from csv.reader(content)


def _xlsx_rows(file: Path) -> Iterator[Iterable[Any]]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise ValueError(str(error)) from error
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _text(cell: Any) -> str:
    """Return what a cell says; a whole number comes out of a spreadsheet as a float."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
