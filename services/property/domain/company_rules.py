"""What places settle for property companies: services by type of compound, assessment (三评两公示), recommendation.

Scores are integers of 0.01, from 0 to 100.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FULL = 10_000
OWNERS = "owners"
"""The evaluator whose score is the mean of what the owners say."""
_BEST, _WORST = 5, 1


class ServiceItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service and how often or well it is to be done."""

    name_zh: str
    name_en: str
    standard_zh: str
    standard_en: str


class ServiceStandard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Contents and standards of service (服务内容、标准) for some types of compounds."""

    code: str
    name_zh: str
    name_en: str
    compound_kinds: tuple[str, ...]
    items: tuple[ServiceItem, ...]


class Evaluator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who evaluates with what weight; `title` is the duty title that answers, None for the owners."""

    code: str
    title: str | None
    weight: int
    name_zh: str
    name_en: str


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade from a score on."""

    code: str
    least: int
    name_zh: str
    name_en: str


class AssessmentRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How companies are assessed: three evaluations, two publicities."""

    code: str
    name_zh: str
    name_en: str
    evaluators: tuple[Evaluator, ...] = (
        Evaluator(OWNERS, None, 40, "业主评", "owners"),
        Evaluator("community", "community_secretary", 30, "社区评", "community"),
        Evaluator("subdistrict", "subdistrict_officer", 30, "街道评", "subdistrict"),
    )
    publicity_days: int = 7
    grades: tuple[Grade, ...] = (
        Grade("excellent", 9000, "优秀", "excellent"),
        Grade("good", 8000, "良好", "good"),
        Grade("sufficient", 6000, "合格", "sufficient"),
        Grade("insufficient", 0, "不合格", "insufficient"),
    )


class RecommendationRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How companies are recommended: weights of Party building, service, satisfaction and tickets, together 100."""

    code: str = "recommendation"
    party: int = 20
    service: int = 40
    satisfaction: int = 40
    tickets: int = 0
    """What residents say, 1 to 5, of how tickets about the company ended."""
    ticket_categories: tuple[str, ...] = ()
    """Categories of tickets that are about the company of the compound in which they are raised."""
    unknown: int = 6000
    """What counts where nothing is known yet: a new company is neither praised nor blamed."""


DEFAULT_ASSESSMENT = AssessmentRule(
    code="three_two", name_zh="三评两公示", name_en="three evaluations, two publicities"
)
DEFAULT_RECOMMENDATION = RecommendationRule()


def _refuse(faults: Sequence[tuple[bool, str]]) -> None:
    for is_fault, reason in faults:
        if is_fault:
            raise Refused(PropertyProblem.UNLAWFUL_RULE, "rule", reason=reason)


def check_service_standard(rule: ServiceStandard) -> ServiceStandard:
    """Return a standard that says something. Raises Refused."""
    _refuse(((not rule.items or not rule.compound_kinds, "it has items and compound_kinds"),))
    return rule


def check_assessment_rule(rule: AssessmentRule) -> AssessmentRule:
    """Return a rule that can be computed. Raises Refused."""
    codes = [one.code for one in rule.evaluators]
    least = [grade.least for grade in rule.grades]
    _refuse(
        (
            (sum(one.weight for one in rule.evaluators) != 100, "weights add up to 100"),  # noqa: PLR2004
            (any(one.weight <= 0 for one in rule.evaluators), "weights are more than 0"),
            (len(set(codes)) < len(codes), "evaluators have different codes"),
            (any((one.title is None) != (one.code == OWNERS) for one in rule.evaluators), "only owners have no title"),
            (least != sorted(set(least), reverse=True) or least[-1:] != [0], "grades fall, and the last one is from 0"),
            (not 1 <= rule.publicity_days <= 60, "publicity_days is 1 to 60"),  # noqa: PLR2004
        )
    )
    return rule


def check_recommendation_rule(rule: RecommendationRule) -> RecommendationRule:
    """Return a rule that can be computed. Raises Refused."""
    weights = (rule.party, rule.service, rule.satisfaction, rule.tickets)
    _refuse(
        (
            (sum(weights) != 100 or min(weights) < 0, "weights add up to 100"),  # noqa: PLR2004
            (not 0 <= rule.unknown <= FULL, "unknown is 0 to 10000"),
        )
    )
    return rule


def rounded(value: Fraction) -> int:
    """Return a value rounded half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def score_of(rule: AssessmentRule, scores: Mapping[str, int]) -> int:
    """Return the weighted score of all evaluators."""
    return rounded(Fraction(sum(one.weight * scores[one.code] for one in rule.evaluators), 100))


def grade_of(rule: AssessmentRule, score: int) -> Grade:
    """Return the grade of a score."""
    return next(grade for grade in rule.grades if score >= grade.least)


def satisfaction_of(stars: int, voices: int) -> int | None:
    """Return the mean of `voices` evaluations of 1 to 5, `stars` together, as a score; None when nobody spoke."""
    if voices == 0:
        return None
    return rounded(Fraction(FULL * (stars - voices * _WORST), voices * (_BEST - _WORST)))


def party_score(*, has_branch: bool, is_red: bool) -> int:
    """Return the score of Party building: a branch counts six parts of ten, being red the other four."""
    return 6000 * has_branch + 4000 * is_red


def recommendation(
    rule: RecommendationRule, party: int, service: int | None, satisfaction: int | None, tickets: int | None = None
) -> int:
    """Return the score by which companies are recommended; None where nothing is known."""
    weighted = (
        (rule.party, party),
        (rule.service, service),
        (rule.satisfaction, satisfaction),
        (rule.tickets, tickets),
    )
    total = sum(weight * (rule.unknown if score is None else score) for weight, score in weighted)
    return rounded(Fraction(total, 100))
