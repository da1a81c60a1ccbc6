"""What tickets publishes of entry control (准入制度); nothing in it is personal."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.admission import AdmissionList, Cause
from services.tickets.domain.event_fields import RegionCode, RegionId, TicketId  # noqa: TC001 (msgspec reads annotations at run time)

_ITEM = "01981a2b-7c3d-7e4f-8a5b-000000000021"

ItemId = Annotated[UUID, told("this version of the item", _ITEM)]
ListName = Annotated[
    AdmissionList,
    told("which list: matters not to be undertaken, certificates not to be issued, or hotlines", "matters"),
]
ItemCode = Annotated[str, told("code of the item in its list", "property_mediation")]
ItemVersion = Annotated[int, told("number of this version of the item, from 1", 1)]
ItemName = Annotated[str, told("what it is called, in Chinese", "物业费催缴")]
FlagId = Annotated[UUID, told("that an item speaks of a ticket", "01981a2b-7c3d-7e4f-8a5b-000000000022")]
FlagCause = Annotated[
    Cause, told("why: the ticket names the item, holds a keyword of it, or the community claims it", "keyword")
]
PushedById = Annotated[
    UUID | None,
    told(
        "the organisation that pushed the ticket down; null when none is known", "01981a2b-7c3d-7e4f-8a5b-000000000003"
    ),
]
BurdenId = Annotated[UUID, told("the report", "01981a2b-7c3d-7e4f-8a5b-000000000023")]
BurdenTicketId = Annotated[
    UUID | None, told("the ticket by which the burden came; null for none", "01981a2b-7c3d-7e4f-8a5b-000000000011")
]
BurdenItemId = Annotated[UUID | None, told("the item of entry control that speaks of it; null for none", _ITEM)]
ValidFrom = Annotated[date, told("first day on which it is in force", "2026-01-01")]
ValidTo = Annotated[date, told("first day on which it is no longer in force", "2027-01-01")]


class AdmissionItemListed(Event, entity="admission_item", fact="listed"):
    """列入准入清单: a version of an item was put on a list of entry control; the version before it ends that day.

    When: a district sets or changes an item of its lists.

    For: offices that push work down: they see beforehand what a community need not take.
    """

    item_id: ItemId
    list: ListName
    code: ItemCode
    item_version: ItemVersion
    name: ItemName
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class AdmissionItemEnded(Event, entity="admission_item", fact="ended"):
    """移出准入清单: an item is no longer on its list from a day on.

    When: a district takes an item off.

    For: offices that push work down.
    """

    item_id: ItemId
    list: ListName
    code: ItemCode
    item_version: ItemVersion
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class AdmissionFlagRaised(Event, entity="admission_flag", fact="raised"):
    """准入提示: a ticket that was handed down to a community is one that an item of entry control speaks of.

    When: it is handed down and names the item or holds one of its keywords; or the community says so and refuses it.

    For: whoever pushed it down, to think again; whoever eases communities' burdens.
    """

    flag_id: FlagId
    ticket_id: TicketId
    item_id: ItemId
    cause: FlagCause
    pushed_by_id: PushedById
    region_code: RegionCode


class AdmissionFlagUpheld(Event, entity="admission_flag", fact="upheld"):
    """依清单拒绝: the community refused or returned the ticket by the item.

    When: it is refused or returned with the item as grounds.

    For: whoever pushed it down; whoever assesses offices that push work down.
    """

    flag_id: FlagId
    ticket_id: TicketId
    item_id: ItemId
    pushed_by_id: PushedById
    region_code: RegionCode


class BurdenReported(Event, entity="burden", fact="reported"):
    """减负举报: somebody in duty in a community reported a burden; who, and in which words, stays here.

    When: it is reported, by the mutation or taken down by a hotline.

    For: whoever eases communities' burdens.
    """

    burden_id: BurdenId
    ticket_id: BurdenTicketId
    item_id: BurdenItemId
    pushed_by_id: PushedById
    region_id: RegionId
    region_code: RegionCode


class BurdenAnswered(Event, entity="burden", fact="answered"):
    """举报答复: a reported burden was answered.

    When: the office that keeps the lists says what became of it.

    For: whoever follows how burdens are dealt with.
    """

    burden_id: BurdenId
    region_id: RegionId
    region_code: RegionCode


ADMISSION_EVENTS: tuple[type[Event], ...] = (
    AdmissionItemListed,
    AdmissionItemEnded,
    AdmissionFlagRaised,
    AdmissionFlagUpheld,
    BurdenReported,
    BurdenAnswered,
)
"""Every event of entry control."""
