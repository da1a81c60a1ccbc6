"""The records that credit imports, one a line of JSON (README.md): a district's catalogue, market, and history."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

import msgspec

from services.credit.domain.catalogue import Catalogue  # noqa: TC001


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="record"):
    """Base of the records."""


class CatalogueRecord(_Record, frozen=True, kw_only=True, tag="catalogue"):
    """A version of the catalogue of a district; opens the district's book."""

    region_id: UUID
    region_code: str
    definition: Catalogue


class FundRecord(_Record, frozen=True, kw_only=True, tag="fund"):
    """The budget of the dedicated fund of a district for a year."""

    district_id: UUID
    year: int
    budget_fen: int


class MerchantRecord(_Record, frozen=True, kw_only=True, tag="merchant"):
    """A merchant."""

    id: UUID
    district_id: UUID
    name: str
    credit_code: str
    keeper: str


class OfferRecord(_Record, frozen=True, kw_only=True, tag="offer"):
    """Something to be had for points."""

    id: UUID
    merchant_id: UUID
    scenario: str
    name: str
    points: int
    price_fen: int
    stock: int | None = None


class AccountRecord(_Record, frozen=True, kw_only=True, tag="account"):
    """A person's or body's account."""

    id: UUID
    district_id: UUID
    group: str
    region_id: UUID
    region_code: str
    name: str
    opened_on: date
    subject: str | None = None
    credit_code: str | None = None


class EarnedRecord(_Record, frozen=True, kw_only=True, tag="earned"):
    """Points of an item that were given; `id` is by whom it is known, so that it is imported once."""

    id: UUID
    account_id: UUID
    item: str
    at: datetime
    recorded_by: str
    approved_by: str | None = None


class RedeemedRecord(_Record, frozen=True, kw_only=True, tag="redeemed"):
    """An offer that was redeemed: asked for, and honoured by the merchant."""

    id: UUID
    account_id: UUID
    offer_id: UUID
    at: datetime
    used_at: datetime


class SelectedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody or something that stood: a region, a person by account, or a duty; `result` is votes, or hundredths."""

    id: UUID
    region_id: UUID
    result: int
    account_id: UUID | None = None
    duty_id: UUID | None = None


class SelectionRecord(_Record, frozen=True, kw_only=True, tag="selection"):
    """A selection that was concluded; who of the candidates is chosen is counted by the honour's own rule."""

    id: UUID
    district_id: UUID
    honour: str
    region_id: UUID
    region_code: str
    opened_on: date
    nominations_until: date
    published_on: date
    concluded_on: date
    candidates: tuple[SelectedRecord, ...]


Record = (
    CatalogueRecord
    | FundRecord
    | MerchantRecord
    | OfferRecord
    | AccountRecord
    | EarnedRecord
    | RedeemedRecord
    | SelectionRecord
)
