"""Models are nominated, voted for or reviewed, made public and awarded; people only if they agree, and masked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from hypothesis import given
from hypothesis import strategies as st

from services.credit.domain.catalogue import faults
from services.credit.domain.honours import choose, mean_mark
from services.credit.domain.periods import local_day
from tests.credit import city
from tests.kit import items_of

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

PAYLOAD = "id problems { code }"
PUBLIC = """query($code: String!) { publicCreditSelections(regionCode: $code) { honour state region { id }
  candidates { edges { node { state name votes mark place region { id } } } } } }"""
AWARDS = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditAwards { edges { node { id honour amountYuan paidAt document } } } creditFunds { committedYuan } } } }"""
OWN = "{ myCreditAccount { nominations { edges { node { id honour state place } } } } }"
LEAVE = "mutation { leaveCredit { accountId } }"


def _code(mutation: str) -> str:
    name = {"publishHonourSelection": "HonourSelectionInput", "concludeHonourSelection": "HonourSelectionInput"}.get(
        mutation, f"{mutation[0].upper()}{mutation[1:]}Input"
    )
    return f"mutation($input: {name}!) {{ {mutation}(input: $input) {{ id }} }}"


async def opened(credit: Credit, honour: str, token: str, region: str = city.COMMUNITY) -> str:
    today = local_day(datetime.now(UTC))
    asked = {
        "idempotencyKey": f"open {honour}", "honour": honour, "regionCode": region,
        "nominationsUntil": (today + timedelta(days=5)).isoformat(),
        "choiceUntil": (today + timedelta(days=10)).isoformat(),
    }  # fmt: skip
    return str((await credit.done("openHonourSelection", token, PAYLOAD, **asked))["id"])


async def nominated(credit: Credit, selection: str, token: str, **whom: Any) -> str:
    asked = {"idempotencyKey": f"nominate {whom}", "selectionId": selection, **whom}
    return str((await credit.done("nominateForHonour", token, PAYLOAD, **asked))["id"])


async def days_pass(credit: Credit, days: int) -> None:
    await credit.look(
        f"UPDATE selection SET nominations_until = nominations_until - {days}, choice_until = choice_until - {days},"  # noqa: S608
        f" public_until = public_until - {days}"
    )


async def set_fund(credit: Credit, yuan: str) -> None:
    year = local_day(datetime.now(UTC)).year
    asked = {"districtCode": city.DISTRICT, "year": year, "budgetYuan": yuan}
    await credit.done("setFund", credit.staff("coordinator"), "problems { code }", "SetFundInput", **asked)


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 6))
def test_nobody_is_passed_over_for_a_worse_result_and_nobody_is_chosen_without_one(
    results: list[int], places: int
) -> None:
    chosen = choose(dict(enumerate(results)), places)
    assert all(results[one] > 0 for one in chosen)
    least = min((results[one] for one in chosen), default=0)
    for one, result in enumerate(results):
        better = sum(other > result for other in results)
        assert (one in chosen) is (result > 0 and better < places)
        assert one not in chosen or (chosen[one] == better + 1 and result >= least)


def test_a_mean_mark_is_exact_and_a_catalogue_names_reviewers_and_titles_where_they_belong() -> None:
    assert mean_mark([90, 91, 91]) == Fraction(272, 3)
    assert mean_mark([]) == 0
    honours = city.CATALOGUE["honours"]
    assert faults(city.catalogue()) == []
    wrong = [honours[0] | {"reviewers": ["arbiter"]}, honours[3] | {"title": None, "code": "building"}]
    found = " ".join(faults(city.catalogue(honours=wrong)))
    for part in ("reviewers are named for a review", "a title is named", "honour building is there twice"):
        assert part in found


