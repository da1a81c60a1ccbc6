"""The rules of the four lists of a community."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.lists import (
    HAVE_RESULTS,
    LONGEST_TITLE,
    ListItem,
    ListName,
    check_link,
    check_list_kind,
    check_settled,
    check_title,
)

items = st.builds(ListItem, st.sampled_from(ListName), st.sampled_from(["370321002001", "370321002002"]), st.booleans())


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problem.code


@given(st.lists(items, min_size=2, max_size=12), st.data())
def test_links_never_come_round_and_never_lead_out_of_the_community(those: list[ListItem], data: st.DataObject) -> None:
    pairs = st.tuples(st.integers(0, len(those) - 1), st.integers(0, len(those) - 1))
    taken = []
    for source, target in data.draw(st.lists(pairs, max_size=20)):
        try:
            check_link(those[source], those[target])
        except Refused:
            continue
        taken.append((source, target))
        assert those[source].region_code == those[target].region_code
        assert those[source].is_open
        assert those[target].is_open
    order = list(ListName)
    for source, target in taken:
        assert order.index(those[source].list) < order.index(those[target].list)
        assert those[source].list not in HAVE_RESULTS, "what has a result leads nowhere further"


@given(items, st.dates(date(2024, 1, 1), date(2026, 1, 1)), st.dates(date(2024, 1, 1), date(2026, 1, 1)))
def test_only_an_open_service_or_task_gets_a_result_from_its_first_day_on(
    item: ListItem, since: date, on: date
) -> None:
    fits = item.list in HAVE_RESULTS and item.is_open and on >= since
    try:
        assert check_settled(item, since, None, " 完成 ", on) == "完成"
        assert fits
    except Refused:
        assert not fits


def test_a_result_is_given_once() -> None:
    day = date(2025, 1, 1)
    with pytest.raises(Refused) as refused:
        check_settled(ListItem(ListName.TASK, "370321002001"), day, day, "完成", day)
    assert code_of(refused) == "ALREADY_SETTLED"


@pytest.mark.parametrize(
    ("kind", "known", "fits"),
    [(None, set(), True), ("market", {"market"}, True), (None, {"market"}, False), ("market", set(), False)],
)
def test_a_kind_is_needed_where_the_list_has_kinds(kind: str | None, known: set[str], fits: bool) -> None:
    if fits:
        check_list_kind(kind, known, "resource")
    else:
        with pytest.raises(Refused):
            check_list_kind(kind, known, "resource")


@pytest.mark.parametrize("title", ["", "  ", "长" * (LONGEST_TITLE + 1)])
def test_a_title_says_something_in_a_few_words(title: str) -> None:
    with pytest.raises(Refused):
        check_title(title)
