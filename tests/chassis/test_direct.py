"""Plain SQL goes straight to the driver, and nobody can tell by what comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from chassis import direct
from chassis.database import EVERYWHERE, Database
from chassis.errors import BadRequest, Unavailable
from chassis.ids import new_id
from tests.chassis.conftest import note

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.chassis.conftest import Notes

_KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'notes'"
_WRITE = text("INSERT INTO note (id, region_code, text) VALUES (:id, '370321', :text)")
_ID = UUID(int=1)

CASES: list[tuple[str, dict[str, Any]]] = [
    ("SELECT id, text FROM note WHERE region_code = :code ORDER BY text", {"code": "370321"}),
    ("SELECT id, text FROM note WHERE region_code = :code", {"code": "99"}),
    ("SELECT id FROM note WHERE id = ANY(:ids)", {"ids": [_ID]}),
    ("SELECT CAST(:a AS jsonb) AS a, '(SELECT' AS b, CAST(:n AS numeric) AS c", {"a": '{"x": [1]}', "n": "1.50"}),
    ("WITH some AS (SELECT 1 AS x) SELECT x, :twice || :twice AS y FROM some", {"twice": "二"}),
    ("INSERT INTO note (id, region_code, text) VALUES (:id, '370321', 'new')", {"id": new_id()}),
    ("INSERT INTO note (id, region_code, text) VALUES (:id, '370321', 'again') ON CONFLICT DO NOTHING", {"id": _ID}),
    ("UPDATE note SET text = text || :more WHERE region_code = '370321'", {"more": "!"}),
    ("UPDATE note SET text = text || :more RETURNING id, text", {"more": "!"}),
    ("WITH gone AS (DELETE FROM note RETURNING id, text) SELECT count(*) FROM gone", {}),
    (
        "WITH one AS (SELECT CAST(:id AS uuid) AS id) UPDATE note SET text = '(' FROM one WHERE note.id = one.id",
        {"id": _ID},
    ),
    ("DELETE FROM note", {}),
    ("LOCK TABLE note IN ROW SHARE MODE", {}),
    ("INSERT INTO note (id, region_code, text) VALUES (:id, '370321', 'twice')", {"id": _ID}),
    ("SELECT missing FROM note", {}),
    ("UPDATE idempotency SET at = 'never'", {}),
    ("SELECT 1 / 0", {}),
    ("SELECT CAST(:x AS int)", {"x": 1}),
]


@pytest.fixture
async def connection(notes: Notes) -> AsyncIterator[AsyncConnection]:
    async with notes.database.write(EVERYWHERE) as session:
        await session.execute(_WRITE, {"id": _ID, "text": "一"})
        await session.execute(_WRITE, {"id": UUID(int=2), "text": "二"})
    async with notes.database.engine.connect() as lent:
        await lent.execute(text("SELECT set_config('linli.scope', '{\"\"}', false)"))
        await lent.commit()
        yield lent
        await lent.rollback()


async def what_comes(of: Any) -> Any:
    """Return rows and count, or the error's class with what PostgreSQL says."""
    try:
        result = await of
    except DBAPIError as error:
        return type(error), getattr(error.orig, "sqlstate", None)
    rows = [dict(row) for row in result.mappings()] if result.returns_rows else []
    return rows, result.rowcount


@pytest.mark.parametrize(("sql", "parameters"), CASES, ids=[sql[:40] for sql, _ in CASES])
async def test_a_statement_answers_as_through_the_toolkit(
    connection: AsyncConnection, sql: str, parameters: dict[str, Any]
) -> None:
    statement = text(sql)
    usual = await what_comes(connection.execute(statement, parameters))
    await connection.rollback()
    plain = direct.plain(statement)
    assert plain is not None
    if plain.kind is direct.Kind.OTHER:
        return
    found = await what_comes(direct.run(connection, plain, parameters))
    await connection.rollback()
    if isinstance(usual[0], list):
        assert found == usual
    else:
        assert issubclass(usual[0], found[0])
        assert found[1:] == usual[1:]


def test_what_has_types_or_is_built_is_left_to_the_toolkit() -> None:
    typed = text("SELECT :a").bindparams(bindparam("a", type_=JSONB))
    many = text("SELECT 1 WHERE 1 IN :these").bindparams(bindparam("these", expanding=True))
    assert [direct.plain(statement) for statement in (typed, many, select(note), insert(note))] == [None] * 4
    assert direct.plain(text("SELECT :a").columns()) is None


