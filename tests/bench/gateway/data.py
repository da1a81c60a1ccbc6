"""What the benchmark serves and asks: the project's own data, or the shared ones where they are beside the checkout.

Both have four subgraphs, a large query (seven fetches in four waves, an answer of about 87 KB) and a small one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, print_ast

from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import read_supergraph
from tests.gateway.subgraph_kit import FixtureSubgraph, Resolvers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.composition.supergraph import Supergraph, SupergraphType

HERE = Path(__file__).parent
SHARED = HERE.parents[3] / "shared" / "gateway-bench"
OWN_NAMES = ("inventory", "products", "reviews", "users")
CHEAP_DELIVERY = 1000
SENTENCE = "the neighbours say that this lamp lights the yard well and lasts through the winter"


@dataclass(frozen=True, slots=True)
class BenchData:
    """Subgraphs, queries and the exact answers."""

    name: str
    subgraphs: list[FixtureSubgraph]
    queries: dict[str, str]
    expected: dict[str, Any]
    sdl: str
    """The supergraph; its subgraphs' addresses are to be replaced by `addressed`."""
    addresses: dict[str, str]
    """The address of each subgraph that `sdl` has."""

    def addressed(self, urls: Mapping[str, str]) -> str:
        """Return the supergraph with the subgraphs at `urls`."""
        sdl = self.sdl
        for name, url in urls.items():
            sdl = sdl.replace(f'"{self.addresses[name]}"', f'"{url}"')
        return sdl


def choose(name: str | None) -> BenchData:
    """Return the data called `own` or `shared`; without a name the shared when present. Raises FileNotFoundError."""
    return shared() if name == "shared" or (name is None and SHARED.is_dir()) else own()


def own() -> BenchData:
    """Return the project's own data, composed by the project's own composition."""
    addresses = {name: f"http://{name}.invalid/graphql" for name in OWN_NAMES}
    sdls = {name: (HERE / "own" / f"{name}.graphql").read_text(encoding="utf-8") for name in OWN_NAMES}
    supergraph = compose([SubgraphSource(name, addresses[name], sdls[name]) for name in OWN_NAMES])
    rows = OwnRows()
    resolvers = rows.resolvers()
    subgraphs = [FixtureSubgraph(name, sdls[name], resolvers[name]) for name in OWN_NAMES]
    queries = {name: (HERE / "own" / f"{name}.graphql").read_text(encoding="utf-8") for name in ("large", "small")}
    return BenchData("own", subgraphs, queries, rows.expected(), supergraph.sdl, addresses)


