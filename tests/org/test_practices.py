"""Every practice loads into org in full, and org answers each of its figures from the rows."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from graphql import REMOVE, FieldNode, TypeInfo, TypeInfoVisitor, Visitor, parse, print_ast, visit

from deploy.practices.catalogue import read_practice
from deploy.practices.check import check
from deploy.practices.demonstration import build_city, json_lines, org_records
from deploy.practices.figures import FigureRow, answered_at
from deploy.practices.generate.property import compounds_of
from services.org.domain import records as r
from services.org.main import SERVICE
from services.org.reactions.property import compound_told
from services.property.domain.events import CompoundRegistered
from services.property.domain.records import CompoundRecord
from tests.kit import items_of
from tests.org.compounds import envelope
from tests.org.conftest import Org

LARGE = pytest.mark.skipif(not os.environ.get("LINLI_LARGE"), reason="takes a minute; set LINLI_LARGE=1")
PRACTICES = ["tongguan", "gusu", pytest.param("daye", marks=LARGE), pytest.param("hongtu", marks=LARGE)]


@pytest.mark.parametrize("name", PRACTICES)
async def test_a_practice_answers_every_figure_of_org(empty_org: Org, name: str) -> None:
    practice = read_practice(name)
    assert check(practice.folder / f"{name}.yaml") == []
    city = build_city(practice)
    await empty_org.load(json_lines(org_records(city)).decode())
    told = [envelope(_registered(one)) for one, _ in compounds_of(practice, city.source, city.tree)]
    async with empty_org.runtime.database.write(("",)) as session:
        for start in range(0, len(told), 500):
            await compound_told(session.connection, told[start : start + 500])
    query = (practice.folder / practice.figures.query).read_text(encoding="utf-8")
    answer = await empty_org.data(_of_org(query))
    rows = [
        FigureRow(row.id, row.label, row.expected, row.at_least, answered_at(answer, row.path), row.just_below)
        for row in practice.figures.rows
        if _is_asked(answer, row.path)
    ]
    assert len(rows) >= len(practice.figures.rows) / 2
    assert [(row.id, row.answered) for row in rows if not row.holds] == []


async def test_the_reserve_of_the_demonstration_came_to_its_drills(empty_org: Org) -> None:
    practice = read_practice("hongtu")
    records = list(org_records(build_city(practice)))
    called = {one.person for record in records if isinstance(record, r.CallUpRecord) for one in record.people}
    towns = {record.region_code[:9] for record in records if isinstance(record, r.CallUpRecord)}
    # What the drills need of this large city, which is loaded whole only where large tests run.
    kept = [
        one
        for one in records
        if isinstance(one, r.KindRecord | r.CallUpRecord)
        or (isinstance(one, r.RegionRecord) and (len(one.code) < 9 or one.code[:9] in towns))
        or (isinstance(one, r.PersonRecord) and one.id in called)
        or (isinstance(one, r.ReservistRecord) and one.person in called)
    ]
    await empty_org.load(json_lines(kept).decode())
    document = """{ district(code: "%s") { callUps(over: true, first: 50) { edges { node {
        purpose isDrill asked called arrived calledAt endedAt region { code }
        people(first: 100) { edges { node {
          state post excuse answeredAt person { id } source { code } } } } } } } } }"""
    seen = (await empty_org.data(document % practice.region.district.code))["district"]["callUps"]["edges"]
    drills = practice.demonstration.drills
    assert len(seen) == sum(one.communities for one in drills)
    by_place: dict[str, list[set[str]]] = {}
    for node in sorted((edge["node"] for edge in seen), key=lambda one: one["calledAt"]):
        people = items_of(node["people"])
        states = Counter(one["state"] for one in people)
        assert node["isDrill"]
        assert (node["asked"], node["called"]) == (len(people), states["ARRIVED"] + states["EXCUSED"])
        assert node["arrived"] == states["ARRIVED"] > len(people) / 2
        assert all((one["excuse"] is None) == (one["post"] is not None) for one in people)
        assert all(node["calledAt"] < one["answeredAt"] < node["endedAt"] for one in people)
        by_place.setdefault(node["region"]["code"], []).append({one["person"]["id"] for one in people})
    reserve = Counter(one.region_code for one in records if isinstance(one, r.ReservistRecord))
    # Whoever was called for the first is called for the second only where the others do not suffice.
    for code, (first, second) in by_place.items():
        assert len(first & second) == max(0, len(first) + len(second) - reserve[code])


async def test_branches_of_the_demonstration_have_spent_some_of_what_was_paid_out(empty_org: Org) -> None:
    await empty_org.load(json_lines(org_records(build_city(read_practice("tongguan")))).decode())
    document = """{ district(code: "610522") {
        fundStats(year: 2026) { budgetedYuan disbursedYuan spentYuan } } }"""
    seen = (await empty_org.data(document))["district"]["fundStats"]
    assert (seen["budgetedYuan"], seen["disbursedYuan"]) == (285000, 285000)
    # Every account of every fund is what its entries make it.
    rows = await empty_org.look(
        "SELECT f.spent, coalesce(sum(e.amount) FILTER (WHERE e.kind = 'SPEND'), 0)"
        " FROM fund f JOIN fund_entry e ON e.fund_id = f.id GROUP BY f.id"
    )
    spent = [balance for balance, posted in rows if balance == posted]
    assert (len(spent), sum(spent)) == (38, seen["spentYuan"] * 100)
    assert 0 < len([one for one in spent if not one]) < len(spent) / 2


async def test_stations_of_the_demonstration_are_within_a_walk_of_each_other(empty_org: Org) -> None:
    city = build_city(read_practice("tongguan"))
    await empty_org.load(json_lines(org_records(city)).decode())
    there = next(one for one in city.life.stations if one.latitude is not None)
    document = "query($a: Float!, $o: Float!) { reachableStations(latitude: $a, longitude: $o) { metres } }"
    found = (await empty_org.data(document, a=there.latitude, o=there.longitude))["reachableStations"]
    assert len(found) > 1
    assert found[0]["metres"] == 0
    assert all(one.latitude is not None and one.longitude is not None for one in city.life.stations)


def _registered(record: CompoundRecord) -> CompoundRegistered:
    """What property tells of a compound that it imports."""
    names = ("region_id", "region_code", "name", "kind", "care", "registered_on")
    return CompoundRegistered(compound_id=record.id, **{name: getattr(record, name) for name in names})


def _of_org(query: str) -> str:
    """Leave out what other services add to org's types."""
    types = TypeInfo(SERVICE.schema._schema)

    class Others(Visitor):
        def enter_field(self, _node: FieldNode, *_: Any) -> Any:
            return None if types.get_field_def() else REMOVE

    return print_ast(visit(parse(query), TypeInfoVisitor(types, Others())))


def _is_asked(answer: Any, path: str) -> bool:
    for key in path.split("."):
        if answer is None:
            return True
        if isinstance(answer, list):
            answer = answer[int(key)] if int(key) < len(answer) else None
            continue
        if key not in answer:
            return False
        answer = answer[key]
    return True
