"""The types that refer to each other across modules, and what every resolver takes."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.context import Context

MOST_LISTED = 100
"""How many a plain list that may grow has at most; of what is often more there are pages."""

if TYPE_CHECKING:
    from services.org.graphql.alliances import AllianceMembership
    from services.org.graphql.assessments import CapacityScore
    from services.org.graphql.check_ins import CheckIn, CheckInAssignment, CheckInStats
    from services.org.graphql.compounds import Compound
    from services.org.graphql.contacts import Contact, ContactStats, Visit
    from services.org.graphql.duties import Duty
    from services.org.graphql.filings import DutyFiling, DutyFilingStats
    from services.org.graphql.funds import Fund
    from services.org.graphql.grades import WorkerGrade
    from services.org.graphql.grid_team import Vacancy
    from services.org.graphql.guides import DutyGuide
    from services.org.graphql.lists import ListItem, Ticket
    from services.org.graphql.organisations import Organisation
    from services.org.graphql.partners import JointProblem
    from services.org.graphql.people import Person
    from services.org.graphql.reach import ReachableStation
    from services.org.graphql.recommendations import Recommendation
    from services.org.graphql.regions import Region
    from services.org.graphql.rosters import RosterPost, VacancyCount
    from services.org.graphql.services import ReachableItem, ServiceItem
    from services.org.graphql.stations import Station
    from services.org.graphql.talents import AllRoundStats, Qualification, Talent, TalentStats
    from services.org.graphql.teams import Team, TeamMembership
    from services.org.graphql.training import Rotation, Training

Info = strawberry.Info[Context, None]

AllianceMembershipLink = Annotated["AllianceMembership", strawberry.lazy("services.org.graphql.alliances")]
CapacityScoreLink = Annotated["CapacityScore", strawberry.lazy("services.org.graphql.assessments")]
AssignmentLink = Annotated["CheckInAssignment", strawberry.lazy("services.org.graphql.check_ins")]
CheckInStatsLink = Annotated["CheckInStats", strawberry.lazy("services.org.graphql.check_ins")]
CheckInLink = Annotated["CheckIn", strawberry.lazy("services.org.graphql.check_ins")]
CompoundLink = Annotated["Compound", strawberry.lazy("services.org.graphql.compounds")]
ContactLink = Annotated["Contact", strawberry.lazy("services.org.graphql.contacts")]
ContactStatsLink = Annotated["ContactStats", strawberry.lazy("services.org.graphql.contacts")]
VisitLink = Annotated["Visit", strawberry.lazy("services.org.graphql.contacts")]
JointProblemLink = Annotated["JointProblem", strawberry.lazy("services.org.graphql.partners")]
ListItemLink = Annotated["ListItem", strawberry.lazy("services.org.graphql.lists")]
TicketLink = Annotated["Ticket", strawberry.lazy("services.org.graphql.lists")]
FundLink = Annotated["Fund", strawberry.lazy("services.org.graphql.funds")]
DutyGuideLink = Annotated["DutyGuide", strawberry.lazy("services.org.graphql.guides")]
WorkerGradeLink = Annotated["WorkerGrade", strawberry.lazy("services.org.graphql.grades")]
DutyFilingLink = Annotated["DutyFiling", strawberry.lazy("services.org.graphql.filings")]
DutyFilingStatsLink = Annotated["DutyFilingStats", strawberry.lazy("services.org.graphql.filings")]
RecommendationLink = Annotated["Recommendation", strawberry.lazy("services.org.graphql.recommendations")]
RegionLink = Annotated["Region", strawberry.lazy("services.org.graphql.regions")]
OrganisationLink = Annotated["Organisation", strawberry.lazy("services.org.graphql.organisations")]
PersonLink = Annotated["Person", strawberry.lazy("services.org.graphql.people")]
DutyLink = Annotated["Duty", strawberry.lazy("services.org.graphql.duties")]
TeamLink = Annotated["Team", strawberry.lazy("services.org.graphql.teams")]
TeamMembershipLink = Annotated["TeamMembership", strawberry.lazy("services.org.graphql.teams")]
ReachableItemLink = Annotated["ReachableItem", strawberry.lazy("services.org.graphql.services")]
ReachableStationLink = Annotated["ReachableStation", strawberry.lazy("services.org.graphql.reach")]
ServiceItemLink = Annotated["ServiceItem", strawberry.lazy("services.org.graphql.services")]
StationLink = Annotated["Station", strawberry.lazy("services.org.graphql.stations")]
AllRoundStatsLink = Annotated["AllRoundStats", strawberry.lazy("services.org.graphql.talents")]
QualificationLink = Annotated["Qualification", strawberry.lazy("services.org.graphql.talents")]
TalentLink = Annotated["Talent", strawberry.lazy("services.org.graphql.talents")]
TalentStatsLink = Annotated["TalentStats", strawberry.lazy("services.org.graphql.talents")]
RotationLink = Annotated["Rotation", strawberry.lazy("services.org.graphql.training")]
TrainingLink = Annotated["Training", strawberry.lazy("services.org.graphql.training")]
RosterPostLink = Annotated["RosterPost", strawberry.lazy("services.org.graphql.rosters")]
VacancyCountLink = Annotated["VacancyCount", strawberry.lazy("services.org.graphql.rosters")]
VacancyLink = Annotated["Vacancy", strawberry.lazy("services.org.graphql.grid_team")]


def uuid_of(id_: str) -> UUID:
    """Return the identity that an ID stands for. Raises BadRequest."""
    try:
        return UUID(id_)
    except ValueError as error:
        raise BadRequest(reason="An id is a UUID.") from error
