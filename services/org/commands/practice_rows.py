"""The rows and events that the accepted records of an import become."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from chassis.events.outbox import Draft
from services.org.commands.activity_rows import activity_rows, activity_told
from services.org.commands.assignment_rows import assignment_drafts, assignment_rows
from services.org.commands.career_rows import CAREER_EVENTS, career_rows
from services.org.commands.contact_rows import contact_drafts, contact_rows
from services.org.commands.covering_rows import covering_drafts, covering_rows
from services.org.commands.filing_rows import filing_drafts, filing_rows
from services.org.commands.fund_rows import fund_drafts, fund_rows
from services.org.commands.list_rows import list_drafts, list_rows
from services.org.commands.mode_rows import mode_drafts, mode_rows
from services.org.commands.model_rows import MODEL_EVENTS, model_rows
from services.org.commands.partner_rows import partner_drafts, partner_rows
from services.org.commands.recommendation_rows import recommendation_drafts, recommendation_rows
from services.org.commands.register_rows import REGISTER_EVENTS, hooked_drafts, register_rows
from services.org.commands.reserve_rows import call_up_drafts, call_up_rows
from services.org.commands.service_rows import item_told, matter_drafts, service_rows
from services.org.commands.special_need_rows import special_need_registered, special_need_row
from services.org.commands.training_rows import TRAINING_EVENTS, training_rows
from services.org.commands.type_rows import TYPE_EVENTS, type_rows
from services.org.domain import events
from services.org.domain import records as r
from services.org.domain.codes import level_of, parent_of
from services.org.domain.identifiers import check_credit_code
from services.org.domain.muster import check_post
from services.org.domain.people import checked
from services.org.domain.regions import check_name
from services.org.domain.stations import check_functions
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from sqlalchemy import Table

    from chassis.cipher import DataCipher
    from chassis.events.event import Event
    from services.org.domain.practice_known import Known

Accepted = dict[type, list[Any]]
"""The new records of a file by their kind."""


def rows_of(accepted: Accepted, known: Known, cipher: DataCipher) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of each table, in an order in which foreign keys hold."""
    regions = accepted[r.RegionRecord]
    yield t.region, [{"id": one.id, "level": _level(one.code), "region_code": one.code} for one in regions]
    yield t.region_version, [_region_version(one, known) for one in regions]
    organisations = [_organisation(one, known) for one in _parents_first(accepted[r.OrganisationRecord])]
    yield t.organisation, organisations
    yield t.organisation_version, [_first_version(row) for row in organisations]
    yield t.person, [_person(one, known, cipher) for one in accepted[r.PersonRecord]]
    told_first = sorted(accepted[r.DutyRecord], key=lambda one: one.paired_with is not None)
    yield t.duty, [_duty(one, known) for one in told_first]
    yield t.team, [_team(one, known) for one in accepted[r.TeamRecord]]
    yield t.team_member, [_team_member(one, known) for one in accepted[r.TeamMemberRecord]]
    yield t.station, [_station(one, known) for one in accepted[r.StationRecord]]
    yield from register_rows(accepted, known)
    yield from assignment_rows(accepted, known)
    yield from covering_rows(accepted, known)
    yield from contact_rows(accepted, known)
    yield from recommendation_rows(accepted, known)
    yield from filing_rows(accepted, known)
    yield from fund_rows(accepted, known)
    yield from list_rows(accepted, known)
    yield from partner_rows(accepted, known)
    yield from type_rows(accepted, known)
    yield from call_up_rows(accepted, known)
    yield from activity_rows(accepted, known)
    yield from career_rows(accepted, known)
    yield from service_rows(accepted, known)
    yield from training_rows(accepted, known)
    yield from model_rows(accepted, known)
    yield t.special_need, [special_need_row(one, known, cipher) for one in accepted[r.SpecialNeedRecord]]
    yield t.muster, [_muster(one, known) for one in accepted[r.MusterRecord]]
    yield from mode_rows(accepted, known)


_MOST_FIRST = 500
"""How many members `team.formed` names: an event has a size."""


def _memberships(accepted: Accepted, known: Known) -> tuple[dict[UUID, list[r.TeamMemberRecord]], list[Any]]:
    """Return with whom teams are formed, by team; and the memberships that are told one by one."""
    first: dict[UUID, list[r.TeamMemberRecord]] = defaultdict(list)
    later: list[r.TeamMemberRecord] = []
    # Leaders first: they are among those who are named.
    for one in sorted(accepted[r.TeamMemberRecord], key=lambda one: not one.leads):
        is_first = not known.teams[one.team].version and len(first[one.team]) < _MOST_FIRST
        (first[one.team] if is_first else later).append(one)
    return first, later


