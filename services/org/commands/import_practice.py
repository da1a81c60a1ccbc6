"""Import a practice's organisation: a file of JSON Lines, whole or not at all (README.md, "Import file")."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Uuid, any_, literal, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import EVERYWHERE
from chassis.events import outbox
from chassis.problems import Refused
from chassis.records import write_audit
from chassis.service import ImportRefused
from services.org.commands.career_rows import CAREER_WORD_TABLES
from services.org.commands.practice_rows import drafts_of, joined_later, rows_of
from services.org.commands.publishing import SERVICE
from services.org.commands.training_rows import TRAINING_WORD_TABLES
from services.org.domain import records as r
from services.org.domain.practice_file import ORDER, Checker
from services.org.domain.tie_records import CoveringRecord, FilingRuleRecord
from services.org.storage import partner_tables
from services.org.storage import tables as t
from services.org.storage.bulk import insert_rows
from services.org.storage.practice import load_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import Table

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.service import Runtime

_MOST_SHOWN = 20
_LOCK = text("SELECT pg_advisory_xact_lock(7240125)")
_WORDS: Mapping[type, Table] = {
    r.KindRecord: t.kind,
    r.DutyTitleRecord: t.duty_title,
    r.MusterGroupRecord: t.muster_group,
    r.CommunityTypeRecord: t.community_type,
    r.StaffingStandardRecord: t.staffing_standard,
    r.CapacityRecord: t.capacity,
    r.AssessmentLevelRecord: t.assessment_level,
    r.AllocationRuleRecord: t.allocation_rule,
    r.ReserveRuleRecord: t.reserve_rule,
    **CAREER_WORD_TABLES,
    r.RecommendationRuleRecord: t.recommendation_rule,
    FilingRuleRecord: t.filing_rule,
    r.ContributionRuleRecord: partner_tables.contribution_rule,
    r.PairingRuleRecord: partner_tables.pairing_rule,
    **TRAINING_WORD_TABLES,
    r.ServiceCircleRecord: t.service_circle,
}
_LATER: Mapping[type, Callable[[Checker, Any], object]] = {
    r.OrganisationRecord: Checker.parent,
    r.DutyRecord: Checker.pair,
    r.ListItemRecord: Checker.links,
}
"""What is looked at when all records of a kind are known."""
Lines = dict[type, list[tuple[int, Any]]]
"""Records with their lines, by kind."""


async def import_practice(runtime: Runtime, file: Path) -> str:
    """Import a file and say what was done. Raises ImportRefused with the lines that are wrong."""
    try:
        content = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise ImportRefused(f"{file} cannot be read: {error.strerror}") from error
    lines = _read(content)
    async with runtime.database.write(EVERYWHERE) as session:
        # Two imports at once would each find the other's records missing.
        await session.execute(_LOCK)
        done = await _import(session, runtime.cipher, lines)
        if done:
            digest = hashlib.sha256(content).hexdigest()
            session.changed("practice", digest, "", **done)
            await write_audit(session, "system:import", "importPractice")
    there = sum(len(records) for records in lines.values()) - sum(done.values())
    counted = ", ".join(f"{count:,} {what}" for what, count in done.items()) or "nothing new"
    return f"Imported {counted}; {there:,} records were there already."


def _read(content: bytes) -> Lines:
    """Return the records by kind, regions from the city down. Raises ImportRefused."""
    decoder = msgspec.json.Decoder(r.Record)
    found: Lines = defaultdict(list)
    wrong: list[str] = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            wrong.append(f"line {number}: {error}")
        else:
            found[type(record)].append((number, record))
    _refuse(wrong)
    found[r.RegionRecord].sort(key=lambda one: len(one[1].code))
    return found


def _refuse(wrong: list[str]) -> None:
    if wrong:
        more = f"\nand {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        raise ImportRefused("\n".join(wrong[:_MOST_SHOWN]) + more)


async def _import(session: WriteSession, cipher: DataCipher, lines: Lines) -> dict[str, int]:
    """Check and store; return how many records of each kind were new or changed."""
    checker = Checker(await load_known(session))
    accepted = _check(checker, lines)
    done: dict[str, int] = {}
    for kind, table in _WORDS.items():
        changed = await _bring_up_to_date(session, table, accepted[kind])
        done |= {_plural(kind): changed} if changed else {}
    for table, rows in rows_of(accepted, checker.known, cipher):
        await insert_rows(session, table, rows)
    for team, joined in joined_later(accepted, checker.known).items():
        counted = update(t.team).where(t.team.c.id == team).values(version=t.team.c.version + joined)
        await session.execute(counted)
    o, told = t.organisation, [one.organisation for one in accepted[CoveringRecord]]
    await session.execute(update(o).where(o.c.id == any_(literal(told, ARRAY(Uuid)))).values(version=o.c.version + 1))
    await outbox.append_many(session.connection, SERVICE, list(drafts_of(accepted, checker.known)))
    return done | {_plural(kind): len(accepted[kind]) for kind in ORDER if kind not in _WORDS and accepted[kind]}


def _check(checker: Checker, lines: Lines) -> dict[type, list[Any]]:
    """Return the new records by kind. Raises ImportRefused with every line that breaks a rule."""
    accepted: dict[type, list[Any]] = defaultdict(list)
    wrong: list[str] = []
    for kind in ORDER:
        taken = [one for one in lines[kind] if _holds(wrong, one[0], checker.check, one[1], one[0])]
        later = _LATER.get(kind)
        if later is not None:
            for number, record in taken:
                _holds(wrong, number, later, checker, record)
        accepted[kind] = [record for _, record in taken]
    _refuse(wrong)
    return accepted


def _holds(wrong: list[str], line: int, rule: Any, *arguments: Any) -> bool:
    try:
        return bool(rule(*arguments))
    except Refused as refused:
        where = ".".join(refused.path)
        message = refused.problem.text("en", **refused.values)
        wrong.append(f"line {line}: {where + ': ' if where else ''}{message} ({refused.problem.code})")
        return False


async def _bring_up_to_date(session: WriteSession, table: Table, records: Iterable[msgspec.Struct]) -> int:
    """Store words of the practice, changing those that differ; return how many did."""
    keys = [column.name for column in table.primary_key]
    changed = 0
    for record in records:
        row = msgspec.to_builtins(record, builtin_types=(date,))
        del row["record"]
        statement = upsert(table).values(row)
        others = {name: statement.excluded[name] for name in row if name not in keys}
        now = tuple_(*(table.c[name] for name in others))
        differs = now.is_distinct_from(tuple_(*others.values()))
        result = await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=others, where=differs))
        changed += result.rowcount
    return changed


def _plural(kind: type) -> str:
    tag = str(kind.__struct_config__.tag).replace("_", " ")  # type: ignore[attr-defined]  # msgspec gives it to each
    if tag == "person":
        return "people"
    return f"{tag[:-1]}ies" if tag.endswith("y") else f"{tag}es" if tag.endswith("s") else f"{tag}s"
