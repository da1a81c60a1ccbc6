"""What is wrong in org's parts of a practice is told before anything is loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

from deploy.practices.catalogue import FOLDER
from deploy.practices.check import check

CASES: list[tuple[str, str, str, str]] = [
    ("gusu", "kind: fund, type: open_block", "kind: gold, type: open_block", "`gold` is not a kind of allocation"),
    ("gusu", "kind: staff, type: open_block", "kind: staff, type: village", "`village` is not a type of community"),
    ("gusu", "kind: staff, type: open_block", "kind: fund, type: open_block", "has a rule for fund already"),
    ("gusu", "{kind: facility, year: 2026", "{kind: praise, year: 2026", "no rule says how praise is given out"),
    ("gusu", "code: pooling_resources", "code: political_leadership", "capacity `political_leadership` is here twice"),
    ("gusu", "{code: good, name", "{code: fair, name", "level `fair` is here twice"),
    ("gusu", "organisations: community_party_committee, year: 2024", "organisations: club, year: 2024", "no club is"),
    (
        "hongtu",
        "compound_branch_secretary, days: 90",
        "mayor, days: 90",
        "`mayor` is not a duty title in organisations",
    ),
    ("hongtu", "candidates: part_time_member", "candidates: mayor", "nobody holds `mayor`"),
    ("hongtu", "latest: 2026-11-18", "latest: 2026-12-18", "it lies before the date"),
    (
        "hongtu",
        "- title: compound_branch_secretary\n      candidates",
        "- title: mayor\n      candidates",
        "without a filing",
    ),
    ("hongtu", "{source: member, households", "{source: nobody, households", "`nobody` is not a kind of reserve"),
    ("hongtu", "{source: worker, households", "{source: member, households", "reserve rule `member` is here twice"),
    ("hongtu", "source: worker, each", "source: nobody, each", "`nobody` is not a kind of reserve"),
    ("hongtu", "2026-07-01, title: community_worker", "2026-07-01, title: mayor", "nobody is given the duty `mayor`"),
    (
        "tongguan",
        "name: {zh: 正职, en: chief}, grades: [7, 18]",
        "name: {zh: 正职, en: chief}, grades: [18, 7]",
        "a range from 1",
    ),
    (
        "tongguan",
        "title: grid_branch_secretary\n      name",
        "title: mayor\n      name",
        "`mayor` is not a duty title here",
    ),
    ("gusu", "{team: doctor_team, name", "{team: chess_team, name", "`chess_team` is not a kind of team here"),
    ("gusu", "{stage: lead_goose, title", "{stage: swan, title", "`swan` is not a kind of talent here"),
    ("gusu", "mentor: community_secretary, count", "mentor: mayor, count", "`mayor` is held in no community"),
    ("gusu", "count: 24, since: 2025-07-01", "count: 240, since: 2025-07-01", "there are only 169 communities"),
    ("daye", "titles: [community_secretary], begins", "titles: [mayor], begins", "nobody is given the duty `mayor`"),
    ("daye", "ends: 2026-03-21", "ends: 2026-03-01", "it ends before it begins"),
    ("daye", "{title: community_worker, since", "{title: grid_leader, since", "`grid_leader` is held in no community"),
    ("tongguan", "{code: deputy, name", "{code: chief, name", "post `chief` is here twice"),
    ("tongguan", "{code: satisfaction, name", "{code: daily_work, name", "criterion `daily_work` is here twice"),
    ("tongguan", "{post: deputy, title", "{post: mayor, title", "`mayor` is not a post here"),
    ("tongguan", "title: community_worker, each: 1", "title: grid_leader, each: 1", "is not held in communities"),
    ("tongguan", "years_of_service: [3, 24]", "years_of_service: [24, 3]", "a range is needed"),
    ("tongguan", "day: 20, scores: [55, 98]", "day: 20, scores: [55, 101]", "a range from 0 to 100"),
    (
        "daye",
        "{source: public_institution, year: 2022, level: DISTRICT",
        "{source: club, year: 2022, level: DISTRICT",
        "`club` is not a kind of recruitment",
    ),
    ("daye", "level: SUBDISTRICT, posts: 60", "level: SUBDISTRICT, posts: 3", "more regions than posts"),
    ("tongguan", "source: county_budget", "source: nobody", "`nobody` is not a kind of fund here"),
    (
        "tongguan",
        "困难群众走访慰问, percent: [5, 20]",
        "困难群众走访慰问, percent: [5, 40]",
        "105 per cent would be spent",
    ),
    ("tongguan", "维修, percent: [20, 40]", "维修, percent: [40, 20]", "a range of per cents is needed"),
    (
        "tongguan",
        "on_from: 2026-03-10, on_to: 2026-06-30",
        "on_from: 2026-03-02, on_to: 2026-06-30",
        "spent from a day",
    ),
    ("hongtu", "hours: 6, communities: 6", "hours: 6, communities: 20000", "communities"),
    ("hongtu", '"2026-07-10T08:30:00"', '"2026-06-30T08:30:00"', "nobody is in reserve by then"),
    ("hongtu", '"2026-07-10T08:30:00"', '"2026-07-10T08:30:00+08:00"', "without a zone"),
    ("hongtu", "excused_percent: 10, ", "excused_percent: 0, ", "who is excused has an excuse"),
    ("hongtu", '"2026-09-04T14:00:00"', '"2026-11-20T14:00:00"', "it must be over before the date"),
    ("gusu", "handled_by: service_project, about", "handled_by: nothing, about", "has no tickets of `nothing`"),
    ("gusu", "about: elder", "about: cats", "has no matter of `cats`"),
    ("gusu", ", about: elder", "", "`handled_by` and `about` go together"),
    ("gusu", "scores: [55, 95]", "scores: [95, 55]", "a range from 0 to 100"),
]


def test_each_fault_is_named_with_its_line(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, before, after, message in CASES:
        file = copy / f"{name}.yaml"
        sound = file.read_text(encoding="utf-8")
        assert before in sound, before
        file.write_text(sound.replace(before, after, 1), encoding="utf-8")
        line = sound[: sound.index(before)].count("\n") + 1
        found = [(fault.line, fault.message) for fault in check(file) if message in fault.message]
        assert found, (message, check(file))
        file.write_text(sound, encoding="utf-8")
        assert "twice" in message or "already" in message or line in [at for at, _ in found], (message, line, found)
