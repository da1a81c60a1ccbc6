"""The tables of duty guides, training, the talent pool and qualifications."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.org.storage.columns import metadata, region_columns, register, version_column

_OPEN = text("valid_to IS NULL")

duty_guide = Table(
    "duty_guide",
    metadata,
    Column("of", Text, primary_key=True, comment="title or team"),
    Column("code", Text, primary_key=True, comment="of the duty title or kind of team"),
    Column("version", Integer, primary_key=True),
    Column("since", Date, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("items", ARRAY(Text), nullable=False),
    comment="what holders of a title, or teams of a kind, are there for (职责指南)",
)

training = register(
    "training",
    Column("name", Text, nullable=False),
    Column("titles", ARRAY(Text), nullable=False, comment="duty titles whose holders attend"),
    comment="programmes of training (轮训)",
)

training_session = Table(
    "training_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("training_id", Uuid, ForeignKey("training.id"), nullable=False),
    *region_columns(),
    Column("held_on", Date, nullable=False),
    Column("subject", Text, nullable=False),
    Column("lessons", Integer, nullable=False),
    version_column(),
    Index("ix_training_session_training_id", "training_id", "held_on"),
    Index("ix_training_session_region_code", "region_code"),
    comment="sessions of training",
)

training_attendance = Table(
    "training_attendance",
    metadata,
    Column("session_id", Uuid, ForeignKey("training_session.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("title", Text, ForeignKey("duty_title.code"), primary_key=True, comment="for which they attended"),
    *region_columns(),
    Column("held_on", Date, nullable=False, comment="the day of the session"),
    Index("ix_training_attendance_person_id", "person_id", "title", "held_on"),
    Index("ix_training_attendance_region_code", "region_code"),
    comment="who attended a session, for which duty; stamped with the region of that duty",
)

talent = register(
    "talent",
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("stage", Text, nullable=False, comment="a kind of the category talent"),
    Column("mentor_id", Uuid, ForeignKey("person.id"), nullable=True),
    Column("planned_to", Date, nullable=True),
    Column("outcome", Text, nullable=True, comment="how it ended"),
    Column("duty_id", Uuid, ForeignKey("duty.id"), nullable=True, comment="to which they were appointed"),
    Column("reason", Text, nullable=True, comment="why they left"),
    CheckConstraint("(valid_to IS NULL) = (outcome IS NULL)", name="outcome"),
    Index("uq_talent_open_person", "person_id", unique=True, postgresql_where=_OPEN),
    Index("ix_talent_person_id", "person_id"),
    comment="stages of people in the talent pool (后备人才库)",
)

qualification = register(
    "qualification",
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("kind", Text, nullable=False, comment="a kind of the category window"),
    Index("uq_qualification_open", "person_id", "kind", unique=True, postgresql_where=_OPEN),
    comment="what workers are qualified for (全岗通)",
)

GOVERNED = (training, training_session, training_attendance, talent, qualification)
"""Those under row-level security."""
DATED = (training, talent, qualification)
"""Those whose rows hold from a day on."""
