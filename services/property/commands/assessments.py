"""Assessment of companies (三评两公示) and what the owners say of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.property.commands.committee_parts import found, of, standard_of
from services.property.commands.places import lock
from services.property.commands.publishing import publish, store
from services.property.domain.company_events import AssessmentConcluded, AssessmentOpened, AssessmentPublicised
from services.property.domain.company_rules import (
    DEFAULT_ASSESSMENT,
    FULL,
    OWNERS,
    AssessmentRule,
    grade_of,
    satisfaction_of,
    score_of,
)
from services.property.domain.content import LONGEST_WORD, today
from services.property.domain.problems import PropertyProblem
from services.property.domain.quarters import bounds_of, quarter_of
from services.property.storage import company_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class OpenAssessment(msgspec.Struct, frozen=True):
    """What is asked: the assessment of the company that serves a compound, for a quarter such as 2026Q1."""

    compound_id: UUID
    period: str
    rule: str | None = None


class ScoreAssessment(msgspec.Struct, frozen=True):
    """What is asked: an evaluator's score, in 0.01 of 100."""

    assessment_id: UUID
    evaluator: str
    score: int
    reasons: str | None = None


class PubliciseAssessment(msgspec.Struct, frozen=True):
    """What is asked: the first publicity, of the result."""

    assessment_id: UUID


class ConcludeAssessment(msgspec.Struct, frozen=True):
    """What is asked: the second publicity, of what was put right."""

    assessment_id: UUID
    rectification: str


class Evaluate(msgspec.Struct, frozen=True):
    """What is asked: an owner's word on the company that serves them, 1 to 5."""

    compound_id: UUID
    stars: int
    text: str | None = None


async def company_of(session: WriteSession, compound_id: UUID) -> UUID:
    """Return the company that serves a compound by a contract in force. Raises Refused."""
    k = c.contract.c
    company: UUID | None = await session.scalar(
        select(k.company_id).where(k.compound_id == compound_id, k.ended_on.is_(None))
    )
    if company is None:
        raise Refused(PropertyProblem.NO_CONTRACT, "compoundId")
    return company


async def open_assessment(session: WriteSession, permit: Permit, asked: OpenAssessment) -> UUID:
    """Open an assessment and return its id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    if bounds_of(asked.period, "period")[0] > today():
        raise Refused(PropertyProblem.INVALID_QUARTER, "period")
    company_id = await company_of(session, compound["id"])
    rule = await standard_of(session, "assessment", asked.rule, DEFAULT_ASSESSMENT)
    row = {
        "id": new_id(),
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "company_id": company_id,
        "period": asked.period,
        "rule": msgspec.to_builtins(rule),
        "status": "scoring",
        "events": 1,
    }
    if not (await session.execute(upsert(c.assessment).values(row).on_conflict_do_nothing())).rowcount:
        raise Refused(PropertyProblem.ASSESSED_ALREADY, "period")
    session.changed("assessment", row["id"], compound["region_code"], period=asked.period)
    evaluators = tuple(one.code for one in rule.evaluators)
    event = AssessmentOpened(
        **of(row), assessment_id=row["id"], company_id=company_id, period=asked.period, evaluators=evaluators
    )
    await publish(session, event, row["id"], 1, compound["region_code"])
    return UUID(str(row["id"]))


async def _assessment(
    session: WriteSession, id_: UUID, status: str, permit: Permit | None = None
) -> tuple[RowMapping, AssessmentRule]:
    row = await lock(session, c.assessment, id_, "assessment")
    if permit is not None:
        permit.require(row["region_code"], what="assessment")
    if row["status"] != status:
        raise Refused(PropertyProblem.WRONG_STAGE, "assessmentId", status=row["status"])
    return row, msgspec.convert(row["rule"], AssessmentRule)


async def score_assessment(session: WriteSession, permit: Permit, asked: ScoreAssessment) -> UUID:
    """Keep an evaluator's score, given by who holds the title that the rule names; the last one counts."""
    row, rule = await _assessment(session, asked.assessment_id, "scoring", permit)
    evaluator = next((one for one in rule.evaluators if one.code == asked.evaluator and one.title), None)
    if evaluator is None or evaluator.title is None:
        raise NotFound(what="evaluator")
    if not permit.caller.holds(evaluator.title, row["region_code"]):
        raise Forbidden(operation=permit.operation)
    if not 0 <= asked.score <= FULL:
        raise Refused(PropertyProblem.INVALID_AMOUNT, "score")
    reasons = clean(asked.reasons, "reasons", LONGEST_WORD)
    await _keep(session, row, evaluator.code, asked.score, reasons)
    session.changed("assessment", row["id"], row["region_code"], evaluator=evaluator.code, score=asked.score)
    await store(session, c.assessment, row, None)
    return UUID(str(row["id"]))