async def test_a_building_is_voted_for_made_public_and_awarded_of_the_fund(credit: Credit) -> None:
    for name in ("li", "wang"):
        await credit.joined(name, region=city.GRID)
    secretary, worker = credit.staff("secretary"), credit.staff("worker")
    selection = await opened(credit, "building", secretary)
    await credit.joined("late")
    first = await nominated(credit, selection, worker, regionCode=city.BUILDING)
    second = await nominated(credit, selection, credit.staff("worker_2"), regionCode=city.BUILDING_2)
    again = {"idempotencyKey": "x", "selectionId": selection, "regionCode": city.BUILDING}
    assert await credit.refused("nominateForHonour", worker, **again) == "NOMINATED_ALREADY"
    vote = {"candidateId": first}
    assert await credit.refused("voteForHonour", credit.resident(), **vote) == "PERIOD_NOT_OVER"
    await days_pass(credit, 5)
    assert await credit.refused("nominateForHonour", worker, **again) == "TOO_LATE"
    for name in ("li", "wang"):
        await credit.done("voteForHonour", credit.resident(name), PAYLOAD, **vote)
    assert await credit.refused("voteForHonour", credit.resident(), candidateId=second) == "VOTED_ALREADY"
    assert await credit.refused("voteForHonour", credit.resident("late"), **vote) == "NO_VOTE"
    assert (
        await credit.refused("publishHonourSelection", secretary, "HonourSelectionInput", id=selection)
        == "PERIOD_NOT_OVER"
    )
    assert (await credit.data(PUBLIC, None, code=city.DISTRICT))["publicCreditSelections"] == []
    await days_pass(credit, 5)
    await credit.done("publishHonourSelection", secretary, PAYLOAD, "HonourSelectionInput", id=selection)
    (shown,) = (await credit.data(PUBLIC, None, code=city.DISTRICT))["publicCreditSelections"]
    assert shown | {"candidates": items_of(shown["candidates"])} == {
        "honour": "building", "state": "PUBLISHED", "region": {"id": str(city.region_id(city.COMMUNITY))},
        "candidates": [
            {"state": "CHOSEN", "name": None, "votes": 2, "mark": None, "place": 1,
             "region": {"id": str(city.region_id(city.BUILDING))}},
            {"state": "PASSED_OVER", "name": None, "votes": 0, "mark": None, "place": None,
             "region": {"id": str(city.region_id(city.BUILDING_2))}},
        ],
    }  # fmt: skip
    assert (
        await credit.refused("concludeHonourSelection", secretary, "HonourSelectionInput", id=selection)
        == "PERIOD_NOT_OVER"
    )
    await days_pass(credit, 7)
    assert (
        await credit.refused("concludeHonourSelection", secretary, "HonourSelectionInput", id=selection)
        == "FUND_EXHAUSTED"
    )
    await set_fund(credit, "500.00")
    await credit.done("concludeHonourSelection", secretary, PAYLOAD, "HonourSelectionInput", id=selection)
    type_, told = (await credit.events())[-1]
    assert (type_, told["data"]) == (
        "linli.credit.selection.concluded.v1",
        {"selectionId": selection, "honour": "building", "regionId": str(city.region_id(city.COMMUNITY)),
         "regionCode": city.COMMUNITY, "chosen": 1},
    )  # fmt: skip
    await _is_paid_once(credit)


async def _is_paid_once(credit: Credit) -> None:
    coordinator = credit.staff("coordinator")
    (region,) = (await credit.data(AWARDS, coordinator, id=str(city.region_id(city.DISTRICT))))["_entities"]
    award = region["creditAwards"]["edges"][0]["node"]
    assert (award["honour"], award["amountYuan"], award["paidAt"]) == ("building", "500.00", None)
    assert region["creditFunds"] == [{"committedYuan": "500.00"}]
    paid = {"id": award["id"], "document": "财付 12 号"}
    for token in (credit.staff("secretary"), credit.resident(), credit.role("admin")):
        assert await credit.error(_code("payAward"), token, input=paid) in {"FORBIDDEN", "NOT_FOUND"}
    await credit.done("payAward", coordinator, PAYLOAD, **paid)
    assert await credit.refused("payAward", coordinator, **paid) == "PAID_ALREADY"


async def test_a_person_stands_only_if_they_agree_and_is_shown_masked_until_they_think_again(credit: Credit) -> None:
    account = await credit.joined()
    secretary, worker, clerk = credit.staff("secretary"), credit.staff("worker"), credit.staff("clerk")
    selection = await opened(credit, "neighbour", secretary)
    candidate = await nominated(credit, selection, worker, accountId=account)
    await days_pass(credit, 5)
    mark: dict[str, Any] = {"candidateId": candidate, "mark": 90}
    assert await credit.refused("reviewForHonour", clerk, **mark) == "NOT_STANDING"
    (own,) = items_of((await credit.data(OWN, credit.resident()))["myCreditAccount"]["nominations"])
    assert own == {"id": candidate, "honour": "neighbour", "state": "ASKED", "place": None}
    agree: dict[str, Any] = {"id": candidate, "agree": True}
    assert await credit.error(_code("answerHonourNomination"), credit.resident("wang"), input=agree) == "NOT_FOUND"
    await credit.done("answerHonourNomination", credit.resident(), PAYLOAD, **agree)
    assert await credit.refused("reviewForHonour", clerk, **mark | {"mark": 101}) == "POINTS_OUT_OF_RANGE"
    await credit.done("reviewForHonour", clerk, PAYLOAD, **mark)
    assert await credit.refused("reviewForHonour", clerk, **mark) == "VOTED_ALREADY"
    assert await credit.error(_code("reviewForHonour"), worker, input=mark) == "NOT_FOUND"
    await days_pass(credit, 5)
    await credit.done("publishHonourSelection", secretary, PAYLOAD, "HonourSelectionInput", id=selection)
    (shown,) = (await credit.data(PUBLIC, None, code=city.COMMUNITY))["publicCreditSelections"]
    grid = {"id": str(city.region_id(city.GRID))}
    assert items_of(shown["candidates"]) == [
        {"state": "CHOSEN", "name": "李*", "votes": None, "mark": 90.0, "place": 1, "region": grid}
    ]
    assert "李小明" not in str(await credit.contents())
    await credit.data(LEAVE, credit.resident())
    (shown,) = (await credit.data(PUBLIC, None, code=city.COMMUNITY))["publicCreditSelections"]
    assert items_of(shown["candidates"]) == []
    assert await credit.look("SELECT shown FROM candidate") == [(None,)]


