"""`python -m tests.bench.property`: measure votes, tallies and imports of property beside the same PostgreSQL bare.

Prints ratios: absolute figures are of the machine. Answers are checked; a wrong one ends it with status 1.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson

from services.property.commands.import_file import import_file
from services.property.domain.ballot_keys import ballot_key, keys_of
from services.property.domain.ballots import Choice, seal, tally
from services.property.storage.votes import ALL_BALLOTS
from tests.bench.property.running import Running, running

if TYPE_CHECKING:
    from uuid import UUID

CAST = "mutation($input: CastBallotInput!) { castBallot(input: $input) { vote { id } problems { code } } }"
READ = """query($id: ID!) { vote(id: $id) { participation { area owners }
    items { result { passed yes { area owners } no { area owners } } } } }"""
HEADING = ["region_code", "compound", "building", "unit", "room", "area", "owner", "number", "phone", "subject"]
AREAS = (89.5, 120, 64.25)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.property", description=__doc__)
    parser.add_argument("--owners", type=int, default=10_000, help="owners who vote (10,000)")
    parser.add_argument("--clients", type=int, default=64, help="clients at once (64)")
    parser.add_argument("--ballots", type=int, default=100_000, help="ballots of the tally (100,000)")
    parser.add_argument("--households", type=int, default=200_000, help="households of the import (200,000)")
    return parser.parse_args()


def write_registry(file: Path, region: str, compound: str, owners: int) -> Path:
    """Write a registry file of homes with one owner each, at most 2,000 in a compound of many."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADING)
        for at in range(owners):
            name = compound if compound == "voting" else f"{compound} {at // 2000}"
            phone = f"138{at % 100_000_000:08}"
            home = [at // 100, at // 50 % 2, at, AREAS[at % 3]]
            writer.writerow([region, name, *home, f"业主{at}", "", phone, f"owner {at}"])
    return file


async def measure_import(here: Running, households: int) -> None:
    """Import a registry file of many households."""
    file = write_registry(here.folder / "many.csv", here.region, "many", households)
    began = time.perf_counter()
    said = await import_file(here.runtime, file)
    seconds = time.perf_counter() - began
    assert said.startswith(f"Imported {households:,} households"), said
    sys.stdout.write(f"import   {households:,} households in {seconds:.1f} s: {households / seconds:,.0f} a second\n")


async def measure_votes(here: Running, owners: int, clients: int) -> bool:
    """Let all owners vote at once through the service; then the same statements by pgbench."""
    await import_file(here.runtime, write_registry(here.folder / "voting.csv", here.region, "voting", owners))
    vote = await here.open_vote("voting")
    rows = await here.look(f"SELECT subject, elector_id FROM elector_subject WHERE vote_id = '{vote}'")  # noqa: S608
    waiting = [(here.issuer.mint("resident", region=here.region, subject=subject), id_) for subject, id_ in rows]
    wrong: list[Any] = []

    async def client(session: aiohttp.ClientSession) -> None:
        while waiting:
            token, elector = waiting.pop()
            asked = {"idempotencyKey": str(elector), "voteId": vote, "electorId": str(elector), "choices": ["YES"]}
            body = orjson.dumps({"query": CAST, "variables": {"input": asked}})
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            async with session.post(here.url, data=body, headers=headers) as response:
                answer = orjson.loads(await response.read())
            if answer.get("errors") or answer["data"]["castBallot"]["problems"]:
                wrong.append(answer)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=clients)) as session:
        began = time.perf_counter()
        await asyncio.gather(*(client(session) for _ in range(clients)))
        rate = owners / (time.perf_counter() - began)
    found = await here.look(f"SELECT count(*) FROM ballot WHERE vote_id = '{vote}'")  # noqa: S608
    if wrong or found != [(owners,)]:
        sys.stdout.write(f"wrong: {found}, {wrong[:1]}\n")
        return False
    bare = await here.pgbench(await here.open_vote("voting"), owners, clients)
    share = rate / bare
    sys.stdout.write(
        f"votes    {owners:,} by {clients} clients: {rate:,.0f}/s, pgbench {bare:,.0f}/s: {share:.0%} (15 % asked)\n"
    )
    return True


async def measure_tally(here: Running, ballots: int) -> None:
    """Count many sealed ballots, from the database to the result; then read a closed vote."""
    vote: UUID = await here.bare_vote()
    keys, values = keys_of(here.runtime.cipher, vote), []
    for at in range(ballots):
        key = ballot_key(here.runtime.cipher, vote, here.number(at))
        sealed = seal(keys, key, 9000 + at % 100, [Choice(1 + at % 3)])
        values.append((key, sealed.nonce, sealed.body, sealed.tag, sealed.receipt))
    await here.put_ballots(vote, values)
    times = []
    for _ in range(5):
        async with here.runtime.database.read(("",)) as session:
            began = time.perf_counter()
            row = await session.row(ALL_BALLOTS, {"vote": vote})
            count = tally(keys, row["nonces"], row["bodies"], 1) if row else None
            times.append(time.perf_counter() - began)
        assert count is not None
        assert count.taking_part.heads == ballots
    sys.stdout.write(f"tally    {ballots:,} ballots in {median(times) * 1000:.0f} ms (200 ms asked)\n")


async def measure_read(here: Running) -> None:
    """Read the result of the vote that everybody took part in."""
    vote = await here.close_vote()
    token = here.issuer.mint("resident", region=here.region, subject="reader")
    times = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        for _ in range(50):
            began = time.perf_counter()
            async with session.post(here.url, json={"query": READ, "variables": {"id": vote}}) as response:
                answer = orjson.loads(await response.read())
            times.append(time.perf_counter() - began)
    (item,) = answer["data"]["vote"]["items"]
    assert item["result"]["passed"], answer
    sys.stdout.write(f"read     the result of a vote in {median(times) * 1000:.1f} ms (10 ms asked)\n")


async def main() -> int:
    """Measure everything; 1 when an answer was wrong."""
    told = arguments()
    async with running() as here:
        if not await measure_votes(here, told.owners, told.clients):
            return 1
        await measure_read(here)
        await measure_tally(here, told.ballots)
        await measure_import(here, told.households)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(asyncio.run(main()))
