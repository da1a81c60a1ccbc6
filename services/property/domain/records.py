"""The records of an import file, as README.md describes them; one JSON object a line."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

import msgspec

from services.property.domain.care import Care
from services.property.domain.committee_rules import CommitteeRule  # noqa: TC001
from services.property.domain.company_rules import (  # noqa: TC001
    AssessmentRule,
    RecommendationRule,
    ServiceStandard,
)
from services.property.domain.red import RedRule  # noqa: TC001
from services.property.domain.rules import VoteRule  # noqa: TC001


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record"):
    """Base: `record` says which one it is, and a field that it does not know is refused."""


class CompoundRecord(_Record, frozen=True, tag="compound"):
    """A compound; the region is given by id and code, as org may not have told of it yet."""

    id: UUID
    name: str
    kind: str
    region_id: UUID
    region_code: str
    registered_on: date
    care: Care = Care.NONE


class CompanyRecord(_Record, frozen=True, tag="company"):
    """A property company, in the region that looks after it."""

    id: UUID
    name: str
    credit_code: str
    region_id: UUID
    region_code: str
    registered_on: date
    has_party_branch: bool = False


class RuleRecord(_Record, frozen=True, tag="rule"):
    """A local rule of meetings and votes; replaces the one of the same code for votes announced from then on."""

    definition: VoteRule


class CommitteeRuleRecord(_Record, frozen=True, tag="committee_rule"):
    """A local rule of committees and their elections; committees that are being prepared keep theirs."""

    definition: CommitteeRule


class RedRuleRecord(_Record, frozen=True, tag="red_rule"):
    """When a committee or company counts as red in this practice."""

    definition: RedRule


class ServiceStandardRecord(_Record, frozen=True, tag="service_standard"):
    """Contents and standards of service for some types of compounds."""

    definition: ServiceStandard


class AssessmentRuleRecord(_Record, frozen=True, tag="assessment_rule"):
    """How companies are assessed; an assessment that was opened keeps its rule."""

    definition: AssessmentRule


class RecommendationRuleRecord(_Record, frozen=True, tag="recommendation_rule"):
    """How companies are recommended in this practice."""

    definition: RecommendationRule


StandardRecord = (
    CommitteeRuleRecord | RedRuleRecord | ServiceStandardRecord | AssessmentRuleRecord | RecommendationRuleRecord
)
Record = StandardRecord | CompoundRecord | CompanyRecord | RuleRecord
