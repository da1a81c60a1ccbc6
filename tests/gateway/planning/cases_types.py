"""Cases about abstract types, interface objects, root fields, mutations, conditions and introspection."""

from __future__ import annotations

from typing import Any

from tests.gateway.planning.case import Ask, Case
from tests.gateway.subgraph_kit import rows

REGIONS = [
    {"__typename": "City", "id": "1", "name": "Zibo", "mayor": "A"},
    {"__typename": "District", "id": "2", "name": "Huantai", "seat": "B"},
]
COUNTS = rows({"id": "1", "tickets": 40}, {"id": "2", "tickets": 12}, by="id")

REGION_OWNER: tuple[str, dict[str, Any]] = (
    """
    type Query { region(id: ID!): Region regions: [Region!]! }
    interface Region @key(fields: "id") { id: ID! name: String! }
    type City implements Region @key(fields: "id") { id: ID! name: String! mayor: String }
    type District implements Region @key(fields: "id") { id: ID! name: String! seat: String }
    """,
    {
        "Query.regions": REGIONS,
        "Query.region": lambda _source, **given: next(each for each in REGIONS if each["id"] == given["id"]),
        "Region": rows(*REGIONS, by="id"),
        "City": rows(*REGIONS, by="id"),
        "District": rows(*REGIONS, by="id"),
    },
)
REGION_OBJECT: tuple[str, dict[str, Any]] = (
    """
    type Query { busiest: Region! }
    type Region @key(fields: "id") @interfaceObject { id: ID! tickets(open: Boolean): Int! }
    """,
    {
        "Query.busiest": {"id": "1"},
        "Region": COUNTS,
        "Region.tickets": lambda source, **_: (COUNTS(source) or {})["tickets"],
    },
)

COUNTER: list[str] = []


def _changed(word: str) -> Any:
    def change(_source: Any, **_given: Any) -> dict[str, Any]:
        COUNTER.append(word)
        return {"id": str(len(COUNTER)), "order": list(COUNTER)}

    return change


