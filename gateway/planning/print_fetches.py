"""Print steps: from steps in the making to the frozen fetches of the plan, their documents printed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import ArgumentNode, ListValueNode, ObjectValueNode, ValueNode, VariableNode, print_ast

from gateway.planning.plan import EntityCall, EntityTarget, Fetch
from gateway.planning.steps import SiteSelection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphql import VariableDefinitionNode

    from gateway.planning.steps import Call, Step

FILLER = "_:__typename"
"""Stands in a selection set of which nothing but the object's being there is of interest."""


def print_fetches(
    steps: list[Step], operation: str, definitions: Mapping[str, VariableDefinitionNode], first: int
) -> tuple[Fetch, ...]:
    """Freeze the steps of one phase. `first` is the number of its first fetch."""
    numbers = {step: first + place for place, step in enumerate(steps)}
    return tuple(_print_fetch(step, numbers, operation, definitions) for step in steps)


def _print_fetch(
    step: Step, numbers: Mapping[Step, int], operation: str, definitions: Mapping[str, VariableDefinitionNode]
) -> Fetch:
    after = tuple(sorted(numbers[before] for before in step.after))
    if step.root is not None:
        used = sorted(set(_variables(step.root)))
        kind = operation if not step.path else "query"
        document = f"{kind}{_header(used, definitions)}{{{_print(step.root)}}}"
        keys = tuple(step.root.fields)
        return Fetch(
            numbers[step], step.subgraph, document, tuple(used), after, (), step.path, kind == "mutation", keys
        )
    used = sorted({name for call in step.calls for target in call.targets for name in _variables(target.selection)})
    names = _call_names(len(step.calls), used)
    body = ",".join(_print_call(call, *name) for call, name in zip(step.calls, names, strict=True))
    representations = [f"${variable}:[_Any!]!" for _, variable in names]
    document = f"query{_header(used, definitions, representations)}{{{body}}}"
    calls = tuple(
        EntityCall(key, variable, tuple(EntityTarget(each.path, each.representation) for each in call.targets))
        for call, (key, variable) in zip(step.calls, names, strict=True)
    )
    keys = tuple(
        dict.fromkeys(key for call in step.calls for target in call.targets for key in _keys(target.selection))
    )
    return Fetch(numbers[step], step.subgraph, document, tuple(used), after, calls, response_keys=keys)


def _call_names(count: int, used: list[str]) -> list[tuple[str, str]]:
    """Name the entity calls of a request and their variables, apart from the client's variables."""
    stem = "representations"
    while any(name.startswith(stem) for name in used):
        stem = f"_{stem}"
    if count == 1:
        return [("_entities", stem)]
    return [(f"_e{place}", f"{stem}{place}") for place in range(count)]


def _header(used: list[str], definitions: Mapping[str, VariableDefinitionNode], more: Iterable[str] = ()) -> str:
    printed = [*more, *(_definition(definitions[name]) for name in used if name in definitions)]
    return f"({','.join(printed)})" if printed else ""


def _definition(node: VariableDefinitionNode) -> str:
    default = f"={print_ast(node.default_value)}" if node.default_value else ""
    return f"${node.variable.name.value}:{print_ast(node.type)}{default}"


def _print_call(call: Call, key: str, variable: str) -> str:
    by_type: dict[str, SiteSelection] = {}
    for target in call.targets:
        by_type.setdefault(target.selection.type_name, SiteSelection("")).absorb(target.selection)
    body = " ".join(f"...on {name}{{{_print(selection)}}}" for name, selection in by_type.items())
    alias = "" if key == "_entities" else f"{key}:"
    return f"{alias}_entities(representations:${variable}){{{body}}}"


def _print(selection: SiteSelection) -> str:
    parts = ["__typename"] if selection.typename else []
    for key, asked in selection.fields.items():
        alias = "" if key == asked.field.name else f"{key}:"
        arguments = f"({asked.field.arguments_text})" if asked.field.arguments else ""
        below = "" if asked.selection is None else f"{{{_print(asked.selection)}}}"
        parts.append(f"{alias}{asked.field.name}{arguments}{below}")
    for name, fragment in selection.fragments.items():
        if fragment.fields or fragment.fragments or fragment.typename:
            parts.append(f"...on {name}{{{_print(fragment)}}}")
    return " ".join(parts) or FILLER


def _keys(selection: SiteSelection) -> Iterator[str]:
    yield from selection.fields
    for fragment in selection.fragments.values():
        yield from _keys(fragment)


def _variables(selection: SiteSelection) -> Iterator[str]:
    for asked in selection.fields.values():
        for argument in asked.field.arguments:
            yield from _variables_in(argument)
        if asked.selection is not None:
            yield from _variables(asked.selection)
    for fragment in selection.fragments.values():
        yield from _variables(fragment)


def _variables_in(argument: ArgumentNode) -> Iterator[str]:
    pending: list[ValueNode] = [argument.value]
    while pending:
        value = pending.pop()
        if isinstance(value, VariableNode):
            yield value.name.value
        elif isinstance(value, ListValueNode):
            pending.extend(value.values)
        elif isinstance(value, ObjectValueNode):
            pending.extend(each.value for each in value.fields)
