"""Regions, organisations, people, duties, teams, stations, musters; row security on all that is governed.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import above_scope, grant, in_scope, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = ("kind", "duty_title", "muster_group")
BY_REGION = ("organisation", "duty", "team", "team_member", "station", "muster", "community_mode")
# A person is also seen by who sees a duty, membership or muster of theirs: those tables' own policies decide.
PERSON = " OR ".join(
    [
        in_scope("region_code"),
        *(
            f"EXISTS (SELECT FROM {table} WHERE {table}.person_id = person.id)"
            for table in ("duty", "team_member", "muster")
        ),
    ]
)
REGION = f"{in_scope()} OR {above_scope()}"
# The past of a region that went elsewhere stays visible to where it was.
REGION_VERSION = f"{in_scope()} OR {above_scope()} OR {in_scope('code')} OR {above_scope('code')}"


def upgrade() -> None:
    op.create_table(
        "kind",
        sa.Column("category", sa.Text(), nullable=False, comment="organisation, team or station"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("volunteers", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("category", "code", name="pk_kind"),
        comment="kinds of organisations, teams and stations of the practice",
    )
    op.create_table(
        "duty_title",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("party_member", sa.Boolean(), nullable=False),
        sa.Column("organisation_kind", sa.Text(), nullable=True),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("team_role", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_duty_title"),
        comment="duty titles of the practice and their rules",
    )
    op.create_table(
        "muster_group",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_office", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_muster_group"),
        comment="the office and groups of an emergency (一办七组)",
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment="code of its last version"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_region"),
        comment="identity of a region; what changes with time is in region_version",
    )
    op.create_index("ix_region_region_code", "region", ["region_code"], unique=False)
    op.create_table(
        "region_version",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment="the region's current code"),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="its code in this period"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it no longer holds"),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_region_version_period"),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name="fk_region_version_parent_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_region_version_region_id"),
        sa.PrimaryKeyConstraint("region_id", "seq", name="pk_region_version"),
    )
    op.create_index("ix_region_version_code", "region_version", ["code"], unique=False)
    op.create_index("ix_region_version_level_code", "region_version", ["level", "code"], unique=False)
    op.create_index("ix_region_version_parent_id", "region_version", ["parent_id", "code"], unique=False)
    op.create_index(
        "uq_region_version_open_code",
        "region_version",
        ["code"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        "uq_region_version_open_region",
        "region_version",
        ["region_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("credit_code", sa.Text(), nullable=True, comment="统一社会信用代码"),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True, comment="first day without it"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("dissolved_on >= established_on", name="ck_organisation_period"),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name="fk_organisation_parent_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_organisation_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )
    op.create_index("ix_organisation_kind", "organisation", ["kind", "region_code", "id"], unique=False)
    op.create_index("ix_organisation_parent_id", "organisation", ["parent_id", "region_code", "id"], unique=False)
    op.create_index("ix_organisation_region_code", "organisation", ["region_code", "id"], unique=False)
    op.create_index("ix_organisation_region_id", "organisation", ["region_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="personal data: shown masked"),
        sa.Column("party_status", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="personal data: encrypted"),
        sa.Column("resident_id", sa.LargeBinary(), nullable=True, comment="personal data: encrypted"),
        sa.Column("resident_id_index", sa.LargeBinary(), nullable=True, comment="keyed digest, to find equal ones"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_person_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("resident_id_index", name="uq_person_resident_id_index"),
    )
    op.create_index("ix_person_region_code", "person", ["region_code"], unique=False)
    op.create_index("ix_person_region_id", "person", ["region_id"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("paired_with", sa.Uuid(), nullable=True, comment="said by one of the two"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_duty_period"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_duty_organisation_id"),
        sa.ForeignKeyConstraint(["paired_with"], ["duty.id"], name="fk_duty_paired_with"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_duty_person_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_duty_region_id"),
        sa.ForeignKeyConstraint(["title"], ["duty_title.code"], name="fk_duty_title"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
        sa.UniqueConstraint("paired_with", name="uq_duty_paired_with"),
    )
    op.create_index("ix_duty_organisation_id", "duty", ["organisation_id"], unique=False)
    op.create_index("ix_duty_person_id", "duty", ["person_id"], unique=False)
    op.create_index("ix_duty_region_code", "duty", ["region_code", "id"], unique=False)
    op.create_index("ix_duty_region_id", "duty", ["region_id", "title"], unique=False)
    op.create_index("ix_duty_title", "duty", ["title", "region_code", "id"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("disbanded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("disbanded_on >= formed_on", name="ck_team_period"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_team_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
    )
    op.create_index("ix_team_kind", "team", ["kind", "region_code", "id"], unique=False)
    op.create_index("ix_team_region_code", "team", ["region_code", "id"], unique=False)
    op.create_index("ix_team_region_id", "team", ["region_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_team_member_period"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_team_member_person_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_member_team_id"),
        sa.PrimaryKeyConstraint("team_id", "person_id", "valid_from", name="pk_team_member"),
    )
    op.create_index("ix_team_member_person_id", "team_member", ["person_id"], unique=False)
    op.create_index("ix_team_member_region_code", "team_member", ["region_code"], unique=False)
    op.create_table(
        "station",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("functions", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("closed_on >= opened_on", name="ck_station_period"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_station_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_station"),
    )
    op.create_index("ix_station_kind", "station", ["kind", "region_code", "id"], unique=False)
    op.create_index("ix_station_region_code", "station", ["region_code", "id"], unique=False)
    op.create_index("ix_station_region_id", "station", ["region_id"], unique=False)
    op.create_table(
        "muster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "region_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="the region's current code, re-stamped when recoded",
        ),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_muster_period"),
        sa.ForeignKeyConstraint(["group_code"], ["muster_group.code"], name="fk_muster_group_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_muster_person_id"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_muster_region_id"),
        sa.PrimaryKeyConstraint("id", name="pk_muster"),
    )
    op.create_index("ix_muster_person_id", "muster", ["person_id"], unique=False)
    op.create_index("ix_muster_region_code", "muster", ["region_code"], unique=False)
    op.create_index("ix_muster_region_id", "muster", ["region_id", "group_code", "id"], unique=False)
    op.create_index(
        "uq_muster_open_person", "muster", ["person_id"], unique=True, postgresql_where=sa.text("valid_to IS NULL")
    )
    op.create_table(
        "community_mode",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1 for the community's first switch"),
        sa.Column("region_code", sa.Text(collation="C"), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_community_mode_region_id"),
        sa.PrimaryKeyConstraint("region_id", "version", name="pk_community_mode"),
        comment="every switch of a community between peacetime and emergency; the last one holds",
    )
    op.create_index("ix_community_mode_region_code", "community_mode", ["region_code"], unique=False)
    role = serving_role()
    for table in WORDS:
        op.execute(grant(table, role, "SELECT, INSERT, UPDATE"))
    for table in BY_REGION:
        op.execute(grant(table, role))
        for statement in protect(table):
            op.execute(statement)
    for table, read in (("region", REGION), ("region_version", REGION_VERSION), ("person", PERSON)):
        op.execute(grant(table, role))
        for statement in protect(table, read=read):
            op.execute(statement)
