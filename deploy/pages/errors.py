"""docs/errors.md: every code that a client can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis import errors
from chassis.graphql import subscribe
from chassis.problems import CommonProblem
from gateway.http import refusals
from gateway.subscriptions import errors as subscription_errors
from services.credit.domain.problems import CreditProblem
from services.org.domain.problems import OrgProblem
from services.property.domain.problems import PropertyProblem
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from chassis.problems import ProblemCatalogue

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


_MODULES = {module.__name__ for module in (errors, refusals, subscribe, subscription_errors)}


def _error_classes() -> list[type[errors.ApiError]]:
    return sorted(errors.ApiError.__subclasses__(), key=lambda error: (error.code, error.__name__))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def page() -> str:
    """Return the page."""
    own = [error for error in _error_classes() if error.__module__ in _MODULES]
    lines = [
        f"| `{error.code}` | {_cell((error.__doc__ or '').partition('.')[0])} | {_cell(error.en)} | {_cell(error.zh)} |"
        for error in own
    ]
    parts = [_HEAD + "\n".join(lines)]
    for title, catalogue in _CATALOGUES:
        rows = [
            f"| `{problem.code}` | {_cell(problem.value.en)} | {_cell(problem.value.zh)} |" for problem in catalogue
        ]
        parts.append(f"## Problems: {title}\n\n| `code` | English | 中文 |\n| --- | --- | --- |\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"
