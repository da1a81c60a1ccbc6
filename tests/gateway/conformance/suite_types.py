"""Fixture subgraphs of the cases about unions, interface objects, root fields and mutations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.gateway.subgraph_kit import Resolvers, rows

if TYPE_CHECKING:
    from collections.abc import Callable

Suite = dict[str, Resolvers]


def child_type_mismatch() -> Suite:
    user = {"__typename": "User", "id": "u1", "name": "u1-name"}
    admin = {"__typename": "Admin", "id": "a1", "name": "a1-name"}
    both = [user, admin]
    return {
        "a": {"Query.users": [{"id": "u1"}]},
        "b": {
            "Query.accounts": both,
            "User": rows(user, by="id"),
            "User.similarAccounts": lambda _source: both,
            "Admin.similarAccounts": lambda _source: both,
        },
    }


def enum_intersection() -> Suite:
    users = [{"id": "u1", "type": "REGULAR"}, {"id": "u2", "type": "ANONYMOUS"}]
    return {
        "a": {"Query.users": users, "User": rows(*users, by="id")},
        "b": {
            "Query.usersB": users,
            "Query.usersByType": lambda _source, **given: [each for each in users if each["type"] == given["type"]],
            "User": rows(*users, by="id"),
        },
    }


def _nodes_with_name() -> Suite:
    users = [{"__typename": "User", "id": f"u{n}", "name": f"u{n}-name", "age": age} for n, age in ((1, 11), (2, 22))]
    return {
        "a": {"Query.users": users, "User": rows(*users, by="id"), "NodeWithName": rows(*users, by="id")},
        "b": {"Query.anotherUsers": [{"id": "u1"}, {"id": "u2"}], "NodeWithName": None},
    }


def interface_object_with_requires() -> Suite:
    suite = _nodes_with_name()
    suite["b"]["NodeWithName.username"] = lambda source: source["name"].replace("-name", "-username")
    return suite


def simple_interface_object() -> Suite:
    suite = _nodes_with_name()
    accounts = [
        {"__typename": "Admin", "id": "u1", "isMain": False, "isActive": True},
        {"__typename": "Admin", "id": "u2", "isMain": False, "isActive": True},
        {"__typename": "Regular", "id": "u3", "isMain": False},
    ]
    named = [{"id": "u1", "name": "Alice"}, {"id": "u2", "name": "Bob"}, {"id": "u3", "name": "Charlie"}]
    suite["a"] |= {
        "Account": rows(*accounts, by="id"),
        "Admin": rows(*accounts[:2], by="id"),
        "Regular": rows(*accounts[2:], by="id"),
    }
    suite["b"] |= {
        "NodeWithName.username": lambda source: f"{source['id']}-username",
        "Query.accounts": named,
        "Account": rows(*named, by="id"),
    }
    suite["c"] = {"Account": None, "Account.isActive": False}
    return suite


def mutations() -> Suite:
    products = {"p1": {"id": "p1", "name": "p1-name", "price": 9.99}}
    numbers: dict[str, int] = {}

    def add_product(_source: Any, **arguments: Any) -> dict[str, Any]:
        key = f"p{len(products) + 1}"
        products[key] = {"id": key, **arguments["input"]}
        return products[key]

    def add(_source: Any, **arguments: Any) -> int:
        request = arguments["requestId"]
        numbers[request] = numbers.get(request, 0) + arguments["num"]
        return numbers[request]

    def multiply(_source: Any, **arguments: Any) -> int:
        numbers[arguments["requestId"]] *= arguments["by"]
        return numbers[arguments["requestId"]]

    categories: dict[str, str] = {}

    def add_category(_source: Any, **arguments: Any) -> dict[str, Any]:
        key = f"c-added-{arguments['requestId']}"
        if key in categories:
            raise ValueError("added twice")
        categories[key] = arguments["name"]
        return {"id": key, "name": arguments["name"]}

    return {
        "a": {
            "Mutation.addProduct": add_product,
            "Mutation.addCategory": add_category,
            "Mutation.multiply": multiply,
            "Query.product": lambda _source, **arguments: products[arguments["id"]],
            "Query.products": lambda _source: list(products.values()),
            "Product": lambda given: products.get(given["id"]),
            "Category": None,
        },
        "b": {
            "Product": None,
            "Product.isExpensive": lambda source: source["price"] > 500,
            "Product.isAvailable": True,
            "Mutation.delete": lambda _source, **arguments: numbers.pop(arguments["requestId"]),
            "Mutation.addCategory": add_category,
            "Category": lambda given: {"id": given["id"], "name": categories[given["id"]]},
        },
        "c": {"Mutation.add": add},
    }


def provides_on_interface() -> Suite:
    animals = [
        {"__typename": "Dog", "id": "a1", "name": "Fido", "age": 3},
        {"__typename": "Cat", "id": "a2", "name": "Whiskers", "age": 6},
    ]

    def known(*names: str) -> list[dict[str, Any]]:
        return [{name: each[name] for name in ("__typename", *names)} for each in animals]

    media = {"__typename": "Book", "id": "m1"}
    return {
        "a": {
            "Query.media": {**media, "animals": known("id")},
            "Query.book": {**media, "animals": [{**known("id", "name")[0]}, known("id")[1]]},
            "Book": lambda given: {**given, "animals": known("id")},
            "Dog": None,
            "Cat": None,
        },
        "b": {"Query.media": {**media, "animals": known("id", "name")}},
        "c": {
            "Book": lambda given: {**given, "animals": animals},
            "Dog": rows(animals[0], by="id"),
            "Cat": rows(animals[1], by="id"),
        },
    }


def shared_root() -> Suite:
    category = {"id": "1", "category": {"id": "1", "name": "Category 1"}}
    name = {"id": "1", "name": {"id": "1", "brand": "Brand 1", "model": "Model 1"}}
    price = {"id": "1", "price": {"id": "1", "amount": 1000, "currency": "USD"}}
    return {
        subgraph: {"Query.product": product, "Query.products": [product]}
        for subgraph, product in (("category", category), ("name", name), ("price", price))
    }


def typename() -> Suite:
    admins = [{"__typename": "Admin", "id": f"u{n}", "isMain": n == 1} for n in (1, 2)]
    return {
        "a": {
            "Query.union": {"__typename": "Oven", "id": "1"},
            "Query.interface": {"__typename": "Toaster", "id": "2"},
            "User": rows(*admins, by="id"),
            "Admin": rows(*admins, by="id"),
        },
        "b": {
            "Query.users": [{"id": "u1", "name": "u1-name"}, {"id": "u2", "name": "u2-name"}],
            "User": rows({"id": "u1", "name": "u1-name"}, {"id": "u2", "name": "u2-name"}, by="id"),
        },
    }


def union_intersection() -> Suite:
    lord = "The Lord of the Rings"
    book_in_a = {"__typename": "Book", "id": "b1", "title": lord, "aTitle": f"A: {lord}"}
    book_in_b = {"__typename": "Book", "id": "b1", "title": lord, "bTitle": f"B: {lord}"}
    song = {"__typename": "Song", "id": "s1", "title": "Song Title", "aTitle": "A: Song Title"}
    movie = {"__typename": "Movie", "id": "m1", "title": "A Movie Title", "bTitle": "B Movie Title"}
    in_a = {"media": book_in_a, "aMedia": book_in_a, "book": book_in_a, "song": song}
    in_b = {"media": book_in_b, "bMedia": movie, "book": book_in_b}
    return {
        "a": {
            **{f"Query.{name}": value for name, value in in_a.items()},
            "Query.viewer": in_a,
            "Book": rows(book_in_a, by="id"),
            "Song": rows(song, by="id"),
        },
        "b": {
            **{f"Query.{name}": value for name, value in in_b.items()},
            "Query.viewer": in_b,
            "Book": rows(book_in_b, by="id"),
            "Movie": rows(movie, by="id"),
        },
    }


SUITES: dict[str, Callable[[], Suite]] = {
    "child-type-mismatch": child_type_mismatch,
    "enum-intersection": enum_intersection,
    "interface-object-with-requires": interface_object_with_requires,
    "mutations": mutations,
    "provides-on-interface": provides_on_interface,
    "shared-root": shared_root,
    "simple-interface-object": simple_interface_object,
    "typename": typename,
    "union-intersection": union_intersection,
}
