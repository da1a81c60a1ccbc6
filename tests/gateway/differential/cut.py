"""Print a random graph: the whole schema, each subgraph's, and the supergraph; and serve its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo

from tests.gateway.differential.random_graph import MOODS
from tests.gateway.subgraph_kit import FixtureSubgraph

if TYPE_CHECKING:
    from tests.gateway.differential.random_graph import FieldSpec, RandomGraph

MOOD = f"enum Mood {{ {' '.join(MOODS)} }}"
LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject"])
"""
JOIN = """
schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String,
  external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false,
  resolvable: Boolean! = true, isInterfaceObject: Boolean! = false)
  repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
"""


def printed_field(spec: FieldSpec, join: str = "", subgraph: str = "") -> str:
    argument = "(n: Int)" if spec.argument else ""
    return f"  {spec.name}{argument}: {spec.printed_in(subgraph)}{join}"


def block(head: str, lines: list[str]) -> str:
    return "\n".join([f"{head} {{", *lines, "}"])


def implemented(graph: RandomGraph, type_name: str, subgraph: str | None = None) -> list[str]:
    return [
        name
        for name, spec in graph.interfaces.items()
        if type_name in spec.members
        and (subgraph is None or spec.object_in != subgraph)
        and (subgraph is None or type_name in graph.members_in(name, subgraph))
    ]


def interface_fields(graph: RandomGraph, name: str) -> dict[str, FieldSpec]:
    spec = graph.interfaces[name]
    names = {
        each
        for subgraph in graph.subgraphs
        if graph.members_in(name, subgraph)
        for each in declared(graph, name, subgraph)
    }
    fields = {each: graph.types[spec.members[0]].fields[each] for each in sorted(names)}
    return {**fields, **spec.extra}


def declared(graph: RandomGraph, name: str, subgraph: str) -> list[str]:
    return ["id"] if graph.interfaces[name].object_in == subgraph else graph.shared_in(name, subgraph)


def whole_sdl(graph: RandomGraph) -> str:
    """Print the schema as one server has it."""
    parts = [MOOD]
    for name in graph.types:
        interfaces = " & ".join(implemented(graph, name))
        head = f"type {name}" + (f" implements {interfaces}" if interfaces else "")
        parts.append(block(head, [printed_field(each) for each in graph.all_fields(name).values()]))
    parts.extend(
        block(f"interface {name}", [printed_field(each) for each in interface_fields(graph, name).values()])
        for name in graph.interfaces
    )
    parts.extend(f"union {name} = {' | '.join(members)}" for name, members in graph.unions.items())
    parts.append(block("type Query", [printed_field(each) for each in graph.roots.values()]))
    return "\n".join(parts)


def required_names(spec: FieldSpec) -> list[str]:
    return [each.split(" ")[0] for each in spec.requires]


def external_in(graph: RandomGraph, type_name: str, subgraph: str) -> set[str]:
    """Return the fields that a subgraph declares without resolving them: required or provided ones."""
    spec = graph.types[type_name]
    needed = {name for each in spec.fields.values() if subgraph in each.owners for name in required_names(each)}
    for other in graph.types.values():
        for each in other.fields.values():
            if each.named == type_name and subgraph in each.owners:
                needed |= set(each.provides)
    return {name for name in needed if subgraph not in spec.fields[name].owners}


