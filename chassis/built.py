"""Built statements straight to the driver: reads that are put together of parts, run without the toolkit.

SQLAlchemy compiles a built statement once for each shape and fills in its values, which is kept; making a cursor, a
context and a result for it costs more than that, and is left out (decision 0097). What it compiles to, how values are
turned and what comes back are the toolkit's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import CompoundSelect, Float, Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.util import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Executable
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

_DIALECT = dialect()  # type: ignore[no-untyped-call]
_FLOAT8, _NUMERIC = 701, 1700
"""As PostgreSQL numbers its types (pg_type.dat)."""
_KEPT: Any = LRUCache(1000)
"""Compiled statements by their shape."""


class Columns(NamedTuple):
    """The names of a statement's columns, and those whose values are turned, by position."""

    names: tuple[str, ...]
    turned: tuple[tuple[int, Callable[[Any], Any]], ...]


class Built(NamedTuple):
    """A statement as the driver takes it, with its values."""

    sql: str
    values: Sequence[Any]
    columns: Columns

    def row(self, record: Sequence[Any]) -> tuple[Any, ...]:
        """Return a record of the driver as the toolkit would."""
        if not self.columns.turned:
            return tuple(record)
        row = list(record)
        for at, turn in self.columns.turned:
            row[at] = turn(row[at])
        return tuple(row)


_columns: WeakKeyDictionary[SQLCompiler, Columns] = WeakKeyDictionary()


def built(statement: Executable) -> Built | None:
    """Return a built SELECT as the driver takes it; None for everything else."""
    if not isinstance(statement, Select | CompoundSelect):
        return None
    compiled: Any
    compiled, extracted, collected, _ = statement._compile_w_cache(_DIALECT, compiled_cache=_KEPT, column_keys=[])  # noqa: SLF001
    values: dict[str, Any] = compiled.construct_params(
        extracted_parameters=extracted, escape_names=False, _collected_params=collected
    )
    sql, names, turns = compiled.string, compiled.positiontup, compiled._bind_processors  # noqa: SLF001
    if compiled.literal_execute_params or compiled.post_compile_params:
        filled = compiled._process_parameters_for_postcompile(values)  # noqa: SLF001
        sql, names, turns = filled.statement, filled.positiontup, {**turns, **filled.processors}
        values = {**values, **filled.additional_parameters}
    turned = [turns[name](values[name]) if name in turns else values[name] for name in names or ()]
    return Built(sql, turned, _columns_of(compiled))


def _columns_of(compiled: Any) -> Columns:
    found = _columns.get(compiled)
    if found is None:
        told = compiled._result_columns  # noqa: SLF001
        turns = ((at, _turn(one.type)) for at, one in enumerate(told))
        found = Columns(tuple(one.keyname for one in told), tuple((at, turn) for at, turn in turns if turn))
        _columns[compiled] = found
    return found


def _turn(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    # Of numbers the driver's own type is asked for too: it is the column's.
    comes_as = _FLOAT8 if isinstance(kind, Float) else _NUMERIC
    turn: Callable[[Any], Any] | None = kind.dialect_impl(_DIALECT).result_processor(_DIALECT, comes_as)
    return turn
