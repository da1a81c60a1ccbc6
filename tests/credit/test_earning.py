"""Applications, batches and events: points come by all of them once, from the right people, within the ceilings."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from services.credit.reactions.earning import ORG_HANDLERS, TICKET_HANDLERS
from services.org.domain import events as org
from services.org.domain import register_events as register
from services.tickets.domain import events as tickets
from services.tickets.domain.deliberation import Form, Party
from services.tickets.domain.deliberation_events import SessionHeld
from services.tickets.domain.event_fields import Outcome
from tests.credit import city
from tests.credit.conftest import catalogue_record

if TYPE_CHECKING:
    from chassis.events.envelope import Envelope
    from tests.credit.conftest import Credit

APPLICATION = "application { id state item evidence reason postingId } problems { code path }"
BATCH = "done rows { row problem } problems { code }"
WAITING = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditApplications(first: 10) { totalCount edges { node { id evidence } } } } } }"""
MINE = "{ myCreditAccount { applications(first: 5) { edges { node { state reason } } } balance { available } } }"
LEAVE = "mutation { leaveCredit { problems { code } } }"


async def applied(credit: Credit, token: str, evidence: str = "感谢信 1", key: str = "a", **more: Any) -> str:
    payload = await credit.done(
        "applyForPoints", token, APPLICATION, idempotencyKey=key, item="deed", evidence=evidence, **more
    )
    assert payload["application"]["state"] == "WAITING"
    return str(payload["application"]["id"])


async def test_an_application_is_approved_by_another_person_and_counts_once(credit: Credit) -> None:
    account = await credit.joined()
    id_ = await applied(credit, credit.resident())
    assert await applied(credit, credit.resident()) == id_
    secretary = credit.staff("secretary")
    (region,) = (await credit.data(WAITING, secretary, id=str(city.region_id(city.GRID))))["_entities"]
    assert region["creditApplications"] == {"totalCount": 1, "edges": [{"node": {"id": id_, "evidence": "感谢信 1"}}]}
    for token in (credit.staff("worker"), credit.role("admin"), credit.resident("wang")):
        (region,) = (await credit.data(WAITING, token, id=str(city.region_id(city.GRID))))["_entities"]
        assert region["creditApplications"]["totalCount"] == 0
    asked: dict[str, Any] = {"id": id_, "approve": True}
    payloads = await asyncio.gather(
        *(credit.payload("decideApplication", secretary, APPLICATION, **asked) for _ in "12")
    )
    codes = sorted(problem["code"] for payload in payloads for problem in payload["problems"])
    assert codes == ["DECIDED_ALREADY"]
    assert await credit.balance(account) == (50, 0, 0)
    rows = await credit.look("SELECT recorded_by, approved_by FROM posting")
    assert [tuple(row) for row in rows] == [("holder", str(city.person("secretary")))]
    assert "感谢信" not in str(await credit.contents())
    assert (await credit.verdict()).faults == []


async def test_a_refusal_has_a_reason_and_frees_the_evidence(credit: Credit) -> None:
    await credit.joined()
    id_, secretary = await applied(credit, credit.resident()), credit.staff("secretary")
    assert await credit.refused("decideApplication", secretary, id=id_, approve=False) == "REQUIRED"
    again: dict[str, Any] = {"idempotencyKey": "b", "item": "deed", "evidence": "感谢信 1"}
    assert await credit.refused("applyForPoints", credit.resident(), **again) == "EVIDENCE_USED"
    await credit.done("decideApplication", secretary, APPLICATION, id=id_, approve=False, reason="看不清")
    mine = (await credit.data(MINE, credit.resident()))["myCreditAccount"]
    assert [edge["node"] for edge in mine["applications"]["edges"]] == [{"state": "REFUSED", "reason": "看不清"}]
    assert mine["balance"]["available"] == 0
    second = await applied(credit, credit.resident(), key="c")
    await credit.done("decideApplication", secretary, APPLICATION, id=second, approve=True)
    assert await credit.refused("applyForPoints", credit.resident(), **again) == "EVIDENCE_USED"


