"""What the person at the terminal sees while something takes time: a spinner or bar there, plain lines elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

_PLAIN_SECONDS = 5.0
"""How often a step that counts says where it is when the output is not a terminal."""


class Step(Protocol):
    """A piece of work in progress."""

    def advance_to(self, done: int, total: int, what: str = "") -> None:
        """Say that `done` of `total` are done; `what` names the present part."""


class _LiveStep:
    def __init__(self, progress: Progress, task: TaskID, title: str) -> None:
        self._progress, self._task, self._title = progress, task, title

    def advance_to(self, done: int, total: int, what: str = "") -> None:
        description = f"{self._title}: {what}" if what else self._title
        self._progress.update(self._task, completed=done, total=total, description=description)


class _PlainStep:
    def __init__(self, console: Console, title: str) -> None:
        self._console, self._title, self._said = console, title, time.monotonic()

    def advance_to(self, done: int, total: int, what: str = "") -> None:
        if time.monotonic() - self._said >= _PLAIN_SECONDS:
            self._said = time.monotonic()
            self._console.print(f"  {self._title}: {done} of {total} {what}".rstrip(), highlight=False)


class Report:
    """Shows the steps of a longer piece of work and how long each took."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=False)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show `title` while the block runs, and one line with the time when it is done."""
        began = time.monotonic()
        if self.console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), _Bar(), _Count(), TimeElapsedColumn())
            with Progress(*columns, console=self.console, transient=True) as progress:
                yield _LiveStep(progress, progress.add_task(title, total=None), title)
        else:
            yield _PlainStep(self.console, title)
        mark = "[green]✓[/]" if self.console.is_terminal else "-"
        self.console.print(f"{mark} {title} [dim]({time.monotonic() - began:.1f} s)[/]", highlight=False)

    def say(self, text: str) -> None:
        """Print a line."""
        self.console.print(text, highlight=False, soft_wrap=True)


class _Bar(BarColumn):
    """A bar for work that counts; nothing for work that does not."""

    def render(self, task):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return super().render(task) if task.total else ""


class _Count(MofNCompleteColumn):
    """Likewise for the count."""

    def render(self, task):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return super().render(task) if task.total else ""
