"""Keep what places settle for themselves as data: rules of committees and others, by kind and code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.dialects.postgresql import insert as upsert

from services.property.domain import records as r
from services.property.domain.committee_rules import check_committee_rule
from services.property.domain.company_rules import (
    check_assessment_rule,
    check_recommendation_rule,
    check_service_standard,
)
from services.property.domain.red import check_red_rule
from services.property.domain.service_system import check_service_system
from services.property.storage import committee_tables as c

if TYPE_CHECKING:
    from collections.abc import Callable

    from chassis.database import WriteSession

_CHECKS: dict[type[Any], tuple[str, Callable[[Any], Any]]] = {
    r.CommitteeRuleRecord: ("committee", check_committee_rule),
    r.RedRuleRecord: ("red", check_red_rule),
    r.ServiceStandardRecord: ("service", check_service_standard),
    r.AssessmentRuleRecord: ("assessment", check_assessment_rule),
    r.RecommendationRuleRecord: ("recommendation", check_recommendation_rule),
    r.ServiceSystemRecord: ("system", check_service_system),
}


async def store_standard(session: WriteSession, record: r.StandardRecord) -> bool:
    """Store a standard, in place of the one of the same code; tell whether that changed something. Raises Refused."""
    kind, check = _CHECKS[type(record)]
    definition = check(record.definition)
    row = {"kind": kind, "code": definition.code, "definition": msgspec.to_builtins(definition)}
    statement = upsert(c.standard).values(row)
    new = statement.excluded.definition
    differs = c.standard.c.definition.is_distinct_from(new)
    stored = await session.execute(
        statement.on_conflict_do_update(index_elements=["kind", "code"], set_={"definition": new}, where=differs)
    )
    return bool(stored.rowcount)
