"""The burdens that communities of the demonstration reported (减负举报): tasks that they refused by an item."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from services.tickets.domain.admission import AdmissionList
from services.tickets.domain.calendar import local_day
from services.tickets.domain.levels import Level
from services.tickets.domain.records import BurdenRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.practices.demonstration import City
    from deploy.practices.generate.tickets import Made
    from services.tickets.domain.records import AdmissionItemRecord

_REPORTED, _ANSWERED = timedelta(minutes=40), timedelta(days=5)


def make_burdens(city: City, made: Sequence[Made], items: Sequence[AdmissionItemRecord]) -> Iterator[BurdenRecord]:
    """Yield the reports, each by who refused the task; the hotlines in turn."""
    hotlines = [one.id for one in items if one.item.list is AdmissionList.HOTLINES]
    keepers = [duty.person for duty in city.staff.duties if duty.title == "district_coordinator"]
    places = {region.code: region for region in city.tree.at("COMMUNITY")}
    for wanted in city.practice.demonstration.tickets:
        refused = [one for one in made if one.ticket.process == wanted.process and one.entries[-1].given.grounds]
        for number, one in enumerate(islice(refused, wanted.burdens)):
            place, last = places[one.ticket.region_code[: Level.COMMUNITY.value]], one.entries[-1]
            is_over = local_day(last.at + _ANSWERED) <= city.practice.demonstration.date
            is_answered = number % 2 == 0 and is_over and bool(keepers)
            yield BurdenRecord(
                id=city.source.id("burden", one.ticket.id),
                region_id=place.id,
                region_code=place.code,
                description=f"“{one.title}”属准入清单所列事项，未经准入即下派社区。",
                reported_at=last.at + _REPORTED,
                reported_by=last.by,
                ticket=one.ticket.id,
                item=last.given.grounds,
                hotline=hotlines[number % len(hotlines)] if hotlines else None,
                answer="经核实属实，事项已收回，由主管部门办理。" if is_answered else None,
                answered_at=last.at + _ANSWERED if is_answered else None,
                answered_by=str(keepers[0]) if is_answered else None,
            )
