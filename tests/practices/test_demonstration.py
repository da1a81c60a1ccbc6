"""The generated city: the same each time, valid by org's own rules, and as large as the figures say."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import City, build_city, json_lines, org_records
from deploy.practices.generate.source import spread
from deploy.practices.model import Practice
from services.org.domain import records as r
from services.org.domain.codes import level_of, parent_of
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.domain.practice_file import ORDER, Checker
from services.org.domain.practice_known import Known

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
_DIGEST = """
import hashlib
from datetime import date
from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import build_city, json_lines, org_records, ticket_records
city = build_city(read_practice("huantai"))
content = json_lines(org_records(city)) + json_lines(ticket_records(city, date(2026, 11, 23)))
print(hashlib.sha256(content).hexdigest())
"""


@pytest.fixture(scope="module")
def by_kind(city: City) -> dict[type, list[Any]]:
    found: dict[type, list[Any]] = defaultdict(list)
    for record in org_records(city):
        found[type(record)].append(record)
    return found


def test_the_same_practice_gives_the_same_files_in_every_process() -> None:
    # Another hash seed each time: the order of a set would show.
    digests = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=100,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_another_seed_gives_other_people_in_the_same_numbers(practice: Practice, city: City) -> None:
    other = build_city(replace(practice, demonstration=replace(practice.demonstration, seed=7)))
    ours, theirs = list(org_records(city)), list(org_records(other))
    assert [person.name for person in city.staff.people] != [person.name for person in other.staff.people]
    assert Counter(map(type, ours)) == Counter(map(type, theirs))


def test_the_city_is_as_large_as_the_figures(practice: Practice, by_kind: dict[type, list[Any]]) -> None:
    today = practice.demonstration.date
    held = Counter(one.title for one in by_kind[r.DutyRecord] if one.valid_to is None or one.valid_to > today)
    levels = Counter(level_of(one.code) for one in by_kind[r.RegionRecord])
    stations = Counter(one.kind for one in by_kind[r.StationRecord])
    counted = {
        "communities": levels[Level.COMMUNITY],
        "first_secretaries": held["first_secretary"],
        "grid_branches": sum(one.kind == "grid_party_branch" for one in by_kind[r.OrganisationRecord]),
        "red_building_heads": held["building_leader"],
        "red_unit_heads": held["unit_leader"],
        "volunteer_teams": sum(one.kind == "volunteer" for one in by_kind[r.TeamRecord]),
        "volunteers": len({one.person for one in by_kind[r.TeamMemberRecord]}),
        "red_halls": stations["deliberation_hall"],
        "red_courtyards": stations["courtyard_council"],
        "mobilised": len({one.person for one in by_kind[r.MusterRecord]}),
    }
    expected = {row.id: row.expected for row in practice.figures.rows}
    assert counted == {name: expected[name] for name in counted}
    assert (levels[Level.GRID], levels[Level.BUILDING], levels[Level.UNIT]) == (140, 1967, 3925)
    assert {one.position for one in by_kind[r.MusterGroupRecord]} == set(range(1, 9))


def test_every_record_keeps_the_rules_of_org(by_kind: dict[type, list[Any]]) -> None:
    checker = Checker(Known())
    for kind in ORDER:
        for line, record in enumerate(sorted(by_kind[kind], key=_depth), 1):
            assert checker.check(record, line), record
    for record in by_kind[r.OrganisationRecord]:
        checker.parent(record)
    for record in by_kind[r.DutyRecord]:
        checker.pair(record)


def _depth(record: Any) -> int:
    return len(record.code) if isinstance(record, r.RegionRecord) else 0


def test_every_region_is_valid_and_lies_in_one_that_is_there(by_kind: dict[type, list[Any]]) -> None:
    codes = {one.code for one in by_kind[r.RegionRecord]}
    assert len(codes) == len(by_kind[r.RegionRecord])
    for code in codes:
        assert level_of(code) is not None
        assert len(code) == 4 or parent_of(code) in codes
    parents = {parent_of(code) for code in codes}
    childless = [code for code in codes if code not in parents and len(code) < 20]
    assert childless == []


def test_every_building_and_unit_has_its_own_leader(by_kind: dict[type, list[Any]]) -> None:
    for title, length in (("building_leader", 18), ("unit_leader", 20)):
        places = [one.region_code for one in by_kind[r.DutyRecord] if one.title == title]
        assert len(places) == len(set(places))
        assert set(places) == {one.code for one in by_kind[r.RegionRecord] if len(one.code) == length}


def test_pairs_are_an_in_service_member_and_another(by_kind: dict[type, list[Any]]) -> None:
    status = {one.id: one.party_status for one in by_kind[r.PersonRecord]}
    duties = {one.id: one for one in by_kind[r.DutyRecord]}
    pairs = [(one, duties[one.paired_with]) for one in duties.values() if one.paired_with]
    assert len(pairs) > 2500
    for one, other in pairs:
        assert status[one.person] is PartyStatus.IN_SERVICE
        assert status[other.person] is PartyStatus.OTHER
        assert one.region_code[:15] == other.region_code[:15]


def test_some_grids_have_nobody_as_leader_and_some_had_another_worker(by_kind: dict[type, list[Any]]) -> None:
    held = Counter(one.title for one in by_kind[r.DutyRecord] if one.valid_to is None)
    former = Counter(one.title for one in by_kind[r.DutyRecord] if one.valid_to is not None)
    assert (held["grid_leader"], held["grid_worker"], held["grid_branch_secretary"]) == (137, 140, 140)
    assert former["grid_worker"] == 9


def test_names_come_from_nobody_named_in_the_sources(by_kind: dict[type, list[Any]]) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the source texts are not beside this checkout")
    texts = "".join(file.read_text(encoding="utf-8") for file in SEEDS.glob("*.txt"))
    # Names of two characters stand inside ordinary words.
    names = {one.name for one in by_kind[r.PersonRecord] if len(one.name) > 2}
    assert [name for name in names if name in texts] == []


def test_no_personal_data_beyond_the_name_is_made_up(by_kind: dict[type, list[Any]]) -> None:
    assert {(one.phone, one.resident_id) for one in by_kind[r.PersonRecord]} == {(None, None)}


def test_scores_that_are_counted_follow_from_what_units_did_where_they_are_paired() -> None:
    practice = read_practice("gusu")
    records: dict[type, list[Any]] = defaultdict(list)
    for record in org_records(build_city(practice)):
        records[type(record)].append(record)
    rules = {rule.kind: rule for rule in practice.contribution_rules}
    paired = {one.id: one for one in records[r.PairingRecord]}
    for year in (2024, 2025):
        expected: dict[str, int] = defaultdict(int)
        for one in records[r.ContributionRecord]:
            pairing = paired[one.pairing]
            rule = rules[one.kind]
            if one.on.year == year:
                assert one.on >= pairing.valid_from
                expected[pairing.region_code] += min(rule.most, one.amount // rule.per * rule.points)
        found = {one.region_code: one.points for one in records[r.AssessmentRecord] if one.year == year}
        assert len({paired[one.pairing].region_code for one in records[r.ContributionRecord]}) > 100
        # A unit is paired once in a community, so its points are those of one contribution.
        assert found == {code: {"pooling_resources": expected[code]} for code in found}
        assert any(points["pooling_resources"] for points in found.values())


def test_ids_are_never_used_twice(by_kind: dict[type, list[Any]]) -> None:
    ids = Counter(one.id for records in by_kind.values() for one in records if hasattr(one, "id"))
    assert [each for each, times in ids.items() if times > 1] == []


def test_records_are_written_one_a_line(city: City) -> None:
    content = json_lines(city.tree.records())
    assert content.count(b"\n") == 1 + 1 + 2 + 15 + 140 + 1967 + 3925
    assert hashlib.sha256(content).digest() == hashlib.sha256(json_lines(city.tree.records())).digest()


@given(total=st.integers(0, 500), slots=st.integers(1, 50), least=st.integers(0, 20), seed=st.integers())
def test_shares_add_up_and_none_is_too_small(total: int, slots: int, least: int, seed: int) -> None:
    shares = spread(total, slots, Random(seed), least=least)  # noqa: S311
    assert len(shares) == slots
    assert sum(shares) == total
    assert min(shares) >= min(least, total // slots)
