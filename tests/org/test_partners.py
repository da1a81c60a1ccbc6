"""What partner units do and what it counts for; problems they take on and settle; check-ins of new employment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.org import city
from tests.org.conftest import Org

STATS = """query($code: String!, $year: Int!) { region(code: $code) {
    partnerStats(year: $year) { units contributing times kinds { kind { code } times amount }
        unitScores { points times organisation { id } } }
    jointProblemStats(year: $year) { due fulfilled beyond settled
        owing { settled fewest pairing { id } compound { id } } }
    contributions(year: $year) { totalCount } jointProblems(settled: false) { totalCount } } }"""
COMPOUNDS = [str(city.id_of("compound", key)) for key in "ab"]


def id_(*key: object) -> str:
    return str(city.id_of(*key))


async def do(org: Org, name: str, thing: str, token: str | None = None, **given: Any) -> Any:
    asked = f"{name[0].upper()}{name[1:]}Input"
    document = (
        f"mutation($input: {asked}!) {{ {name}(input: $input) {{ {thing} {{ id version }} problems {{ code }} }} }}"
    )
    payload = (await org.data(document, token, input=given))[name]
    return [one["code"] for one in payload["problems"]] or payload[thing]


async def contribute(org: Org, key: str, **more: Any) -> Any:
    given = {"idempotencyKey": key, "pairingId": city.PAIRING, "kind": "money", "amount": 1500, "on": "2024-03-01"}
    return await do(org, "recordContribution", "contribution", **{**given, **more})


async def take(org: Org, key: str, **more: Any) -> Any:
    given = {"idempotencyKey": key, "pairingId": city.PAIRING, "on": "2024-03-01", "ticketId": id_("ticket", key)}
    return await do(org, "takeUpProblem", "jointProblem", **{**given, **more})


async def settle(org: Org, taken: Any, on: str = "2024-05-01") -> Any:
    given = {"id": taken["id"], "expectedVersion": taken["version"], "result": "已修", "on": on}
    return await do(org, "settleProblem", "jointProblem", **given)


async def stats(org: Org, code: str, year: int) -> Any:
    return (await org.data(STATS, code=code, year=year))["region"]


async def test_a_years_contributions_count_by_rule_up_to_the_most(org: Org) -> None:
    assert (await stats(org, city.COUNTY, 2023))["partnerStats"] == {
        "units": 1,
        "contributing": 1,
        "times": 1,
        "kinds": [{"kind": {"code": "money"}, "times": 1, "amount": 2500.0}],
        "unitScores": [{"points": 4, "times": 1, "organisation": {"id": id_("organisation", "committee")}}],
    }
    await contribute(org, "a")
    # 1,500 and 1,400 yuan together are two full thousands.
    await contribute(org, "b", amount=1400)
    wrong = await contribute(org, "c", amount=9000)
    await contribute(org, "d", kind="service", amount=900)
    seen = (await stats(org, city.COUNTY, 2024))["partnerStats"]
    assert seen["unitScores"][0]["points"] == 10 + 5
    given = {"id": wrong["id"], "expectedVersion": 1, "reason": "重复"}
    assert (await do(org, "cancelContribution", "contribution", **given))["version"] == 2
    seen = await stats(org, city.COMMUNITY, 2024)
    assert seen["partnerStats"]["unitScores"][0]["points"] == 4 + 5
    assert (seen["partnerStats"]["times"], seen["contributions"]["totalCount"]) == (3, 3)
    again = {**given, "expectedVersion": 2}
    assert await do(org, "cancelContribution", "contribution", **again) == ["NOTHING_CHANGES"]


async def test_each_unit_owes_a_problem_for_each_compound_every_year(org: Org) -> None:
    owed = (await stats(org, city.SUBDISTRICT, 2024))["jointProblemStats"]
    assert owed["owing"] == [{"settled": 0, "fewest": 1, "pairing": {"id": city.PAIRING}, "compound": None}]
    hook = "mutation($input: HookCompoundsInput!) { hookCompounds(input: $input) { problems { code } } }"
    await org.data(hook, input={"id": city.PAIRING, "expectedVersion": 1, "compoundIds": COMPOUNDS})
    first = await take(org, "a", compoundId=COMPOUNDS[0])
    assert (await stats(org, city.COUNTY, 2024))["jointProblemStats"]["fulfilled"] == 0, "it counts when it is settled"
    assert (await settle(org, first))["version"] == 2
    for key in "bcd":
        await settle(org, await take(org, key, compoundId=COMPOUNDS[0]))
    now = (await stats(org, city.COMMUNITY, 2024))["jointProblemStats"]
    assert (now["due"], now["fulfilled"], now["beyond"], now["settled"]) == (2, 1, 1, 4)
    assert [one["compound"]["id"] for one in now["owing"]] == [COMPOUNDS[1]]
    assert (await stats(org, city.COUNTY, 2025))["jointProblemStats"]["fulfilled"] == 0, "every year anew"


async def test_rules_are_words_of_the_practice(city_org: Org) -> None:
    found = await city_org.data("{ pairingRules { fewestProblems mostProblems kind { code } } }")
    assert found["pairingRules"] == [{"fewestProblems": 1, "mostProblems": 2, "kind": {"code": "partner_unit"}}]


async def test_what_is_refused_leaves_nothing(org: Org) -> None:
    before = await org.contents()
    assert await contribute(org, "a", kind="gold") == ["UNKNOWN_KIND"]
    assert await contribute(org, "b", amount=0) == ["INVALID_COUNT"]
    assert await contribute(org, "c", on="2022-12-31") == ["OUTSIDE_EXISTENCE"]
    assert await contribute(org, "d", on="2999-01-01") == ["DATE_IN_FUTURE"]
    assert await contribute(org, "e", compoundId=COMPOUNDS[0]) == ["NOT_HOOKED"]
    assert await take(org, "f", ticketId=None) == ["ITEM_OR_TICKET"]
    assert await take(org, "g", listItemId=city.MEALS) == ["ITEM_OR_TICKET"]
    elsewhere = {"ticketId": None, "listItemId": id_("list_item", "foreign")}
    assert await take(org, "h", **elsewhere) == ["OTHER_COMMUNITY"]
    assert await take(org, "i", **{**elsewhere, "listItemId": id_(1)}) == ["UNKNOWN_LIST_ITEM"]
    taken = {"id": id_("joint_problem"), "version": 1}
    assert await settle(org, taken, "2023-02-01") == ["DATE_TOO_EARLY"]
    assert await settle(org, {**taken, "version": 7}) == ["STALE_VERSION"]
    assert await org.contents() == before
    await settle(org, taken)
    assert await settle(org, {**taken, "version": 2}) == ["ALREADY_SETTLED"]


@pytest.mark.parametrize("field", ["partnerStats(year: 2024) { units }", "contributions(year: 2024) { totalCount }"])
async def test_the_work_of_units_is_for_staff_and_for_years(city_org: Org, field: str) -> None:
    document = '{ district(code: "370321") { %s } }'
    assert await city_org.error(document % field, city_org.token("resident", region=city.COUNTY)) == "FORBIDDEN"
    assert await city_org.error(document % field.replace("2024", "1024"), city_org.token()) == "BAD_REQUEST"


async def test_couriers_check_in_without_being_members_and_are_no_reserve(org: Org) -> None:
    given = {"personId": id_("person", "spare"), "regionCode": city.GRID, "validFrom": "2024-01-01"}
    needed = '{ district(code: "370321") { reserveStats { needed } checkIns { totalCount } couriers: %s } }'
    ask = needed % 'checkIns(group: "courier") { totalCount edges { node { group { name } } } }'
    before = (await org.data(ask))["district"]
    assert await do(org, "checkIn", "checkIn", idempotencyKey="a", **given) == ["NOT_IN_SERVICE"]
    assert await do(org, "checkIn", "checkIn", idempotencyKey="b", **given, group="pilot") == ["UNKNOWN_KIND"]
    assert (await do(org, "checkIn", "checkIn", idempotencyKey="c", **given, group="courier"))["version"] == 1
    assert await do(org, "checkIn", "checkIn", idempotencyKey="d", **given, group="courier") == ["ALREADY_CHECKED_IN"]
    now = (await org.data(ask))["district"]
    assert now["reserveStats"] == before["reserveStats"], "only members who checked in make a community need more"
    assert now["checkIns"]["totalCount"] == before["checkIns"]["totalCount"] + 1
    assert now["couriers"] == {"totalCount": 1, "edges": [{"node": {"group": {"name": "courier"}}}]}


async def test_what_each_branch_has_is_told_when_all_have_the_same(org: Org) -> None:
    document = """{ district(code: "370321") { fundStats(year: 2025) {
        organisations budgetedYuan budgetedEach { leastYuan mostYuan meanYuan equalYuan }
        disbursedEach { equalYuan } } } }"""
    each = (await org.data(document))["district"]["fundStats"]
    assert each["budgetedEach"] == {"leastYuan": 10000, "mostYuan": 10000, "meanYuan": 10000, "equalYuan": 10000}
    assert each["disbursedEach"] == {"equalYuan": 4000}
    budget = "mutation($input: BudgetFundInput!) { budgetFund(input: $input) { problems { code } } }"
    given = {"organisationId": id_("organisation", "lone"), "year": 2025, "source": "county_budget"}
    more = {"idempotencyKey": "a", "amountFen": 500001, "on": "2025-01-01", "purpose": "经费"}
    assert (await org.data(budget, input={**given, **more}))["budgetFund"]["problems"] == []
    spread = (await org.data(document))["district"]["fundStats"]
    assert spread["budgetedEach"] == {"leastYuan": 5000.01, "mostYuan": 10000, "meanYuan": 7500.01, "equalYuan": None}
    assert (spread["organisations"], spread["budgetedYuan"]) == (2, 15000.01)
    none = (await org.data(document.replace("2025", "2020")))["district"]["fundStats"]["budgetedEach"]
    assert none == {"leastYuan": 0, "mostYuan": 0, "meanYuan": None, "equalYuan": None}


PAIRED = """query($code: String!, $asOf: Date) { community(code: $code, asOf: $asOf) { pairings { edges { node {
    id validFrom project organisation { id } compounds { id } } } } } }"""
DISSOLVE = "mutation($input: EndInput!) { dissolveOrganisation(input: $input) { problems { code message } } }"
MERGE = "mutation($input: MergeOrganisationsInput!) { mergeOrganisations(input: $input) { problems { code } } }"


async def pairings(org: Org, code: str = city.COMMUNITY, as_of: str | None = None) -> list[Any]:
    found = (await org.data(PAIRED, code=code, asOf=as_of))["community"]
    return [edge["node"] for edge in found["pairings"]["edges"]]


async def merge_units(org: Org, gone: str, into: str, token: str | None = None) -> None:
    await org.look(f"UPDATE organisation SET kind = 'two_new' WHERE id IN ('{gone}', '{into}')")  # noqa: S608
    given = {"idempotencyKey": f"merge {gone}", "ids": [gone], "intoId": into, "on": "2024-06-01"}
    assert (await org.data(MERGE, token, input=given))["mergeOrganisations"]["problems"] == []


async def told_of_pairings(org: Org) -> list[tuple[str, str]]:
    rows = await org.events()
    return [(type_.split(".")[3], data["data"]["organisationId"]) for type_, data in rows if ".pairing." in type_][1:]


async def hooked_shop(org: Org, code: str, *compounds: str) -> str:
    """Pair the shop with a region, look after compounds there, and return the pairing."""
    given = {"kind": "partner_unit", "organisationId": id_("organisation", "shop"), "validFrom": "2024-01-01"}
    paired = await do(org, "pairPartner", "pairing", idempotencyKey=code, regionCode=code, project="共建", **given)
    hooks = {"id": paired["id"], "expectedVersion": 1, "compoundIds": list(compounds)}
    assert (await do(org, "hookCompounds", "pairing", **hooks))["version"] == 2
    return str(paired["id"])


async def test_a_unit_that_looks_after_compounds_is_not_dissolved(org: Org) -> None:
    shop = id_("organisation", "shop")
    await org.look(f"UPDATE alliance_member SET valid_to = '2024-01-01' WHERE id = '{city.ALLIED}'")  # noqa: S608
    there = id_("compound", "second")
    pairing = await hooked_shop(org, city.SECOND_COMMUNITY, there)
    before = await org.contents()
    given = {"id": shop, "expectedVersion": 1, "on": "2024-05-01"}
    # Who dissolves it need not reach where it is paired.
    for token in (org.token(), org.token("subdistrict_secretary", region=city.COMMUNITY)):
        (problem,) = (await org.data(DISSOLVE, token, input=given))["dissolveOrganisation"]["problems"]
        assert (problem["code"], "1 pairings" in problem["message"]) == ("NOT_EMPTY", True)
    assert await org.contents() == before
    over = await org.ask(
        "mutation($input: EndInput!) { endPairing(input: $input) { problems { code } } }",
        org.token(),
        input={"id": pairing, "expectedVersion": 2, "on": "2024-05-01"},
    )
    assert over["data"]["endPairing"]["problems"] == []
    assert (await org.data(DISSOLVE, input=given))["dissolveOrganisation"]["problems"] == []


async def test_who_takes_over_from_a_unit_looks_after_its_compounds_with_its_contacts_and_problems(org: Org) -> None:
    shop, unit = id_("organisation", "shop"), id_("organisation", "committee")
    there = id_("compound", "second")
    old = await hooked_shop(org, city.SECOND_COMMUNITY, there)
    taken = await take(org, "open", pairingId=old)
    done = await take(org, "done", pairingId=old)
    await settle(org, done)
    below = org.token("subdistrict_secretary", region=city.COMMUNITY)
    await merge_units(org, shop, unit, below)
    (now,) = await pairings(org, city.SECOND_COMMUNITY)
    assert (now["validFrom"], now["project"], now["organisation"]["id"]) == ("2024-06-01", "共建", unit)
    assert [one["id"] for one in now["compounds"]] == [there]
    (then,) = await pairings(org, city.SECOND_COMMUNITY, "2024-05-31")
    assert (then["id"], then["organisation"]["id"]) == (old, shop)
    assert [one["id"] for one in then["compounds"]] == [there]
    by = dict(await org.look("SELECT id::text, pairing_id::text FROM joint_problem"))
    assert (by[taken["id"]], by[done["id"]]) == (now["id"], old)
    assert (await told_of_pairings(org))[-3:] == [("ended", shop), ("begun", unit), ("hooked", unit)]


@pytest.mark.parametrize(("fits", "left"), [(True, 2), (False, 1)])
async def test_who_is_paired_there_already_goes_on_with_the_compounds_of_both_if_it_may(
    org: Org,
    fits: bool,
    left: int,
) -> None:
    shop, unit = id_("organisation", "shop"), id_("organisation", "committee")
    own = COMPOUNDS[:1]
    hooked = await do(org, "hookCompounds", "pairing", id=city.PAIRING, expectedVersion=1, compoundIds=own)
    assert hooked["version"] == 2
    theirs = COMPOUNDS[1:] if fits else [id_("compound", 0), id_("compound", 1)]
    await hooked_shop(org, city.COMMUNITY, *theirs)
    await merge_units(org, shop, unit)
    (now,) = await pairings(org)
    assert (now["id"], len(now["compounds"])) == (city.PAIRING, left)
    assert await pairings(org, as_of="2024-05-31") != [now]
    last = [("ended", shop), ("hooked", unit)] if fits else [("ended", shop)]
    assert (await told_of_pairings(org))[-len(last) :] == last