async def test_a_family_stands_once_and_nobody_votes_for_themselves(credit: Credit) -> None:
    await credit.joined("li", household="3-1-201")
    await credit.joined("wang", household="3-1-201")
    selection = await opened(credit, "family", credit.staff("secretary"))
    candidate = await nominated(credit, selection, credit.resident())
    asked = {"idempotencyKey": "w", "selectionId": selection}
    assert await credit.refused("nominateForHonour", credit.resident("wang"), **asked) == "NOMINATED_ALREADY"
    await days_pass(credit, 5)
    assert await credit.refused("voteForHonour", credit.resident(), candidateId=candidate) == "OWN_MATTER"
    await credit.done("voteForHonour", credit.resident("wang"), PAYLOAD, candidateId=candidate)
    await days_pass(credit, 5)
    secretary = credit.staff("secretary")
    await credit.done("publishHonourSelection", secretary, PAYLOAD, "HonourSelectionInput", id=selection)
    strike = {"id": candidate, "reason": "公示期有异议，查实"}
    assert await credit.error(_code("strikeHonourCandidate"), secretary, input=strike) == "FORBIDDEN"
    await credit.done("strikeHonourCandidate", credit.staff("arbiter"), PAYLOAD, **strike)
    (shown,) = (await credit.data(PUBLIC, None, code=city.COMMUNITY))["publicCreditSelections"]
    assert [(one["state"], one["name"]) for one in items_of(shown["candidates"])] == [("STRUCK", None)]


async def test_an_excellent_grid_worker_is_reviewed_by_others_and_needs_no_name(credit: Credit) -> None:
    coordinator, secretary = credit.staff("coordinator"), credit.staff("secretary")
    selection = await opened(credit, "grid_worker", coordinator, city.DISTRICT)
    duty = str(uuid5(NAMESPACE_URL, "duty worker"))
    candidate = await nominated(credit, selection, secretary, dutyId=duty)
    wrong = {"idempotencyKey": "w", "selectionId": selection, "dutyId": str(uuid5(NAMESPACE_URL, "duty clerk"))}
    assert await credit.error(_code("nominateForHonour"), secretary, input=wrong) == "NOT_FOUND"
    await days_pass(credit, 5)
    await credit.done("reviewForHonour", coordinator, PAYLOAD, candidateId=candidate, mark=88)
    await days_pass(credit, 5)
    await credit.done("publishHonourSelection", coordinator, PAYLOAD, "HonourSelectionInput", id=selection)
    await days_pass(credit, 7)
    await set_fund(credit, "10000")
    await credit.done("concludeHonourSelection", coordinator, PAYLOAD, "HonourSelectionInput", id=selection)
    assert await credit.look("SELECT honour, amount_fen FROM award") == [("grid_worker", 80000)]


async def test_red_flag_grids_are_awarded_once_after_their_quarter_was_ranked(credit: Credit) -> None:
    await credit.award(await credit.joined(), "a")
    await credit.joined("zhao", city.GRID_2)
    await credit.backdate()
    coordinator, kind = credit.staff("coordinator"), "CreditPeriodInput"
    asked = {"districtCode": city.DISTRICT, "day": "2026-03-01"}
    assert await credit.refused("awardRedFlags", coordinator, kind, **asked) == "NOT_RANKED"
    await credit.done("rankGrids", coordinator, PAYLOAD, kind, **asked)
    await set_fund(credit, "1999.99")
    assert await credit.refused("awardRedFlags", coordinator, kind, **asked) == "FUND_EXHAUSTED"
    await set_fund(credit, "2000")
    query = "mutation($input: CreditPeriodInput!) { awardRedFlags(input: $input) { id } }"
    for token in (credit.staff("secretary"), credit.resident(), credit.role("admin")):
        assert await credit.error(query, token, input=asked) in {"FORBIDDEN", "NOT_FOUND"}
    await credit.done("awardRedFlags", coordinator, PAYLOAD, kind, **asked)
    assert await credit.refused("awardRedFlags", coordinator, kind, **asked) == "DONE_ALREADY"
    granted = await credit.look("SELECT honour, amount_fen, region_id FROM award")
    assert granted == [("red_flag", 200000, city.region_id(city.GRID))]
