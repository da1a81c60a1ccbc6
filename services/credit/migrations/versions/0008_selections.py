"""Selections with candidates, ballots and marks, and the awards that the fund pays.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OF_ACCOUNT = "EXISTS (SELECT FROM account a WHERE a.id = account_id)"


def upgrade() -> None:
    _create_selection()
    _create_candidate()
    _create_ballot()
    _create_review()
    _create_award()
    role = serving_role()
    op.execute(grant("selection", role, "SELECT, INSERT, UPDATE (state, published_at, public_until, concluded_at)"))
    op.execute(grant("candidate", role, "SELECT, INSERT, UPDATE (state, shown, votes, mark, place)"))
    op.execute(grant("ballot", role, "SELECT, INSERT"))
    op.execute(grant("review", role, "SELECT, INSERT"))
    op.execute(grant("award", role, "SELECT, INSERT, UPDATE (paid_at, paid_by, document)"))
    for statement in protect("ballot", read=_OF_ACCOUNT, write=_OF_ACCOUNT):
        op.execute(statement)


def _create_selection() -> None:
    op.create_table(
        "selection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False, comment="where it is held"),
        sa.Column("honour", sa.Text(), nullable=False, comment="honour of the catalogue"),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "nominations_until", sa.Date(), nullable=False, comment="first day on which nobody is nominated any more"
        ),
        sa.Column(
            "choice_until", sa.Date(), nullable=False, comment="first day on which nobody votes or reviews any more"
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_until", sa.Date(), nullable=True, comment="first day on which it can be concluded"),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'published', 'concluded')", name="ck_selection_state"),
        sa.CheckConstraint("nominations_until < choice_until", name="ck_selection_order"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_selection_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_selection"),
        comment="models that are chosen: nominated, voted for or reviewed, made public, concluded",
    )
    op.create_index("ix_selection_region_id", "selection", ["region_id"], unique=False)


def _create_candidate() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("selection_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False, comment="the building, or where the account or duty is"),
        sa.Column("account_id", sa.Uuid(), nullable=True, comment="of a person or family"),
        sa.Column("duty_id", sa.Uuid(), nullable=True, comment="the duty that is honoured"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("nominated_by", sa.Text(), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True, comment="masked name of a person who agreed, from publication on"),
        sa.Column("votes", sa.Integer(), nullable=True, comment="as counted for publication"),
        sa.Column(
            "mark", sa.BigInteger(), nullable=True, comment="mean mark in hundredths, as counted for publication"
        ),
        sa.Column("place", sa.Integer(), nullable=True, comment="of who is chosen, from 1"),
        sa.CheckConstraint(
            "state IN ('asked', 'standing', 'declined', 'chosen', 'passed_over', 'struck', 'withdrawn')",
            name="ck_candidate_state",
        ),
        sa.CheckConstraint("account_id IS NULL OR duty_id IS NULL", name="ck_candidate_one_kind"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_candidate_account_id"),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name="fk_candidate_selection_id"),
        sa.PrimaryKeyConstraint("id", name="pk_candidate"),
        sa.UniqueConstraint("selection_id", "account_id", name="uq_candidate_selection_id_account_id"),
        sa.UniqueConstraint("selection_id", "duty_id", name="uq_candidate_selection_id_duty_id"),
        comment="who or what may be chosen",
    )
    op.create_index(
        "ix_candidate_account_id",
        "candidate",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("account_id IS NOT NULL"),
    )
    op.create_index(
        "uq_candidate_region",
        "candidate",
        ["selection_id", "region_id"],
        unique=True,
        postgresql_where=sa.text("account_id IS NULL AND duty_id IS NULL"),
    )


def _create_ballot() -> None:
    op.create_table(
        "ballot",
        sa.Column("selection_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_ballot_account_id"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name="fk_ballot_candidate_id"),
        sa.ForeignKeyConstraint(["selection_id"], ["selection.id"], name="fk_ballot_selection_id"),
        sa.PrimaryKeyConstraint("selection_id", "account_id", name="pk_ballot"),
        comment="one vote of each account; seen by its own holder and in the count only; rows are only ever added",
    )
    op.create_index("ix_ballot_candidate_id", "ballot", ["candidate_id"], unique=False)


def _create_review() -> None:
    op.create_table(
        "review",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("mark", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mark BETWEEN 1 AND 100", name="ck_review_mark"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name="fk_review_candidate_id"),
        sa.PrimaryKeyConstraint("candidate_id", "reviewer", name="pk_review"),
        comment="a reviewer's mark; rows are only ever added",
    )


def _create_award() -> None:
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False, comment="what it follows from; it is granted once"),
        sa.Column("honour", sa.Text(), nullable=False, comment="honour of the catalogue, or red_flag"),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False, comment="of whose fund it is paid"),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True, comment="number of the payment's document"),
        sa.CheckConstraint(
            "(paid_at IS NULL) = (paid_by IS NULL) AND (paid_at IS NULL) = (document IS NULL)", name="ck_award_paid"
        ),
        sa.CheckConstraint("amount_fen > 0", name="ck_award_amount"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_award_book_id"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name="fk_award_candidate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_award"),
        sa.UniqueConstraint("book_id", "cause", name="uq_award_book_id_cause"),
        comment="what the fund pays for an honour: promised when it is granted",
    )
    op.create_index("ix_award_book_id", "award", ["book_id", "granted_at", "id"], unique=False)
