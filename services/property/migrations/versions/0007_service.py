"""Choice of companies, contracts, assessment and evaluation; who acts for a company and what it offers.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.row_security import above_scope, in_scope
from services.property.storage.migrating import BYTES, JSON, MOMENT, column, counted, governed, ident

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PRICE = "in 0.01 yuan a square metre and month"


def _company() -> None:
    # Who chooses a company in a compound reads those that the subdistrict, district or city looks after.
    op.execute("DROP POLICY company_read ON company")
    op.execute(f"CREATE POLICY company_read ON company FOR SELECT USING ({in_scope()} OR {above_scope()})")
    op.add_column("company", ident("organisation_id", null=True))
    governed(
        "company_staff",
        ident(),
        ident("company_id"),
        column("person_id", sa.Uuid(), "the same person in org", null=True),
        column("subject", sa.Text(), "token subject by which they act for the company", null=True),
        column("is_manager", sa.Boolean()),
        column("valid_from", sa.Date()),
        column("valid_to", sa.Date(), "first day on which it no longer holds", null=True),
        links=("company_id",),
        indexes=(("company_id",), ("person_id",)),
        rights="SELECT, INSERT, UPDATE (valid_to, region_code)",
        of_a_compound=False,
        comment="who leads a company or acts for it",
    )
    governed(
        "offer",
        ident("company_id"),
        column("compound_kind", sa.Text()),
        column("price", sa.BigInteger(), "from, in 0.01 yuan a square metre and month"),
        column("terms", sa.Text()),
        column("published_on", sa.Date()),
        key=("company_id", "compound_kind"),
        links=("company_id",),
        of_a_compound=False,
        comment="what companies offer compounds of a type",
    )
    for table in ("company_staff", "offer"):
        op.execute(f"DROP POLICY {table}_read ON {table}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({in_scope()} OR {above_scope()})")


def _selection() -> None:
    governed(
        "selection",
        ident(),
        column("status", sa.Text(), "published, shortlisted, voting, chosen, failed or contracted"),
        column("title", sa.Text()),
        column("standard", sa.Text(), "code of the service standard", null=True),
        column("most_price", sa.BigInteger(), _PRICE),
        column("months", sa.Integer()),
        column("terms", sa.Text()),
        column("apply_by", MOMENT),
        ident("vote_id", null=True),
        *counted(),
        links=("vote_id",),
        indexes=(("compound_id",), ("vote_id",)),
        comment="choice of a property company by the owners (选聘)",
    )
    governed(
        "application",
        ident(),
        ident("selection_id"),
        ident("company_id"),
        column("price", sa.BigInteger(), _PRICE),
        column("terms", sa.Text()),
        column("status", sa.Text(), "applied, shortlisted, chosen or not_chosen"),
        column("position", sa.Integer(), "place on the ballot", null=True),
        links=("selection_id", "company_id"),
        comment="companies that apply",
    )
    key = ["selection_id", "company_id"]
    op.create_index("uq_application_selection_id_company_id", "application", key, unique=True)


def _contract() -> None:
    governed(
        "contract",
        ident(),
        ident("company_id"),
        ident("selection_id", null=True),
        column("kind", sa.Text(), "preliminary (前期) or service"),
        column("number", sa.Text()),
        column("price", sa.BigInteger(), _PRICE),
        column("deposit", sa.BigInteger(), "in 0.01 yuan"),
        column("starts_on", sa.Date()),
        column("ends_on", sa.Date(), "first day after the term"),
        column("renewals", sa.Integer(), default="0"),
        column("notice_by", sa.Text(), null=True),
        column("notice_on", sa.Date(), null=True),
        column("leaves_on", sa.Date(), null=True),
        column("ended_on", sa.Date(), null=True),
        column("handed_over", sa.Text(), "what was handed over, and to whom", null=True),
        *counted(),
        links=("company_id", "selection_id"),
        indexes=(("company_id",),),
        comment="contracts of property service",
    )
    op.create_index(
        "uq_contract_in_force", "contract", ["compound_id"], unique=True, postgresql_where=sa.text("ended_on IS NULL")
    )


def _assessment() -> None:
    governed(
        "assessment",
        ident(),
        ident("company_id"),
        column("period", sa.Text(), "a quarter, as 2026Q1"),
        column("rule", JSON, "the rule as it was when it began"),
        column("status", sa.Text(), "scoring, publicised or concluded"),
        column("score", sa.Integer(), "in 0.01", null=True),
        column("grade", sa.Text(), null=True),
        column("publicised_on", sa.Date(), null=True),
        column("concluded_on", sa.Date(), null=True),
        column("rectification", sa.Text(), "what the company has put right", null=True),
        *counted(),
        links=("company_id",),
        indexes=(("company_id",),),
        comment="assessment of companies (三评两公示)",
    )
    key = ["compound_id", "company_id", "period"]
    op.create_index("uq_assessment_compound_id_company_id_period", "assessment", key, unique=True)
    governed(
        "assessment_score",
        ident("assessment_id"),
        column("evaluator", sa.Text()),
        column("score", sa.Integer(), "in 0.01"),
        column("reasons", sa.Text(), null=True),
        key=("assessment_id", "evaluator"),
        links=("assessment_id",),
    )
    governed(
        "evaluation",
        ident("company_id"),
        column("period", sa.Text()),
        column("owner_index", BYTES, "keyed digest of compound, period and owner"),
        column("stars", sa.Integer(), "1 to 5"),
        column("text", sa.Text(), null=True),
        key=("owner_index",),
        links=("company_id",),
        indexes=(("company_id",),),
        comment="what owners say of their company; not who said it",
    )
    op.create_index("ix_evaluation_compound_id_company_id_period", "evaluation", key)


def upgrade() -> None:
    _company()
    _selection()
    _contract()
    _assessment()
