"""property: its composition root and command line."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Chore, Reaction, Service, main
from services.property.access import ACCESS
from services.property.commands.close_vote import sweep_votes
from services.property.commands.committees import sweep_terms
from services.property.commands.compounds import tell_compounds
from services.property.commands.import_file import import_file
from services.property.domain.events import EVENTS
from services.property.extras import extras
from services.property.graphql.problem import Problem
from services.property.graphql.schema import schema
from services.property.reactions.org import HANDLERS
from services.property.reactions.tickets import TICKET_HANDLERS

SERVICE = Service(
    name="property",
    package=Path(__file__).parent,
    schema=schema,
    access=ACCESS,
    problem_type=Problem,
    events=EVENTS,
    reactions=[
        Reaction(durable="property-org", subjects=("linli.*.*.*.*.org.>",), handlers=HANDLERS),
        Reaction(durable="property-tickets", subjects=("linli.*.*.*.*.tickets.>",), handlers=TICKET_HANDLERS),
    ],
    background=[sweep_votes, sweep_terms],
    importer=import_file,
    chores={"tell-compounds": Chore("tell of every compound again, for who begins to listen", tell_compounds)},
    extras=extras,
)

if __name__ == "__main__":
    main(SERVICE)
