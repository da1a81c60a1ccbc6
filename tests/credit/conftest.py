"""credit on a real database, knowing the small city; each test that changes something has a database of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson
import pytest_asyncio

from services.credit.commands.import_credit import import_credit
from services.credit.commands.sweep import seal_all
from services.credit.commands.verify import Verdict, verify
from services.credit.main import SERVICE
from tests.credit import city
from tests.kit import Started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.service import Runtime
    from tests.kit import Plant

ACCOUNT = "accountId account { id nature group name balance { available held deducted score } } problems { code path }"
CREDIT_CODE = "91110000600037341L"


class Credit(Started):
    """credit as tests ask it."""

    def staff(self, name: str, **more: Any) -> str:
        """A token of somebody in duty, for where they hold it."""
        title, code = city.POSTS[name]
        return self.issuer.mint(title, region=more.pop("region", code), subject=str(city.person(name)), **more)

    def resident(self, name: str = "li", region: str = city.COMMUNITY) -> str:
        return self.issuer.mint("resident", region=region, subject=name)

    def role(self, role: str, region: str = "") -> str:
        return self.issuer.mint(role, region=region)

    async def payload(self, mutation: str, token: str, fields: str = ACCOUNT, kind: str = "", **asked: Any) -> Any:
        """Run a mutation that takes one input; return its payload."""
        kind = kind or f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation($input: {kind}!) {{ payload: {mutation}(input: $input) {{ {fields} }} }}"
        return (await self.data(query, token, input=asked))["payload"]

    async def done(self, mutation: str, token: str, fields: str = ACCOUNT, kind: str = "", **asked: Any) -> Any:
        """Run a mutation that must succeed; return its payload."""
        payload = await self.payload(mutation, token, fields, kind, **asked)
        assert not payload["problems"], payload
        return payload

    async def refused(self, mutation: str, token: str, kind: str = "", **asked: Any) -> str:
        """Run a mutation that must be refused and change nothing; return the code of the problem."""
        before = await self.contents()
        payload = await self.payload(mutation, token, "problems { code }", kind, **asked)
        assert await self.contents() == before
        return str(payload["problems"][0]["code"])

    async def joined(self, name: str = "li", region: str = city.GRID, **more: Any) -> str:
        """Let a resident join; return the account's id."""
        asked: dict[str, Any] = {
            "idempotencyKey": f"join {name}", "group": "resident", "regionCode": region, "name": "李小明",
            "noticeVersion": 2,
        }  # fmt: skip
        payload = await self.done("joinCredit", self.resident(name, region), **asked | more)
        return str(payload["accountId"])

    async def body(self, region: str = city.GRID, **more: Any) -> str:
        """Register a shop; return the account's id."""
        asked: dict[str, Any] = {"group": "shop", "regionCode": region, "creditCode": CREDIT_CODE, "name": "便民超市"}
        payload = await self.done("registerBody", self.staff("clerk"), idempotencyKey="body", **asked | more)
        return str(payload["accountId"])

    async def award(self, account: str, key: str, item: str = "volunteer", **more: Any) -> Any:
        """Give points; return the payload."""
        asked: dict[str, Any] = {"idempotencyKey": key, "accountId": account, "item": item, **more}
        return await self.payload("awardPoints", self.staff("worker"), kind="RecordPointsInput", **asked)

    async def balance(self, account: str) -> tuple[int, int, int]:
        ((*sums,),) = await self.look(f"SELECT available, held, deducted FROM account WHERE id = '{account}'")  # noqa: S608
        return (sums[0], sums[1], sums[2])

    async def verdict(self) -> Verdict:
        """Chain what waits and check the book."""
        await seal_all(self.runtime.database)
        async with self.runtime.database.read(("",)) as session:
            (found,) = await verify(session)
        return found

    async def backdate(self) -> None:
        """Let everybody have joined, and every posting been made, in the first quarter of 2026."""
        await self.look("UPDATE posting SET at = '2026-02-10 12:00+08'")
        await self.look("UPDATE account SET opened_at = '2026-01-10 12:00+08'")
        await self.look("SELECT recount_grids(id) FROM book")

    async def load(self, *records: Any) -> str:
        file = self.folder / "credit.jsonl"
        file.write_bytes(b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in records))
        return await import_credit(self.runtime, file)


def catalogue_record(**changed: Any) -> dict[str, Any]:
    return {
        "record": "catalogue", "region_id": str(city.region_id(city.DISTRICT)), "region_code": city.DISTRICT,
        "definition": city.CATALOGUE | changed,
    }  # fmt: skip


async def _settle(runtime: Runtime) -> None:
    """Let the city and the catalogue be known."""
    await city.tell(runtime.database, *city.history())
    with TemporaryDirectory() as folder:
        file = Path(folder) / "credit.jsonl"
        file.write_bytes(orjson.dumps(catalogue_record()))
        await import_credit(runtime, file)


async def start(plant: Plant, folder: Path) -> Credit:
    """Start the service on a database of its own that knows the city and the catalogue."""
    return Credit.on(plant, SERVICE, await plant.database(SERVICE, "city", _settle), folder)


@pytest_asyncio.fixture
async def credit(plant: Plant, tmp_path: Path) -> AsyncIterator[Credit]:
    """credit for one test alone."""
    started = await start(plant, tmp_path)
    yield started
    await started.close()
