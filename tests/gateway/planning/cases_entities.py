"""Cases about keys, requires, provides and override, in the words of a neighbourhood."""

from __future__ import annotations

from typing import Any

from tests.gateway.planning.case import Ask, Case
from tests.gateway.subgraph_kit import rows

GRID = rows(
    {"id": "g1", "code": "370321001", "name": "Grid 1"}, {"id": "g2", "code": "370321002", "name": "Grid 2"}, by="id"
)
PLACES = rows({"code": "370321001", "lamps": 4}, {"code": "370321002", "lamps": 9}, by="code")


def _benches(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "benches": [len(given["place"]["street"]), int(given["place"]["door"])]}


CASES = {
    "a key that only a third subgraph can turn into another key": Case(
        {
            "tasks": (
                'type Query { task: Task } type Task { grid: Grid } type Grid @key(fields: "id") { id: ID! }',
                {"Query.task": {"grid": {"id": "g2"}}, "Grid": None},
            ),
            "org": (
                'type Grid @key(fields: "id") @key(fields: "code") { id: ID! code: String! name: String }',
                {"Grid": GRID},
            ),
            "lights": ('type Grid @key(fields: "code") { code: String! lamps: Int }', {"Grid": PLACES}),
        },
        [
            Ask("{ task { grid { lamps } } }", {"task": {"grid": {"lamps": 9}}}, subgraphs=["tasks", "org", "lights"]),
            Ask(
                "{ task { grid { name lamps } } }",
                {"task": {"grid": {"name": "Grid 2", "lamps": 9}}},
                subgraphs=["tasks", "org", "lights"],
            ),
        ],
    ),
    "a key with an object in it": Case(
        {
            "org": (
                """
                type Query { stations: [Station] }
                type Station @key(fields: "id place { street door }") { id: ID! place: Place! }
                type Place { street: String! door: String! }
                """,
                {
                    "Query.stations": [
                        {"id": "s1", "place": {"street": "Elm", "door": "12"}},
                        {"id": "s2", "place": {"street": "Maple", "door": "7"}},
                    ],
                    "Station": None,
                },
            ),
            "stock": (
                """
                type Station @key(fields: "id place { street door }") {
                  id: ID! @external place: Place! @external benches: [Int!]
                }
                type Place { street: String! @external door: String! @external }
                """,
                {"Station": _benches},
            ),
        },
        [Ask("{ stations { benches } }", {"stations": [{"benches": [3, 12]}, {"benches": [5, 7]}]})],
    ),
    "a key with a list in it": Case(
        {
            "a": (
                """
                type Query { team: Team }
                type Team @key(fields: "members { id }") { members: [Member!]! }
                type Member @key(fields: "id") { id: ID! }
                """,
                {"Query.team": {"members": [{"id": "1"}, {"id": "2"}]}, "Team": None, "Member": None},
            ),
            "b": (
                """
                type Team @key(fields: "members { id }") { members: [Member!]! size: Int }
                type Member @key(fields: "id") { id: ID! }
                """,
                {"Team": lambda given: {**given, "size": len(given["members"])}, "Member": None},
            ),
        },
        [Ask("{ team { size } }", {"team": {"size": 2}})],
    ),
    "a key that cannot be resolved is not asked": Case(
        {
            "a": (
                'type Query { post: Post } type Post @key(fields: "id", resolvable: false) { id: ID! }',
                {"Query.post": {"id": "p1"}},
            ),
            "b": (
                'type Post @key(fields: "id") { id: ID! title: String }',
                {"Post": rows({"id": "p1", "title": "Lamp"}, by="id")},
            ),
        },
        [Ask("{ post { id title } }", {"post": {"id": "p1", "title": "Lamp"}}, subgraphs=["a", "b"])],
    ),
    "an entity that is not found leaves nulls and no error": Case(
        {
            "a": (
                'type Query { posts: [Post] } type Post @key(fields: "id") { id: ID! }',
                {"Query.posts": [{"id": "p1"}, None, {"id": "p2"}, {"id": "p1"}], "Post": None},
            ),
            "b": (
                'type Post @key(fields: "id") { id: ID! title: String }',
                {"Post": rows({"id": "p1", "title": "Lamp"}, by="id")},
            ),
        },
        [Ask("{ posts { title } }", {"posts": [{"title": "Lamp"}, None, {"title": None}, {"title": "Lamp"}]})],
    ),
    "a requirement that needs a requirement": Case(
        {
            "a": (
                'type Query { house: House } type House @key(fields: "id") { id: ID! width: Int length: Int }',
                {
                    "Query.house": {"id": "h1", "width": 4, "length": 5},
                    "House": rows({"id": "h1", "width": 4, "length": 5}, by="id"),
                },
            ),
            "b": (
                """type House @key(fields: "id") { id: ID! width: Int @external length: Int @external
                  area: Int @requires(fields: "width length") }""",
                {"House": None, "House.area": lambda source: source["width"] * source["length"]},
            ),
            "c": (
                """type House @key(fields: "id") { id: ID! area: Int @external
                  tax: Int @requires(fields: "area") }""",
                {"House": None, "House.tax": lambda source: source["area"] * 3},
            ),
        },
        [
            Ask("{ house { tax } }", {"house": {"tax": 60}}, subgraphs=["a", "b", "c"]),
            Ask(
                "{ house { tax area width } }",
                {"house": {"tax": 60, "area": 20, "width": 4}},
                subgraphs=["a", "b", "c"],
            ),
        ],
    ),
    "a required argument beside the client's own": Case(
        {
            "a": (
                'type Query { item: Item } type Item @key(fields: "id") { id: ID! price(in: String!): Int }',
                {
                    "Query.item": {"id": "i1"},
                    "Item": None,
                    "Item.price": lambda _source, **given: {"CNY": 70, "EUR": 9}[given["in"]],
                },
            ),
            "b": (
                """type Item @key(fields: "id") { id: ID! price(in: String!): Int @external
                  points: Int @requires(fields: "price(in: \\"CNY\\")") }""",
                {"Item": None, "Item.points": lambda source: source["price"] * 2},
            ),
        },
        [
            Ask('{ item { price(in: "EUR") points } }', {"item": {"price": 9, "points": 140}}, subgraphs=["a", "b"]),
            Ask("{ item { price: id points } }", {"item": {"price": "i1", "points": 140}}),
            Ask('{ item { points price(in: "CNY") } }', {"item": {"points": 140, "price": 70}}),
        ],
    ),
    "a requirement through an interface": Case(
        {
            "a": (
                """
                type Query { user: User }
                type User @key(fields: "id") { id: ID! address: Address }
                interface Address { id: ID! street: String! }
                type Home implements Address @key(fields: "id") { id: ID! street: String! door: String }
                type Work implements Address @key(fields: "id") { id: ID! street: String! }
                """,
                {
                    "Query.user": {"id": "u1"},
                    "User": None,
                    "User.address": {"__typename": "Home", "id": "h", "street": "Elm", "door": "3"},
                },
            ),
            "b": (
                """
                type User @key(fields: "id") {
                  id: ID! address: Address @external
                  greeting: String @requires(fields: "address { street ... on Home { door } }")
                }
                interface Address { id: ID! street: String! }
                type Home implements Address @key(fields: "id") {
                  id: ID! street: String! @external door: String @external
                }
                type Work implements Address @key(fields: "id") { id: ID! street: String! @external }
                """,
                {
                    "User": None,
                    "User.greeting": lambda source: "{__typename} {street} {door}".format(**source["address"]),
                    "Home": None,
                    "Work": None,
                },
            ),
        },
        [
            Ask("{ user { greeting } }", {"user": {"greeting": "Home Elm 3"}}),
            Ask(
                "{ user { address { __typename } greeting } }",
                {"user": {"address": {"__typename": "Home"}, "greeting": "Home Elm 3"}},
            ),
        ],
    ),
    "provided fields are taken where they are provided": Case(
        {
            "a": (
                """
                type Query { best: Media @provides(fields: "... on Book { title } ... on Film { title }") other: Media }
                union Media = Book | Film
                type Book @key(fields: "id") { id: ID! title: String @external }
                type Film @key(fields: "id") { id: ID! title: String @external }
                """,
                {
                    "Query.best": {"__typename": "Film", "id": "f1", "title": "The Well"},
                    "Query.other": {"__typename": "Book", "id": "b1"},
                    "Book": None,
                    "Film": None,
                },
            ),
            "b": (
                """
                type Book @key(fields: "id") { id: ID! title: String @shareable }
                type Film @key(fields: "id") { id: ID! title: String @shareable year: Int }
                """,
                {
                    "Book": rows({"id": "b1", "title": "Rules"}, by="id"),
                    "Film": rows({"id": "f1", "title": "The Well", "year": 1998}, by="id"),
                },
            ),
        },
        [
            Ask(
                "{ best { ... on Film { title } ... on Book { title } } }",
                {"best": {"title": "The Well"}},
                subgraphs=["a"],
            ),
            Ask("{ other { ... on Book { title } } }", {"other": {"title": "Rules"}}, subgraphs=["a", "b"]),
            Ask("{ best { ... on Film { title year } } }", {"best": {"title": "The Well", "year": 1998}}),
        ],
    ),
    "an overridden field is asked of its new owner": Case(
        {
            "old": (
                'type Query { user: User } type User @key(fields: "id") { id: ID! phone: String name: String }',
                {"Query.user": {"id": "u1", "phone": "old", "name": "Wei"}, "User": None},
            ),
            "new": (
                'type User @key(fields: "id") { id: ID! phone: String @override(from: "old") }',
                {"User": rows({"id": "u1", "phone": "new"}, by="id")},
            ),
        },
        [Ask("{ user { name phone } }", {"user": {"name": "Wei", "phone": "new"}})],
    ),
    "equal entities are asked once": Case(
        {
            "a": (
                'type Query { posts: [Post] first: Post } type Post @key(fields: "id") { id: ID! }',
                {"Query.posts": [{"id": "p1"}] * 3, "Query.first": {"id": "p1"}, "Post": None},
            ),
            "b": (
                'type Post @key(fields: "id") { id: ID! tags: [Tag] } type Tag { word: String }',
                {"Post": lambda given: {**given, "tags": [{"word": given["id"]}]}},
            ),
        },
        [
            Ask(
                "{ posts { tags { word } } first { id tags { w: word } } }",
                {"posts": [{"tags": [{"word": "p1"}]}] * 3, "first": {"id": "p1", "tags": [{"w": "p1"}]}},
                subgraphs=["a", "b"],
            )
        ],
    ),
}
