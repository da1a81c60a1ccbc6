"""A rehearsal does what is asked and takes it back; its report is that of the real thing (decision 0070)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.org.domain.redrawing import Line


class Rehearsed(Exception):
    """Ends a rehearsal with its report; the transaction that it leaves is rolled back."""

    def __init__(self, region_id: UUID, lines: Sequence[Line]) -> None:
        """Keep the region that it was about, and the report."""
        super().__init__("rehearsed")
        self.region_id = region_id
        self.lines = lines
