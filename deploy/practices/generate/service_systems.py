"""The demonstration's compounds under a system of property help, with who fills its levels and supervising bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.property.domain.records import CompoundSystemRecord, PostRecord, ServiceSystemRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_property import DemonstrationPost
    from services.property.domain.records import CompoundRecord

_COMMUNITY_DIGITS = 12


def make_service_systems(
    practice: Practice, source: Source, tree: RegionTree, staff: Staff, compounds: Sequence[CompoundRecord]
) -> Iterator[ServiceSystemRecord | CompoundSystemRecord]:
    """Yield the systems, and the compounds that are under them; a compound is under one at most."""
    systems = {one.code: one for one in practice.service_systems}
    yield from (ServiceSystemRecord(one) for one in practice.service_systems)
    random, builder, taken = source.random("service systems"), _Builder(tree, staff), set()
    for wanted in practice.demonstration.service_systems:
        care = systems[wanted.system].care
        free = [one for one in compounds if one.kind == wanted.kind and one.care in care and one.id not in taken]
        for number, compound in enumerate(free[: wanted.count]):
            taken.add(compound.id)
            since = day_between(random, wanted.since_from, wanted.since_to)
            filled = [post for post in wanted.posts if number < wanted.count - post.vacancies]
            yield CompoundSystemRecord(
                id=source.id("service system", compound.id),
                compound_id=compound.id,
                system=wanted.system,
                valid_from=since,
                posts=tuple(one for post in filled for one in builder.posts(post, compound, since)),
            )


class _Builder:
    """Finds who fills what where a compound lies."""

    def __init__(self, tree: RegionTree, staff: Staff) -> None:
        self._tree = tree
        self._staff = staff

    def posts(self, wanted: DemonstrationPost, compound: CompoundRecord, since: date) -> Iterator[PostRecord]:
        """Yield who fills a level or body of a compound from a day on."""
        if wanted.organisation is not None:
            there = self._staff.organisation_at(wanted.organisation, compound.region_code)
            if there is not None:
                yield PostRecord(post=wanted.post, valid_from=since, organisation_id=there.id)
        elif wanted.title is not None:
            yield from self._holders(wanted, wanted.title, compound, since)
        elif wanted.name is not None:
            community = self._tree.names[compound.region_code[:_COMMUNITY_DIGITS]]
            name = wanted.name.format(compound=compound.name, community=community)
            yield PostRecord(post=wanted.post, valid_from=since, name=name)

    def _holders(
        self, wanted: DemonstrationPost, title: str, compound: CompoundRecord, since: date
    ) -> Iterator[PostRecord]:
        """Yield the first holders of a title in the compound's community; each from when they hold it."""
        here = compound.region_code[:_COMMUNITY_DIGITS]
        held = [one for one in self._staff.duties if one.title == title and one.region_code.startswith(here)]
        for one in [one for one in held if one.valid_to is None][: wanted.each]:
            yield PostRecord(post=wanted.post, valid_from=max(since, one.valid_from), person_id=one.person, title=title)