def joined_later(accepted: Accepted, known: Known) -> dict[UUID, int]:
    """Return how many of the new memberships are told one by one, by team."""
    return Counter(one.team for one in _memberships(accepted, known)[1])


def drafts_of(accepted: Accepted, known: Known) -> Iterator[Draft]:
    """Yield the events of an import, each thing's first one; what others refer to comes first."""
    now = datetime.now(UTC)
    first, later = _memberships(accepted, known)
    for kind, event_of in _EVENTS.items():
        for record in accepted[kind]:
            event = event_of(record, known)
            if isinstance(event, events.TeamFormed):
                event = replace(event, members=len(first[record.id]), people=_first_members(first[record.id]))
            code = record.code if kind is r.RegionRecord else record.region_code
            yield Draft(event=event, aggregate_id=record.id, aggregate_version=1, region_code=code, occurred_at=now)
    yield from fund_drafts(accepted, known)
    yield from hooked_drafts(accepted, known)
    yield from assignment_drafts(accepted, known)
    yield from covering_drafts(accepted, known)
    yield from contact_drafts(accepted, known)
    yield from recommendation_drafts(accepted, known)
    yield from filing_drafts(accepted, known)
    yield from list_drafts(accepted, known)
    yield from matter_drafts(accepted, known)
    yield from partner_drafts(accepted, known)
    yield from call_up_drafts(accepted, known)
    yield from mode_drafts(accepted, known)
    versions = {id_: team.version or 1 for id_, team in known.teams.items()}
    for record in later:
        team = known.teams[record.team]
        versions[record.team] += 1
        yield Draft(
            event=events.TeamMemberJoined(
                team_id=record.team,
                person_id=record.person,
                region_id=team.region_id,
                region_code=team.region_code,
                valid_from=record.valid_from,
            ),
            aggregate_id=record.team,
            aggregate_version=versions[record.team],
            region_code=team.region_code,
            occurred_at=now,
        )


def _place(code: str, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(code).id, "region_code": code}


