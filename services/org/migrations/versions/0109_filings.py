"""Filings of duties: nominated by the subdistrict, reviewed and filed by the district.

Revision ID: 0109
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import region_code, serve

revision = "0109"
down_revision = "0121"
branch_labels = None
depends_on = None

_KEYS = {
    "region_id": "region.id",
    "title": "duty_title.code",
    "organisation_id": "organisation.id",
    "person_id": "person.id",
    "duty_id": "duty.id",
}


def upgrade() -> None:
    op.create_table(
        "filing_rule",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False, comment="within which the duty is given once it is filed"),
        sa.ForeignKeyConstraint(["title"], ["duty_title.code"], name="fk_filing_rule_title"),
        sa.PrimaryKeyConstraint("title", name="pk_filing_rule"),
        comment="titles that are given on a filing alone (备案管理的职务)",
    )
    op.execute(grant("filing_rule", serving_role(), "SELECT, INSERT, UPDATE"))
    name = "duty_filing"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False, comment="what speaks for them"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column(
            "submitted_by", sa.Text(), nullable=True, comment="token subject, who does not review it; null: imported"
        ),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="of who reviewed or withdrew it"),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="first day on which nothing comes of it; once filed"),
        sa.Column("duty_id", sa.Uuid(), nullable=True, comment="given on this filing"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}") for column, target in _KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        comment="whom a subdistrict nominates for a post, and what the district found (任职备案)",
    )
    op.create_index(f"ix_{name}_region_code", name, ["region_code", "id"])
    op.create_index(
        f"uq_{name}_open",
        name,
        ["organisation_id", "title"],
        unique=True,
        postgresql_where=sa.text("state IN ('SUBMITTED', 'FILED')"),
    )
    op.create_index(f"ix_{name}_duty_id", name, ["duty_id"])
    op.create_index(f"ix_{name}_expires_on", name, ["expires_on"], postgresql_where=sa.text("state = 'FILED'"))
    serve(name)
