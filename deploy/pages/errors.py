"""docs/errors.md: every code that a client can meet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from chassis import errors, identity
from chassis.graphql import subscribe
from chassis.objects import store
from chassis.problems import CommonProblem
from gateway.execution.errors import SubrequestError
from gateway.http import refusals
from gateway.subscriptions import errors as subscription_errors
from services.credit.domain.problems import CreditProblem
from services.org.domain.problems import OrgProblem
from services.property.domain.problems import PropertyProblem
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chassis.problems import ProblemCatalogue

E = TypeVar("E", errors.ApiError, SubrequestError)
_HEAD = """\
# Errors and problems

Made from the code by `make docs`. Two things can go wrong, and they are told in different places: an **error** is in
`errors` of the answer with `extensions.code`; a **problem** is in the payload of a mutation that was refused. Either
way nothing was changed. Texts come in the language of `Accept-Language`; `{…}` is filled in.

## Errors

| `extensions.code` | when | English | 中文 |
| --- | --- | --- | --- |
"""
_CATALOGUES: tuple[tuple[str, type[ProblemCatalogue]], ...] = (
    ("Any service", CommonProblem),
    ("org", OrgProblem),
    ("tickets", TicketProblem),
    ("credit", CreditProblem),
    ("property", PropertyProblem),
)
_SUBREQUESTS = """\
## Errors of a service behind the gateway

`extensions.service` names the service. What it was asked for is null; what others answered is there.

| `extensions.code` | when |
| --- | --- |
"""
_VALUE = "| `INVALID_SUBGRAPH_VALUE` | The service's answer has a null or a value that its schema does not allow |"
_MODULES = {module.__name__ for module in (errors, identity, store, refusals, subscribe, subscription_errors)}


def _below(error: type[E]) -> Iterator[type[E]]:
    for one in error.__subclasses__():
        yield one
        yield from _below(one)


def _own(error: type[E]) -> list[type[E]]:
    """Return the errors below one, by code; not those that something else defined in the meantime, such as tests."""
    modules = {*_MODULES, error.__module__}
    return sorted((one for one in _below(error) if one.__module__ in modules), key=lambda one: (one.code, one.__name__))


def _when(error: type[Exception]) -> str:
    """Return the first sentence of the docstring, without its full stop."""
    return _cell(re.split(r"\.(?:\s|$)", error.__doc__ or "")[0])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def page() -> str:
    """Return the page."""
    lines = [
        f"| `{error.code}` | {_when(error)} | {_cell(error.en)} | {_cell(error.zh)} |"
        for error in _own(errors.ApiError)
    ]
    services = [f"| `{error.code}` | {_when(error)} |" for error in _own(SubrequestError)]
    parts = [_HEAD + "\n".join(lines), _SUBREQUESTS + "\n".join([*services, _VALUE])]
    for title, catalogue in _CATALOGUES:
        rows = [
            f"| `{problem.code}` | {_cell(problem.value.en)} | {_cell(problem.value.zh)} |" for problem in catalogue
        ]
        parts.append(f"## Problems: {title}\n\n| `code` | English | 中文 |\n| --- | --- | --- |\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"
