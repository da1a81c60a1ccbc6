"""The mutations of entry control."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import Outcome, perform
from services.tickets.commands import admission_lists as commands
from services.tickets.domain import admission as rules
from services.tickets.graphql.admission import AdmissionItem, AdmissionList, admission_item_by_id
from services.tickets.graphql.links import Info, uuid_of
from services.tickets.graphql.problem import Problem

_REFUSED = "Why it was refused; empty when done. 问题"
_KEY = "The same key does it once. 幂等键"


@strawberry.input(description="An item of a list of entry control, as it is from a day on. 准入清单事项")
class SetAdmissionItemInput:
    """Input of setAdmissionItem."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="Whose list; it is in force here and below. 区划代码")
    list_: AdmissionList = strawberry.field(name="list", description="Which list. 清单")
    code: str = strawberry.field(description="Code in the list. 代码")
    name_zh: str = strawberry.field(description="Its Chinese name, in at most 100 characters. 中文名称")
    name_en: str = strawberry.field(description="Its English name, in at most 100 characters. 英文名称")
    valid_from: date = strawberry.field(description="First day on which it is in force; today or later. 生效日期")
    expected_version: int = strawberry.field(
        description="Number of the version that it follows; 0 for a new item. 版本", default=0
    )
    keywords: list[str] = strawberry.field(
        description="Words that tell of it, at most 20; not for a hotline. 关键词", default_factory=list
    )
    basis: str | None = strawberry.field(description="The rule that it rests on. 依据", default=None)
    phone: str | None = strawberry.field(description="Telephone number, for a hotline. 电话", default=None)

    def asked(self) -> commands.SetAdmissionItem:
        """Return what the command takes."""
        item = rules.AdmissionItem(
            list=self.list_.rule,
            code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            keywords=tuple(self.keywords),
            basis=self.basis,
            phone=self.phone,
        )
        return commands.SetAdmissionItem(
            region_code=self.region_code,
            item=item,
            valid_from=self.valid_from,
            expected_version=self.expected_version,
        )


@strawberry.input(description="An item that is to be no longer in force. 移出准入清单")
class EndAdmissionItemInput:
    """Input of endAdmissionItem."""

    id: strawberry.ID = strawberry.field(description="The newest version of the item. 事项")
    valid_to: date = strawberry.field(
        description="First day on which it is no longer in force; today or later. 失效日期"
    )


@strawberry.type(description="What became of it. 结果")
class AdmissionItemPayload:
    """Payload of setAdmissionItem and endAdmissionItem."""

    admission_item: AdmissionItem | None = strawberry.field(description="The version; null when refused. 事项")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


async def _payload(info: Info, outcome: Outcome) -> AdmissionItemPayload:
    item = None if outcome.id is None else await admission_item_by_id(info.context, outcome.id)
    return AdmissionItemPayload(admission_item=item, problems=outcome.problems)


@strawberry.type
class AdmissionMutations:
    """The mutations."""

    @strawberry.mutation(description="Set an item of a list of entry control, from a day on. 设置准入清单事项")
    async def set_admission_item(
        self,
        info: Info,
        input: SetAdmissionItemInput,  # noqa: A002
    ) -> AdmissionItemPayload:
        """Set."""
        asked = input.asked()
        outcome = await perform(info, "setAdmissionItem", commands.set_admission_item, asked, input.idempotency_key)
        return await _payload(info, outcome)

    @strawberry.mutation(description="Take an item off its list, from a day on. 移出准入清单")
    async def end_admission_item(
        self,
        info: Info,
        input: EndAdmissionItemInput,  # noqa: A002
    ) -> AdmissionItemPayload:
        """End."""
        asked = commands.EndAdmissionItem(uuid_of(input.id), input.valid_to)
        outcome = await perform(info, "endAdmissionItem", commands.end_admission_item, asked)
        return await _payload(info, outcome)
