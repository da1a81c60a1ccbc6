"""Translate a path in the merged data to the client's path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gateway.planning.plan import ProjectionField, ProjectionSelection, Shape


def client_path(path: Iterable[Any], projection: ProjectionSelection, data: Any) -> list[str | int]:
    """Return the client's path for a path in the merged data.

    Stops at the last part the client asked for when the path goes on below it: keys and required fields are the
    planner's business. `data` tells the concrete types on the way.
    """
    translated: list[str | int] = []
    selection: ProjectionSelection | None = projection
    value = data
    for element in path:
        if isinstance(element, int):
            translated.append(element)
            value = value[element] if isinstance(value, list) and element < len(value) else None
            continue
        if not isinstance(element, str) or selection is None:
            break
        type_name = value.get("__typename") if isinstance(value, dict) else None
        one = next((each for each in _candidates(selection, type_name) if each.key == element), None)
        if one is None:
            break
        translated.append(one.response_key)
        value = value.get(element) if isinstance(value, dict) else None
        selection = _selection(one.shape)
    return translated


def _candidates(selection: ProjectionSelection, type_name: str | None) -> Iterator[ProjectionField]:
    if type_name is not None and type_name in selection.by_type:
        yield from selection.by_type[type_name]
        return
    yield from selection.fields
    for fields in selection.by_type.values():
        yield from fields


def _selection(shape: Shape | None) -> ProjectionSelection | None:
    while shape is not None and shape.item is not None:
        shape = shape.item
    return shape.selection if shape is not None else None
