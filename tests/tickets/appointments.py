"""Appointments of departments by a grid (网格约请): the process, the departments, and a ticket that invites them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml

from services.org.domain import events as org
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_FILE = Path(__file__).parents[2] / "deploy/practices/processes/grid_appointment.yaml"
APPOINTMENT: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))[0]
SEEN = """query($id: ID!) { ticket(id: $id) { version step { code } invitations { organisation { id } isAnswered }
  myActions { code kind } deadlines { edges { node { kind step { code } isPaused stoppedAt } } }
  timeline { edges { node { kind actedAs invited { id } answersFor { id } } } } } }"""


def office(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"organisation {name}")


async def settle_in(tickets: Tickets, **change: Any) -> None:
    """Let there be the process, and departments with an officer each: fire, water, and one of another district."""
    process = {**APPOINTMENT, **change}
    await tickets.load({"record": "process", "definition": process})
    for name, code in (("fire", city.SUBDISTRICT), ("water", city.SUBDISTRICT), ("far", "370303001")):
        founded = org.OrganisationFounded(
            organisation_id=office(name), kind="office", name=name, parent_id=None, region_id=city.region_id(code),
            region_code=code, established_on=city.SINCE,
        )  # fmt: skip
        held = org.DutyAssigned(
            duty_id=city.duty_id(name), person_id=city.person(name), title="subdistrict_officer",
            organisation_id=office(name), region_id=city.region_id(code), region_code=code,
            valid_from=city.SINCE, valid_to=None,
        )  # fmt: skip
        await city.tell(tickets.runtime.database, founded, held)


def officer(tickets: Tickets, name: str) -> str:
    return tickets.issuer.mint("subdistrict_officer", region=city.SUBDISTRICT, subject=str(city.person(name)))


async def summoned(tickets: Tickets, *names: str) -> dict[str, Any]:
    ticket = await tickets.raised(tickets.staff("worker"), process="grid_appointment", category=None)
    invited = [str(office(name)) for name in names]
    return await tickets.do(
        "inviteToTicket", tickets.staff("committee"), ticket, invited=invited, action="summon", opinion="请到现场"
    )


async def seen(tickets: Tickets, ticket: dict[str, Any], token: str) -> Any:
    return (await tickets.data(SEEN, token, id=ticket["id"]))["ticket"]
