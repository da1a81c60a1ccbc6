"""The demonstration's items of service, and the matters that its departments handed to subdistricts."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from msgspec.structs import replace

from deploy.practices.generate.source import day_between
from services.org.domain.authorised import Verdict
from services.org.domain.service_records import AuthorisedMatterRecord, MatterReviewRecord, ServiceItemRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_places import DemonstrationMatters

_MOST_TRAINED = 8


def make_service_items(
    practice: Practice, source: Source, tree: RegionTree, staff: Staff
) -> Iterator[ServiceItemRecord]:
    """Yield the items of the district's catalogue."""
    (district,) = tree.at("DISTRICT")
    for index, wanted in enumerate(practice.demonstration.service_items):
        random = source.random(f"service items/{index}")
        departments, functions = cycle(_departments(staff, wanted.departments)), cycle(wanted.functions or [None])
        for number in range(1, wanted.count + 1):
            yield ServiceItemRecord(
                id=source.id("service item", index, number),
                title=wanted.title.format(number=number),
                region_code=district.code,
                ways=tuple(wanted.ways),
                valid_from=day_between(random, wanted.since_from, wanted.since_to),
                station_kinds=tuple(wanted.station_kinds),
                function=next(functions),
                department=next(departments),
            )


def make_authorised_matters(
    practice: Practice, source: Source, tree: RegionTree, staff: Staff
) -> Iterator[AuthorisedMatterRecord]:
    """Yield each matter in each subdistrict."""
    for index, wanted in enumerate(practice.demonstration.authorised_matters):
        random = source.random(f"authorised matters/{index}")
        departments = cycle(_departments(staff, wanted.departments))
        for title, department in zip(wanted.titles, departments, strict=False):
            for region in tree.at("SUBDISTRICT"):
                id_ = source.id("authorised matter", index, title, region.code)
                handed = AuthorisedMatterRecord(id_, title, region.code, wanted.handed_from)
                yield _matter(wanted, handed, department, random)


def _matter(
    wanted: DemonstrationMatters, handed: AuthorisedMatterRecord, department: UUID | None, random: Random
) -> AuthorisedMatterRecord:
    since = day_between(random, wanted.handed_from, wanted.handed_to)
    is_trained = random.randrange(100) < wanted.trained_percent
    works = random.randrange(100) < wanted.works_percent
    verdict = Verdict.WORKS if works else random.choice([Verdict.PARTLY, Verdict.FAILS])
    return replace(
        handed,
        valid_from=since,
        department=department,
        trained_on=day_between(random, since, wanted.reviewed_on) if is_trained else None,
        trained_people=random.randint(1, _MOST_TRAINED) if is_trained else 0,
        reviews=(MatterReviewRecord(wanted.reviewed_on, verdict),),
    )


def _departments(staff: Staff, kind: str | None) -> list[UUID | None]:
    return [one.id for one in staff.organisations if kind is not None and one.kind == kind] or [None]