def _of(record: Any, known: Known, names: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """Return the row of a record that has a name and lies in a region, with the fields that go over as they are."""
    values = {name: getattr(record, name) for name in names}
    return {**values, "name": check_name(record.name), **_place(record.region_code, known), **more}


def _level(code: str) -> str:
    level = level_of(code)
    if level is None:
        raise ValueError(f"{code} was accepted and has no level")
    return level.name


def _parent_id(code: str, known: Known) -> UUID | None:
    above = parent_of(code)
    return None if above is None else known.region(above).id


def _region_version(record: r.RegionRecord, known: Known) -> dict[str, Any]:
    return {
        "region_id": record.id,
        "seq": 1,
        "region_code": record.code,
        "level": _level(record.code),
        "code": record.code,
        "name": check_name(record.name),
        "parent_id": _parent_id(record.code, known),
        "valid_from": record.valid_from,
    }


def _parents_first(records: list[r.OrganisationRecord]) -> list[r.OrganisationRecord]:
    """Return organisations so that none comes before its parent; circles were refused."""
    waiting = {record.id: record for record in records}
    ordered: list[r.OrganisationRecord] = []
    while waiting:
        ready = [one for one in waiting.values() if one.parent not in waiting]
        ordered += ready
        for one in ready:
            del waiting[one.id]
    return ordered


def _organisation(record: r.OrganisationRecord, known: Known) -> dict[str, Any]:
    credit_code = check_credit_code(record.credit_code) if record.credit_code else None
    names = ("id", "kind", "established_on", "dissolved_on")
    return _of(record, known, names, parent_id=record.parent, credit_code=credit_code)


def _first_version(row: dict[str, Any]) -> dict[str, Any]:
    names = {"organisation_id": "id", "valid_from": "established_on"}
    kept = ("region_code", "name", "parent_id")
    return {"seq": 1, **{name: row[name] for name in kept}, **{name: row[other] for name, other in names.items()}}


def _person(record: r.PersonRecord, known: Known, cipher: DataCipher) -> dict[str, Any]:
    data = checked(record.name, record.phone, record.resident_id)
    return {
        "id": record.id,
        **_place(record.region_code, known),
        "name": data.name,
        "party_status": record.party_status.value,
        "phone": cipher.encrypt(data.phone) if data.phone else None,
        "resident_id": cipher.encrypt(data.resident_id) if data.resident_id else None,
        "resident_id_index": cipher.blind_index(data.resident_id) if data.resident_id else None,
        "birth_year": record.birth_year,
        "education": record.education.value if record.education else None,
    }


def _duty(record: r.DutyRecord, known: Known) -> dict[str, Any]:
    return {
        "id": record.id,
        "person_id": record.person,
        "title": record.title,
        "organisation_id": record.organisation,
        **_place(record.region_code, known),
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "paired_with": record.paired_with,
    }


def _team(record: r.TeamRecord, known: Known) -> dict[str, Any]:
    return _of(record, known, ("id", "kind", "formed_on", "disbanded_on"), leader_id=known.leaders.get(record.id))


def _first_members(records: list[r.TeamMemberRecord]) -> tuple[events.FirstMember, ...]:
    return tuple(
        events.FirstMember(person_id=one.person, valid_from=one.valid_from, valid_to=one.valid_to) for one in records
    )


def _team_member(record: r.TeamMemberRecord, known: Known) -> dict[str, Any]:
    return {
        "team_id": record.team,
        "person_id": record.person,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "region_code": known.teams[record.team].region_code,
    }


def _station(record: r.StationRecord, known: Known) -> dict[str, Any]:
    names = ("id", "kind", "opened_on", "closed_on", "latitude", "longitude")
    return _of(record, known, names, functions=check_functions(record.functions))


def _muster(record: r.MusterRecord, known: Known) -> dict[str, Any]:
    return {
        "id": record.id,
        "person_id": record.person,
        "group_code": record.group,
        **_place(record.region_code, known),
        "post": check_post(record.post),
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
    }


def _established(record: r.RegionRecord, known: Known) -> Event:
    return events.RegionEstablished(
        region_id=record.id,
        code=record.code,
        level=known.region(record.code).level.label,
        name=check_name(record.name),
        parent_id=_parent_id(record.code, known),
        valid_from=record.valid_from,
    )


def _founded(record: r.OrganisationRecord, known: Known) -> Event:
    return events.OrganisationFounded(
        organisation_id=record.id,
        kind=record.kind,
        name=check_name(record.name),
        parent_id=record.parent,
        **_place(record.region_code, known),
        established_on=record.established_on,
        dissolved_on=record.dissolved_on,
    )


def _registered(record: r.PersonRecord, known: Known) -> Event:
    return events.PersonRegistered(person_id=record.id, **_place(record.region_code, known))


def _assigned(record: r.DutyRecord, known: Known) -> Event:
    return events.DutyAssigned(
        duty_id=record.id,
        person_id=record.person,
        title=record.title,
        organisation_id=record.organisation,
        **_place(record.region_code, known),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def _formed(record: r.TeamRecord, known: Known) -> Event:
    return events.TeamFormed(
        team_id=record.id,
        kind=record.kind,
        name=check_name(record.name),
        **_place(record.region_code, known),
        formed_on=record.formed_on,
        leader_id=known.leaders.get(record.id),
    )


def _opened(record: r.StationRecord, known: Known) -> Event:
    return events.StationOpened(
        station_id=record.id,
        kind=record.kind,
        name=check_name(record.name),
        functions=tuple(check_functions(record.functions)),
        **_place(record.region_code, known),
        opened_on=record.opened_on,
    )


def _mustered(record: r.MusterRecord, known: Known) -> Event:
    return events.MusterAssigned(
        muster_id=record.id,
        person_id=record.person,
        group=record.group,
        **_place(record.region_code, known),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


_EVENTS: dict[type, Callable[[Any, Known], Event]] = {
    r.RegionRecord: _established,
    r.OrganisationRecord: _founded,
    r.PersonRecord: _registered,
    r.DutyRecord: _assigned,
    r.TeamRecord: _formed,
    r.StationRecord: _opened,
    r.MusterRecord: _mustered,
    **REGISTER_EVENTS,
    **TYPE_EVENTS,
    **CAREER_EVENTS,
    **TRAINING_EVENTS,
    r.SpecialNeedRecord: special_need_registered,
    r.ActivityRecord: activity_told,
    r.ServiceItemRecord: item_told,
    **MODEL_EVENTS,
}
