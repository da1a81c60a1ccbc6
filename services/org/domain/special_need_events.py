"""What org publishes of special needs: that a community keeps a record, never of whom, and never what they need."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    RegionCode,
    SpecialNeedId,
    ValidFrom,
    ValidTo,
)


class SpecialNeedRegistered(Event, entity="special_need", fact="registered"):
    """特殊人群登记: a community keeps a record of somebody who needs particular help.

    When: a person is written into the register.

    For: systems that count; who it is and what they need is told to nobody by event.
    """

    special_need_id: SpecialNeedId
    region_code: RegionCode
    valid_from: ValidFrom


class SpecialNeedEnded(Event, entity="special_need", fact="ended"):
    """特殊人群退出: the need is over; the record is kept for half a year at most.

    When: the record is ended.

    For: systems that count.
    """

    special_need_id: SpecialNeedId
    region_code: RegionCode
    valid_to: ValidTo


class SpecialNeedErased(Event, entity="special_need", fact="erased"):
    """特殊人群信息删除: what the record had of the person is gone.

    When: the person asks for it, or the record's last day is over.

    For: whoever keeps anything by the record's id: it must go too.
    """

    special_need_id: SpecialNeedId
    region_code: RegionCode


SPECIAL_NEED_EVENTS: tuple[type[Event], ...] = (SpecialNeedRegistered, SpecialNeedEnded, SpecialNeedErased)
"""The events of this module."""
