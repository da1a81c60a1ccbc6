"""What composition refuses: Apollo's error code where one exists, and a message a person can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompositionError:
    """One thing that is wrong."""

    code: str
    """Apollo's code, e.g. `FIELD_TYPE_MISMATCH` (Apollo documentation, "Federation composition errors")."""
    message: str
    subgraphs: tuple[str, ...] = ()
    """The subgraphs it is about."""

    def __str__(self) -> str:
        """Return the code and the message in one line."""
        return f"{self.code}: {self.message}"


class CompositionFailed(Exception):
    """The subgraphs do not compose; everything that was found wrong is in `errors`."""

    def __init__(self, errors: tuple[CompositionError, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


class Faults:
    """Collects errors, so that all of them are told together."""

    def __init__(self) -> None:
        self.errors: list[CompositionError] = []

    def add(self, code: str, message: str, *subgraphs: str) -> None:
        """Note an error."""
        self.errors.append(CompositionError(code, message, subgraphs))

    def raise_if_any(self) -> None:
        """Raise CompositionFailed when anything was noted."""
        if self.errors:
            raise CompositionFailed(tuple(self.errors))
