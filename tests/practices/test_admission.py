"""The lists of entry control that a practice names: read whole, wrong ones told by line, counted as published."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from deploy.practices.admission import check_admission, read_admission
from deploy.practices.catalogue import FOLDER, read_practice
from deploy.practices.check import check
from deploy.practices.checks.faults import Faults
from deploy.practices.located import PracticeError, read_document

_FILE = FOLDER / "daye.admission.yaml"


def test_daye_has_as_many_items_as_it_published_and_no_two_with_one_name() -> None:
    lists, _ = read_admission(_FILE)
    items = list(lists.items())
    counted = Counter(item.list.value for item in items)
    expected = {row.id: row.expected for row in read_practice("daye").figures.rows}
    assert counted["matters"] == expected["not_to_bear_items"] == 29
    assert counted["certificates"] == expected["not_to_certify_items"] == 35
    assert counted["hotlines"] >= 1
    assert len({(item.list, item.name_zh) for item in items}) == len(items)
    assert check(FOLDER / "daye.yaml") == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("code: kinship,", "code: identity,", "is listed twice"),
        ("keywords: [招商引资]", "keywords: [招]", "INVALID_KEYWORD"),
        ('phone: "12345"', 'phone: "call me"', "INVALID_PHONE"),
        ("valid_from: 2023-01-01", "valid_from: soon", "date"),
    ],
)
def test_what_is_wrong_in_the_lists_is_told_with_its_line(tmp_path: Path, before: str, after: str, told: str) -> None:
    text = _FILE.read_text(encoding="utf-8")
    assert text.count(before) == 1
    line = text[: text.index(before)].count("\n") + 1
    file = tmp_path / "daye.admission.yaml"
    file.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(PracticeError) as wrong:
        read_admission(file)
    # A repeated code is told where it is the second time.
    assert wrong.value.faults[0].line in {line, line + 1}
    assert told in wrong.value.faults[0].message
    faults = Faults(read_document(FOLDER / "daye.yaml"))
    assert check_admission(read_practice("daye"), tmp_path, faults) == wrong.value.faults
    assert [fault.message for fault in faults.found] == ["daye.admission.yaml has faults of its own"]
