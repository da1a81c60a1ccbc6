"""linli schema and linli plan, as a pipeline and a person use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LINLI = Path(sys.executable).with_name("linli")
LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
ITEMS = LINK + 'type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! name: String! note: String }'
COUNTS = LINK + 'type Query { none: Int } type Item @key(fields: "id") { id: ID! count: Int! }'


def linli(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    return subprocess.run(
        [LINLI, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "items.graphql").write_text(ITEMS)
    (tmp_path / "counts.graphql").write_text(COUNTS)
    done = linli(
        tmp_path, "schema", "compose", "items=items.graphql", "counts=counts.graphql", "--url",
        "items=http://items/graphql", "--out", "published.graphql",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path


def test_compose_prints_or_writes_what_routers_load(folder: Path) -> None:
    written = (folder / "published.graphql").read_text()
    assert '@join__graph(name: "items", url: "http://items/graphql")' in written
    printed = linli(folder, "schema", "compose", "counts=counts.graphql", "items=items.graphql")
    assert printed.returncode == 0
    assert printed.stdout.replace('url: ""', 'url: "http://items/graphql"', 2).count("join__type") == written.count(
        "join__type"
    )


def test_what_does_not_compose_is_named_with_exit_code_2(folder: Path) -> None:
    (folder / "counts.graphql").write_text(COUNTS.replace("count: Int!", "name: Int!"))
    done = linli(folder, "schema", "compose", "items=items.graphql", "counts=counts.graphql")
    assert done.returncode == 2
    assert "Item.name" in done.stderr


def test_check_lets_a_safe_change_pass_and_stops_a_breaking_one(folder: Path) -> None:
    check = ("schema", "check", "items=new.graphql", "counts=counts.graphql", "--published", "published.graphql")
    for sdl, code, said in (
        (ITEMS, 0, "Nothing differs"),
        (ITEMS.replace("note: String", "note: String more: Int"), 0, "safe: Item.more was added"),
        (ITEMS.replace("note: String", ""), 1, "breaking: Field Item.note was removed"),
        (ITEMS.replace("note: String", "note: Missing"), 1, "does not compose"),
    ):
        (folder / "new.graphql").write_text(sdl)
        done = linli(folder, *check)
        assert done.returncode == code, done.stderr
        assert said in done.stdout


def test_a_removal_that_no_document_uses_may_be_deployed(folder: Path) -> None:
    (folder / "new.graphql").write_text(ITEMS.replace("note: String", ""))
    documents = folder / "documents"
    documents.mkdir()
    (documents / "list.graphql").write_text("{ items { name count } }")
    (documents / "stale.graphql").write_text("{ gone }")
    check = (
        "schema", "check", "items=new.graphql", "counts=counts.graphql", "--published", "published.graphql",
        "--operations", "documents", "--format", "json",
    )  # fmt: skip
    done = linli(folder, *check)
    told = json.loads(done.stdout)
    assert (done.returncode, told["mayDeploy"], told["brokenOperations"]) == (0, True, {})
    assert told["changes"][0]["kind"] == "FIELD_REMOVED"
    (documents / "detail.graphql").write_text("{ items { note } }")
    done = linli(folder, *check)
    told = json.loads(done.stdout)
    assert (done.returncode, list(told["brokenOperations"])) == (1, ["detail.graphql"])


def test_diff_compares_two_supergraphs(folder: Path) -> None:
    assert linli(folder, "schema", "diff", "published.graphql", "published.graphql").returncode == 0
    (folder / "counts.graphql").write_text(COUNTS.replace("count: Int!", "number: Int!"))
    linli(folder, "schema", "compose", "items=items.graphql", "counts=counts.graphql", "--out", "new.graphql")
    done = linli(folder, "schema", "diff", "published.graphql", "new.graphql")
    assert done.returncode == 1
    assert "Field Item.count was removed" in done.stdout


def test_a_plan_is_printed_for_people(folder: Path) -> None:
    done = linli(folder, "plan", "{ items { name count } }", "--supergraph", "published.graphql")
    assert done.returncode == 0
    assert "[0] from items" in done.stdout
    assert "[1] from counts, after 0" in done.stdout
    (folder / "query.graphql").write_text("query ($with: Boolean!) { items { name count @include(if: $with) } }")
    shown = linli(folder, "plan", "query.graphql", "--supergraph", "published.graphql").stdout
    assert "with $with: true\nquery: 2 fetches" in shown
    assert "with $with: false\nquery: 1 fetch" in shown
    for value, fetches in (("true", "2 fetches"), ("false", "1 fetch")):
        arguments = ("query.graphql", "--supergraph", "published.graphql", "--variables", f'{{"with": {value}}}')
        assert fetches in linli(folder, "plan", *arguments).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "{ nothing }", "--supergraph", "published.graphql"),
        ("plan", "{", "--supergraph", "published.graphql"),
        ("plan", "none.graphql", "--supergraph", "published.graphql"),
        ("plan", "{ items { id } }", "--supergraph", "none.graphql"),
        ("schema", "compose", "items"),
        ("schema", "compose", "items=none.graphql"),
        ("schema", "diff", "items.graphql", "published.graphql"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(folder: Path, arguments: tuple[str, ...]) -> None:
    done = linli(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
