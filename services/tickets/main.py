"""tickets: its composition root and command line."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Chore, Reaction, Service, main
from services.tickets.access import ACCESS
from services.tickets.commands.check_files import check_files
from services.tickets.commands.import_tickets import import_tickets
from services.tickets.commands.notifications import forget_notifications
from services.tickets.commands.personal_data import keep_retention
from services.tickets.commands.sweep import sweep_deadlines
from services.tickets.commands.tally import compare_counts, keep_counts, repair_counts
from services.tickets.domain.events import EVENTS
from services.tickets.extras import extras
from services.tickets.graphql.problem import Problem
from services.tickets.graphql.schema import schema
from services.tickets.reactions.check_ins import CHECK_IN_HANDLERS
from services.tickets.reactions.org import HANDLERS
from services.tickets.reactions.property import PROPERTY_HANDLERS
from services.tickets.reactions.teams import TEAM_HANDLERS
from services.tickets.settings import TicketSettings

_YEARS_PATIENCE = 400.0
"""All tickets of a year are counted in one statement."""
SERVICE = Service(
    name="tickets",
    plans_by_value=True,
    package=Path(__file__).parent,
    schema=schema,
    access=ACCESS,
    problem_type=Problem,
    events=EVENTS,
    reactions=[
        Reaction(durable="tickets-org", subjects=("linli.*.*.*.*.org.>",), handlers=HANDLERS),
        Reaction(durable="tickets-teams", subjects=("linli.*.*.*.*.org.team.>",), handlers=TEAM_HANDLERS),
        Reaction(
            durable="tickets-check-ins",
            subjects=tuple(f"linli.*.*.*.*.org.{one}" for one in ("check_in.>", "assignment.>", "region.closed")),
            handlers=CHECK_IN_HANDLERS,
        ),
        Reaction(durable="tickets-property", subjects=("linli.*.*.*.*.property.>",), handlers=PROPERTY_HANDLERS),
    ],
    background=[sweep_deadlines, keep_counts, check_files, forget_notifications, keep_retention],
    importer=import_tickets,
    settings=TicketSettings,
    chores={
        "compare-counts": Chore("compare kept counts with the tickets themselves", compare_counts, _YEARS_PATIENCE),
        "repair-counts": Chore("compare them, and put right what differs", repair_counts, _YEARS_PATIENCE),
    },
    extras=extras,
)

if __name__ == "__main__":
    main(SERVICE)
