"""tickets on a real database, knowing the small city; each test that changes something has a database of its own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
import pytest_asyncio
import yaml

from services.tickets.commands.check_files import check_next
from services.tickets.commands.import_tickets import import_tickets
from services.tickets.files import Files as TicketFiles
from services.tickets.main import SERVICE
from tests.kit import Started
from tests.objects_kit import Files, folder_files, send
from tests.tickets import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.objects.clamd import Scanner
    from chassis.service import Runtime
    from tests.kit import Plant

_ROOT = Path(__file__).parents[2]
FIVE_SHEETS = yaml.safe_load((_ROOT / "deploy/practices/processes/five_sheets.yaml").read_text(encoding="utf-8"))
MICRO_WISH = yaml.safe_load((Path(__file__).parent / "example_process.yaml").read_text(encoding="utf-8"))

TICKET = "ticket { id version number step { code } outcome round } problems { code message path }"
RAISE = f"mutation($input: RaiseTicketInput!) {{ payload: raiseTicket(input: $input) {{ {TICKET} }} }}"


def mutation(name: str) -> str:
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ payload: {name}(input: $input) {{ {TICKET} }} }}"


UPLOAD = """mutation($input: RequestUploadInput!) { payload: requestUpload(input: $input) {
  upload { id link { method url headers { name value } expiresAt } } problems { code message path } } }"""
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a photograph"


@dataclass
class Tickets(Started):
    """tickets as tests ask it, with the store of files that clients come to."""

    files: Files = field(kw_only=True)

    def staff(self, name: str, **more: Any) -> str:
        """A token of somebody in duty, for where they hold it."""
        title, code = city.POSTS[name]
        return self.issuer.mint(title, region=more.pop("region", code), subject=str(city.person(name)), **more)

    def resident(self, name: str = "li", region: str = city.COMMUNITY) -> str:
        return self.issuer.mint("resident", region=region, subject=name)

    def role(self, role: str, region: str = "") -> str:
        return self.issuer.mint(role, region=region)

    async def raised(self, token: str | None = None, **more: Any) -> dict[str, Any]:
        """Raise a ticket of five sheets in the grid."""
        asked = {
            "idempotencyKey": more.pop("key", "k1"),
            "process": "five_sheets",
            "regionCode": city.GRID,
            "title": "想加装充电棚",
            "category": "charging",
            **more,
        }
        payload = (await self.data(RAISE, token or self.resident(), input=asked))["payload"]
        assert not payload["problems"], payload
        ticket: dict[str, Any] = payload["ticket"]
        return ticket

    async def requested(self, token: str, content: bytes = PHOTO, **more: Any) -> dict[str, Any]:
        """Ask for a link to upload a file; return the payload."""
        if not {"ticketId", "process"} & more.keys():
            more |= {"process": "five_sheets", "regionCode": city.GRID}
        asked = {
            "idempotencyKey": more.pop("key", str(uuid4())), "name": "现场.jpg", "mediaType": "image/jpeg",
            "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **more,
        }  # fmt: skip
        payload: dict[str, Any] = (await self.data(UPLOAD, token, input=asked))["payload"]
        return payload

    async def uploaded(self, token: str, content: bytes = PHOTO, **more: Any) -> str:
        """Upload a file as a client does; return what an act takes as its attachment."""
        payload = await self.requested(token, content, **more)
        assert not payload["problems"], payload
        status, body, _ = await send(payload["upload"]["link"], content)
        assert status == 200, body
        return str(payload["upload"]["id"])

    def files_with(self, scanner: Scanner | None = None) -> TicketFiles:
        """What looks into files, by this scanner."""
        return TicketFiles(self.files.store, scanner, 600)

    async def look_into_files(self, scanner: Scanner | None = None, at: datetime | None = None) -> None:
        """Look into all that were attached, as the service does beside its requests."""
        while await check_next(self.runtime.database, self.files_with(scanner), at or datetime.now(UTC)):
            pass

    async def do(self, name: str, token: str, ticket: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Do something with a ticket that must succeed; return the ticket."""
        payload = await self.payload(name, token, ticket, **more)
        assert not payload["problems"], payload
        found: dict[str, Any] = payload["ticket"] or {
            "id": ticket["id"], "version": ticket["version"] + 1,
        }  # fmt: skip
        return found

    async def payload(self, name: str, token: str, ticket: dict[str, Any], **more: Any) -> dict[str, Any]:
        asked = {"id": ticket["id"], "expectedVersion": ticket["version"], **more}
        payload: dict[str, Any] = (await self.data(mutation(name), token, input=asked))["payload"]
        return payload

    async def to_step(self, step: str, ticket: dict[str, Any] | None = None) -> dict[str, Any]:
        """Carry a ticket on to a step of five sheets."""
        ticket = ticket or await self.raised()
        for name, who, more in (
            ("acceptTicket", "worker", {}),
            ("deliberateTicket", "branch", {"opinion": "议定加装"}),
            ("decideTicket", "committee", {"opinion": "同意加装", "responsible": str(city.OFFICE)}),
            ("carryOutTicket", "committee", {"opinion": "已经建成"}),
            ("evaluateTicket", None, {"rating": 5}),
            ("publiciseTicket", "committee", {"notice": "充电棚已建成"}),
        ):
            if ticket["step"]["code"] == step:
                break
            ticket = await self.do(name, self.staff(who) if who else self.resident(), ticket, **more)
        assert ticket["step"]["code"] == step
        return ticket

    async def events(self) -> list[Any]:
        """What was published, but for whom was told of it."""
        return [one for one in await super().events() if ".notification." not in one[0]]

    async def told(self) -> list[dict[str, Any]]:
        """Whom was told what: the events of notifications."""
        return [event["data"] for type_, event in await super().events() if ".notification." in type_]

    async def load(self, *records: dict[str, Any] | bytes) -> str:
        file = self.folder / "tickets.jsonl"
        file.write_bytes(b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in records))
        return await import_tickets(self.runtime, file)


