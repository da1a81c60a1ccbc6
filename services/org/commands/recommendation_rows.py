"""The rows and events that the recommendations of an import become."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from services.org.commands.imported import drafts_in_turn
from services.org.domain import recommendation_events as events
from services.org.domain import records as r
from services.org.domain.periods import ZONE
from services.org.domain.recommendation_file import result_of, state_of
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from chassis.events.outbox import Draft
    from services.org.domain.practice_known import Known


def recommendation_rows(
    accepted: Mapping[type, list[Any]], known: Known
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of recommendations and of who was nominated; who voted is not imported, and no ballots."""
    records = accepted[r.RecommendationRecord]
    yield t.recommendation, [_recommendation(one, known) for one in records]
    yield (
        t.nominee,
        [
            {
                "recommendation_id": one.id,
                "person_id": nominee.person,
                "region_code": one.region_code,
                "reason": nominee.reason,
                "votes": None if one.voted is None else nominee.votes,
            }
            for one in records
            for nominee in one.nominees
        ],
    )


def recommendation_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the events of each recommendation, at its versions."""
    return drafts_in_turn(accepted[r.RecommendationRecord], lambda record: _events(record, known))


def _recommendation(record: r.RecommendationRecord, known: Known) -> dict[str, Any]:
    rule, result = known.recommendation_rules[record.title], result_of(known, record)
    state, recommended = state_of(known, record)
    return {
        "id": record.id,
        **_place(record, known),
        "title": record.title,
        "organisation_id": record.organisation,
        "state": state.value,
        "opened_on": record.opened_on,
        "expires_on": record.opened_on + timedelta(days=rule.days),
        "turnout_percent": rule.turnout_percent,
        "agree_percent": rule.agree_percent,
        "closes_at": None if result is None else _closed_at(record, known),
        "electors": record.electors,
        "voted": record.voted,
        "abstained": None if result is None else result.abstained,
        "recommended_id": recommended,
        "duty_id": record.duty,
        "version": len(list(_events(record, known))),
    }


def _closed_at(record: r.RecommendationRecord, known: Known) -> datetime:
    """Return the end of the last day on which the vote could be open; the file does not say when it closed."""
    last = record.opened_on + timedelta(days=known.recommendation_rules[record.title].days - 1)
    return datetime.combine(last, time(18), ZONE)


def _events(record: r.RecommendationRecord, known: Known) -> Iterator[Event]:
    about: dict[str, Any] = {"recommendation_id": record.id, **_place(record, known)}
    yield events.RecommendationOpened(title=record.title, organisation_id=record.organisation, **about)
    for one in record.nominees:
        yield events.PersonNominated(person_id=one.person, **about)
    if record.electors is None or record.voted is None:
        return
    yield events.BranchVoteOpened(electors=record.electors, closes_at=_closed_at(record, known), **about)
    recommended = state_of(known, record)[1]
    yield events.BranchVoteCounted(electors=record.electors, voted=record.voted, recommended=recommended, **about)
    if record.duty is not None:
        yield events.RecommendationEnded(end="ASSIGNED", duty_id=record.duty, **about)


def _place(record: r.RecommendationRecord, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(record.region_code).id, "region_code": record.region_code}
