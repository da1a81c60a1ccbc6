"""The demonstration's compounds and property companies; no such company exists."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from stdnum.cn import uscc

from deploy.practices.generate.source import day_between
from services.property.domain.records import CompanyRecord, CompoundRecord

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


def make_companies(practice: Practice, source: Source, tree: RegionTree) -> Iterator[CompanyRecord]:
    """Yield property companies of the district, with made-up credit codes whose check characters hold."""
    (district,) = tree.at("DISTRICT")
    random, serial = source.random("property companies"), 0
    for wanted in practice.demonstration.property_companies:
        for number in range(1, wanted.count + 1):
            serial += 1
            body = f"91{district.code}MA{serial:07}"
            yield CompanyRecord(
                id=source.id("property company", serial),
                name=wanted.name.format(number=number),
                credit_code=body + uscc.calc_check_digit(body),
                region_id=district.id,
                region_code=district.code,
                registered_on=day_between(random, wanted.registered_from, wanted.registered_to),
                has_party_branch=wanted.party_branch,
            )
