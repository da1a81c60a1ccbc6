"""Fixture subgraphs of the cases about one interface that four subgraphs know differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from tests.gateway.subgraph_kit import Resolvers, rows

if TYPE_CHECKING:
    from collections.abc import Callable

Suite = dict[str, Resolvers]

BOOKS, MAGAZINES = ("p1", "p3"), ("p2", "p4")
KINDS = {**dict.fromkeys(BOOKS, "Book"), **dict.fromkeys(MAGAZINES, "Magazine")}
WEIGHTS = {"p1": 0.5, "p3": 0.6, "p2": 0.2, "p4": 0.3}
CREATORS = {"p1": "u1@example.com", "p3": "u2@example.com", "p2": "u1@example.com", "p4": "u2@example.com"}
SIMILAR = {"p1": ["p3"], "p3": ["p1"], "p2": ["p4"], "p4": ["p2"]}
REVIEWS = [{"id": 1, "of": "p1"}, {"id": 2, "of": "p1"}, {"id": 3, "of": "p2"}]
TITLES = {"p1": "Book 1", "p3": "Book 2", "p2": "Magazine 1", "p4": "Magazine 2"}


def _of_both(fields: dict[str, Any]) -> Resolvers:
    return {f"{kind}.{name}": resolve for kind in ("Book", "Magazine") for name, resolve in fields.items()}


def _product(key: str) -> dict[str, Any]:
    publisher = {"__typename": "Agency", "id": "a1"} if key == "p2" else None
    return {
        "__typename": KINDS[key],
        "id": key,
        "sku": f"sku-{key[1:]}",
        "dimensions": {"size": "small", "weight": WEIGHTS[key]},
        "createdBy": {"email": CREATORS[key], "totalProductsCreated": 2},
        "publisherType": publisher or {"__typename": "Self", "email": "u1@example.com"},
        "hidden": True,
    }


def _delivery(source: dict[str, Any], **arguments: Any) -> dict[str, Any] | GraphQLError:
    if source["dimensions"]["size"] is None or source["dimensions"]["weight"] is None:
        return GraphQLError("dimensions were not sent")
    return {"estimatedDelivery": "1 day", "fastestDelivery": "same day"} if arguments.get("zip") else {}


def _review(row: dict[str, Any]) -> dict[str, Any]:
    key = row["of"]
    return {"id": row["id"], "body": "Good", "product": {"__typename": KINDS[key], "id": key}}


def _reviews(source: dict[str, Any]) -> list[dict[str, Any]]:
    return [_review(each) for each in REVIEWS if each["of"] == source["id"]]


def _products() -> Resolvers:
    return {
        "Query.products": [_product(key) for key in (*BOOKS, *MAGAZINES)],
        "Query.similar": lambda _source, **arguments: [_product(key) for key in SIMILAR[arguments["id"]]],
        "Book": lambda given: _product(given["id"]),
        "Magazine": lambda given: _product(given["id"]),
        "User": lambda given: {**given, "totalProductsCreated": 2},
        **_of_both({"similar": lambda source: [_product(key) for key in SIMILAR[source["id"]]]}),
    }


def _reviewing() -> Resolvers:
    fields = {
        "reviews": _reviews,
        "reviewsCount": lambda source: len(_reviews(source)),
        "reviewsScore": 4.5,
        "reviewsOfSimilar": lambda source: [each for other in source["similar"] for each in _reviews(other)],
    }
    return {
        "Query.review": lambda _source, **arguments: _review(REVIEWS[arguments["id"] - 1]),
        "Book": None,
        "Magazine": None,
        **_of_both(fields),
    }


def abstract_types() -> Suite:
    titled = [{"id": key, "title": title} for key, title in TITLES.items()]
    agency = {"id": "a1", "companyName": "Agency 1", "email": {"address": "a1@example.com"}}
    return {
        "agency": {
            "Agency": rows(agency, by="id"),
            "Group": rows({"id": "g1", "name": "Group 1", "email": "g1@example.com"}, by="id"),
        },
        "inventory": {"Book": None, "Magazine": None, **_of_both({"delivery": _delivery})},
        "books": {"Query.books": titled[:2], "Book": rows(*titled[:2], by="id")},
        "magazines": {"Query.magazines": titled[2:], "Magazine": rows(*titled[2:], by="id")},
        "users": {"User": rows({"email": "u1@example.com", "name": "u1", "totalProductsCreated": 2}, by="email")},
        "reviews": _reviewing(),
        "products": _products(),
    }


SUITES: dict[str, Callable[[], Suite]] = {"abstract-types": abstract_types}
