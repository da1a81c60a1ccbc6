"""What must hold inside one subgraph: where each federation directive may stand, and with which others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import is_composite_type

from gateway.composition.supergraph_sdl import selection_of
from gateway.composition.type_references import named, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.composition.errors import Faults
    from gateway.composition.field_sets import Used
    from gateway.composition.subgraph import Element, ReadField, ReadSubgraph, ReadType

_ACCESS = ("authenticated", "requiresScopes", "policy")
_ENTITY_INTERFACES_SINCE = (2, 3)


def check_subgraph(subgraph: ReadSubgraph, used: Used, faults: Faults) -> None:
    """Note what is wrong inside one subgraph; `used` is what its field sets mention."""
    _SubgraphCheck(subgraph, used, faults).run()


class _SubgraphCheck:
    def __init__(self, subgraph: ReadSubgraph, used: Used, faults: Faults) -> None:
        self._subgraph = subgraph
        self._used = used
        self._faults = faults

    def run(self) -> None:
        for element, coordinate in self._elements():
            for directive in ("context", "fromContext"):
                if element.has(directive):
                    self._fault("CONTEXT_NOT_SUPPORTED", f"{coordinate}: @{directive} is not supported here")
        for type_ in self._subgraph.types.values():
            self._type(type_)
            for field in type_.fields.values():
                where = f"{type_.name}.{field.name}"
                if type_.kind == "interface":
                    self._interface_field(where, field)
                else:
                    self._object_field(type_, where, field)

    def _fault(self, code: str, message: str) -> None:
        self._faults.add(code, f"[{self._subgraph.name}] {message}", self._subgraph.name)

    def _elements(self) -> Iterator[tuple[Element, str]]:
        """Give everything that carries directives, with its coordinate."""
        yield self._subgraph.schema_element, "schema"
        for type_ in self._subgraph.types.values():
            yield type_, type_.name
            for part in [*type_.inputs.values(), *type_.values.values()]:
                yield part, f"{type_.name}.{part.name}"
            for field in type_.fields.values():
                yield field, f"{type_.name}.{field.name}"
                for argument in field.arguments.values():
                    yield argument, f"{type_.name}.{field.name}({argument.name}:)"

    def _type(self, type_: ReadType) -> None:
        if type_.is_interface_object:
            self._interface_object(type_)
        if type_.kind == "interface" and type_.has("key"):
            self._entity_interface(type_)
        if type_.kind == "interface" or type_.is_interface_object:
            for directive in _ACCESS:
                if type_.has(directive):
                    self._no_access_control(type_.name, directive)

    def _no_access_control(self, where: str, directive: str) -> None:
        message = f"{where} is an interface's: @{directive} goes on the object types that implement it"
        self._fault("AUTHENTICATION_APPLIED_ON_INTERFACE", message)

    def _interface_object(self, type_: ReadType) -> None:
        if not type_.has("key"):
            self._fault("INTERFACE_OBJECT_USAGE_ERROR", f"{type_.name} is @interfaceObject but has no @key")

    def _entity_interface(self, interface: ReadType) -> None:
        """Every implementation has the interface's keys (Federation specification, "Entity interfaces")."""
        if self._subgraph.names.version < _ENTITY_INTERFACES_SINCE:
            message = f"{interface.name} is an interface: @key on one needs a @link to federation v2.3 or later"
            self._fault("KEY_UNSUPPORTED_ON_INTERFACE", message)
            return
        implementing = [t for t in self._subgraph.types.values() if interface.name in t.interfaces]
        for key in interface.all("key"):
            for type_ in implementing:
                same = [own for own in type_.all("key") if _same_fields(own.get("fields"), key.get("fields"))]
                if not any(own.get("resolvable", True) == key.get("resolvable", True) for own in same):
                    message = (
                        f'{type_.name} implements {interface.name} but lacks its @key(fields: "{key.get("fields")}")'
                        f"{' with the same `resolvable`' if same else ''}"
                    )
                    self._fault("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message)

    def _interface_field(self, where: str, field: ReadField) -> None:
        codes = {
            "external": "EXTERNAL_ON_INTERFACE",
            "requires": "REQUIRES_UNSUPPORTED_ON_INTERFACE",
            "provides": "PROVIDES_UNSUPPORTED_ON_INTERFACE",
            "override": "OVERRIDE_ON_INTERFACE",
            "shareable": "INVALID_SHAREABLE_USAGE",
        }
        for directive, code in codes.items():
            if field.has(directive):
                self._fault(code, f"{where} is a field of an interface, where @{directive} has no meaning")
        for directive in _ACCESS:
            if field.has(directive):
                self._no_access_control(where, directive)

    def _object_field(self, type_: ReadType, where: str, field: ReadField) -> None:
        if field.has("external"):
            for directive in ("requires", "provides"):
                if field.has(directive):
                    message = f"{where} is @external, so it cannot have @{directive}: this subgraph does not resolve it"
                    self._fault("EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", message)
            self._external(type_, where, field)
        target = self._subgraph.schema.type_map.get(named(field.type)) if field.type else None
        if field.has("provides") and not is_composite_type(target) and field.type:
            message = f"{where} is {text(field.type)}: @provides is for fields that have subfields"
            self._fault("PROVIDES_ON_NON_OBJECT_FIELD", message)
        for override in field.all("override"):
            if override.get("label") is not None:
                message = f"{where}: progressive @override(label:) is not supported; override without a label"
                self._fault("OVERRIDE_LABEL_INVALID", message)
            if type_.is_interface_object:
                message = f"{where} belongs to an @interfaceObject, where @override is not supported"
                self._fault("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message)

    def _external(self, type_: ReadType, where: str, field: ReadField) -> None:
        interfaces = [self._subgraph.types[name] for name in type_.interfaces if name in self._subgraph.types]
        is_needed = any(field.name in interface.fields for interface in interfaces) or field.has("override")
        if (type_.name, field.name) not in self._used and not is_needed:
            message = f"{where} is @external but no @key, @requires or @provides uses it: remove it"
            self._fault("EXTERNAL_UNUSED", message)
        for directive in ("tag", "inaccessible", *_ACCESS):
            if field.has(directive):
                message = f"{where} is @external: @{directive} goes where the field is resolved"
                self._fault("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", message)


def _same_fields(one: object, other: object) -> bool:
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return selection_of(one) == selection_of(other)