def subgraph_sdl(graph: RandomGraph, subgraph: str) -> str:
    """Print a subgraph's schema, with federation's directives."""
    parts = [LINK, MOOD]
    for name, spec in graph.types.items():
        if subgraph not in spec.homes:
            continue
        outside = external_in(graph, name, subgraph)
        fields = [each for each in spec.fields.values() if subgraph in each.owners or each.name in outside]
        interfaces = " & ".join(implemented(graph, name, subgraph))
        keys = "".join(f' @key(fields: "{key}")' for key in spec.keys.get(subgraph, []))
        head = f"type {name}" + (f" implements {interfaces}" if interfaces else "") + keys
        parts.append(block(head, [printed_field(each, directives(each, subgraph), subgraph) for each in fields]))
    for name, interface in graph.interfaces.items():
        if interface.object_in == subgraph:
            fields = [interface_fields(graph, name)["id"], *interface.extra.values()]
            head = f'type {name} @key(fields: "id") @interfaceObject'
            parts.append(block(head, [printed_field(each) for each in fields]))
        elif graph.members_in(name, subgraph):
            key = ' @key(fields: "id")' if interface.owner == subgraph else ""
            lines = [printed_field(interface_fields(graph, name)[each]) for each in declared(graph, name, subgraph)]
            parts.append(block(f"interface {name}{key}", lines))
    for name in graph.unions:
        members = graph.members_in(name, subgraph)
        parts.extend([f"union {name} = {' | '.join(members)}"] if members else [])
    roots = [each for each in graph.roots.values() if subgraph in each.owners]
    lines = [printed_field(each, directives(each, subgraph)) for each in roots]
    parts.append(block("type Query", lines or [f"  unused_{subgraph}: Int"]))
    return "\n".join(parts)


def directives(spec: FieldSpec, subgraph: str) -> str:
    """Print a field's directives in a subgraph."""
    if subgraph not in spec.owners:
        return " @external"
    text = " @shareable" if len(spec.owners) > 1 or spec.provided else ""
    text += f' @requires(fields: "{" ".join(spec.requires)}")' if spec.requires else ""
    return text + (f' @provides(fields: "{" ".join(spec.provides)}")' if spec.provides else "")


def supergraph_sdl(graph: RandomGraph) -> str:
    """Print the supergraph as composition would."""
    graphs = " ".join(f'{each.upper()} @join__graph(name: "{each}", url: "")' for each in graph.subgraphs)
    parts = [
        JOIN,
        f"enum join__Graph {{ {graphs} }}",
        "enum Mood "
        + " ".join(f"@join__type(graph: {each.upper()})" for each in graph.subgraphs)
        + " { "
        + " ".join(
            mood + "".join(f" @join__enumValue(graph: {each.upper()})" for each in graph.subgraphs) for mood in MOODS
        )
        + " }",
    ]
    parts.extend(_joined_type(graph, name) for name in graph.types)
    parts.extend(_joined_interface(graph, name) for name in graph.interfaces)
    for name in graph.unions:
        inside = {each: graph.members_in(name, each) for each in graph.subgraphs}
        joins = "".join(f" @join__type(graph: {each.upper()})" for each in graph.subgraphs if inside[each])
        joins += "".join(
            f' @join__unionMember(graph: {each.upper()}, member: "{member}")'
            for each in inside
            for member in inside[each]
        )
        parts.append(f"union {name}{joins} = {' | '.join(graph.unions[name])}")
    joins = "".join(f" @join__type(graph: {each.upper()})" for each in graph.subgraphs)
    parts.append(block(f"type Query{joins}", [printed_field(each, _joins(each)) for each in graph.roots.values()]))
    return "\n".join(parts)


def _joins(spec: FieldSpec, outside: list[str] | None = None) -> str:
    requires = f', requires: "{" ".join(spec.requires)}"' if spec.requires else ""
    provides = f', provides: "{" ".join(spec.provides)}"' if spec.provides else ""
    own = ""
    for each in spec.owners:
        strict = f', type: "{spec.printed_in(each)}"' if spec.strict_in else ""
        own += f" @join__field(graph: {each.upper()}{strict}{requires}{provides})"
    return own + "".join(f" @join__field(graph: {each.upper()}, external: true)" for each in outside or ())


def _joined_type(graph: RandomGraph, name: str) -> str:
    spec = graph.types[name]
    joins = ""
    for home in spec.homes:
        joins += "".join(
            f' @join__implements(graph: {home.upper()}, interface: "{each}")' for each in implemented(graph, name, home)
        )
        keys = spec.keys.get(home, [])
        joins += "".join(f' @join__type(graph: {home.upper()}, key: "{key}")' for key in keys)
        joins += "" if keys else f" @join__type(graph: {home.upper()})"
    lines = []
    for each in spec.fields.values():
        outside = [home for home in spec.homes if each.name in external_in(graph, name, home)]
        lines.append(printed_field(each, _joins(each, outside)))
    extra = [each for each in graph.all_fields(name).values() if each.name not in spec.fields]
    lines.extend(printed_field(each, " @join__field") for each in extra)
    interfaces = " & ".join(implemented(graph, name))
    return block(f"type {name}" + (f" implements {interfaces}" if interfaces else "") + joins, lines)