CASES = {
    "fields of an interface object on every level of the interface": Case(
        {"org": REGION_OWNER, "tickets": REGION_OBJECT},
        [
            Ask(
                "{ regions { name tickets } }",
                {"regions": [{"name": "Zibo", "tickets": 40}, {"name": "Huantai", "tickets": 12}]},
                subgraphs=["org", "tickets"],
            ),
            Ask(
                "{ regions { ... on City { mayor tickets } ... on District { t: tickets } } }",
                {"regions": [{"mayor": "A", "tickets": 40}, {"t": 12}]},
                subgraphs=["org", "tickets"],
            ),
            Ask(
                "query ($open: Boolean) { region(id: 2) { tickets(open: $open) } }",
                {"region": {"tickets": 12}},
                {"open": True},
            ),
        ],
    ),
    "from an interface object to the concrete type": Case(
        {"org": REGION_OWNER, "tickets": REGION_OBJECT},
        [
            Ask("{ busiest { tickets id } }", {"busiest": {"tickets": 40, "id": "1"}}, subgraphs=["tickets"]),
            Ask("{ busiest { __typename } }", {"busiest": {"__typename": "City"}}, subgraphs=["tickets", "org"]),
            Ask("{ busiest { name } }", {"busiest": {"name": "Zibo"}}, subgraphs=["tickets", "org"]),
            Ask(
                "{ busiest { kind: __typename ... on City { mayor tickets } ... on District { seat } } }",
                {"busiest": {"kind": "City", "mayor": "A", "tickets": 40}},
            ),
        ],
    ),
    "an interface whose members differ by subgraph": Case(
        {
            "a": (
                """
                type Query { things: [Thing] }
                interface Thing { id: ID! }
                type Lamp implements Thing @key(fields: "id") { id: ID! watts: Int }
                type Bench implements Thing @key(fields: "id") { id: ID! }
                """,
                {
                    "Query.things": [
                        {"__typename": "Lamp", "id": "l1", "watts": 9},
                        {"__typename": "Bench", "id": "b1"},
                    ],
                    "Lamp": None,
                    "Bench": None,
                },
            ),
            "b": (
                """
                interface Thing { id: ID! age: Int }
                type Bench implements Thing @key(fields: "id") { id: ID! age: Int seats: Int }
                type Lamp implements Thing @key(fields: "id") { id: ID! age: Int }
                type Tree implements Thing @key(fields: "id") { id: ID! age: Int }
                """,
                {
                    "Lamp": rows({"id": "l1", "age": 2}, by="id"),
                    "Bench": rows({"id": "b1", "age": 30, "seats": 4}, by="id"),
                    "Tree": None,
                },
            ),
        },
        [
            Ask("{ things { age } }", {"things": [{"age": 2}, {"age": 30}]}, subgraphs=["a", "b"]),
            Ask(
                "{ things { __typename ... on Bench { seats } ... on Tree { age } ... on Lamp { watts age } } }",
                {"things": [{"__typename": "Lamp", "watts": 9, "age": 2}, {"__typename": "Bench", "seats": 4}]},
                subgraphs=["a", "b"],
            ),
        ],
    ),
    "members of a union with fields of one name and unlike types": Case(
        {
            "a": (
                """
                type Query { found: [Found] }
                union Found = Person | Report
                type Person @key(fields: "id") { id: ID! mark: String! }
                type Report @key(fields: "id") { id: ID! }
                """,
                {
                    "Query.found": [
                        {"__typename": "Person", "id": "1", "mark": "x"},
                        {"__typename": "Report", "id": "2"},
                    ],
                    "Person": None,
                    "Report": None,
                },
            ),
            "b": (
                """
                type Person @key(fields: "id") {
                  id: ID! mark: String! @external seal: String @requires(fields: "mark")
                }
                type Report @key(fields: "id") { id: ID! mark: Int }
                """,
                {
                    "Person": None,
                    "Person.seal": lambda source: f"[{source['mark']}]",
                    "Report": rows({"id": "2", "mark": 5}, by="id"),
                },
            ),
        },
        [
            Ask(
                "{ found { ... on Person { seal } ... on Report { mark } } }",
                {"found": [{"seal": "[x]"}, {"mark": 5}]},
                subgraphs=["a", "b"],
            ),
            Ask("{ found { ... on Person { mark: id seal } } }", {"found": [{"mark": "1", "seal": "[x]"}, {}]}),
        ],
    ),
    "an object of a type that clients may not see is null": Case(
        {
            "a": (
                """
                type Query { things: [Thing] one: Thing }
                interface Thing { id: ID! }
                type Open implements Thing { id: ID! }
                type Secret implements Thing @inaccessible { id: ID! }
                """,
                {
                    "Query.things": [{"__typename": "Secret", "id": "1"}, {"__typename": "Open", "id": "2"}],
                    "Query.one": {"__typename": "Secret", "id": "1"},
                },
            )
        },
        [Ask("{ things { id } one { id } }", {"things": [None, {"id": "2"}], "one": None})],
    ),
    "a root field that no single subgraph answers in full": Case(
        {
            "a": ("type Query { me: Me @shareable } type Me { name: String }", {"Query.me": {"name": "Wei"}}),
            "b": ("type Query { me: Me @shareable } type Me { points: Int }", {"Query.me": {"points": 3}}),
        },
        [
            Ask("{ me { name points } }", {"me": {"name": "Wei", "points": 3}}, subgraphs=["a", "b"]),
            Ask("{ me { points } }", {"me": {"points": 3}}, subgraphs=["b"]),
        ],
    ),
    "mutations run one after the other": Case(
        {
            "a": (
                """
                type Query { a: Int }
                type Mutation { one: Note! three: Note! }
                type Note @key(fields: "id") { id: ID! order: [String!]! }
                """,
                {"Mutation.one": _changed("one"), "Mutation.three": _changed("three"), "Note": None},
            ),
            "b": (
                'type Mutation { two: Note! four: Note! } type Note @key(fields: "id") { id: ID! late: Int }',
                {
                    "Mutation.two": _changed("two"),
                    "Mutation.four": _changed("four"),
                    "Note": lambda given: {**given, "late": len(COUNTER)},
                },
            ),
        },
        [
            Ask(
                "mutation { one { order late } two { late } four { id } three { order } }",
                {
                    "one": {"order": ["one"], "late": 1},
                    "two": {"late": None},
                    "four": {"id": "3"},
                    "three": {"order": ["one", "two", "four", "three"]},
                },
                subgraphs=["a", "b", "b", "a"],
            )
        ],
    ),
    "conditions leave out what is asked only for them": Case(
        {"org": REGION_OWNER, "tickets": REGION_OBJECT},
        [
            Ask(
                "query ($t: Boolean!) { regions { id tickets @include(if: $t) } }",
                {"regions": [{"id": "1"}, {"id": "2"}]},
                {"t": False},
                subgraphs=["org"],
            ),
            Ask(
                """query ($t: Boolean = true) {
                  regions { id ...T @skip(if: $t) ... on City { tickets @skip(if: $t) } }
                }
                fragment T on Region { tickets }""",
                {"regions": [{"id": "1"}, {"id": "2"}]},
                subgraphs=["org"],
            ),
            Ask(
                "query ($t: Boolean!) { regions @include(if: $t) { id } __typename }",
                {"__typename": "Query"},
                {"t": False},
                subgraphs=[],
            ),
        ],
    ),
    "introspection is answered by the gateway": Case(
        {"org": REGION_OWNER, "tickets": REGION_OBJECT},
        [
            Ask(
                'query ($n: String! = "Region") { __type(name: $n) { kind f: fields { name } } regions { id } }',
                {
                    "__type": {"kind": "INTERFACE", "f": [{"name": "id"}, {"name": "name"}, {"name": "tickets"}]},
                    "regions": [{"id": "1"}, {"id": "2"}],
                },
                subgraphs=["org"],
            ),
            Ask("{ s: __schema { queryType { name } } }", {"s": {"queryType": {"name": "Query"}}}, subgraphs=[]),
        ],
    ),
}
