"""Compounds that lack care, funds, tickets as they are told of; amounts and tickets of what is voted on.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.property.storage.migrating import MOMENT, column, counted, governed, ident

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _lack() -> None:
    governed(
        "lack",
        ident(),
        column("no_service", sa.Boolean()),
        column("no_unit", sa.Boolean()),
        column("no_security", sa.Boolean()),
        column("cause", sa.Text()),
        column("registered_on", sa.Date()),
        column("solution", sa.Text(), "way of care that was chosen", null=True),
        column("responsible", sa.Text(), "who carries it out", null=True),
        column("converted_on", sa.Date(), null=True),
        *counted(),
        indexes=(("region_code",),),
        comment="compounds without service, responsible unit or security (三无小区)",
    )
    still = sa.text("converted_on IS NULL")
    op.create_index("uq_lack_open", "lack", ["compound_id"], unique=True, postgresql_where=still)
    governed(
        "have",
        ident("lack_id"),
        column("have", sa.Text()),
        column("evidence", sa.Text()),
        column("proved_on", sa.Date()),
        column("withdrawn_on", sa.Date(), "first day on which it does not hold any more", null=True),
        key=("lack_id", "have"),
        links=("lack_id",),
        comment="the five haves (五有) with their evidence",
    )


def _funds() -> None:
    governed(
        "fund_entry",
        ident(),
        column("number", sa.Integer(), "in the compound's books, without a gap"),
        column("on", sa.Date()),
        column("movement", sa.Text()),
        column("debit", sa.Text()),
        column("credit", sa.Text()),
        column("amount", sa.BigInteger(), "in 0.01 yuan"),
        column("text", sa.Text()),
        ident("vote_id", null=True),
        column("position", sa.Integer(), "which of the vote's matters decided it", null=True),
        sa.CheckConstraint("amount > 0 AND debit <> credit", name="ck_fund_entry_moves"),
        links=("vote_id",),
        rights="SELECT, INSERT, UPDATE (region_code)",
        comment="maintenance fund and common income: entries are only ever added",
    )
    op.create_index("uq_fund_entry_compound_id_number", "fund_entry", ["compound_id", "number"], unique=True)
    amounts = [f"{fund}_{what}" for fund in ("maintenance", "common") for what in ("opening", "came", "went")]
    governed(
        "fund_statement",
        column("quarter", sa.Text()),
        *[column(name, sa.BigInteger()) for name in amounts],
        column("entries", sa.Integer()),
        column("digest", sa.Text()),
        column("published_at", MOMENT),
        key=("compound_id", "quarter"),
        rights="SELECT, INSERT, UPDATE (region_code)",
        comment="what was published to the owners of each quarter",
    )


def _tickets() -> None:
    governed(
        "ticket_told",
        ident(),
        column("category", sa.Text()),
        column("region_id", sa.Uuid()),
        column("raised_on", sa.Date()),
        column("is_deliberated", sa.Boolean()),
        column("outcome", sa.Text(), "how it ended; null while it is under way", null=True),
        column("rating", sa.Integer(), null=True),
        indexes=(("region_code",),),
        of_a_compound=False,
        comment="tickets as their events told of them",
    )
    op.add_column("vote", column("ticket_id", sa.Uuid(), "the deliberated ticket that brought it here", null=True))
    op.add_column("vote_item", column("amount", sa.BigInteger(), "of money to use or raise, in 0.01 yuan", null=True))


def upgrade() -> None:
    _lack()
    _funds()
    _tickets()
