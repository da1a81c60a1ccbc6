"""Mutations that change organisations through time: names, parents, mergers, splits."""

from __future__ import annotations

from datetime import date

import msgspec
import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import covering
from services.org.commands import organisation_history as history
from services.org.commands import organisation_mergers as mergers
from services.org.domain.periods import today
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.organisation_mutations import OrganisationPayload
from services.org.graphql.organisations import organisation_by_id

_VERSION = "The version you read; refused when it is another by now. 版本"
_ON = "First day on which it is so; today or earlier. 生效日期"


@strawberry.input(description="An organisation's new name. 组织更名")
class RenameOrganisationInput:
    """Input of renameOrganisation."""

    id: strawberry.ID = strawberry.field(description="The organisation. 组织")
    expected_version: int = strawberry.field(description=_VERSION)
    name: str = strawberry.field(description="The new name. 新名称")
    effective_on: date = strawberry.field(description=_ON)


@strawberry.input(description="An organisation's new place under another. 隶属关系调整")
class MoveOrganisationInput:
    """Input of moveOrganisation."""

    id: strawberry.ID = strawberry.field(description="The organisation. 组织")
    expected_version: int = strawberry.field(description=_VERSION)
    parent_id: strawberry.ID | None = strawberry.field(description="The organisation above; null: none. 上级组织")
    effective_on: date = strawberry.field(description=_ON)


@strawberry.input(description="Organisations that become one. 组织合并")
class MergeOrganisationsInput:
    """Input of mergeOrganisations."""

    idempotency_key: str = strawberry.field(description="The same key merges once. 幂等键")
    ids: list[strawberry.ID] = strawberry.field(
        description="What is merged, and dissolved by it; at most 2,000. 被合并组织"
    )
    into_id: strawberry.ID = strawberry.field(description="Of the same kind; it takes over. 并入组织")
    on: date = strawberry.field(description="First day of the merger; today or earlier. 合并日期")


@strawberry.input(description="A part that becomes an organisation of the same kind. 拆分出的组织")
class OrganisationPartInput:
    """A part of a split."""

    name: str = strawberry.field(description="Its name. 名称")
    region_code: str = strawberry.field(description="The region it belongs to. 所属区划")
    organisation_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Organisations directly below that go over to it, at most 2,000. 划入的下级组织",
    )
    duty_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Duties that go over to it; who holds them holds them on; at most 2,000. 划入的任职",
    )
    assignment_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Assignments of who checked in that go over to it, at most 2,000. 划入的报到党员编组",
    )
    compound_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="Compounds that it covers from then on, at most 50, and the rest no longer. 划入的覆盖小区",
    )


@strawberry.input(description="An organisation from which parts are split off; it goes on with the rest. 组织拆分")
class SplitOrganisationInput:
    """Input of splitOrganisation."""

    idempotency_key: str = strawberry.field(description="The same key splits once. 幂等键")
    id: strawberry.ID = strawberry.field(description="The organisation. 组织")
    expected_version: int = strawberry.field(description=_VERSION)
    on: date = strawberry.field(description="First day of the parts; today or earlier. 拆分日期")
    parts: list[OrganisationPartInput] = strawberry.field(
        description="The parts, at least one and at most 2,000. 拆分出的组织"
    )


@strawberry.input(description="All compounds that an organisation covers, alone or jointly over several. 组织覆盖小区")
class SetOrganisationCompoundsInput:
    """Input of setOrganisationCompounds."""

    idempotency_key: str = strawberry.field(description="The same key sets once. 幂等键")
    organisation_id: strawberry.ID = strawberry.field(description="The organisation. 组织")
    compound_ids: list[strawberry.ID] = strawberry.field(
        description="The compounds of its region (of its community, if it lies below one), 50 at most; none: it covers "
        "none any more. 小区"
    )
    effective_on: date = strawberry.field(description=_ON)


@strawberry.type
class OrganisationHistoryMutations:
    """The mutations."""

    @strawberry.mutation(description="Give an organisation another name from a day on. 组织更名")
    async def rename_organisation(self, info: Info, input: RenameOrganisationInput) -> OrganisationPayload:  # noqa: A002
        """Rename."""
        asked = history.RenameOrganisation(uuid_of(input.id), input.expected_version, input.name, input.effective_on)
        outcome = await perform(info, "renameOrganisation", history.rename_organisation, asked)
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)

    @strawberry.mutation(description="Put an organisation under another one from a day on. 隶属关系调整")
    async def move_organisation(self, info: Info, input: MoveOrganisationInput) -> OrganisationPayload:  # noqa: A002
        """Move."""
        parent_id = uuid_of(input.parent_id) if input.parent_id else None
        asked = history.MoveOrganisation(uuid_of(input.id), input.expected_version, parent_id, input.effective_on)
        outcome = await perform(info, "moveOrganisation", history.move_organisation, asked)
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)

    @strawberry.mutation(description="Merge organisations into one of them, with duties and what is below. 组织合并")
    async def merge_organisations(self, info: Info, input: MergeOrganisationsInput) -> OrganisationPayload:  # noqa: A002
        """Merge."""
        asked = mergers.MergeOrganisations(list(map(uuid_of, input.ids)), uuid_of(input.into_id), input.on)
        outcome = await perform(info, "mergeOrganisations", mergers.merge_organisations, asked, input.idempotency_key)
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)

    @strawberry.mutation(description="Split parts off from an organisation; see its successors. 组织拆分")
    async def split_organisation(self, info: Info, input: SplitOrganisationInput) -> OrganisationPayload:  # noqa: A002
        """Split."""
        parts = [
            mergers.Part(
                part.name,
                part.region_code,
                list(map(uuid_of, part.organisation_ids)),
                list(map(uuid_of, part.duty_ids)),
                list(map(uuid_of, part.assignment_ids)),
                list(map(uuid_of, part.compound_ids)) or msgspec.UNSET,
            )
            for part in input.parts
        ]
        asked = mergers.SplitOrganisation(uuid_of(input.id), input.expected_version, input.on, parts)
        outcome = await perform(info, "splitOrganisation", mergers.split_organisation, asked, input.idempotency_key)
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)

    @strawberry.mutation(
        description="Say which compounds an organisation covers from a day on, and no others. 设定组织覆盖小区"
    )
    async def set_organisation_compounds(
        self,
        info: Info,
        input: SetOrganisationCompoundsInput,  # noqa: A002
    ) -> OrganisationPayload:
        """Set them."""
        asked = covering.SetOrganisationCompounds(
            uuid_of(input.organisation_id), list(map(uuid_of, input.compound_ids)), input.effective_on
        )
        command, key = covering.set_organisation_compounds, input.idempotency_key
        outcome = await perform(info, "setOrganisationCompounds", command, asked, key)
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)
