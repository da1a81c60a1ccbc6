"""Property companies through the graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.property.domain.identifiers import is_credit_code, is_resident_id
from tests.property import city

if TYPE_CHECKING:
    from tests.property.conftest import Property

VECTORS = Path(__file__).parents[3] / "shared/design/id-vectors.json"
FIELDS = "company { id name creditCode hasPartyBranch region { id } }"


def test_check_characters_are_those_of_the_standards() -> None:
    if not VECTORS.exists():
        pytest.skip("the shared vectors are not beside this checkout")
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    for name, check in (("uscc", is_credit_code), ("resident_id", is_resident_id)):
        assert [check(one["code"]) for one in vectors[name]] == [one["valid"] for one in vectors[name]]


async def test_a_company_is_registered_once_by_its_credit_code(service: Property) -> None:
    asked = {"idempotencyKey": "a", "regionCode": city.COMMUNITY, "name": "甲物业", "creditCode": "91370321ma1000000t"}
    done = await service.done("registerCompany", service.staff(), FIELDS, **asked, hasPartyBranch=True)
    company = done["company"]
    assert (company["creditCode"], company["hasPartyBranch"]) == ("91370321MA1000000T", True)
    assert company["region"]["id"] == str(city.region_id(city.COMMUNITY))
    again = asked | {"idempotencyKey": "b", "name": "乙物业"}
    assert await service.refused("registerCompany", service.staff(), FIELDS, **again) == "COMPANY_EXISTS"
    wrong = asked | {"idempotencyKey": "c", "creditCode": "91370321MA1000000X"}
    assert await service.refused("registerCompany", service.staff(), FIELDS, **wrong) == "INVALID_CREDIT_CODE"
    query = "mutation($input: RegisterCompanyInput!) { registerCompany(input: $input) { problems { code } } }"
    assert await service.error(query, service.resident("x"), input=again) == "FORBIDDEN"
    assert await service.error(query, service.staff(region=city.COMMUNITY_2), input=again) == "NOT_FOUND"


async def test_companies_are_counted_by_branch_within_scope(service: Property) -> None:
    for number, code in enumerate(("91110000600037341L", "91350100M000100Y43")):
        asked = {"idempotencyKey": code, "regionCode": city.COMMUNITY_2, "name": code, "creditCode": code}
        token = service.staff(region=city.COMMUNITY_2)
        await service.done("registerCompany", token, FIELDS, **asked, hasPartyBranch=not number)
    query = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region {
        all: propertyCompanies { totalCount } red: propertyCompanies(hasPartyBranch: true) { totalCount } } } }"""
    ids = [{"__typename": "Region", "id": str(city.region_id(city.DISTRICT))}]
    for region, expected in ((city.COMMUNITY_2, (2, 1)), (city.ELSEWHERE, (0, 0))):
        (found,) = (await service.data(query, service.staff(region=region), ids=ids))["_entities"]
        assert (found["all"]["totalCount"], found["red"]["totalCount"]) == expected
