"""The rule of an import file for members of alliances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.alliances import Ally, check_joins
from services.org.domain.periods import Period, check_period

if TYPE_CHECKING:
    from uuid import UUID

    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_allied(known: Known, record: r.AllianceMemberRecord) -> bool:
    """Take a membership. Raises Refused."""
    if record.id in known.registered:
        return False
    period = Period(record.valid_from, record.valid_to)
    check_period(period, "valid_to")
    earlier = known.allied[record.alliance, record.organisation]
    alliance, member = _ally(known, record.alliance, "alliance"), _ally(known, record.organisation, "organisation")
    check_joins(alliance, member, earlier, period)
    earlier.append(period)
    known.registered.add(record.id)
    return True


def _ally(known: Known, id_: UUID, field: str) -> Ally:
    kind, existence = known.organisation(id_, field)
    return Ally(id_, kind in known.alliance_kinds, existence)
