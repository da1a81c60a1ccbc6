"""Merge what clients send: arguments and input fields keep what every subgraph knows, with the narrowest type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import print_ast

from gateway.composition.merging import Verbatim, described, printed
from gateway.composition.type_references import is_required, narrowest, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.composition.merging import Merging
    from gateway.composition.read_subgraph import ReadArgument, ReadType


def merge_arguments(merging: Merging, where: str, by_subgraph: Mapping[str, Mapping[str, ReadArgument]]) -> str:
    """Return the merged argument list with its parentheses, or nothing when there are no arguments."""
    code = "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"
    kept = _common(merging, where, by_subgraph, code)
    arguments = [_merged(merging, f"{where}({name}:)", of, "ARGUMENT") for name, of in kept.items()]
    present = [argument for argument in arguments if argument is not None]
    return f"({', '.join(present)})" if present else ""


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
    defaults = {print_ast(argument.default) if argument.default else None for argument in of.values()}
    if len(defaults) > 1:
        code = "FIELD_ARGUMENT_DEFAULT_MISMATCH" if kind == "ARGUMENT" else "INPUT_FIELD_DEFAULT_MISMATCH"
        merging.faults.add(code, f"{where} has different default values in {', '.join(of)}", *of)
        return None
    (default,) = defaults
    elements = list(of.values())
    inline = described(elements).strip().replace("\n", " ") if kind == "ARGUMENT" else ""
    said = f"{inline} " if inline else ""
    value = f" = {default}" if default is not None else ""
    return f"{said}{elements[0].name}: {text(merged)}{value}{merging.printed_directives(elements)}"


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
