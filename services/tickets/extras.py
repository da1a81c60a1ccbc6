"""What the resolvers of tickets find in `context.extras`: one for each program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem
from services.tickets.files import Files
from services.tickets.live import Live
from services.tickets.storage.processes import Processes

if TYPE_CHECKING:
    from chassis.service import Runtime


@dataclass(frozen=True)
class Extras:
    """What is known of processes, who follows what, and where files go."""

    processes: Processes
    live: Live
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
    return Extras(Processes(), Live(runtime.database), files)
