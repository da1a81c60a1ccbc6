"""Who sits in a committee: in which office, in which capacity, and why they left."""

from __future__ import annotations

from enum import StrEnum


class Office(StrEnum):
    """Office in a committee; an alternate (候补) does not sit in it."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    ALTERNATE = "alternate"


class Capacity(StrEnum):
    """As what somebody is in a preparatory group or a management committee."""

    OWNER = "owner"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    PARTY = "party"
    DEVELOPER = "developer"
    POLICE = "police"
    OTHER = "other"


class Nomination(StrEnum):
    """By whom a candidate is proposed."""

    PARTY_ORGANISATION = "party_organisation"
    RESIDENTS_COMMITTEE = "residents_committee"
    OWNERS = "owners"
    SELF = "self"


class Departure(StrEnum):
    """Why a member left."""

    RESIGNED = "resigned"
    RECALLED = "recalled"
    NO_LONGER_OWNER = "no_longer_owner"
    UNABLE = "unable"


class Ending(StrEnum):
    """Why a committee ended."""

    SUCCEEDED = "succeeded"
    DISSOLVED = "dissolved"
    NOT_ELECTED = "not_elected"
    REPLACED = "replaced"
