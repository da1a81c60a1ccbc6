"""What org publishes when a person's data go."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    PersonId,
    RegionCode,
    RegionId,
)


class PersonErased(Event, entity="person", fact="erased"):
    """人员信息删除: name, numbers, party status, age and education of a person are gone; what they held stays.

    When: the person asks for it, and holds nothing any more.

    For: whoever keeps a copy of their data: it must go too.
    """

    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
