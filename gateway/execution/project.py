"""Project the merged data to the client's answer.

Checks every value against the schema the client sees and lets a null rise to the next nullable field exactly as the
GraphQL specification says (6.4.3 and 6.4.4): a field that may not be null makes its parent null, one error is
reported where the null arose, and none when an error was already reported there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from gateway.execution.errors import format_null, format_value
from gateway.planning.plan import Leaf

if TYPE_CHECKING:
    from gateway.execution.errors import FormattedError
    from gateway.planning.plan import ProjectionField, ProjectionSelection, Shape

Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""A path as a chain from its end: cheap to extend, spelt out only for an error."""

VOID: Final = object()
"""Stands for a null that must rise to the parent."""
INT_MIN, INT_MAX = -(2**31), 2**31 - 1


def project(
    data: dict[str, Any], selection: ProjectionSelection, errors: list[FormattedError]
) -> dict[str, Any] | None:
    """Return the client's data. Adds to `errors`, which holds what was reported before."""
    return _Projection(errors).object(data, selection, None)


class _Projection:
    def __init__(self, errors: list[FormattedError]) -> None:
        self._errors = errors

    def object(self, value: dict[str, Any], selection: ProjectionSelection, trail: Trail) -> dict[str, Any] | None:
        """Return an object of the answer; None when a null rose to it, or clients may not see its type."""
        fields = selection.fields
        type_name: str | None = selection.type_name
        if selection.is_abstract:
            type_name = value.get("__typename")
            if type_name is None:
                if selection.needs_typename:
                    return None
            else:
                known = selection.by_type.get(type_name)
                if known is None:
                    return None
                fields = known
        answer: dict[str, Any] = {}
        for one in fields:
            if one.shape is None:
                answer[one.response_key] = type_name if one.is_typename else value.get(one.key)
                continue
            result = self._field(value.get(one.key), one, one.shape, (trail, one.response_key))
            if result is VOID:
                return None
            answer[one.response_key] = result
        return answer

    def _field(self, value: Any, one: ProjectionField, shape: Shape, trail: Trail) -> Any:
        result = None if value is None else self._value(value, one, shape, trail)
        if result is None and not shape.nullable:
            self._report_null(one, trail)
            return VOID
        return result

    def _value(self, value: Any, one: ProjectionField, shape: Shape, trail: Trail) -> Any:
        if shape.leaf is not None:
            return self._leaf(value, one, shape, trail)
        if shape.selection is not None:
            if isinstance(value, dict):
                return self.object(value, shape.selection, trail)
            self._report_value(one, "object", trail)
            return None
        if shape.item is None or not isinstance(value, list):
            self._report_value(one, "list", trail)
            return None
        items = []
        for place, item in enumerate(value):
            result = self._field(item, one, shape.item, (trail, place))
            if result is VOID:
                return None
            items.append(result)
        return items

    def _leaf(self, value: Any, one: ProjectionField, shape: Shape, trail: Trail) -> Any:
        leaf = shape.leaf
        if leaf is Leaf.CUSTOM:
            return value
        if leaf is Leaf.ENUM:
            # A value that clients may not see is null to them; that it exists is not told by an error either.
            return value if isinstance(value, str) and value in shape.enum_values else None
        if leaf is Leaf.ID and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if leaf is not None and not _fits(value, leaf):
            self._report_value(one, leaf.value, trail)
            return None
        return value

    def _report_null(self, one: ProjectionField, trail: Trail) -> None:
        path = spell(trail)
        if not any(_covers(error.get("path"), path) for error in self._errors):
            self._errors.append(format_null(one.coordinate, path))

    def _report_value(self, one: ProjectionField, expected: str, trail: Trail) -> None:
        self._errors.append(format_value(one.coordinate, expected, spell(trail)))


def _fits(value: Any, leaf: Leaf) -> bool:
    if leaf is Leaf.STRING or leaf is Leaf.ID:
        return isinstance(value, str)
    if leaf is Leaf.BOOLEAN:
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if leaf is Leaf.INT:
        return isinstance(value, int) and INT_MIN <= value <= INT_MAX
    return isinstance(value, int | float)


def spell(trail: Trail) -> list[str | int]:
    """Return a trail as a path from the root."""
    path: list[str | int] = []
    while trail is not None:
        trail, last = trail
        path.append(last)
    return path[::-1]


def _covers(reported: list[str | int] | None, path: list[str | int]) -> bool:
    """Whether an error reported at one path explains a null at another: one path begins with the other."""
    if reported is None:
        return True
    shorter = min(len(reported), len(path))
    return reported[:shorter] == path[:shorter]
