"""Merge what clients send: arguments and input fields keep what every subgraph knows, with the narrowest type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import print_ast
from graphql.utilities.sort_value_node import sort_value_node

from gateway.composition.merging import Verbatim, described, printed
from gateway.composition.type_references import is_required, narrowest, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import TypeNode, ValueNode

    from gateway.composition.merging import Merging
    from gateway.composition.subgraph import ReadArgument, ReadType


def merge_arguments(merging: Merging, where: str, by_subgraph: Mapping[str, Mapping[str, ReadArgument]]) -> str:
    """Return the merged argument list with its parentheses, or nothing when there are no arguments."""
    code = "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"
    kept = _common(merging, where, by_subgraph, code)
    merged = [(_merged(merging, f"{where}({name}:)", of, "ARGUMENT"), list(of.values())) for name, of in kept.items()]
    present = [(argument, described(elements, "    ")) for argument, elements in merged if argument is not None]
    if any(description for _, description in present):
        return "(\n" + "".join(f"{description}    {argument}\n" for argument, description in present) + "  )"
    return f"({', '.join(argument for argument, _ in present)})" if present else ""


def merge_input_type(merging: Merging, name: str, types: Mapping[str, ReadType]) -> str | None:
    """Return the body of a merged input type; None when nothing is left of it."""
    code = "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"
    kept = _common(merging, name, {subgraph: type_.inputs for subgraph, type_ in types.items()}, code)
    if not kept:
        merging.faults.add("EMPTY_MERGED_INPUT_TYPE", f"{name} has no field that all of {', '.join(types)} know")
        return None
    lines = []
    for field, of in kept.items():
        merged = _merged(merging, f"{name}.{field}", of, "INPUT")
        lines.append(f"{described(list(of.values()), '  ')}  {merged}{_joins(merging, of, types)}\n")
    return "".join(lines)


def merged_argument_types(
    by_subgraph: Mapping[str, Mapping[str, ReadArgument]],
) -> dict[str, tuple[TypeNode, ValueNode | None]]:
    """Return the type and default of each argument that all subgraphs define, where they agree on them."""
    found: dict[str, tuple[TypeNode, ValueNode | None]] = {}
    for name in dict.fromkeys(name for arguments in by_subgraph.values() for name in arguments):
        of = [arguments[name] for arguments in by_subgraph.values() if name in arguments]
        type_ = narrowest([argument.type for argument in of if argument.type])
        if len(of) == len(by_subgraph) and type_ is not None:
            shared = all(argument.default is not None for argument in of)
            found[name] = (type_, of[0].default if shared else None)
    return found


def _common(
    merging: Merging, where: str, by_subgraph: Mapping[str, Mapping[str, ReadArgument]], code: str
) -> dict[str, dict[str, ReadArgument]]:
    """Return what all subgraphs define, by name; a required one that some subgraph lacks is a fault."""
    names = dict.fromkeys(name for arguments in by_subgraph.values() for name in arguments)
    kept = {}
    for name in names:
        of = {subgraph: arguments[name] for subgraph, arguments in by_subgraph.items() if name in arguments}
        if len(of) == len(by_subgraph):
            kept[name] = of
            continue
        demanding = [s for s, argument in of.items() if is_required(argument.type) and argument.default is None]
        if demanding:
            lacking = [subgraph for subgraph in by_subgraph if subgraph not in of]
            message = f"{where}: {name} is required in {', '.join(demanding)} but unknown to {', '.join(lacking)}"
            merging.faults.add(code, message, *demanding)
    return kept


def _merged(merging: Merging, where: str, of: Mapping[str, ReadArgument], kind: str) -> str | None:
    """Return `name: Type = default @directives`; None when a fault was noted."""
    types = [argument.type for argument in of.values() if argument.type]
    merged = narrowest(types)
    if merged is None:
        said = ", ".join(f"{text(type_)} in {name}" for name, type_ in zip(of, types, strict=True))
        code = "FIELD_ARGUMENT_TYPE_MISMATCH" if kind == "ARGUMENT" else "FIELD_TYPE_MISMATCH"
        merging.faults.add(code, f"{where} has types that do not go together: {said}", *of)
        return None
    defaults = {canonical(argument.default): argument.default for argument in reversed(list(of.values()))}
    given = [default for text_, default in defaults.items() if text_ is not None]
    if len(given) > 1:
        code = "FIELD_ARGUMENT_DEFAULT_MISMATCH" if kind == "ARGUMENT" else "INPUT_FIELD_DEFAULT_MISMATCH"
        said = ", ".join(f"{print_ast(a.default) if a.default else 'none'} in {name}" for name, a in of.items())
        merging.faults.add(code, f"{where} has different default values: {said}", *of)
        return None
    # A default that only some subgraphs have would change what the others are sent: the supergraph has none then.
    value = f" = {print_ast(given[0])}" if given and None not in defaults else ""
    elements = list(of.values())
    return f"{elements[0].name}: {text(merged)}{value}{merging.printed_directives(elements)}"


def canonical(default: ValueNode | None) -> str | None:
    """Return a default value as text, with the fields of its objects in one order."""
    return None if default is None else print_ast(sort_value_node(default))


def _joins(merging: Merging, of: Mapping[str, ReadArgument], types: Mapping[str, ReadType]) -> str:
    spelled = {text(argument.type) for argument in of.values() if argument.type}
    if len(spelled) == 1 and len(of) == len(types):
        return ""
    graphs = merging.graphs
    return "".join(
        f" {printed('join__field', {'graph': Verbatim(graphs[name]), 'type': text(argument.type)})}"
        for name, argument in of.items()
        if argument.type
    )
