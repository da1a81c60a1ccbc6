"""Background work: a fault of it is told at once, and does not end it."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from chassis.background import for_each, keep_up
from chassis.errors import Unavailable


async def test_work_that_fails_is_told_at_once_and_begins_again() -> None:
    faults: list[Exception] = [Unavailable(), ValueError("odd")]
    begun = asyncio.Event()

    async def work() -> None:
        if faults:
            raise faults.pop(0)
        begun.set()
        await asyncio.Event().wait()

    with capture_logs() as logged:
        running = asyncio.create_task(keep_up("sweep", work, pause=0))
        async with asyncio.timeout(5):
            await begun.wait()
    assert [(line["log_level"], line["work"]) for line in logged] == [("warning", "sweep"), ("error", "sweep")]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_work_that_has_nothing_to_do_is_not_begun_again() -> None:
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1

    await keep_up("files", work, pause=0)
    assert begun == 1


async def test_one_of_several_things_that_fails_holds_up_no_other_and_is_told_of() -> None:
    tried: list[int] = []

    async def work(number: int) -> int:
        tried.append(number)
        if number % 2:
            raise ValueError(number)
        return number

    assert await for_each((2, 4), work) == [2, 4]
    with pytest.raises(ExceptionGroup) as failed:
        await for_each((1, 2, 3), work)
    assert [str(error) for error in failed.value.exceptions] == ["1", "3"]
    assert tried == [2, 4, 1, 2, 3]


async def test_what_is_away_is_away_for_all_of_them() -> None:
    tried: list[int] = []

    async def work(number: int) -> None:
        tried.append(number)
        raise Unavailable

    with pytest.raises(Unavailable):
        await for_each((1, 2), work)
    assert tried == [1]
