"""What grids are ranked by is kept up by the database: whatever is done in any order, it is what counting gives."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from services.credit.commands.sweep import seal_all
from services.credit.storage import chain
from tests.credit import city
from tests.credit.test_members import LEAVE
from tests.credit.test_points import REVERSE

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

GRIDS = (city.GRID, city.GRID_2)
SEEDS = range(int(os.environ.get("LINLI_TEST_GRID_SUMS", "2")))
COUNTED = """
    WITH people AS (
        SELECT region_id, count(*) AS people FROM account WHERE nature = 'natural' AND closed_at IS NULL GROUP BY 1
    ), earned AS (
        SELECT a.region_id, sum(e.amount) AS points FROM posting p
        JOIN account a ON a.id = p.account_id AND a.nature = 'natural' AND a.closed_at IS NULL
        JOIN entry e ON e.posting_id = p.id AND e.component = 'available'
        WHERE p.kind = 'earn' AND NOT EXISTS (SELECT FROM posting back WHERE back.reverses = p.id) GROUP BY 1
    )
    SELECT region_id, people, coalesce(points, 0)::bigint FROM people LEFT JOIN earned USING (region_id) ORDER BY 1"""


class Neighbourhood:
    """People who join, earn, lose by reversal, move and leave as chance has it."""

    def __init__(self, credit: Credit, seed: int) -> None:
        self.credit = credit
        self.random = random.Random(seed)  # noqa: S311 (to be repeated)
        self.members: dict[str, tuple[str, str]] = {}
        self.steps = 0

    async def step(self) -> None:
        self.steps += 1
        doing = self.random.choice([self.join, self.award, self.award, self.reverse, self.move, self.leave, self.seal])
        await doing()

    async def join(self) -> None:
        name, grid = f"somebody {self.steps}", self.random.choice(GRIDS)
        account = await self.credit.joined(name, grid, idempotencyKey=f"join {self.steps}", household=f"{self.steps}-1")
        self.members[name] = (account, grid)

    async def award(self) -> None:
        if near := sorted(account for account, grid in self.members.values() if grid == city.GRID):
            await self.credit.award(self.random.choice(near), f"award {self.steps}")

    async def reverse(self) -> None:
        found = await self.credit.look(f"""SELECT p.id FROM posting p JOIN account a ON a.id = p.account_id
            WHERE p.kind = 'earn' AND a.closed_at IS NULL AND a.region_code = '{city.GRID}'
            AND NOT EXISTS (SELECT FROM posting b WHERE b.reverses = p.id) ORDER BY p.at""")  # noqa: S608
        if found:
            worker = self.credit.staff("worker")
            answer = await self.credit.data(REVERSE, worker, id=str(self.random.choice(found)[0]))
            assert answer["payload"]["problems"] == []

    async def move(self) -> None:
        if self.members:
            name = self.random.choice(sorted(self.members))
            account, grid = self.members[name][0], self.random.choice(GRIDS)
            self.members[name] = (account, grid)
            await self.credit.look(
                f"UPDATE account SET region_id = '{city.region_id(grid)}', region_code = '{grid}'"  # noqa: S608
                f" WHERE id = '{account}'"
            )

    async def leave(self) -> None:
        if self.members:
            name = self.random.choice(sorted(self.members))
            _, grid = self.members.pop(name)
            answer = await self.credit.data(LEAVE, self.credit.resident(name, grid))
            assert answer["payload"]["problems"] == []

    async def seal(self) -> None:
        await seal_all(self.credit.runtime.database)


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_done_the_sums_are_what_counting_gives(credit: Credit, seed: int) -> None:
    neighbourhood = Neighbourhood(credit, seed)
    for _ in range(40):
        await neighbourhood.step()
    assert await credit.look("SELECT sum(recount_grids(id)) FROM book") == [(0,)]
    counted = await credit.look(COUNTED)
    await credit.look(
        "SELECT rank_grids(id, date_trunc('quarter', now() AT TIME ZONE 'Asia/Shanghai')::date, 3) FROM book"
    )
    assert await credit.look("SELECT region_id, people, points FROM grid_rank ORDER BY 1") == counted


async def test_sums_that_were_tampered_with_are_mended_by_counting(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    await seal_all(credit.runtime.database)
    before = await credit.look("SELECT points, members FROM grid_sum")
    await credit.look("UPDATE grid_sum SET points = points + 7")
    ((book,),) = await credit.look("SELECT id FROM book WHERE id = (SELECT book_id FROM account LIMIT 1)")
    async with credit.runtime.database.write(("",)) as session:
        assert await chain.recount(session, book) == 1
        await chain.fold(session, book)
    assert await credit.look("SELECT points, members FROM grid_sum") == before == [(10, 1)]
