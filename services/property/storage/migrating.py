"""What migrations from 0006 on make tables with. It is part of them: what it makes never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.migrations import serving_role
from chassis.row_security import grant, protect

if TYPE_CHECKING:
    from collections.abc import Sequence

STAMP = "the region's current code, re-stamped when recoded"
JSON, BYTES, MOMENT = postgresql.JSONB(), postgresql.BYTEA(), sa.DateTime(timezone=True)


def column(name: str, kind: Any, comment: str | None = None, *, null: bool = False, default: str = "") -> Any:
    """Return a column; `default` is SQL."""
    return sa.Column(name, kind, nullable=null, comment=comment, server_default=sa.text(default) if default else None)


def ident(name: str = "id", *, null: bool = False) -> Any:
    """Return a column of identities."""
    return column(name, sa.Uuid(), null=null)


def counted() -> list[Any]:
    """Return the columns of what has versions and events."""
    return [
        column("version", sa.Integer(), default="1"),
        column("events", sa.BigInteger(), "how many events it has: the aggregate's version"),
    ]


def governed(
    name: str,
    *columns: Any,
    key: Sequence[str] = ("id",),
    links: Sequence[str] = (),
    indexes: Sequence[Sequence[str]] = (),
    rights: str = "SELECT, INSERT, UPDATE",
    of_a_compound: bool = True,
    comment: str | None = None,
) -> None:
    """Create a table under row-level security; `links` are columns that refer to the table they are called after."""
    where = [column("region_code", sa.Text(collation="C"), STAMP)]
    if of_a_compound:
        where.insert(0, column("compound_id", sa.Uuid()))
        links = (*links, "compound_id")
    foreign = [sa.ForeignKeyConstraint([one], [f"{one[:-3]}.id"], name=f"fk_{name}_{one}") for one in links]
    op.create_table(name, *columns, *where, *foreign, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), comment=comment)
    for index in indexes:
        op.create_index(f"ix_{name}_{'_'.join(index)}", name, list(index))
    op.execute(grant(name, serving_role(), rights))
    for statement in protect(name):
        op.execute(statement)