async def test_nobody_approves_for_themselves_their_record_or_their_household(credit: Credit) -> None:
    secretary_id = str(city.person("secretary"))
    own = await credit.joined(secretary_id, household="3-1-101")
    account = await credit.joined("li", household="3-1-101")
    other = await credit.joined("wang", household="3-1-102")
    recorded = await applied(credit, credit.staff("worker"), accountId=other)
    of_household = await applied(credit, credit.resident(), "感谢信 2")
    of_own = await applied(credit, credit.resident(secretary_id), "感谢信 3", "own")
    secretary = credit.staff("secretary")
    assert await credit.refused("decideApplication", secretary, id=of_household, approve=True) == "SAME_HOUSEHOLD"
    assert await credit.refused("decideApplication", secretary, id=of_own, approve=True) == "OWN_MATTER"
    await credit.look(f"UPDATE application SET recorded_by = '{secretary_id}' WHERE id = '{recorded}'")  # noqa: S608
    assert await credit.refused("decideApplication", secretary, id=recorded, approve=True) == "OWN_RECORD"
    decide = "mutation($input: DecideApplicationInput!) { decideApplication(input: $input) { problems { code } } }"
    for token in (credit.staff("worker"), credit.resident(), credit.role("admin")):
        assert await credit.error(decide, token, input={"id": recorded, "approve": True}) == "FORBIDDEN"
    assert await credit.error(decide, credit.staff("worker_2"), input={"id": recorded, "approve": True}) == "NOT_FOUND"
    assert {await credit.balance(one) for one in (own, account, other)} == {(0, 0, 0)}


async def test_who_leaves_takes_their_applications_with_them(credit: Credit) -> None:
    await credit.joined()
    id_ = await applied(credit, credit.resident())
    await credit.data(LEAVE, credit.resident())
    ((state, evidence, by),) = await credit.look("SELECT state, evidence_text, recorded_by FROM application")
    assert (state, evidence, by) == ("refused", None, "holder")
    assert await credit.refused("decideApplication", credit.staff("secretary"), id=id_, approve=True) == "NOT_A_MEMBER"


async def test_a_batch_has_a_result_for_every_row(credit: Credit) -> None:
    accounts = [await credit.joined(f"r{number}") for number in range(3)]
    worker_own, body = await credit.joined(str(city.person("worker"))), await credit.body()
    elsewhere = await credit.joined("far", city.GRID_2)
    rows: list[dict[str, Any]] = [{"accountId": account} for account in (*accounts, *accounts[:1] * 4)]
    rows += [{"accountId": accounts[1], "evidence": "表 9"}] * 2
    rows += [{"accountId": one} for one in (worker_own, elsewhere, str(city.person("nobody")), body)]
    asked: dict[str, Any] = {"idempotencyKey": "b", "regionCode": city.GRID, "item": "volunteer", "rows": rows}
    payload = await credit.done("recordBatch", credit.staff("worker"), BATCH, **asked)
    assert [row["problem"] for row in payload["rows"]] == [
        None, None, None, None, None, None, "CEILING_REACHED", None, "EVIDENCE_USED",
        "OWN_MATTER", "UNKNOWN_ACCOUNT", "UNKNOWN_ACCOUNT", None,
    ]  # fmt: skip
    assert payload["done"] == 8
    assert await credit.done("recordBatch", credit.staff("worker"), BATCH, **asked) == payload
    assert [await credit.balance(one) for one in accounts] == [(40, 0, 0), (20, 0, 0), (10, 0, 0)]
    versions = await credit.look(
        f"SELECT aggregate_version FROM outbox WHERE aggregate_id = '{accounts[0]}' ORDER BY id"  # noqa: S608
    )
    assert [version for (version,) in versions] == [1, 2, 3, 4, 5]
    *_, (_, last) = [one for one in await credit.events() if one[1]["subject"] == accounts[0]]
    assert last["data"]["available"] == 40
    await credit.award(accounts[2], "after")
    assert (await credit.verdict()).faults == []


async def test_what_is_wrong_with_a_whole_batch_refuses_it(credit: Credit) -> None:
    account, worker = await credit.joined(), credit.staff("worker")
    asked: dict[str, Any] = {"idempotencyKey": "b", "regionCode": city.GRID, "item": "volunteer", "rows": []}
    assert await credit.refused("recordBatch", worker, **asked) == "TOO_MANY_ROWS"
    one = asked | {"rows": [{"accountId": account}]}
    assert await credit.refused("recordBatch", worker, **one | {"item": "deed"}) == "NEEDS_APPROVAL"
    assert await credit.refused("recordBatch", worker, **one | {"regionCode": "1"}) == "UNKNOWN_REGION"
    record = "mutation($input: RecordBatchInput!) { recordBatch(input: $input) { done } }"
    for token in (credit.staff("clerk"), credit.resident(), credit.role("admin")):
        assert await credit.error(record, token, input=one) == "FORBIDDEN"
    assert await credit.error(record, worker, input=one | {"regionCode": city.GRID_2}) == "NOT_FOUND"


def evaluated(rating: int, code: str = city.GRID) -> Envelope:
    event = tickets.TicketEvaluated(
        ticket_id=city.person("ticket"), number="1", process="five_sheets", process_version=1, category=None,
        region_id=city.region_id(code), region_code=code, step="evaluate", due_at=None, outcome=Outcome.DONE,
        action="evaluate", acted_as="requester", from_step="evaluate", ticket_version=1, round=0, rating=rating,
        ratings=1,
    )  # fmt: skip
    return city.envelope(event, "tickets")


