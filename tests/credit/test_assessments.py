"""What property concludes of a company counts for it or against it, once; people are never concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from services.credit.main import SERVICE
from services.credit.reactions.earning import PROPERTY_HANDLERS
from services.property.domain.company_events import AssessmentConcluded
from tests.credit import city
from tests.credit.conftest import CREDIT_CODE, catalogue_record

if TYPE_CHECKING:
    from chassis.events.envelope import Envelope
    from tests.credit.conftest import Credit


def concluded(grade: str, number: int = 1, code: str = CREDIT_CODE, region: str = city.GRID) -> Envelope:
    event = AssessmentConcluded(
        assessment_id=uuid5(NAMESPACE_URL, f"assessment {number}"), compound_id=city.person("compound"),
        company_id=city.person("company"), region_code=region, credit_code=code, period="2026Q1", score=9500,
        grade=grade,
    )  # fmt: skip
    return city.envelope(event, "property")


async def hear(credit: Credit, *events: Envelope) -> None:
    for event in events:
        async with credit.runtime.database.write(("",)) as session:
            await PROPERTY_HANDLERS[event.type](session.connection, [event])


@pytest.fixture
def with_rules() -> dict[str, Any]:
    good = city.CATALOGUE["rewards"][0] | {
        "code": "assessed_well", "groups": ["shop"], "recorders": [], "ceiling": None,
        "cause": {"source": "company_assessed", "grades": ["excellent", "good"]},
    }  # fmt: skip
    bad = city.CATALOGUE["deductions"][0] | {
        "code": "assessed_badly", "recorders": [],
        "cause": {"source": "company_assessed", "grades": ["insufficient"]},
    }  # fmt: skip
    # A number of its own: reactions keep versions for as long as the program runs, and tests share it.
    return catalogue_record(
        version=7, rewards=[*city.CATALOGUE["rewards"], good], deductions=[*city.CATALOGUE["deductions"], bad]
    )


async def test_a_grade_gives_points_or_takes_them_once_and_nobody_else_is_concerned(
    credit: Credit, with_rules: dict[str, Any]
) -> None:
    body, person = await credit.body(), await credit.joined()
    await credit.load(with_rules)
    good, bad = concluded("good"), concluded("insufficient", 2)
    await hear(credit, good, good, concluded("good"), bad, bad, concluded("sufficient", 3))
    assert await credit.balance(body) == (10, 0, -20)
    strangers = [concluded("good", 4, "91370321MA1000000T"), concluded("good", 5, region=city.ELSEWHERE)]
    await hear(credit, *strangers)
    assert await credit.balance(body) == (10, 0, -20)
    assert await credit.balance(person) == (0, 0, 0)
    said = await credit.look(
        "SELECT item, catalogue_version, recorded_by, length(evidence) FROM posting WHERE kind <> 'reverse' ORDER BY 1"
    )
    assert [tuple(row) for row in said] == [
        ("assessed_badly", 7, "system:rule", 32), ("assessed_well", 7, "system:rule", 32),
    ]  # fmt: skip
    assert (await credit.verdict()).faults == []


async def test_a_company_objects_to_what_the_rule_took_and_it_does_not_count_meanwhile(
    credit: Credit, with_rules: dict[str, Any]
) -> None:
    body = await credit.body()
    await credit.load(with_rules)
    await hear(credit, concluded("insufficient"))
    ((posting,),) = await credit.look("SELECT id::text FROM posting WHERE item = 'assessed_badly'")
    made, clerk = "id problems { code }", credit.staff("clerk")
    asked = {"idempotencyKey": "o", "reason": "分数有误", "postingId": posting}
    objection = (await credit.done("raiseObjection", clerk, made, **asked))["id"]
    query = "query($id: ID!) { creditAccount(id: $id) { suspended } }"
    assert (await credit.data(query, clerk, id=body))["creditAccount"] == {"suspended": 20}
    decided = {"id": objection, "uphold": True, "decision": "重新核算"}
    await credit.done("decideObjection", credit.staff("arbiter"), made, **decided)
    assert await credit.balance(body) == (0, 0, 0)


def test_the_service_listens_to_property() -> None:
    (reaction,) = [one for one in SERVICE.reactions if one.durable == "credit-property"]
    assert reaction.subjects == ("linli.*.*.*.*.property.>",)
    assert set(reaction.handlers) == {AssessmentConcluded.type_in("property")}
