"""The tables of tickets. Everything governed carries the region's current code, for row-level security."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    column,
    func,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from chassis import records
from chassis.events import tables as event_tables
from services.tickets.storage import (
    absence_tables,
    admission_tables,
    columns,
    deliberation_tables,
    deliverable_tables,
    duty_tables,
    inbox_tables,
    notification_tables,
    objection_tables,
    owners_vote_tables,
    ticket_indexes,
    upload_tables,
    wording_tables,
)

metadata = columns.metadata
records.define_tables(metadata)
event_tables.define_tables(metadata)

CODE = columns.CODE

absence = absence_tables.absence
admission_item = admission_tables.admission_item
hand_down = admission_tables.hand_down
admission_flag = admission_tables.admission_flag
burden = admission_tables.burden
duty = duty_tables.duty
team = duty_tables.team
check_in_assignment = duty_tables.check_in_assignment
taken_over = duty_tables.taken_over
wording = wording_tables.wording
inbox_view = inbox_tables.inbox_view
brought = inbox_tables.brought
notification = notification_tables.notification
notification_choice = notification_tables.notification_choice
objection = objection_tables.objection
owners_vote = owners_vote_tables.owners_vote
deliverable = deliverable_tables.deliverable
attachment = upload_tables.attachment
upload = upload_tables.upload
deliberation = deliberation_tables.deliberation
deliberation_session = deliberation_tables.deliberation_session
deliberation_attendee = deliberation_tables.deliberation_attendee
deliberation_opinion = deliberation_tables.deliberation_opinion

ticket_number = Sequence("ticket_number", metadata=metadata)


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _region_code() -> Column[object]:
    return Column("region_code", CODE, nullable=False, comment="the region's current code, re-stamped when recoded")


def _level(name: str, digits: int) -> Column[object]:
    made = Computed(f"left(region_code, {digits})", persisted=True)
    return Column(f"{name}_code", CODE, made, nullable=True, comment="of the region that it lies in, for lists")


def _ticket_id() -> Column[object]:
    return Column("ticket_id", Uuid, ForeignKey("ticket.id"), nullable=False)


process_version = Table(
    "process_version",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("installed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="process definitions; a row never changes, tickets are pinned to one",
)

calendar_rule = Table(
    "calendar_rule",
    metadata,
    Column("id", Integer, primary_key=True, comment="always 1"),
    Column("rule", JSONB, nullable=False),
    comment="what the city adds to the national calendar",
)

region = Table(
    "region",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", CODE, nullable=False),
    Column("name", Text, nullable=False),
    Column("closed_on", Date, nullable=True),
    Index(None, "code"),
    comment="org's regions as its events told of them",
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("region_id", Uuid, nullable=False),
    Column("dissolved_on", Date, nullable=True),
    comment="org's organisations as its events told of them",
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("process_version", Integer, nullable=False),
    Column("region_id", Uuid, nullable=False),
    _region_code(),
    Column("category", Text, nullable=True),
    Column("channel", Text, nullable=True, comment="code of the channel it came in by"),
    Column("channel_reference", Text, nullable=True, comment="what it is called where it came from"),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("requester", Text, nullable=True, comment="token subject of the resident who raised it"),
    Column("requester_name", BYTEA, nullable=True, comment="encrypted"),
    Column("requester_phone", BYTEA, nullable=True, comment="encrypted"),
    Column("step", Text, nullable=False, comment="step it waits in, or end it came to"),
    _moment("entered_at", nullable=False),
    Column("visits", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    _moment("raised_at", nullable=False),
    _moment("changed_at", nullable=False),
    _moment("ended_at"),
    Column("outcome", Text, nullable=True),
    _moment("responded_at"),
    _moment("public_since"),
    Column("notice", Text, nullable=True, comment="what everyone may read of the result"),
    Column("responsible", Uuid, nullable=True, comment="organisation that was named to carry it out"),
    Column("joined_into", Uuid, ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"), nullable=True),
    Column(
        "parent",
        Uuid,
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"),
        nullable=True,
        comment="ticket of which it is a part",
    ),
    Column("parent_visit", Integer, nullable=True, comment="visit of the parent on which it was opened"),
    Column("depth", Integer, nullable=False, server_default=text("0"), comment="how many tickets it has above it"),
    Column(
        "concerns",
        Uuid,
        ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"),
        nullable=True,
        comment="ticket that it is about, as a complaint is",
    ),
    Column("assignee", Uuid, nullable=True, comment="person whose turn it is in the step"),
    Column("issuer", JSONB(none_as_null=True), nullable=True, comment="the duty by which it was raised"),
    Column("escalated", JSONB, nullable=False, server_default=text("'[]'"), comment="before whom the step was brought"),
    Column("marks", JSONB, nullable=False, server_default=text("'[]'"), comment="who has done what of several"),
    Column("invitations", JSONB, nullable=False, server_default=text("'[]'"), comment="who is asked to answer"),
    _moment("due_at"),
    Column("events", BigInteger, nullable=False, comment="how many events it has: the aggregate's version"),
    Column("erased_at", DateTime(timezone=True), nullable=True, comment="when the requester's data was erased"),
    UniqueConstraint("number"),
    _level("district", 6),
    _level("subdistrict", 9),
    _level("community", 12),
    Column("late", Boolean, nullable=False, server_default=text("false"), comment="counted as overdue"),
    Index("ix_ticket_region_code", "region_code"),
    Index("ix_ticket_raised_at", "raised_at", "id"),
    Index("ix_ticket_requester", "requester", "raised_at", "id", postgresql_where=text("requester IS NOT NULL")),
    Index("ix_ticket_region_id", "region_id"),
    *ticket_indexes.INDEXES,
    Index("ix_ticket_assignee", "assignee", "raised_at", "id", postgresql_where=text("assignee IS NOT NULL")),
    Index("ix_ticket_parent", "parent", "id", postgresql_where=text("parent IS NOT NULL")),
    Index("ix_ticket_concerns", "concerns", postgresql_where=text("concerns IS NOT NULL")),
    Index(
        "ix_ticket_kept",
        "process",
        "process_version",
        "ended_at",
        postgresql_where=text("erased_at IS NULL AND ended_at IS NOT NULL"),
    ),
    Index("ix_ticket_public", "public_since", "id", postgresql_where=text("public_since IS NOT NULL")),
)

entry = Table(
    "entry",
    metadata,
    _ticket_id(),
    Column("seq", Integer, nullable=False),
    _region_code(),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_step", Text, nullable=True),
    Column("to_step", Text, nullable=False),
    _moment("at", nullable=False),
    Column("by", Text, nullable=False, comment="token subject, or system"),
    Column("acted_as", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("reason", Text, nullable=True),
    Column("opinion", Text, nullable=True),
    Column("notice", Text, nullable=True),
    Column("rating", Integer, nullable=True),
    Column("responsible", Uuid, nullable=True),
    Column("amount", BigInteger, nullable=True, comment="money set aside or spent, in 0.01 yuan"),
    Column(
        "invited", ARRAY(Uuid), nullable=False, server_default=text("'{}'"), comment="organisations asked to answer"
    ),
    Column("acted_for", Uuid, nullable=True, comment="person for whom the actor stood in"),
    Column("answers_for", Uuid, nullable=True, comment="invited organisation that it is the answer of"),
    Column("grounds", Uuid, nullable=True, comment="item of entry control by which it was refused or returned"),
    Column("joined_into", Uuid, nullable=True, comment="ticket that it was joined to"),
    Column("assignee", Uuid, nullable=True, comment="person whose turn it was to be"),
    PrimaryKeyConstraint("ticket_id", "seq"),
    Index("ix_entry_answers_for", "answers_for", postgresql_where=text("answers_for IS NOT NULL")),
    Index("ix_entry_kind", "kind", "region_code", "ticket_id"),
    Index("ix_entry_by", "by", postgresql_where=text("acted_as = 'resident'")),
    comment="the timeline: who did what; rows are only ever added",
)

evaluation = Table(
    "evaluation",
    metadata,
    _ticket_id(),
    Column("round", Integer, nullable=False),
    Column("by", Text, nullable=False),
    _region_code(),
    Column("acted_as", Text, nullable=False),
    Column("rating", Integer, nullable=False),
    _moment("at", nullable=False),
    PrimaryKeyConstraint("ticket_id", "round", "by"),
    comment="one a person and round",
)

clock = Table(
    "clock",
    metadata,
    _ticket_id(),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    _region_code(),
    Column("step", Text, nullable=True),
    Column("within", JSONB, nullable=False),
    _moment("started_at", nullable=False),
    _moment("due_at"),
    Column("provisional", Boolean, nullable=False),
    Column("calendar", Text, nullable=False, comment="label of the calendar it was counted with"),
    Column("pauses", JSONB, nullable=False, server_default=text("'[]'")),
    _moment("paused_since"),
    _moment("stopped_at"),
    Column("kept", Boolean, nullable=True, comment="whether it stopped in time"),
    PrimaryKeyConstraint("ticket_id", "kind", "number"),
    Index("ix_clock_open", "calendar", "ticket_id", postgresql_where=text("stopped_at IS NULL")),
)

rung = Table(
    "rung",
    metadata,
    _ticket_id(),
    Column("clock", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Integer, nullable=False),
    _region_code(),
    _moment("at", nullable=False),
    _moment("try_at", nullable=False),
    _moment("fired_at"),
    PrimaryKeyConstraint("ticket_id", "clock", "number", "kind", "level"),
    Index("ix_rung_waiting", "try_at", postgresql_where=text("fired_at IS NULL")),
    comment="what deadlines bring about, one row each: it happens once, whoever sweeps",
)

tally = Table(
    "tally",
    metadata,
    Column("region_code", CODE, nullable=False, comment="of a city, district, subdistrict or community"),
    Column("span", Text, nullable=False, comment="day, month or year"),
    Column("starts", Date, nullable=False),
    Column("process", Text, nullable=False),
    Column("counts", JSONB, nullable=False),
    PrimaryKeyConstraint("region_code", "span", "starts", "process"),
    comment="counts of the tickets raised in a span, here and below",
)

tally_change = Table(
    "tally_change",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("region_code", CODE, nullable=False),
    Column("process", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("counts", JSONB, nullable=False),
    comment="what changes added to counts and took away, until it is summed up in tally",
)

ticket_count = table(
    "ticket_count",
    column("id", Uuid),
    column("region_code", CODE),
    column("process", Text),
    column("raised_at", DateTime(timezone=True)),
    column("key", Text),
    column("n", BigInteger),
)
"""The view of all that each ticket counts, from the tickets themselves."""

DELIBERATION = deliberation_tables.DELIBERATION

GOVERNED = (
    ticket,
    entry,
    attachment,
    evaluation,
    clock,
    rung,
    tally,
    tally_change,
    admission_item,
    hand_down,
    admission_flag,
    burden,
    objection,
    owners_vote,
    wording,
    deliverable,
    absence,
    inbox_view,
    brought,
    upload,
    notification,
    *deliberation_tables.DELIBERATION,
)
"""Tables under row-level security, by region."""

OF_A_TICKET = (
    entry,
    attachment,
    evaluation,
    clock,
    rung,
    hand_down,
    admission_flag,
    objection,
    owners_vote,
    wording,
    deliverable,
    notification,
)
"""Tables whose rows belong to a ticket and carry its region code."""

OF_A_REGION = (
    duty,
    ticket,
    absence,
    inbox_view,
    notification,
    upload,
    admission_item,
    burden,
    *deliberation_tables.DELIBERATION,
)
"""Tables whose rows know their region by id and carry its code."""
