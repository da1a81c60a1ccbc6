"""Holds every module, function and nesting to the sizes that keep this code readable in one sitting.

It also finds days and instants that a test module fixes when it is read: the tests may run on the next day.

Run as `python -m deploy.checks.structure FOLDER...`: prints one line per finding and exits 1 when there is any.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODULE_LINES = 400
TEST_MODULE_LINES = 600
FUNCTION_LINES = 60
NESTING = 4

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
_CLOCKS = {"now", "today", "utcnow", "local_day"}
"""Functions that tell what time or day it is."""
_SKIPPED_FOLDERS = {"migrations", "static", "__pycache__"}


@dataclass(frozen=True, order=True)
class Finding:
    """Something that is not as it should be."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check_source(path: Path, source: str) -> list[Finding]:
    """Return what is wrong with a module. Raises SyntaxError when it is not Python."""
    findings = []
    lines = source.count("\n") + (not source.endswith("\n"))
    most = TEST_MODULE_LINES if "tests" in path.parts else MODULE_LINES
    if lines > most:
        findings.append(Finding(path, 1, f"module of {lines} lines, at most {most}"))
    tree = ast.parse(source, str(path))
    if "tests" in path.parts:
        findings += [
            Finding(path, line, f"{name}() is asked when the module is read, not when its tests run")
            for line, name in _asked_when_read(tree.body)
        ]
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            findings += _check_function(path, node)
    return sorted(findings)


def _asked_when_read(statements: Sequence[ast.stmt]) -> Iterator[tuple[int, str]]:
    """Yield where a module asks for the time or the day while it is imported."""
    for statement in statements:
        parts: list[ast.AST] = [statement]
        if isinstance(statement, ast.ClassDef):
            yield from _asked_when_read(statement.body)
            parts = list(statement.decorator_list)
        elif isinstance(statement, _FUNCTIONS):
            defaults = statement.args.defaults + [one for one in statement.args.kw_defaults if one is not None]
            parts = [*statement.decorator_list, *defaults]
        for node in (node for part in parts for node in ast.walk(part)):
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "attr", None) or getattr(called, "id", "")
            if called is not None and name in _CLOCKS:
                yield called.lineno, name


def _check_function(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Finding]:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > FUNCTION_LINES:
        yield Finding(path, function.lineno, f"{function.name} has {lines} lines, at most {FUNCTION_LINES}")
    depth, line = _deepest(function.body, 0)
    if depth > NESTING:
        yield Finding(path, line, f"{function.name} nests {depth} blocks, at most {NESTING}")


def _deepest(statements: Sequence[ast.stmt], depth: int) -> tuple[int, int]:
    """Return the deepest nesting of blocks below `statements` and its line; nested functions count for themselves."""
    deepest = (depth, statements[0].lineno if statements else 0)
    for statement in statements:
        if not isinstance(statement, _BLOCKS):
            continue
        for body, below in _bodies(statement, depth):
            deepest = max(deepest, _deepest(body, below), key=lambda found: found[0])
    return deepest


def _bodies(statement: ast.stmt, depth: int) -> Iterator[tuple[list[ast.stmt], int]]:
    """Yield the blocks of a statement with their depth; `elif` is as deep as its `if`."""
    is_elif_chain = isinstance(statement, ast.If) and [type(other) for other in statement.orelse] == [ast.If]
    yield getattr(statement, "body", []), depth + 1
    yield getattr(statement, "orelse", []), depth if is_elif_chain else depth + 1
    yield getattr(statement, "finalbody", []), depth + 1
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body, depth + 1


def modules(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the Python modules below `folders`, without generated ones and migrations."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if not _SKIPPED_FOLDERS.intersection(path.parts):
                yield path


def main(arguments: Sequence[str]) -> int:
    """Check the folders named in `arguments`; return the exit code."""
    findings = [
        finding for path in modules([Path(a) for a in arguments]) for finding in check_source(path, path.read_text())
    ]
    for finding in findings:
        print(finding)  # noqa: T201 (a program's output)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
