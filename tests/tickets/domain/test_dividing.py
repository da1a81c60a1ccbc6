"""What the ends of children mean for their parent, whatever the rule; and what a process that divides must say."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.tickets.domain.dividing import Verdict, family_faults, led_to, verdict
from services.tickets.domain.process import Children, Outcome
from services.tickets.domain.validation import read_processes

if TYPE_CHECKING:
    from services.tickets.domain.process import Process

FILE = Path(__file__).parents[3] / "deploy/practices/processes/joint_work.yaml"
RAW: list[Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
ENDS = st.lists(st.sampled_from([None, *Outcome]), max_size=8)
SECTIONS = st.builds(
    lambda rule, counts, quorum: Children(
        processes=("a",), rule=rule, counts=counts, quorum=quorum if rule == "quorum" else None, to="on"
    ),
    st.sampled_from(["all", "any", "quorum", "none"]),
    st.sampled_from(["done", "ended"]),
    st.integers(1, 5),
)


def counts(section: Children, end: Outcome | None) -> bool:
    return end is Outcome.DONE if section.counts == "done" else end is not None


@given(SECTIONS, ENDS)
def test_a_parent_goes_on_as_soon_as_enough_count_and_fails_only_when_they_no_longer_can(
    section: Children, ends: list[Outcome | None]
) -> None:
    found = verdict(section, ends)
    needed = {"all": len(ends), "any": 1, "quorum": section.quorum}.get(section.rule)
    if needed is None or not ends:
        assert found is Verdict.WAIT
        return
    best = [Outcome.DONE if end is None else end for end in ends]
    assert (found is Verdict.GO_ON) == (sum(counts(section, end) for end in ends) >= needed)
    assert (found is Verdict.FAIL) == (sum(counts(section, end) for end in best) < needed)


@given(SECTIONS, ENDS)
def test_a_decision_once_made_is_not_undone_by_what_ends_later(section: Children, ends: list[Outcome | None]) -> None:
    later = [Outcome.REFUSED if end is None else end for end in ends]
    if (found := verdict(section, ends)) is not Verdict.WAIT:
        assert verdict(section, later) is found


def test_without_a_place_for_failure_a_parent_stays_for_people() -> None:
    section = Children(processes=("a",), to="on")
    assert led_to(section, [Outcome.DONE, Outcome.REFUSED]) is None
    assert led_to(section, [Outcome.DONE, Outcome.DONE]) == "on"


def changed(*path: Any, to: Any) -> list[Any]:
    raw = copy.deepcopy(RAW)
    part = raw
    for key in path[:-1]:
        part = part[key]
    if to is None:
        del part[path[-1]]
    else:
        part[path[-1]] = to
    return raw


WORK = (0, "steps", 1, "children")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (changed(*WORK, "to", to="nowhere"), (*WORK, "to")),
        (changed(*WORK, "to", to="work"), (*WORK, "to")),
        (changed(*WORK, "to", to=None), (*WORK, "to")),
        (changed(*WORK, "quorum", to=2), (*WORK, "quorum")),
        (changed(*WORK, "rule", to="quorum"), (*WORK, "quorum")),
        (changed(*WORK, "counts", to="ended"), (*WORK, "failed_to")),
        (changed(*WORK, "processes", to=[]), (*WORK, "processes")),
        (changed(*WORK, to=None), (0, "steps", 0, "actions", 0, "to")),
        (changed(0, "steps", 0, "actions", 0, "requires", to=[]), (0, "steps", 0, "actions", 0, "requires")),
        (changed(0, "steps", 0, "who", to=["requester"]), (0, "steps", 0, "actions", 0, "who")),
        (changed(0, "steps", 2, "who", to=["parent"]), (0, "steps", 2, "who")),
        (changed(1, "recall", "to", to="done"), (1, "recall", "to")),
        (changed(1, "raising", "who", to=["resident"]), (1, "recall")),
    ],
)
def test_every_fault_of_a_division_is_found_where_it_is(raw: list[Any], path: tuple[Any, ...]) -> None:
    _, faults = read_processes(raw)
    assert path in {fault.path for fault in faults}
    assert all(fault.en and fault.zh for fault in faults)


def family(raw: list[Any]) -> list[tuple[str, str]]:
    processes: tuple[Process, ...] = read_processes(raw)[0]
    return [(code, en) for code, _, en, _ in family_faults({one.code: one for one in processes})]


def test_a_family_of_processes_is_sound_or_says_what_is_missing() -> None:
    assert family(RAW) == []
    assert family(RAW[:1]) == [("joint_work", "there is no process 'team_task'")]
    assert family(changed(1, "recall", to=None)) == [("joint_work", "team_task has no recall")]
    assert ("joint_work", "team_task is not raised by a parent") in family(
        changed(1, "raising", "who", to=["resident"])
    )


def test_tickets_nested_in_a_ring_are_found() -> None:
    raw = changed(*WORK, "processes", to=["joint_work"])
    assert ("joint_work", "tickets would be nested deeper than 2 below one another") in family(raw)
