"""What belongs to compounds, committees, parts and selections and grows over the years, read in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from chassis.graphql.belongings import Belongings
from services.property.storage import care_tables as care
from services.property.storage import committee_tables as committees
from services.property.storage import company_tables as companies
from services.property.storage import system_tables as systems
from services.property.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Select, Table


def _of(table: Table, owner: str = "compound_id") -> Callable[[ColumnElement[Any]], Select[Any]]:
    return lambda id_: select(table).where(table.c[owner] == id_)


def _buildings(compound_id: ColumnElement[Any]) -> Select[Any]:
    """Count the units and parts of each building, and their area."""
    p = t.part.c
    units, parts = func.count(p.unit.distinct()).label("units"), func.count().label("households")
    counted = select(p.building, units, parts, func.sum(p.area).label("area")).where(p.compound_id == compound_id)
    return counted.group_by(p.building)


def _ownerships(part_id: ColumnElement[Any]) -> Select[Any]:
    """Choose who owns and owned a part, with the owner's own columns."""
    w, o = t.ownership.c, t.owner.c
    owner = [o[name] for name in ("kind", "name", "number", "phone")]
    return select(t.ownership, *owner).join(t.owner, o.id == w.owner_id).where(w.part_id == part_id)


BUILDINGS = Belongings("Compound.buildings", _buildings, ("building",))
"""The buildings of compounds, by name."""
COMMITTEES = Belongings("Compound.committees", _of(committees.committee), ("prepared_on", "id"), descending=True)
"""What acts for the owners of compounds, the latest first; so are all that follow but the elections."""
SELECTIONS = Belongings("Compound.selections", _of(companies.selection), ("id",), descending=True)
CONTRACTS = Belongings("Compound.contracts", _of(companies.contract), ("starts_on", "id"), descending=True)
ASSESSMENTS = Belongings("Compound.assessments", _of(companies.assessment), ("period", "id"), descending=True)
LACKS = Belongings("Compound.lacks", _of(care.lack), ("registered_on", "id"), descending=True)
SYSTEMS = Belongings("Compound.serviceSystems", _of(systems.service_system), ("valid_from", "id"), descending=True)
STATEMENTS = Belongings("Compound.fundStatements", _of(care.fund_statement), ("quarter",), descending=True)
EMERGENCIES = Belongings("Compound.fundEmergencies", _of(care.emergency), ("asked_at", "id"), descending=True)
MATTERS = Belongings(
    "Committee.matters", _of(committees.major_matter, "committee_id"), ("reported_at", "id"), descending=True
)
ELECTIONS = Belongings("Committee.elections", _of(committees.election, "committee_id"), ("id",))
"""The elections of committees, the first first."""
APPLICATIONS = Belongings("Selection.applications", _of(companies.application, "selection_id"), ("id",))
"""The companies that apply in selections, in the order in which they did."""
OWNERSHIPS = Belongings("Household.ownershipHistory", _ownerships, ("valid_from", "id"), descending=True)
"""Who owns and owned parts, the latest first."""
OCCUPANTS = Belongings("Household.occupants", _of(t.occupant, "part_id"), ("valid_from", "id"), descending=True)
"""Who lives or lived in parts or is entrusted, the latest first."""
