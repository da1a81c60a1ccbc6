"""Leave a subgraph alone that keeps failing (circuit breaking), as a state without I/O."""

from __future__ import annotations


class Breaker:
    """Opens after `failures` failures in a row; after `pause` seconds one call tries, and its end decides.

    A pause doubles, up to sixteen times the first, while tries fail. Times are seconds on one clock.
    """

    MOST_DOUBLINGS = 4

    def __init__(self, failures: int, pause: float) -> None:
        self._failures = failures
        self._pause = pause
        self._in_a_row = 0
        self._doublings = 0
        self._closed_until = 0.0
        self._is_trying = False
        self.is_open = False

    def admits(self, at: float) -> bool:
        """Whether a call may be made now. The first one after the pause is the try."""
        if not self.is_open:
            return True
        if self._is_trying or at < self._closed_until:
            return False
        self._is_trying = True
        return True

    def tell(self, *, is_good: bool, at: float) -> None:
        """Take notice of the end of a call."""
        if is_good:
            self._in_a_row = self._doublings = 0
            self.is_open = self._is_trying = False
            return
        self._in_a_row += 1
        if self._is_trying:
            self._is_trying = False
            self._doublings = min(self._doublings + 1, self.MOST_DOUBLINGS)
        elif self.is_open or self._in_a_row < self._failures:
            return
        self.is_open = True
        self._closed_until = at + self._pause * 2**self._doublings

    def give_up_try(self) -> None:
        """Take notice that a call was cancelled, which tells nothing: another one may try."""
        self._is_trying = False
