"""What org publishes of training, the talent pool, and what workers are qualified for."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Attendees,
    HeldOn,
    Kind,
    Name,
    PersonId,
    PlannedValidTo,
    QualificationId,
    RegionCode,
    RegionId,
    TalentId,
    TalentOutcomeCode,
    TrainedTitles,
    TrainingId,
    TrainingSessionId,
    ValidFrom,
    ValidTo,
)


class TrainingPlanned(Event, entity="training", fact="planned"):
    """培训计划: the holders of these duty titles are trained in a region from a day on.

    When: a programme is planned, by hand or by an import.

    For: calendars, and whoever invites those who must attend.
    """

    training_id: TrainingId
    name: Name
    titles: TrainedTitles
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class TrainingEnded(Event, entity="training", fact="ended"):
    """培训结束: a programme ends on another day than planned.

    When: it is ended by hand.

    For: calendars.
    """

    training_id: TrainingId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class TrainingHeld(Event, entity="training_session", fact="held"):
    """培训班次: a session was held; `attendees` counts who attended so far, who they are is in the graph.

    When: a session is recorded, and again when more attendees are.

    For: whoever follows the rotation.
    """

    training_session_id: TrainingSessionId
    training_id: TrainingId
    held_on: HeldOn
    attendees: Attendees
    region_id: RegionId
    region_code: RegionCode


class TalentPooled(Event, entity="talent", fact="pooled"):
    """入库: a person is in a stage of the talent pool from a day on.

    When: somebody is taken into the pool, or goes on to another stage.

    For: personnel systems.
    """

    talent_id: TalentId
    person_id: PersonId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class TalentLeft(Event, entity="talent", fact="left"):
    """出库: a stage in the talent pool ended, and how.

    When: somebody goes on to another stage, is appointed, or leaves; why they leave is in the graph.

    For: personnel systems.
    """

    talent_id: TalentId
    person_id: PersonId
    outcome: TalentOutcomeCode
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class Qualified(Event, entity="qualification", fact="gained"):
    """全岗通: a worker is qualified for the work of a post or window from a day on.

    When: it is recorded, by hand or by an import.

    For: rosters of service halls.
    """

    qualification_id: QualificationId
    person_id: PersonId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class QualificationEnded(Event, entity="qualification", fact="ended"):
    """资格终止: a worker is qualified for it no longer.

    When: it is ended by hand.

    For: rosters of service halls.
    """

    qualification_id: QualificationId
    person_id: PersonId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


TRAINING_EVENTS: tuple[type[Event], ...] = (
    TrainingPlanned,
    TrainingEnded,
    TrainingHeld,
    TalentPooled,
    TalentLeft,
    Qualified,
    QualificationEnded,
)
"""The events of this module."""
