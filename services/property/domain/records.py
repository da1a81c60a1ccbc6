"""The records of an import file, as README.md describes them; one JSON object a line."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated
from uuid import UUID  # noqa: TC003

import msgspec

from services.property.domain.care import Care
from services.property.domain.committee_rules import CommitteeRule, Form
from services.property.domain.company_rules import (  # noqa: TC001
    AssessmentRule,
    RecommendationRule,
    ServiceStandard,
)
from services.property.domain.haves import Have  # noqa: TC001
from services.property.domain.red import RedRule  # noqa: TC001
from services.property.domain.rules import VoteRule  # noqa: TC001
from services.property.domain.seats import Capacity, Office
from services.property.domain.service_system import ServiceSystem  # noqa: TC001


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record"):
    """Base: `record` says which one it is, and a field that it does not know is refused."""


class CompoundRecord(_Record, frozen=True, tag="compound"):
    """A compound; the region is given by id and code, as org may not have told of it yet.

    `latitude` and `longitude` say where it lies, in degrees, if that is known.
    """

    id: UUID
    name: str
    kind: str
    region_id: UUID
    region_code: str
    registered_on: date
    care: Care = Care.NONE
    latitude: float | None = None
    longitude: float | None = None


class CompanyRecord(_Record, frozen=True, tag="company"):
    """A property company, in the region that looks after it."""

    id: UUID
    name: str
    credit_code: str
    region_id: UUID
    region_code: str
    registered_on: date
    has_party_branch: bool = False


class MemberRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A member of a committee; `person_id` is the same person in org."""

    name: str
    capacity: Capacity = Capacity.OWNER
    office: Office = Office.MEMBER
    is_party_member: bool = False
    is_public_employee: bool = False
    person_id: UUID | None = None


class CommitteeRecord(_Record, frozen=True, tag="committee", kw_only=True):
    """A committee in office, in a compound that is there."""

    id: UUID
    compound_id: UUID
    form: Form = Form.OWNERS_COMMITTEE
    seats: Annotated[int, msgspec.Meta(ge=1)]
    elected_on: date
    filed_on: date | None = None
    organisation_id: UUID | None = None
    rule: str | None = None
    members: tuple[MemberRecord, ...] = ()


class CompanyStaffRecord(_Record, frozen=True, tag="company_staff", kw_only=True):
    """Who leads a company, by the person in org."""

    id: UUID
    company_id: UUID
    person_id: UUID
    valid_from: date
    is_manager: bool = True


class LackRecord(_Record, frozen=True, tag="lack", kw_only=True):
    """A compound that lacks service, a responsible unit or security; the haves that it has, with their evidence."""

    id: UUID
    compound_id: UUID
    no_service: bool = True
    no_unit: bool = True
    no_security: bool = True
    cause: str
    registered_on: date
    solution: Care | None = None
    responsible: str | None = None
    converted_on: date | None = None
    haves: dict[Have, str] = {}


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


class ServiceSystemRecord(_Record, frozen=True, tag="service_system"):
    """A system of property help; compounds that are under it already keep the one that they were put under."""

    definition: ServiceSystem


class PostRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who fills a level or body: one of an organisation of org, a person with their duty title, and a name."""

    post: str
    valid_from: date
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    title: str | None = None
    name: str | None = None


class CompoundSystemRecord(_Record, frozen=True, tag="compound_system", kw_only=True):
    """A compound under a system that is there, with who fills its levels and bodies."""

    id: UUID
    compound_id: UUID
    system: str
    valid_from: date
    posts: tuple[PostRecord, ...] = ()


StandardRecord = (
    CommitteeRuleRecord
    | RedRuleRecord
    | ServiceStandardRecord
    | AssessmentRuleRecord
    | RecommendationRuleRecord
    | ServiceSystemRecord
)
BodyRecord = CommitteeRecord | CompanyStaffRecord | LackRecord | CompoundSystemRecord
Record = StandardRecord | BodyRecord | CompoundRecord | CompanyRecord | RuleRecord
