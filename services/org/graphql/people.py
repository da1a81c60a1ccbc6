"""People: masked, whoever asks; what is whole is revealed by a mutation that records the look."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.context import Context
from services.org.access import may
from services.org.domain.masking import mask_name, mask_phone, mask_resident_id
from services.org.domain.periods import today
from services.org.graphql import check_ins, duties, grades, organisations, regions
from services.org.graphql.above import person_above
from services.org.graphql.enums import PartyStatus
from services.org.graphql.links import (
    MOST_LISTED,
    CheckInLink,
    DutyLink,
    Info,
    OrganisationLink,
    RegionLink,
    WorkerGradeLink,
    uuid_of,
)
from services.org.graphql.rowed import Rowed
from services.org.storage.reads import load_duties_of_people, load_people


@strawberry.federation.type(keys=["id"], description="A person; identifying fields are masked. 人员")
class Person(Rowed):
    """A person."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Person | None:  # noqa: A002 (federation's key)
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "person")
        return await person_referred_to(info.context, uuid_of(id), today())

    @strawberry.field(description="Surname and a star. 姓名（脱敏）")
    def name(self) -> str:
        """Mask the name."""
        return mask_name(self.row["name"])

    @strawberry.field(description="Telephone number with its middle hidden. 电话（脱敏）")
    def phone(self, info: Info) -> str | None:
        """Mask the number."""
        stored = self.row["phone"]
        return None if stored is None else mask_phone(info.context.cipher.decrypt(stored))

    @strawberry.field(description="Identity number, masked, for who may reveal it. 身份证号（脱敏）")
    def resident_id(self, info: Info) -> str | None:
        """Mask the number, and show even that only to who may reveal it."""
        stored = self.row["resident_id"]
        if stored is None or not _may(info.context, "revealPerson", self.row):
            return None
        return mask_resident_id(info.context.cipher.decrypt(stored))

    @strawberry.field(description="Whether a party member; null for residents. 党员类别")
    def party_status(self, info: Info) -> PartyStatus | None:
        """Show it to staff only."""
        return PartyStatus[self.row["party_status"]] if _may(info.context, "partyStatus", self.row) else None

    @strawberry.field(description="Where the person is registered. 登记区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_then(info.context, self.row, self.day)

    @strawberry.field(description="Duties in force, the latest taken first; at most 100. 现任职务")
    async def duties(self, info: Info) -> list[DutyLink]:
        """Read the duties."""
        rows = await info.context.loader(load_duties_of_people).load((self.row["id"], self.day))
        return [duties.Duty.of(row, self.day) for row in rows[:MOST_LISTED]]

    @strawberry.field(
        description="Posts and grades as a community worker, the latest first, at most 100; for the worker and who "
        "keeps them, null to others. 岗级沿革"
    )
    async def worker_grades(self, info: Info) -> list[WorkerGradeLink] | None:
        """Read them."""
        return await grades.grades_of(info.context, self.row["id"], self.row["region_code"])

    @strawberry.field(
        description="Where they checked in, the latest first, at most 100, with the branch and post that they are "
        "assigned to; for the person and for staff, null to others. 报到"
    )
    async def check_ins(self, info: Info) -> list[CheckInLink] | None:
        """Read them."""
        found = await check_ins.check_ins_of(info.context, self.row["id"], self.row["region_code"])
        return None if found is None else list(found)

    @strawberry.field(description="Organisation of the duty taken last of those in force. 现任职组织")
    async def current_organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        rows = await info.context.loader(load_duties_of_people).load((self.row["id"], self.day))
        held = next((row["organisation_id"] for row in rows if row["organisation_id"]), None)
        return None if held is None else await organisations.organisation_by_id(info.context, held, self.day)


async def person_by_id(context: Context, id_: UUID, day: date) -> Person | None:
    """Return a person in scope."""
    row = await context.loader(load_people).load(id_)
    return None if row is None else Person.of(row, day)


async def person_referred_to(context: Context, id_: UUID, day: date) -> Person | None:
    """Return a person in scope, or one who holds an office above the caller."""
    found = await person_by_id(context, id_, day)
    row = await person_above(context, id_) if found is None else None
    return found if row is None else Person.of(row, day)


def _may(context: Context, operation: str, row: RowMapping) -> bool:
    return may(context.caller, operation, row["region_code"])


@strawberry.type(description="A person's data unmasked, for whom the look was recorded. 个人信息")
class RevealedPerson:
    """What revealPerson shows."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    name: str = strawberry.field(description="Full name. 姓名")
    phone: str | None = strawberry.field(description="Telephone number. 电话")
    resident_id: str | None = strawberry.field(description="Resident identity number. 居民身份证号")


async def revealed(context: Context, id_: UUID) -> RevealedPerson | None:
    """Return a person's data whole; only for who has just been recorded as looking."""
    row = await context.loader(load_people).load(id_)
    if row is None:
        return None
    phone, number = row["phone"], row["resident_id"]
    return RevealedPerson(
        id=strawberry.ID(str(id_)),
        name=row["name"],
        phone=None if phone is None else context.cipher.decrypt(phone),
        resident_id=None if number is None else context.cipher.decrypt(number),
    )
