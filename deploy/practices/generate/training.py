"""The demonstration's training with who attended, its talent pool, and what its workers are qualified for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.org.domain.training_records import (
    AttendeeRecord,
    DutyGuideRecord,
    QualificationRecord,
    TalentRecord,
    TrainingRecord,
    TrainingSessionRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_careers import DemonstrationTraining
    from services.org.domain.records import RegionRecord


def guide_words(practice: Practice) -> Iterator[DutyGuideRecord]:
    """Yield the practice's duty guides."""
    for guide in practice.careers.guides:
        yield DutyGuideRecord(
            of="team" if guide.title is None else "title",
            code=guide.title or guide.team or "",
            version=guide.version,
            since=guide.since,
            name_zh=guide.name.zh,
            name_en=guide.name.en,
            items=tuple(guide.items),
        )


def make_training(
    practice: Practice, source: Source, tree: RegionTree, staff: Staff
) -> Iterator[TrainingRecord | TrainingSessionRecord | TalentRecord | QualificationRecord]:
    """Yield programmes with their sessions, the pool, and qualifications."""
    for number, wanted in enumerate(practice.demonstration.careers.training):
        for region in tree.at(wanted.level):
            yield from _programme(source, staff, wanted, number, region)
    yield from _talents(practice, source, tree, staff)
    yield from _qualified(practice, source, staff)


def _programme(
    source: Source, staff: Staff, wanted: DemonstrationTraining, number: int, region: RegionRecord
) -> Iterator[TrainingRecord | TrainingSessionRecord]:
    id_ = source.id("training", number, region.code)
    yield TrainingRecord(id_, region.code, wanted.name, tuple(wanted.titles), wanted.begins, wanted.ends)
    step = (wanted.ends - wanted.begins) / wanted.sessions
    must = [
        AttendeeRecord(duty.person, duty.title, duty.region_code)
        for duty in staff.duties
        if duty.title in wanted.titles
        and duty.valid_to is None
        and duty.valid_from <= wanted.begins
        and duty.region_code.startswith(region.code)
    ]
    random = source.random(f"training/{number}/{region.code}")
    chosen = random.sample(must, len(must) * wanted.percent // 100)
    for session in range(wanted.sessions):
        yield TrainingSessionRecord(
            id=source.id("training session", number, region.code, session),
            training=id_,
            region_code=region.code,
            on=wanted.begins + timedelta(days=int(step.days * session)),
            subject=wanted.subject,
            lessons=wanted.lessons,
            attendees=tuple(chosen[session :: wanted.sessions]),
        )


def _talents(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Iterator[TalentRecord]:
    for wanted in practice.demonstration.careers.talents:
        random = source.random(f"talents/{wanted.stage}")
        for region in random.sample(tree.at("COMMUNITY"), wanted.count):
            person = staff.holder_at(wanted.title, region.code, wanted.since)
            mentor = staff.holder_at(wanted.mentor, region.code, wanted.since) if wanted.mentor else None
            if person is not None:
                yield TalentRecord(
                    id=source.id("talent", wanted.stage, region.code),
                    person=person,
                    region_code=region.code,
                    stage=wanted.stage,
                    valid_from=wanted.since,
                    mentor=mentor,
                    planned_to=wanted.planned_to,
                )


def _qualified(practice: Practice, source: Source, staff: Staff) -> Iterator[QualificationRecord]:
    windows = [kind.code for kind in practice.kinds.window]
    for wanted in practice.demonstration.careers.qualified:
        random = source.random(f"qualified/{wanted.title}")
        for duty in staff.duties:
            if duty.title != wanted.title or duty.valid_to is not None:
                continue
            is_all_round = random.randrange(100) < wanted.percent
            for kind in windows if is_all_round else random.sample(windows, random.randrange(len(windows))):
                yield QualificationRecord(
                    id=source.id("qualification", duty.person, kind),
                    person=duty.person,
                    region_code=duty.region_code,
                    kind=kind,
                    valid_from=max(wanted.since, duty.valid_from),
                )
