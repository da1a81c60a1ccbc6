"""The auditor's commands: `python -m services.credit.audit verify`, `export REGION FILE` and `recount`.

They run with the service's own settings (`LINLI_CREDIT_*`). `verify` and `export` change nothing; `recount` mends the
sums that rankings are made of. `verify` and `recount` end with status 1 when they find a fault.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.database import EVERYWHERE, Database
from chassis.errors import Unavailable
from chassis.records import write_audit
from chassis.settings import load_or_exit
from services.credit.commands.verify import export, verify
from services.credit.settings import CreditSettings
from services.credit.storage import chain

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 3600.0
"""A book of many millions of postings takes minutes to follow."""


async def _verify(database: Database) -> int:
    async with database.read(EVERYWHERE) as session:
        verdicts = await verify(session)
    for one in verdicts:
        what = "in order" if not one.faults else f"{len(one.faults)} faults"
        waiting = f", {one.waiting} not chained yet" if one.waiting else ""
        sys.stdout.write(f"{one.region_code}: {one.postings} postings{waiting}, {what}; head {one.head.hex()}\n")
        sys.stdout.writelines(f"  {fault}\n" for fault in one.faults)
    return 1 if any(one.faults for one in verdicts) else 0


async def _export(database: Database, region: str, file: Path) -> int:
    async with database.read(EVERYWHERE) as session:
        with file.open("w", encoding="utf-8") as out:
            written = await export(session, region, out)
    if written < 0:
        sys.stderr.write(f"there is no book of {region}\n")
        return 2
    sys.stdout.write(f"{written} postings written to {file}\n")
    return 0


async def _recount(database: Database) -> int:
    async with database.read(EVERYWHERE) as session:
        books = await chain.books(session)
    found = 0
    for book in books:
        async with database.write(EVERYWHERE) as session:
            differing = await chain.recount(session, book["id"])
            await write_audit(session, "system:recount", "recountGrids")
        sys.stdout.write(f"{book['region_code']}: {differing} sums differed\n")
        found += differing
    return 1 if found else 0


async def _run(chosen: argparse.Namespace) -> int:
    settings = load_or_exit(CreditSettings, "LINLI_CREDIT_")
    database = Database(
        settings.database_url, name="linli-credit-audit", statement_seconds=_SECONDS, idle_seconds=_SECONDS
    )
    try:
        if chosen.command == "verify":
            return await _verify(database)
        if chosen.command == "recount":
            return await _recount(database)
        return await _export(database, chosen.region, chosen.file)
    finally:
        await database.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m services.credit.audit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("verify", help="follow every book's chain and check its sums")
    commands.add_parser("recount", help="count what grids are ranked by anew, and mend it")
    exporting = commands.add_parser("export", help="write a book for an auditor, JSON Lines")
    exporting.add_argument("region", help="code of the district")
    exporting.add_argument("file", type=Path)
    try:
        raise SystemExit(asyncio.run(_run(parser.parse_args(arguments))))
    except Unavailable as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
