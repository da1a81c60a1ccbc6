"""特殊人群台账: people of a community who need particular help, and the rules of who may know of it and for how long.

What is kept is sensitive personal information (个人信息保护法 articles 28 to 30): a record has its purpose and its
legal basis (article 13), the least of fields, and a last day; who looks says why. The identity number is not kept, only
a keyed digest by which the person's own records are found (articles 45 and 47).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.people import PersonalData, checked
from services.org.domain.problems import OrgProblem

LONGEST_SITUATION = 500
LONGEST_KEPT = timedelta(days=3 * 366)
"""How long a record is kept without being written anew."""
KEPT_AFTER_END = timedelta(days=183)
"""How long a record is kept once the need is over."""


class LegalBasis(StrEnum):
    """On what a record rests (个人信息保护法 article 13)."""

    CONSENT = "CONSENT"
    LEGAL_DUTY = "LEGAL_DUTY"
    EMERGENCY = "EMERGENCY"


class Look(StrEnum):
    """What somebody did who looked at a record."""

    SEEN = "SEEN"
    EXPORTED = "EXPORTED"


@dataclass(frozen=True, slots=True)
class Details:
    """What identifies the person, and what they need; stored encrypted, and checked."""

    name: str
    phone: str | None
    situation: str


def check_details(name: str, phone: str | None, resident_id: str, situation: str) -> tuple[Details, str]:
    """Return the details and the identity number in their stored form. Raises Refused."""
    data: PersonalData = checked(name, phone, resident_id)
    situation = demanded(situation, "situation", LONGEST_SITUATION, "situation")
    return Details(data.name, data.phone, situation), data.resident_id or ""


def check_basis(basis: LegalBasis, consented_on: date | None, today: date) -> None:
    """Refuse consent without its day, a day of consent without consent, or one to come. Raises Refused."""
    has_day = consented_on is not None
    if has_day != (basis is LegalBasis.CONSENT) or (consented_on is not None and consented_on > today):
        raise Refused(OrgProblem.CONSENT_NEEDS_DAY, "consentedOn")


def check_kept(since: date, until: date) -> None:
    """Refuse to keep a record for no time, or longer than three years. Raises Refused."""
    if not since < until <= since + LONGEST_KEPT:
        raise Refused(OrgProblem.KEPT_TOO_LONG, "keptUntil", latest=since + LONGEST_KEPT)


def kept_after(until: date, ended_on: date) -> date:
    """Return the first day without a record once the need is over: half a year later, never later than before."""
    return min(until, ended_on + KEPT_AFTER_END)
