from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from deploy.practices.catalogue import list_practices, read_file, read_practice
from deploy.practices.check import look_over
from deploy.practices.located import PracticeError, read_document, steps
from deploy.practices.processes import processes_of


def test_every_practice_that_there_is_has_no_fault() -> None:
    practices = list_practices()
    assert "huantai" in [practice.practice for practice in practices]
    for practice in practices:
        assert look_over(practice.folder / f"{practice.practice}.yaml") == [], "nor a warning"


def test_an_unknown_practice_is_refused_with_what_there_is() -> None:
    for name in ("nowhere", "../huantai", "huantai.matters", ""):
        with pytest.raises(PracticeError, match=r"there are: .*huantai"):
            read_practice(name)


def test_a_practice_has_its_processes() -> None:
    practice = read_practice("huantai")
    codes = [process.code for process in processes_of(practice)]
    assert codes == ["five_sheets", "grid_appointment", "micro_wish", "snapshot", "renovation"]


def test_every_value_of_a_document_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\nb:\n  - c: 2022-03-01\n    d: [x,\n        y]\n", encoding="utf-8")
    document = read_document(file)
    assert document.value == {"a": 1, "b": [{"c": date(2022, 3, 1), "d": ["x", "y"]}]}
    assert document.line("b", 0, "c") == 3
    assert document.line("b", 0, "d", 1) == 5
    assert document.line("b", 0, "missing") == 3
    assert document.line("missing", "too") == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "not YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key `a` is here twice"),
        ("a: 1\n2: 3\n", 2, "a key must be text"),
        ("a: 1\non: 3\n", 2, "a key must be text"),
        ("a: &x [1]\nb: *x\n", 1, "anchors and aliases"),
        ("a: 1\nb: !!python/object/apply:os.getcwd []\n", 2, "tag"),
        ("a: 2022-02-31\n", 1, "day is out of range"),
        ("a: \t1\n\x00\n", 1, "not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_by_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PracticeError) as refused:
        read_document(file)
    fault = refused.value.faults[0]
    assert (fault.line, fault.path) == (line, file)
    assert message in fault.message
    assert str(fault).startswith(f"{file}:{line}: ")


def test_a_missing_file_and_one_that_is_not_utf8_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PracticeError, match="cannot be read"):
        read_document(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    with pytest.raises(PracticeError, match="not UTF-8"):
        read_document(tmp_path / "latin.yaml")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    with pytest.raises(PracticeError, match=r"empty\.yaml:1: expected `object`, got `null`"):
        read_file(tmp_path / "empty.yaml")


def test_steps_are_read_off_a_path() -> None:
    assert steps("$.a[0].b_c[12]") == ("a", 0, "b_c", 12)
    assert steps("$.a[...].b") == ("a",)
    assert steps("") == ()
