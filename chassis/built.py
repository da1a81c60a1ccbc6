"""Built statements straight to the driver: reads that are put together of parts, run without the toolkit.

SQLAlchemy compiles a built statement once for each shape and fills in its values, which is kept; making a cursor, a
context and a result for it costs more than that, and is left out (decision 0097). What it compiles to, how values are
turned and what comes back are the toolkit's.

Putting a statement together costs more still. What is asked often is put together once for each shape with names in
place of values (`shaped`), and run with the values of each time (decision 0110).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, CompoundSelect, Float, Select, bindparam, literal
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.util import LRUCache

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

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


class _Template(NamedTuple):
    """A SELECT whose values are all named: as the driver takes it, but for the values."""

    sql: str
    names: tuple[str, ...]
    turns: tuple[Callable[[Any], Any] | None, ...]
    columns: Columns


_columns: WeakKeyDictionary[SQLCompiler, Columns] = WeakKeyDictionary()
_templates: WeakKeyDictionary[Executable, _Template] = WeakKeyDictionary()


Value = Callable[[str, "TypeEngine[Any]"], ColumnElement[Any]]
"""Gives a condition one of its values by name, of a type: the value itself, or its name."""


def named(name: str, type_: TypeEngine[Any]) -> ColumnElement[Any]:
    """Return the name in place of a value, for `shaped`."""
    return bindparam(name, type_=type_)


def literals(values: Mapping[str, Any]) -> Value:
    """Return what gives the values themselves, for a statement that is run once."""
    return lambda name, type_: literal(values[name], type_)


@lru_cache(maxsize=1000)
def shaped(make: Callable[..., Select[Any]], *shape: Hashable) -> Select[Any]:
    """Return the SELECT that `make(*shape)` puts together, which it does once for each shape.

    Its values have names (`named`), and are given when it is run. A shape holds nothing that a caller chooses freely: a
    thousand of them are kept.
    """
    return make(*shape)


def built(statement: Executable, parameters: Mapping[str, Any] | None = None) -> Built | None:
    """Return a built SELECT as the driver takes it; None for everything else.

    With `parameters` all its values must be named by them; what never changes is a `literal_column`. Raises KeyError
    for one that is missing, ValueError for a statement with other values.
    """
    if not isinstance(statement, Select | CompoundSelect):
        return None
    if parameters is not None:
        template = _templates.get(statement)
        if template is None:
            template = _templates[statement] = _template(statement)
        named = zip(template.names, template.turns, strict=True)
        values = [turn(parameters[name]) if turn else parameters[name] for name, turn in named]
        return Built(template.sql, values, template.columns)
    return _built(statement)


def _template(statement: Executable) -> _Template:
    compiled: Any = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
    if compiled.literal_execute_params or compiled.post_compile_params:
        raise ValueError("the number of a statement's values must not change from one time to another")
    if unnamed := [bind.key for bind in compiled.binds.values() if bind.unique]:
        raise ValueError(f"all values must be named, and {unnamed} are not")
    names = tuple(compiled.positiontup or ())
    turns = compiled._bind_processors  # noqa: SLF001
    return _Template(
        compiled.string,
        names,
        tuple(map(turns.get, names)),
        _columns_of(compiled),
    )


def _built(statement: Select[Any] | CompoundSelect[Any]) -> Built:
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
