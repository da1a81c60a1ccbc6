"""Where tickets' files lie and what looks into them, by settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from services.tickets.settings import TicketSettings

if TYPE_CHECKING:
    from chassis.objects.clamd import Scanner
    from chassis.objects.store import ObjectStore


@dataclass(frozen=True)
class Files:
    """The store, the scanner if there is one, and how many seconds a link holds."""

    store: ObjectStore
    scanner: Scanner | None
    link_seconds: int

    @classmethod
    def of(cls, settings: object) -> Self | None:
        """Return what the settings name, None when no files are taken. Raises SettingsError."""
        if not isinstance(settings, TicketSettings):
            return None
        store = settings.store()
        return None if store is None else cls(store, settings.scanner(), settings.files_link_seconds)
