from __future__ import annotations

from pathlib import Path

import pytest

from deploy.checks.structure import FUNCTION_LINES, MODULE_LINES, TEST_MODULE_LINES, check_source, main

MODULE = Path("chassis/thing.py")
TEST_MODULE = Path("tests/chassis/test_thing.py")


def nested(*blocks: str) -> str:
    lines = ["def f(x):"]
    for depth, block in enumerate(blocks, start=1):
        lines.append("    " * depth + block)
    lines.append("    " * (len(blocks) + 1) + "pass")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("path", "most"), [(MODULE, MODULE_LINES), (TEST_MODULE, TEST_MODULE_LINES)])
def test_a_module_may_be_as_long_as_its_limit_and_no_longer(path: Path, most: int) -> None:
    assert check_source(path, "x = 1\n" * most) == []
    (finding,) = check_source(path, "x = 1\n" * (most + 1))
    assert str(finding) == f"{path}:1: module of {most + 1} lines, at most {most}"


@pytest.mark.parametrize("keyword", ["def", "async def"])
def test_a_function_may_be_as_long_as_its_limit_and_no_longer(keyword: str) -> None:
    head = f"{keyword} f():\n"
    assert check_source(MODULE, head + "    x = 1\n" * (FUNCTION_LINES - 1)) == []
    (finding,) = check_source(MODULE, head + "    x = 1\n" * FUNCTION_LINES)
    assert finding.message == f"f has {FUNCTION_LINES + 1} lines, at most {FUNCTION_LINES}"


def test_four_blocks_deep_is_allowed_and_five_is_not() -> None:
    blocks = ["for a in x:", "while a:", "with a:", "if a:"]
    assert check_source(MODULE, nested(*blocks)) == []
    (finding,) = check_source(MODULE, nested(*blocks, "if x:"))
    assert (finding.line, finding.message) == (7, "f nests 5 blocks, at most 4")


def test_a_chain_of_elif_is_not_nesting() -> None:
    chain = "".join(f"    elif x == {number}:\n        pass\n" for number in range(9))
    assert check_source(MODULE, f"def f(x):\n    if x:\n        pass\n{chain}    else:\n        pass\n") == []


def test_blocks_in_handlers_and_cases_count() -> None:
    deep = nested("for a in x:", "for b in a:", "for c in b:", "try:") + (
        "                except ValueError:\n                    if x:\n                        pass\n"
    )
    assert [finding.message for finding in check_source(MODULE, deep)] == ["f nests 5 blocks, at most 4"]
    matching = nested("for a in x:", "for b in a:", "for c in b:", "match c:", "case 1:", "if x:")
    assert [finding.message for finding in check_source(MODULE, matching)] == ["f nests 5 blocks, at most 4"]


def test_a_function_inside_a_function_starts_counting_anew() -> None:
    source = nested("for a in x:", "for b in a:", "def g():", "for c in x:", "for d in x:", "if d:")
    assert check_source(MODULE, source) == []


def test_the_program_prints_findings_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * (MODULE_LINES + 1))
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "longer.py").write_text("x = 1\n" * (MODULE_LINES + 1))
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("\n") == 1
    assert main([str(tmp_path / "migrations")]) == 0


AT_IMPORT = (
    "TODAY = local_day(datetime.now(UTC))\n",
    "class A:\n    closes = f'{today() + DAY}'\n",
    "def f(day=today()):\n    pass\n",
    "@pytest.mark.parametrize('day', [date.today()])\ndef test_a(day):\n    pass\n",
)


@pytest.mark.parametrize("source", AT_IMPORT)
def test_tests_ask_for_the_day_when_they_run(source: str) -> None:
    found = check_source(TEST_MODULE, source)
    assert found
    assert all("asked when the module is read" in finding.message for finding in found)
    assert check_source(MODULE, source) == []


def test_a_function_may_ask_for_the_day() -> None:
    assert check_source(TEST_MODULE, "def today():\n    return local_day(now())\n\n\nDAY = date(2026, 3, 1)\n") == []
