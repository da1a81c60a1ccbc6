"""The tables of org. Every governed row carries the current code of the region it belongs to, for row security."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.org.storage import (
    alliance_tables,
    assignment_tables,
    career_tables,
    circle_tables,
    columns,
    compound_tables,
    contact_tables,
    covering_tables,
    filing_tables,
    fund_tables,
    list_tables,
    partner_tables,
    place_tables,
    recommendation_tables,
    redrawing_tables,
    reserve_tables,
    special_need_tables,
    staffing_tables,
    training_tables,
    type_tables,
    word_tables,
)
from services.org.storage.columns import CODE, hooked_compounds, register
from services.org.storage.columns import STAMP as _STAMP
from services.org.storage.columns import region_columns as _region
from services.org.storage.columns import version_column as _version

metadata = columns.metadata
compound = compound_tables.compound
organisation_compound = covering_tables.organisation_compound
service_circle = circle_tables.service_circle
contact = contact_tables.contact
visit = contact_tables.visit
recommendation_rule = recommendation_tables.recommendation_rule
recommendation = recommendation_tables.recommendation
nominee = recommendation_tables.nominee
filing_rule = filing_tables.filing_rule
duty_filing = filing_tables.duty_filing
elector = recommendation_tables.elector
ballot = recommendation_tables.ballot
kind = word_tables.kind
duty_title = word_tables.duty_title
muster_group = word_tables.muster_group
community_type = word_tables.community_type
fund = fund_tables.fund
fund_entry = fund_tables.fund_entry
staffing_standard = staffing_tables.staffing_standard
census = staffing_tables.census
list_item = list_tables.list_item
list_link = list_tables.list_link
capacity = type_tables.capacity
assessment_level = type_tables.assessment_level
allocation_rule = type_tables.allocation_rule
assessment = type_tables.assessment
allocation = type_tables.allocation
reserve_rule = reserve_tables.reserve_rule
reservist = reserve_tables.reservist
call_up = reserve_tables.call_up
called_up = reserve_tables.called_up
redrawing = redrawing_tables.redrawing
special_need = special_need_tables.special_need
special_need_look = special_need_tables.special_need_look

region = Table(
    "region",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("level", Text, nullable=False),
    Column("region_code", CODE, nullable=False, comment="code of its last version"),
    _version(),
    Index("ix_region_region_code", "region_code"),
    comment="identity of a region; what changes with time is in region_version",
)

region_version = Table(
    "region_version",
    metadata,
    Column("region_id", Uuid, ForeignKey("region.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("region_code", CODE, nullable=False, comment="the region's current code"),
    Column("level", Text, nullable=False),
    Column("code", CODE, nullable=False, comment="its code in this period"),
    Column("name", Text, nullable=False),
    Column("parent_id", Uuid, ForeignKey("region.id"), nullable=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it no longer holds"),
    CheckConstraint("valid_to >= valid_from", name="period"),
    Index("ix_region_version_code", "code"),
    Index("ix_region_version_level_code", "level", "code"),
    Index("ix_region_version_parent_id", "parent_id", "code"),
    Index("uq_region_version_open_code", "code", unique=True, postgresql_where=text("valid_to IS NULL")),
    Index("uq_region_version_open_region", "region_id", unique=True, postgresql_where=text("valid_to IS NULL")),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    *_region(),
    Column("parent_id", Uuid, ForeignKey("organisation.id"), nullable=True),
    Column("credit_code", Text, nullable=True, comment="统一社会信用代码"),
    Column("established_on", Date, nullable=False),
    Column("dissolved_on", Date, nullable=True, comment="first day without it"),
    _version(),
    CheckConstraint("dissolved_on >= established_on", name="period"),
    Index("ix_organisation_region_code", "region_code", "id"),
    Index("ix_organisation_kind", "kind", "region_code", "id"),
    Index("ix_organisation_parent_id", "parent_id", "region_code", "id"),
    Index("ix_organisation_region_id", "region_id"),
)

organisation_version = Table(
    "organisation_version",
    metadata,
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("region_code", CODE, nullable=False, comment=_STAMP),
    Column("name", Text, nullable=False),
    Column("parent_id", Uuid, ForeignKey("organisation.id"), nullable=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which another follows"),
    CheckConstraint("valid_to >= valid_from", name="period"),
    Index("ix_organisation_version_parent_id", "parent_id"),
    Index("ix_organisation_version_region_code", "region_code"),
    comment="what an organisation was called and what was above it, by date",
)

organisation_succession = Table(
    "organisation_succession",
    metadata,
    Column("predecessor_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("successor_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("region_code", CODE, nullable=False, comment=_STAMP),
    Column("since", Date, nullable=False, comment="day of the merger or split"),
    Index("ix_organisation_succession_successor_id", "successor_id"),
    Index("ix_organisation_succession_region_code", "region_code"),
    comment="which organisation was merged into, or split off from, which",
)

relocation = Table(
    "relocation",
    metadata,
    Column("thing_id", Uuid, primary_key=True, comment="an organisation, person, team or station"),
    Column("until", Date, primary_key=True, comment="first day on which it lay elsewhere"),
    Column("region_id", Uuid, ForeignKey("region.id"), nullable=False, comment="where it lay before"),
    Column("region_code", CODE, nullable=False, comment="where it went, for row security"),
    Index("ix_relocation_region_id", "region_id"),
    Index("ix_relocation_region_code", "region_code"),
    comment="where things lay before they came into another region",
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_region(),
    Column("name", Text, nullable=False, comment="personal data: shown masked"),
    Column("party_status", Text, nullable=False),
    Column("phone", LargeBinary, nullable=True, comment="personal data: encrypted"),
    Column("resident_id", LargeBinary, nullable=True, comment="personal data: encrypted"),
    Column("resident_id_index", LargeBinary, nullable=True, unique=True, comment="keyed digest, to find equal ones"),
    Column("birth_year", SmallInteger, nullable=True),
    Column("education", Text, nullable=True),
    Column("erased_on", Date, nullable=True, comment="what identifies them is gone since then"),
    _version(),
    Index("ix_person_region_id", "region_id"),
    Index("ix_person_region_code", "region_code"),
)

duty = Table(
    "duty",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("title", Text, ForeignKey("duty_title.code"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=True),
    *_region(),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    Column("paired_with", Uuid, ForeignKey("duty.id"), nullable=True, unique=True, comment="said by one of the two"),
    _version(),
    CheckConstraint("valid_to >= valid_from", name="period"),
    Index("ix_duty_title", "title", "region_code", "id"),
    Index("ix_duty_region_code", "region_code", "id"),
    Index("ix_duty_region_id", "region_id", "title"),
    Index("ix_duty_person_id", "person_id"),
    Index("ix_duty_organisation_id", "organisation_id"),
)

team = Table(
    "team",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    *_region(),
    Column("formed_on", Date, nullable=False),
    Column("disbanded_on", Date, nullable=True),
    Column("leader_id", Uuid, ForeignKey("person.id"), nullable=True, comment="counts as long as they are a member"),
    _version(),
    CheckConstraint("disbanded_on >= formed_on", name="period"),
    Index("ix_team_kind", "kind", "region_code", "id"),
    Index("ix_team_region_code", "region_code", "id"),
    Index("ix_team_region_id", "region_id"),
)

team_member = Table(
    "team_member",
    metadata,
    Column("team_id", Uuid, ForeignKey("team.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, nullable=True),
    Column("region_code", CODE, nullable=False),
    CheckConstraint("valid_to >= valid_from", name="period"),
    Index("ix_team_member_person_id", "person_id"),
    Index("ix_team_member_region_code", "region_code"),
)

station = Table(
    "station",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    *_region(),
    Column("functions", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("latitude", Float, nullable=True, comment="in degrees, north"),
    Column("longitude", Float, nullable=True, comment="in degrees, east"),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date, nullable=True),
    _version(),
    CheckConstraint("closed_on >= opened_on", name="period"),
    Index("ix_station_kind", "kind", "region_code", "id"),
    Index("ix_station_region_code", "region_code", "id"),
    Index("ix_station_region_id", "region_id"),
    Index("ix_station_latitude", "latitude", "longitude"),
)

muster = Table(
    "muster",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("group_code", Text, ForeignKey("muster_group.code"), nullable=False),
    *_region(),
    Column("post", Text, nullable=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    _version(),
    CheckConstraint("valid_to >= valid_from", name="period"),
    Index("ix_muster_region_id", "region_id", "group_code", "id"),
    Index("ix_muster_region_code", "region_code"),
    Index("ix_muster_person_id", "person_id"),
    Index("uq_muster_open_person", "person_id", unique=True, postgresql_where=text("valid_to IS NULL")),
)

_OPEN = text("valid_to IS NULL")

community_profile = register(
    "community_profile",
    Column("type", Text, ForeignKey("community_type.code"), nullable=False),
    Index("uq_community_profile_open", "region_id", unique=True, postgresql_where=_OPEN),
    comment="which type a community is of, by date",
)

distinction = register(
    "distinction",
    Column("kind", Text, nullable=False),
    Column(
        "person_id",
        Uuid,
        ForeignKey("person.id"),
        nullable=True,
        comment="who is distinguished; the region itself when nobody",
    ),
    Column("reason", Text, nullable=True),
    Index("ix_distinction_kind", "kind", "region_code", "id"),
    Index("ix_distinction_person_id", "person_id"),
    comment="models and other distinctions: of a region, or of a person there",
)

pairing = register(
    "pairing",
    Column("kind", Text, nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("project", Text, nullable=True, comment="what they do together"),
    hooked_compounds(),
    Index("ix_pairing_kind", "kind", "region_code", "id"),
    Index("ix_pairing_organisation_id", "organisation_id"),
    comment="partner units hooked to regions (共建结对, 包片联户)",
)

check_in = register(
    "check_in",
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("organisation.id"), nullable=True, comment="the organisation they work for"),
    Column("group", Text, nullable=True, comment="a kind of the category check_in"),
    Index("uq_check_in_open_person", "person_id", unique=True, postgresql_where=_OPEN),
    Index("ix_check_in_person_id", "person_id"),
    comment="in-service party members who reported where they live (双报到)",
)

check_in_assignment = assignment_tables.check_in_assignment
alliance_member = alliance_tables.alliance_member

community_mode = Table(
    "community_mode",
    metadata,
    Column("region_id", Uuid, ForeignKey("region.id"), primary_key=True),
    Column("version", Integer, primary_key=True, comment="1 for the community's first switch"),
    Column("region_code", CODE, nullable=False),
    Column("mode", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("switched_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("mustered", JSONB, nullable=True, comment="people in each group then, by code; null: not kept"),
    Index("ix_community_mode_region_code", "region_code"),
    comment="every switch of a community between peacetime and emergency; the last one holds",
)

GOVERNED = (
    region,
    region_version,
    organisation,
    organisation_version,
    organisation_succession,
    organisation_compound,
    relocation,
    person,
    duty,
    team,
    team_member,
    station,
    muster,
    community_profile,
    census,
    distinction,
    pairing,
    alliance_member,
    check_in,
    check_in_assignment,
    contact,
    visit,
    recommendation,
    nominee,
    elector,
    ballot,
    duty_filing,
    list_item,
    list_link,
    assessment,
    allocation,
    reservist,
    call_up,
    called_up,
    special_need,
    special_need_look,
    redrawing,
    community_mode,
    fund,
    fund_entry,
    compound,
    *partner_tables.GOVERNED,
    *place_tables.GOVERNED,
    *career_tables.GOVERNED,
    *training_tables.GOVERNED,
)
"""The tables under row-level security; the others are the practice's vocabulary."""
