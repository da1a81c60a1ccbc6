"""The records of an import file for reserves, call-ups, switches of modes and special needs."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Any
from uuid import UUID  # noqa: TC003

import msgspec

from services.org.domain.muster import Mode  # noqa: TC001 (msgspec reads annotations at run time)
from services.org.domain.record_base import RecordBase
from services.org.domain.reserve import CallState
from services.org.domain.special_needs import LegalBasis  # noqa: TC001


class ReserveRuleRecord(RecordBase, frozen=True, tag="reserve_rule"):
    """How many people of a source a community needs for each thousand households, residents and members."""

    source: str
    households: int = 0
    residents: int = 0
    members: int = 0

    @property
    def key(self) -> tuple[Any, ...]:
        """See the base."""
        return (self.source,)


class ReservistRecord(RecordBase, frozen=True, tag="reservist"):
    """Somebody in the reserve of a community."""

    id: UUID
    person: UUID
    source: str
    region_code: str
    valid_from: date
    valid_to: date | None = None


class CalledRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of a call-up."""

    person: UUID
    source: str
    state: CallState = CallState.CALLED
    post: str | None = None
    answered_at: datetime | None = None
    excuse: str | None = None


class CallUpRecord(RecordBase, frozen=True, tag="call_up"):
    """A call-up of a community's reserve, and who was called."""

    id: UUID
    region_code: str
    purpose: str
    called_at: datetime
    people: tuple[CalledRecord, ...]
    is_drill: bool = False
    ended_at: datetime | None = None


class ModeSwitchRecord(RecordBase, frozen=True, tag="mode_switch"):
    """A community went over to a mode; `mustered` is how many people each group had then, by its code."""

    region_code: str
    mode: Mode
    reason: str
    switched_at: datetime
    mustered: dict[str, int] | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """See the base."""
        return (self.region_code, self.switched_at)


class SpecialNeedRecord(RecordBase, frozen=True, tag="special_need"):
    """Somebody of a community who needs particular help; of the identity number a digest is kept."""

    id: UUID
    region_code: str
    kind: str
    name: str
    resident_id: str
    situation: str
    purpose: str
    legal_basis: LegalBasis
    valid_from: date
    kept_until: date
    phone: str | None = None
    consented_on: date | None = None
