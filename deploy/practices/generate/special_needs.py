"""The demonstration's register of special needs. Nobody in it exists, and nobody can be taken for somebody who does."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.org.domain.identifiers import with_check_character
from services.org.domain.records import SpecialNeedRecord
from services.org.domain.special_needs import LegalBasis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice

_NOWHERE = "999999"
"""A division that there is not: no identity number was ever given out with it."""


def make_special_needs(practice: Practice, source: Source, tree: RegionTree) -> Iterator[SpecialNeedRecord]:
    """Yield the records."""
    names = {kind.code: kind.name.zh for kind in practice.kinds.special_need}
    for wanted in practice.demonstration.special_needs:
        random = source.random(f"special needs/{wanted.kind}")
        places, situations = cycle(tree.at("COMMUNITY")), cycle(wanted.situations)
        for number, (region, situation) in enumerate(islice(zip(places, situations, strict=False), wanted.count), 1):
            since = day_between(random, wanted.since_from, wanted.since_to)
            year = random.randint(*wanted.born)
            birthday = day_between(random, date(year, 1, 1), date(year, 12, 31))
            yield SpecialNeedRecord(
                id=source.id("special need", wanted.kind, number),
                region_code=region.code,
                kind=wanted.kind,
                name=f"示例{names[wanted.kind]}{number}号",
                resident_id=with_check_character(f"{_NOWHERE}{birthday:%Y%m%d}{number % 1000:03}"),
                situation=situation,
                purpose=wanted.purpose,
                legal_basis=wanted.legal_basis,
                valid_from=since,
                kept_until=since + timedelta(days=wanted.kept_days),
                consented_on=since if wanted.legal_basis is LegalBasis.CONSENT else None,
            )
