"""Random graphs: one schema over one set of rows, whole, and cut into subgraphs with their supergraph.

Everything follows from the seed. The whole schema answers as graphql-core does; the cut one must answer the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

SCALARS = ("String", "Int", "Boolean", "ID", "Float", "Mood")
MOODS = ("CALM", "GLAD", "SAD")
ROWS_EACH = 3


@dataclass(slots=True)
class FieldSpec:
    """A field: its type and the subgraphs that resolve it."""

    name: str
    named: str
    wrap: str
    """The type with `*` for its name: `*`, `*!`, `[*!]`."""
    owners: list[str]
    argument: bool = False
    requires: list[str] = field(default_factory=list)
    provides: list[str] = field(default_factory=list)
    strict_in: list[str] = field(default_factory=list)
    """Owners that promise not to answer null, where the whole schema does not promise it."""
    provided: bool = False
    """Some other field provides it."""
    sure: bool = False
    """Never an error and never null."""

    @property
    def printed(self) -> str:
        return self.wrap.replace("*", self.named)

    def printed_in(self, subgraph: str) -> str:
        return self.printed + ("!" if subgraph in self.strict_in else "")


@dataclass(slots=True)
class TypeSpec:
    """An object type."""

    name: str
    homes: list[str]
    fields: dict[str, FieldSpec] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    """By subgraph; none for a value type."""


@dataclass(slots=True)
class InterfaceSpec:
    """An interface of entities; some subgraphs may see it as an object."""

    name: str
    members: list[str]
    shared: list[str]
    owner: str | None = None
    """Where it is an entity interface, when it has interface objects."""
    object_in: str | None = None
    extra: dict[str, FieldSpec] = field(default_factory=dict)


class RandomGraph:
    """A random schema, its rows and its cut."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - reproducible, not secret
        self.subgraphs = [f"s{n}" for n in range(self.random.randint(2, 4))]
        self.types: dict[str, TypeSpec] = {}
        self.interfaces: dict[str, InterfaceSpec] = {}
        self.unions: dict[str, list[str]] = {}
        self.roots: dict[str, FieldSpec] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self._make_entities()
        self._make_interfaces()
        self._make_values()
        self._make_unions()
        self._make_references()
        self._require_through_references()
        self._make_roots()
        self._make_rows()

    # The schema

    def _some(self, names: list[str], least: int = 1) -> list[str]:
        return sorted(self.random.sample(names, self.random.randint(least, len(names))))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _make_entities(self) -> None:
        for number in range(self.random.randint(2, 5)):
            homes = self._some(self.subgraphs)
            spec = self.types[f"E{number}"] = TypeSpec(f"E{number}", homes)
            hub = self.random.choice(homes)
            coded = self._chance(0.5)
            for home in homes:
                options = [["id"], ["code"], ["id", "code"], ["id code"]] if coded else [["id"]]
                spec.keys[home] = ["id", "code"] if home == hub and coded else self.random.choice(options)
            knows = {
                name: [home for home in homes if any(name in key for key in spec.keys[home])] for name in ("id", "code")
            }
            spec.fields["id"] = FieldSpec("id", "ID", "*!", knows["id"], sure=True)
            if coded:
                spec.fields["code"] = FieldSpec("code", "String", "*!", knows["code"], sure=True)
            for index in range(self.random.randint(1, 5)):
                self._add_scalar(spec, f"f{index}", homes)
            self._add_required(spec)

    def _add_scalar(self, spec: TypeSpec, name: str, homes: list[str]) -> None:
        owners = self._some(homes) if self._chance(0.3) else [self.random.choice(homes)]
        wrap = self.random.choice(("*", "*", "*!", "[*]", "[*!]!"))
        argument = self._chance(0.2)
        named = "String" if argument else self.random.choice(SCALARS)
        sure = self._chance(0.6)
        made = spec.fields[name] = FieldSpec(name, named, "*" if argument else wrap, owners, argument, sure=sure)
        if sure and not made.printed.endswith("!") and self._chance(0.25):
            made.strict_in = self._some(owners)

    def _add_required(self, spec: TypeSpec) -> None:
        """Add a field that is computed from a field of another subgraph."""
        for number in range(self.random.randint(0, 2)):
            candidates = [
                (home, other)
                for home in spec.homes
                for other in spec.fields.values()
                if home not in other.owners and other.sure and not other.argument and other.name not in {"id", "code"}
            ]
            if candidates:
                home, other = self.random.choice(candidates)
                spec.fields[f"r{number}"] = FieldSpec(
                    f"r{number}", "String", "*", [home], requires=[other.name], sure=self._chance(0.7)
                )

    def _make_interfaces(self) -> None:
        entities = [spec for spec in self.types.values() if set(spec.fields["id"].owners) == set(spec.homes)]
        for number in range(self.random.randint(0, 2)):
            if len(entities) < 1:
                return
            members = self.random.sample(entities, self.random.randint(1, len(entities)))
            shared = sorted(set.intersection(*(self._plain(member) for member in members)))
            spec = InterfaceSpec(f"I{number}", sorted(member.name for member in members), shared)
            self.interfaces[spec.name] = spec
            self._make_interface_object(spec, members)

    @staticmethod
    def _plain(spec: TypeSpec) -> set[str]:
        return {
            f"{each.name}/{each.printed}/{each.argument}"
            for each in spec.fields.values()
            if each.name != "code" and not each.requires
        }

    def _make_interface_object(self, spec: InterfaceSpec, members: list[TypeSpec]) -> None:
        """Let one subgraph see the interface as an object, where another has all its members."""
        everywhere = sorted(set.intersection(*(set(member.homes) for member in members)))
        nowhere = [name for name in self.subgraphs if not any(name in member.homes for member in members)]
        everywhere = [name for name in everywhere if all("id" in member.keys[name] for member in members)]
        if not everywhere or not nowhere or not self._chance(0.8):
            return
        spec.owner, spec.object_in = self.random.choice(everywhere), self.random.choice(nowhere)
        for index in range(self.random.randint(1, 2)):
            name = f"x{spec.name}{index}"
            spec.extra[name] = FieldSpec(
                name, "String", self.random.choice(("*", "*!")), [spec.object_in], sure=self._chance(0.7)
            )

    def _make_values(self) -> None:
        for number in range(self.random.randint(0, 2)):
            homes = self._some(self.subgraphs)
            spec = self.types[f"V{number}"] = TypeSpec(f"V{number}", homes)
            for index, home in enumerate([*homes, *self._some(homes)]):
                self._add_scalar(spec, f"v{index}", [home])

    def _make_unions(self) -> None:
        for number in range(self.random.randint(0, 2)):
            entities = [name for name, spec in self.types.items() if spec.keys]
            self.unions[f"U{number}"] = self._some(entities)

    def members_in(self, abstract: str, subgraph: str) -> list[str]:
        """Return the object types of an interface or a union that a subgraph knows as such."""
        if abstract in self.interfaces:
            if self.interfaces[abstract].object_in == subgraph:
                return self.interfaces[abstract].members
            return [name for name in self.interfaces[abstract].members if subgraph in self.types[name].homes]
        return [name for name in self.unions.get(abstract, [abstract]) if subgraph in self.types[name].homes]

    def shared_in(self, interface: str, subgraph: str) -> list[str]:
        """Return the interface's fields that a subgraph declares: those that all its members have there."""
        members = [self.types[name] for name in self.members_in(interface, subgraph)]
        names = [each.split("/")[0] for each in self.interfaces[interface].shared]
        return [name for name in names if all(subgraph in member.fields[name].owners for member in members)]

    def targets(self, subgraph: str) -> list[str]:
        """Return the composite types that a field in the subgraph may have."""
        entities = [name for name, spec in self.types.items() if spec.keys and subgraph in spec.homes]
        abstract = [name for name in (*self.interfaces, *self.unions) if self.members_in(name, subgraph)]
        return entities + abstract

    def _make_references(self) -> None:
        for spec in list(self.types.values()):
            for index in range(self.random.randint(0, 3)):
                home = self.random.choice(spec.homes)
                values = [
                    name for name, other in self.types.items() if not other.keys and set(other.homes) <= set(spec.homes)
                ]
                wrap = self.random.choice(("*", "*!", "[*]", "[*!]!", "[*!]"))
                if values and spec.keys and self._chance(0.4):
                    named = self.random.choice(values)
                    spec.fields[f"o{index}"] = FieldSpec(f"o{index}", named, wrap, self.types[named].homes)
                elif targets := self.targets(home):
                    reference = FieldSpec(f"o{index}", self.random.choice(targets), wrap, [home])
                    spec.fields[f"o{index}"] = reference
                    self._provide(reference, home)

    def _provide(self, reference: FieldSpec, home: str) -> None:
        spec = self.types.get(reference.named)
        if spec is None or not spec.keys or not self._chance(0.4):
            return
        reference.provides = [
            each.name
            for each in spec.fields.values()
            if each.name.startswith("f") and home not in each.owners and not each.argument and self._chance(0.5)
        ]
        for name in reference.provides:
            spec.fields[name].provided = True

    def _make_roots(self) -> None:
        for subgraph in self.subgraphs:
            for index, named in enumerate(self._some(self.targets(subgraph)) if self.targets(subgraph) else []):
                name = f"{subgraph}q{index}"
                self.roots[name] = FieldSpec(name, named, self.random.choice(("*", "[*!]!", "[*]")), [subgraph])

        for index in range(self.random.randint(0, 2)):
            named = self.random.choice([name for name, spec in self.types.items() if spec.keys])
            owners = self._some(self.types[named].homes)
            wrap = self.random.choice(("*", "[*!]!", "[*]"))
            self.roots[f"q{index}"] = FieldSpec(f"q{index}", named, wrap, owners)

    def _require_through_references(self) -> None:
        """Let some computed fields need a field of an object that another field leads to."""
        for spec in self.types.values():
            ways = [
                (each, other)
                for each in spec.fields.values()
                if each.named in self.types and not each.wrap.startswith("[")
                for other in self.types[each.named].fields.values()
                if other.named in SCALARS and other.sure and other.name != "code" and not other.requires
            ]
            homes = [home for home in spec.homes if spec.keys.get(home)]
            if not ways or not homes or not self._chance(0.4):
                continue
            way, other = self.random.choice(ways)
            home = self.random.choice(homes)
            if home in way.owners or not self._declares(home, way.named, other.name):
                continue
            way.sure = True
            inner = f"{other.name}(n: 2)" if other.argument else other.name
            required = FieldSpec("rr", "String", "*", [home], requires=[f"{way.name} {{ {inner} }}"])
            spec.fields["rr"] = required

    def _declares(self, subgraph: str, type_name: str, field_name: str) -> bool:
        spec = self.types[type_name]
        return subgraph in spec.homes and subgraph in spec.fields[field_name].owners

    # The rows

    def _make_rows(self) -> None:
        for spec in self.types.values():
            for number in range(ROWS_EACH):
                key = f"{spec.name}-{number}"
                self.rows[key] = {"__typename": spec.name, "id": key, "code": f"c-{key}"}
        for row in list(self.rows.values()):
            for each in self.all_fields(row["__typename"]).values():
                if each.name not in row and not each.requires:
                    row[each.name] = self._value(each)
        for root in self.roots.values():
            self.rows.setdefault("root", {})[root.name] = self._value(root)

    def all_fields(self, type_name: str) -> dict[str, FieldSpec]:
        """Return an object type's fields, those it has from interface objects included."""
        fields = dict(self.types[type_name].fields)
        for interface in self.interfaces.values():
            if type_name in interface.members:
                fields.update(interface.extra)
        return fields

    def _value(self, spec: FieldSpec) -> Any:
        if not spec.sure and self._chance(0.07):
            return {"error": f"{spec.name} failed"}
        if not spec.sure and self._chance(0.1):
            return None
        if not spec.wrap.startswith("["):
            return self._single(spec)
        items = [self._single(spec) for _ in range(self.random.randint(0, 3))]
        if items and not spec.sure and self._chance(0.1):
            items[0] = None
        return items

    def _single(self, spec: FieldSpec) -> Any:
        if spec.named in SCALARS:
            return {
                "String": f"text {self.random.randint(0, 9)}",
                "Int": self.random.randint(0, 9),
                "Boolean": self._chance(0.5),
                "ID": f"i{self.random.randint(0, 9)}",
                "Float": self.random.randint(0, 9) / 4,
                "Mood": self.random.choice(MOODS),
            }[spec.named]
        candidates = sorted(set.intersection(*(set(self.members_in(spec.named, owner)) for owner in spec.owners)))
        return {"row": f"{self.random.choice(candidates)}-{self.random.randrange(ROWS_EACH)}"}
