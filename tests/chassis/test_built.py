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
    Select,
    Text,
    Uuid,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError

from chassis.built import built, named, shaped
from chassis.database import EVERYWHERE, Database, keeps_plan
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


async def test_a_shape_is_put_together_once_and_run_with_the_values_of_each_time(notes: Notes) -> None:
    made: list[int] = []

    def make(more: int) -> Select[Any]:
        made.append(more)
        numbers = func.unnest(named("numbers", ARRAY(Integer()))).table_valued("n").render_derived(name="given")
        shown = select(numbers.c.n + literal_column(str(more))).order_by(numbers.c.n)
        return shown.where(numbers.c.n >= named("least", Integer()))

    async with notes.database.read(EVERYWHERE) as session:
        found: list[Any] = [
            [tuple(row.values()) for row in await session.rows(shaped(make, more), values)]
            for more, values in (
                (1, {"numbers": [1, 2, 3], "least": 2}),
                (1, {"numbers": [7], "least": 0}),
                (10, {"numbers": [1], "least": 1}),
            )
        ]
    assert found == [[(3,), (4,)], [(8,)], [(11,)]]
    assert made == [1, 10]


async def test_a_shape_without_one_of_its_values_is_not_run(notes: Notes) -> None:
    wanted = select(NOTE.c.id).where(NOTE.c.text == named("text", Text()))
    async with notes.database.read(EVERYWHERE) as session:
        with pytest.raises(KeyError, match="text"):
            await session.rows(wanted, {"other": "一"})


@pytest.mark.parametrize(
    "statement",
    [
        select(NOTE.c.id).where(NOTE.c.text == "一"),
        select(NOTE.c.id).limit(2),
        select(NOTE.c.id).where(NOTE.c.id.in_([])),
    ],
)
async def test_a_shape_keeps_no_value_of_the_time_when_it_was_made(notes: Notes, statement: Any) -> None:
    async with notes.database.read(EVERYWHERE) as session:
        with pytest.raises(ValueError, match="value"):
            await session.rows(statement, {})


async def test_statements_are_planned_for_their_values_but_those_that_keep_their_plan(notes: Notes) -> None:
    mode = select(func.current_setting("plan_cache_mode"))
    database = Database(
        notes.database.engine.url.render_as_string(hide_password=False), name="plans", plans_by_value=True
    )
    try:
        async with database.read(EVERYWHERE) as session:
            asked: list[Any] = [
                mode,
                keeps_plan(mode),
                keeps_plan(text("SELECT current_setting('plan_cache_mode')")),
                mode,
            ]
            assert [await session.scalar(one) for one in asked] == [
                "force_custom_plan", "force_generic_plan", "force_generic_plan", "force_custom_plan"
            ]  # fmt: skip
        async with database.read(EVERYWHERE) as session:
            assert await session.scalar(mode) == "force_custom_plan"
    finally:
        await database.close()
    async with notes.database.read(EVERYWHERE) as session:
        assert await session.scalar(keeps_plan(mode)) == "auto"
