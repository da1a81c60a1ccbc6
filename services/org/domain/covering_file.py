"""The rules of an import file for which compounds organisations cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import CommonProblem, Refused
from services.org.domain.compounds import check_lies_there
from services.org.domain.covering import check_covered
from services.org.domain.periods import Period, check_existence, check_not_future, today

if TYPE_CHECKING:
    from services.org.domain.practice_known import Known
    from services.org.domain.tie_records import CoveringRecord


def check_covering(known: Known, record: CoveringRecord) -> bool:
    """Take which compounds an organisation covers, unless that was said of it before. Raises Refused."""
    if record.organisation in known.covering:
        return False
    _, existence = known.organisation(record.organisation, "organisation")
    check_not_future(record.valid_from, today(), "valid_from")
    check_existence(existence, Period(record.valid_from, existence.until), "organisation", "valid_from")
    wanted = check_covered(record.compounds, "compounds")
    if not wanted:
        raise Refused(CommonProblem.REQUIRED, "compounds", field="compounds")
    # Property may import its compounds at this moment: one that it has not told of yet is taken on trust.
    for name, code in (known.compounds[one] for one in wanted if one in known.compounds):
        check_lies_there(name, code, known.branches[record.organisation], "compounds")
    return True
