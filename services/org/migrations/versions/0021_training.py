"""Duty guides, training, the talent pool and qualifications.

Revision ID: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OPEN = sa.text("valid_to IS NULL")


def upgrade() -> None:
    op.create_table(
        "duty_guide",
        sa.Column("of", sa.Text(), nullable=False, comment="title or team"),
        sa.Column("code", sa.Text(), nullable=False, comment="of the duty title or kind of team"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("items", ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("of", "code", "version", name="pk_duty_guide"),
        comment="what holders of a title, or teams of a kind, are there for (职责指南)",
    )
    op.execute(grant("duty_guide", serving_role(), "SELECT, INSERT, UPDATE"))
    create_register(
        "training",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("titles", ARRAY(sa.Text()), nullable=False, comment="duty titles whose holders attend"),
        references={},
        comment="programmes of training (轮训)",
    )
    _sessions()
    create_register(
        "talent",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False, comment="a kind of the category talent"),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column("planned_to", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True, comment="how it ended"),
        sa.Column("duty_id", sa.Uuid(), nullable=True, comment="to which they were appointed"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why they left"),
        sa.CheckConstraint("(valid_to IS NULL) = (outcome IS NULL)", name="ck_talent_outcome"),
        references={"person_id": "person.id", "mentor_id": "person.id", "duty_id": "duty.id"},
        comment="stages of people in the talent pool (后备人才库)",
    )
    op.create_index("uq_talent_open_person", "talent", ["person_id"], unique=True, postgresql_where=_OPEN)
    op.create_index("ix_talent_person_id", "talent", ["person_id"], unique=False)
    create_register(
        "qualification",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="a kind of the category window"),
        references={"person_id": "person.id"},
        comment="what workers are qualified for (全岗通)",
    )
    columns = ["person_id", "kind"]
    op.create_index("uq_qualification_open", "qualification", columns, unique=True, postgresql_where=_OPEN)


def _sessions() -> None:
    op.create_table(
        "training_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name="fk_training_session_training_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_training_session_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_training_session"),
        comment="sessions of training",
    )
    op.create_index("ix_training_session_training_id", "training_session", ["training_id", "held_on"], unique=False)
    op.create_index("ix_training_session_region_code", "training_session", ["region_code"], unique=False)
    serve("training_session")
    op.create_table(
        "training_attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="for which they attended"),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("held_on", sa.Date(), nullable=False, comment="the day of the session"),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name="fk_training_attendance_session_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_training_attendance_person_id"),
        sa.ForeignKeyConstraint(["title"], ["duty_title.code"], name="fk_training_attendance_title"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_training_attendance_region_id"),
        sa.PrimaryKeyConstraint("session_id", "person_id", "title", name="pk_training_attendance"),
        comment="who attended a session, for which duty; stamped with the region of that duty",
    )
    columns = ["person_id", "title", "held_on"]
    op.create_index("ix_training_attendance_person_id", "training_attendance", columns, unique=False)
    op.create_index("ix_training_attendance_region_code", "training_attendance", ["region_code"], unique=False)
    serve("training_attendance")
