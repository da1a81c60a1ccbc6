"""Fixture subgraphs of the cases about keys, requires and provides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.gateway.subgraph_kit import Resolvers, rows

if TYPE_CHECKING:
    from collections.abc import Callable

Suite = dict[str, Resolvers]


def node() -> Suite:
    return {
        "node": {
            "Query.productNode": {"__typename": "Product", "id": "p-1"},
            "Query.categoryNode": {"__typename": "Category", "id": "c-1"},
            "Product": None,
            "Category": None,
        },
        "node-two": {"Product": None, "Category": None},
        "types": {
            "Product": rows({"id": "p-1", "name": "Product 1", "price": 10}, by="id"),
            "Category": rows({"id": "c-1", "name": "Category 1"}, by="id"),
        },
    }


def simple_entity_call() -> Suite:
    return {
        "email": {
            "Query.user": {"id": "1", "email": "user1@example.com"},
            "User": rows({"id": "1", "email": "user1@example.com"}, by="id"),
        },
        "nickname": {"User": rows({"email": "user1@example.com", "nickname": "user1"}, by="email")},
    }


def simple_requires_provides() -> Suite:
    reviews: list[dict[str, Any]] = [
        {"id": f"r{n}", "body": f"Body {n}", "author": {"id": "u1"}, "product": {"upc": f"p{n}"}} for n in (1, 2)
    ]

    def authored(_source: Any) -> list[dict[str, Any]]:
        return reviews

    def review_author(source: dict[str, Any]) -> dict[str, Any]:
        return {**source["author"], "username": "u-username-1"}

    def estimate(source: dict[str, Any]) -> int | None:
        price, weight = source.get("price"), source.get("weight")
        return None if price is None or weight is None else price * weight * 10

    return {
        "accounts": {
            "Query.me": {"id": "u1", "name": "u-name-1", "username": "u-username-1"},
            "User": rows({"id": "u1", "name": "u-name-1", "username": "u-username-1"}, by="id"),
        },
        "inventory": {
            "Product": rows({"upc": "p1", "inStock": True}, {"upc": "p2", "inStock": False}, by="upc"),
            "Product.shippingEstimate": estimate,
            "Product.shippingEstimateTag": lambda source: f"#{source['upc']}#{estimate(source)}#",
        },
        "products": {
            "Query.products": [
                {"upc": "p1", "name": "p-name-1", "price": 11, "weight": 1},
                {"upc": "p2", "name": "p-name-2", "price": 22, "weight": 2},
            ],
            "Product": rows(
                {"upc": "p1", "name": "p-name-1", "price": 11, "weight": 1},
                {"upc": "p2", "name": "p-name-2", "price": 22, "weight": 2},
                by="upc",
            ),
        },
        "reviews": {
            "Review": rows(*reviews, by="id"),
            "Review.author": review_author,
            "User": None,
            "User.reviews": authored,
            "Product": None,
            "Product.reviews": lambda source: [each for each in reviews if each["product"]["upc"] == source["upc"]],
        },
    }


def keys_mashup() -> Suite:
    composite = {"one": "1", "two": "1", "three": "1"}
    return {
        "a": {"A": rows({"id": "1", "pId": "a.1.pId", "compositeId": composite, "name": "a.1"}, by="id")},
        "b": {
            "Query.b": {"id": "100", "a": [{"id": "1", "pId": "a.1.pId", "compositeId": composite}]},
            "A": lambda given: given if {"id", "compositeId"} <= set(given) else None,
            "A.nameInB": lambda source: f"b.a.nameInB {source['name']}",
        },
    }


def _extended_users() -> Suite:
    users = [{"id": f"u{n}", "name": f"u{n}-name", "nickname": f"u{n}-nickname"} for n in (1, 2)]
    by_id = rows(*users, by="id")
    return {
        "a": {
            "Query.randomUser": {"id": "u1"},
            "Query.providedRandomUser": {"id": "u1", "name": "u1-name"},
            "User": None,
            "User.rid": lambda source: f"{source['id']}-rid",
        },
        "b": {"Query.userById": lambda _source, **arguments: by_id(arguments), "User": by_id},
    }


def fed1_external_extends() -> Suite:
    return _extended_users()


def fed2_external_extends() -> Suite:
    return _extended_users()


def override_with_requires() -> Suite:
    users = [{"id": f"u{n}", "name": f"u{n}-name"} for n in (1, 2, 3)]
    return {
        "a": {
            "Query.userInA": {"id": "u1"},
            "User": None,
            "User.aName": lambda source: f"a__{source['name']}",
        },
        "b": {"Query.userInB": {"id": "u2", "name": "u2-name"}, "User": rows(*users, by="id")},
        "c": {
            "Query.userInC": {"id": "u3"},
            "User": None,
            "User.cName": lambda source: f"c__{source['name']}",
        },
    }


def parent_entity_call() -> Suite:
    products = [
        {"id": f"p{n}", "pid": f"p{n}-pid", "category": {"id": category, "name": f"{category}-name"}}
        for n, category in ((1, "c1"), (2, "c2"), (3, "c1"))
    ]
    categories = rows({"id": "c1", "name": "c1-name"}, {"id": "c2", "name": "c2-name"}, by="id")
    details = {"p1": 2, "p2": 1, "p3": 2}
    return {
        "a": {"Query.products": products, "Product": rows(*products, by="id"), "Category": categories},
        "b": {"Product": rows(*products, by="id"), "Category": categories},
        "c": {
            "Product": lambda given: given,
            "Product.category": lambda source: {"details": {"products": details[source["id"]]}},
        },
    }


def null_keys() -> Suite:
    return {
        "a": {
            "Query.bookContainers": [{"book": {"upc": f"b{n}"}} for n in (1, 2, 3)],
            "Book": None,
        },
        "b": {"Book": rows({"id": "1", "upc": "b1"}, {"id": "2", "upc": "b2"}, by="upc")},
        "c": {
            "Book": rows(
                {"id": "1", "author": {"id": "a1", "name": "Alice"}},
                {"id": "2", "author": {"id": "a2", "name": "Bob"}},
                by="id",
            )
        },
    }


def requires_circular() -> Suite:
    authors = {"a1": ("John", 5), "a2": ("Jane", 20)}
    by_post = {"p1": "a1", "p2": "a2"}
    return {
        "a": {
            "Query.feed": [{"id": "p1"}, {"id": "p2"}],
            "Post": None,
            "Post.byExpert": lambda source: not source["byNovice"],
            "Author": rows(
                *({"id": key, "name": name, "yearsOfExperience": years} for key, (name, years) in authors.items()),
                by="id",
            ),
        },
        "b": {
            "Post": None,
            "Post.author": lambda source: {"id": by_post[source["id"]]},
            "Post.byNovice": lambda source: source["author"]["yearsOfExperience"] < 10,
            "Author": None,
        },
    }


def requires_with_argument() -> Suite:
    products = [
        {"upc": "p1", "name": "p-name-1", "weight": 1, "category": {"averagePrice": 11}},
        {"upc": "p2", "name": "p-name-2", "weight": 2, "category": {"averagePrice": 22}},
    ]
    prices = {"p1": 11, "p2": 22}
    comments = {"p1": [("c1", "a1"), ("c2", "a1"), ("c3", "a2")], "p2": [("c4", "a2"), ("c5", "a2"), ("c6", "a1")]}

    def price(source: dict[str, Any], currency: str) -> int | None:
        return prices[source["upc"]] if currency == "USD" else None

    return {
        "a": {
            "Product": None,
            "Product.shippingEstimate": lambda source: source["price"] * source["weight"] * 10,
            "Product.isExpensiveCategory": lambda source: source["category"]["averagePrice"] > 11,
        },
        "b": {
            "Query.products": products,
            "Product": rows(*products, by="upc"),
            "Product.price": price,
            "Category.averagePrice": lambda source, currency: source["averagePrice"] if currency == "USD" else None,
        },
        "c": {
            "Query.feed": [{"id": "p1"}, {"id": "p2"}],
            "Post": None,
            "Comment": rows(
                *(
                    {"id": key, "authorId": author, "body": f"{key}-body"}
                    for some in comments.values()
                    for key, author in some
                ),
                by="id",
            ),
        },
        "d": {
            "Post": None,
            "Post.comments": lambda source, limit: [{"id": key} for key, _ in comments[source["id"]][:limit]],
            "Post.author": lambda source: {"id": source["comments"][2]["authorId"], "name": "Someone"},
            "Comment": None,
            "Comment.date": "2020-01-01",
        },
    }


def requires_with_fragments() -> Suite:
    baz = {"__typename": "Baz", "foo": "b1-foo", "bar": "b1-bar", "baz": "b1-baz"}
    qux = {"__typename": "Qux", "foo": "q1-foo", "bar": "q1-bar", "qux": "q1-qux"}
    entities = [{"id": "e1", "data": baz}, {"id": "e2", "data": qux}]

    def requirer(source: dict[str, Any]) -> str:
        data = source["data"]
        if "bar" not in data or not ({"baz", "qux"} & set(data)):
            raise ValueError("something required was not sent")
        return f"{data['foo']}_requirer"

    return {
        "a": {"Query.a": entities[1], "Entity": rows(*entities, by="id")},
        "b": {
            "Query.b": {"id": "e1"},
            "Query.bb": {"id": "e2"},
            "Entity": None,
            "Entity.requirer": requirer,
            "Entity.requirer2": lambda source: f"{source['data']['foo']}_requirer2",
        },
    }


def include_skip() -> Suite:
    def never(_source: Any) -> bool:
        raise AssertionError("this field was to be left out")

    def told(source: dict[str, Any]) -> bool:
        return source["isExpensive"] is not None

    return {
        "a": {"Query.product": {"id": "p1", "price": 699.99}, "Product": rows({"id": "p1", "price": 699.99}, by="id")},
        "b": {"Product": None, "Product.isExpensive": lambda source: source["price"] > 500},
        "c": {
            "Product": None,
            "Product.include": told,
            "Product.skip": told,
            "Product.neverCalledInclude": never,
            "Product.neverCalledSkip": never,
        },
    }


SUITES: dict[str, Callable[[], Suite]] = {
    "fed1-external-extends": fed1_external_extends,
    "fed2-external-extends": fed2_external_extends,
    "include-skip": include_skip,
    "keys-mashup": keys_mashup,
    "node": node,
    "null-keys": null_keys,
    "override-with-requires": override_with_requires,
    "parent-entity-call": parent_entity_call,
    "requires-circular": requires_circular,
    "requires-with-argument": requires_with_argument,
    "requires-with-fragments": requires_with_fragments,
    "simple-entity-call": simple_entity_call,
    "simple-requires-provides": simple_requires_provides,
}
