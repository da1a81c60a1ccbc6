"""Field sets of a subgraph: parsed, checked against its types, and walked (Federation specification, `FieldSet`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
    validate,
)
from graphql.validation import (
    FieldsOnCorrectTypeRule,
    FragmentsOnCompositeTypesRule,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    UniqueArgumentNamesRule,
    ValuesOfCorrectTypeRule,
)

from gateway.composition.supergraph_sdl import selection_of
from gateway.composition.type_references import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import GraphQLNamedType, GraphQLSchema, SelectionSetNode

    from gateway.composition.errors import Faults
    from gateway.composition.subgraph import ReadField, ReadSubgraph, ReadType

_RULES = (
    FieldsOnCorrectTypeRule,
    FragmentsOnCompositeTypesRule,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    PossibleFragmentSpreadsRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    UniqueArgumentNamesRule,
    ValuesOfCorrectTypeRule,
)


@dataclass(slots=True)
class Used:
    """The (type, field) pairs that a subgraph's field sets mention."""

    keys: set[tuple[str, str]] = field(default_factory=set)
    """At any depth of a key."""
    provided: set[tuple[str, str]] = field(default_factory=set)
    """In `@provides`: external fields that the subgraph gives on some paths."""
    required: set[tuple[str, str]] = field(default_factory=set)
    """In `@requires`."""

    def __contains__(self, pair: object) -> bool:
        """Tell whether a pair is mentioned anywhere."""
        return pair in self.keys or pair in self.provided or pair in self.required


@dataclass(frozen=True, slots=True)
class FieldSet:
    """One applied field set."""

    kind: str
    """`key`, `requires` or `provides`."""
    where: str
    """What it stands on, for people."""
    type_name: str
    """The type that it selects from."""
    text: object
    """As written: a string, when it is right."""


def field_sets_of(subgraph: ReadSubgraph) -> Iterator[FieldSet]:
    """Give all field sets of a subgraph; those of `@provides` on a field without subfields are left out."""
    for type_ in subgraph.types.values():
        for key in type_.all("key"):
            yield FieldSet("key", f"{type_.name} @key", type_.name, key.get("fields"))
        for field_ in type_.fields.values():
            where = f"{type_.name}.{field_.name}"
            for applied in field_.all("requires"):
                yield FieldSet("requires", f"{where} @requires", type_.name, applied.get("fields"))
            for applied in field_.all("provides"):
                target = named(field_.type) if field_.type else ""
                if is_composite_type(subgraph.schema.type_map.get(target)):
                    yield FieldSet("provides", f"{where} @provides", target, applied.get("fields"))


def used_fields(subgraph: ReadSubgraph, faults: Faults) -> Used:
    """Walk all field sets of a subgraph; what is wrong with them goes to `faults`."""
    used = Used()
    pairs = {"key": used.keys, "requires": used.required, "provides": used.provided}
    for field_set in field_sets_of(subgraph):
        _Check(subgraph, field_set, faults).run(pairs[field_set.kind])
    return used