class OwnRows:
    """The rows of the project's own data, and what the queries must get, worked out from the rows alone."""

    def __init__(self) -> None:
        self.users: list[dict[str, Any]] = [
            {"id": f"u{n}", "handle": f"neighbour{n}", "name": f"Neighbour Number {n}", "since": 2000 + n}
            for n in range(1, 7)
        ]
        self.products: list[dict[str, Any]] = [
            {"sku": f"p{n}", "title": f"Thing {n}", "price": 350 * n, "weight": 40 * n, "available": n % 3 != 0}
            for n in range(1, 10)
        ]
        self.reviews: list[dict[str, Any]] = [
            {"id": f"r{n}", "text": _text(n), "sku": f"p{1 + n % 4}", "user": f"u{1 + n % 6}"} for n in range(12)
        ]

    def resolvers(self) -> dict[str, Resolvers]:
        """Return each subgraph's resolvers."""
        products = {row["sku"]: row for row in self.products}
        users = {row["id"]: row for row in self.users}
        return {
            "users": {
                "Query.users": self.users,
                "Query.me": self.users[0],
                "Query.user": lambda _, id: users.get(id),  # noqa: A006 (the argument's name in the schema)
                "User": lambda wanted: users.get(wanted["id"]),
            },
            "products": {
                "Query.popular": lambda _, first: self.products[:first],
                "Product": lambda wanted: products.get(wanted["sku"]),
            },
            "inventory": {
                "Product": lambda wanted: {**wanted, "available": products[wanted["sku"]]["available"]},
                "Product.delivery": lambda source: delivery(source["price"], source["weight"]),
            },
            "reviews": {
                "Product": None,
                "User": None,
                "Review": lambda wanted: next(row for row in self.reviews if row["id"] == wanted["id"]),
                "Product.reviews": lambda source: [row for row in self.reviews if row["sku"] == source["sku"]],
                "User.reviews": lambda source: [row for row in self.reviews if row["user"] == source["id"]],
                "Review.product": lambda source: {"sku": source["sku"]},
                "Review.author": lambda source: {"id": source["user"], "handle": users[source["user"]]["handle"]},
            },
        }

    def expected(self) -> dict[str, Any]:
        """Return the answers to the large and to the small query."""
        users = [{**self._person(user), "reviews": self._written(user, deep=True)} for user in self.users]
        popular = [{**_goods(product), "reviews": self._of(product)} for product in self.products[:5]]
        people = [self._person(user) for user in self.users]
        return {"large": {"data": {"users": users, "popular": popular}}, "small": {"data": {"users": people}}}

    @staticmethod
    def _person(user: dict[str, Any]) -> dict[str, Any]:
        return {"id": user["id"], "handle": user["handle"], "name": user["name"]}

    def _written(self, user: dict[str, Any], *, deep: bool) -> list[dict[str, Any]]:
        found = []
        for review in self.reviews:
            if review["user"] == user["id"]:
                product = next(each for each in self.products if each["sku"] == review["sku"])
                goods = {**_goods(product), "reviews": self._of(product)} if deep else _goods(product)
                found.append({"id": review["id"], "text": review["text"], "product": goods})
        return found

    def _of(self, product: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for review in self.reviews:
            if review["sku"] == product["sku"]:
                author = next(each for each in self.users if each["id"] == review["user"])
                person = {**self._person(author), "reviews": self._written(author, deep=False)}
                found.append({"id": review["id"], "text": review["text"], "author": person})
        return found


def _goods(product: dict[str, Any]) -> dict[str, Any]:
    return {**product, "delivery": delivery(product["price"], product["weight"])}


def delivery(price: int, weight: int) -> int:
    """Return what delivery costs: nothing for a dear thing, else by weight."""
    return 0 if price > CHEAP_DELIVERY else weight // 2


def _text(number: int) -> str:
    words = SENTENCE.split()
    count = 52 + 14 * (number % 5)
    return " ".join(words[(number + place * 7) % len(words)] for place in range(count))


def shared() -> BenchData:
    """Return the shared data; its subgraphs' SDLs are read off its supergraph. Raises FileNotFoundError."""
    sdl = (SHARED / "supergraph.graphql").read_text(encoding="utf-8")
    supergraph = read_supergraph(sdl)
    resolvers = _shared_resolvers(json.loads((SHARED / "data.json").read_text(encoding="utf-8")))
    subgraphs = [FixtureSubgraph(name, subgraph_sdl(supergraph, name), resolvers[name]) for name in resolvers]
    names = ("large", "small")
    queries = {name: (SHARED / "queries" / f"{name}.graphql").read_text(encoding="utf-8") for name in names}
    expected = {name: json.loads((SHARED / "expected" / f"{name}.json").read_text(encoding="utf-8")) for name in names}
    addresses = {each.name: each.url for each in supergraph.subgraphs.values()}
    return BenchData("shared", subgraphs, queries, expected, sdl, addresses)


def _shared_resolvers(data: dict[str, Any]) -> dict[str, Resolvers]:
    users = {row["id"]: row for row in data["users"]}
    products = {row["upc"]: row for row in data["products"]}
    reviews: list[dict[str, Any]] = data["reviews"]
    return {
        "accounts": {
            "Query.users": data["users"],
            "Query.me": data["users"][0],
            "Query.user": lambda _, id: users.get(id),  # noqa: A006 (the argument's name in the schema)
            "User": lambda wanted: users.get(wanted["id"]),
        },
        "inventory": {
            "Product": lambda wanted: {**wanted, "inStock": data["inStock"][wanted["upc"]]},
            "Product.shippingEstimate": lambda source: delivery(source["price"], source["weight"]),
        },
        "products": {
            "Query.topProducts": lambda _, first: data["products"][:first],
            "Product": lambda wanted: products.get(wanted["upc"]),
        },
        "reviews": {
            "Product": None,
            "User": None,
            "Review": lambda wanted: next(row for row in reviews if row["id"] == wanted["id"]),
            "Product.reviews": lambda source: [row for row in reviews if row["product"] == source["upc"]],
            "User.reviews": lambda _: reviews[:2],
            "Review.product": lambda source: {"upc": source["product"]},
            "Review.author": lambda _: {"id": data["users"][0]["id"], "username": data["users"][0]["username"]},
        },
    }


def subgraph_sdl(supergraph: Supergraph, name: str) -> str:
    """Return one subgraph's object types as the supergraph tells them."""
    parts = []
    for kind in supergraph.types.values():
        merged = supergraph.schema.type_map[kind.name]
        if name in kind.joins and isinstance(merged, GraphQLObjectType):
            fields = _fields(kind, merged, name)
            keys = " ".join(f"@key(fields: {json.dumps(_field_set(key.fields))})" for key in kind.joins[name].keys)
            parts.append(f"type {kind.name} {keys} {{ {' '.join(fields)} }}" if fields else "")
    return "\n".join(parts)


def _field_set(selection: Any) -> str:
    return " ".join(print_ast(selection).strip("{} \n").split())


def _fields(kind: SupergraphType, merged: GraphQLObjectType, name: str) -> list[str]:
    found = []
    for field, joins in kind.fields.items():
        if name in joins:
            node = merged.fields[field].ast_node
            arguments = [print_ast(each) for each in (node.arguments or ())] if node else []
            found.append(f"{field}{'(' + ', '.join(arguments) + ')' if arguments else ''}: {joins[name].type}")
    return found
