"""Posts and grades of community workers, their assessments, and posts placed by recruitment.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import create_register, region_code, serve

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _words()
    create_register(
        "worker_grade",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("stepped_on", sa.Date(), nullable=False, comment="since when the clock of the next step runs"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("stepped_on <= valid_from", name="ck_worker_grade_clock"),
        references={"person_id": "person.id", "post": "worker_post.code"},
        comment="which post and grade community workers have, by date",
    )
    op.create_index(
        "uq_worker_grade_open_person",
        "worker_grade",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index("ix_worker_grade_person_id", "worker_grade", ["person_id"], unique=False)
    _yearly(
        "worker_assessment",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scores", JSONB(), nullable=False, comment="by criterion, 0 to 100"),
        sa.Column("result", sa.Integer(), nullable=False, comment="weighted mean, in hundredths"),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_worker_assessment_person_id"),
        sa.UniqueConstraint("person_id", "year", name="uq_worker_assessment_person_id_year"),
        comment="how community workers were assessed, by year",
    )
    _yearly(
        "recruitment",
        sa.Column("source", sa.Text(), nullable=False, comment="a kind of the category recruitment"),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.CheckConstraint("posts > 0", name="ck_recruitment_posts"),
        sa.UniqueConstraint("region_id", "year", "source", name="uq_recruitment_region_id_year_source"),
        comment="how many posts of a recruitment were placed in a region",
    )


def _words() -> None:
    op.create_table(
        "worker_post",
        *_named(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.SmallInteger(), nullable=False, comment="its lowest grade"),
        sa.Column("highest", sa.SmallInteger(), nullable=False, comment="its highest grade"),
        sa.Column("years", sa.SmallInteger(), nullable=False, comment="years that a step takes"),
        sa.Column(
            "least", sa.Integer(), nullable=False, comment="the least result of a year that counts, in hundredths"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_worker_post"),
        comment="posts of community workers and their grades (三岗十八级)",
    )
    op.create_table(
        "grade_credit",
        sa.Column("education", sa.Text(), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("education", name="pk_grade_credit"),
        comment="how many years a degree is worth to who enters",
    )
    op.create_table(
        "worker_criterion",
        *_named(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_worker_criterion"),
        comment="by what community workers are assessed each year",
    )
    for word in ("worker_post", "grade_credit", "worker_criterion"):
        op.execute(grant(word, serving_role(), "SELECT, INSERT, UPDATE"))


def _named() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in ("code", "name_zh", "name_en")]


def _yearly(name: str, *parts: sa.schema.SchemaItem, comment: str) -> None:
    """Create a table of what is kept of a region by year."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("year", sa.Integer(), nullable=False),
        *parts,
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=f"fk_{name}_region_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        comment=comment,
    )
    op.create_index(f"ix_{name}_region_code", name, ["region_code", "year", "id"], unique=False)
    serve(name)
