"""Merge the types: one definition in the supergraph for each name, with who takes part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.composition.merge_fields import FieldMerge
from gateway.composition.merge_inputs import merge_input_type
from gateway.composition.merging import Verbatim, described, printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.composition.merging import Merging
    from gateway.composition.subgraph import ReadType

_BUILT_IN = {"Int", "Float", "String", "Boolean", "ID"}


def merge_type(merging: Merging, name: str) -> str | None:
    """Return the merged type as SDL; None when it takes no part or a fault was noted."""
    types = merging.defining(name)
    kinds = {_kind(type_) for type_ in types.values()}
    if name in _BUILT_IN:
        return None
    if len(kinds) > 1:
        said = ", ".join(f"{type_.kind} in {subgraph}" for subgraph, type_ in types.items())
        merging.faults.add("TYPE_KIND_MISMATCH", f"{name} is of different kinds: {said}", *types)
        return None
    (kind,) = kinds
    if kind == "interface" and all(type_.kind == "object" for type_ in types.values()):
        message = f"{name} is @interfaceObject in {', '.join(types)}, but no subgraph defines it as an interface"
        merging.faults.add("INTERFACE_OBJECT_USAGE_ERROR", message, *types)
        return None
    body = _BODIES[kind](merging, name, types)
    if body is None:
        return None
    elements = list(types.values())
    word = {"object": "type"}.get(kind, kind)
    header = f"{described(elements)}{word} {name}{_implements(types) if kind in ('object', 'interface') else ''}"
    return f"{header}{_joins(merging, types)}{merging.printed_directives(elements)}{body}\n"


def _kind(type_: ReadType) -> str:
    return "interface" if type_.is_interface_object else type_.kind


def _implements(types: Mapping[str, ReadType]) -> str:
    interfaces = dict.fromkeys(interface for type_ in types.values() for interface in type_.interfaces)
    return f" implements {' & '.join(interfaces)}" if interfaces else ""


def _joins(merging: Merging, types: Mapping[str, ReadType]) -> str:
    parts: list[str] = []
    for subgraph, type_ in types.items():
        graph = {"graph": Verbatim(merging.graphs[subgraph])}
        flags: dict[str, object] = {}
        if type_.is_interface_object:
            flags["isInterfaceObject"] = True
        if type_.is_extension and type_.all("key"):
            flags["extension"] = True
        interfaces = dict.fromkeys(type_.interfaces)
        parts += [printed("join__implements", graph | {"interface": interface}) for interface in interfaces]
        keys = [key for key in type_.all("key") if isinstance(key.get("fields"), str)]
        for key in keys or [{}]:
            own: dict[str, object] = {"key": key["fields"]} if key else {}
            if key.get("resolvable") is False:
                own["resolvable"] = False
            parts.append(printed("join__type", graph | own | flags))
        if type_.kind == "union":
            parts += [printed("join__unionMember", graph | {"member": member}) for member in type_.members]
    return "".join(f"\n  {part}" for part in parts)


def _object_body(merging: Merging, name: str, types: Mapping[str, ReadType]) -> str | None:
    names = dict.fromkeys(field for type_ in types.values() for field in type_.fields)
    through = _interface_object_fields(merging, types)
    lines: list[str | None] = []
    for field in names:
        of = {subgraph: type_.fields[field] for subgraph, type_ in types.items() if field in type_.fields}
        lines.append(FieldMerge(merging, name, types, of, through.get(field, {})).merged())
    for field, added in through.items():
        if field not in names:
            lines += _through_interface_objects(merging, name, types, field, added)
    if not lines and name == "Query":
        merging.faults.add("NO_QUERIES", "no subgraph has a field on Query: clients could ask nothing")
        return None
    if not lines:
        merging.faults.add("EMPTY_MERGED_TYPE", f"{name} has no fields", *types)
        return None
    return "\n{\n" + "".join(line for line in lines if line) + "}"


def _interface_object_fields(merging: Merging, types: Mapping[str, ReadType]) -> dict[str, dict[str, bool]]:
    """Return the fields that subgraphs add to this object by seeing an interface of it as an @interfaceObject.

    By field name, then subgraph name: whether it is shared. Empty for interfaces: there, such a subgraph is one of
    those that define it.
    """
    found: dict[str, dict[str, bool]] = {}
    if any(_kind(type_) == "interface" for type_ in types.values()):
        return found
    interfaces = dict.fromkeys(interface for type_ in types.values() for interface in type_.interfaces)
    adding = [
        (subgraph, type_)
        for interface in interfaces
        for subgraph, type_ in merging.defining(interface).items()
        if type_.is_interface_object and subgraph not in types
    ]
    for subgraph, type_ in adding:
        for field in type_.fields.values():
            if not field.has("external"):
                is_shared = field.has("shareable") or (type_.name, field.name) in merging.used[subgraph].keys
                found.setdefault(field.name, {}).setdefault(subgraph, is_shared)
    return found


def _through_interface_objects(
    merging: Merging, name: str, types: Mapping[str, ReadType], field: str, added: Mapping[str, bool]
) -> list[str]:
    """Return the field of an object that it has only because subgraphs add it to an interface."""
    for interface in dict.fromkeys(interface for type_ in types.values() for interface in type_.interfaces):
        defining = merging.defining(interface)
        of = {s: t.fields[field] for s, t in defining.items() if field in t.fields}
        if any(defining[subgraph].is_interface_object for subgraph in of):
            FieldMerge(merging, name, types, of, added).check_sharing_through()
            merged = FieldMerge(merging, interface, defining, of, {}).merged(through_interface=True)
            return [] if merged is None else [merged]
    return []


def _union_body(merging: Merging, name: str, types: Mapping[str, ReadType]) -> str | None:
    members = dict.fromkeys(member for type_ in types.values() for member in type_.members)
    if not members:
        merging.faults.add("EMPTY_MERGED_UNION_TYPE", f"{name} has no members", *types)
        return None
    return "\n = " + " | ".join(members)


def _enum_body(merging: Merging, name: str, types: Mapping[str, ReadType]) -> str | None:
    union = dict.fromkeys(value for type_ in types.values() for value in type_.values)
    common = [value for value in union if all(value in type_.values for type_ in types.values())]
    is_input, is_output = name in merging.input_enums, name in merging.output_enums
    if is_input and is_output and len(common) != len(union):
        extra = [value for value in union if value not in common]
        shown = [value for value in extra if not any(t.values[value].has("inaccessible") for t in _with(types, value))]
        if shown:
            message = f"{name} is used for input and output, so all subgraphs must agree; some lack {', '.join(shown)}"
            merging.faults.add("ENUM_VALUE_MISMATCH", message, *types)
            return None
    kept = common if is_input and not is_output else list(union)
    if not kept:
        merging.faults.add("EMPTY_MERGED_ENUM_TYPE", f"{name} has no value that all of {', '.join(types)} know", *types)
        return None
    lines = []
    for value in kept:
        of = {subgraph: type_.values[value] for subgraph, type_ in types.items() if value in type_.values}
        graphs = "".join(f" {printed('join__enumValue', {'graph': Verbatim(merging.graphs[s])})}" for s in of)
        elements = list(of.values())
        lines.append(f"{described(elements, '  ')}  {value}{graphs}{merging.printed_directives(elements)}\n")
    return "\n{\n" + "".join(lines) + "}"


def _with(types: Mapping[str, ReadType], value: str) -> list[ReadType]:
    return [type_ for type_ in types.values() if value in type_.values]


def _input_body(merging: Merging, name: str, types: Mapping[str, ReadType]) -> str | None:
    body = merge_input_type(merging, name, types)
    return None if body is None else "\n{\n" + body + "}"


def _scalar_body(_merging: Merging, _name: str, _types: Mapping[str, ReadType]) -> str:
    return ""


_BODIES = {
    "object": _object_body,
    "interface": _object_body,
    "union": _union_body,
    "enum": _enum_body,
    "input": _input_body,
    "scalar": _scalar_body,
}
