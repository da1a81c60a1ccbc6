"""The engine: runs plans and returns answers' bytes, by the fast path where it can.

A plan that comes again is compiled (`gateway.compiled`). Equal queries of one identity that run at the same time are
run once, if so configured. What the fast path cannot answer, the interpretive executor does from what came already.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from gateway.compiled.compile import compile_plan
from gateway.compiled.run import Run
from gateway.compiled.unsupported import Unsupported
from gateway.execution.client import SubgraphAnswer, forwarded, identity, read_answer
from gateway.execution.errors import SubrequestError
from gateway.execution.execute import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from gateway.compiled.compile import CompiledPlan
    from gateway.compiled.run import Recorded
    from gateway.execution.client import HttpSubgraphClient, SubgraphRequest
    from gateway.execution.errors import FormattedError
    from gateway.planning.plan import Plan

_log = structlog.get_logger(__name__)
COMPILED_PLANS = 1_000
"""How many plans are kept with what they were compiled to."""
USES_BEFORE_COMPILING = 2
"""The use at which a plan is compiled: a document that never comes again is not worth the milliseconds."""
UNFIT_IN_A_ROW = 20
"""A plan whose answers did not fit so often is interpreted, but for a try every so often."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an operation: its JSON text, and whether it has `errors`."""

    body: bytes
    has_errors: bool


@dataclass(slots=True)
class _Known:
    """A plan, and what it was compiled to."""

    plan: Plan
    uses: int = 0
    unfit: int = 0
    compiled: CompiledPlan | None = None

    @property
    def is_fast(self) -> bool:
        """Whether the fast path is worth trying: it is not, mostly, while answers keep not fitting."""
        return self.compiled is not None and (self.unfit < UNFIT_IN_A_ROW or self.uses % UNFIT_IN_A_ROW == 0)


class _Flight:
    """An execution that is under way, and who waits for it."""

    __slots__ = ("key", "run", "task", "waiting")

    def __init__(self, key: _Key | None) -> None:
        self.key = key
        self.waiting: list[asyncio.Future[Answered]] = []
        self.run: Run | None = None
        self.task: asyncio.Task[None] | None = None

    def cancel(self) -> None:
        """Stop the work."""
        if self.run is not None:
            self.run.cancel()
        if self.task is not None:
            self.task.cancel()


_Key = tuple[int, tuple[str | None, ...], bytes]


