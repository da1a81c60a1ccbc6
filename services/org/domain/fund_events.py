"""What org publishes of funds."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AmountFen,
    EntryDay,
    FundEntryId,
    FundEntryKind,
    FundId,
    FundSource,
    FundYear,
    OrganisationId,
    RegionCode,
    RegionId,
    ReversedEntry,
)


class FundPosted(Event, entity="fund", fact="posted"):
    """经费入账: something was budgeted, paid out, spent, or taken back, in an organisation's fund.

    When: an entry is posted; a correction is an entry of its own that names the one it reverses.

    For: finance systems, which keep the same account.
    """

    fund_id: FundId
    entry_id: FundEntryId
    kind: FundEntryKind
    amount_fen: AmountFen
    on_day: EntryDay
    reverses: ReversedEntry
    organisation_id: OrganisationId
    year: FundYear
    source: FundSource
    region_id: RegionId
    region_code: RegionCode
