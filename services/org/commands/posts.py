"""The title of a post, and who is about to take it, as the rules of duties ask about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from chassis.problems import Refused
from services.org.commands.places import hold_organisation
from services.org.domain.duties import Candidate, DutyTitle
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.grid_teams import duty_title

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from services.org.commands.places import RegionInForce


async def find_title(session: WriteSession, code: str) -> DutyTitle:
    """Return a duty title of the practice. Raises Refused with UNKNOWN_DUTY_TITLE."""
    row = await session.row(select(t.duty_title).where(t.duty_title.c.code == code))
    if row is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "title", title=code[:40])
    return duty_title(row)


async def candidate(
    session: WriteSession, region: RegionInForce, person: RowMapping, organisation_id: UUID | None, period: Period
) -> Candidate:
    """Return a person who is to hold a duty in a region, perhaps in an organisation, which nobody ends meanwhile.

    Raises Refused with UNKNOWN_ORGANISATION.
    """
    kind, existence = None, None
    if organisation_id is not None:
        organisation = await hold_organisation(session, organisation_id, "organisationId")
        kind = organisation["kind"]
        existence = Period(organisation["established_on"], organisation["dissolved_on"])
    return Candidate(
        person_id=person["id"],
        party_status=PartyStatus(person["party_status"]),
        period=period,
        region_code=region.code,
        region_level=region.level,
        region_existence=region.existence,
        organisation_kind=kind,
        organisation_existence=existence,
    )