async def _keep(session: WriteSession, row: RowMapping, evaluator: str, score: int, reasons: str | None) -> None:
    values = of(row, assessment_id=row["id"], evaluator=evaluator, score=score, reasons=reasons)
    statement = upsert(c.assessment_score).values(values)
    new = {name: statement.excluded[name] for name in ("score", "reasons")}
    key = ["assessment_id", "evaluator"]
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=new))


async def publicise_assessment(session: WriteSession, permit: Permit, asked: PubliciseAssessment) -> UUID:
    """Compute the result once everybody has spoken, and make it public; return the assessment's id."""
    row, rule = await _assessment(session, asked.assessment_id, "scoring", permit)
    s, e = c.assessment_score.c, c.evaluation.c
    told = await session.rows(select(s.evaluator, s.score).where(s.assessment_id == row["id"]))
    scores = {one["evaluator"]: one["score"] for one in told}
    if any(one.code == OWNERS for one in rule.evaluators):
        mine = (e.compound_id == row["compound_id"]) & (e.company_id == row["company_id"])
        spoken = select(func.coalesce(func.sum(e.stars), 0).label("stars"), func.count().label("voices"))
        voices = await session.row(spoken.where(mine, e.period == row["period"]))
        satisfied = satisfaction_of(voices["stars"], voices["voices"]) if voices else None
        if satisfied is not None:
            scores[OWNERS] = satisfied
            await _keep(session, row, OWNERS, satisfied, None)
    if any(one.code not in scores for one in rule.evaluators):
        raise Refused(PropertyProblem.NOT_SCORED, "assessmentId")
    score = score_of(rule, scores)
    grade = grade_of(rule, score).code
    session.changed("assessment", row["id"], row["region_code"], score=score, grade=grade)
    event = AssessmentPublicised(
        **of(row), assessment_id=row["id"], company_id=row["company_id"], score=score, grade=grade
    )
    values = {"score": score, "grade": grade, "publicised_on": today()}
    await store(session, c.assessment, row, event, status="publicised", **values)
    return UUID(str(row["id"]))


async def conclude_assessment(session: WriteSession, permit: Permit, asked: ConcludeAssessment) -> UUID:
    """Conclude after the days of publicity, with what was put right; credit hears of it. Return the id."""
    row, rule = await _assessment(session, asked.assessment_id, "publicised", permit)
    on = today()
    if _days(row["publicised_on"], on) < rule.publicity_days:
        raise Refused(PropertyProblem.PUBLICITY_RUNS, "assessmentId", days=rule.publicity_days)
    text = demanded(asked.rectification, "rectification", LONGEST_WORD)
    company = await found(session, t.company, row["company_id"], "company")
    session.changed("assessment", row["id"], row["region_code"], status="concluded")
    event = AssessmentConcluded(
        **of(row),
        assessment_id=row["id"],
        company_id=row["company_id"],
        credit_code=company["credit_code"],
        period=row["period"],
        score=row["score"],
        grade=row["grade"],
    )
    await store(session, c.assessment, row, event, status="concluded", concluded_on=on, rectification=text)
    return UUID(str(row["id"]))


def _days(since: date, until: date) -> int:
    return (until - since).days


async def evaluate(session: WriteSession, permit: Permit, asked: Evaluate) -> UUID:
    """Keep what an owner says of the company this quarter; the last word counts. Return the compound's id."""
    compound = await found(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    o, w = t.owner.c, t.ownership.c
    owns = (
        select(o.id)
        .join(t.ownership, w.owner_id == o.id)
        .where(o.compound_id == compound["id"], o.subject == str(permit.caller.subject), w.valid_to.is_(None))
        .limit(1)
    )
    owner_id = await session.scalar(owns)
    if owner_id is None:
        raise NotFound(what="compound among those you own in")
    if asked.stars not in range(1, 6):
        raise Refused(PropertyProblem.INVALID_AMOUNT, "stars")
    period, company_id = quarter_of(today()), await company_of(session, compound["id"])
    # Said without a name: who said what is for nobody to read.
    index = permit.context.cipher.blind_index(f"evaluation {compound['id']} {company_id} {period} {owner_id}")
    row = {
        "company_id": company_id,
        "period": period,
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "owner_index": index,
        "stars": asked.stars,
        "text": clean(asked.text, "text", LONGEST_WORD),
    }
    statement = upsert(c.evaluation).values(row)
    new = {name: statement.excluded[name] for name in ("stars", "text")}
    await session.execute(statement.on_conflict_do_update(index_elements=["owner_index"], set_=new))
    session.changed("compound", compound["id"], compound["region_code"], evaluation=None)
    return UUID(str(compound["id"]))
