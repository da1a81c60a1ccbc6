"""The demonstration's compounds."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.property.domain.records import CompoundRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice


def make_compounds(practice: Practice, source: Source, tree: RegionTree) -> Iterator[CompoundRecord]:
    """Yield compounds, one community after the other."""
    communities = cycle(tree.at("COMMUNITY"))
    random = source.random("compounds")
    numbers: dict[str, int] = {}
    for wanted in practice.demonstration.compounds:
        for number in range(1, wanted.count + 1):
            region = next(communities)
            numbers[region.code] = numbers.get(region.code, 0) + 1
            yield CompoundRecord(
                id=source.id("compound", wanted.kind, wanted.care, number),
                name=f"{region.name}第{numbers[region.code]}小区",
                kind=wanted.kind,
                region_id=region.id,
                region_code=region.code,
                registered_on=day_between(random, wanted.registered_from, wanted.registered_to),
                care=wanted.care,
            )
