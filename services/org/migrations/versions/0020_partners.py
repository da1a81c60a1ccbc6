"""What partner units contribute, the problems that they take on, and check-ins of other groups.

Revision ID: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant
from services.org.storage.register_v1 import region_code, serve

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_in", sa.Column("group", sa.Text(), nullable=True, comment="a kind of the category check_in"))
    op.create_table(
        "contribution_rule",
        sa.Column("kind", sa.Text(), nullable=False, comment="a kind of the category contribution"),
        sa.Column("per", sa.Integer(), nullable=False, comment="amount for which there are points"),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False, comment="points in a year"),
        sa.PrimaryKeyConstraint("kind", name="pk_contribution_rule"),
        comment="what partner units' contributions count for (共建考评)",
    )
    op.create_table(
        "pairing_rule",
        sa.Column("kind", sa.Text(), nullable=False, comment="a kind of the category pairing"),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_pairing_rule"),
        comment="how many problems of a compound a paired unit helps to settle in a year",
    )
    for name in ("contribution_rule", "pairing_rule"):
        op.execute(grant(name, serving_role(), "SELECT, INSERT, UPDATE"))
    _contribution()
    _joint_problem()


def _contribution() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False, comment="of what the kind says"),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("compound_id", sa.Uuid(), nullable=True, comment="in the property service"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_contribution_region_id"),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name="fk_contribution_pairing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contribution"),
        comment="what partner units did where they are paired (资源下沉)",
    )
    op.create_index("ix_contribution_region_code", "contribution", ["region_code", "id"], unique=False)
    op.create_index("ix_contribution_region_id", "contribution", ["region_id"], unique=False)
    op.create_index("ix_contribution_pairing_id", "contribution", ["pairing_id", "made_on"], unique=False)
    serve("contribution")


def _joint_problem() -> None:
    op.create_table(
        "joint_problem",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        region_code(),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("compound_id", sa.Uuid(), nullable=True, comment="in the property service"),
        sa.Column("list_item_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True, comment="in the tickets service"),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(settled_on IS NULL) = (result IS NULL) AND settled_on >= taken_on", name="ck_joint_problem_settled"
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name="fk_joint_problem_region_id"),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name="fk_joint_problem_pairing_id"),
        sa.ForeignKeyConstraint(["list_item_id"], ["list_item.id"], name="fk_joint_problem_list_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_joint_problem"),
        comment="outstanding problems that partner units take on (突出问题)",
    )
    op.create_index("ix_joint_problem_region_code", "joint_problem", ["region_code", "id"], unique=False)
    op.create_index("ix_joint_problem_region_id", "joint_problem", ["region_id"], unique=False)
    op.create_index("ix_joint_problem_pairing_id", "joint_problem", ["pairing_id", "settled_on"], unique=False)
    op.create_index("ix_joint_problem_list_item_id", "joint_problem", ["list_item_id"], unique=False)
    serve("joint_problem")
