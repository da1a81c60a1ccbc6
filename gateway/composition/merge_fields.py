"""Merge the fields of objects and interfaces: types, arguments, who resolves what, sharing and overriding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graphql import print_ast

from gateway.composition.merge_inputs import canonical, merge_arguments, merged_argument_types
from gateway.composition.merging import Merging, Verbatim, described, printed
from gateway.composition.type_references import is_subtype, text, widest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import TypeNode

    from gateway.composition.subgraph import ReadField, ReadType


@dataclass
class FieldMerge:
    """One field of one type, as each subgraph defines it."""

    merging: Merging
    type_name: str
    types: Mapping[str, ReadType]
    """The type in every subgraph that has it."""
    fields: Mapping[str, ReadField]
    """The field in every subgraph that defines it."""
    through: Mapping[str, bool]
    """For an object's field: the subgraphs that add it to an interface by @interfaceObject, and whether they share."""

    @property
    def name(self) -> str:
        """The field's name."""
        return next(iter(self.fields.values())).name

    @property
    def where(self) -> str:
        """The field's coordinate."""
        return f"{self.type_name}.{self.name}"

    @cached_property
    def external(self) -> set[str]:
        """The subgraphs that do not resolve the field."""
        return {name for name, field in self.fields.items() if field.has("external")}

    @cached_property
    def is_interface(self) -> bool:
        """Whether the field belongs to an interface of the supergraph."""
        return any(type_.kind == "interface" for type_ in self.types.values())

    def merged(self, *, through_interface: bool = False) -> str | None:
        """Return the field as the supergraph defines it; None when a fault was noted.

        `through_interface` writes it for an object that has the field only by an interface object.
        """
        overridden = self._overridden() - self.external
        resolving = [name for name in self.fields if name not in self.external and name not in overridden]
        if not resolving and not self.is_interface and not self.through:
            if any(field.has("override") for field in self.fields.values()):
                return None
            self._fault("EXTERNAL_MISSING_ON_BASE", "is marked @external everywhere; some subgraph must resolve it")
            return None
        self._check_sharing([name for name in self.fields if name not in overridden])
        merged = self._type(resolving or list(self.fields))
        if merged is None:
            return None
        arguments = {name: self.fields[name].arguments for name in resolving or self.fields}
        self._check_external(merged, arguments)
        elements = list(self.fields.values())
        printed_arguments = merge_arguments(self.merging, self.where, arguments)
        joins = " @join__field" if through_interface else self._joins(merged, overridden)
        directives = self.merging.printed_directives(elements)
        return f"{described(elements, '  ')}  {self.name}{printed_arguments}: {text(merged)}{joins}{directives}\n"

    def check_sharing_through(self) -> None:
        """Check a field that an object has only by interface objects: one subgraph adds it, or all share it."""
        self._check_sharing([])

    def _fault(self, code: str, message: str, *subgraphs: str) -> None:
        self.merging.faults.add(code, f"{self.where} {message}", *subgraphs)

    def _overridden(self) -> set[str]:
        found: set[str] = set()
        for name, field in self.fields.items():
            for override in field.all("override"):
                source = override.get("from")
                if source == name:
                    self._fault("OVERRIDE_FROM_SELF_ERROR", f"in {name} overrides itself: name another subgraph", name)
                elif isinstance(source, str) and source in self.fields:
                    self._check_override(name, source)
                    found.add(source)
        return found

    def _check_override(self, name: str, source: str) -> None:
        field, old = self.fields[name], self.fields[source]
        if old.has("override"):
            message = f"is overridden by {name} from {source}, which overrides it itself: only one may"
            self._fault("OVERRIDE_SOURCE_HAS_OVERRIDE", message, name, source)
        code = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"
        if field.has("external"):
            self._fault(code, f"is marked @external and @override in {name}: a subgraph resolves it, or not", name)
        for directive in ("requires", "provides"):
            if old.has(directive):
                message = f"cannot be overridden by {name} while {source} has @{directive} on it: remove that first"
                self._fault(code, message, name, source)

    def _check_sharing(self, names: list[str]) -> None:
        if self.is_interface:
            return
        pair = (self.type_name, self.name)
        said: dict[str, bool] = {}
        for name in names:
            field, is_provided = self.fields[name], pair in self.merging.used[name].provided
            if not field.has("external"):
                said[name] = self._is_shareable(name)
            elif is_provided:
                said[name] = True
        said |= {f"{name} (by an @interfaceObject)": is_shared for name, is_shared in self.through.items()}
        alone = [name for name, is_shared in said.items() if not is_shared]
        if len(said) > 1 and alone:
            message = f"is resolved by {', '.join(said)}, but is not @shareable in {', '.join(alone)}"
            self._fault("INVALID_FIELD_SHARING", message, *self.fields, *self.through)

    def _is_shareable(self, name: str) -> bool:
        if self.merging.named(name).names.is_federation_1 or self.fields[name].has("shareable"):
            return True
        return (self.type_name, self.name) in self.merging.used[name].keys

    def _type(self, names: list[str]) -> TypeNode | None:
        types = [type_ for name in names if (type_ := self.fields[name].type)]
        merged = widest(types, self.merging.is_named_subtype)
        if merged is None:
            said = ", ".join(f"{text(type_)} in {name}" for name, type_ in zip(names, types, strict=True))
            self._fault("FIELD_TYPE_MISMATCH", f"has types that do not go together: {said}", *names)
        return merged

    def _check_external(self, merged: TypeNode, resolving: Mapping[str, Mapping[str, object]]) -> None:
        arguments = merged_argument_types({name: self.fields[name].arguments for name in resolving})
        for name in sorted(self.external):
            field = self.fields[name]
            if field.type and not is_subtype(merged, field.type, self.merging.is_named_subtype):
                message = f"is {text(field.type)} where {name} marks it @external, but resolves to {text(merged)}"
                self._fault("EXTERNAL_TYPE_MISMATCH", message, name)
            for argument, (type_, default) in arguments.items():
                declared = field.arguments.get(argument)
                if declared is None or declared.type is None:
                    message = f"lacks the argument {argument} where {name} marks it @external"
                    self._fault("EXTERNAL_ARGUMENT_MISSING", message, name)
                elif not is_subtype(declared.type, type_, self.merging.is_named_subtype):
                    message = (
                        f"takes {argument}: {text(declared.type)} where {name} marks it @external, but {text(type_)}"
                    )
                    self._fault("EXTERNAL_ARGUMENT_TYPE_MISMATCH", f"{message} where it is resolved", name)
                elif canonical(declared.default) != canonical(default):
                    given = print_ast(default) if default else "none"
                    message = f"has another default for {argument} where {name} marks it @external than {given}"
                    self._fault("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", message, name)

    def _joins(self, merged: TypeNode, overridden: set[str]) -> str:
        joins = {name: self._join(name, merged, overridden) for name in self.fields}
        kept = {name: join for name, join in joins.items() if join is not None}
        plain = all(join == {} for join in kept.values())
        if plain and set(kept) == set(self.types):
            return ""
        graphs = self.merging.graphs
        return "".join(
            f" {printed('join__field', {'graph': Verbatim(graphs[name])} | join)}" for name, join in kept.items()
        )

    def _join(self, name: str, merged: TypeNode, overridden: set[str]) -> dict[str, object] | None:
        """Return the arguments of a subgraph's @join__field; None when it takes no part in the field any more."""
        field = self.fields[name]
        join: dict[str, object] = {}
        if name in overridden:
            if (self.type_name, field.name) not in self.merging.used[name] and not self._serves_an_interface(name):
                return None
            join["usedOverridden"] = True
        if name in self.external:
            join["external"] = True
        for directive in ("requires", "provides"):
            for applied in field.all(directive):
                join[directive] = applied.get("fields")
        for override in field.all("override"):
            join["override"] = override.get("from")
        if field.type and text(field.type) != text(merged):
            join["type"] = text(field.type)
        return join

    def _serves_an_interface(self, name: str) -> bool:
        types = self.merging.named(name).types
        return any(i in types and self.name in types[i].fields for i in self.types[name].interfaces)
