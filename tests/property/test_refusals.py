"""Refusals: every mutation without a token, with every role that may not, and from elsewhere; nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest
import pytest_asyncio
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from chassis.access import ANY_ROLE
from chassis.ids import new_id
from services.property.access import ACCESS, COMPANY_STAFF, KEEPERS, OWNERS_COMMITTEE, RESIDENT
from services.property.domain.content import now, today
from services.property.domain.quarters import quarter_of
from services.property.domain.records import ServiceSystemRecord
from services.property.main import SERVICE
from tests.kit import items_of
from tests.property import city
from tests.property.committee_kit import COMMITTEE, elected
from tests.property.test_care import hear, told
from tests.property.test_figures import load
from tests.property.test_service import company, published, signed
from tests.property.test_service_systems import SYSTEM, council, fill
from tests.property.vote_kit import announce, open_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

NAME = "拒绝"
ROLES = sorted(KEEPERS | {RESIDENT, OWNERS_COMMITTEE, COMPANY_STAFF, "admin", "auditor", "observer", "grid_worker"})
READS = {
    "compound", "compounds", "propertyStats", "companies", "myHouseholds", "households", "vote", "votes",
    "ballotReceipt", "electors", "propertyEvents", "committee", "committees", "majorMatters", "selections", "contracts",
    "assessments", "lacks", "serviceSystems", "fundStatements", "fundEntries", "fundEmergencies",
    "voteParticipationChanged",
}  # fmt: skip
BY_TITLE = {"answerReview", "scoreAssessment", "recordHelp", "inspectService", "judgeRectification"}
"""Open to whoever holds the title that a rule names."""
ROW_OF_ID = {
    "transferHousehold": "part", "endOccupant": "occupant", "revealOwner": "owner", "answerObjection": "objection",
    "endCompanyStaff": "company_staff", "decideEmergencyUse": "emergency", "placeCompound": "compound",
}  # fmt: skip
"""What the field `id` stands for."""


def schema() -> GraphQLSchema:
    """The service's own schema, as GraphQL's reference knows it."""
    return build_schema(SERVICE.schema.as_str(), assume_valid=True)


@dataclass
class World:
    """A compound with everything in it, and an input for every mutation."""

    service: Property
    ids: dict[str, str]
    inputs: dict[str, dict[str, Any]]

    async def code(self, name: str, token: str | None) -> str:
        """Ask for a mutation with its input; return the code of the error, or of the problem."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($input: {kind}!) {{ payload: {name}(input: $input) {{ problems {{ code }} }} }}"
        answer = await self.service.ask(query, token, input=self.inputs[name])
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        problems = answer["data"]["payload"]["problems"]
        return f"problem {problems[0]['code']}" if problems else "done"


async def _everything(service: Property) -> dict[str, str]:
    """Make the compound; return the ids of what is in it by the name of the field that asks for them."""
    staff = service.staff()
    compound, committee = await elected(service, NAME)
    one = await company(service, 1)
    await service.done("addCompanyStaff", service.staff(region=city.DISTRICT), "company { id }", companyId=one,
                       subject="经理", idempotencyKey="w1")  # fmt: skip
    selection = (await published(service, compound, "refusals"))["id"]
    applied = {"selectionId": selection, "companyId": one, "priceFen": 150, "idempotencyKey": "w2"}
    await service.done("applyForSelection", staff, "selection { id }", **applied)
    (held,) = await service.look(f"SELECT vote_id FROM election WHERE committee_id = '{committee}'")  # noqa: S608
    objected = {"voteId": str(held[0]), "text": "计票", "idempotencyKey": "w3"}
    await service.done("objectToVote", service.resident(f"{NAME} 0"), "vote { id }", **objected)
    vote = (await announce(service, compound, "OTHER"))["id"]
    await open_now(service, vote)
    by_election = await _by_election(service, committee)
    matter = {"committeeId": committee, "title": "停车", "text": "方案", "idempotencyKey": "w4"}
    await service.done("reportMatter", staff, "committee { id }", **matter)
    second = await service.compound("另一小区")
    await service.done("signContract", staff, "contract { id }", **signed(second, one))
    opened = {"compoundId": second, "idempotencyKey": "w5", "period": quarter_of(today())}
    await service.done("openAssessment", staff, "assessment { id }", **opened)
    lack = {"compoundId": compound, "noService": True, "noUnit": True, "noSecurity": True, "cause": "弃管"}
    await service.done("registerLack", staff, "compound { id }", **lack, idempotencyKey="w6")
    urgent = {"compoundId": compound, "hazard": "漏水", "works": "屋面", "amountFen": 100, "idempotencyKey": "w10"}
    await service.done("askEmergencyUse", staff, "compound { id }", **urgent)
    await hear(service, told(str(new_id()), "raised", city.GRID))
    (home,) = await service.look(f"SELECT id FROM part WHERE compound_id = '{compound}' LIMIT 1")  # noqa: S608
    occupant = {"householdId": str(home[0]), "role": "TENANT", "name": "租客", "idempotencyKey": "w7"}
    await service.done("addOccupant", staff, "household { id }", **occupant)
    await _under_system(service, compound)
    ids = {"compoundId": compound, "committeeId": committee, "companyId": one, "selectionId": selection, "voteId": vote}
    tables = {
        "householdId": "part", "ownerId": "owner", "electorId": "elector", "matterId": "major_matter",
        "memberId": "seat", "contractId": "contract", "assessmentId": "assessment", "lackId": "lack",
        "applicationIds": "application", "ticketId": "ticket_told", "postId": "service_post",
        "inspectionId": "service_inspection",
    }  # fmt: skip
    tables |= {name: table for name, table in ROW_OF_ID.items() if name not in ids}
    for name, table in tables.items():
        (row,) = await service.look(f"SELECT id FROM {table} ORDER BY id LIMIT 1")  # noqa: S608
        ids[name] = str(row[0])
    return ids | by_election | {"chairId": ids["memberId"], "electorIds": ids["electorId"]}