async def hear(credit: Credit, *events: Envelope) -> None:
    handlers = TICKET_HANDLERS | ORG_HANDLERS
    for event in events:
        async with credit.runtime.database.write(("",)) as session:
            await handlers[event.type](session.connection, [event])


@pytest.fixture
def with_rules() -> dict[str, Any]:
    rewards = [
        city.CATALOGUE["rewards"][0] | {
            "code": "well_handled", "recorders": [], "ceiling": {"points": 30, "per": "month"},
            "cause": {"source": "ticket_well_evaluated", "title": "grid_worker", "rating": 4},
        },
        city.CATALOGUE["rewards"][1] | {"code": "joined", "cause": {"source": "team_joined"}},
        city.CATALOGUE["rewards"][1] | {"code": "checked_in", "cause": {"source": "checked_in"}},
        city.CATALOGUE["rewards"][1] | {
            "code": "held", "cause": {"source": "deliberation_held", "title": "grid_worker"},
        },
        city.CATALOGUE["rewards"][1] | {"code": "attended", "cause": {"source": "session_attended"}},
    ]  # fmt: skip
    return catalogue_record(version=2, rewards=rewards)


async def test_an_event_gives_points_once_to_whom_the_rule_names(credit: Credit, with_rules: dict[str, Any]) -> None:
    before = evaluated(5)
    account = await credit.joined(str(city.person("worker")))
    await hear(credit, evaluated(5))
    assert await credit.balance(account) == (0, 0, 0)
    await credit.load(with_rules)
    good, joined = evaluated(4), city.envelope(
        org.TeamMemberJoined(
            team_id=city.person("team"), person_id=city.person("worker"), region_id=city.region_id(city.GRID),
            region_code=city.GRID, valid_from=city.SINCE,
        )
    )  # fmt: skip
    await hear(credit, before, evaluated(3), evaluated(5, city.GRID_2), evaluated(5, city.ELSEWHERE))
    assert await credit.balance(account) == (0, 0, 0)
    await hear(credit, good, good, joined, joined)
    assert await credit.balance(account) == (15, 0, 0)
    await hear(credit, *(evaluated(5) for _ in range(4)))
    assert await credit.balance(account) == (35, 0, 0)
    *_, (_, last) = await credit.events()
    assert last["data"]["available"] == 35
    assert (await credit.verdict()).faults == []
    ((audited,),) = await credit.look("SELECT count(*) FROM audit WHERE actor = 'system:rule'")
    assert audited == 4


async def test_checking_in_and_deliberations_held_give_points_once(credit: Credit, with_rules: dict[str, Any]) -> None:
    account = await credit.joined(str(city.person("worker")))
    await credit.load(with_rules)
    checked_in = city.envelope(
        register.CheckInBegun(
            check_in_id=city.person("check"), person_id=city.person("worker"), unit_id=None,
            region_id=city.region_id(city.GRID), region_code=city.GRID, valid_from=city.SINCE,
        )
    )  # fmt: skip
    await hear(credit, checked_in, checked_in)
    assert await credit.balance(account) == (5, 0, 0)
    held = city.envelope(
        tickets.TicketDeliberated(
            ticket_id=city.person("ticket"), number="1", process="five_sheets", process_version=1, category=None,
            region_id=city.region_id(city.GRID), region_code=city.GRID, step="decide", due_at=None, outcome=None,
            action="deliberate", acted_as="grid_branch_secretary", from_step="deliberate", ticket_version=1, round=0,
        ), "tickets",
    )  # fmt: skip
    await hear(credit, held, held)
    assert await credit.balance(account) == (10, 0, 0)
    assert (await credit.verdict()).faults == []


async def test_everybody_who_came_to_a_session_is_rewarded_once_and_nobody_else(
    credit: Credit, with_rules: dict[str, Any]
) -> None:
    came, too, away = [await credit.joined(str(city.person(name))) for name in ("li", "wang", "zhao")]
    await credit.load(with_rules)
    held = city.envelope(
        SessionHeld(
            deliberation_id=city.person("deliberation"), ticket_id=None, region_id=city.region_id(city.GRID),
            region_code=city.GRID, session_id=city.person("session"), form=Form.COURTYARD, station_id=None,
            starts_at=datetime.now(UTC), parties=(Party.RESIDENTS,),
            people=tuple(city.person(name) for name in ("wang", "li", "stranger")),
        ), "tickets",
    )  # fmt: skip
    await hear(credit, held, held)
    assert [await credit.balance(one) for one in (came, too, away)] == [(5, 0, 0), (5, 0, 0), (0, 0, 0)]
    assert (await credit.verdict()).faults == []
