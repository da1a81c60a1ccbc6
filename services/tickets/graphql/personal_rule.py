"""What a process says of a requester's data, in the graph."""

from __future__ import annotations

from enum import Enum
from typing import Self

import strawberry

from chassis.graphql.context import Context
from services.tickets.domain.process import Process


@strawberry.enum(description="Ground on which personal data is handled (个人信息保护法 article 13). 处理依据")
class PersonalDataBasis(Enum):
    """As `domain.personal_data.Basis`, by name."""

    STATUTORY_DUTY = strawberry.enum_value("STATUTORY_DUTY", description="A duty by law. 履行法定职责")
    CONSENT = strawberry.enum_value("CONSENT", description="The person agreed. 个人同意")
    CONTRACT = strawberry.enum_value("CONTRACT", description="An agreement with the person. 履行合同")
    EMERGENCY = strawberry.enum_value("EMERGENCY", description="An emergency. 应对突发事件")


@strawberry.type(description="What a requester's data is for, and how long it is kept. 个人信息处理规则")
class PersonalDataRule:
    """A rule of a process; show it before somebody gives their name."""

    purpose: str = strawberry.field(description="What for. 处理目的")
    basis: PersonalDataBasis = strawberry.field(description="On which ground. 处理依据")
    months: int = strawberry.field(description="Erased by itself so many months after the end. 保存期限（月）")

    @classmethod
    def of(cls, process: Process, context: Context) -> Self:
        """Make it from the process, in the caller's language."""
        rule = process.personal_data
        purpose = rule.purpose_zh if context.language == "zh-CN" else rule.purpose_en
        return cls(purpose=purpose, basis=PersonalDataBasis[rule.basis.upper()], months=rule.months)
