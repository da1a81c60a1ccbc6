"""Processes, what tickets knows of org, tickets with their clocks; row security on all that is governed.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KNOWN_OF_ORG = ("region", "organisation", "duty")
GOVERNED = ("ticket", "evaluation", "clock", "rung")
ADDED_TO = ("entry", "attachment")


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("ticket_number")))
    op.create_table(
        "calendar_rule",
        sa.Column("id", sa.Integer(), nullable=False, comment="always 1"),
        sa.Column("rule", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_rule"),
        comment="what the city adds to the national calendar",
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it is no longer held"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
        comment="who holds which duty, as org's events told",
    )
    op.create_index("ix_duty_person_id", "duty", ["person_id"], unique=False)
    op.create_index("ix_duty_region_code_title", "duty", ["region_code", "title"], unique=False)
    op.create_index("ix_duty_region_id", "duty", ["region_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        comment="org's organisations as its events told of them",
    )
    op.create_table(
        "process_version",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name="pk_process_version"),
        comment="process definitions; a row never changes, tickets are pinned to one",
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_region"),
        comment="org's regions as its events told of them",
    )
    op.create_index("ix_region_code", "region", ["code"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("requester", sa.Text(), nullable=True, comment="token subject of the resident who raised it"),
        sa.Column("requester_name", postgresql.BYTEA(), nullable=True, comment="encrypted"),
        sa.Column("requester_phone", postgresql.BYTEA(), nullable=True, comment="encrypted"),
        sa.Column("step", sa.Text(), nullable=False, comment="step it waits in, or end it came to"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True, comment="what everyone may read of the result"),
        sa.Column("responsible", sa.Uuid(), nullable=True, comment="organisation that was named to carry it out"),
        sa.Column(
            "escalated",
            postgresql.JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="before whom the step was brought",
        ),
        sa.Column(
            "marks",
            postgresql.JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="who has done what of several",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("events", sa.BigInteger(), nullable=False, comment="how many events it has: the aggregate's version"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("number", name="uq_ticket_number"),
    )
    op.create_index(
        "ix_ticket_open",
        "ticket",
        ["region_code", "due_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_ticket_public",
        "ticket",
        ["public_since", "id"],
        unique=False,
        postgresql_where=sa.text("public_since IS NOT NULL"),
    )
    op.create_index("ix_ticket_raised_at", "ticket", ["raised_at", "id"], unique=False)
    op.create_index("ix_ticket_region_code", "ticket", ["region_code", "raised_at", "id"], unique=False)
    op.create_index("ix_ticket_region_id", "ticket", ["region_id"], unique=False)
    op.create_index(
        "ix_ticket_requester",
        "ticket",
        ["requester", "raised_at", "id"],
        unique=False,
        postgresql_where=sa.text("requester IS NOT NULL"),
    )
    op.create_table(
        "attachment",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="the entry it came with"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="where the file lies"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_attachment_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "seq", "position", name="pk_attachment"),
    )
    op.create_table(
        "clock",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("within", postgresql.JSONB(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False, comment="label of the calendar it was counted with"),
        sa.Column("pauses", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True, comment="whether it stopped in time"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_clock_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "number", name="pk_clock"),
    )
    op.create_index(
        "ix_clock_open",
        "clock",
        ["calendar", "ticket_id"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "entry",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_step", sa.Text(), nullable=True),
        sa.Column("to_step", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="token subject, or system"),
        sa.Column("acted_as", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("responsible", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_entry_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name="pk_entry"),
        comment="the timeline: who did what; rows are only ever added",
    )
    op.create_index("ix_entry_kind", "entry", ["kind", "region_code", "ticket_id"], unique=False)
    op.create_table(
        "evaluation",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("acted_as", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_evaluation_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "round", "by", name="pk_evaluation"),
        comment="one a person and round",
    )
    op.create_table(
        "rung",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_rung_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "clock", "number", "kind", "level", name="pk_rung"),
        comment="what deadlines bring about, one row each: it happens once, whoever sweeps",
    )
    op.create_index("ix_rung_waiting", "rung", ["try_at"], unique=False, postgresql_where=sa.text("fired_at IS NULL"))
    role = serving_role()
    op.execute(f"GRANT USAGE ON SEQUENCE ticket_number TO {role}")
    op.execute(grant("process_version", role, "SELECT, INSERT"))
    op.execute(grant("calendar_rule", role, "SELECT, INSERT, UPDATE"))
    for table in KNOWN_OF_ORG:
        op.execute(grant(table, role, "SELECT, INSERT, UPDATE"))
    for table in GOVERNED:
        op.execute(grant(table, role))
    for table in ADDED_TO:
        op.execute(grant(table, role, "SELECT, INSERT, UPDATE (region_code)"))
    for table in (*GOVERNED, *ADDED_TO):
        for statement in protect(table):
            op.execute(statement)
