"""Mutations of people and their duties."""

from __future__ import annotations

from datetime import date

import msgspec
import strawberry
from strawberry import UNSET

from chassis.graphql.mutate import perform
from services.org.commands import duties as duty_commands
from services.org.commands import people as commands
from services.org.domain import people as rules
from services.org.domain.periods import today
from services.org.graphql.duties import Duty, duty_by_id
from services.org.graphql.ending import EndInput
from services.org.graphql.enums import PartyStatus
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.people import Person, RevealedPerson, person_by_id, revealed
from services.org.graphql.problem import Problem

_PHONE = "Mainland telephone number. 电话"
_RESIDENT_ID = "Resident identity number. 居民身份证号"


@strawberry.input(description="A person to register; the least that is needed. 登记人员")
class RegisterPersonInput:
    """Input of registerPerson."""

    idempotency_key: str = strawberry.field(description="The same key registers once. 幂等键")
    name: str = strawberry.field(description="Full name. 姓名")
    region_code: str = strawberry.field(description="Where the person is registered. 登记区划")
    party_status: PartyStatus = strawberry.field(description="Whether a party member. 党员类别")
    phone: str | None = strawberry.field(default=None, description=_PHONE)
    resident_id: str | None = strawberry.field(default=None, description=_RESIDENT_ID)


@strawberry.input(description="New values of what is given; null deletes, leaving out keeps. 更新人员")
class UpdatePersonInput:
    """Input of updatePerson."""

    id: strawberry.ID = strawberry.field(description="The person. 人员")
    expected_version: int = strawberry.field(description="The version you read; refused when it is another now. 版本")
    name: str | None = strawberry.field(default=UNSET, description="Full name; never null. 姓名")
    phone: str | None = strawberry.field(default=UNSET, description=_PHONE)
    resident_id: str | None = strawberry.field(default=UNSET, description=_RESIDENT_ID)
    party_status: PartyStatus | None = strawberry.field(default=UNSET, description="Never null. 党员类别")

    def asked(self) -> commands.UpdatePerson:
        """Return it as the command takes it. Raises BadRequest."""
        status = self.party_status
        return commands.UpdatePerson(
            id=uuid_of(self.id),
            expected_version=self.expected_version,
            name=msgspec.UNSET if self.name is UNSET else self.name or "",
            phone=msgspec.UNSET if self.phone is UNSET else self.phone,
            resident_id=msgspec.UNSET if self.resident_id is UNSET else self.resident_id,
            party_status=rules.PartyStatus[status.name] if isinstance(status, PartyStatus) else msgspec.UNSET,
        )


@strawberry.input(description="Whose data you need whole, and what for. 查看个人信息")
class RevealPersonInput:
    """Input of revealPerson."""

    id: strawberry.ID = strawberry.field(description="The person. 人员")
    purpose: str = strawberry.field(description="What for; it is recorded with your name. 查看目的")


@strawberry.input(description="A duty to give. 任命")
class AssignDutyInput:
    """Input of assignDuty."""

    idempotency_key: str = strawberry.field(description="The same key assigns once. 幂等键")
    person_id: strawberry.ID = strawberry.field(description="Who takes it. 人员")
    title: str = strawberry.field(description="Code of the duty title. 职务")
    region_code: str = strawberry.field(description="Where; a region of the title's level. 任职区划")
    valid_from: date = strawberry.field(description="First day; may lie ahead. 任职日期")
    valid_to: date | None = strawberry.field(default=None, description="First day without, if known. 免职日期")
    organisation_id: strawberry.ID | None = strawberry.field(default=None, description="In which one. 任职组织")
    paired_with: strawberry.ID | None = strawberry.field(
        default=None, description="The duty to pair with: in-service with other member. 结对任职"
    )
    recommendation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The recommendation of a branch on which it is given. 推选"
    )
    filing_id: strawberry.ID | None = strawberry.field(
        default=None, description="The filing on which it is given; titles under filing need one. 任职备案"
    )


@strawberry.type(description="What became of it. 结果")
class PersonPayload:
    """Payload of the mutations of people."""

    person: Person | None = strawberry.field(description="The person, masked; null when refused. 人员")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="A person's data, whole. 个人信息")
class RevealPersonPayload:
    """Payload of revealPerson."""

    person: RevealedPerson | None = strawberry.field(description="The data; null when refused. 人员")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class DutyPayload:
    """Payload of the mutations of duties."""

    duty: Duty | None = strawberry.field(description="The duty; null when refused. 任职")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class PersonMutations:
    """The mutations."""

    @strawberry.mutation(description="Register a person. 登记人员")
    async def register_person(self, info: Info, input: RegisterPersonInput) -> PersonPayload:  # noqa: A002
        """Register."""
        status = rules.PartyStatus[input.party_status.name]
        asked = commands.RegisterPerson(input.name, input.region_code, status, input.phone, input.resident_id)
        outcome = await perform(info, "registerPerson", commands.register_person, asked, input.idempotency_key)
        found = await person_by_id(info.context, outcome.id, today()) if outcome.id else None
        return PersonPayload(person=found, problems=outcome.problems)

    @strawberry.mutation(description="Change a person's record; a masked value is refused. 更新人员")
    async def update_person(self, info: Info, input: UpdatePersonInput) -> PersonPayload:  # noqa: A002
        """Update."""
        outcome = await perform(info, "updatePerson", commands.update_person, input.asked())
        found = await person_by_id(info.context, outcome.id, today()) if outcome.id else None
        return PersonPayload(person=found, problems=outcome.problems)

    @strawberry.mutation(description="Show a person's data whole; the look is recorded. 查看个人信息")
    async def reveal_person(self, info: Info, input: RevealPersonInput) -> RevealPersonPayload:  # noqa: A002
        """Record the look, then show."""
        asked = commands.RevealPerson(uuid_of(input.id), input.purpose)
        outcome = await perform(info, "revealPerson", commands.reveal_person, asked)
        found = await revealed(info.context, outcome.id) if outcome.id else None
        return RevealPersonPayload(person=found, problems=outcome.problems)

    @strawberry.mutation(description="Give a person a duty. 任命")
    async def assign_duty(self, info: Info, input: AssignDutyInput) -> DutyPayload:  # noqa: A002
        """Assign."""
        asked = duty_commands.AssignDuty(
            person_id=uuid_of(input.person_id),
            title=input.title,
            region_code=input.region_code,
            valid_from=input.valid_from,
            valid_to=input.valid_to,
            organisation_id=uuid_of(input.organisation_id) if input.organisation_id else None,
            paired_with=uuid_of(input.paired_with) if input.paired_with else None,
            recommendation_id=uuid_of(input.recommendation_id) if input.recommendation_id else None,
            filing_id=uuid_of(input.filing_id) if input.filing_id else None,
        )
        outcome = await perform(info, "assignDuty", duty_commands.assign_duty, asked, input.idempotency_key)
        found = await duty_by_id(info.context, outcome.id, today()) if outcome.id else None
        return DutyPayload(duty=found, problems=outcome.problems)

    @strawberry.mutation(description="End a duty on a day, which may lie ahead. 免职")
    async def end_duty(self, info: Info, input: EndInput) -> DutyPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endDuty", duty_commands.end_duty, input.asked())
        found = await duty_by_id(info.context, outcome.id, today()) if outcome.id else None
        return DutyPayload(duty=found, problems=outcome.problems)
