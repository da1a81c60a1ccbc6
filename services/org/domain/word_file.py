"""The rule that every word of a practice keeps in an import file: a fit code, and names."""

from __future__ import annotations

import re
from typing import Any

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem
from services.org.domain.regions import check_name

_WORD = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


def check_word(record: Any) -> None:
    """Refuse a word of the practice without a fit code or name. Raises Refused."""
    if not _WORD.fullmatch(record.code):
        raise Refused(OrgProblem.INVALID_WORD_CODE, "code", code=record.code[:40])
    check_name(record.name_zh, "name_zh")
    check_name(record.name_en, "name_en")
