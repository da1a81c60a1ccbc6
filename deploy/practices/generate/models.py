"""The demonstration's panel of experts, and the methods that its model communities share."""

from __future__ import annotations

from collections import defaultdict
from itertools import cycle
from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.org.domain.model_records import AdoptionRecord, ExpertRecord, GuidanceRecord, SharedMethodRecord
from services.org.domain.records import CommunityProfileRecord, DistinctionRecord, PersonRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import Record


def make_models(practice: Practice, source: Source, tree: RegionTree, registers: Iterable[Record]) -> Iterator[Record]:
    """Yield experts with the communities they accompany, and methods with those that took them up."""
    models: dict[str, list[DistinctionRecord]] = defaultdict(list)
    of_type: dict[str, list[str]] = defaultdict(list)
    for one in registers:
        if isinstance(one, DistinctionRecord) and one.person is None:
            models[one.kind].append(one)
        if isinstance(one, CommunityProfileRecord):
            of_type[one.type].append(one.region_code)
    yield from _experts(practice, source, tree, models)
    yield from _methods(practice, source, tree, models, of_type)


def _experts(
    practice: Practice, source: Source, tree: RegionTree, models: dict[str, list[DistinctionRecord]]
) -> Iterator[Record]:
    (district,) = tree.at("DISTRICT")
    name = source.names("experts")
    for index, wanted in enumerate(practice.demonstration.experts):
        random = source.random(f"experts/{index}")
        panel: list[ExpertRecord] = []
        for number in range(1, wanted.count + 1):
            person = PersonRecord(source.id("person", "expert", index, number), name(), district.code)
            since = day_between(random, wanted.since_from, wanted.since_to)
            id_ = source.id("expert", index, number)
            panel.append(ExpertRecord(id_, person.id, wanted.field, district.code, since))
            yield person
        yield from panel
        for one, expert in zip(models.get(wanted.accompany or "", []), cycle(panel), strict=False):
            id_ = source.id("guidance", expert.id, one.region_code)
            yield GuidanceRecord(id_, expert.id, one.region_code, max(expert.valid_from, one.valid_from))


def _methods(
    practice: Practice,
    source: Source,
    tree: RegionTree,
    models: dict[str, list[DistinctionRecord]],
    of_type: dict[str, list[str]],
) -> Iterator[Record]:
    (district,) = tree.at("DISTRICT")
    for index, wanted in enumerate(practice.demonstration.methods):
        random = source.random(f"methods/{index}")
        alike = sorted(of_type[wanted.type])
        chosen = sorted(one.region_code for one in models[wanted.model] if one.region_code in alike)
        if not chosen:
            continue
        method = SharedMethodRecord(
            id=source.id("method", index),
            title=wanted.title,
            type=wanted.type,
            model=chosen[0],
            region_code=district.code,
            valid_from=wanted.shared_on,
            content=wanted.content,
        )
        yield method
        for code in [code for code in alike if code != chosen[0]][: wanted.adopted]:
            day = day_between(random, wanted.adopted_from, wanted.adopted_to)
            yield AdoptionRecord(source.id("adoption", index, code), method.id, code, day)
