"""Recommendations of a branch: rules, nominees, electors and ballots.

Revision ID: 0018
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import region_code, serve

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('NOMINATING', 'VOTING', 'RECOMMENDED')")


def upgrade() -> None:
    op.create_table(
        "recommendation_rule",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("turnout_percent", sa.Integer(), nullable=False, comment="least share of the electors who vote"),
        sa.Column("agree_percent", sa.Integer(), nullable=False, comment="share of the ballots that is exceeded"),
        sa.Column("days", sa.Integer(), nullable=False, comment="within which all of it is done"),
        sa.ForeignKeyConstraint(["title"], ["duty_title.code"], name="fk_recommendation_rule_title"),
        sa.PrimaryKeyConstraint("title", name="pk_recommendation_rule"),
        comment="how holders of a title are recommended by a branch (推选规则)",
    )
    op.execute(grant("recommendation_rule", serving_role(), "SELECT, INSERT, UPDATE"))
    _recommendation()
    _part(
        "nominee",
        sa.Column("reason", sa.Text(), nullable=True, comment="what speaks for them"),
        sa.Column("votes", sa.Integer(), nullable=True, comment="null until the votes are counted"),
        comment="who is nominated for a duty",
    )
    _part(
        "elector",
        sa.Column("has_voted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        comment="who of a branch may vote, as it was when the vote was opened",
    )
    op.create_table(
        "ballot",
        sa.Column("id", sa.Uuid(), nullable=False, comment="drawn by lot: no order of time"),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column(
            "choice", sa.LargeBinary(), nullable=False, comment="encrypted; of nobody's, and gone once it is counted"
        ),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name="fk_ballot_recommendation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ballot"),
        comment="ballots that are not counted yet",
    )
    op.create_index("ix_ballot_recommendation_id", "ballot", ["recommendation_id"], unique=False)
    op.create_index("ix_ballot_region_code", "ballot", ["region_code"], unique=False)
    serve("ballot")


def _recommendation() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False, comment="the branch that votes"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="first day on which nothing comes of it"),
        sa.Column("turnout_percent", sa.Integer(), nullable=False, comment="of the rule, when it was opened"),
        sa.Column("agree_percent", sa.Integer(), nullable=False, comment="of the rule, when it was opened"),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True, comment="until when votes are taken"),
        sa.Column("electors", sa.Integer(), nullable=True),
        sa.Column("voted", sa.Integer(), nullable=True, comment="ballots that were counted"),
        sa.Column("abstained", sa.Integer(), nullable=True, comment="of these, those that named nobody"),
        sa.Column("recommended_id", sa.Uuid(), nullable=True),
        sa.Column("duty_id", sa.Uuid(), nullable=True, comment="given on this recommendation"),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_recommendation_{column}")
            for column, target in {
                "region_id": "region.id",
                "title": "duty_title.code",
                "organisation_id": "organisation.id",
                "recommended_id": "person.id",
                "duty_id": "duty.id",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
        comment="whom a branch recommends for a duty (推选)",
    )
    op.create_index("ix_recommendation_region_code", "recommendation", ["region_code", "id"], unique=False)
    op.create_index("ix_recommendation_organisation_id", "recommendation", ["organisation_id"], unique=False)
    op.create_index(
        "uq_recommendation_open", "recommendation", ["region_id", "title"], unique=True, postgresql_where=_OPEN
    )
    op.create_index(
        "ix_recommendation_expires_on", "recommendation", ["expires_on"], unique=False, postgresql_where=_OPEN
    )
    serve("recommendation")


def _part(name: str, *parts: sa.Column[Any], comment: str) -> None:
    op.create_table(
        name,
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        region_code(),
        *parts,
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name=f"fk_{name}_recommendation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{name}_person_id"),
        sa.PrimaryKeyConstraint("recommendation_id", "person_id", name=f"pk_{name}"),
        comment=comment,
    )
    op.create_index(f"ix_{name}_region_code", name, ["region_code"], unique=False)
    serve(name)