async def test_a_statement_before_any_other_is_in_the_transaction_too(notes: Notes) -> None:
    plain = direct.plain(_WRITE)
    assert plain is not None
    async with notes.database.engine.connect() as lent:
        await lent.execute(text("SELECT set_config('linli.scope', '{\"\"}', false)"))
        await lent.commit()
        await direct.run(lent, plain, {"id": _ID, "text": "never"})
        await lent.rollback()
    assert await notes.look("SELECT count(*) FROM note") == [(0,)]


async def test_connections_that_were_lost_while_nobody_used_them_are_not_noticed(notes: Notes) -> None:
    async with notes.database.read(EVERYWHERE), notes.database.read(EVERYWHERE):
        pass
    assert len(await notes.look(_KILL)) >= 2
    async with notes.database.write(EVERYWHERE) as session:
        await session.execute(_WRITE, {"id": _ID, "text": "again"})
    assert await notes.look("SELECT text FROM note") == [("again",)]


@pytest.mark.parametrize("statement", [text("SELECT 1"), select(note)], ids=["plain", "built"])
async def test_a_connection_lost_in_the_middle_undoes_it_and_says_so_and_the_next_is_whole(
    notes: Notes, statement: Any
) -> None:
    async def write(*more: Any) -> None:
        async with notes.database.write(EVERYWHERE) as session:
            await session.execute(_WRITE, {"id": _ID, "text": "lost"})
            await notes.look(_KILL)
            for one in more:
                await session.execute(one)

    with pytest.raises(Unavailable):
        await write(statement)
    with pytest.raises(Unavailable):
        await write()
    async with notes.database.read(EVERYWHERE) as session:
        assert await session.scalar(text("SELECT count(*) FROM note")) == 0


async def test_who_gives_up_in_the_middle_leaves_nothing_behind(notes: Notes) -> None:
    async def write() -> None:
        async with notes.database.write(EVERYWHERE) as session:
            await session.execute(_WRITE, {"id": new_id(), "text": "given up"})
            await session.execute(text("SELECT pg_sleep(20)"))

    asleep = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)' AND state = 'active'"
    for _ in range(3):
        task = asyncio.create_task(write())
        while not await notes.look(asleep):  # noqa: ASYNC110 (another process's doing)
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})
        async with notes.database.read(EVERYWHERE) as session:
            assert await session.scalar(text("SELECT count(*) FROM note")) == 0
    assert await notes.look("SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in%'") == []


@pytest.mark.parametrize("fault", [ConnectionRefusedError("the scanner is away"), TimeoutError()])
async def test_what_else_a_transaction_calls_is_not_told_as_the_database_being_away(
    notes: Notes, fault: Exception
) -> None:
    async def write() -> None:
        async with notes.database.write(EVERYWHERE) as session:
            await session.execute(_WRITE, {"id": _ID, "text": "never"})
            raise fault

    with pytest.raises(type(fault)):
        await write()
    assert await notes.look("SELECT count(*) FROM note") == [(0,)]


@pytest.mark.parametrize("raw", [True, False], ids=["connection", "session"])
async def test_a_database_that_does_not_answer_is_told_as_away(
    notes: Notes, monkeypatch: pytest.MonkeyPatch, raw: bool
) -> None:
    monkeypatch.setattr("chassis.database._PATIENCE_SECONDS", -19.9)
    url = notes.database.engine.url.render_as_string(hide_password=False)
    impatient = Database(url, name="impatient", statement_seconds=20)
    never = select(func.pg_sleep(20))

    async def read() -> None:
        async with impatient.read(EVERYWHERE) as session:
            await (session.connection.execute(never) if raw else session.execute(never))

    try:
        with pytest.raises(Unavailable):
            await read()
    finally:
        await impatient.close()


async def test_a_transaction_that_failed_is_not_committed(notes: Notes) -> None:
    async def write(*texts: str) -> None:
        async with notes.database.write(EVERYWHERE) as session:
            for one in texts:
                await session.execute(_WRITE, {"id": new_id(), "text": one})

    with pytest.raises(BadRequest):
        await write("first", "\0")
    assert await notes.look("SELECT count(*) FROM note") == [(0,)]


async def test_a_session_sees_its_scope_only_and_the_next_on_the_connection_its_own(notes: Notes) -> None:
    async with notes.database.write(EVERYWHERE) as session:
        await session.execute(_WRITE, {"id": _ID, "text": "一"})
    counted = []
    for scope in (("370321",), ("3704",), (), ("37", "99")):
        async with notes.database.read(scope) as session:
            counted.append(await session.scalar(text("SELECT count(*) FROM note")))
    assert counted == [1, 0, 0, 1]
