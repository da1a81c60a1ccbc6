"""What org publishes of the four lists of communities; the texts on them stay in the graph."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    ItemKind,
    ItemTicket,
    LinkedItem,
    ListCode,
    ListItemId,
    OrganisationId,
    RegionCode,
    RegionId,
    SettledOn,
    ValidFrom,
    ValidTo,
)


class ItemListed(Event, entity="list_item", fact="listed"):
    """清单列入: a need, resource, service or task is on a community's list from a day on.

    When: a community writes something on one of its four lists.

    For: whoever has resources to give, or plans services by need.
    """

    item_id: ListItemId
    list: ListCode
    kind: ItemKind
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class ItemLinked(Event, entity="list_item", fact="linked"):
    """清单对接: an item leads to another: a need to what answers it, a resource to what is done with it.

    When: a community joins what is needed to what it has or does.

    For: whoever follows what became of a need.
    """

    item_id: ListItemId
    target_id: LinkedItem
    region_id: RegionId
    region_code: RegionCode


class ItemHandled(Event, entity="list_item", fact="handled"):
    """清单转办: an item is handled by a ticket.

    When: a need, service or task of a list becomes a ticket.

    For: whoever follows what became of a need.
    """

    item_id: ListItemId
    ticket_id: ItemTicket
    region_id: RegionId
    region_code: RegionCode


class ItemSettled(Event, entity="list_item", fact="settled"):
    """清单销号: a service or task has its result; its text is in the graph.

    When: the community writes down what came of it.

    For: whoever follows what became of a need.
    """

    item_id: ListItemId
    list: ListCode
    settled_on: SettledOn
    region_id: RegionId
    region_code: RegionCode


class ItemEnded(Event, entity="list_item", fact="ended"):
    """清单移出: an item is no longer on its list.

    When: a need is gone, a resource is no longer there, or a service or task is closed.

    For: whoever has resources to give, or plans services by need.
    """

    item_id: ListItemId
    list: ListCode
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class ItemHandedOver(Event, entity="list_item", fact="handed_over"):
    """清单移交: an item is another organisation's, or that one sees to it.

    When: the organisation that had it is merged into this one.

    For: whoever follows what became of a need.
    """

    item_id: ListItemId
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode


LIST_EVENTS: tuple[type[Event], ...] = (
    ItemListed,
    ItemLinked,
    ItemHandled,
    ItemSettled,
    ItemEnded,
    ItemHandedOver,
)
"""The events of this module."""
