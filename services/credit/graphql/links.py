"""What every resolver takes, and the types that refer to each other across modules."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import strawberry

from chassis.database import WriteSession
from chassis.errors import BadRequest
from chassis.graphql.context import Context
from chassis.graphql.mutate import Permit
from chassis.live import Live
from services.credit.extras import Extras
from services.credit.storage.catalogues import Catalogues

if TYPE_CHECKING:
    from services.credit.graphql.regions import Region

Info = strawberry.Info[Context, None]
RegionLink = Annotated["Region", strawberry.lazy("services.credit.graphql.regions")]

A = TypeVar("A")


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


def by_catalogue(
    info: Info, command: Callable[[WriteSession, Permit, Catalogues, A], Awaitable[UUID]]
) -> Callable[[WriteSession, Permit, A], Awaitable[UUID]]:
    """Return `command` with the catalogues that it goes by, for `perform`."""
    catalogues = catalogues_of(info.context)
    return lambda session, permit, asked: command(session, permit, catalogues, asked)


def live_of(context: Context) -> Live:
    """Return who in this program follows accounts."""
    known: Extras = context.extras
    return known.live


def named(context: Context, english: str, chinese: str) -> str:
    """Return a name in the caller's language."""
    return chinese if context.language == "zh-CN" else english
