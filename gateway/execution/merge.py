"""Merge a subgraph's answer into the merged data."""

from __future__ import annotations

from typing import Any


def merge(into: dict[str, Any], answer: dict[str, Any]) -> None:
    """Merge an object of an answer into an object of the merged data, deeply, in place.

    Two subgraphs that answer the same list answer it in the same order, so items merge by position. A null never
    takes the place of something. The answer's own parts may become part of the data.
    """
    for key, value in answer.items():
        present = into.get(key)
        if present is None:
            into[key] = value
        elif isinstance(value, dict) and isinstance(present, dict):
            merge(present, value)
        elif isinstance(value, list) and isinstance(present, list):
            _merge_lists(present, value)
        elif value is not None:
            into[key] = value


def _merge_lists(into: list[Any], answer: list[Any]) -> None:
    for place, value in enumerate(answer[: len(into)]):
        present = into[place]
        if isinstance(value, dict) and isinstance(present, dict):
            merge(present, value)
        elif isinstance(value, list) and isinstance(present, list):
            _merge_lists(present, value)
        elif present is None:
            into[place] = value


def copied(value: Any) -> Any:
    """Return a deep copy of JSON data."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [copied(each) for each in value]
    return value
