"""Which compounds the demonstration's organisations cover: all compounds, each organisation at least one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from deploy.practices.generate.property import compounds_of
from services.org.domain.levels import Level
from services.org.domain.tie_records import CoveringRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import OrganisationRecord
    from services.property.domain.records import CompoundRecord

_DIGITS = Level.COMMUNITY.code_length


def make_coverings(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Iterator[CoveringRecord]:
    """Yield what organisations cover: in each community its compounds are dealt out to them, in turn.

    Where there are fewer organisations than compounds, some cover several jointly; where there are more, several
    have one compound.
    """
    kinds = {one.kind for one in practice.demonstration.organisations if one.covers_compounds}
    if not kinds:
        return
    there: dict[str, list[CompoundRecord]] = defaultdict(list)
    for compound, _ in compounds_of(practice, source, tree):
        there[compound.region_code[:_DIGITS]].append(compound)
    founded: dict[tuple[str, str], list[OrganisationRecord]] = defaultdict(list)
    for one in staff.organisations:
        if one.kind in kinds:
            founded[one.kind, one.region_code[:_DIGITS]].append(one)
    for (_, code), organisations in founded.items():
        compounds = there[code]
        dealt: list[list[CompoundRecord]] = [[] for _ in organisations]
        for turn in range(max(len(compounds), len(organisations)) if compounds else 0):
            dealt[turn % len(organisations)].append(compounds[turn % len(compounds)])
        for one, covered in zip(organisations, dealt, strict=True):
            if covered:
                since = max(one.established_on, *(compound.registered_on for compound in covered))
                yield CoveringRecord(one.id, tuple(compound.id for compound in covered), since)
