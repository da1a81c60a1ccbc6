"""What is wrong with a process is said, all of it, with the path to it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.tickets.domain.levels import Level
from services.tickets.domain.process import Holder, Process
from services.tickets.domain.process_words import checked_in_group, checked_in_post, is_duty, team_kind, team_post
from services.tickets.domain.validation import read_processes, warnings
from tests.tickets.domain.generated import processes

EXAMPLE = yaml.safe_load((Path(__file__).parents[1] / "example_process.yaml").read_text(encoding="utf-8"))
TITLES = {"grid_worker": "GRID", "community_secretary": "COMMUNITY", "volunteer": None}


def faults(change: Any = None, titles: Any = TITLES) -> dict[str, str]:
    """The faults of the example after a change: path → English text."""
    raw = copy.deepcopy(EXAMPLE)
    if change:
        change(raw[0])
    _, found = read_processes(raw, titles)
    return {str(fault).partition(": ")[0]: fault.en for fault in found}


def test_the_example_of_the_documentation_is_sound() -> None:
    assert faults() == {}


@given(processes())
def test_a_process_is_stored_and_read_back_unchanged(process: Process) -> None:
    assert msgspec.json.decode(msgspec.json.encode(process), type=Process) == process


REMIND = "remind_working_days_before"
HOURS = "remind_working_hours_before"
IN_HOURS = {"within": {"working_hours": 4}}
DAYS_ON, HOURS_ON = "after_working_days", "after_working_hours"


def up(*after: dict[str, int]) -> dict[str, Any]:
    return {
        "escalate": [{**one, "to": {"title": "community_secretary", "level": "COMMUNITY"}} for one in after or ({},)]
    }


KING = {"escalate": [{DAYS_ON: 1, "to": {"title": "king", "level": "COMMUNITY"}}]}
TO_ISSUER = [{"after_working_days": 1, "to": "issuer"}]


def _set(path: str, value: Any) -> Any:
    """A change of one place of the definition; a value of ... removes it."""
    *to, last = [int(part) if part.isdigit() else part for part in path.split(".")]

    def change(raw: Any) -> None:
        for part in to:
            raw = raw[part]
        if value is ...:
            del raw[last]
        else:
            raw[last] = value

    return change


HEAD = [{"title": "grid_worker", "level": "GRID"}]
LOST = {
    "code": "lost",
    "name_zh": "迷路",
    "name_en": "lost",
    "who": HEAD,
    "untimed": True,
    "actions": [{"code": "on", "kind": "advance", "name_zh": "转", "name_en": "on", "to": "wish_done"}],
}


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (_set("code", "Wish 1"), "[0].code", "is no code"),
        (_set("version", 0), "[0].version", "1 or more"),
        (_set("name_zh", " "), "[0].name_zh", "empty"),
        (_set("steps.0.actions.0.to", "nowhere"), "[0].steps[0].actions[0].to", "no step or end 'nowhere'"),
        (_set("raising.to", "wish_done"), "[0].raising.to", "no step 'wish_done'"),
        (lambda raw: raw["steps"].append(LOST), "[0].steps[2]", "cannot be reached"),
        (_set("steps.1.actions.0.to", "claim"), "[0].ends[0]", "cannot be reached"),
        (_set("steps.1.actions", []), "[0].steps[1]", "no way out"),
        (_set("steps.0.deadline", ...), "[0].steps[0].deadline", "a step has a deadline"),
        (_set("steps.0.deadline.within", {"days": 0}), "[0].steps[0].deadline.within", "a duration is one of"),
        (_set("steps.0.deadline.lapse_to", "nowhere"), "[0].steps[0].deadline.lapse_to", "no step or end"),
        (_set(f"steps.0.deadline.{REMIND}", [9]), f"[0].steps[0].deadline.{REMIND}[0]", "reminder"),
        (_set(f"steps.0.deadline.{REMIND}", [1, 1]), f"[0].steps[0].deadline.{REMIND}[1]", "there twice"),
        (_set(f"steps.0.deadline.{HOURS}", [1]), f"[0].steps[0].deadline.{HOURS}[0]", "only a deadline in"),
        (_set("first_response", IN_HOURS | {HOURS: [4]}), f"[0].first_response.{HOURS}[0]", "after the start"),
        (_set("first_response", IN_HOURS | {HOURS: [0]}), f"[0].first_response.{HOURS}[0]", "at least one"),
        (_set("first_response", IN_HOURS | {HOURS: [2, 2]}), f"[0].first_response.{HOURS}[1]", "there twice"),
        (_set("first_response", IN_HOURS | up()), "[0].first_response.escalate[0]", "one of the two"),
        (_set("first_response", IN_HOURS | up({DAYS_ON: 1, HOURS_ON: 1})), "[0].first_response.escalate[0]", "one of"),
        (_set("first_response", IN_HOURS | up({HOURS_ON: 0})), "[0].first_response.escalate", "from 1 on"),
        (_set("first_response", IN_HOURS | up({HOURS_ON: 2}, {HOURS_ON: 2})), "[0].first_response.escalate", "rungs"),
        (_set("first_response", IN_HOURS | up({DAYS_ON: 1}, {HOURS_ON: 9})), "[0].first_response.escalate", "before"),
        (_set("first_response", IN_HOURS | up({DAYS_ON: 2}, {DAYS_ON: 1})), "[0].first_response.escalate", "rungs"),
        (_set("first_response", IN_HOURS | {"lapse_to": "fulfil"}), "[0].first_response.lapse_to", "only a step"),
        (_set("first_response", IN_HOURS | KING), "[0].first_response.escalate[0].to.title", "no duty title 'king'"),
        (_set("steps.0.deadline.escalate", TO_ISSUER), "[0].steps[0].deadline.escalate[0].to", "no issuer"),
        (_set("steps.0.who.0.title", "king"), "[0].steps[0].who[0].title", "no duty title 'king'"),
        (_set("steps.0.who.0.level", "CITY"), "[0].steps[0].who[0].level", "nobody can hold it"),
        (_set("steps.0.who.0.level", "KINGDOM"), "[0].steps[0].who[0].level", "KINGDOM"),
        (_set("steps.0.pauses", True), "[0].steps[0].pauses", "no deadline that could stand still"),
        (_set("steps.0.who", []), "[0].steps[0].who", "nobody may act"),
        (_set("raising.levels", ["DISTRICT"]), "[0].steps[0].who", "in charge of a DISTRICT"),
        (_set("steps.1.actions.1.requires", []), "[0].steps[1].actions[1].requires", "requires a reason"),
        (_set("steps.1.actions.1.to", "fulfil"), "[0].steps[1].actions[1].to", "earlier step"),
        (_set("steps.0.actions.1.to", "fulfil"), "[0].steps[0].actions[1].to", "outcome is refused"),
        (_set("steps.0.actions.0.kind", "withdraw"), "[0].steps[0].actions[0].kind", "section of its own"),
        (_set("steps.0.actions.0.count", 0), "[0].steps[0].actions[0].count", "1 or more"),
        (_set("steps.0.actions.0.requires", ["rating"]), "[0].steps[0].actions[0].requires", "evaluate"),
        (_set("steps.0.actions.1.code", "claim"), "[0].steps[0].actions[1].code", "used twice"),
        (_set("withdrawal.to", "wish_done"), "[0].withdrawal.to", "outcome is withdrawn"),
        (_set("reopening.rating_at_most", 9), "[0].reopening.rating_at_most", "outside of the scale"),
        (_set("reopening.times", 0), "[0].reopening.times", "1 or more"),
        (_set("publicity", ...), "[0].publicity", "add publicity"),
        (_set("evaluation", ...), "[0].evaluation", "no scale"),
        (_set("surprise", 1), "[0]", "surprise"),
        (_set("steps.0.surprise", 1), "[0].steps[0]", "surprise"),
    ],
)  # fmt: skip
def test_every_fault_is_explained_where_it_is(change: Any, where: str, what: str) -> None:
    found = faults(change)
    assert what in found.get(where, f"nothing there, but {found}")


def test_all_faults_are_told_at_once_in_both_languages() -> None:
    def change(raw: Any) -> None:
        raw["version"] = 0
        raw["steps"][0]["who"][0]["title"] = "king"

    assert set(faults(change)) == {"[0].version", "[0].steps[0].who[0].title"}
    raw = copy.deepcopy(EXAMPLE)
    change(raw[0])
    assert all(fault.zh for fault in read_processes(raw, TITLES)[1])


def test_titles_are_unchecked_when_nobody_says_what_they_are() -> None:
    assert faults(_set("steps.0.who.0.title", "king"), titles=None) == {}


def test_a_process_is_defined_once() -> None:
    _, found = read_processes([EXAMPLE[0], EXAMPLE[0]], TITLES)
    assert [fault.path for fault in found] == [(1, "code")]


@pytest.mark.parametrize("raw", [None, "five", {"code": "x"}, [None], [[]], [{"code": 1}]])
def test_what_is_no_process_is_a_fault_and_no_crash(raw: Any) -> None:
    processes_, found = read_processes(raw, TITLES)
    assert processes_ == ()
    assert len(found) == 1


APPOINTMENT = yaml.safe_load(
    (Path(__file__).parents[3] / "deploy/practices/processes/grid_appointment.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (_set("steps.0.actions.0.kind", "advance"), "[0].steps[0].actions[0].kind", "kind invite leads to another"),
        (_set("steps.0.actions.0.requires", []), "[0].steps[0].actions[0].requires", "invited is required"),
        (_set("steps.0.actions.0.to", "settle"), "[0].steps[0].actions[0].kind", "kind invite leads to another"),
        (_set("steps.1.actions.0.who", HEAD), "[0].steps[1].actions[0].who", "only who is invited answers"),
        (_set("steps.1.actions.0.kind", "advance"), "[0].steps[1].actions", "one action of kind answer"),
        (_set("steps.1.countersign", ...), "[0].steps[1].countersign", "nobody is invited"),
        (_set("steps.1.countersign.titles", []), "[0].steps[1].countersign.titles", "nobody can speak"),
        (_set("steps.1.countersign.titles", ["x"]), "[0].steps[1].countersign.titles[0]", "no duty title 'x'"),
        (_set("steps.1.countersign.quorum", 2), "[0].steps[1].countersign.quorum", "belongs to the rule quorum"),
        (_set("steps.1.countersign.rule", "quorum"), "[0].steps[1].countersign.quorum", "belongs to the rule quorum"),
        (_set("raising.to", "on_the_spot"), "[0].raising.to", "nobody would be invited"),
        (_set("raising.who", ["invited"]), "[0].raising.who", "nobody is invited here"),
        (_set("steps.2.deadline.lapse_to", "on_the_spot"), "[0].steps[2].deadline.lapse_to", "nobody would be"),
    ],
)
def test_what_is_wrong_with_countersigning_is_said(change: Any, where: str, what: str) -> None:
    titles = dict.fromkeys(
        ["grid_leader", "grid_worker", "grid_branch_secretary", "first_secretary", "community_secretary",
         "subdistrict_secretary", "subdistrict_officer", "district_coordinator", "city_supervisor"]
    )  # fmt: skip
    raw = copy.deepcopy(APPOINTMENT)
    assert read_processes(raw, titles)[1] == ()
    change(raw[0])
    found = {str(fault).partition(": ")[0]: fault.en for fault in read_processes(raw, titles)[1]}
    assert what in found.get(where, ""), found


TASKS = yaml.safe_load((Path(__file__).parents[3] / "deploy/practices/processes/joint_work.yaml").read_text("utf-8"))[
    1:
]
TEAMS = {one["who"][0]["team"] for one in TASKS[0]["steps"] if "team" in one["who"][0]}
OFFICES = dict.fromkeys(["community_worker", "community_secretary", "subdistrict_secretary"])


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (
            _set("steps.3.who.0.team", "navy"),
            "[0].steps[3].who[0].team",
            "no kind of team 'navy' here; there are: comm",
        ),
        (_set("steps.3.who.0.title", "mayor"), "[0].steps[3].who[0]", "one of the three"),
        (_set("steps.3.who.0.team", ...), "[0].steps[3].who[0]", "one of the three"),
        (_set("steps.3.who.0.level", "BUILDING"), "[0].steps[3].who", "nobody named here is in charge of a"),
        (_set("categories.3.to", "done"), "[0].categories[3].to", "no step 'done'"),
        (_set("categories.3.to", ...), "[0].steps[3]", "police_officer cannot be reached"),
        (_set("categories.0.to", "check"), "[0].steps[0]", "community_worker cannot be reached"),
        (
            _set("steps.3.deadline.escalate.0.to", {"team": "navy", "level": "COMMUNITY"}),
            "[0].steps[3].deadline.escalate[0].to.team",
            "no kind of team",
        ),
    ],
)
def test_what_is_wrong_with_teams_and_where_categories_begin_is_said(change: Any, where: str, what: str) -> None:
    raw = copy.deepcopy(TASKS)
    assert read_processes(raw, OFFICES, TEAMS)[1] == ()
    change(raw[0])
    found = {str(fault).partition(": ")[0]: fault.en for fault in read_processes(raw, OFFICES, TEAMS)[1]}
    assert what in found.get(where, ""), found


GROUPS = {"member": {"GRID"}, "courier": {"GRID", "BUILDING"}, "driver": set[str]()}


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (_set("steps.3.who.0", {"checked_in": "rider", "level": "GRID"}), "[0].steps[3].who[0].checked_in", "no group"),
        (
            _set("steps.3.who.0", {"checked_in": "member", "level": "COMMUNITY"}),
            "[0].steps[3].who[0].level",
            "nobody of 'member' checks in at level COMMUNITY; levels at which they do: GRID",
        ),
        (
            _set("steps.3.who.0", {"checked_in": "driver", "level": "GRID"}),
            "[0].steps[3].who[0].level",
            "levels at which they do: none",
        ),
        (
            _set("steps.3.who.0", {"checked_in": "member", "team": "police_team", "level": "GRID"}),
            "[0].steps[3].who[0]",
            "one of the three",
        ),
        (
            _set("steps.3.deadline.escalate.0.to", {"checked_in": "rider", "level": "GRID"}),
            "[0].steps[3].deadline.escalate[0].to.checked_in",
            "there are: courier, driver, member",
        ),
    ],
)
def test_what_is_wrong_with_who_checked_in_is_said(change: Any, where: str, what: str) -> None:
    raw = copy.deepcopy(TASKS)
    for group in ("member", "courier"):
        _set("steps.3.who", [*TASKS[0]["steps"][3]["who"], {"checked_in": group, "level": "GRID"}])(raw[0])
        assert read_processes(raw, OFFICES, TEAMS, GROUPS)[1] == ()
    change(raw[0])
    found = {str(fault).partition(": ")[0]: fault.en for fault in read_processes(raw, OFFICES, TEAMS, GROUPS)[1]}
    assert what in found.get(where, ""), found


def test_of_who_checked_in_only_members_speak_for_an_organisation() -> None:
    for post, sound in (("checked_in:member", True), ("checked_in:courier", False), ("team:police_team", False)):
        raw = copy.deepcopy(APPOINTMENT)
        step = next(index for index, one in enumerate(raw[0]["steps"]) if "countersign" in one)
        raw[0]["steps"][step]["countersign"]["titles"] = [post]
        _, found = read_processes(raw, {}, TEAMS, GROUPS)
        at = [one for one in found if one.path[1:4] == ("steps", step, "countersign")]
        assert (at == []) == sound, post


@given(words=st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), level=st.sampled_from(list(Level)))
def test_a_post_is_called_by_one_name_that_leads_back_to_it(words: str, level: Level) -> None:
    posts = [Holder.of(post, level.name) for post in (words, team_post(words), checked_in_post(words))]
    assert [one.post_title for one in posts] == [words, f"team:{words}", f"checked_in:{words}"]
    assert [(one.title, one.team, one.checked_in) for one in posts] == [
        (words, None, None), (None, words, None), (None, None, words),
    ]  # fmt: skip
    assert [is_duty(one.post_title) for one in posts] == [True, False, False]
    assert [team_kind(one.post_title) for one in posts] == [None, words, None]
    assert [checked_in_group(one.post_title) for one in posts] == [None, None, words]
    for one in posts:
        assert one.is_one
        assert Holder.of(one.post_title, one.level) == one
        assert msgspec.convert(msgspec.to_builtins(one), Holder) == one


def test_where_a_category_begins_somebody_must_be_invited() -> None:
    raw = copy.deepcopy(APPOINTMENT)
    raw[0]["categories"] = [{"code": "any", "name_zh": "其他", "name_en": "any", "to": "on_the_spot"}]
    assert "[0].categories: nobody would be invited" in " ".join(map(str, read_processes(raw)[1]))


def warned(change: Any = None) -> dict[str, str]:
    """The warnings of an appointment of departments after a change: path → English text."""
    raw = copy.deepcopy(APPOINTMENT)
    if change:
        change(raw[0])
    (process,), found = read_processes(raw)
    assert found == ()
    return {str(one).partition(": ")[0]: one.en for one in warnings(process)}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (None, []),
        (_set("matter.escalate", ...), ["matter"]),
        # Elsewhere the matter's clock runs, and what is late is brought before somebody by that.
        (_set("steps.0.deadline.escalate", ...), []),
        (_set("steps.4.deadline.escalate", ...), ["steps[4].deadline"]),
        (_set("steps.5.deadline", {"within": {"days": 3}}), []),
    ],
)
def test_a_deadline_that_passes_unheard_is_warned_of(change: Any, places: list[str]) -> None:
    found = warned(change)
    assert sorted(found) == places
    assert all("nobody above hears of it" in text for text in found.values())


def test_a_first_response_of_which_nobody_above_hears_is_warned_of() -> None:
    def unheard(raw: Any) -> None:
        # Where tickets begin, nothing else is brought before anybody.
        raw["first_response"] = dict(IN_HOURS)
        del raw["matter"], raw["steps"][0]["deadline"]["escalate"]
        raw["steps"][4] |= {"pauses": False}

    def heard(raw: Any) -> None:
        unheard(raw)
        raw["first_response"] = IN_HOURS | up({HOURS_ON: 1})

    assert sorted(warned(unheard)) == ["first_response", "steps[0].deadline"]
    assert sorted(warned(heard)) == ["steps[0].deadline"]


def test_a_first_response_that_nobody_in_duty_can_give_is_warned_of() -> None:
    assert "nobody in duty acts in ask" in warned(_begin_with(["requester"]))["first_response"]
    assert warned(_begin_with(["requester", {"title": "grid_worker", "level": "GRID"}])) == {}


def _begin_with(who: list[Any]) -> Any:
    """A change by which tickets begin in a step in which `who` act."""
    says = {"code": "say", "kind": "advance", "name_zh": "补充", "name_en": "say more", "to": "summon"}
    asks = {"code": "ask", "name_zh": "补充", "name_en": "more is said", "who": who, "untimed": True, "actions": [says]}

    def change(raw: Any) -> None:
        raw["raising"]["to"] = "ask"
        raw["steps"].insert(0, asks)

    return change


def test_without_a_deadline_of_the_matter_each_step_needs_an_escalation() -> None:
    def change(raw: Any) -> None:
        del raw["matter"]
        raw["steps"][4] |= {"pauses": False}
        del raw["steps"][0]["deadline"]["escalate"]

    assert sorted(warned(change)) == ["steps[0].deadline"]
