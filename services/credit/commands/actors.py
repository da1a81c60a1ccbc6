"""Who acts: the present instant, and the duties that the caller's token claims and org's register confirms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.errors import Forbidden, NotFound
from services.credit.domain.periods import local_day
from services.credit.storage.duties import posts_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from chassis.database import ReadSession
    from chassis.graphql.mutate import Permit
    from chassis.identity import Caller


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


async def require_duty(session: ReadSession, permit: Permit, titles: Collection[str], region_code: str) -> str:
    """Return the duty title, one of `titles`, that the caller acts as in `region_code`.

    It counts when the caller has a grant of that title which covers the region, and holds the duty there by org's
    register. Raises NotFound outside the caller's scope, Forbidden inside.
    """
    caller = permit.caller
    if not caller.sees(region_code):
        raise NotFound(what="credit account")
    claimed = [title for title in titles if caller.holds(title, region_code)]
    try:
        person = UUID(str(caller.subject))
    except ValueError:
        claimed = []
    if claimed:
        for title, held_in in await posts_of(session, person, local_day(now())):
            if title in claimed and region_code.startswith(held_in):
                permit.decided()
                return title
    raise Forbidden(operation=permit.operation)


async def duty_regions(session: ReadSession, caller: Caller, titles: Collection[str]) -> tuple[str, ...]:
    """Return the regions in which the caller has a grant of one of `titles` and holds that duty by org's register."""
    try:
        person = UUID(str(caller.subject))
    except ValueError:
        return ()
    held = await posts_of(session, person, local_day(now()))
    return tuple(sorted({region for title, region in held if title in titles and caller.holds(title, region)}))