def _joined_interface(graph: RandomGraph, name: str) -> str:
    spec = graph.interfaces[name]
    joins = ""
    owners: dict[str, list[str]] = {}
    for subgraph in graph.subgraphs:
        if not graph.members_in(name, subgraph):
            continue
        key = ', key: "id"' if subgraph in (spec.owner, spec.object_in) else ""
        seen = ", isInterfaceObject: true" if subgraph == spec.object_in else ""
        joins += f" @join__type(graph: {subgraph.upper()}{key}{seen})"
        for each in declared(graph, name, subgraph):
            owners.setdefault(each, []).append(subgraph)
    lines = []
    for field in interface_fields(graph, name).values():
        where = owners.get(field.name, [spec.object_in or ""] if field.name in spec.extra else [])
        joined = "".join(f" @join__field(graph: {some.upper()})" for some in where if some)
        lines.append(printed_field(field, joined))
    return block(f"interface {name}{joins}", lines)


class RowResolver:
    """Resolves fields from the rows of a graph."""

    def __init__(self, graph: RandomGraph, subgraph: str | None = None) -> None:
        self._graph = graph
        self._subgraph = subgraph

    def __call__(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        name = info.field_name
        row = self._graph.rows["root" if info.parent_type.name == "Query" else source["#"]]
        if name not in row:
            return self._computed(name, row, source if self._subgraph else row)
        value = self._read(row[name], info.return_type)
        return value if not arguments else f"{value} {arguments['n']}"

    def _computed(self, name: str, row: dict[str, Any], sent: dict[str, Any]) -> str:
        """Compute a field from the fields it requires: what a subgraph was sent, or the row's own."""
        required = {}
        for each in self._graph.types[row["__typename"]].fields[name].requires:
            if "{" in each:
                required[each] = self._through(each, row, sent)
            else:
                is_stored = each in sent or self._subgraph is not None
                required[each] = sent.get(each) if is_stored else self._computed(each, row, row)
        return f"{name} of {sorted(required.items())}"

    def _through(self, required: str, row: dict[str, Any], sent: dict[str, Any]) -> Any:
        """Follow a requirement such as `o1 { f2(n: 2) }`."""
        way, inner = required.removesuffix(" }").split(" { ")
        name = inner.split("(")[0]
        if self._subgraph is not None:
            return None if sent[way] is None else sent[way][name]
        if row[way] is None:
            return None
        value = self._graph.rows[row[way]["row"]][name]
        return f"{value} 2" if "(" in inner else value

    def _read(self, value: Any, return_type: Any) -> Any:
        if isinstance(value, list):
            return [self._read(each, return_type) for each in value]
        if not isinstance(value, dict):
            return value
        if "error" in value:
            raise GraphQLError(value["error"])
        return self.object(value["row"], str(return_type).strip("[]!"))

    def object(self, key: str, static: str) -> dict[str, Any]:
        interface = self._graph.interfaces.get(static)
        sees_object = interface is not None and interface.object_in == self._subgraph is not None
        return {"__typename": static if sees_object else self._graph.rows[key]["__typename"], "#": key}


class RowSubgraph(FixtureSubgraph):
    """A subgraph that answers from the rows of a graph."""

    def __init__(self, graph: RandomGraph, name: str) -> None:
        super().__init__(name, subgraph_sdl(graph, name), {})
        self._rows = RowResolver(graph, name)
        self._graph = graph

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.field_name == "_entities":
            return [self._entity(each) for each in arguments["representations"]]
        return self._rows(source, info, **arguments)

    def _entity(self, representation: dict[str, Any]) -> Any:
        key = representation.get("id") or representation["code"].removeprefix("c-")
        static = representation["__typename"]
        interface = self._graph.interfaces.get(static)
        typename = static if interface and interface.object_in == self.name else self._graph.rows[key]["__typename"]
        return {**representation, "__typename": typename, "#": key}
