"""Run a compiled plan: by callbacks, from the first requests to the answer's bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from gateway.compiled.compile import variables_of
from gateway.compiled.unsupported import Unfit
from gateway.execution.client import HTTP_MULTIPLE_CHOICES, HTTP_OK
from gateway.execution.errors import SubrequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.compiled.compile import CompiledFetch, CompiledPlan
    from gateway.execution.client import HttpSubgraphClient
    from gateway.execution.pool import Call, HttpAnswer

_log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode

Recorded = dict[tuple[str, bytes], "HttpAnswer | SubrequestError"]
"""What subgraphs answered, by the subgraph and the request's exact text."""


class Run:
    """One execution of a compiled plan.

    `done` is called once, with the answer's JSON text, or with None when the interpretive executor must answer: it
    finds in `recorded` what was asked already.
    """

    __slots__ = ("_calls", "_client", "_done", "_head", "_open", "_phase", "_plan", "_root", "_variables", "_waiting",
                 "is_unfit", "recorded")  # fmt: skip

    def __init__(
        self,
        plan: CompiledPlan,
        client: HttpSubgraphClient,
        variables: Mapping[str, Any],
        head: bytes,
        done: Callable[[bytes | None], None],
    ) -> None:
        self._plan = plan
        self._client = client
        self._variables = {name: _encode(value) for name, value in variables.items()} if variables else {}
        self._head = head
        self._done = done
        self._root = plan.root()
        self._phase = -1
        self._open = 0
        self._waiting: dict[int, int] = {}
        self._calls: dict[int, Call] = {}
        self.recorded: Recorded = {}
        self.is_unfit = False

    def start(self) -> None:
        """Send the first requests."""
        self._next_phase()

    def cancel(self) -> None:
        """Stop; `done` is not called."""
        self._done = _ignore
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.cancel()

    def _next_phase(self) -> None:
        self._phase += 1
        if self._phase == len(self._plan.phases):
            self._finish()
            return
        fetches = self._plan.phases[self._phase]
        self._waiting = {fetch.number: fetch.waits_for for fetch in fetches if fetch.waits_for}
        # All of them count before the first is sent, which may fail at once.
        first = [fetch for fetch in fetches if not fetch.waits_for]
        self._open += len(first)
        for fetch in first:
            self._send(fetch)

    def _send(self, fetch: CompiledFetch) -> None:
        variables = variables_of(fetch, self._variables)
        waiting = []
        try:
            for call in fetch.calls:
                representations, objects, places = call.collect(self._root)
                variables.append(call.name + _encode(representations))
                waiting.append((call, len(representations), objects, places))
        except Exception:  # noqa: BLE001 (a fault of compiling: the client is answered all the same)
            _log.exception("a compiled plan failed")
            self.is_unfit = True
            self._ended(fetch)
            return
        if fetch.calls and not any(count for _, count, _, _ in waiting):
            self._ended(fetch)
            return
        body = fetch.request(variables)

        def answered(outcome: HttpAnswer | SubrequestError) -> None:
            self._calls.pop(fetch.number, None)
            self.recorded[fetch.subgraph, body] = outcome
            self.is_unfit = self.is_unfit or not self._took(fetch, outcome, waiting)
            self._ended(fetch)

        sent = self._client.send(fetch.subgraph, self._head, body, answered, is_mutation=fetch.is_mutation)
        if sent is not None and not sent.is_over:
            self._calls[fetch.number] = sent

    def _took(self, fetch: CompiledFetch, outcome: HttpAnswer | SubrequestError, waiting: list[Any]) -> bool:
        """Take an answer; False when it is not one for the fast path."""
        if isinstance(outcome, SubrequestError) or not HTTP_OK <= outcome.status < HTTP_MULTIPLE_CHOICES:
            return False
        if self._plan.pass_on is not None and _fits(self._plan.pass_on, outcome.content):
            self._root = outcome.content
            return True
        try:
            envelope = fetch.decode(outcome.content)
        except msgspec.DecodeError:
            return False
        data = envelope.data
        if data is None or envelope.errors:
            return False
        if fetch.calls:
            return _joined(data, waiting)
        setattr(self._root, fetch.slot, data)
        return True

    def _ended(self, fetch: CompiledFetch) -> None:
        if not self.is_unfit:
            ready = []
            for number in fetch.followers:
                self._waiting[number] -= 1
                if not self._waiting[number]:
                    ready.append(next(each for each in self._plan.phases[self._phase] if each.number == number))
            self._open += len(ready)
            for each in ready:
                self._send(each)
        self._open -= 1
        if not self._open:
            if self.is_unfit:
                self._tell(None)
            else:
                self._next_phase()

    def _finish(self) -> None:
        if isinstance(self._root, bytes):
            self._tell(self._root)
            return
        try:
            data = self._plan.build(self._root)
        except Unfit:
            self._tell(None)
            return
        except Exception:  # noqa: BLE001 (the same)
            _log.exception("a compiled plan failed")
            self._tell(None)
            return
        self._tell(b"".join((b'{"data":', _encode(data), b"}")))

    def _tell(self, body: bytes | None) -> None:
        # What was decoded goes at once, and not when a cycle of references is found.
        done, self._done = self._done, _ignore
        self._root = None
        self._calls = {}
        done(body)
        self.recorded = {}


def _joined(data: Any, waiting: list[Any]) -> bool:
    """Give each object its entity; False when there are not as many as were asked for."""
    for call, count, objects, places in waiting:
        entities = getattr(data, call.attribute)
        if len(entities) != count:
            return False
        slot = call.slot
        for each, place in zip(objects, places, strict=True):
            setattr(each, slot, entities[place])
    return True


def _fits(decode: Callable[[bytes], Any], content: bytes) -> bool:
    try:
        decode(content)
    except msgspec.DecodeError:
        return False
    return True


def _ignore(_: bytes | None) -> None:
    """Take what nobody waits for any more."""
