"""Whoever is concerned is told, once; and a notification can always be put into words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.tickets.domain.notification_rules import (
    Audience,
    Channel,
    Notifications,
    NotificationText,
    Occasion,
    Rule,
)
from services.tickets.domain.notification_texts import (
    DEFAULTS,
    PLACEHOLDER,
    PLACEHOLDERS,
    Facts,
    filled,
    moment,
    worded,
)
from services.tickets.domain.process import Holder, Kind, Process
from services.tickets.domain.telling import (
    Happening,
    Joined,
    Matter,
    Recipient,
    may_be_declined,
    notices,
    told_anyway,
)
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.validation import read_processes, validate
from tests.tickets.domain import generated as g
from tests.tickets.domain.test_walks import begin

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = Path(__file__).parents[3]
ACTIONS = [*(kind.value for kind in Kind), *Occasion]
happenings = st.builds(
    Happening,
    action=st.sampled_from(ACTIONS),
    kind=st.one_of(st.none(), st.sampled_from(list(Kind))),
    by=st.sampled_from([None, "resident", "worker-1"]),
    has_moved=st.booleans(),
    brought_before=st.sampled_from([None, g.HEAD]),
    objector=st.sampled_from([None, "resident", "neighbour"]),
)
rules = st.builds(
    Rule,
    action=st.one_of(st.none(), st.sampled_from(ACTIONS)),
    audience=st.sampled_from(["requester", "in_turn", "watchers", "previous", g.SECRETARY]),
    channels=st.lists(st.sampled_from(list(Channel)), min_size=1, max_size=3).map(tuple),
)
JOINED = Joined(UUID(int=9), "9", g.GRID, "neighbour")


def told(process: Process, what: Happening, extra: Sequence[Rule] = ()) -> tuple[Any, Ticket]:
    ticket = begin(process).ticket
    with_rules = replace(process, notifications=Notifications(rules=tuple(extra)))
    return notices(with_rules, ticket, what, before=ticket, standing_in=(g.HEAD,), joined=[JOINED]), ticket


@given(g.processes(), happenings, st.lists(rules, max_size=6))
def test_everybody_is_told_once_and_nobody_of_what_they_did(
    process: Process, what: Happening, extra: list[Rule]
) -> None:
    found, _ = told(process, what, extra)
    recipients = [one.to for one in found]
    assert len(recipients) == len(set(recipients))
    if what.by is not None and what.kind is not Kind.RAISE:
        assert what.by not in {one.subject for one in recipients}
    assert all(one.text in DEFAULTS for one in found)
    assert all(len(set(one.channels)) == len(one.channels) for one in found)


@given(g.processes(), happenings, st.lists(rules, max_size=6))
def test_rules_take_nobody_away_and_no_way(process: Process, what: Happening, extra: list[Rule]) -> None:
    before, _ = told(process, what)
    after = {one.to: one for one in told(process, what, extra)[0]}
    for one in before:
        assert (after[one.to].audience, after[one.to].matter) == (one.audience, one.matter)
        assert set(one.channels) <= set(after[one.to].channels)


@given(g.processes())
def test_who_is_in_turn_and_whose_matter_it_is_are_told_wherever_it_comes(process: Process) -> None:
    found, ticket = told(process, Happening(action="raise", kind=Kind.RAISE, by="resident", has_moved=True))
    assert Recipient(subject="resident") in {one.to for one in found}
    assert {one.audience for one in found} >= {Audience.IN_TURN}
    step = process.step(ticket.step)
    assert step is not None
    titles = {one.title for one in step.who if isinstance(one, Holder)}
    assert titles <= {one.to.title for one in found if one.audience is Audience.IN_TURN}


@given(st.text(max_size=80), st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=5)))
def test_a_missing_placeholder_is_a_dash_and_never_an_error(template: str, values: dict[str, str]) -> None:
    said = filled(template + "{number}{unheard of}", values)
    assert said.endswith((values.get("number") or "—") + "—")


def test_every_default_is_said_in_both_languages_with_placeholders_that_there_are() -> None:
    for code, languages in DEFAULTS.items():
        assert set(languages) == {"zh-CN", "en"}, code
        used = {locale: set(PLACEHOLDER.findall(" ".join(said))) for locale, said in languages.items()}
        assert used["en"] | used["zh-CN"] <= PLACEHOLDERS, code
    assert {one.value for one in Matter} - DEFAULTS.keys() == {"progress", "objection"}


@given(st.sampled_from(sorted(DEFAULTS)), st.sampled_from(["zh-CN", "en"]))
def test_what_a_definition_no_longer_knows_does_not_keep_it_from_being_said(text: str, locale: str) -> None:
    heading, body = worded(None, Facts(text=text, action="gone", step="nowhere"), locale)
    assert heading.strip()
    assert "{" not in heading + body


def test_the_end_of_a_day_is_its_24_00() -> None:
    assert moment(datetime(2026, 3, 3, 16, tzinfo=UTC)) == "2026-03-03 24:00"
    assert moment(datetime(2026, 3, 3, 9, 30, tzinfo=UTC)) == "2026-03-03 17:30"


def test_deadlines_are_declined_by_no_way_and_progress_by_each() -> None:
    for channel in Channel:
        assert may_be_declined(channel, Matter.PROGRESS)
        assert not any(may_be_declined(channel, one) for one in (Matter.REMINDER, Matter.OVERDUE, Matter.ESCALATED))
    assert may_be_declined(Channel.SMS, Matter.TURN)
    assert not may_be_declined(Channel.INBOX, Matter.TURN)


def test_evaluations_of_others_and_turns_are_no_news_for_a_requester() -> None:
    for kind in (Kind.EVALUATE, Kind.ASSIGN, Kind.CLAIM_TURN, Kind.RELEASE_TURN):
        assert Audience.REQUESTER not in told_anyway(Happening(action=kind.value, kind=kind))


def faults_of(**section: Any) -> list[Any]:
    """Where something is wrong with what is said of notifications in the five sheets."""
    raw = yaml.safe_load((_ROOT / "deploy/practices/processes/five_sheets.yaml").read_text(encoding="utf-8"))[0]
    process = replace(read_processes([raw])[0][0], notifications=Notifications(**section))
    return [one.path[1:] for one in validate(process) if one.path[0] == "notifications"]


def test_every_fault_of_rules_and_texts_is_told_where_it_is() -> None:
    def text(code: str, locale: Any, body: str) -> NotificationText:
        return NotificationText(code=code, locale=locale, subject="s", body=body)

    wrong = faults_of(
        rules=(
            Rule(audience="requester", from_step="nowhere"),
            Rule(audience="requester", action="dance"),
            Rule(audience="requester", text="unwritten"),
            Rule(audience="everybody"),
            Rule(audience="joined"),
            Rule(audience="requester", channels=()),
        ),
        texts=(text("turn", "en", "{nubmer}"), text("said", "en", "a {"), text("said", "zh-CN", "")),
    )
    assert wrong == [
        ("rules", 0, "from_step"), ("rules", 1, "action"), ("rules", 2, "text"), ("rules", 3, "audience"),
        ("rules", 4, "audience"), ("rules", 5, "channels"),
        ("texts", 0, "body"), ("texts", 1, "code"), ("texts", 1, "body"), ("texts", 2, "code"), ("texts", 2, "body"),
        ("texts", 0, "code"),
    ]  # fmt: skip
