"""Property companies and compounds: mutual choice, contracts, assessment, recommendation; through the graph."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from stdnum.cn import uscc

from chassis.ids import new_id
from services.org.domain import events as org
from services.property.commands.import_file import import_file
from services.property.domain.content import now, today
from services.property.domain.quarters import quarter_of
from tests.kit import items_of
from tests.property import city
from tests.property.vote_kit import announce, cast, close_now, compound_of, open_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

SELECTION = """selection { id status title mostPrice months vote { id }
    applications { edges { node { id status price position company { id name }
        recommendation { score party service satisfaction } } } } }"""
CONTRACT = """contract { id kind price deposit renewals noticeBy leavesOn endedOn isWithoutTerm
    company { id } compound { care } }"""
ASSESSMENT = "assessment { id status score grade scores { evaluator name weight score reasons } }"
PARTS = "company { id isRed hasPartyBranch recommendation { score party service satisfaction } offers { price terms } }"


async def company(service: Property, number: int, region: str = city.DISTRICT, **more: Any) -> str:
    body = f"91{city.DISTRICT}MB{number:07}"
    asked = {"idempotencyKey": f"c{number}", "regionCode": region, "name": f"物业{number}",
             "creditCode": body + uscc.calc_check_digit(body), **more}  # fmt: skip
    done = await service.done("registerCompany", service.staff(region=region), "company { id }", **asked)
    return str(done["company"]["id"])


async def published(service: Property, compound: str, key: str, **more: Any) -> dict[str, Any]:
    asked = {"idempotencyKey": key, "compoundId": compound, "title": "选聘物业", "mostPriceFen": 180, "months": 36,
             "terms": "含电梯维保", "applyBy": (now() + timedelta(days=10)).isoformat(), **more}  # fmt: skip
    return (await service.done("publishSelection", service.staff(), SELECTION, **asked))["selection"]  # type: ignore[no-any-return]


async def chosen(service: Property, name: str, companies: list[str], ballots: list[list[str]]) -> tuple[str, str]:
    """Let a compound choose among companies; return compound and selection."""
    compound = await compound_of(service, name, len(ballots))
    selection = (await published(service, compound, f"s {name}"))["id"]
    for number, one in enumerate(companies):
        asked = {"selectionId": selection, "companyId": one, "priceFen": 150 + number, "idempotencyKey": f"{name}{one}"}
        done = await service.done("applyForSelection", service.staff(), SELECTION, **asked)
    ids = [one["id"] for one in items_of(done["selection"]["applications"])]
    early = {"selectionId": selection, "applicationIds": ids}
    assert await service.refused("shortlistApplications", service.staff(), SELECTION, **early) == "APPLICATIONS_OPEN"
    await service.look(f"UPDATE selection SET apply_by = now() WHERE id = '{selection}'")  # noqa: S608
    await service.done("shortlistApplications", service.staff(), SELECTION, **early)
    opens = now() + timedelta(days=16)
    held = {"selectionId": selection, "idempotencyKey": f"hold {name}", "opensAt": opens.isoformat(),
            "closesAt": (opens + timedelta(days=5)).isoformat()}  # fmt: skip
    vote = (await service.done("holdSelection", service.staff(), SELECTION, **held))["selection"]["vote"]["id"]
    await open_now(service, vote)
    for number, ballot in enumerate(ballots):
        await cast(service, vote, f"{name} {number}", *ballot, key=f"{name} ballot {number}")
    await close_now(service, vote)
    return compound, selection


def signed(compound: str, one: str, **more: Any) -> dict[str, Any]:
    return {"idempotencyKey": f"sign {compound} {one}", "compoundId": compound, "companyId": one, "number": "合-1",
            "priceFen": 150, "depositFen": 5_000_000, "startsOn": "2024-01-01", "endsOn": "2027-01-01",
            **more}  # fmt: skip


async def test_owners_and_companies_choose_each_other_and_the_contract_follows_the_vote(service: Property) -> None:
    one, two = await company(service, 1), await company(service, 2)
    compound, selection = await chosen(service, "双选", [one, two], [["YES", "NO"]] * 3)
    kinds = [type_.split(".")[3] for type_, payload in await service.events() if payload["subject"] == selection]
    assert kinds == ["published", "decided"]
    wrong = signed(compound, two, selectionId=selection)
    assert await service.refused("signContract", service.staff(), CONTRACT, **wrong) == "NOT_DECIDED"
    dear = signed(compound, one, selectionId=selection, priceFen=151)
    assert await service.refused("signContract", service.staff(), CONTRACT, **dear) == "INVALID_AMOUNT"
    done = await service.done("signContract", service.staff(), CONTRACT, **signed(compound, one, selectionId=selection))
    contract = done["contract"]
    assert (contract["kind"], contract["price"], contract["deposit"]) == ("SERVICE", "1.50", "50000.00")
    assert contract["compound"]["care"] == "COMPANY"
    again = signed(compound, two, idempotencyKey="again")
    assert await service.refused("signContract", service.staff(), CONTRACT, **again) == "CONTRACT_IN_FORCE"
    types = [type_ for type_, _ in await service.events()][-2:]
    assert types == ["linli.property.contract.signed.v1", "linli.property.compound.care_changed.v1"]


async def test_equal_votes_choose_no_company(service: Property) -> None:
    companies = [await company(service, number) for number in (3, 4)]
    compound, selection = await chosen(service, "平票", companies, [["YES", "YES"]] * 3)
    query = """query($id: ID!) { compound(id: $id) { selections { edges { node { id status
        applications { edges { node { status } } } } } } } }"""
    (found,) = items_of((await service.data(query, service.resident("x"), id=compound))["compound"]["selections"])
    assert (found["id"], found["status"]) == (selection, "FAILED")
    assert [one["status"] for one in items_of(found["applications"])] == ["NOT_CHOSEN", "NOT_CHOSEN"]


async def test_a_company_applies_by_its_own_staff_and_by_nobody_elses(service: Property) -> None:
    one, two = await company(service, 5), await company(service, 6)
    compound = await compound_of(service, "应聘", 1)
    selection = (await published(service, compound, "apply"))["id"]
    keeper = service.staff(region=city.DISTRICT)
    await service.done("addCompanyStaff", keeper, "company { id }", companyId=one, subject="经理", idempotencyKey="m")
    token = service.issuer.mint("property_company_staff", region=city.COMMUNITY, subject="经理")
    query = "mutation($input: ApplyForSelectionInput!) { applyForSelection(input: $input) { problems { code } } }"
    asked = {"selectionId": selection, "priceFen": 181, "idempotencyKey": "own"}
    assert await service.error(query, token, input=asked | {"companyId": two}) == "FORBIDDEN"
    mine = asked | {"companyId": one}
    assert await service.refused("applyForSelection", token, SELECTION, **mine) == "INVALID_AMOUNT"
    done = await service.done("applyForSelection", token, SELECTION, **mine | {"priceFen": 180})
    assert [row["company"]["id"] for row in items_of(done["selection"]["applications"])] == [one]
    twice = mine | {"priceFen": 170, "idempotencyKey": "twice"}
    assert await service.refused("applyForSelection", token, SELECTION, **twice) == "APPLIED_ALREADY"
    assert await service.error(query, service.resident("x"), input=mine) == "FORBIDDEN"
    second = {"idempotencyKey": "second", "compoundId": compound, "title": "t", "mostPriceFen": 1, "months": 1,
              "terms": "t", "applyBy": (now() + timedelta(days=1)).isoformat()}  # fmt: skip
    assert await service.refused("publishSelection", service.staff(), SELECTION, **second) == "SELECTION_EXISTS"


async def test_a_contract_is_renewed_and_ended_as_the_civil_code_says(service: Property) -> None:
    one, staff = await company(service, 7), service.staff()
    compound = await compound_of(service, "期满", 1)
    first = await service.done("signContract", staff, CONTRACT, **signed(compound, one, endsOn="2024-06-01"))
    id_ = first["contract"]["id"]
    assert (first["contract"]["kind"], first["contract"]["isWithoutTerm"]) == ("PRELIMINARY", True)
    vote = (await announce(service, compound, "MANAGER", "MANAGER"))["id"]
    renewed = {"contractId": id_, "endsOn": "2030-01-01", "priceFen": 160, "voteId": vote}
    assert await service.refused("renewContract", staff, CONTRACT, **renewed) == "NOT_DECIDED"
    await open_now(service, vote)
    await cast(service, vote, "期满 0", "YES", "YES")
    await close_now(service, vote)
    done = (await service.done("renewContract", staff, CONTRACT, **renewed))["contract"]
    assert (done["renewals"], done["price"], done["isWithoutTerm"]) == (1, "1.60", False)
    leaves = today() + timedelta(days=60)
    notice = {"contractId": id_, "by": "OWNERS", "on": today().isoformat(), "leavesOn": leaves.isoformat()}
    used = notice | {"voteId": vote}
    assert await service.refused("giveContractNotice", staff, CONTRACT, **used) == "DECISION_USED"
    soon = notice | {"voteId": vote, "position": 1, "leavesOn": (leaves - timedelta(days=1)).isoformat()}
    assert await service.refused("giveContractNotice", staff, CONTRACT, **soon) == "INVALID_DATE"
    ended = {"contractId": id_, "on": today().isoformat(), "handedOver": "资料、钥匙、公共收益"}
    assert await service.refused("endContract", staff, CONTRACT, **ended) == "NO_NOTICE"
    await service.done("giveContractNotice", staff, CONTRACT, **notice | {"voteId": vote, "position": 1})
    assert await service.refused("endContract", staff, CONTRACT, **ended) == "INVALID_DATE"
    await service.look(f"UPDATE contract SET leaves_on = '2025-01-01' WHERE id = '{id_}'")  # noqa: S608
    done = (await service.done("endContract", staff, CONTRACT, **ended))["contract"]
    assert (done["endedOn"], done["compound"]["care"]) == (today().isoformat(), "NONE")


async def test_a_company_is_assessed_by_three_and_publicised_twice(service: Property) -> None:
    one, staff = await company(service, 8), service.staff()
    compound = await compound_of(service, "考评", 4)
    period, asked = quarter_of(today()), {"compoundId": compound, "idempotencyKey": "a"}
    assert await service.refused("openAssessment", staff, ASSESSMENT, **asked, period=period) == "NO_CONTRACT"
    await service.done("signContract", staff, CONTRACT, **signed(compound, one))
    assert await service.refused("openAssessment", staff, ASSESSMENT, **asked, period="2099Q1") == "INVALID_QUARTER"
    assessment = (await service.done("openAssessment", staff, ASSESSMENT, **asked, period=period))["assessment"]["id"]
    for number, stars in enumerate((5, 4, 1)):
        said = {"compoundId": compound, "stars": stars, "text": "保洁及时"}
        await service.done("evaluateService", service.resident(f"考评 {number}"), "compound { id }", **said)
    again = {"compoundId": compound, "stars": 5}
    await service.done("evaluateService", service.resident("考评 2"), "compound { id }", **again)
    query = "mutation($input: EvaluateServiceInput!) { evaluateService(input: $input) { problems { code } } }"
    assert await service.error(query, service.resident("stranger"), input=again) == "NOT_FOUND"
    public = {"assessmentId": assessment}
    assert await service.refused("publiciseAssessment", staff, ASSESSMENT, **public) == "NOT_SCORED"
    mark = public | {"evaluator": "community", "score": 9000}
    score = "mutation($input: ScoreAssessmentInput!) { scoreAssessment(input: $input) { problems { code } } }"
    assert await service.error(score, staff, input=mark) == "FORBIDDEN"
    assert await service.error(score, staff, input=mark | {"evaluator": "owners"}) == "NOT_FOUND"
    await service.done("scoreAssessment", service.staff("community_secretary"), ASSESSMENT, **mark)
    officer = service.staff("subdistrict_officer", city.SUBDISTRICT)
    await service.done("scoreAssessment", officer, ASSESSMENT, **mark | {"evaluator": "subdistrict", "score": 8000})
    done = (await service.done("publiciseAssessment", staff, ASSESSMENT, **public))["assessment"]
    # (5 + 4 + 5) of 15 is 91.67 of 100; 0.4 of it, 0.3 of 90 and 0.3 of 80 are 87.67.
    assert (done["score"], done["grade"]) == ("87.67", "good")
    assert {row["evaluator"]: row["score"] for row in done["scores"]}["owners"] == "91.67"
    concluded = public | {"rectification": "已增设照明"}
    assert await service.refused("concludeAssessment", staff, ASSESSMENT, **concluded) == "PUBLICITY_RUNS"
    await service.look("UPDATE assessment SET publicised_on = publicised_on - 7")
    await service.done("concludeAssessment", staff, ASSESSMENT, **concluded)
    type_, payload = (await service.events())[-1]
    assert (type_, payload["data"]["score"]) == ("linli.property.assessment.concluded.v1", 8767)
    assert payload["data"]["creditCode"].startswith("91370321MB")
    stored = await service.look("SELECT e::text FROM evaluation e")
    assert not any("考评" in row for (row,) in stored), "who said what is nowhere"
    found = await service.done("publishOffer", service.staff(region=city.DISTRICT), PARTS, companyId=one,
                               compoundKind="commercial", priceFen=120, terms="含绿化")  # fmt: skip
    told = found["company"]["recommendation"]
    assert (told["party"], told["service"], told["satisfaction"]) == ("0.00", "87.67", "91.67")
    assert Decimal(told["score"]) == Decimal("71.74")
    assert found["company"]["offers"] == [{"price": "1.20", "terms": "含绿化"}]


async def test_a_company_is_red_by_its_branch_and_its_managers_duty_in_org(service: Property) -> None:
    one, manager, branch = await company(service, 9), new_id(), new_id()
    keeper = service.staff(region=city.DISTRICT)
    where: dict[str, Any] = {"region_id": city.region_id(city.GRID), "region_code": city.GRID}
    added = {"companyId": one, "personId": str(manager), "isManager": True, "idempotencyKey": "r"}
    found = await service.done("addCompanyStaff", keeper, PARTS, **added)
    assert (found["company"]["isRed"], found["company"]["hasPartyBranch"]) == (False, False)
    await city.tell(
        service.runtime.database,
        org.DutyAssigned(duty_id=new_id(), person_id=manager, title="compound_branch_secretary", organisation_id=None,
                         valid_from=date(2024, 1, 1), **where),
        org.OrganisationFounded(organisation_id=branch, kind="company_party_branch", name="物业党支部", parent_id=None,
                                established_on=date(2024, 1, 1), **where),
    )  # fmt: skip
    linked = {"companyId": one, "organisationId": str(branch)}
    found = await service.done("linkCompanyBranch", keeper, PARTS, **linked)
    assert (found["company"]["isRed"], found["company"]["recommendation"]["party"]) == (True, "100.00")
    gone = org.OrganisationDissolved(organisation_id=branch, kind="company_party_branch", dissolved_on=today(), **where)
    await city.tell(service.runtime.database, gone)
    assert await service.look(f"SELECT has_party_branch FROM company WHERE id = '{one}'") == [(False,)]  # noqa: S608
    type_, payload = (await service.events())[-1]
    assert (type_, payload["data"]["hasPartyBranch"]) == ("linli.property.company.changed.v1", False)
    assert payload["causationid"], "the event of org that it follows from"
    count = len(await service.events())
    await city.tell(service.runtime.database, gone)
    assert len(await service.events()) == count, "told again, it changes nothing"


async def test_service_standards_are_shown_by_type_of_compound(service: Property) -> None:
    compound = await service.compound("标准")
    item = {"name_zh": "保洁", "name_en": "cleaning", "standard_zh": "每日两次", "standard_en": "twice a day"}
    definition = {"code": "commercial_1", "name_zh": "商品房一级", "name_en": "commercial, level 1",
                  "compound_kinds": ["commercial"], "items": [item]}  # fmt: skip
    file = service.folder / "standard.jsonl"
    file.write_bytes(orjson.dumps({"record": "service_standard", "definition": definition}))
    await import_file(service.runtime, file)
    query = "query($id: ID!) { compound(id: $id) { serviceStandards { code name items { name standard } } } }"
    found = (await service.data(query, service.resident("x"), id=compound))["compound"]["serviceStandards"]
    assert found == [{"code": "commercial_1", "name": "commercial, level 1",
                      "items": [{"name": "cleaning", "standard": "twice a day"}]}]  # fmt: skip
