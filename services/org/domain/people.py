"""People: the least that is needed to say who holds a duty (个人信息保护法 articles 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.identifiers import check_phone, check_resident_id
from services.org.domain.masking import check_not_masked
from services.org.domain.problems import OrgProblem

LONGEST_NAME = 50
LONGEST_PURPOSE = 200


class PartyStatus(StrEnum):
    """Whether a person is a party member, and of which kind for pairing (在职党员, 非在职党员)."""

    NONE = "NONE"
    IN_SERVICE = "IN_SERVICE"
    OTHER = "OTHER"

    @property
    def is_member(self) -> bool:
        """Whether the person is a party member."""
        return self is not PartyStatus.NONE


class Education(StrEnum):
    """The highest education that a person has finished; from COLLEGE on it counts as college or above (大专及以上)."""

    SECONDARY = "SECONDARY"
    COLLEGE = "COLLEGE"
    UNIVERSITY = "UNIVERSITY"
    POSTGRADUATE = "POSTGRADUATE"

    @property
    def is_college(self) -> bool:
        """Whether it is college or above."""
        return self is not Education.SECONDARY


class OwnPart(StrEnum):
    """As what a person is named in what is kept of them."""

    DUTY = "DUTY"
    TEAM = "TEAM"
    MUSTER = "MUSTER"
    CHECK_IN = "CHECK_IN"
    CONTACT = "CONTACT"
    RESERVE = "RESERVE"
    CALL_UP = "CALL_UP"
    DISTINCTION = "DISTINCTION"
    WORKER_GRADE = "WORKER_GRADE"
    WORKER_ASSESSMENT = "WORKER_ASSESSMENT"
    TRAINING = "TRAINING"
    TALENT = "TALENT"
    QUALIFICATION = "QUALIFICATION"
    EXPERT = "EXPERT"
    ACTIVITY = "ACTIVITY"
    NOMINATION = "NOMINATION"
    FILING = "FILING"


EARLIEST_BIRTH_YEAR = 1900


def check_birth_year(year: int | None, this_year: int, *path: str) -> int | None:
    """Return a year of birth. Raises Refused for one that nobody who works here can have."""
    if year is not None and not EARLIEST_BIRTH_YEAR <= year <= this_year:
        raise Refused(OrgProblem.INVALID_BIRTH_YEAR, *path, year=year)
    return year


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A person's checked data; None where it is not held."""

    name: str
    phone: str | None
    resident_id: str | None


def checked(name: str, phone: str | None, resident_id: str | None) -> PersonalData:
    """Return the data in their stored form. Raises Refused for a masked, overlong or malformed value."""
    check_not_masked(name, "name")
    name = demanded(name, "name", LONGEST_NAME)
    if phone is not None:
        check_not_masked(phone, "phone")
        phone = check_phone(phone, "phone")
    if resident_id is not None:
        check_not_masked(resident_id, "residentId")
        resident_id = check_resident_id(resident_id, "residentId")
    return PersonalData(name, phone, resident_id)


def check_purpose(purpose: str, *path: str) -> str:
    """Return the purpose of a look at personal data. Raises Refused when it is empty or too long."""
    return demanded(purpose, "purpose", LONGEST_PURPOSE, *path)
