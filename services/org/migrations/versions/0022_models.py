"""Panels of experts, the communities they accompany, and methods that model communities share.

Revision ID: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.row_security import above_scope, in_scope
from services.org.storage.register_v1 import create_register

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_register(
        "expert",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False, comment="a kind of the category expertise"),
        references={"person_id": "person.id"},
        comment="panels of experts (智库专家团)",
    )
    _once("expert", "person_id", "field", "region_id")
    create_register(
        "guidance",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        references={"expert_id": "expert.id"},
        comment="communities that experts accompany",
    )
    _once("guidance", "expert_id", "region_id")
    create_register(
        "shared_method",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False, comment="for communities of which type"),
        sa.Column("model_id", sa.Uuid(), nullable=False, comment="the model community it comes from"),
        references={"type": "community_type.code", "model_id": "region.id"},
        comment="working methods of model communities, and where they are shared (工作法)",
    )
    op.create_index("ix_shared_method_model_id", "shared_method", ["model_id"], unique=False)
    create_register(
        "adoption",
        sa.Column("method_id", sa.Uuid(), nullable=False),
        references={"method_id": "shared_method.id"},
        comment="communities that took a shared method up",
    )
    _once("adoption", "method_id", "region_id")
    # A district's panel and the methods shared in it are for everybody below: read from there, written in scope only.
    read = f"{in_scope()} OR {above_scope()}"
    for table in ("expert", "shared_method"):
        op.execute(f"DROP POLICY {table}_read ON {table}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})")


def _once(table: str, *columns: str) -> None:
    op.create_index(f"uq_{table}_open", table, list(columns), unique=True, postgresql_where=sa.text("valid_to IS NULL"))
