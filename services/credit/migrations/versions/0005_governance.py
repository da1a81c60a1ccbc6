"""Lists of bodies, objections, quarterly rankings of grids, monthly publicity with the heads of chains.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OF_ACCOUNT = "EXISTS (SELECT FROM account a WHERE a.id = account_id)"


def upgrade() -> None:
    op.create_unique_constraint("uq_account_id_nature", "account", ["id", "nature"])
    _create_listing()
    _create_objection()
    _create_grid_rank()
    _create_publicity()
    role = serving_role()
    op.execute(grant("listing", role, "SELECT, INSERT, UPDATE (removed_on, removed_by, removal)"))
    op.execute(grant("objection", role, "SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision)"))
    op.execute(grant("grid_rank", role, "SELECT, INSERT"))
    op.execute(grant("publicity", role, "SELECT, INSERT"))
    for table in ("listing", "objection"):
        for statement in protect(table, read=_OF_ACCOUNT, write=_OF_ACCOUNT):
            op.execute(statement)


def _create_listing() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False, comment="the account's; never natural"),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="the law, regulation or policy it rests on"),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="first day on which it is no longer shown"),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("removed_by", sa.Text(), nullable=True),
        sa.Column("removal", sa.Text(), nullable=True, comment="repaired, or objection upheld"),
        sa.CheckConstraint("colour IN ('red', 'grey')", name="ck_listing_colour"),
        sa.CheckConstraint("grade IN ('minor', 'ordinary', 'serious')", name="ck_listing_grade"),
        sa.CheckConstraint("nature IN ('legal', 'other')", name="ck_listing_no_people"),
        sa.CheckConstraint("starts_on < ends_on", name="ck_listing_term"),
        sa.ForeignKeyConstraint(
            ["account_id", "nature"], ["account.id", "account.nature"], name="fk_listing_account_id_nature"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        comment="red and grey entries of bodies: noticed first, shown from starts_on to ends_on",
    )
    op.create_index("ix_listing_account_id", "listing", ["account_id"], unique=False)


def _create_objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=True),
        sa.Column("listing_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.CheckConstraint("(posting_id IS NULL) <> (listing_id IS NULL)", name="ck_objection_to_one"),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="ck_objection_state"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_objection_account_id"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_objection_listing_id"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_objection_posting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
        sa.UniqueConstraint("listing_id", name="uq_objection_listing_id"),
        sa.UniqueConstraint("posting_id", name="uq_objection_posting_id"),
        comment="objections to postings and listings; while one is open, what it is to has no effect",
    )
    op.create_index("ix_objection_account_id", "objection", ["account_id"], unique=False)


def _create_grid_rank() -> None:
    op.create_table(
        "grid_rank",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("mean", sa.Numeric(12, 2), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("red_flag", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_grid_rank_book_id"),
        sa.PrimaryKeyConstraint("book_id", "quarter", "region_id", name="pk_grid_rank"),
        comment="grids by their people's mean points of a quarter; rows are only ever added",
    )
    op.create_index("ix_grid_rank_book_id_quarter_rank", "grid_rank", ["book_id", "quarter", "rank"], unique=False)


def _create_publicity() -> None:
    op.create_table(
        "publicity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("totals", postgresql.JSONB(), nullable=False, comment="by group: accounts, earners, points"),
        sa.Column("shown", postgresql.JSONB(), nullable=False, comment="masked names of who agreed, and their points"),
        sa.Column("head_number", sa.BigInteger(), nullable=False, comment="how long the chain was"),
        sa.Column("head_hash", postgresql.BYTEA(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_publicity_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publicity"),
        sa.UniqueConstraint("book_id", "month", name="uq_publicity_book_id_month"),
        comment="monthly publicity, public; rows are only ever added",
    )