class _Check:
    """One field set under examination."""

    def __init__(self, subgraph: ReadSubgraph, field_set: FieldSet, faults: Faults) -> None:
        self._subgraph = subgraph
        self._set = field_set
        self._faults = faults
        self._code = f"{field_set.kind.upper()}_INVALID_FIELDS"

    def run(self, into: set[tuple[str, str]]) -> None:
        """Note what is wrong, and the fields mentioned in `into`."""
        if not isinstance(self._set.text, str):
            self._fault(f"{self._code}_TYPE", "`fields` must be a string")
            return
        try:
            selection = selection_of(self._set.text)
        except (GraphQLError, TypeError) as error:
            self._fault(self._code, getattr(error, "message", str(error)))
            return
        if any(isinstance(node, FragmentSpreadNode) for node, _ in _nodes(selection)):
            self._fault(self._code, "named fragments cannot be used here, inline fragments can")
            return
        messages = invalid(self._subgraph.schema, self._set.type_name, selection)
        for message in messages:
            hint = "; if another subgraph resolves it, declare it here with @external"
            self._fault(self._code, message + (hint if "Cannot query field" in message else ""))
        mention(self._subgraph, self._set.type_name, selection, into)
        if not messages:
            self._walk(selection, self._set.type_name, under_external=False)

    def _fault(self, code: str, message: str) -> None:
        where = f'[{self._subgraph.name}] {self._set.where}(fields: "{self._set.text}")'
        self._faults.add(code, f"{where}: {message}", self._subgraph.name)

    def _walk(self, selection: SelectionSetNode, type_name: str, *, under_external: bool) -> None:
        kind = self._set.kind.upper()
        for node in selection.selections:
            if node.directives:
                self._fault(f"{kind}_DIRECTIVE_IN_FIELDS_ARG", "directives cannot be applied inside a field set")
            if isinstance(node, InlineFragmentNode):
                inner = node.type_condition.name.value if node.type_condition else type_name
                self._walk(node.selection_set, inner, under_external=under_external)
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                self._field(node, type_name, under_external=under_external)

    def _field(self, node: FieldNode, type_name: str, *, under_external: bool) -> None:
        kind, name = self._set.kind.upper(), node.name.value
        type_ = self._subgraph.types[type_name]
        field_ = type_.fields[name]
        if node.alias:
            self._fault(self._code, f"aliases cannot be used here: {node.alias.value}: {name}")
        if kind != "REQUIRES" and field_.arguments:
            self._fault(
                f"{kind}_FIELDS_HAS_ARGS", f"{type_name}.{name} has arguments, which @{self._set.kind} cannot give"
            )
        if kind == "KEY":
            self._key_field(type_name, field_)
        is_external = under_external or field_.has("external")
        if node.selection_set is not None:
            inner = named(field_.type) if field_.type else ""
            is_below = is_external or any(each.has("external") for each in self._implementations(type_, name))
            self._walk(node.selection_set, inner, under_external=is_below)
        elif kind != "KEY" and not is_external:
            message = f"{type_name}.{name} is resolved by this subgraph itself: mark it @external, or leave it out"
            self._fault(f"{kind}_FIELDS_MISSING_EXTERNAL", message)

    def _key_field(self, type_name: str, field_: ReadField) -> None:
        inner = self._subgraph.schema.type_map.get(named(field_.type) if field_.type else "")
        if is_abstract_type(inner):
            message = f"{type_name}.{field_.name} is of the abstract type {inner.name}, which a key cannot hold"
            self._fault("KEY_FIELDS_SELECT_INVALID_TYPE", message)

    def _implementations(self, type_: ReadType, name: str) -> list[ReadField]:
        """Return the same field on the object types of this subgraph that implement an interface."""
        of = [other for other in self._subgraph.types.values() if type_.name in other.interfaces]
        return [other.fields[name] for other in of if name in other.fields]


def mention(subgraph: ReadSubgraph, type_name: str, selection: SelectionSetNode, into: set[tuple[str, str]]) -> None:
    """Add the (type, field) pairs that a field set of a type mentions; of an interface, those of its objects too."""
    type_ = subgraph.types.get(type_name)
    for node in selection.selections:
        if isinstance(node, InlineFragmentNode):
            inner = node.type_condition.name.value if node.type_condition else type_name
            mention(subgraph, inner, node.selection_set, into)
        elif isinstance(node, FieldNode):
            into.add((type_name, node.name.value))
            into.update((t.name, node.name.value) for t in subgraph.types.values() if type_name in t.interfaces)
            field_ = type_.fields.get(node.name.value) if type_ else None
            if field_ and field_.type and node.selection_set:
                mention(subgraph, named(field_.type), node.selection_set, into)


def invalid(schema: GraphQLSchema, type_name: str, selection: SelectionSetNode) -> list[str]:
    """Return what GraphQL's own rules find wrong with a field set of a type."""
    if _is_plain(schema.type_map[type_name], selection):
        return []
    condition = NamedTypeNode(name=NameNode(value=type_name))
    fragment = FragmentDefinitionNode(name=NameNode(value="fields"), type_condition=condition, selection_set=selection)
    return [error.message for error in validate(schema, DocumentNode(definitions=(fragment,)), _RULES)]


def _is_plain(type_: GraphQLNamedType, selection: SelectionSetNode) -> bool:
    """Tell whether a field set is a list of leaf fields such as `id`: most keys are, and need no long validation."""
    if not is_object_type(type_) and not is_interface_type(type_):
        return False
    fields = [
        type_.fields.get(node.name.value)
        for node in selection.selections
        if isinstance(node, FieldNode) and not node.arguments and not node.selection_set
    ]
    leaves = [field for field in fields if field and not field.args and is_leaf_type(get_named_type(field.type))]
    return len(leaves) == len(selection.selections)


def _nodes(selection: SelectionSetNode) -> Iterable[tuple[object, SelectionSetNode]]:
    for node in selection.selections:
        yield node, selection
        inner = getattr(node, "selection_set", None)
        if inner is not None:
            yield from _nodes(inner)
