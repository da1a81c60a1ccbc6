"""Where tickets' files lie and what looks into them, by settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem
from services.tickets.settings import TicketSettings
from services.tickets.storage.processes import Processes

if TYPE_CHECKING:
    from chassis.objects.clamd import Scanner
    from chassis.objects.store import ObjectStore
    from chassis.service import Runtime


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


@dataclass(frozen=True)
class Extras:
    """What the resolvers of tickets find in `context.extras`."""

    processes: Processes
    files: Files | None

    def taking_files(self) -> Files:
        """Return where files go. Raises Refused when none are taken."""
        if self.files is None:
            raise Refused(TicketProblem.FILES_NOT_TAKEN)
        return self.files


def extras(runtime: Runtime) -> Extras:
    """Make them for a service that begins."""
    files = Files.of(runtime.settings)
    if files is not None:
        runtime.closing.append(files.store.close)
    return Extras(Processes(), files)
