"""credit: its composition root and command line."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Reaction, Service, main
from services.credit.access import ACCESS
from services.credit.commands.import_credit import import_credit
from services.credit.commands.schedule import keep_schedule
from services.credit.commands.sweep import sweep
from services.credit.domain.events import EVENTS
from services.credit.extras import extras
from services.credit.graphql.problem import Problem
from services.credit.graphql.schema import schema
from services.credit.reactions.earning import ORG_HANDLERS, PROPERTY_HANDLERS, TICKET_HANDLERS
from services.credit.reactions.org import HANDLERS
from services.credit.settings import CreditSettings

SERVICE = Service(
    name="credit",
    package=Path(__file__).parent,
    schema=schema,
    access=ACCESS,
    problem_type=Problem,
    events=EVENTS,
    reactions=[
        Reaction(durable="credit-org", subjects=("linli.*.*.*.*.org.>",), handlers=HANDLERS | ORG_HANDLERS),
        Reaction(durable="credit-tickets", subjects=("linli.*.*.*.*.tickets.>",), handlers=TICKET_HANDLERS),
        Reaction(durable="credit-property", subjects=("linli.*.*.*.*.property.>",), handlers=PROPERTY_HANDLERS),
    ],
    background=[sweep, keep_schedule],
    importer=import_credit,
    settings=CreditSettings,
    extras=extras,
)

if __name__ == "__main__":
    main(SERVICE)
