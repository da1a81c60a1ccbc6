"""Built statements go to the driver as they are compiled, and what comes back is what SQLAlchemy would give."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal,
    select,
    table,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError

from chassis.built import built
from chassis.database import EVERYWHERE
from chassis.errors import BadRequest

if TYPE_CHECKING:
    from tests.chassis.conftest import Notes

NOTE = table("note", column("id", Uuid), column("region_code", Text), column("text", Text))
_ID, _OTHER = UUID(int=1), UUID(int=2)
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
EACH_TYPE = select(
    literal({"x": [1, None], "y": "字"}, JSONB).label("json"),
    cast(literal(None), JSONB).label("no_json"),
    literal([_ID, _OTHER], ARRAY(Uuid)).label("ids"),
    literal(_ID, Uuid).label("id"),
    literal(1.5, Float).label("float"),
    literal(Decimal("2.50"), Numeric).label("numeric"),
    func.avg(literal(3, Integer)).over().label("mean"),
    literal(b"\x00\xff", LargeBinary).label("bytes"),
    literal(AT, DateTime(timezone=True)).label("at"),
    literal(date(2026, 11, 30), Date).label("day"),
    true().label("truth"),
)
_NUMBERS = func.unnest(literal([3, 1, 2], ARRAY(Integer))).table_valued("n").render_derived(name="numbers")
BUILT: list[Any] = [
    EACH_TYPE,
    select(NOTE).where(NOTE.c.id.in_([_ID, _OTHER]), NOTE.c.text != "'").order_by(NOTE.c.text),
    select(NOTE.c.id, func.length(NOTE.c.text)).where(tuple_(NOTE.c.region_code, NOTE.c.text).in_([("370321", "一")])),
    select(NOTE.c.id).where(NOTE.c.id.in_([])),
    union_all(select(_NUMBERS.c.n), select(literal(7).label("n"))),
    select(_NUMBERS.c.n).order_by(_NUMBERS.c.n.desc()).limit(2),
]


@pytest.mark.parametrize("number", range(len(BUILT)))
async def test_rows_are_those_that_sqlalchemy_gives(notes: Notes, number: int) -> None:
    statement = BUILT[number]
    async with notes.database.write(EVERYWHERE) as session:
        for id_, said in ((_ID, "一"), (_OTHER, "二")):
            await session.execute(NOTE.insert().values(id=id_, region_code="370321", text=said))
        for _ in range(2):  # compiled, and kept
            usual = (await session.connection.execute(statement)).mappings().all()
            assert [dict(row) for row in await session.rows(statement)] == [dict(row) for row in usual]
        first = await session.row(statement)
        assert (None if first is None else dict(first)) == (dict(usual[0]) if usual else None)


async def test_values_are_of_each_statement_and_not_of_the_one_that_was_compiled(notes: Notes) -> None:
    async with notes.database.read(EVERYWHERE) as session:
        found = [await session.scalar(select(literal(number, Integer) + 1)) for number in (1, 41)]
        many = [
            await session.rows(select(_NUMBERS.c.n).where(_NUMBERS.c.n.in_(some)).order_by(_NUMBERS.c.n))
            for some in ([1], [2, 3])
        ]
    assert found == [2, 42]
    assert [[row["n"] for row in rows] for rows in many] == [[1], [2, 3]]


async def test_errors_are_those_that_sqlalchemy_raises(notes: Notes) -> None:
    async with notes.database.read(EVERYWHERE) as session:
        with pytest.raises(BadRequest):
            await session.rows(select(literal("\0", Text)))
    async with notes.database.read(EVERYWHERE) as session:
        with pytest.raises(DBAPIError, match="division by zero"):
            await session.rows(select(literal(1, Integer) / literal(0, Integer)))


def test_only_what_reads_is_taken() -> None:
    assert built(NOTE.delete()) is None
    assert built(NOTE.insert().returning(NOTE.c.id)) is None
