"""Committees: preparation, elections, members, major matters; what org tells of organisations and duties.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.property.storage.migrating import BYTES, JSON, MOMENT, column, counted, governed, ident

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _told_by_org() -> None:
    op.create_table(
        "organisation",
        ident(),
        column("kind", sa.Text()),
        column("name", sa.Text()),
        column("region_id", sa.Uuid()),
        column("dissolved_on", sa.Date(), null=True),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        comment="org's organisations as its events told of them",
    )
    op.create_table(
        "duty",
        ident(),
        ident("person_id"),
        column("title", sa.Text()),
        column("valid_from", sa.Date()),
        column("valid_to", sa.Date(), "first day on which it no longer holds", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
        comment="org's duties as its events told of them",
    )
    op.create_index("ix_duty_person_id_title", "duty", ["person_id", "title"])
    op.create_table(
        "standard",
        column("kind", sa.Text(), "of what: committee, red and others"),
        column("code", sa.Text()),
        column("definition", JSON),
        sa.PrimaryKeyConstraint("kind", "code", name="pk_standard"),
        comment="what places settle for themselves, as data",
    )
    for table in ("organisation", "duty", "standard"):
        op.execute(grant(table, serving_role(), "SELECT, INSERT, UPDATE"))


def _committee() -> None:
    governed(
        "committee",
        ident(),
        column("form", sa.Text()),
        column("status", sa.Text(), "preparing, in_office or ended"),
        column("rule", JSON, "the rule as it was when it was prepared"),
        column("seats", sa.Integer()),
        ident("predecessor", null=True),
        column("prepared_on", sa.Date()),
        column("elected_on", sa.Date(), null=True),
        column("term_to", sa.Date(), "first day after the term", null=True),
        column("warn_on", sa.Date(), "when the end of the term is to be told of", null=True),
        column("warned", sa.Integer(), "0, 1: told that the term ends, 2: told that it is over", default="0"),
        column("filed_on", sa.Date(), null=True),
        column("filing_number", sa.Text(), null=True),
        ident("organisation_id", null=True),
        column("ended_on", sa.Date(), null=True),
        column("end_reason", sa.Text(), null=True),
        column("handed_over_on", sa.Date(), null=True),
        column("handed_over", sa.Text(), "what was handed over, and to whom", null=True),
        *counted(),
        sa.ForeignKeyConstraint(["predecessor"], ["committee.id"], name="fk_committee_predecessor"),
        indexes=(("region_code", "id"), ("compound_id",)),
        comment="owners' committees and the bodies in their place",
    )
    due = sa.text("status = 'in_office' AND warned < 2")
    op.create_index("ix_committee_warning", "committee", ["warn_on"], postgresql_where=due)
    governed(
        "preparer",
        ident(),
        ident("committee_id"),
        column("capacity", sa.Text()),
        column("name", BYTES, "encrypted"),
        links=("committee_id",),
        indexes=(("committee_id",),),
        rights="SELECT, INSERT, UPDATE (region_code)",
        comment="preparatory groups (筹备组)",
    )
    governed(
        "seat",
        ident(),
        ident("committee_id"),
        ident("owner_id", null=True),
        ident("person_id", null=True),
        column("name", BYTES, "encrypted"),
        column("capacity", sa.Text()),
        column("is_party_member", sa.Boolean()),
        column("is_public_employee", sa.Boolean()),
        column("office", sa.Text(), "chair, deputy, member or alternate"),
        column("valid_from", sa.Date()),
        column("valid_to", sa.Date(), "first day on which it no longer holds", null=True),
        column("end_reason", sa.Text(), null=True),
        links=("committee_id", "owner_id"),
        indexes=(("committee_id",), ("person_id",), ("owner_id",)),
        rights="SELECT, INSERT, UPDATE (office, valid_to, end_reason, region_code)",
        comment="who sits in a committee, with its history",
    )


def _election() -> None:
    governed(
        "election",
        ident(),
        ident("committee_id"),
        column("kind", sa.Text(), "first or by"),
        column("status", sa.Text()),
        column("seats", sa.Integer()),
        column("review_due", MOMENT, null=True),
        ident("vote_id", null=True),
        column("held_on", sa.Date(), null=True),
        links=("committee_id", "vote_id"),
        indexes=(("committee_id",), ("vote_id",)),
        comment="elections and by-elections of committees",
    )
    governed(
        "candidate",
        ident(),
        ident("election_id"),
        ident("owner_id"),
        ident("person_id", null=True),
        column("name", BYTES, "encrypted"),
        column("is_party_member", sa.Boolean()),
        column("is_public_employee", sa.Boolean()),
        column("nominated_by", sa.Text()),
        column("status", sa.Text()),
        column("position", sa.Integer(), "place on the ballot", null=True),
        column("reply", sa.Text(), "to the departments", null=True),
        sa.UniqueConstraint("election_id", "owner_id", name="uq_candidate_election_id_owner_id"),
        links=("election_id", "owner_id"),
    )
    governed(
        "review",
        ident("candidate_id"),
        column("department", sa.Text()),
        column("verdict", sa.Text(), null=True),
        column("reasons", sa.Text(), null=True),
        column("answered_at", MOMENT, null=True),
        key=("candidate_id", "department"),
        links=("candidate_id",),
        comment="joint review of candidates (人选联审)",
    )


def upgrade() -> None:
    _told_by_org()
    _committee()
    _election()
    governed(
        "major_matter",
        ident(),
        ident("committee_id"),
        column("title", sa.Text()),
        column("text", sa.Text()),
        column("reported_at", MOMENT),
        column("party_opinion", sa.Text(), "of the community's Party committee", null=True),
        column("residents_opinion", sa.Text(), "of the residents' committee", null=True),
        column("decision", sa.Text(), null=True),
        column("decided_at", MOMENT, null=True),
        links=("committee_id",),
        indexes=(("committee_id",),),
        comment="major matters that a committee reports before it decides (重大事项报告)",
    )
    governed(
        "decision_use",
        ident("vote_id"),
        column("position", sa.Integer()),
        column("used_for", sa.Text()),
        column("at", MOMENT),
        key=("vote_id", "position"),
        links=("vote_id",),
        rights="SELECT, INSERT, UPDATE (region_code)",
        comment="decisions of owners that were carried out: each once",
    )
