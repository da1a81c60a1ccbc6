"""The first form of a register's table, for migrations: frozen, so that what a migration made stays what it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

REGION_CODE_COMMENT = "the region's current code, re-stamped when recoded"


def region_code() -> sa.Column[Any]:
    """Return the column that row security reads."""
    return sa.Column("region_code", sa.Text(collation="C"), nullable=False, comment=REGION_CODE_COMMENT)


def create_register(name: str, *parts: Any, references: dict[str, str], comment: str) -> None:
    """Create a register: what holds in a region from a day on; `references` are columns and what they point at."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *parts,
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
    serve(name)


def serve(name: str) -> None:
    """Let the serving role use a governed table, row by row as its scope allows."""
    op.execute(grant(name, serving_role()))
    for statement in protect(name):
        op.execute(statement)
