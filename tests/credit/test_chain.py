"""The chain: what is tampered with is found, by us and by a stranger with an export."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.credit.commands.sweep import seal_all
from services.credit.commands.verify import export, verify
from tests.credit import city

if TYPE_CHECKING:
    from deploy.local.issuer import Issuer
    from tests.credit.conftest import Credit

_DOCS = Path(__file__).parents[2] / "docs/credit.md"


async def filled(credit: Credit) -> str:
    account = await credit.joined()
    for number in range(3):
        await credit.award(account, f"k{number}")
    await seal_all(credit.runtime.database)
    return account


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE posting SET item = 'other' WHERE id = (SELECT posting_id FROM seal WHERE number = 2)", "number 2"),
        ("UPDATE posting SET at = at + interval '1 microsecond'", "number 1"),
        ("UPDATE entry SET amount = amount * 2 WHERE posting_id = (SELECT posting_id FROM seal WHERE number = 3)",
         "number 3"),
        ("DELETE FROM seal WHERE number = 2", "number 3"),
        ("DELETE FROM seal WHERE number = 3", "neither chained nor wait"),
        ("DELETE FROM unsealed", "neither chained nor wait"),
        ("UPDATE account SET available = available + 5 WHERE nature <> 'system'", "accounts whose sums"),
        ("UPDATE lot SET available = available + 5", "lots whose sums"),
        ("DELETE FROM entry WHERE line = 1", "do not add up"),
    ],
)  # fmt: skip
async def test_what_is_tampered_with_is_found(credit: Credit, tampering: str, told: str) -> None:
    account = await filled(credit)
    head = (await credit.verdict()).head
    await credit.award(account, "one that waits")
    await credit.look(tampering)
    async with credit.runtime.database.read(("",)) as session:
        (found,) = await verify(session)
    assert any(told in fault for fault in found.faults), found
    assert head


async def test_sealing_from_many_sides_gives_one_chain(credit: Credit) -> None:
    account = await credit.joined()
    for number in range(4):
        await credit.award(account, f"k{number}")
    sealed = await asyncio.gather(*(seal_all(credit.runtime.database) for _ in range(4)))
    assert sum(sealed) == 4
    assert (await credit.verdict()).postings == 4


def script() -> str:
    """The auditor's script as the page prints it."""
    found = re.search(r"```python\n(.*?)```", _DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


async def test_a_stranger_verifies_an_export_with_the_script_of_the_page(credit: Credit, tmp_path: Path) -> None:
    await filled(credit)
    file, program = tmp_path / "book.jsonl", tmp_path / "verify.py"
    program.write_text(script(), encoding="utf-8")
    async with credit.runtime.database.read(("",)) as session:
        with file.open("w", encoding="utf-8") as out:
            assert await export(session, city.DISTRICT, out) == 3
            assert await export(session, "999999", out) == -1
    command = [sys.executable, "-I", str(program), str(file)]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    head = (await credit.verdict()).head.hex()
    assert (good.returncode, good.stdout) == (0, f"3 postings in order, head {head}\n"), good
    lines = file.read_text(encoding="utf-8").splitlines()
    for wrong in (
        [lines[0], lines[2], lines[1], lines[3]],
        [lines[0], lines[1], lines[2].replace('"volunteer"', '"meeting"'), lines[3]],
        [lines[0], lines[1], lines[3]],
    ):
        file.write_text("\n".join(wrong), encoding="utf-8")
        bad = subprocess.run(command, capture_output=True, text=True, check=False)
        assert bad.returncode != 0


async def test_what_is_hashed_says_nothing_of_whose_it_is(credit: Credit, tmp_path: Path) -> None:
    await filled(credit)
    file = tmp_path / "book.jsonl"
    async with credit.runtime.database.read(("",)) as session:
        with file.open("w", encoding="utf-8") as out:
            await export(session, city.DISTRICT, out)
    text = file.read_text(encoding="utf-8")
    assert "李" not in text
    assert '"li"' not in text
    one = json.loads(text.splitlines()[1])
    assert len(one["hash"]) == 2 * hashlib.sha256().digest_size


async def test_the_auditors_command_says_what_it_found(credit: Credit, issuer: Issuer, tmp_path: Path) -> None:
    await filled(credit)
    key = tmp_path / "key"
    key.write_text("x")
    environment = os.environ | {
        "LINLI_CREDIT_DATABASE_URL": credit.app_url, "LINLI_CREDIT_NATS_URL": "nats://127.0.0.1:1",
        "LINLI_CREDIT_JWKS_URL": issuer.jwks_url, "LINLI_CREDIT_ISSUER": "i", "LINLI_CREDIT_DATA_KEY_FILE": str(key),
    }  # fmt: skip

    async def run(*arguments: str) -> tuple[int | None, str]:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.credit.audit", *arguments, env=environment, stdout=subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(child.communicate(), 60)
        return child.returncode, out.decode()

    code, said = await run("verify")
    assert code == 0
    assert said.startswith("370321: 3 postings, in order; head ")
    code, said = await run("export", city.DISTRICT, str(tmp_path / "book.jsonl"))
    assert (code, said) == (0, f"3 postings written to {tmp_path / 'book.jsonl'}\n")
    await credit.look("UPDATE posting SET item = 'other'")
    code, said = await run("verify")
    assert code == 1
    assert "the chain breaks at number 1" in said
