"""Find objects of the merged data by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.execution.errors import ErrorPath
    from gateway.planning.plan import Path


def locate(data: Any, path: Path) -> list[dict[str, Any]]:
    """Return the objects that a path leads to, in the order of the data. Lists are walked through."""
    found: list[dict[str, Any]] = [data]
    for element in path:
        if isinstance(element, str):
            found = list(_objects([each.get(element) for each in found]))
        else:
            found = [each for each in found if each.get("__typename") in element]
    return found


def _objects(values: list[Any]) -> Iterator[dict[str, Any]]:
    for value in values:
        if isinstance(value, dict):
            yield value
        elif isinstance(value, list):
            yield from _objects(value)


def locate_with_paths(data: Any, path: Path) -> Iterator[tuple[dict[str, Any], ErrorPath]]:
    """Like `locate`, with each object's path in the merged data. Slower: for errors only."""
    yield from _walk(data, path, ())


def _walk(value: Any, path: Path, so_far: ErrorPath) -> Iterator[tuple[dict[str, Any], ErrorPath]]:
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _walk(item, path, (*so_far, place))
        return
    if not isinstance(value, dict):
        return
    if not path:
        yield value, so_far
        return
    element = path[0]
    if isinstance(element, str):
        if element in value:
            yield from _walk(value[element], path[1:], (*so_far, element))
    elif value.get("__typename") in element:
        yield from _walk(value, path[1:], so_far)
