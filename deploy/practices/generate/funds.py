"""The money of the demonstration's organisations: budgeted, paid out, and some of it spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.org.domain.records import FundRecord, SpentRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_registers import DemonstrationFund


def make_funds(practice: Practice, source: Source, staff: Staff) -> Iterator[FundRecord]:
    """Yield a fund of each organisation of the wanted kinds, with what it was spent on."""
    for wanted in practice.demonstration.funds:
        random = source.random(f"funds/{wanted.year}/{wanted.source}")
        for one in staff.organisations:
            if one.kind == wanted.organisations:
                yield FundRecord(
                    id=source.id("fund", one.id, wanted.year, wanted.source),
                    organisation=one.id,
                    region_code=one.region_code,
                    year=wanted.year,
                    source=wanted.source,
                    on=wanted.paid_on,
                    purpose=wanted.purpose,
                    budget_fen=wanted.yuan * 100,
                    disbursed_fen=wanted.yuan * 100,
                    spent=_spent(wanted, random),
                )


def _spent(wanted: DemonstrationFund, random: Random) -> tuple[SpentRecord, ...]:
    """Return what one fund was spent on, the first first; nothing where it is not one of those that spent."""
    if random.randrange(100) >= wanted.spending_percent:
        return ()
    lines = [
        # A per cent of the yuan is as many fen.
        SpentRecord(
            day_between(random, line.on_from, line.on_to), line.purpose, wanted.yuan * random.randint(*line.percent)
        )
        for line in wanted.spent
    ]
    return tuple(sorted(lines, key=lambda one: one.on))
