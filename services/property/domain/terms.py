"""Terms of committees: when they end, when the end is told of, and until when a committee is to be filed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from services.property.domain.committee_rules import CommitteeRule


class Term(NamedTuple):
    """A term of office: its end is the first day after it."""

    ends: date
    warn_on: date
    file_by: date


def term_of(elected_on: date, rule: CommitteeRule) -> Term:
    """Return the term of a committee that was elected on a day."""
    ends = years_after(elected_on, rule.term_years)
    return Term(ends, ends - timedelta(days=rule.warning_days), elected_on + timedelta(days=rule.filing_days))


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 28 (民法典 article 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
