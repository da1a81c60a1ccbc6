"""How a compound is cared for (管理方式): by whom the practice has it looked after."""

from __future__ import annotations

from enum import StrEnum


class Care(StrEnum):
    """The ways; the first is a compound without service (无物业小区)."""

    NONE = "none"
    COMPANY = "company"
    STATE_COMPANY = "state_company"
    SHARED = "shared"
    CITY = "city"
    SELF_MANAGED = "self_managed"
    COMMUNITY = "community"


BY_COMPANY = frozenset({Care.COMPANY, Care.STATE_COMPANY, Care.SHARED, Care.CITY})
"""Ways of care that a contract with a company makes."""