async def _under_system(service: Property, compound: str) -> None:
    """Let owners care for a compound under a system of property help, filled and inspected."""
    await load(service, "refusals", [ServiceSystemRecord(SYSTEM)])
    await service.look(f"UPDATE compound SET care = 'community' WHERE id = '{compound}'")  # noqa: S608
    put = {"compoundId": compound, "on": today().isoformat()}
    placed = put | {"system": SYSTEM.code, "idempotencyKey": "w11"}
    await service.done("placeUnderSystem", service.staff(), "compound { id }", **placed)
    await fill(service, compound, "council", name="议事会")
    looked = {"compoundId": compound, "body": "council", "level": "office", "finding": "x", "idempotencyKey": "w12"}
    by = {"rectifyBy": today().isoformat()}
    await service.done("inspectService", council(service), "compound { id }", **looked, **by)


async def _by_election(service: Property, committee: str) -> dict[str, str]:
    """Open a by-election, with a candidate under review; return the ids."""
    staff = service.staff()
    (seat,) = await service.look(f"SELECT id, owner_id FROM seat WHERE committee_id = '{committee}' LIMIT 1")  # noqa: S608
    await service.done("endMembership", staff, "committee { id }", memberId=str(seat[0]), reason="RESIGNED")
    opened = {"committeeId": committee, "idempotencyKey": "w8"}
    election = items_of((await service.done("openByElection", staff, COMMITTEE, **opened))["committee"]["elections"])[
        -1
    ]["id"]
    named = {"electionId": election, "ownerId": str(seat[1]), "nominatedBy": "SELF", "agreesToPublication": True}
    found = await service.done("nominateCandidate", staff, COMMITTEE, **named, idempotencyKey="w9")
    await service.done("startReview", staff, "committee { id }", electionId=election)
    return {"electionId": election, "candidateId": items_of(found["committee"]["elections"])[-1]["candidates"][0]["id"]}


