"""Which compounds the demonstration's organisations cover: all compounds, each organisation at least one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from deploy.practices.generate.property import compounds_of
from services.org.domain.levels import Level
from services.org.domain.tie_records import CoveringRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import OrganisationRecord
    from services.property.domain.records import CompoundRecord

_DIGITS = Level.COMMUNITY.code_length


def make_coverings(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Iterator[CoveringRecord]:
    """Yield what organisations cover: one compound each, or all that are left in their community, dealt out in turn.

    Where there are fewer organisations than compounds, some cover several jointly; where there are more, several
    have one compound.
    """
    wanted = {one.kind: one.covers for one in practice.demonstration.organisations if one.covers}
    if not wanted:
        return
    there: dict[str, list[CompoundRecord]] = defaultdict(list)
    for compound, _ in compounds_of(practice, source, tree):
        there[compound.region_code[:_DIGITS]].append(compound)
    founded: dict[tuple[str, str], list[OrganisationRecord]] = defaultdict(list)
    for one in staff.organisations:
        if one.kind in wanted:
            founded[one.kind, one.region_code[:_DIGITS]].append(one)
    # Those that cover one each come first; what is left is for the others.
    for (kind, code), organisations in sorted(founded.items(), key=lambda one: wanted[one[0][0]] != "one"):
        if wanted[kind] == "one":
            dealt, there[code] = [[one] for one in there[code][: len(organisations)]], there[code][len(organisations) :]
        else:
            dealt = _dealt(there[code], len(organisations))
        for one, covered in zip(organisations, dealt, strict=False):
            if covered:
                since = max(one.established_on, *(compound.registered_on for compound in covered))
                yield CoveringRecord(one.id, tuple(compound.id for compound in covered), since)


def _dealt(compounds: Sequence[CompoundRecord], hands: int) -> list[list[CompoundRecord]]:
    """Return compounds dealt out in turn, each hand at least one if there are any."""
    dealt: list[list[CompoundRecord]] = [[] for _ in range(hands)]
    for turn in range(max(len(compounds), hands) if compounds else 0):
        dealt[turn % hands].append(compounds[turn % len(compounds)])
    return dealt
