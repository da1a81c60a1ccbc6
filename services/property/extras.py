"""What property's resolvers find in `context.extras`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chassis.live import Live
from services.property.storage.votes import turnout_of

if TYPE_CHECKING:
    from chassis.service import Runtime


class Extras(NamedTuple):
    """Kept for as long as the program runs."""

    live: Live
    """Who follows a vote."""


def extras(runtime: Runtime) -> Extras:
    """Make it, for one program. While owners vote it is looked once a second, however many ballots come in."""
    return Extras(Live(runtime.database, turnout_of, at_least=1.0))
