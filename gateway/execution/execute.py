"""Execute a plan: the plain interpretive executor, the reference that any faster path is compared with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import execute_sync

from gateway.execution.client import SubgraphRequest
from gateway.execution.client_path import client_path
from gateway.execution.errors import SubrequestError, format_downstream, format_failure
from gateway.execution.locate import locate, locate_with_paths
from gateway.execution.merge import copied, merge
from gateway.execution.project import project
from gateway.execution.represent import Representations, collect_representations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.execution.client import SubgraphAnswer, SubgraphClient
    from gateway.execution.errors import FormattedError
    from gateway.planning.plan import EntityCall, Fetch, Introspection, Path, Plan


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """The answer to an operation."""

    data: dict[str, Any] | None
    errors: tuple[FormattedError, ...] = ()

    def formatted(self) -> dict[str, Any]:
        """Return the answer as it goes over the wire: `errors` only when there are some."""
        return {"errors": list(self.errors), "data": self.data} if self.errors else {"data": self.data}


async def execute(
    plan: Plan,
    *,
    variables: Mapping[str, Any],
    client: SubgraphClient,
    headers: Mapping[str, str],
    event: SubgraphAnswer | None = None,
) -> ExecutionResult:
    """Run a plan and return the client's answer.

    `variables` are the client's, by name, already coerced. A subgraph that fails costs the fields it was asked for
    and adds an error; everything else is answered. For a subscription, `event` is what the subgraph of the plan's
    first fetch sent: that fetch is not run, the others complete the event.
    """
    return await _Execution(plan, variables, client, headers, event).run()


class _Execution:
    def __init__(
        self,
        plan: Plan,
        variables: Mapping[str, Any],
        client: SubgraphClient,
        headers: Mapping[str, str],
        event: SubgraphAnswer | None,
    ) -> None:
        self._plan = plan
        self._variables = variables
        self._client = client
        self._headers = headers
        self._event = event
        self._data: dict[str, Any] = {}
        self._errors: dict[int, list[FormattedError]] = {}

    async def run(self) -> ExecutionResult:
        for phase in self._plan.phases:
            await self._run_phase(phase)
        # In the order of the plan, whatever the order in which subgraphs answered.
        errors = [error for number in sorted(self._errors) for error in self._errors[number]]
        if self._plan.introspection is not None:
            self._introspect(self._plan.introspection, errors)
        data = project(self._data, self._plan.projection, errors)
        return ExecutionResult(data, tuple(errors))

    async def _run_phase(self, fetches: tuple[Fetch, ...]) -> None:
        """Run fetches, each as soon as all it waits for have ended."""
        if len(fetches) == 1:
            await self._run_fetch(fetches[0])
            return
        waiting = {fetch.number: len(fetch.after) for fetch in fetches}
        followers: dict[int, list[Fetch]] = {}
        for fetch in fetches:
            for before in fetch.after:
                followers.setdefault(before, []).append(fetch)
        async with asyncio.TaskGroup() as group:

            async def run_then_followers(fetch: Fetch) -> None:
                await self._run_fetch(fetch)
                for follower in followers.get(fetch.number, ()):
                    waiting[follower.number] -= 1
                    if not waiting[follower.number]:
                        group.create_task(run_then_followers(follower))

            for fetch in fetches:
                if not fetch.after:
                    group.create_task(run_then_followers(fetch))

    async def _run_fetch(self, fetch: Fetch) -> None:
        if self._event is not None and fetch.number == 0:
            self._take_root(fetch, self._event)
            return
        variables = {name: self._variables[name] for name in fetch.variables if name in self._variables}
        collected = [collect_representations(self._data, call) for call in fetch.calls]
        if fetch.calls and not any(each.values for each in collected):
            return
        for call, each in zip(fetch.calls, collected, strict=True):
            variables[call.variable] = each.values
        request = SubgraphRequest(fetch.document, variables, fetch.is_mutation)
        try:
            answer = await self._client.fetch(fetch.subgraph, request, self._headers)
        except SubrequestError as error:
            self._report(fetch, [format_failure(error, fetch.subgraph, path) for path in self._failed_paths(fetch)])
            return
        if fetch.calls:
            self._take_entities(fetch, answer, collected)
        else:
            self._take_root(fetch, answer)

    # Answers of root fields

    def _take_root(self, fetch: Fetch, answer: SubgraphAnswer) -> None:
        if answer.data is not None:
            places = locate(self._data, fetch.path)
            for number, place in enumerate(places):
                merge(place, answer.data if number == len(places) - 1 else copied(answer.data))
        for error in answer.errors:
            path = _given_path(error)
            for _, start in locate_with_paths(self._data, fetch.path):
                self._report_downstream(fetch, error, None if path is None else (*start, *path))

    # Answers of entity calls

    def _take_entities(self, fetch: Fetch, answer: SubgraphAnswer, collected: list[Representations]) -> None:
        data = answer.data or {}
        for call, representations in zip(fetch.calls, collected, strict=True):
            entities = data.get(call.key)
            if not isinstance(entities, list):
                continue
            for entity, waiting in zip(entities, representations.waiting, strict=False):
                if isinstance(entity, dict):
                    for each in waiting[1:]:
                        merge(each, copied(entity))
                    merge(waiting[0], entity)
        if answer.errors:
            self._take_entity_errors(fetch, answer, collected)

    def _take_entity_errors(self, fetch: Fetch, answer: SubgraphAnswer, collected: list[Representations]) -> None:
        calls = {call.key: (call, each) for call, each in zip(fetch.calls, collected, strict=True)}
        for error in answer.errors:
            path = _given_path(error) or ()
            found = calls.get(path[0]) if path else None
            if found is None or len(path) < 2 or not isinstance(path[1], int):  # noqa: PLR2004 - `_entities`, index
                for place in self._failed_paths(fetch):
                    self._errors.setdefault(fetch.number, []).append(format_downstream(error, fetch.subgraph, place))
                continue
            for start in self._paths_of(*found, path[1]):
                self._report_downstream(fetch, error, (*start, *path[2:]))

    def _paths_of(self, call: EntityCall, collected: Representations, place: int) -> Iterator[tuple[str | int, ...]]:
        if not 0 <= place < len(collected.waiting):
            return
        wanted = {id(each) for each in collected.waiting[place]}
        for target in call.targets:
            for each, path in locate_with_paths(self._data, target.path):
                if id(each) in wanted:
                    wanted.discard(id(each))
                    yield path

    # Errors

    def _report(self, fetch: Fetch, errors: list[FormattedError]) -> None:
        self._errors.setdefault(fetch.number, []).extend(errors)

    def _report_downstream(self, fetch: Fetch, error: Any, path: tuple[str | int, ...] | None) -> None:
        translated = None if path is None else client_path(path, self._plan.projection, self._data)
        self._report(fetch, [format_downstream(error, fetch.subgraph, translated)])

    def _failed_paths(self, fetch: Fetch) -> list[list[str | int]]:
        """Return the client's paths of what a failed fetch leaves out, one for each place it was to fill."""
        if not fetch.calls and not fetch.path:
            return [client_path((key,), self._plan.projection, self._data) for key in fetch.response_keys]
        paths = [target.path for call in fetch.calls for target in call.targets] or [fetch.path]
        keys = {_keys(path): None for path in paths}
        return [client_path(path, self._plan.projection, None) for path in keys]

    def _introspect(self, introspection: Introspection, errors: list[FormattedError]) -> None:
        result = execute_sync(introspection.schema, introspection.document, variable_values=dict(self._variables))
        self._data.update(result.data or {})
        errors.extend(dict(error.formatted) for error in result.errors or ())


def _given_path(error: Any) -> tuple[Any, ...] | None:
    path = error.get("path") if isinstance(error, dict) else None
    return tuple(path) if isinstance(path, list) else None


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(element for element in path if isinstance(element, str))
