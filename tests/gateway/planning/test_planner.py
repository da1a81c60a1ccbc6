"""The planner as such: what it keeps, how it explains itself, what it refuses."""

from __future__ import annotations

import time

import pytest
from graphql import parse

from gateway.composition.supergraph_sdl import read_supergraph
from gateway.planning.cache import OperationPlans, PlanCache
from gateway.planning.errors import OperationNotFoundError, OperationTooLargeError, UnreachableFieldError
from gateway.planning.explain import explain, explain_variants
from gateway.planning.planner import Planner
from tests.gateway.planning.case import Case
from tests.gateway.planning.cases_types import CASES

REGIONS: Case = CASES["from an interface object to the concrete type"]


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner(REGIONS.supergraph())


def test_a_plan_reads_as_text(planner: Planner) -> None:
    query = "query ($open: Boolean) { busiest { name tickets(open: $open) } __schema { queryType { name } } }"
    assert explain(planner.plan(parse(query), None, {})) == (
        "query: 2 fetches\n"
        "[0] from tickets\n"
        "    with $open\n"
        "    query ($open: Boolean) {\n"
        "      busiest {\n"
        "        id\n"
        "        tickets(open: $open)\n"
        "      }\n"
        "    }\n"
        "[1] from org, after 0\n"
        "    $representations: busiest as Region { id }\n"
        "    query ($representations: [_Any!]!) {\n"
        "      _entities(representations: $representations) {\n"
        "        ... on Region {\n"
        "          __typename\n"
        "          name\n"
        "        }\n"
        "      }\n"
        "    }\n"
        "answered by the gateway itself:\n"
        "    {\n"
        "      __schema {\n"
        "        queryType {\n"
        "          name\n"
        "        }\n"
        "      }\n"
        "    }\n"
    )


def test_a_plan_is_made_once_for_each_combination_of_conditions(planner: Planner) -> None:
    cache = PlanCache(planner, size=2)
    text = "query ($a: Boolean = true, $x: Boolean) { regions { id name @include(if: $a) tickets(open: $x) } }"
    document = parse(text)
    first = cache.get(text, document, None, {"x": True})
    assert cache.get(text, document, None, {"a": True, "x": False}) is first
    without = cache.get(text, document, None, {"a": False})
    assert without is not first
    assert " name" not in without.fetches[0].document
    for other in ("{ busiest { id } }", "{ busiest { id name } }"):
        assert cache.get(text, document, None, {"a": False}) is without
        cache.get(other, parse(other), None, {})
    assert len(cache) == 2
    assert cache.get(text, document, None, {}) is first
    third = "{ regions { id } }"
    cache.get(third, parse(third), None, {})
    assert cache.get("{ busiest { id name } }", parse(other), None, {}) is not None
    assert len(cache) == 2


def test_combinations_that_leave_the_same_are_one_plan_and_shown_together(planner: Planner) -> None:
    text = "query ($a: Boolean!, $b: Boolean!) { regions { id name @include(if: $a) @skip(if: $b) } }"
    plans = OperationPlans(planner, parse(text), None)
    without = plans.plan_for({"a": False, "b": False})
    assert plans.plan_for({"a": True, "b": True}) is without
    shown = explain_variants(plans)
    assert shown.count("with ") == 2
    assert "with $a: true, $b: false\n" in shown
    assert "$a: true, $b: true or $a: false, $b: true or $a: false, $b: false\n" in shown
    assert explain_variants(OperationPlans(planner, parse("{ regions { id } }"), None)).startswith("query: 1 fetch")


def test_a_client_that_varies_conditions_crowds_out_its_own_variants_only(planner: Planner) -> None:
    names = [f"c{number}" for number in range(8)]
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    definitions = ", ".join(f"${name}: Boolean = false" for name in names)
    text = f"query ({definitions}) {{ regions {{ id {fields} }} }}"
    document, cache = parse(text), PlanCache(planner, size=2)
    calm = "{ busiest { id } }"
    kept = cache.get(calm, parse(calm), None, {})
    for number in range(256):
        given = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        plan = cache.get(text, document, None, given)
        assert plan.fetches[0].document.count(":name") == number.bit_count()
    assert cache.get(calm, parse(calm), None, {}) is kept


def test_the_named_operation_is_planned(planner: Planner) -> None:
    document = parse("query A { busiest { id } } query B { regions { id } }")
    assert "regions" in planner.plan(document, "B", {}).fetches[0].document
    for name in (None, "C"):
        with pytest.raises(OperationNotFoundError):
            planner.plan(document, name, {})


def test_the_same_document_gives_the_same_plan(planner: Planner) -> None:
    document = parse("{ regions { ... on District { seat tickets } ... on City { tickets } name } busiest { name } }")
    assert planner.plan(document, None, {}) == planner.plan(document, None, {})
    assert planner.plan(document, None, {}) == Planner(REGIONS.supergraph()).plan(document, None, {})


def test_fragments_that_multiply_are_refused_in_little_time() -> None:
    people = Case(
        {"a": ("type Query { me: Person } type Person { friend: Person name: String }", {})},
        [],
    )
    planner = Planner(people.supergraph())
    levels = 40
    doubling = [
        f"fragment F{level} on Person {{ a: friend {{ ...F{level + 1} }} b: friend {{ ...F{level + 1} }} }}"
        for level in range(levels)
    ]
    text = f"{{ me {{ ...F0 }} }} {' '.join(doubling)} fragment F{levels} on Person {{ name }}"
    started = time.perf_counter()
    with pytest.raises(OperationTooLargeError):
        planner.plan(parse(text), None, {})
    repeated = [f"fragment F{level} on Person {{ ...F{level + 1} ...F{level + 1} }}" for level in range(levels)]
    text = f"{{ me {{ ...F0 }} }} {' '.join(repeated)} fragment F{levels} on Person {{ name }}"
    assert planner.plan(parse(text), None, {}).fetches[0].document == "query{me{name}}"
    assert time.perf_counter() - started < 2
    chain = [f"fragment F{level} on Person {{ friend {{ ...F{level + 1} }} }}" for level in range(500)]
    with pytest.raises(OperationTooLargeError):
        planner.plan(parse(f"{{ me {{ ...F0 }} }} {' '.join(chain)} fragment F500 on Person {{ name }}"), None, {})


def test_a_variable_of_the_clients_may_be_named_like_the_planners_own(planner: Planner) -> None:
    query = "query ($representations: Boolean) { regions { tickets(open: $representations) } }"
    fetch = planner.plan(parse(query), None, {}).fetches[1]
    assert fetch.variables == ("representations",)
    assert fetch.calls[0].variable == "_representations"


def test_a_field_that_nothing_leads_to_is_named() -> None:
    supergraph = read_supergraph(
        """
        schema @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
        enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
        type Query @join__type(graph: A) @join__type(graph: B) { me: Person @join__field(graph: A) }
        type Person @join__type(graph: A) @join__type(graph: B) {
          name: String @join__field(graph: A)
          points: Int @join__field(graph: B)
        }
        """
    )
    with pytest.raises(UnreachableFieldError, match=r"Query\.me > Person\.points"):
        Planner(supergraph).plan(parse("{ me { name points } }"), None, {})
