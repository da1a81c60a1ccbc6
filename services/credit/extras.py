"""What credit's resolvers find in `context.extras`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chassis.live import Live
from services.credit.storage.catalogues import Catalogues
from services.credit.storage.reads import events_of

if TYPE_CHECKING:
    from chassis.service import Runtime


class Extras(NamedTuple):
    """Kept for as long as the program runs."""

    catalogues: Catalogues
    live: Live
    """Who follows an account."""


def extras(runtime: Runtime) -> Extras:
    """Make it, for one program."""
    return Extras(Catalogues(), Live(runtime.database, events_of))
