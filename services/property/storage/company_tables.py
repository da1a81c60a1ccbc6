"""The tables of what binds property companies to compounds: choice, contracts, assessment, evaluation."""

from __future__ import annotations

from sqlalchemy import BigInteger as Big
from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, PrimaryKeyConstraint, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from services.property.storage.committee_tables import counted, link
from services.property.storage.tables import compound_id, metadata, region_code


def _moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


company_staff = Table(
    "company_staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("company"),
    region_code(),
    Column("person_id", Uuid, nullable=True, comment="the same person in org"),
    Column("subject", Text, nullable=True, comment="token subject by which they act for the company"),
    Column("is_manager", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True, comment="first day on which it no longer holds"),
    Index(None, "company_id"),
    Index(None, "person_id"),
    comment="who leads a company or acts for it",
)

offer = Table(
    "offer",
    metadata,
    link("company"),
    Column("compound_kind", Text, nullable=False),
    region_code(),
    Column("price", Big, nullable=False, comment="from, in 0.01 yuan a square metre and month"),
    Column("terms", Text, nullable=False),
    Column("published_on", Date, nullable=False),
    PrimaryKeyConstraint("company_id", "compound_kind"),
    comment="what companies offer compounds of a type",
)

selection = Table(
    "selection",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    Column("status", Text, nullable=False, comment="published, shortlisted, voting, chosen, failed or contracted"),
    Column("title", Text, nullable=False),
    Column("standard", Text, nullable=True, comment="code of the service standard"),
    Column("most_price", Big, nullable=False, comment="in 0.01 yuan a square metre and month"),
    Column("months", Integer, nullable=False),
    Column("terms", Text, nullable=False),
    _moment("apply_by", nullable=False),
    link("vote", nullable=True),
    *counted(),
    Index(None, "compound_id"),
    Index(None, "vote_id"),
    comment="choice of a property company by the owners (选聘)",
)

application = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    link("selection"),
    compound_id(),
    region_code(),
    link("company"),
    Column("price", Big, nullable=False, comment="in 0.01 yuan a square metre and month"),
    Column("terms", Text, nullable=False),
    Column("status", Text, nullable=False, comment="applied, shortlisted, chosen or not_chosen"),
    Column("position", Integer, nullable=True, comment="place on the ballot"),
    Index("uq_application_selection_id_company_id", "selection_id", "company_id", unique=True),
    comment="companies that apply",
)

contract = Table(
    "contract",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    link("company"),
    link("selection", nullable=True),
    Column("kind", Text, nullable=False, comment="preliminary (前期) or service"),
    Column("number", Text, nullable=False),
    Column("price", Big, nullable=False, comment="in 0.01 yuan a square metre and month"),
    Column("deposit", Big, nullable=False, comment="in 0.01 yuan"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False, comment="first day after the term"),
    Column("renewals", Integer, nullable=False, server_default=text("0")),
    Column("notice_by", Text, nullable=True),
    Column("notice_on", Date, nullable=True),
    Column("leaves_on", Date, nullable=True),
    Column("ended_on", Date, nullable=True),
    Column("handed_over", Text, nullable=True, comment="what was handed over, and to whom"),
    *counted(),
    Index(None, "compound_id", "starts_on", "id"),
    Index("uq_contract_in_force", "compound_id", unique=True, postgresql_where=text("ended_on IS NULL")),
    Index(None, "company_id"),
    comment="contracts of property service",
)

assessment = Table(
    "assessment",
    metadata,
    Column("id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    link("company"),
    Column("period", Text, nullable=False, comment="a quarter, as 2026Q1"),
    Column("rule", JSONB, nullable=False, comment="the rule as it was when it began"),
    Column("status", Text, nullable=False, comment="scoring, publicised or concluded"),
    Column("score", Integer, nullable=True, comment="in 0.01"),
    Column("grade", Text, nullable=True),
    Column("publicised_on", Date, nullable=True),
    Column("concluded_on", Date, nullable=True),
    Column("rectification", Text, nullable=True, comment="what the company has put right"),
    *counted(),
    Index("uq_assessment_compound_id_company_id_period", "compound_id", "company_id", "period", unique=True),
    Index(None, "company_id"),
    comment="assessment of companies (三评两公示)",
)

assessment_score = Table(
    "assessment_score",
    metadata,
    link("assessment"),
    Column("evaluator", Text, nullable=False),
    compound_id(),
    region_code(),
    Column("score", Integer, nullable=False, comment="in 0.01"),
    Column("reasons", Text, nullable=True),
    PrimaryKeyConstraint("assessment_id", "evaluator"),
)

evaluation = Table(
    "evaluation",
    metadata,
    link("company"),
    Column("period", Text, nullable=False),
    compound_id(),
    region_code(),
    Column("owner_index", BYTEA, nullable=False, comment="keyed digest of compound, period and owner"),
    Column("stars", Integer, nullable=False, comment="1 to 5"),
    Column("text", Text, nullable=True),
    PrimaryKeyConstraint("owner_index"),
    Index("ix_evaluation_compound_id_company_id_period", "compound_id", "company_id", "period"),
    Index(None, "company_id"),
    comment="what owners say of their company; not who said it",
)

company_ticket = Table(
    "company_ticket",
    metadata,
    Column("ticket_id", Uuid, primary_key=True),
    compound_id(),
    region_code(),
    link("company"),
    Column("linked_by", Text, nullable=False, comment="token subject, or system:rule"),
    Column("linked_at", DateTime(timezone=True), nullable=False),
    Index(None, "company_id"),
    comment="tickets that are about how a company serves a compound",
)

COMPANY_TABLES: list[Table] = [company_staff, offer]
"""Tables that belong to a company and carry its region's code."""

SERVICE_TABLES: list[Table] = [
    selection,
    application,
    contract,
    assessment,
    assessment_score,
    evaluation,
    company_ticket,
]
"""Tables that belong to a compound."""
