"""A practice's published figures beside what the running system answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import aiohttp

from deploy.local.errors import LocalError
from deploy.practices.catalogue import read_practice
from deploy.practices.located import PracticeError

_SECONDS = 60
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure: what was published, and what was answered (None: nothing)."""

    id: str
    label: str
    expected: float
    at_least: bool
    answered: float | None
    just_below: bool = False

    @property
    def holds(self) -> bool:
        """Whether the answer is the published figure.

        At least that where the source says 余 (a little more than); less, by a tenth at most, where it says 近.
        """
        if self.answered is None:
            return False
        if self.just_below:
            return self.expected * 9 <= self.answered * 10 < self.expected * 10
        return self.answered >= self.expected if self.at_least else self.answered == self.expected


async def figures(name: str, gateway_url: str, token: str) -> list[FigureRow]:
    """Run the figures query of practice `name` through the gateway and return the figures with the answers.

    Raises LocalError when there is no such practice, or the gateway cannot be asked or does not know the query.
    """
    try:
        practice = read_practice(name)
        query = (practice.folder / practice.figures.query).read_text(encoding="utf-8")
    except (PracticeError, OSError) as error:
        raise LocalError(str(error)) from error
    answer = await _ask(gateway_url, token, query)
    return [
        FigureRow(row.id, row.label, row.expected, row.at_least, answered_at(answer, row.path), row.just_below)
        for row in practice.figures.rows
    ]


def answered_at(answer: Any, path: str) -> float | None:
    """Return the number at `path` of a query's data, keys and positions joined by dots; None when there is none.

    A position (from 0) goes into a list. A share is a Decimal in the graph, a string in the answer.
    """
    for key in path.split("."):
        answer = _below(answer, key)
    if isinstance(answer, str):
        return float(answer) if _NUMBER.fullmatch(answer) else None
    return answer if isinstance(answer, int | float) and not isinstance(answer, bool) else None


def _below(answer: Any, key: str) -> Any:
    """Return what an answer has under a key, or a list at a position; None when it has nothing there."""
    if isinstance(answer, list):
        return answer[int(key)] if key.isdecimal() and int(key) < len(answer) else None
    return answer.get(key) if isinstance(answer, dict) else None


async def _ask(gateway_url: str, token: str, query: str) -> Any:
    """Return the data that the gateway answers. Raises LocalError with the first error when there are any."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as client,
            client.post(gateway_url, json={"query": query}, headers={"Authorization": f"Bearer {token}"}) as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise LocalError(f"The gateway at {gateway_url} does not answer ({error}): start it with 'make up'.") from error
    if not isinstance(answer, dict) or answer.get("errors"):
        errors = answer.get("errors") if isinstance(answer, dict) else None
        said = errors[0].get("message") if errors else "no GraphQL answer"
        raise LocalError(f"The gateway does not answer the figures query: {said}")
    return answer.get("data")
