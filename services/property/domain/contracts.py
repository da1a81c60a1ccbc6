"""Contracts of property service: notice, term, renewal, exit. Civil Code (民法典) articles 939-949.

Prices are integers of 0.01 yuan for a square metre and month, deposits of 0.01 yuan.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

DISMISSAL_DAYS = 60
"""Written notice of a dismissal (article 946), and of leaving a contract without a term (article 948)."""
DECLINING_DAYS = 90
"""Written notice of a company that does not want to go on after the term (article 947)."""
MOST_FEN = 10_000_000_000
_LONGEST_YEARS = 10


class ContractKind(StrEnum):
    """Who chose the company."""

    PRELIMINARY = "preliminary"
    SERVICE = "service"


class NoticeBy(StrEnum):
    """Who ends the contract."""

    OWNERS = "owners"
    COMPANY = "company"


def check_money(fen: int, field: str, *, least: int = 0) -> int:
    """Return an amount in 0.01 yuan within sane limits. Raises Refused."""
    if not least <= fen <= MOST_FEN:
        raise Refused(PropertyProblem.INVALID_AMOUNT, field)
    return fen


def check_term(starts_on: date, ends_on: date) -> None:
    """Refuse a contract that ends before it begins, or after more than ten years."""
    if not starts_on < ends_on or ends_on.year - starts_on.year > _LONGEST_YEARS:
        raise Refused(PropertyProblem.INVALID_DATE, "endsOn", field="endsOn", earliest=starts_on + timedelta(days=1))


def check_notice(by: NoticeBy, on: date, leaves_on: date, ends_on: date) -> None:
    """Refuse a notice that is too short.

    The owners may dismiss with 60 days (946). A company leaves at the end of the term with 90 days (947); after the
    term, when the contract goes on without one, with 60 (948).
    """
    has_term = on < ends_on
    days = DECLINING_DAYS if by is NoticeBy.COMPANY and has_term else DISMISSAL_DAYS
    earliest = on + timedelta(days=days)
    if by is NoticeBy.COMPANY and has_term:
        earliest = max(earliest, ends_on)
    if leaves_on < earliest:
        raise Refused(PropertyProblem.INVALID_DATE, "leavesOn", field="leavesOn", earliest=earliest)


def goes_on_without_term(ends_on: date, day: date) -> bool:
    """Tell whether a contract that nobody has ended is one without a term now (article 948)."""
    return ends_on <= day
