"""Refusals: every mutation without a token, by who may not, by who may elsewhere; nothing changes. And every query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest
import pytest_asyncio
from graphql import GraphQLNonNull, GraphQLObjectType, build_schema

from chassis.ids import new_id
from services.credit.access import ACCESS, RESIDENT
from services.credit.domain.periods import local_day
from services.credit.main import SERVICE
from tests.credit import city
from tests.credit.conftest import CREDIT_CODE, start
from tests.credit.test_governance import listed
from tests.credit.test_selections import days_pass, nominated, opened, set_fund

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.credit.conftest import Credit
    from tests.kit import Plant

KEEPER, HOLDER, MEMBER = "keeper", "li", "wang"
"""Who keeps the merchant; the holder of the account that is asked about; somebody else who has joined."""
DOORS: dict[str, frozenset[str]] = {
    "redeemOffer": frozenset({HOLDER, MEMBER}),
    "cancelRedemption": frozenset({HOLDER}),
    "useVoucher": frozenset({KEEPER}),
    "refundRedemption": frozenset({KEEPER}),
    **dict.fromkeys(
        ("registerMerchant", "openOffer", "closeOffer", "setFund", "settleMonth", "rankGrids", "publishCreditMonth",
         "awardRedFlags", "payAward"), frozenset({"coordinator"}),
    ),
    **dict.fromkeys(("listBody", "raiseObjection", "registerBody", "reviewForHonour"), frozenset({"clerk"})),
    **dict.fromkeys(("repairListing", "decideObjection", "strikeHonourCandidate"), frozenset({"arbiter", "worker"})),
    **dict.fromkeys(
        ("openHonourSelection", "publishHonourSelection", "concludeHonourSelection", "decideApplication"),
        frozenset({"secretary"}),
    ),
    **dict.fromkeys(
        ("awardPoints", "deductPoints", "reversePosting", "recordBatch", "nominateForHonour"),
        frozenset({"worker"}),
    ),
    "applyForPoints": frozenset({"worker", HOLDER}),
    # Whom the catalogue names for anything, where they hold it.
    "revealHolder": frozenset({"worker", "secretary", "clerk", "arbiter", "coordinator"}),
    "answerHonourNomination": frozenset({HOLDER}),
    "voteForHonour": frozenset({HOLDER, MEMBER}),
    "joinCredit": frozenset({HOLDER, MEMBER, KEEPER, "stranger"}),
    "leaveCredit": frozenset({HOLDER, MEMBER}),
}  # fmt: skip
"""Who may: posts of the city by the catalogue, and residents."""
PEOPLE = (HOLDER, MEMBER, KEEPER, "stranger")
SYSTEM = ("admin", "auditor", "observer")
REFUSED = frozenset({"FORBIDDEN", "NOT_FOUND"})
NOT_THEIRS = {"useVoucher": "problem UNKNOWN_VOUCHER", "recordBatch": "problem UNKNOWN_REGION"}
"""What says the same: a code that the caller may not act on, a region that is not in their scope."""
READS = {
    "creditEvents", "creditAccount", "myCreditAccount", "myCreditAccountChanged", "creditCatalogue", "creditStats",
    "creditApplications", "creditOffers", "creditFund", "creditRanking", "creditSelections", "creditAwards",
}  # fmt: skip


@cache
def mutations() -> dict[str, str | None]:
    """Every mutation of the schema, with the name of its input."""
    kind = build_schema(SERVICE.schema.as_str(), assume_valid=True).mutation_type
    assert kind is not None
    return {
        name: str(cast("GraphQLNonNull[Any]", field.args["input"].type).of_type) if field.args else None
        for name, field in kind.fields.items()
    }


@dataclass
class World:
    """A district with one of everything, and an input for every mutation."""

    credit: Credit
    inputs: dict[str, dict[str, Any]]
    body: str

    async def code(self, name: str, token: str | None) -> str:
        """Ask for a mutation; return the code of the error, or of the problem."""
        kind = mutations()[name]
        arguments = ("($input: " + kind + "!)", "(input: $input)") if kind else ("", "")
        query = f"mutation{arguments[0]} {{ payload: {name}{arguments[1]} {{ problems {{ code }} }} }}"
        variables: dict[str, Any] = {"input": self.inputs[name]} if kind else {}
        answer = await self.credit.ask(query, token, **variables)
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        problems = answer["data"]["payload"]["problems"]
        return f"problem {problems[0]['code']}" if problems else "done"

    def token(self, who: str) -> str:
        """A token of a post of the city, or of a resident of its first grid."""
        return self.credit.staff(who) if who in city.POSTS else self.credit.resident(who, city.GRID)


async def _market(credit: Credit) -> dict[str, str]:
    """Make a merchant with an offer and two redemptions of it, one honoured; return ids and a code."""
    coordinator, made = credit.staff("coordinator"), "id problems { code }"
    await set_fund(credit, "5000")
    shop = {"districtCode": city.DISTRICT, "name": "便民店", "creditCode": CREDIT_CODE, "keeper": KEEPER}
    merchant = (await credit.done("registerMerchant", coordinator, made, idempotencyKey="m", **shop))["id"]
    asked = {"merchantId": merchant, "scenario": "goods", "name": "大米", "points": 10, "priceYuan": "5"}
    offer = (await credit.done("openOffer", coordinator, made, idempotencyKey="o", **asked))["id"]
    fields, holder = "redemption { id code } problems { code }", credit.resident(HOLDER, city.GRID)
    held, used = [
        (await credit.done("redeemOffer", holder, fields, idempotencyKey=key, offerId=offer))["redemption"]
        for key in ("r1", "r2")
    ]  # fmt: skip
    await credit.done("useVoucher", credit.resident(KEEPER, city.GRID), fields, code=used["code"])
    return {"merchant": merchant, "offer": offer, "held": held["id"], "code": held["code"], "used": used["id"]}


async def _selections(credit: Credit, account: str) -> dict[str, str]:
    """Open selections and take them as far as each mutation needs; return ids."""
    secretary, worker = credit.staff("secretary"), credit.staff("worker")
    ended = await opened(credit, "building", secretary)
    chosen = await nominated(credit, ended, worker, regionCode=city.BUILDING)
    await days_pass(credit, 5)
    voted = "id problems { code }"
    await credit.done("voteForHonour", credit.resident(HOLDER, city.GRID), voted, candidateId=chosen)
    await days_pass(credit, 5)
    await credit.done("publishHonourSelection", secretary, voted, "HonourSelectionInput", id=ended)
    people = await opened(credit, "neighbour", secretary)
    asked = await nominated(credit, people, worker, accountId=account)
    await credit.done("answerHonourNomination", credit.resident(HOLDER, city.GRID), voted, id=asked, agree=True)
    again = await credit.done(
        "openHonourSelection", secretary, voted, idempotencyKey="again", honour="building",
        regionCode=city.COMMUNITY, nominationsUntil=_in_days(5), choiceUntil=_in_days(10),
    )  # fmt: skip
    stands = {"idempotencyKey": "fresh", "selectionId": again["id"], "regionCode": city.BUILDING}
    fresh = (await credit.done("nominateForHonour", worker, voted, **stands))["id"]
    await credit.look(
        "INSERT INTO award (id, book_id, cause, honour, region_id, year, amount_fen, granted_at)"
        " SELECT gen_random_uuid(), book_id, 'c', 'building', region_id, 2026, 100, now() FROM selection LIMIT 1"
    )
    ((award,),) = await credit.look("SELECT id FROM award")
    return {
        "ended": ended, "chosen": chosen, "asked": asked, "open": again["id"], "fresh": fresh, "award": str(award),
    }  # fmt: skip


def _in_days(days: int) -> str:
    return (local_day(datetime.now(UTC)) + timedelta(days=days)).isoformat()


async def _everything(credit: Credit) -> World:
    account, body = await credit.joined(HOLDER), await credit.body()
    other = await credit.joined(MEMBER)
    for number in range(3):
        await credit.award(account, f"a{number}")
    await credit.award(other, "b")
    fields = "account { postings(first: 1) { edges { node { id } } } } problems { code }"
    worker = credit.staff("worker")
    paid = await credit.done(
        "deductPoints", worker, fields, "RecordPointsInput",
        idempotencyKey="d", accountId=body, item="fire", evidence="现场照片",
    )  # fmt: skip
    deducted = paid["account"]["postings"]["edges"][0]["node"]["id"]
    ((earned,),) = await credit.look(f"SELECT min(id::text) FROM posting WHERE account_id = '{other}'")  # noqa: S608
    applied = await credit.done(
        "applyForPoints", worker, "application { id } problems { code }",
        idempotencyKey="p", item="deed", evidence="锦旗", accountId=account,
    )  # fmt: skip
    listing, second = await listed(credit, body), await listed(credit, body, "l2", reason="占道经营")
    objection = await credit.done(
        "raiseObjection", credit.staff("clerk"), "id problems { code }",
        idempotencyKey="e", reason="照片不是本店", listingId=second,
    )  # fmt: skip
    market, chosen = await _market(credit), await _selections(credit, account)
    ids = {
        "account": account, "body": body, "deducted": deducted, "earned": earned, "listing": listing,
        "application": applied["application"]["id"], "objection": objection["id"],
    }  # fmt: skip
    return World(credit, _inputs(ids, market, chosen), body)


def _inputs(ids: dict[str, str], market: dict[str, str], chosen: dict[str, str]) -> dict[str, dict[str, Any]]:
    """An input for every mutation, of what is there."""
    account, body = ids["account"], ids["body"]
    record = {"idempotencyKey": "i", "accountId": account, "item": "meeting"}
    period = {"districtCode": city.DISTRICT, "day": "2026-02-01"}
    return {
        "redeemOffer": {"idempotencyKey": "i", "offerId": market["offer"]},
        "cancelRedemption": {"id": market["held"]},
        "useVoucher": {"code": market["code"]},
        "refundRedemption": {"id": market["used"]},
        "registerMerchant": {"idempotencyKey": "i", "districtCode": city.DISTRICT, "name": "又一家",
                             "creditCode": "91370321MA1000000T", "keeper": "x"},
        "openOffer": {"idempotencyKey": "i", "merchantId": market["merchant"], "scenario": "goods", "name": "油",
                      "points": 10, "priceYuan": "5"},
        "closeOffer": {"id": market["offer"]},
        "setFund": {"districtCode": city.DISTRICT, "year": 2031, "budgetYuan": "100"},
        "settleMonth": {"merchantId": market["merchant"], "month": "2026-02-01"},
        "listBody": {"idempotencyKey": "i", "accountId": body, "colour": "GREY", "grade": "MINOR", "reason": "甲",
                     "document": "消防法", "article": "二十八", "months": 2},
        "repairListing": {"id": ids["listing"]},
        "raiseObjection": {"idempotencyKey": "i", "reason": "不是本店", "postingId": ids["deducted"]},
        "decideObjection": {"id": ids["objection"], "uphold": False, "decision": "属实"},
        **dict.fromkeys(("rankGrids", "publishCreditMonth", "awardRedFlags"), period),
        "openHonourSelection": {"idempotencyKey": "i", "honour": "family", "regionCode": city.COMMUNITY,
                                "nominationsUntil": _in_days(5), "choiceUntil": _in_days(10)},
        "nominateForHonour": {"idempotencyKey": "i", "selectionId": chosen["open"], "regionCode": city.BUILDING},
        "answerHonourNomination": {"id": chosen["asked"], "agree": False},
        "voteForHonour": {"candidateId": chosen["fresh"]},
        "reviewForHonour": {"candidateId": chosen["asked"], "mark": 90},
        "publishHonourSelection": {"id": chosen["open"]},
        "concludeHonourSelection": {"id": chosen["ended"]},
        "strikeHonourCandidate": {"id": chosen["chosen"], "reason": "不实"},
        "payAward": {"id": chosen["award"], "document": "财付 1 号"},
        "revealHolder": {"accountId": account, "purpose": "核对"},
        "joinCredit": {"idempotencyKey": "i", "group": "resident", "regionCode": city.GRID, "name": "甲",
                       "noticeVersion": 2},
        "leaveCredit": {},
        "registerBody": {"idempotencyKey": "i", "group": "shop", "regionCode": city.GRID,
                         "creditCode": "91370321MA1000000T", "name": "又一家"},
        "awardPoints": record,
        "deductPoints": {"idempotencyKey": "i", "accountId": body, "item": "fire", "evidence": "另一张照片"},
        "reversePosting": {"id": ids["earned"]},
        "applyForPoints": {"idempotencyKey": "i", "item": "deed", "evidence": "感谢信", "accountId": account},
        "decideApplication": {"id": ids["application"], "approve": True},
        "recordBatch": {"idempotencyKey": "i", "regionCode": city.GRID, "item": "meeting",
                        "rows": [{"accountId": account}]},
    }  # fmt: skip


@pytest_asyncio.fixture(scope="module")
async def world(plant: Plant, tmp_path_factory: Any) -> AsyncIterator[World]:
    """Everything, made once: nothing of what is asked here may change it, but in the last test."""
    credit = await start(plant, tmp_path_factory.mktemp("credit"))
    yield await _everything(credit)
    await credit.close()


async def test_every_operation_is_in_the_access_table_and_every_mutation_in_the_matrix(world: World) -> None:
    assert set(world.inputs) == set(DOORS) == set(mutations())
    assert set(ACCESS.operations) == set(world.inputs) | READS


async def test_nobody_without_a_token_and_nobody_who_may_not_does_anything(world: World) -> None:
    before, wrong = await world.credit.contents(), []
    for name, may in DOORS.items():
        asked: list[tuple[str, str | None]] = [("nobody", None)]
        asked += [(who, world.token(who)) for who in (*city.POSTS, *PEOPLE) if who not in may]
        asked += [(role, world.credit.role(role, city.CITY)) for role in SYSTEM]
        for who, token in asked:
            code = await world.code(name, token)
            allowed = REFUSED if token else {"UNAUTHENTICATED"}
            if code not in allowed and not (token and code == NOT_THEIRS.get(name)):
                wrong.append((name, who, code))
    assert wrong == []
    assert await world.credit.contents() == before


async def test_who_may_elsewhere_or_only_says_so_does_nothing_here(world: World) -> None:
    credit = world.credit
    # They hold the same duties in another district, and see the whole city beside it.
    await city.tell(
        credit.runtime.database, *(city.duty(f"{who} elsewhere", title, _beside(code)) for who, (title, code) in
                                   city.POSTS.items()),
    )  # fmt: skip
    before, wrong = await credit.contents(), []
    for name, may in DOORS.items():
        for who in sorted(may & set(city.POSTS)):
            title, code = city.POSTS[who]
            person, there = str(city.person(f"{who} elsewhere")), _beside(code)
            near = (("observer", city.CITY),)
            tokens = {
                "elsewhere": credit.issuer.mint(title, region=there, subject=person),
                "elsewhere, seeing": credit.issuer.mint(title, region=there, subject=person, grants=near),
                "claims it here": credit.issuer.mint(title, region=code, subject=person),
                "holds it no more": credit.issuer.mint(title, region=code, subject=str(new_id())),
            }
            for how, token in tokens.items():
                if (found := await world.code(name, token)) not in {*REFUSED, NOT_THEIRS.get(name)}:
                    wrong.append((name, who, how, found))
    assert wrong == []
    assert await credit.contents() == before


def _beside(code: str) -> str:
    """The code at the same level in the other district."""
    return {6: city.OTHER_DISTRICT, 9: "370303001", 12: "370303001001", 15: city.ELSEWHERE}[len(code)]


ROOTS = {
    "creditAccount": "query($id: ID!) { creditAccount(id: $id) { id } }",
    "_entities": 'query($id: ID!) { _entities(representations: [{__typename: "CreditAccount", id: $id}]) '
    "{ ... on CreditAccount { id } } }",
}
OF_A_REGION = {
    "creditStats": "{ accounts people available held deducted earned earners redeemed redemptions expired postings }",
    "creditApplications": "{ totalCount }",
    "creditOffers": "{ totalCount }",
    "creditFunds": "{ budgetYuan }",
    "creditSelections": "{ totalCount }",
    "creditAwards": "{ totalCount }",
    'creditRanking(day: "2026-02-01")': "{ people }",
    'creditTrend(since: "2026-01-01")': "{ earned }",
    "creditCatalogue": "{ groupCount }",
}


def _fields_of_a_region() -> set[str]:
    kind = build_schema(SERVICE.schema.as_str(), assume_valid=True).type_map["Region"]
    assert isinstance(kind, GraphQLObjectType)
    return set(kind.fields) - {"id"}


OF_THE_DISTRICT = {"creditOffers", "creditCatalogue"}
"""What everybody in the district may have and know."""


async def test_of_a_region_out_of_scope_nothing_is_seen(world: World) -> None:
    assert {name.split("(")[0] for name in OF_A_REGION} == _fields_of_a_region()
    district = str(city.region_id(city.DISTRICT))
    query = 'query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {'
    for field, inside in OF_A_REGION.items():
        asked = f"{query} found: {field} {inside} }} }} }}"
        assert await world.credit.error(asked, None, id=district) == "UNAUTHENTICATED", field
        for role in (*SYSTEM, RESIDENT, "grid_worker", "coordinator"):
            token = world.credit.role(role, city.OTHER_DISTRICT)
            (found,) = (await world.credit.data(asked, token, id=district))["_entities"]
            nothing = found["found"] in (None, []) or not any(found["found"].values())
            assert nothing, (field, role, found)
        if field not in OF_THE_DISTRICT:
            beside = world.credit.role("observer", city.GRID_2)
            (found,) = (await world.credit.data(asked, beside, id=str(city.region_id(city.GRID))))["_entities"]
            assert found["found"] == [] or not any(found["found"].values()), (field, found)
        # Where there is something, who may see it there does.
        (seen,) = (await world.credit.data(asked, world.credit.staff("coordinator"), id=district))["_entities"]
        if field.split("(")[0] not in {"creditApplications", "creditRanking"}:
            assert seen["found"] not in (None, []), field
            assert any(seen["found"].values() if isinstance(seen["found"], dict) else seen["found"]), field


@pytest.mark.parametrize("name", sorted(ROOTS))
async def test_an_account_is_for_its_holder_or_a_bodys_for_who_has_business_there(world: World, name: str) -> None:
    credit = world.credit
    ((mine,),) = await credit.look(f"SELECT account_id FROM holder WHERE subject = '{HOLDER}'")  # noqa: S608
    everybody = [world.token(who) for who in (*city.POSTS, *PEOPLE) if who != HOLDER]
    everybody += [credit.role(role) for role in SYSTEM]
    for id_, tokens in ((str(mine), everybody), (world.body, [credit.role("observer", city.OTHER_DISTRICT)])):
        for token in [*tokens, None]:
            answer = await credit.ask(ROOTS[name], token, id=id_)
            found = (answer.get("data") or {}).get(name)
            assert found in (None, [None]), found
    assert (await credit.data(ROOTS[name], world.token(HOLDER), id=str(mine)))[name]
    assert (await credit.data(ROOTS[name], credit.role("observer", city.DISTRICT), id=world.body))[name]


async def test_who_may_gets_past_every_door(world: World) -> None:
    """The matrix would hold as well if nothing could be done at all."""
    last = ("reversePosting", "strikeHonourCandidate", "cancelRedemption", "closeOffer", "leaveCredit")
    stopped = []
    for name in [*(one for one in DOORS if one not in last), *last]:
        who = "stranger" if name == "joinCredit" else min(DOORS[name])
        who = HOLDER if HOLDER in DOORS[name] and name != "joinCredit" else who
        code = await world.code(name, world.token(who))
        if code in REFUSED | {"UNAUTHENTICATED", "BAD_REQUEST", "INTERNAL"}:
            stopped.append((name, who, code))
    assert stopped == []
