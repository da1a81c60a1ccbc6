"""docs/district-systems.md: the consumer printed there runs as it stands."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local.settings import DataFolder
from tests.journey.conftest import DISTRICT
from tests.journey.test_five_sheets import raised

PAGE = Path(__file__).parents[2] / "docs" / "district-systems.md"
pytestmark = pytest.mark.timeout(600)


async def until_told(process: asyncio.subprocess.Process, word: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(240):
        async for line in process.stdout:
            if word in line.decode():
                return line.decode()
    raise AssertionError(f"it ended without telling of {word}")


async def test_the_consumer_of_the_page_receives_a_ticket_and_resumes_without_repeating(
    city: Any, key: str, tmp_path: Path
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "consumer.py").write_text(code, encoding="utf-8")
    environment = os.environ | {
        "LINLI_NATS_URL": f"nats://127.0.0.1:{city.settings.nats_port}",
        "LINLI_SEED": str(DataFolder(city.settings.data).nats_seed(f"district_{DISTRICT}")),
        "LINLI_BOOK": str(tmp_path / "book.db"),
    }
    for title in ("first", "second"):
        process = await asyncio.create_subprocess_exec(
            sys.executable, tmp_path / "consumer.py", env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            ticket = await raised(city, f"{key}-{title}", title)
            line = await until_told(process, ticket["id"])
            assert "linli.tickets.ticket.raised.v1" in line
            assert "missing" not in line
        finally:
            process.kill()
            await process.wait()
