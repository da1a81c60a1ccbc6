"""Explain a plan: the plan as a text a person can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import parse, print_ast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.planning.cache import OperationPlans
    from gateway.planning.plan import EntityCall, Fetch, Path, Plan, RepresentationField, RepresentationSelection

INDENT = "    "


def explain(plan: Plan) -> str:
    """Return the plan as text: its fetches in order, what each waits for, sends, asks and completes."""
    lines = [f"{plan.operation}: {_count(len(plan.fetches), 'fetch', 'fetches')}"]
    for place, phase in enumerate(plan.phases):
        if len(plan.phases) > 1:
            lines.append(f"phase {place + 1}" + (", after the one before has ended" if place else ""))
        for fetch in phase:
            lines.extend(_explain_fetch(fetch))
    if plan.introspection is not None:
        lines.append("answered by the gateway itself:")
        lines.extend(_indented(print_ast(plan.introspection.document.definitions[0])))
    return "\n".join(lines) + "\n"


def explain_variants(plans: OperationPlans) -> str:
    """Return the plans of an operation as text, each with the values of `@skip` and `@include` it is for."""
    texts: dict[str, list[dict[str, bool]]] = {}
    for values, plan in plans.variants():
        texts.setdefault(explain(plan), []).append(values)
    if len(texts) == 1:
        return next(iter(texts))
    parts = []
    for text, told in texts.items():
        wheres = [", ".join(f"${name}: {str(value).lower()}" for name, value in values.items()) for values in told]
        parts.append(f"with {' or '.join(wheres)}\n{text}")
    return "\n".join(parts)


def _explain_fetch(fetch: Fetch) -> Iterator[str]:
    waits = f", after {', '.join(str(number) for number in fetch.after)}" if fetch.after else ""
    yield f"[{fetch.number}] from {fetch.subgraph}{waits}"
    if fetch.path:
        yield f"{INDENT}for {_path(fetch.path)}"
    for call in fetch.calls:
        yield from _explain_call(call)
    if fetch.variables:
        yield f"{INDENT}with {', '.join(f'${name}' for name in fetch.variables)}"
    yield from _indented(print_ast(parse(fetch.document)))


def _explain_call(call: EntityCall) -> Iterator[str]:
    for target in call.targets:
        yield f"{INDENT}${call.variable}: {_path(target.path)} as {_representation(target.representation)}"


def _representation(recipe: RepresentationSelection) -> str:
    parts = [_field(one) for one in recipe.fields]
    parts.extend(
        f"... on {name} {{ {' '.join(_field(one) for one in fields)} }}" for name, fields in recipe.by_type.items()
    )
    name = f"{recipe.typename} " if recipe.typename else ""
    return f"{name}{{ {' '.join(parts)} }}"


def _field(one: RepresentationField) -> str:
    below = f" {_representation(one.selection)}" if one.selection else ""
    return f"{one.name}{f' from {one.key}' if one.key != one.name else ''}{below}"


def _path(path: Path) -> str:
    text = ""
    for element in path:
        text += f".{element}" if isinstance(element, str) else f"[{'|'.join(sorted(element))}]"
    return text.lstrip(".") or "the root"


def _indented(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"{INDENT}{line}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
