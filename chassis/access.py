"""Access: the one place where a service says who may do what.

Each service has an `access.py` with one `Access` table: operation name → roles. Two questions are joined by AND:
does the caller hold a role that the operation allows (whose work it is), and does that grant's region cover what is
touched (where). What is outside the caller's scope altogether is NOT_FOUND; what is inside but not theirs, FORBIDDEN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.errors import Forbidden, NotFound, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chassis.identity import Caller

ANY_ROLE = "*"
"""Stands in an access table for: any role at all, as long as the caller is signed in."""

EVENT_READERS = frozenset({"admin", "auditor", "observer"})
"""Roles of the system that read published events in the graph, each in its region."""


@dataclass(frozen=True)
class Access:
    """Who may call which operation; an operation that is not listed is refused to everyone."""

    operations: Mapping[str, frozenset[str]]

    def admit(self, caller: Caller, operation: str) -> None:
        """Refuse a caller who may not call `operation` anywhere, before anything is read.

        Raises Unauthenticated for the anonymous caller, Forbidden when no role fits.
        """
        if caller.is_anonymous:
            raise Unauthenticated(reason="this needs a token")
        roles = self.operations.get(operation, frozenset())
        if ANY_ROLE in roles or any(grant.role in roles for grant in caller.grants):
            return
        raise Forbidden(operation=operation)

    def permit(self, caller: Caller, operation: str, region_code: str, *, what: str = "it") -> None:
        """Refuse a caller who may not do `operation` in `region_code`.

        Raises Unauthenticated, NotFound (outside the caller's scope) or Forbidden (inside, but not with this role).
        """
        self.admit(caller, operation)
        if not caller.sees(region_code):
            raise NotFound(what=what)
        roles = self.operations[operation]
        if not any((ANY_ROLE in roles or grant.role in roles) and grant.covers(region_code) for grant in caller.grants):
            raise Forbidden(operation=operation)
