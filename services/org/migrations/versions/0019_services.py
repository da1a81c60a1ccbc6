"""Items of service, and matters that departments handed to subdistricts.

Revision ID: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.row_security import above_scope, in_scope
from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_register(
        "service_item",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True, comment="which department handed it down"),
        sa.Column("ways", ARRAY(sa.Text()), nullable=False, comment="ONLINE, SUBDISTRICT, COMMUNITY, STATION"),
        sa.Column(
            "station_kinds",
            ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="at stations of which kinds",
        ),
        sa.Column("function", sa.Text(), nullable=True, comment="under which function of the station"),
        sa.Column("guide", sa.Text(), nullable=True, comment="what to bring, and how it goes"),
        references={"department_id": "organisation.id"},
        comment="items of service, and by which ways they are handled (就近办理事项)",
    )
    op.create_index("ix_service_item_department_id", "service_item", ["department_id"], unique=False)
    # What a district offers is for everybody below it: the catalogue is read from below, and written in scope only.
    op.execute("DROP POLICY service_item_read ON service_item")
    read = f"{in_scope()} OR {above_scope()}"
    op.execute(f"CREATE POLICY service_item_read ON service_item FOR SELECT USING ({read})")
    create_register(
        "authorised_matter",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True, comment="which department handed it down"),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("trained_people", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was taken back"),
        sa.CheckConstraint("(trained_on IS NULL) = (trained_people = 0)", name="ck_authorised_matter_trained"),
        references={"department_id": "organisation.id"},
        comment="matters that departments handed to subdistricts (赋权事项)",
    )
    op.create_index("ix_authorised_matter_department_id", "authorised_matter", ["department_id"], unique=False)
    op.create_table(
        "matter_review",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="1 for the first review of the matter"),
        region_code(),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False, comment="WORKS, PARTLY or FAILS"),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["authorised_matter.id"], name="fk_matter_review_matter_id"),
        sa.PrimaryKeyConstraint("matter_id", "seq", name="pk_matter_review"),
        comment="how authorised matters were found to work, by date",
    )
    op.create_index("ix_matter_review_region_code", "matter_review", ["region_code"], unique=False)
    serve("matter_review")
