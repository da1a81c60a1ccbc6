"""Compile a plan: request templates, decoders, and functions for representations and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.compiled.build import Builds, is_passed_on
from gateway.compiled.positions import entities_slot, tree_of
from gateway.compiled.source import Source
from gateway.compiled.unsupported import Unsupported
from gateway.compiled.walk import Walks

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.compiled.positions import Tree
    from gateway.planning.plan import Fetch, Plan

_encode = msgspec.json.Encoder().encode
_DATA = "data"


@dataclass(frozen=True, slots=True)
class CompiledCall:
    """An entity call."""

    name: bytes
    """`"variable":` as it stands in the request."""
    attribute: str
    """Where the answer's data holds its entities."""
    slot: str
    collect: Callable[[Any], tuple[list[Any], list[Any], list[int]]]


@dataclass(frozen=True, slots=True)
class CompiledFetch:
    """A request to a subgraph."""

    number: int
    subgraph: str
    before: bytes
    """The request's text up to the variables' values; the whole when it has none."""
    variables: tuple[tuple[str, bytes], ...]
    """The client's variables: name, and `"name":` as it stands in the request."""
    calls: tuple[CompiledCall, ...]
    slot: str
    """Where the root keeps the data of a root fetch."""
    decode: Callable[[bytes], Any]
    """From an answer's bytes to an object with `data` and `errors`. Raises msgspec.DecodeError."""
    is_mutation: bool
    waits_for: int
    followers: tuple[int, ...]

    def request(self, variables: list[bytes]) -> bytes:
        """Return the request's text with its variables, each a name and value as JSON text."""
        if not variables:
            return self.before + b"}"
        return b"".join((self.before, b',"variables":{', b",".join(variables), b"}}"))


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """A plan, ready to run."""

    phases: tuple[tuple[CompiledFetch, ...], ...]
    root: type[Any]
    build: Callable[[Any], Any]
    """From the root to the object that is encoded as the answer's `data`."""
    pass_on: Callable[[bytes], Any] | None
    """For a plan of one fetch whose answer may be the client's as it is: fails when it may not."""
    source: str


def compile_plan(plan: Plan) -> CompiledPlan:
    """Compile a plan. Raises Unsupported when it is of a kind that is interpreted."""
    if not plan.fetches:
        raise Unsupported("nothing to ask for")
    tree = tree_of(plan)
    source = Source()
    walks = Walks(tree, source)
    collects = {(fetch.number, call.key): walks.collect(call) for fetch in plan.fetches for call in fetch.calls}
    build = Builds(source).of(tree.root, plan.projection)
    functions = source.made()
    phases = []
    for phase in plan.phases:
        followers: dict[int, list[int]] = {fetch.number: [] for fetch in phase}
        for fetch in phase:
            for before in fetch.after:
                followers[before].append(fetch.number)
        phases.append(
            tuple(_fetch(fetch, tree, functions, collects, tuple(followers[fetch.number])) for fetch in phase)
        )
    return CompiledPlan(
        phases=tuple(phases),
        root=tree.root.object.struct(),
        build=functions[build.function],
        pass_on=_pass_on(plan, tree),
        source=source.text(),
    )


def _fetch(
    fetch: Fetch,
    tree: Tree,
    functions: dict[str, Callable[..., Any]],
    collects: dict[tuple[int, str], str],
    followers: tuple[int, ...],
) -> CompiledFetch:
    if fetch.calls:
        definitions: list[Any] = [
            (f"a{number}", list[tree.entities[fetch.number, call.key].struct() | None])  # type: ignore[misc]
            for number, call in enumerate(fetch.calls)
        ]
        names = {f"a{number}": call.key for number, call in enumerate(fetch.calls)}
        data = msgspec.defstruct("Entities", definitions, rename=names, gc=False)
    else:
        data = tree.roots[fetch.number].struct()
    envelope = msgspec.defstruct("Envelope", [(_DATA, data | None, None), ("errors", Any, None)], gc=False)
    return CompiledFetch(
        number=fetch.number,
        subgraph=fetch.subgraph,
        before=b'{"query":' + _encode(fetch.document),
        variables=tuple((name, _encode(name) + b":") for name in fetch.variables),
        calls=tuple(
            CompiledCall(
                name=_encode(call.variable) + b":",
                attribute=f"a{number}",
                slot=entities_slot(fetch, call),
                collect=functions[collects[fetch.number, call.key]],
            )
            for number, call in enumerate(fetch.calls)
        ),
        slot=f"_r{fetch.number}",
        decode=msgspec.json.Decoder(envelope).decode,
        is_mutation=fetch.is_mutation,
        waits_for=len(fetch.after),
        followers=followers,
    )


def _pass_on(plan: Plan, tree: Tree) -> Callable[[bytes], Any] | None:
    if len(plan.fetches) != 1 or plan.fetches[0].calls:
        return None
    record = tree.roots[plan.fetches[0].number]
    if not is_passed_on(tree.root, record, plan.projection):
        return None
    envelope = msgspec.defstruct("Envelope", [(_DATA, record.strict())], gc=False, forbid_unknown_fields=True)
    return msgspec.json.Decoder(envelope).decode


def variables_of(fetch: CompiledFetch, encoded: dict[str, bytes]) -> list[bytes]:
    """Return the client's variables that a fetch uses and the client gave."""
    return [name + encoded[variable] for variable, name in fetch.variables if variable in encoded]