def process_records() -> list[dict[str, Any]]:
    return [{"record": "process", "definition": one} for one in (*FIVE_SHEETS, *MICRO_WISH)]


async def _settle(runtime: Runtime) -> None:
    """Let the city and the processes be known."""
    await city.tell(runtime.database, *city.history())
    with TemporaryDirectory() as folder:
        file = Path(folder) / "processes.jsonl"
        file.write_bytes(b"\n".join(orjson.dumps(one) for one in process_records()))
        await import_tickets(runtime, file)


@pytest_asyncio.fixture(scope="session")
async def files(tmp_path_factory: Any) -> AsyncIterator[Files]:
    """A folder store with its server, for all tests."""
    async with folder_files(tmp_path_factory.mktemp("files")) as started:
        yield started


async def start(plant: Plant, folder: Path, files: Files) -> Tickets:
    """Start the service on a database of its own that knows the city and the processes."""
    database = await plant.database(SERVICE, "city", _settle)
    told = {"files": "folder", "files_folder": files.folder, "files_url": files.url, "files_key_file": files.key_file}
    started = Started.on(plant, SERVICE, database, folder, **told)
    return Tickets(**vars(started), files=files)


@pytest_asyncio.fixture
async def tickets(plant: Plant, tmp_path: Path, files: Files) -> AsyncIterator[Tickets]:
    """tickets for one test alone."""
    started = await start(plant, tmp_path, files)
    yield started
    await started.close()


@pytest_asyncio.fixture(scope="session")
async def city_tickets(plant: Plant, tmp_path_factory: Any, files: Files) -> AsyncIterator[Tickets]:
    """tickets for tests that change nothing."""
    started = await start(plant, tmp_path_factory.mktemp("tickets"), files)
    yield started
    await started.close()
