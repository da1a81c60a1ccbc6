"""Write the functions of a compiled plan: walking to objects, collecting representations, building the answer.

Only names made here and constants by number stand in the source; nothing of a client's or subgraph's text does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gateway.compiled.unsupported import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable


class Source:
    """Functions that are being written, and the constants they use."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._names: dict[str, Any] = {"Unfit": Unfit, "bytes": bytes, "len": len, "id": id, "list": list}
        self._count = 0

    def name(self, kind: str) -> str:
        """Return a name that is not used yet."""
        self._count += 1
        return f"{kind}{self._count}"

    def constant(self, value: Any) -> str:
        """Return the name under which functions find a value."""
        name = self.name("C")
        self._names[name] = value
        return name

    def function(self, name: str, parameters: str, lines: list[str]) -> None:
        """Add a function."""
        self._lines += [f"def {name}({parameters}):", *(f"    {line}" for line in lines)]

    def text(self) -> str:
        """Return what is written."""
        return "\n".join(self._lines) + "\n"

    def made(self) -> dict[str, Callable[..., Any]]:
        """Return the functions by name."""
        names = {**self._names, "__builtins__": {}}
        exec(compile(self.text(), "<compiled plan>", "exec"), names)  # noqa: S102 (see the module's first lines)
        return names