class Engine:
    """Runs the plans of one supergraph over one client, in one event loop."""

    def __init__(
        self,
        client: HttpSubgraphClient,
        *,
        share: bool = True,
        mask: Callable[[FormattedError], FormattedError] | None = None,
        compile_at: int = USES_BEFORE_COMPILING,
    ) -> None:
        self._client = client
        self._mask = mask
        self._share = share
        self._compile_at = compile_at
        self._plans: OrderedDict[int, _Known] = OrderedDict()
        self._flights: dict[_Key, _Flight] = {}

    async def answer(
        self,
        plan: Plan,
        variables: Mapping[str, Any],
        headers: Mapping[str, str],
        event: SubgraphAnswer | None = None,
    ) -> Answered:
        """Return the answer.

        `variables` are the client's, checked; `headers` go to subgraphs. `event` is what the
        subgraph of a subscription's first fetch sent. A subgraph that fails costs its fields only, so this raises
        nothing of its own.
        """
        if event is not None:
            return await self._interpret(plan, variables, headers, event)
        key = None
        if self._share and plan.operation == "query":
            key = (id(plan), identity(headers), msgspec.json.encode(variables) if variables else b"")
            flight = self._flights.get(key)
            if flight is not None:
                return await self._wait(flight, asyncio.get_running_loop().create_future())
        flight = _Flight(key)
        future: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        if key is not None:
            self._flights[key] = flight
        self._start(flight, self._known(plan), variables, headers, future)
        try:
            return await self._wait(flight, future, is_first=True)
        finally:
            if plan.operation == "mutation":
                # Who has changed something and asks again must not be told what was read before.
                self._flights.clear()

    def _known(self, plan: Plan) -> _Known:
        known = self._plans.get(id(plan))
        if known is None:
            # The plan is kept with it, so no other can have its id meanwhile.
            known = self._plans[id(plan)] = _Known(plan)
            if len(self._plans) > COMPILED_PLANS:
                self._plans.popitem(last=False)
        known.uses += 1
        if known.uses == self._compile_at:
            known.compiled = _compiled(plan)
        return known

    def _start(
        self,
        flight: _Flight,
        known: _Known,
        variables: Mapping[str, Any],
        headers: Mapping[str, str],
        first: asyncio.Future[Answered],
    ) -> None:
        flight.waiting.append(first)

        def interpret(recorded: Recorded | None) -> None:
            work = self._interpret(known.plan, variables, headers, None, recorded)
            flight.task = asyncio.get_running_loop().create_task(self._land_with(flight, work))

        def done(body: bytes | None) -> None:
            if body is not None:
                known.unfit = 0
                self._land(flight, Answered(body, has_errors=False))
                return
            known.unfit += 1
            interpret(flight.run.recorded if flight.run is not None else None)

        if known.compiled is None or not known.is_fast:
            interpret(None)
            return
        flight.run = Run(known.compiled, self._client, variables, forwarded(headers), done)
        flight.run.start()

    async def _wait(self, flight: _Flight, future: asyncio.Future[Answered], *, is_first: bool = False) -> Answered:
        if not is_first:
            flight.waiting.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            if future in flight.waiting:
                flight.waiting.remove(future)
                if not flight.waiting:
                    self._leave(flight)
                    flight.cancel()
            raise

    def _leave(self, flight: _Flight) -> None:
        """Let nobody join any more."""
        if flight.key is not None and self._flights.get(flight.key) is flight:
            del self._flights[flight.key]

    def _land(self, flight: _Flight, outcome: Answered | Exception) -> None:
        """Tell who waits. Nobody can join once it is known: they might have changed something since it was read."""
        self._leave(flight)
        waiting, flight.waiting = flight.waiting, []
        for future in waiting:
            if future.done():
                continue
            if isinstance(outcome, Answered):
                future.set_result(outcome)
            else:
                future.set_exception(outcome)

    async def _land_with(self, flight: _Flight, work: Coroutine[Any, Any, Answered]) -> None:
        try:
            outcome: Answered | Exception = await work
        except Exception as error:  # noqa: BLE001 (who waits hears of it)
            outcome = error
        self._land(flight, outcome)

    async def _interpret(
        self,
        plan: Plan,
        variables: Mapping[str, Any],
        headers: Mapping[str, str],
        event: SubgraphAnswer | None,
        recorded: Recorded | None = None,
    ) -> Answered:
        client = _Replaying(self._client, recorded) if recorded else self._client
        result = await execute(plan, variables=variables, client=client, headers=headers, event=event)
        formatted = result.formatted()
        if self._mask is not None and result.errors:
            formatted["errors"] = [self._mask(error) for error in result.errors]
        return Answered(msgspec.json.encode(formatted), bool(result.errors))


def _compiled(plan: Plan) -> CompiledPlan | None:
    try:
        return compile_plan(plan)
    except Unsupported:
        return None
    except Exception:  # noqa: BLE001 (a fault of compiling: the plan is interpreted, and answered all the same)
        _log.exception("a compiled plan failed")
        return None


@dataclass(frozen=True, slots=True)
class _Replaying:
    """A client that knows some answers already."""

    client: HttpSubgraphClient
    recorded: Recorded

    async def fetch(self, subgraph: str, request: SubgraphRequest, headers: Mapping[str, str]) -> SubgraphAnswer:
        """Return the answer that came before, or ask."""
        outcome = self.recorded.get((subgraph, request.body()))
        if outcome is None:
            return await self.client.fetch(subgraph, request, headers)
        if isinstance(outcome, SubrequestError):
            raise outcome
        return read_answer(outcome.status, outcome.content)
