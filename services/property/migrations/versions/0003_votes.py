"""Votes of owners: matters, the frozen register, who has voted, sealed ballots, objections.

Revision ID: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STAMP = "the region's current code, re-stamped when recoded"


def _table(
    name: str, *columns: sa.schema.SchemaItem, links: tuple[str, ...], key: tuple[str, ...], comment: str = ""
) -> None:
    foreign = [sa.ForeignKeyConstraint([one], [f"{one[:-3]}.id"], name=f"fk_{name}_{one}") for one in links]
    op.create_table(
        name,
        *columns,
        sa.Column("compound_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=_STAMP),
        *foreign,
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=f"fk_{name}_compound_id"),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        comment=comment or None,
    )


def _column(name: str, kind: Any, comment: str | None = None, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=null, comment=comment)


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return _column(name, sa.DateTime(timezone=True), null=null)


def _id(name: str = "id", *, null: bool = False) -> sa.Column[object]:
    return _column(name, sa.Uuid(), null=null)


def _vote() -> None:
    _table(
        "vote",
        _id(),
        _column("title", sa.Text()),
        _column("status", sa.Text(), "announced, open, closed, or disputed: the recount found otherwise"),
        _column("secret", sa.Boolean()),
        _column("rule", postgresql.JSONB(), "the rule as it was when the vote was announced"),
        _column("round", sa.Integer()),
        _id("follows", null=True),
        _moment("announced_at"),
        _moment("opens_at"),
        _moment("closes_at"),
        sa.Column("extensions", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _column("register_digest", sa.Text(), "of the register as it was frozen at opening", null=True),
        _column("total_area", sa.BigInteger(), null=True),
        _column("total_heads", sa.Integer(), null=True),
        _column("part_area", sa.BigInteger(), "of those who took part, once closed", null=True),
        _column("part_heads", sa.Integer(), null=True),
        _column("silent_area", sa.BigInteger(), "handed a ballot that did not come back", null=True),
        _column("silent_heads", sa.Integer(), null=True),
        _column("receipts_digest", sa.Text(), "of the receipts of all ballots that count", null=True),
        _moment("closed_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        _column("events", sa.BigInteger(), "how many events it has: the aggregate's version"),
        sa.ForeignKeyConstraint(["follows"], ["vote.id"], name="fk_vote_follows"),
        links=(),
        key=("id",),
    )
    op.create_index("ix_vote_compound_id_announced_at_id", "vote", ["compound_id", "announced_at", "id"])
    waiting = sa.text("status IN ('announced', 'open')")
    op.create_index("ix_vote_waiting", "vote", ["opens_at"], postgresql_where=waiting)
    _table(
        "vote_item",
        _id("vote_id"),
        _column("position", sa.Integer()),
        _column("matter", sa.Integer(), "item of article 278, paragraph 1"),
        _column("text", sa.Text()),
        _column("result", postgresql.JSONB(), "once closed", null=True),
        links=("vote_id",),
        key=("vote_id", "position"),
    )


def _electors() -> None:
    _table(
        "elector",
        _id(),
        _id("vote_id"),
        _column("number", sa.Integer()),
        _column("area", sa.BigInteger()),
        _column("parts", postgresql.ARRAY(sa.Uuid())),
        _moment("delivered_at", null=True),
        sa.UniqueConstraint("vote_id", "number", name="uq_elector_vote_id_number"),
        links=("vote_id",),
        key=("id",),
        comment="the register as it was frozen at opening: who counts as one owner, with what area",
    )
    _table(
        "elector_subject",
        _id("vote_id"),
        _column("subject", sa.Text()),
        _id("elector_id"),
        links=("vote_id", "elector_id"),
        key=("vote_id", "subject", "elector_id"),
        comment="who may vote online for an elector",
    )


def _ballots() -> None:
    _table(
        "participation",
        _id("elector_id"),
        _id("vote_id"),
        _column("area", sa.BigInteger()),
        _column("channel", sa.Text()),
        _column("proxy_index", postgresql.BYTEA(), "keyed digest of who handed the ballot in for the owner", null=True),
        sa.Column(
            "ballots",
            sa.Integer(),
            nullable=False,
            server_default=sa.text("1"),
            comment="how many were given; the last counts",
        ),
        _moment("at"),
        links=("elector_id", "vote_id"),
        key=("elector_id",),
        comment="who has voted, and never what",
    )
    op.create_index("ix_participation_vote_id", "participation", ["vote_id"])
    _table(
        "ballot",
        _column("ballot_key", postgresql.BYTEA(), "keyed digest of vote and elector"),
        _id("vote_id"),
        _column("nonce", postgresql.BYTEA()),
        _column("body", postgresql.BYTEA(), "sealed"),
        _column("tag", postgresql.BYTEA()),
        _column("receipt", sa.Text()),
        links=("vote_id",),
        key=("ballot_key",),
    )
    op.create_index("ix_ballot_vote_id_receipt", "ballot", ["vote_id", "receipt"])
    _table(
        "objection",
        _id(),
        _id("vote_id"),
        _column("subject", sa.Text(), "token subject of the owner who objects"),
        _column("text", sa.Text()),
        _moment("at"),
        _column("answer", sa.Text(), null=True),
        _moment("answered_at", null=True),
        links=("vote_id",),
        key=("id",),
    )
    op.create_index("ix_objection_vote_id", "objection", ["vote_id"])


def upgrade() -> None:
    _vote()
    _electors()
    _ballots()
    role = serving_role()
    rights = {
        "vote": "SELECT, INSERT, UPDATE",
        "vote_item": "SELECT, INSERT, UPDATE (result, region_code)",
        # The frozen register never changes; only that a ballot was handed over is noted.
        "elector": "SELECT, INSERT, UPDATE (delivered_at, region_code)",
        "elector_subject": "SELECT, INSERT, UPDATE (region_code)",
        "participation": "SELECT, INSERT, UPDATE",
        "ballot": "SELECT, INSERT, UPDATE",
        "objection": "SELECT, INSERT, UPDATE (answer, answered_at, region_code)",
    }
    for table, granted in rights.items():
        op.execute(grant(table, role, granted))
        for statement in protect(table):
            op.execute(statement)
