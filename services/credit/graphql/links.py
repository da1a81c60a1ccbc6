"""What every resolver takes, and the types that refer to each other across modules."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.context import Context
from chassis.live import Live
from services.credit.extras import Extras
from services.credit.storage.catalogues import Catalogues

if TYPE_CHECKING:
    from services.credit.graphql.regions import Region

Info = strawberry.Info[Context, None]
RegionLink = Annotated["Region", strawberry.lazy("services.credit.graphql.regions")]


def uuid_of(id_: str) -> UUID:
    """Return the identity that an ID stands for. Raises BadRequest."""
    try:
        return UUID(id_)
    except ValueError as error:
        raise BadRequest(reason="An id is a UUID.") from error


def catalogues_of(context: Context) -> Catalogues:
    """Return what this program knows of catalogues."""
    known: Extras = context.extras
    return known.catalogues


def live_of(context: Context) -> Live:
    """Return who in this program follows accounts."""
    known: Extras = context.extras
    return known.live


def named(context: Context, english: str, chinese: str) -> str:
    """Return a name in the caller's language."""
    return chinese if context.language == "zh-CN" else english
