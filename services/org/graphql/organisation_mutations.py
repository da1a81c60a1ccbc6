"""Mutations of organisations and stations."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import organisations as commands
from services.org.commands import stations as station_commands
from services.org.commands.dissolving import dissolve_organisation
from services.org.domain.periods import today
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.organisations import Organisation, organisation_by_id
from services.org.graphql.problem import Problem
from services.org.graphql.stations import Station, station_by_id


@strawberry.input(description="An organisation to found. 成立组织")
class FoundOrganisationInput:
    """Input of foundOrganisation."""

    idempotency_key: str = strawberry.field(description="The same key founds once. 幂等键")
    kind: str = strawberry.field(description="Code of its kind in this practice. 组织类型")
    name: str = strawberry.field(description="Its name. 名称")
    region_code: str = strawberry.field(description="The region it belongs to. 所属区划")
    established_on: date = strawberry.field(description="First day; today or earlier. 成立日期")
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="The organisation above. 上级组织")
    credit_code: str | None = strawberry.field(default=None, description="统一社会信用代码 (GB 32100-2015).")


@strawberry.type(description="What became of it. 结果")
class OrganisationPayload:
    """Payload of the mutations of organisations."""

    organisation: Organisation | None = strawberry.field(description="The organisation; null when refused. 组织")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.input(description="A station to open. 启用阵地")
class OpenStationInput:
    """Input of openStation."""

    idempotency_key: str = strawberry.field(description="The same key opens once. 幂等键")
    kind: str = strawberry.field(description="Code of its kind in this practice. 阵地类型")
    name: str = strawberry.field(description="Its name. 名称")
    region_code: str = strawberry.field(description="The region it serves. 所在区划")
    opened_on: date = strawberry.field(description="First day; today or earlier. 启用日期")
    functions: list[str] = strawberry.field(
        default_factory=list, description="What can be done there, at most 30. 功能"
    )
    latitude: float | None = strawberry.field(default=None, description="Degrees north; with longitude. 纬度")
    longitude: float | None = strawberry.field(default=None, description="Degrees east. 经度")


@strawberry.type(description="What became of it. 结果")
class StationPayload:
    """Payload of the mutations of stations."""

    station: Station | None = strawberry.field(description="The station; null when refused. 阵地")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class OrganisationMutations:
    """The mutations."""

    @strawberry.mutation(description="Found an organisation. 成立组织")
    async def found_organisation(self, info: Info, input: FoundOrganisationInput) -> OrganisationPayload:  # noqa: A002
        """Found."""
        asked = commands.FoundOrganisation(
            kind=input.kind,
            name=input.name,
            region_code=input.region_code,
            established_on=input.established_on,
            parent_id=uuid_of(input.parent_id) if input.parent_id else None,
            credit_code=input.credit_code,
        )
        outcome = await perform(info, "foundOrganisation", commands.found_organisation, asked, input.idempotency_key)
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)

    @strawberry.mutation(description="Dissolve an organisation that has no duties or organisations left. 撤销组织")
    async def dissolve_organisation(self, info: Info, input: EndInput) -> OrganisationPayload:  # noqa: A002
        """Dissolve."""
        outcome = await perform(info, "dissolveOrganisation", dissolve_organisation, input.asked())
        found = await organisation_by_id(info.context, outcome.id, today()) if outcome.id else None
        return OrganisationPayload(organisation=found, problems=outcome.problems)

    @strawberry.mutation(description="Open a station. 启用阵地")
    async def open_station(self, info: Info, input: OpenStationInput) -> StationPayload:  # noqa: A002
        """Open."""
        asked = station_commands.OpenStation(
            kind=input.kind,
            name=input.name,
            region_code=input.region_code,
            opened_on=input.opened_on,
            functions=list(input.functions),
            latitude=input.latitude,
            longitude=input.longitude,
        )
        outcome = await perform(info, "openStation", station_commands.open_station, asked, input.idempotency_key)
        found = await station_by_id(info.context, outcome.id, today()) if outcome.id else None
        return StationPayload(station=found, problems=outcome.problems)

    @strawberry.mutation(description="Close a station. 停用阵地")
    async def close_station(self, info: Info, input: EndInput) -> StationPayload:  # noqa: A002
        """Close."""
        outcome = await perform(info, "closeStation", station_commands.close_station, input.asked())
        found = await station_by_id(info.context, outcome.id, today()) if outcome.id else None
        return StationPayload(station=found, problems=outcome.problems)
