"""Fixture subgraphs: real GraphQL servers over HTTP on loopback, described by an SDL and a few rows of data.

A subgraph is an SDL and a map of resolvers:

* `"Query.products"`: the value of a root field, or a function of the source and the arguments;
* `"Product.price"`: the same for any field; other fields are read from the source by name;
* `"Product"`: how a representation becomes an entity: a function of the representation, or None for the
  representation itself.

A subgraph validates each request against its own schema, as a real one does, and keeps what it was asked.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web
from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    build_ast_schema,
    execute_sync,
    parse,
    print_ast,
    validate,
    visit,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

Resolvers = dict[str, Any]
SPECIFIED_DIRECTIVES = {"deprecated", "specifiedBy", "oneOf"}


class _WithoutFederation(Visitor):
    def enter_directive(self, node: Any, *_: object) -> Any:
        return None if node.name.value in SPECIFIED_DIRECTIVES else self.REMOVE


def executable_schema(sdl: str) -> GraphQLSchema:
    """Build a subgraph's executable schema: without federation's directives, with its `_entities`."""
    document = parse(sdl)
    entities = sorted(
        {
            node.name.value
            for node in document.definitions
            if isinstance(node, TypeDefinitionNode | TypeExtensionNode)
            and any(directive.name.value == "key" for directive in node.directives or ())
        }
    )
    defined = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode)}
    members: list[str] = []
    parts: list[str] = []
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode | DirectiveDefinitionNode):
            continue
        text = print_ast(visit(node, _WithoutFederation()))
        if isinstance(node, TypeExtensionNode) and node.name.value not in defined:
            text = text.removeprefix("extend ")
            defined.add(node.name.value)
        parts.append(text)
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value in entities:
            members.append(node.name.value)
    parts.append("scalar _Any\ntype _Service { sdl: String! }")
    roots = "_service: _Service!"
    if members:
        parts.append(f"union _Entity = {' | '.join(sorted(set(members)))}")
        roots += " _entities(representations: [_Any!]!): [_Entity]!"
    extend = "extend " if "Query" in defined else ""
    parts.append(f"{extend}type Query {{ {roots} }}")
    return build_ast_schema(DocumentNode(definitions=parse("\n".join(parts)).definitions))


@dataclass(slots=True)
class FixtureSubgraph:
    """One subgraph and what it was asked."""

    name: str
    sdl: str
    resolvers: Resolvers
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    replies: list[Callable[[], web.StreamResponse]] = field(default_factory=list)
    """Replies to give in place of answers, first in first out: for faults."""
    is_validating: bool = True
    schema: GraphQLSchema = field(init=False)
    documents: dict[str, tuple[DocumentNode, list[GraphQLError]]] = field(default_factory=dict)
    """Documents asked before, with what is wrong with them."""

    def __post_init__(self) -> None:
        self.schema = executable_schema(self.sdl)
        self.documents.clear()

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a GraphQL request."""
        self.asked.append(dict(request))
        known = self.documents.get(request["query"])
        if known is None:
            document = parse(request["query"])
            problems = validate(self.schema, document) if self.is_validating else []
            known = self.documents[request["query"]] = document, problems
        document, problems = known
        if problems:
            return {"errors": [problem.formatted for problem in problems]}
        result = execute_sync(
            self.schema,
            document,
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
            field_resolver=self._resolve,
            type_resolver=lambda value, _info, _type: value["__typename"],
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.field_name == "_entities" and info.parent_type.name == "Query":
            return [self._entity(each) for each in arguments["representations"]]
        if info.field_name == "_service" and info.parent_type.name == "Query":
            return {"sdl": self.sdl}
        resolver = self.resolvers.get(f"{info.parent_type.name}.{info.field_name}")
        if resolver is None:
            value = source.get(info.field_name) if isinstance(source, dict) else None
        else:
            value = resolver(source, **arguments) if callable(resolver) else resolver
        if isinstance(value, GraphQLError):
            raise value
        return value

    def _entity(self, representation: dict[str, Any]) -> Any:
        type_name = representation["__typename"]
        if type_name not in self.resolvers:
            return GraphQLError(f"{self.name} does not resolve {type_name}")
        resolve = self.resolvers[type_name]
        entity = representation if resolve is None else resolve(representation)
        if entity is None or isinstance(entity, GraphQLError):
            return entity
        return {"__typename": type_name, **entity}


@dataclass(slots=True)
class RunningSubgraphs:
    """Subgraphs that answer over HTTP."""

    subgraphs: dict[str, FixtureSubgraph]
    urls: dict[str, str]

    def requests(self) -> list[tuple[str, str]]:
        """Return every request so far: subgraph and document."""
        return [(each.name, request["query"]) for each in self.subgraphs.values() for request in each.asked]


class Server:
    """Serves subgraphs on a port of the loopback interface, each at its own path; may stop, hang, and go on."""

    def __init__(self, subgraphs: list[FixtureSubgraph], port: int = 0) -> None:
        self.subgraphs = {each.name: each for each in subgraphs}
        self.port = port
        self._runner: web.AppRunner | None = None
        self._goes = asyncio.Event()
        self._goes.set()

    @property
    def running(self) -> RunningSubgraphs:
        urls = {name: f"http://127.0.0.1:{self.port}/{name}" for name in self.subgraphs}
        return RunningSubgraphs(self.subgraphs, urls)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/{name}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def hang(self) -> None:
        """Take requests and answer none."""
        self._goes.clear()

    def go_on(self) -> None:
        self._goes.set()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        await self._goes.wait()
        subgraph = self.subgraphs[request.match_info["name"]]
        subgraph.headers.append({name.lower(): value for name, value in request.headers.items()})
        body = await request.json()
        if subgraph.replies:
            subgraph.asked.append(body)
            return subgraph.replies.pop(0)()
        return web.Response(text=json.dumps(subgraph.answer(body)), content_type="application/graphql-response+json")


@asynccontextmanager
async def serve(subgraphs: list[FixtureSubgraph]) -> AsyncIterator[RunningSubgraphs]:
    """Serve subgraphs on a free port."""
    server = Server(subgraphs)
    await server.start()
    try:
        yield server.running
    finally:
        await server.stop()


def rows(*table: dict[str, Any], by: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Return an entity resolver that finds a row by one key field; the representation's other fields stay."""
    index = {row[by]: row for row in table}

    def resolve(representation: dict[str, Any]) -> dict[str, Any] | None:
        row = index.get(representation.get(by))
        return None if row is None else {**representation, **row}

    return resolve
