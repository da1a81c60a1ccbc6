"""Whether a contract can take the place of a released one: pure comparison of two JSON Schemas.

A released version of an event is promised in both directions: whoever reads by the released schema can read what is
published now, and whoever reads by the new one can read what was published before and is replayed. So what was released
stays as it was, and the only change is a new member that may be absent. Words and examples are free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

NEW_VERSION = (
    "leave the released version as it was and publish the change as a new version of the event beside it (version=…)"
)

_FREE = frozenset({"description", "title", "examples", "$schema", "$id", "$defs", "$comment", "x-history", "x-retired"})
_PARTS = frozenset({"$ref", "properties", "required", "items", "prefixItems", "anyOf", "oneOf", "allOf"})
_BOUNDS = {
    "minimum": 1, "exclusiveMinimum": 1, "minLength": 1, "minItems": 1,
    "maximum": -1, "exclusiveMaximum": -1, "maxLength": -1, "maxItems": -1,
}  # fmt: skip
"""Keywords of bounds, with the direction in which they narrow."""


def differences(released: Schema, current: Schema) -> list[str]:
    """Return what would break somebody, a line each with the path of the member; none when `current` is compatible."""
    return list(_Comparison(released, current).of(released, current, ""))


class _Comparison:
    """Walks through two schemas at once; references are followed in each one's own `$defs`."""

    def __init__(self, released: Schema, current: Schema) -> None:
        self._released = released.get("$defs", {})
        self._current = current.get("$defs", {})
        self._under_way: set[tuple[str, str]] = set()

    def of(self, released: Schema, current: Schema, path: str) -> Iterator[str]:
        references = (released.get("$ref", ""), current.get("$ref", ""))
        if any(references):
            if references in self._under_way:
                return
            self._under_way.add(references)
        yield from self._of_resolved(_resolved(released, self._released), _resolved(current, self._current), path)
        self._under_way.discard(references)

    def _of_resolved(self, released: Schema, current: Schema, path: str) -> Iterator[str]:
        here = path or "the message"
        before, now = _type(released, self._released), _type(current, self._current)
        if before != now:
            yield f"{here}: its type was {before} and is {now}"
            return
        yield from _enum(released, current, here)
        for keyword in sorted((released.keys() | current.keys()) - _FREE - _PARTS - {"type", "enum"}):
            yield from _keyword(keyword, released.get(keyword), current.get(keyword), here)
        yield from self._members(released, current, path)
        for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
            for one, other in zip(released.get(keyword, []), current.get(keyword, []), strict=False):
                yield from self.of(one, other, path)
        if isinstance(released.get("items"), dict) and isinstance(current.get("items"), dict):
            yield from self.of(released["items"], current["items"], f"{path}[]")
        elif released.get("items") != current.get("items"):
            yield f"{here}: what it lists was {released.get('items')} and is {current.get('items')}"

    def _members(self, released: Schema, current: Schema, path: str) -> Iterator[str]:
        before, now = released.get("properties", {}), current.get("properties", {})
        needed_before, needed_now = set(released.get("required", [])), set(current.get("required", []))
        for name, schema in before.items():
            place = f"{path}.{name}" if path else name
            if name not in now:
                yield f"{place}: was removed"
                continue
            if name in needed_before - needed_now:
                yield f"{place}: was always there and may now be absent"
            if name in needed_now - needed_before:
                yield f"{place}: was optional and is now required, but events published before may not have it"
            yield from self.of(schema, now[name], place)
        for name in sorted(now.keys() - before.keys()):
            if name in needed_now:
                place = f"{path}.{name}" if path else name
                yield f"{place}: is new and required, but events published before do not have it; give it a default"


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """Return what a schema with a reference comes to; what stands beside the reference goes before."""
    if "$ref" not in schema:
        return schema
    target = definitions[schema["$ref"].rpartition("/")[2]]
    return _resolved(target, definitions) | {key: value for key, value in schema.items() if key != "$ref"}


def _type(schema: Schema, definitions: Schema) -> str:
    """Return a schema's type in words; alternatives are part of it."""
    if "$ref" in schema:
        return _type(_resolved(schema, definitions), definitions)
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return " or ".join(_type(part, definitions) for part in schema[keyword])
    return str(schema.get("type", "enum" if "enum" in schema else "any"))


def _enum(released: Schema, current: Schema, here: str) -> Iterator[str]:
    before, now = released.get("enum"), current.get("enum")
    if before is None and now is not None:
        yield f"{here}: had any value and may now only be {_list(now)}"
    elif before is not None and now is None:
        yield f"{here}: was one of {_list(before)} and may now have any value"
    elif before is not None and now is not None:
        if gone := [value for value in before if value not in now]:
            yield f"{here}: may no longer be {_list(gone)}, but events published before are"
        if added := [value for value in now if value not in before]:
            yield f"{here}: may now be {_list(added)}, which a reader of the released version does not know"


def _keyword(keyword: str, before: Any, now: Any, here: str) -> Iterator[str]:
    """Compare bounds, format, constant, default and whatever else a schema may say."""
    if before == now:
        return
    if keyword in _BOUNDS:
        widens = now is None or (before is not None and (now - before) * _BOUNDS[keyword] < 0)
        how = "wider" if widens else "narrower"
        yield f"{here}: its {keyword} was {before} and is {now}, which is {how} than released"
    else:
        yield f"{here}: its {keyword} was {before!r} and is {now!r}"


def _list(values: list[Any]) -> str:
    return ", ".join(repr(value) for value in values)
