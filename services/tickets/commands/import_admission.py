"""Import items of entry control; a version that is there already stays as it is."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from chassis.problems import Refused
from services.tickets.commands.admission_lists import listed
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.admission import Standing, checked_item, next_version
from services.tickets.domain.calendar import ZONE
from services.tickets.storage.admission import item_of, newest, standing_of, store_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.database import WriteSession
    from services.tickets.domain.records import AdmissionItemRecord


async def import_items(session: WriteSession, records: Sequence[tuple[int, Any]]) -> tuple[int, list[str]]:
    """Store the versions that are not there yet, in the order of the file; return how many, and what is wrong.

    What is wrong is told by line: a version out of its order, or one that is there with other words.
    """
    made = 0
    wrong: list[str] = []
    for line, record in records:
        try:
            made += await _import_item(session, record)
        except Refused as error:
            wrong.append(f"line {line}: {'.'.join(error.path)}: {error}")
        except ValueError as error:
            wrong.append(f"line {line}: {error}")
    return made, wrong


async def _import_item(session: WriteSession, record: AdmissionItemRecord) -> int:
    item = checked_item(record.item)
    before = await newest(session, record.region_id, item.list, item.code)
    if before is not None and before["version"] >= record.version:
        if before["version"] == record.version and item_of(before) != item:
            raise ValueError(f"{item.code} version {record.version} is there with other words; raise the version")
        return 0
    if next_version(standing_of(before) if before else None, record.valid_from) != record.version:
        raise ValueError(f"{item.code} version {record.version} does not follow the one before it")
    standing = Standing(record.version, record.valid_from, None)
    id_ = await store_version(session, (record.region_id, record.region_code), item, standing, before, record.id)
    event = listed(id_, item, standing, record.region_id, record.region_code)
    begun = datetime.combine(record.valid_from, time(), ZONE)
    await publish_about(session, event, id_, 1, record.region_code, begun)
    return 1
