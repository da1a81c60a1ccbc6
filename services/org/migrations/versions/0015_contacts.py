"""Who looks after grids, buildings and households, and their visits; kinds that are for party members only.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kind", sa.Column("party_members", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    create_register(
        "contact",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("household", sa.Text(), nullable=True, comment="its door; nobody's name"),
        sa.Column("compound_id", sa.Uuid(), nullable=True, comment="a compound there, in the property service"),
        sa.Column("pairing_id", sa.Uuid(), nullable=True, comment="by which their unit took on the area"),
        references={"person_id": "person.id", "pairing_id": "pairing.id"},
        comment="who looks after a grid, building or household (包片联户)",
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"], unique=False)
    op.create_index("ix_contact_pairing_id", "contact", ["pairing_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("household", sa.Text(), nullable=True, comment="its door; nobody's name"),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="what became of the finding, in the tickets service"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_visit_region_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_visit_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
        comment="visits by who looks after a place (走访)",
    )
    op.create_index("ix_visit_region_code", "visit", ["region_code", "id"], unique=False)
    op.create_index("ix_visit_region_id", "visit", ["region_id"], unique=False)
    op.create_index("ix_visit_contact_id", "visit", ["contact_id", "visited_on"], unique=False)
    serve("visit")
