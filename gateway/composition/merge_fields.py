"""Merge the fields of objects and interfaces: types, arguments, who resolves what, sharing and overriding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.composition.merge_inputs import merge_arguments
from gateway.composition.merging import Merging, Verbatim, described, printed
from gateway.composition.type_references import is_subtype, text, widest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import TypeNode

    from gateway.composition.read_subgraph import ReadField, ReadSubgraph, ReadType


@dataclass
class FieldMerge:
    """One field of one type, as each subgraph defines it."""

    merging: Merging
    type_name: str
    types: Mapping[str, ReadType]
    """The type in every subgraph that has it."""
    fields: Mapping[str, ReadField]
    """The field in every subgraph that defines it."""

    @property
    def where(self) -> str:
        """The field's coordinate."""
        return f"{self.type_name}.{next(iter(self.fields.values())).name}"

    def merged(self, *, through_interface: bool = False) -> str | None:
        """Return the field as the supergraph defines it; None when a fault was noted.

        `through_interface` writes it for an object that has the field only by an interface object.
        """
        external = {name for name in self.fields if self._is_external(name)}
        overridden = self._overridden() - external
        resolving = [name for name in self.fields if name not in external and name not in overridden]
        if not resolving and not self._is_interface():
            self._fault("EXTERNAL_MISSING_ON_BASE", "is marked @external everywhere; some subgraph must resolve it")
            return None
        self._check_sharing(resolving)
        merged = self._type(resolving or list(self.fields))
        if merged is None:
            return None
        self._check_external(external, merged)
        elements = list(self.fields.values())
        arguments = merge_arguments(self.merging, self.where, {name: self.fields[name].arguments for name in resolving})
        joins = " @join__field" if through_interface else self._joins(merged, external, overridden)
        directives = self.merging.printed_directives(elements)
        return f"{described(elements, '  ')}  {elements[0].name}{arguments}: {text(merged)}{joins}{directives}\n"

    def _fault(self, code: str, message: str, *subgraphs: str) -> None:
        self.merging.faults.add(code, f"{self.where} {message}", *subgraphs)

    def _is_interface(self) -> bool:
        return any(type_.kind == "interface" for type_ in self.types.values())

    def _subgraph(self, name: str) -> ReadSubgraph:
        return next(subgraph for subgraph in self.merging.subgraphs if subgraph.name == name)

    def _is_external(self, name: str) -> bool:
        if not self.fields[name].has("external"):
            return False
        # Key fields of an extended type are marked @external out of habit although the subgraph can give them.
        pair = (self.type_name, self.fields[name].name)
        is_extension = self._subgraph(name).names.is_federation_1 or self.types[name].is_extension
        return not (is_extension and pair in self.merging.used[name].keys)

    def _overridden(self) -> set[str]:
        found: set[str] = set()
        for name, field in self.fields.items():
            for override in field.all("override"):
                if override.get("label") is not None:
                    self._fault(
                        "OVERRIDE_LABEL_INVALID", f"[{name}]: progressive @override(label:) is not supported", name
                    )
                source = override.get("from")
                if source == name:
                    self._fault("OVERRIDE_FROM_SELF_ERROR", f"[{name}] overrides itself", name)
                elif isinstance(source, str) and source in self.fields:
                    if self.fields[source].has("override"):
                        self._fault("OVERRIDE_SOURCE_HAS_OVERRIDE", f"is overridden in turn by {source}", name, source)
                    found.add(source)
        return found

    def _check_sharing(self, resolving: list[str]) -> None:
        if len(resolving) < 2 or self._is_interface():  # noqa: PLR2004 (shared means two or more)
            return
        alone = [name for name in resolving if not self._is_shareable(name)]
        if alone:
            message = f"is resolved by {', '.join(resolving)} and not @shareable in {', '.join(alone)}"
            self._fault("INVALID_FIELD_SHARING", message, *resolving)

    def _is_shareable(self, name: str) -> bool:
        field = self.fields[name]
        if self._subgraph(name).names.is_federation_1 or field.has("shareable"):
            return True
        return (self.type_name, field.name) in self.merging.used[name].keys

    def _type(self, names: list[str]) -> TypeNode | None:
        types = [type_ for name in names if (type_ := self.fields[name].type)]
        merged = widest(types, self.merging.is_named_subtype)
        if merged is None:
            said = ", ".join(f"{text(type_)} in {name}" for name, type_ in zip(names, types, strict=True))
            self._fault("FIELD_TYPE_MISMATCH", f"has types that do not go together: {said}", *names)
        return merged

    def _check_external(self, external: set[str], merged: TypeNode) -> None:
        for name in sorted(external):
            type_ = self.fields[name].type
            if type_ and not is_subtype(merged, type_, self.merging.is_named_subtype):
                message = f"is {text(type_)} where {name} marks it @external, but resolves to {text(merged)}"
                self._fault("EXTERNAL_TYPE_MISMATCH", message, name)
            is_unused = (self.type_name, self.fields[name].name) not in self.merging.used[name]
            if is_unused and not self._subgraph(name).names.is_federation_1 and not self._serves_an_interface(name):
                self._fault("EXTERNAL_UNUSED", f"is @external in {name} but no key, requires or provides uses it", name)

    def _serves_an_interface(self, name: str) -> bool:
        field, types = self.fields[name].name, self._subgraph(name).types
        return any(i in types and field in types[i].fields for i in self.types[name].interfaces)

    def _joins(self, merged: TypeNode, external: set[str], overridden: set[str]) -> str:
        joins = {name: self._join(name, merged, external, overridden) for name in self.fields}
        kept = {name: join for name, join in joins.items() if join is not None}
        plain = all(join == {} for join in kept.values())
        if plain and set(kept) == set(self.types):
            return ""
        graphs = self.merging.graphs
        return "".join(
            f" {printed('join__field', {'graph': Verbatim(graphs[name])} | join)}" for name, join in kept.items()
        )

    def _join(self, name: str, merged: TypeNode, external: set[str], overridden: set[str]) -> dict[str, object] | None:
        """Return the arguments of a subgraph's @join__field; None when it takes no part in the field any more."""
        field = self.fields[name]
        join: dict[str, object] = {}
        if name in overridden:
            if (self.type_name, field.name) not in self.merging.used[name]:
                return None
            join["usedOverridden"] = True
        if name in external:
            if (
                self._subgraph(name).names.is_federation_1
                and (self.type_name, field.name) not in self.merging.used[name]
            ):
                return None
            join["external"] = True
        for directive in ("requires", "provides"):
            for applied in field.all(directive):
                join[directive] = applied.get("fields")
        for override in field.all("override"):
            join["override"] = override.get("from")
        if field.type and text(field.type) != text(merged):
            join["type"] = text(field.type)
        return join
