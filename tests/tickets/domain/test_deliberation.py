"""Deliberation by rule: who is heard, when a session can be convened and recorded, when a matter is resolved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.tickets.domain.deliberation import (
    MOST_AT_A_SESSION,
    Attendee,
    Opinion,
    Party,
    Standing,
    check_convened,
    check_followed_up,
    check_resolved,
    checked_parties,
    checked_session,
)

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
parties = st.lists(st.sampled_from(Party), max_size=6)


def standing(**more: Any) -> Standing:
    found: dict[str, Any] = {"parties": (Party.BRANCH, Party.RESIDENTS), "heard": frozenset(), "held": 0}
    return Standing(**{**found, "is_resolved": False, "is_followed_up": False, **more})


@given(parties)
def test_at_least_two_different_parties_deliberate_each_named_once(asked: list[Party]) -> None:
    if len(set(asked)) < 2:
        with pytest.raises(Refused, match="TOO_FEW_PARTIES"):
            checked_parties(asked)
    else:
        found = checked_parties(asked)
        assert len(found) == len(set(found))
        assert set(found) == set(asked)


@given(parties.filter(lambda some: len(set(some)) > 1), parties, st.integers(0, 3))
def test_a_matter_is_resolved_only_when_a_session_was_held_and_every_party_heard(
    named: list[Party], heard: list[Party], held: int
) -> None:
    how = standing(parties=checked_parties(named), heard=frozenset(heard), held=held)
    if held and set(named) <= set(heard):
        check_resolved(how)
    else:
        with pytest.raises(Refused, match="PARTIES_NOT_HEARD"):
            check_resolved(how)


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(Party), st.booleans()), max_size=5), parties)
def test_only_parties_with_a_voice_of_which_somebody_came_have_an_opinion(
    people: list[tuple[int, Party, bool]], said: list[Party]
) -> None:
    attendees = [Attendee(UUID(int=number), party, came) for number, party, came in people]
    opinions = [Opinion(party, " 同意 ") for party in said]
    came = {one.party for one in attendees if one.came}
    sound = (
        came
        and len({one.person_id for one in attendees}) == len(attendees)
        and {one.party for one in attendees} <= {Party.BRANCH, Party.RESIDENTS}
        and set(said) <= came
    )
    if sound:
        found = checked_session(standing(), attendees, opinions, starts_at=NOW, now=NOW)
        assert [one.text for one in found] == ["同意"] * len(said)
    else:
        with pytest.raises(Refused, match=r"NOBODY_CAME|WRONG_ATTENDANCE|NO_VOICE"):
            checked_session(standing(), attendees, opinions, starts_at=NOW, now=NOW)


@given(st.integers(-10_000, 10_000).map(lambda hours: timedelta(hours=hours)))
def test_a_session_is_convened_within_a_year_or_a_month_later_and_recorded_after_it_began(
    ahead: timedelta,
) -> None:
    if timedelta(days=-30) <= ahead <= timedelta(days=366):
        check_convened(standing(), NOW + ahead, NOW)
    else:
        with pytest.raises(Refused, match="WRONG_SESSION_TIME"):
            check_convened(standing(), NOW + ahead, NOW)
    someone = [Attendee(UUID(int=1), Party.BRANCH)]
    if ahead <= timedelta():
        checked_session(standing(), someone, [], starts_at=NOW + ahead, now=NOW)
    else:
        with pytest.raises(Refused, match="SESSION_NOT_BEGUN"):
            checked_session(standing(), someone, [], starts_at=NOW + ahead, now=NOW)


def test_what_is_resolved_is_over_and_followed_up_once() -> None:
    over = standing(is_resolved=True)
    with pytest.raises(Refused, match="DELIBERATION_RESOLVED"):
        check_convened(over, NOW, NOW)
    with pytest.raises(Refused, match="DELIBERATION_RESOLVED"):
        check_resolved(over)
    check_followed_up(over)
    with pytest.raises(Refused, match="NOT_RESOLVED"):
        check_followed_up(standing())
    with pytest.raises(Refused, match="ALREADY_DONE"):
        check_followed_up(standing(is_resolved=True, is_followed_up=True))


numbers = st.integers(1, 2)
voices = st.sampled_from((Party.BRANCH, Party.RESIDENTS))
named = st.lists(st.tuples(voices, st.none() | numbers), min_size=1, max_size=3)


@given(st.dictionaries(numbers, st.tuples(voices, st.booleans())), named)
def test_words_belong_to_who_is_named_or_came_alone_and_never_to_who_speaks_for_a_body(
    people: dict[int, tuple[Party, bool]], said: list[tuple[Party, int | None]]
) -> None:
    attendees = [Attendee(UUID(int=number), party, came) for number, (party, came) in people.items()]
    here = {party: [number for number, one in people.items() if one == (party, True)] for party in Party}
    opinions = [Opinion(party, "同意", None, None if by is None else UUID(int=by)) for party, by in said]
    if not any(here.values()) or any(not here[party] for party, _ in said):
        return
    asked = {"starts_at": NOW, "now": NOW}
    if any(by is not None and (party is Party.BRANCH or by not in here[party]) for party, by in said):
        with pytest.raises(Refused, match="WRONG_SPEAKER"):
            checked_session(standing(), attendees, opinions, **asked)
        return
    for found, (party, by) in zip(checked_session(standing(), attendees, opinions, **asked), said, strict=True):
        alone = here[party][0] if party is Party.RESIDENTS and len(here[party]) == 1 else None
        expected = by or alone
        assert found.person_id == (None if expected is None else UUID(int=expected))


def test_at_most_so_many_opinions_are_put_down_of_a_session() -> None:
    attendees = [Attendee(UUID(int=1), Party.RESIDENTS)]
    many = [Opinion(Party.RESIDENTS, "同意")] * MOST_AT_A_SESSION
    assert len(checked_session(standing(), attendees, many, starts_at=NOW, now=NOW)) == MOST_AT_A_SESSION
    with pytest.raises(Refused, match="TOO_MANY_OPINIONS"):
        checked_session(standing(), attendees, [*many, many[0]], starts_at=NOW, now=NOW)
