"""What is handed down to communities, what entry control says of it, and by which item something was refused.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code, moment = sa.Text(collation="C"), sa.DateTime(timezone=True)
    grounds: sa.Column[object] = sa.Column(
        "grounds", sa.Uuid(), nullable=True, comment="item of entry control by which it was refused or returned"
    )
    op.add_column("entry", grounds)
    op.create_table(
        "hand_down",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="the entry that pushed it down"),
        sa.Column("region_code", code, nullable=False, comment="the ticket's"),
        sa.Column("at", moment, nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="duty title by which it was pushed down"),
        sa.Column("from_region_code", code, nullable=False, comment="where that duty is held"),
        sa.Column("organisation_id", sa.Uuid(), nullable=True, comment="in which organisation"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_hand_down_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name="pk_hand_down"),
        comment="tickets that came to a community from above (交办)",
    )
    op.create_index("ix_hand_down_region_code_at", "hand_down", ["region_code", "at"])
    op.create_table(
        "admission_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="of the hand-down"),
        sa.Column("region_code", code, nullable=False, comment="the ticket's"),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False, comment="named, keyword or claimed"),
        sa.Column("word", sa.Text(), nullable=True, comment="the keyword"),
        sa.Column("at", moment, nullable=False, comment="when it was handed down"),
        sa.Column("organisation_id", sa.Uuid(), nullable=True, comment="that pushed it down"),
        sa.Column("refused_seq", sa.Integer(), nullable=True, comment="the entry that refused it by this item"),
        sa.Column("refused_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_admission_flag_ticket_id_ticket"),
        sa.ForeignKeyConstraint(["item_id"], ["admission_item.id"], name="fk_admission_flag_item_id_admission_item"),
        sa.PrimaryKeyConstraint("id", name="pk_admission_flag"),
        sa.UniqueConstraint("ticket_id", "seq", "item_id", name="uq_admission_flag_ticket_id_seq_item_id"),
        comment="items of entry control that speak of a ticket that was handed down (准入提示)",
    )
    op.create_index("ix_admission_flag_region_code_at", "admission_flag", ["region_code", "at"])
    for table in ("hand_down", "admission_flag"):
        op.execute(grant(table, serving_role(), "SELECT, INSERT, UPDATE"))
        for statement in protect(table):
            op.execute(statement)
