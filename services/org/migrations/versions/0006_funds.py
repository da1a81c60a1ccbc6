"""Funds of organisations by year and source, and their entries, which nobody changes.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STAMP = "the region's current code, re-stamped when recoded"


def upgrade() -> None:
    op.create_table(
        "fund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="kind of fund: whose money it is"),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP),
        sa.Column("approved", sa.BigInteger(), nullable=False, comment="budgeted and not yet paid out, in fen"),
        sa.Column("available", sa.BigInteger(), nullable=False, comment="paid out and not yet spent, in fen"),
        sa.Column("spent", sa.BigInteger(), nullable=False, comment="spent, in fen"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("approved >= 0 AND available >= 0 AND spent >= 0", name="ck_fund_never_below_zero"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_fund_organisation_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_fund_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_fund"),
        sa.UniqueConstraint("organisation_id", "year", "source", name="uq_fund_organisation_id_year_source"),
        comment="an organisation's money of one year from one source",
    )
    op.create_index("ix_fund_region_code", "fund", ["region_code", "year"], unique=False)
    op.create_table(
        "fund_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="the fund's version that it made"),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_account", sa.Text(), nullable=False),
        sa.Column("to_account", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="in fen"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount > 0 AND from_account <> to_account", name="ck_fund_entry_moves_something"),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name="fk_fund_entry_fund_id"),
        sa.ForeignKeyConstraint(["reverses"], ["fund_entry.id"], name="fk_fund_entry_reverses"),
        sa.PrimaryKeyConstraint("id", name="pk_fund_entry"),
        sa.UniqueConstraint("fund_id", "seq", name="uq_fund_entry_fund_id_seq"),
        sa.UniqueConstraint("reverses", name="uq_fund_entry_reverses"),
        comment="what was moved from one account of a fund to another; corrected by reversal only",
    )
    op.create_index("ix_fund_entry_region_code", "fund_entry", ["region_code"], unique=False)
    role = serving_role()
    op.execute(grant("fund", role, "SELECT, INSERT, UPDATE"))
    # An entry stays as it was written; only its stamp follows the region.
    op.execute(grant("fund_entry", role, "SELECT, INSERT, UPDATE (region_code)"))
    for table in ("fund", "fund_entry"):
        for statement in protect(table):
            op.execute(statement)
