"""Who follows their balance sees every change of it, wherever it was made, and nothing of anybody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from chassis.graphql.subscribe import EventStreams
from chassis.service import graphql_endpoint, runtime
from services.credit.main import SERVICE

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

FOLLOW = "subscription { myCreditAccountChanged { id balance { available } } }"
PATIENCE = 30


class Followed:
    """A subscription as a client reads it."""

    def __init__(self, credit: Credit, token: str | None) -> None:
        self._answers: asyncio.Queue[Any] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._task = asyncio.create_task(self._run(EventStreams(credit.endpoint), token))

    async def _run(self, streams: EventStreams, token: str | None) -> None:
        headers = [(b"accept", b"text/event-stream")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        body: list[Any] = [{"type": "http.request", "body": orjson.dumps({"query": FOLLOW}), "more_body": False}]

        async def receive() -> Any:
            if body:
                return body.pop()
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            content = message.get("body", b"")
            if content.startswith(b"event: next"):
                self._answers.put_nowait(orjson.loads(content.partition(b"data: ")[2]))
            elif content.startswith(b"event: complete"):
                self._answers.put_nowait(None)

        await streams({"type": "http", "method": "POST", "headers": headers}, receive, send)

    async def next(self) -> Any:
        """What is told next; None when it is complete."""
        async with asyncio.timeout(PATIENCE):
            return await self._answers.get()

    async def available(self) -> int:
        return int((await self.next())["data"]["myCreditAccountChanged"]["balance"]["available"])

    async def close(self) -> None:
        self._gone.set()
        await self._task


async def test_a_balance_is_told_at_once_and_after_every_posting_until_its_holder_leaves(credit: Credit) -> None:
    mine, other = await credit.joined(), await credit.joined("wang")
    followed = Followed(credit, credit.resident())
    assert await followed.available() == 0
    await credit.award(mine, "1")
    assert await followed.available() == 10
    await credit.award(other, "2")
    await credit.award(mine, "3")
    assert await followed.available() == 20
    await credit.data("mutation { leaveCredit { accountId } }", credit.resident())
    assert await followed.next() is None
    await followed.close()


async def test_postings_of_another_instance_are_seen(credit: Credit) -> None:
    mine = await credit.joined()
    followed = Followed(credit, credit.resident())
    assert await followed.available() == 0
    stands_on = runtime(SERVICE, credit.runtime.settings)
    beside = replace(credit, runtime=stands_on, endpoint=graphql_endpoint(SERVICE, stands_on))
    await beside.award(mine, "1")
    assert await followed.available() == 10
    await followed.close()
    await stands_on.database.close()


async def test_only_residents_who_joined_follow_and_only_their_own(credit: Credit) -> None:
    await credit.joined()
    asked = {None: "UNAUTHENTICATED", credit.staff("worker"): "FORBIDDEN", credit.resident("wang"): "NOT_FOUND"}
    for token, code in asked.items():
        followed = Followed(credit, token)
        assert (await followed.next())["errors"][0]["extensions"]["code"] == code
        assert await followed.next() is None
        await followed.close()
