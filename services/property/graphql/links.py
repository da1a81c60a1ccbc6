"""What every resolver takes, and the types that refer to each other across modules."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.context import Context
from chassis.live import Live
from services.property.extras import Extras

if TYPE_CHECKING:
    from services.property.graphql.committees import Committee
    from services.property.graphql.companies import PropertyCompany
    from services.property.graphql.compounds import Compound
    from services.property.graphql.households import Household
    from services.property.graphql.regions import Region
    from services.property.graphql.votes import Vote

Info = strawberry.Info[Context, None]
RegionLink = Annotated["Region", strawberry.lazy("services.property.graphql.regions")]
CommitteeLink = Annotated["Committee", strawberry.lazy("services.property.graphql.committees")]
CompanyLink = Annotated["PropertyCompany", strawberry.lazy("services.property.graphql.companies")]
CompoundLink = Annotated["Compound", strawberry.lazy("services.property.graphql.compounds")]
HouseholdLink = Annotated["Household", strawberry.lazy("services.property.graphql.households")]
VoteLink = Annotated["Vote", strawberry.lazy("services.property.graphql.votes")]

_LONGEST_WORD = 100


def uuid_of(id_: str) -> UUID:
    """Return the identity that an ID stands for. Raises BadRequest."""
    try:
        return UUID(id_)
    except ValueError as error:
        raise BadRequest(reason="An id is a UUID.") from error


def uuid_or_none(id_: str | None) -> UUID | None:
    """Return the identity that an ID stands for, or None without one. Raises BadRequest."""
    return None if id_ is None else uuid_of(id_)


def plain(text: str | None, name: str) -> str | None:
    """Return a word to look for. Raises BadRequest for one that nothing can be called, or that is far too long."""
    if text is not None and (len(text) > _LONGEST_WORD or "\0" in text):
        raise BadRequest(reason=f"{name} has at most {_LONGEST_WORD} characters that can be shown.")
    return text


def live_of(context: Context) -> Live:
    """Return who in this program follows votes."""
    known: Extras = context.extras
    return known.live


def hundredths(number: int) -> Decimal:
    """Return an amount of 0.01 yuan in yuan, or a score of 0.01 in points."""
    return Decimal(number).scaleb(-2)


def square_metres(area: int) -> Decimal:
    """Return an area of 0.01 m² in m²."""
    return Decimal(area).scaleb(-2)
