"""Community types, distinctions, partner units' pairings, members who checked in; age and education of people.

Revision ID: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_REGISTERS = ("community_profile", "distinction", "pairing", "check_in")


def _register(name: str, *columns: sa.Column[Any], references: dict[str, str], comment: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=f"ck_{name}_period"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=f"fk_{name}_region_id"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}")
            for column, target in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        comment=comment,
    )
    op.create_index(f"ix_{name}_region_code", name, ["region_code", "id"], unique=False)
    op.create_index(f"ix_{name}_region_id", name, ["region_id"], unique=False)


def upgrade() -> None:
    op.create_table(
        "community_type",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("method_zh", sa.Text(), nullable=False),
        sa.Column("method_en", sa.Text(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.Column("difficulties", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_community_type"),
        comment="types of communities of the practice, each with its working method (三圈六型)",
    )
    text, uuid = sa.Text(), sa.Uuid()
    _register(
        "community_profile",
        sa.Column("type", text, nullable=False),
        references={"type": "community_type.code"},
        comment="which type a community is of, by date",
    )
    op.create_index(
        "uq_community_profile_open",
        "community_profile",
        ["region_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    _register(
        "distinction",
        sa.Column("kind", text, nullable=False),
        sa.Column("person_id", uuid, nullable=True, comment="who is distinguished; the region itself when nobody"),
        sa.Column("reason", text, nullable=True),
        references={"person_id": "person.id"},
        comment="models and other distinctions: of a region, or of a person there",
    )
    op.create_index("ix_distinction_kind", "distinction", ["kind", "region_code", "id"], unique=False)
    op.create_index("ix_distinction_person_id", "distinction", ["person_id"], unique=False)
    _register(
        "pairing",
        sa.Column("kind", text, nullable=False),
        sa.Column("organisation_id", uuid, nullable=False),
        sa.Column("project", text, nullable=True, comment="what they do together"),
        references={"organisation_id": "organisation.id"},
        comment="partner units hooked to regions (共建结对, 包片联户)",
    )
    op.create_index("ix_pairing_kind", "pairing", ["kind", "region_code", "id"], unique=False)
    op.create_index("ix_pairing_organisation_id", "pairing", ["organisation_id"], unique=False)
    _register(
        "check_in",
        sa.Column("person_id", uuid, nullable=False),
        sa.Column("unit_id", uuid, nullable=True, comment="the organisation they work for"),
        references={"person_id": "person.id", "unit_id": "organisation.id"},
        comment="in-service party members who reported where they live (双报到)",
    )
    op.create_index(
        "uq_check_in_open_person", "check_in", ["person_id"], unique=True, postgresql_where=sa.text("valid_to IS NULL")
    )
    op.create_index("ix_check_in_person_id", "check_in", ["person_id"], unique=False)
    op.add_column("person", sa.Column("birth_year", sa.SmallInteger(), nullable=True))
    op.add_column("person", sa.Column("education", sa.Text(), nullable=True))
    role = serving_role()
    op.execute(grant("community_type", role, "SELECT, INSERT, UPDATE"))
    for table in _REGISTERS:
        op.execute(grant(table, role))
        for statement in protect(table):
            op.execute(statement)