def _given(kind: GraphQLInputType, name: str, ids: dict[str, str]) -> Any:
    """Return a value that fits a type: the id of what is there for an ID."""
    if isinstance(kind, GraphQLNonNull):
        kind = cast("GraphQLInputType", kind.of_type)
    if isinstance(kind, GraphQLList):
        return [_given(kind.of_type, name, ids)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return _fields(kind, ids)
    made = {
        "ID": ids.get(name) or str(new_id()), "Int": 1, "Boolean": True, "Date": today().isoformat(),
        "DateTime": (now() + timedelta(days=30)).isoformat(), "String": "甲",
    }  # fmt: skip
    return made[str(kind)]


def _fields(kind: GraphQLInputObjectType, ids: dict[str, str]) -> dict[str, Any]:
    wanted = {name: field for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
    return {name: _given(field.type, name, ids) for name, field in wanted.items()}


@pytest_asyncio.fixture(scope="module")
async def world(service: Property) -> World:
    """Everything, made once: nothing of what is asked here may change it."""
    ids, mutations = await _everything(service), schema().mutation_type
    assert mutations is not None
    inputs: dict[str, dict[str, Any]] = {}
    for name, field in mutations.fields.items():
        kind = cast("GraphQLInputObjectType", field.args["input"].type.of_type)
        inputs[name] = _fields(kind, ids | {"id": ids.get(name, "")}) | {
            key: value for key, value in {"regionCode": city.COMMUNITY}.items() if key in kind.fields
        }
    return World(service, ids, inputs)


async def test_every_operation_is_in_the_access_table_and_every_mutation_in_the_matrix(world: World) -> None:
    assert set(ACCESS.operations) == set(world.inputs) | READS


async def test_nobody_without_a_token_and_no_other_role_does_anything(world: World) -> None:
    before = await world.service.contents()
    mint = cache(world.service.issuer.mint)
    wrong: list[tuple[str, str, str]] = []
    for name in world.inputs:
        allowed = ACCESS.operations[name]
        asked: list[tuple[str, str | None, str]] = [("nobody", None, "UNAUTHENTICATED")]
        others = [role for role in ROLES if role not in allowed]
        if ANY_ROLE in allowed:
            assert name in BY_TITLE, name
            others = ["observer", RESIDENT]
        asked += [(role, mint(role, region=city.CITY), "FORBIDDEN") for role in others]
        for role, token, expected in asked:
            code = await world.code(name, token)
            # A title that a rule names is asked for only where it names an evaluator.
            if code != expected and not (name in BY_TITLE and code == "NOT_FOUND" and token):
                wrong.append((name, role, code))
    assert wrong == []
    assert await world.service.contents() == before


async def test_who_may_elsewhere_does_nothing_here(world: World) -> None:
    before = await world.service.contents()
    mint = cache(world.service.issuer.mint)
    wrong: list[tuple[str, str, str]] = []
    for name in world.inputs:
        for number, role in enumerate(sorted(ACCESS.operations[name] - {ANY_ROLE})):
            asked = [(mint(role, region=city.COMMUNITY_2), {"NOT_FOUND"})]
            # Sees all of the district, but holds the role only in another community of it.
            beside = mint(role, region=city.COMMUNITY_2, grants=(("observer", city.DISTRICT),))
            asked.append((beside, {"FORBIDDEN", "NOT_FOUND"}))
            if number == 0:
                asked.append((mint(role, region="370303"), {"NOT_FOUND"}))
            for token, expected in asked:
                code = await world.code(name, token)
                if code not in expected:
                    wrong.append((name, role, code))
    assert wrong == []
    assert await world.service.contents() == before


@pytest.mark.parametrize("name", sorted(name for name, roles in ACCESS.operations.items() if RESIDENT in roles))
async def test_a_resident_does_nothing_for_owners_whom_they_are_not(world: World, name: str) -> None:
    before = await world.service.contents()
    code = await world.code(name, world.service.resident("一位陌生人"))
    # The election is past its nominations; that is public, and asked first.
    assert code in {"FORBIDDEN", "NOT_FOUND", "problem WRONG_STAGE"}, code
    assert await world.service.contents() == before


async def test_things_of_elsewhere_are_not_there_and_the_register_is_for_who_keeps_it(world: World) -> None:
    service, ids = world.service, world.ids
    for thing in ("compound", "vote", "committee"):
        query = f"query($id: ID!) {{ {thing}(id: $id) {{ id }} }}"
        id_ = ids[f"{thing}Id"]
        assert (await service.data(query, service.staff(region=city.COMMUNITY), id=id_))[thing] == {"id": id_}
        assert await service.error(query, service.staff(region="370303"), id=id_) == "NOT_FOUND"
        assert await service.error(query, None, id=id_) == "UNAUTHENTICATED"
    for thing, field in (
        ("compound", "households { totalCount }"),
        ("vote", "electors { totalCount }"),
        ("committee", "matters { totalCount }"),
    ):
        query = f"query($id: ID!) {{ {thing}(id: $id) {{ {field} }} }}"
        for role in (RESIDENT, COMPANY_STAFF, "observer", "grid_worker"):
            assert await service.error(query, service.staff(role), id=ids[f"{thing}Id"]) == "FORBIDDEN"
        await service.data(query, service.staff(), id=ids[f"{thing}Id"])


OF_A_REGION = {"propertyStats": "{ compounds households area openVotes }", "compounds": "{ totalCount }",
               "propertyCompanies": "{ totalCount }", "committees": "{ totalCount }"}  # fmt: skip
BY_ID = {"compound": "compoundId", "vote": "voteId", "committee": "committeeId"}
OF_THE_CALLER = {"myHouseholds", "propertyEvents", "ballotReceipt", "_entities", "_service"}
"""Roots of what is the caller's own, by a receipt of a vote in scope, or of the feed, which has tests of its own."""


async def test_every_query_from_a_foreign_scope_finds_nothing(world: World) -> None:
    service, ids, types = world.service, world.ids, schema().type_map
    region, query = cast("GraphQLObjectType", types["Region"]), cast("GraphQLObjectType", types["Query"])
    assert set(region.fields) - {"id"} == set(OF_A_REGION)
    assert set(query.fields) == set(BY_ID) | OF_THE_CALLER
    asked = 'query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region { '
    for role in ROLES:
        elsewhere = service.staff(role, region="370303")
        for field, inside in OF_A_REGION.items():
            whole = f"{asked} found: {field} {inside} }} }} }}"
            (found,) = (await service.data(whole, elsewhere, id=str(city.region_id(city.DISTRICT))))["_entities"]
            assert not any(float(one or 0) for one in found["found"].values()), (field, role, found)
        for root, name in BY_ID.items():
            whole = f"query($id: ID!) {{ {root}(id: $id) {{ id }} }}"
            assert await service.error(whole, elsewhere, id=ids[name]) == "NOT_FOUND", (root, role)
    receipt = 'query($id: ID!) { ballotReceipt(voteId: $id, receipt: "x") }'
    assert await service.error(receipt, service.staff(region="370303"), id=ids["voteId"]) == "NOT_FOUND"
    for field, inside in OF_A_REGION.items():
        whole = f"{asked} found: {field} {inside} }} }} }}"
        token = service.staff("observer", region=city.DISTRICT)
        (found,) = (await service.data(whole, token, id=str(city.region_id(city.DISTRICT))))["_entities"]
        assert any(float(one or 0) for one in found["found"].values()), field
