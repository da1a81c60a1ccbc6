"""org: its composition root and command line."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Reaction, Service, main
from services.org.access import ACCESS
from services.org.commands.expiry import keep_expiry
from services.org.commands.import_practice import import_practice
from services.org.domain.events import EVENTS
from services.org.graphql.problem import Problem
from services.org.graphql.schema import schema
from services.org.reactions.property import HANDLERS

SERVICE = Service(
    name="org",
    package=Path(__file__).parent,
    schema=schema,
    access=ACCESS,
    problem_type=Problem,
    events=EVENTS,
    reactions=[
        Reaction(durable="org-property", subjects=("linli.*.*.*.*.property.compound.>",), handlers=HANDLERS),
    ],
    background=[keep_expiry],
    importer=import_practice,
)

if __name__ == "__main__":
    main(SERVICE)
