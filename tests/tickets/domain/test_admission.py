"""Entry control by rule: what an item is, which version follows which, and which tickets it speaks of."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.tickets.domain.admission import (
    AdmissionItem,
    AdmissionList,
    Match,
    Standing,
    check_end,
    checked_item,
    match,
    next_version,
)
from services.tickets.domain.validation import read_processes

DAY = date(2026, 1, 1)
days = st.integers(0, 400).map(lambda after: DAY + timedelta(days=after))


def item(**more: Any) -> AdmissionItem:
    written: dict[str, Any] = {
        "list": AdmissionList.MATTERS,
        "code": "fees",
        "name_zh": "物业费催缴",
        "name_en": "fees",
    }
    return AdmissionItem(**{**written, **more})


@given(st.lists(days, max_size=8))
def test_of_the_versions_of_an_item_at_most_one_is_in_force_on_any_day(begins: list[date]) -> None:
    versions: list[Standing] = []
    for day in begins:
        try:
            number = next_version(versions[-1] if versions else None, day)
        except Refused:
            continue
        if versions:
            versions[-1] = Standing(versions[-1].version, versions[-1].valid_from, day)
        versions.append(Standing(number, day, None))
    assert [one.version for one in versions] == list(range(1, len(versions) + 1))
    for day in begins:
        there = [one for one in versions if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)]
        assert len(there) == (day >= versions[0].valid_from)


@given(days, days)
def test_a_version_ends_once_and_after_it_began(begins: date, ends: date) -> None:
    if ends > begins:
        check_end(Standing(1, begins, None), ends)
        with pytest.raises(Refused, match="ITEM_ENDED"):
            check_end(Standing(1, begins, ends), ends)
    else:
        with pytest.raises(Refused, match="VERSION_TOO_EARLY"):
            check_end(Standing(1, begins, None), ends)


_AROUND = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(_AROUND, _AROUND, st.sampled_from(["催缴物业费", "ABC", "ＡＢＣ", "a b-c"]))
def test_a_keyword_is_found_whatever_stands_around_it_and_however_it_is_written(
    head: str, tail: str, written: str
) -> None:
    known = item(keywords=("催缴物业费", "abc"))
    assert match(known, None, ["标题", f"{head}。{written}。{tail}"]) is not None


def test_a_ticket_names_an_item_by_category_code_or_name_and_else_matches_by_its_first_keyword() -> None:
    known = item(keywords=("代收", "催费"))
    named, nothing = Match(None), None
    assert match(known, "fees", ["随便"]) == named
    assert match(known, None, ["请办理FEES"]) == named
    assert match(known, None, ["请办理 fees_2"]) == nothing
    assert match(known, None, ["请做好物业费 催缴工作"]) == named
    assert match(known, None, ["请催费、代收"]) == Match("代收")
    assert match(known, "other", ["加装充电棚"]) == nothing
    hotline = item(list=AdmissionList.HOTLINES, phone="12345")
    assert match(hotline, "fees", ["fees"]) == nothing


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"code": "9x"}, "INVALID_ITEM_CODE"),
        ({"name_zh": " "}, "REQUIRED"),
        ({"keywords": ("费",)}, "INVALID_KEYWORD"),
        ({"keywords": tuple(f"关键词{n}" for n in range(21))}, "INVALID_KEYWORD"),
        ({"phone": "12345"}, "NOT_IN_THIS_LIST"),
        ({"list": AdmissionList.HOTLINES}, "REQUIRED"),
        ({"list": AdmissionList.HOTLINES, "phone": "call me"}, "INVALID_PHONE"),
        ({"list": AdmissionList.HOTLINES, "phone": "12345", "keywords": ("关键",)}, "NOT_IN_THIS_LIST"),
    ],
)
def test_an_item_that_is_written_wrongly_is_refused(more: dict[str, Any], problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        checked_item(item(**more))


def test_grounds_are_for_refusals_and_returns_and_never_demanded() -> None:
    file = Path(__file__).parents[3] / "deploy/practices/processes/assigned_task.yaml"
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert read_processes(raw)[1] == ()
    raw[0]["steps"][0]["actions"][0]["may"] = ["grounds"]
    raw[0]["steps"][0]["actions"][1]["requires"] = ["reason", "grounds"]
    assert [fault.path[-3:] for fault in read_processes(raw)[1]] == [("actions", 0, "may"), ("actions", 1, "requires")]
