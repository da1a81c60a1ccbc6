"""Merchants, what they offer, the fund that pays for it, redemptions with their vouchers, monthly settlements.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OF_ACCOUNT = "EXISTS (SELECT FROM account a WHERE a.id = account_id)"


def upgrade() -> None:
    _create_offers()
    _create_redemptions()
    role = serving_role()
    op.execute(grant("merchant", role, "SELECT, INSERT, UPDATE (closed_at)"))
    op.execute(grant("offer", role, "SELECT, INSERT, UPDATE (stock, closed_at)"))
    op.execute(grant("fund", role, "SELECT, INSERT, UPDATE (budget_fen, committed_fen)"))
    changing = "state, ended_at, ended_by, posting_id, code"
    op.execute(grant("redemption", role, f"SELECT, INSERT, UPDATE ({changing})"))
    op.execute(grant("settlement", role, "SELECT, INSERT"))
    for statement in protect("redemption", read=_OF_ACCOUNT, write=_OF_ACCOUNT):
        op.execute(statement)


def _create_offers() -> None:
    op.create_table(
        "merchant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("keeper", sa.Text(), nullable=False, comment="token subject of who verifies vouchers"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_merchant_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_merchant"),
        comment="who gives goods and discounts for points; public",
    )
    op.create_index("ix_merchant_book_id", "merchant", ["book_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False, comment="application scenario of the catalogue"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False, comment="what the fund pays the merchant for one"),
        sa.Column("stock", sa.Integer(), nullable=True, comment="how many are left; null: any number"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("points > 0 AND price_fen >= 0", name="ck_offer_price"),
        sa.CheckConstraint("stock >= 0", name="ck_offer_stock"),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name="fk_offer_merchant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        comment="what can be had for points; public",
    )
    op.create_index("ix_offer_merchant_id", "offer", ["merchant_id"], unique=False)
    op.create_table(
        "fund",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("committed_fen BETWEEN 0 AND budget_fen", name="ck_fund_within_budget"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_fund_book_id"),
        sa.PrimaryKeyConstraint("book_id", "year", name="pk_fund"),
        comment="the dedicated fund of a year: what it may pay, and what is promised of it",
    )


def _create_redemptions() -> None:
    op.create_table(
        "redemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=True, comment="what ended it: spent, given back"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("code", postgresql.BYTEA(), nullable=True, comment="the voucher's code, encrypted; gone when used"),
        sa.Column("code_digest", postgresql.BYTEA(), nullable=False, comment="keyed digest of the code"),
        sa.CheckConstraint(
            "state IN ('held', 'redeemed', 'cancelled', 'lapsed', 'refunded')", name="ck_redemption_state"
        ),
        sa.CheckConstraint("(state = 'held') = (posting_id IS NULL)", name="ck_redemption_ended"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_redemption_account_id"),
        sa.ForeignKeyConstraint(["hold_id"], ["posting.id"], name="fk_redemption_hold_id"),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name="fk_redemption_merchant_id"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_redemption_offer_id"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_redemption_posting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_redemption"),
        sa.UniqueConstraint("code_digest", name="uq_redemption_code_digest"),
        sa.UniqueConstraint("hold_id", name="uq_redemption_hold_id"),
        comment="points set aside for an offer, and what became of it",
    )
    op.create_index("ix_redemption_account_id", "redemption", ["account_id", "at", "id"], unique=False)
    op.create_index(
        "ix_redemption_held",
        "redemption",
        ["valid_until"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_redemption_merchant_id", "redemption", ["merchant_id", "ended_at"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("redemptions", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name="fk_settlement_merchant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_settlement"),
        sa.UniqueConstraint("merchant_id", "month", name="uq_settlement_merchant_id_month"),
        comment="what a merchant is paid for a month; rows are only ever added",
    )
