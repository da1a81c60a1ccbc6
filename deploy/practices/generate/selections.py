"""The demonstration's selections: models that were nominated, voted for or reviewed, made public and concluded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.credit.domain import records as credit
from services.credit.domain.honours import Of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random
    from uuid import UUID

    from deploy.practices.demonstration import City
    from services.credit.domain.catalogue import Catalogue
    from services.credit.domain.honours import Honour
    from services.org.domain.records import RegionRecord

_NOMINATING, _CHOOSING = 20, 15
"""Days of nomination, and of votes or reviews, before a selection was made public."""
_BEST, _APART = 9600, 75
"""The best result, and how far each is below the one before it: in hundredths of a mark, or votes."""


def make_selections(city: City, catalogue: Catalogue, district_id: UUID) -> Iterator[credit.Record]:
    """Yield them, people's accounts first: one in every region of the level, `chosen` of them spread evenly."""
    random, name = city.source.random("selections"), city.source.names("selections")
    for wanted in city.practice.demonstration.selections:
        honour = catalogue.honour(wanted.honour)
        assert honour is not None, "the practice was checked"  # noqa: S101 (narrows the type)
        regions = city.tree.at(wanted.level)
        each, more = divmod(wanted.chosen, len(regions))
        for place, region in enumerate(regions):
            published = day_between(random, wanted.published_from, wanted.published_to)
            opened = published - timedelta(days=_NOMINATING + _CHOOSING)
            standing = list(_standing(city, honour, region, each + (place < more), opened, random))
            candidates = []
            for number, (where, duty) in enumerate(standing):
                account = None
                if honour.needs_consent:
                    account = city.source.id("model account", honour.code, where.code, number)
                    yield credit.AccountRecord(
                        id=account,
                        district_id=district_id,
                        group=str(wanted.group),
                        region_id=where.id,
                        region_code=where.code,
                        name=name(),
                        subject=str(city.source.id("model", honour.code, where.code, number)),
                        opened_on=opened - timedelta(days=random.randint(30, 200)),
                    )
                candidates.append(
                    credit.SelectedRecord(
                        id=city.source.id("model candidate", honour.code, region.code, number),
                        region_id=where.id,
                        result=_BEST - number * _APART,
                        account_id=account,
                        duty_id=duty,
                    )
                )
            if candidates:
                yield credit.SelectionRecord(
                    id=city.source.id("selection", honour.code, region.code),
                    district_id=district_id,
                    honour=honour.code,
                    region_id=region.id,
                    region_code=region.code,
                    opened_on=opened,
                    nominations_until=opened + timedelta(days=_NOMINATING),
                    published_on=published,
                    concluded_on=published + timedelta(days=honour.publicity_days),
                    candidates=tuple(candidates),
                )


def _standing(
    city: City, honour: Honour, region: RegionRecord, chosen: int, opened: date, random: Random
) -> Iterator[tuple[RegionRecord, UUID | None]]:
    """Yield who stands in a region, with the duty where that is honoured: the chosen, or one more than places."""
    wanted = chosen + (chosen == honour.places)
    level = "GRID" if honour.needs_consent else "BUILDING"
    places = city.tree.within(level, region.code)
    random.shuffle(places)
    if honour.needs_consent:
        yield from ((places[number % len(places)], None) for number in range(wanted))
        return
    if honour.of is Of.BUILDING:
        yield from ((place, None) for place in places[:wanted])
        return
    held = (
        (place, duty.id)
        for place in places
        for duty in city.staff.holders[str(honour.title), place.code]
        if duty.valid_from <= opened and duty.valid_to is None
    )
    yield from (one for one, _ in zip(held, range(wanted), strict=False))
