"""The rows and events that the funds of an import become: entries for its budget, its payment and each spending."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from chassis.events.outbox import Draft
from services.org.commands.funds import fund_posted
from services.org.domain import records as r
from services.org.domain.funds import EntryKind, balances_of, check_purpose_of, move_of
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from services.org.domain.practice_known import Known


def fund_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of funds and of their entries."""
    records = accepted[r.FundRecord]
    yield t.fund, [_fund(record, known) for record in records]
    yield t.fund_entry, [entry for record in records for entry in _entries(record)]


def fund_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield an event for each entry."""
    now = datetime.now(UTC)
    for record in accepted[r.FundRecord]:
        fund = _fund(record, known)
        for entry in _entries(record):
            yield Draft(
                event=fund_posted(fund, entry),
                aggregate_id=record.id,
                aggregate_version=entry["seq"],
                region_code=record.region_code,
                occurred_at=now,
            )


def _fund(record: r.FundRecord, known: Known) -> dict[str, Any]:
    balances = balances_of(record.budget_fen, record.disbursed_fen, (one.amount_fen for one in record.spent))
    return {
        "id": record.id,
        "organisation_id": record.organisation,
        "year": record.year,
        "source": record.source,
        "region_id": known.region(record.region_code).id,
        "region_code": record.region_code,
        "approved": balances.approved,
        "available": balances.available,
        "spent": balances.spent,
        "version": len(list(_entries(record))),
    }


def _entries(record: r.FundRecord) -> Iterator[dict[str, Any]]:
    """Yield the entries; ids are made from the fund's, so that rows and events agree."""
    lines = [(EntryKind.BUDGET.value, EntryKind.BUDGET, record.budget_fen, record.on, record.purpose)]
    if record.disbursed_fen:
        lines.append((EntryKind.DISBURSE.value, EntryKind.DISBURSE, record.disbursed_fen, record.on, record.purpose))
    for number, one in enumerate(record.spent, 1):
        lines.append((f"{EntryKind.SPEND}/{number}", EntryKind.SPEND, one.amount_fen, one.on, one.purpose))
    for seq, (name, kind, amount, on, purpose) in enumerate(lines, 1):
        move = move_of(kind, amount)
        yield {
            "id": uuid5(record.id, name),
            "fund_id": record.id,
            "seq": seq,
            "region_code": record.region_code,
            "kind": kind.value,
            "from_account": move.from_account.value,
            "to_account": move.to_account.value,
            "amount": amount,
            "on_day": on,
            "purpose": check_purpose_of(purpose),
            "reverses": None,
        }
