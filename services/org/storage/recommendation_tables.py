"""The tables of recommendations: rules, who is nominated, who may vote, and sealed ballots until they are counted."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from services.org.storage.columns import CODE, STAMP, metadata, region_columns, version_column

recommendation_rule = Table(
    "recommendation_rule",
    metadata,
    Column("title", Text, ForeignKey("duty_title.code"), primary_key=True),
    Column("turnout_percent", Integer, nullable=False, comment="least share of the electors who vote"),
    Column("agree_percent", Integer, nullable=False, comment="share of the ballots that is exceeded"),
    Column("days", Integer, nullable=False, comment="within which all of it is done"),
    comment="how holders of a title are recommended by a branch (推选规则)",
)

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Uuid, primary_key=True),
    *region_columns(),
    Column("title", Text, ForeignKey("duty_title.code"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False, comment="the branch that votes"),
    Column("state", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False, comment="first day on which nothing comes of it"),
    Column("turnout_percent", Integer, nullable=False, comment="of the rule, when it was opened"),
    Column("agree_percent", Integer, nullable=False, comment="of the rule, when it was opened"),
    Column("closes_at", DateTime(timezone=True), nullable=True, comment="until when votes are taken"),
    Column("electors", Integer, nullable=True),
    Column("voted", Integer, nullable=True, comment="ballots that were counted"),
    Column("abstained", Integer, nullable=True, comment="of these, those that named nobody"),
    Column("recommended_id", Uuid, ForeignKey("person.id"), nullable=True),
    Column("duty_id", Uuid, ForeignKey("duty.id"), nullable=True, comment="given on this recommendation"),
    Column("withdrawn_because", Text, nullable=True),
    version_column(),
    Index("ix_recommendation_region_code", "region_code", "id"),
    Index("ix_recommendation_organisation_id", "organisation_id"),
    Index(
        "uq_recommendation_open",
        "region_id",
        "title",
        unique=True,
        postgresql_where=text("state IN ('NOMINATING', 'VOTING', 'RECOMMENDED')"),
    ),
    Index(
        "ix_recommendation_expires_on",
        "expires_on",
        postgresql_where=text("state IN ('NOMINATING', 'VOTING', 'RECOMMENDED')"),
    ),
    comment="whom a branch recommends for a duty (推选)",
)


def _of_recommendation() -> tuple[Column[object], ...]:
    return (
        Column("recommendation_id", Uuid, ForeignKey("recommendation.id"), primary_key=True),
        Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
        Column("region_code", CODE, nullable=False, comment=STAMP),
    )


nominee = Table(
    "nominee",
    metadata,
    *_of_recommendation(),
    Column("reason", Text, nullable=True, comment="what speaks for them"),
    Column("votes", Integer, nullable=True, comment="null until the votes are counted"),
    Index("ix_nominee_region_code", "region_code"),
    comment="who is nominated for a duty",
)

elector = Table(
    "elector",
    metadata,
    *_of_recommendation(),
    Column("has_voted", Boolean, nullable=False, server_default=text("false")),
    Index("ix_elector_region_code", "region_code"),
    comment="who of a branch may vote, as it was when the vote was opened",
)

ballot = Table(
    "ballot",
    metadata,
    Column("id", Uuid, primary_key=True, comment="drawn by lot: no order of time"),
    Column("recommendation_id", Uuid, ForeignKey("recommendation.id"), nullable=False),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Column("choice", LargeBinary, nullable=False, comment="encrypted; of nobody's, and gone once it is counted"),
    Index("ix_ballot_recommendation_id", "recommendation_id"),
    Index("ix_ballot_region_code", "region_code"),
    comment="ballots that are not counted yet",
)
