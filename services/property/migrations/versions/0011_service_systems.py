"""Systems of property help: compounds under them, who fills them, what they do, how they are supervised.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from services.property.storage.migrating import BYTES, JSON, MOMENT, column, counted, governed, ident

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ONLY_ADDED = "SELECT, INSERT, UPDATE (region_code)"


def _systems() -> None:
    governed(
        "service_system",
        ident(),
        column("system", sa.Text(), "code of the system in the practice"),
        column("definition", JSON, "the system as it was when the compound was put under it"),
        column("valid_from", sa.Date()),
        column("valid_to", sa.Date(), "first day on which it is under it no more", null=True),
        *counted(),
        indexes=(("region_code",),),
        comment="compounds under a system of property help (红色物业服务体系)",
    )
    still = sa.text("valid_to IS NULL")
    op.create_index("uq_service_system_open", "service_system", ["compound_id"], unique=True, postgresql_where=still)
    governed(
        "service_post",
        ident(),
        ident("service_system_id"),
        column("post", sa.Text(), "code of the level or supervising body"),
        ident("organisation_id", null=True),
        ident("person_id", null=True),
        column("title", sa.Text(), "the duty by which the person fills it", null=True),
        column("name", BYTES, "encrypted", null=True),
        column("valid_from", sa.Date()),
        column("valid_to", sa.Date(), "first day on which they fill it no more", null=True),
        sa.CheckConstraint("num_nonnulls(organisation_id, person_id, name) = 1", name="ck_service_post_one_fills_it"),
        sa.CheckConstraint("(person_id IS NULL) = (title IS NULL)", name="ck_service_post_by_duty"),
        links=("service_system_id",),
        indexes=(("service_system_id", "post"),),
        rights="SELECT, INSERT, UPDATE (region_code, valid_to)",
        comment="who fills the levels and supervising bodies of a system",
    )


def _help() -> None:
    governed(
        "service_help",
        ident(),
        ident("service_system_id"),
        column("level", sa.Text()),
        column("on", sa.Date()),
        column("text", sa.Text()),
        column("ticket_id", sa.Uuid(), "the ticket that it was for", null=True),
        column("recorded_by", sa.Text(), "token subject"),
        column("recorded_at", MOMENT),
        links=("service_system_id",),
        indexes=(("service_system_id", "on", "id"),),
        rights=_ONLY_ADDED,
        comment="what a level did for the compound: only ever added",
    )


def _supervision() -> None:
    governed(
        "service_inspection",
        ident(),
        ident("service_system_id"),
        column("body", sa.Text(), "code of the supervising body"),
        column("level", sa.Text(), "code of the level that it looked at"),
        column("on", sa.Date()),
        column("finding", sa.Text()),
        column("rectify_by", sa.Date(), "until when it must be put right; null: nothing is demanded", null=True),
        column("rectified_on", sa.Date(), null=True),
        column("inspected_by", sa.Text(), "token subject"),
        sa.CheckConstraint("body <> level", name="ck_service_inspection_of_another"),
        sa.CheckConstraint("rectified_on IS NULL OR rectify_by IS NOT NULL", name="ck_service_inspection_demanded"),
        links=("service_system_id",),
        indexes=(("service_system_id", "on", "id"),),
        rights="SELECT, INSERT, UPDATE (region_code, rectify_by, rectified_on)",
        comment="what a supervising body found at a level, and whether it was put right",
    )
    governed(
        "service_judgement",
        ident("service_inspection_id"),
        column("number", sa.Integer(), "of the inspection, from 1"),
        column("on", sa.Date()),
        column("rectify_by", sa.Date(), "the day that had been demanded"),
        column("rectified_on", sa.Date(), "null: it was not put right", null=True),
        column("opinion", sa.Text()),
        column("judged_by", sa.Text(), "token subject"),
        key=("service_inspection_id", "number"),
        links=("service_inspection_id",),
        rights=_ONLY_ADDED,
        comment="what a supervising body said of what it had demanded: only ever added",
    )


def upgrade() -> None:
    _systems()
    _help()
    _supervision()
