"""Collect representations: from objects of the merged data to the variables of `_entities`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.execution.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.planning.plan import EntityCall, RepresentationField, RepresentationSelection

_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Representations:
    """The representations of one entity call and the objects that wait for each."""

    values: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[list[dict[str, Any]]] = field(default_factory=list)
    """For each representation: the objects of the merged data that its entity belongs to."""


def collect_representations(data: Any, call: EntityCall) -> Representations:
    """Return the call's representations; objects with equal ones share a place.

    Equality is of the whole representation, byte for byte. An object without its key gets none.
    """
    found = Representations()
    places: dict[bytes, int] = {}
    for target in call.targets:
        for each in locate(data, target.path):
            value = represent(each, target.representation)
            if value is None:
                continue
            identity = _encode(value)
            place = places.get(identity)
            if place is None:
                places[identity] = len(found.values)
                found.values.append(value)
                found.waiting.append([each])
            else:
                found.waiting[place].append(each)
    return found


def represent(value: dict[str, Any], recipe: RepresentationSelection) -> dict[str, Any] | None:
    """Return the representation of an object, or None when its key is not there."""
    typename = value.get("__typename") if recipe.own_typename else recipe.typename
    made: dict[str, Any] = {} if typename is None else {"__typename": typename}
    if not _take(value, recipe.fields, made):
        return None
    further = recipe.by_type.get(value.get("__typename", "")) if recipe.by_type else None
    if further is not None and not _take(value, further, made):
        return None
    return made


def _take(value: dict[str, Any], fields: Iterable[RepresentationField], into: dict[str, Any]) -> bool:
    for one in fields:
        given = value.get(one.key)
        if given is None:
            if one.required:
                return False
            into[one.name] = None
        else:
            into[one.name] = given if one.selection is None else _below(given, one.selection)
    return True


def _below(value: Any, recipe: RepresentationSelection) -> Any:
    if isinstance(value, dict):
        return represent(value, recipe)
    if isinstance(value, list):
        return [_below(each, recipe) for each in value]
    return None
