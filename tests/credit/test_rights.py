"""A person sees every look at their data and takes a copy of all of it; nobody else does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.credit import city
from tests.kit import items_of

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

MINE = "{ myCreditAccount { looks { edges { node { title purpose } } } copy } }"
REVEALED = "holder { name } problems { code }"
REVEAL = "mutation($input: RevealHolderInput!) { revealHolder(input: $input) { holder { name } } }"


async def test_every_look_is_recorded_and_the_holder_sees_it(credit: Credit) -> None:
    account = await credit.joined()
    asked = {"accountId": account, "purpose": "核对签到表"}
    for token in (credit.role("admin"), credit.role("observer"), credit.resident("wang")):
        assert await credit.error(REVEAL, token, input=asked) == "FORBIDDEN"
    assert await credit.error(REVEAL, credit.staff("worker_2"), input=asked) == "NOT_FOUND"
    assert await credit.refused("revealHolder", credit.staff("worker"), accountId=account, purpose=" ") == "REQUIRED"
    payload = await credit.done("revealHolder", credit.staff("worker"), REVEALED, "", **asked)
    assert payload["holder"] == {"name": "李小明"}
    mine = (await credit.data(MINE, credit.resident()))["myCreditAccount"]
    assert items_of(mine["looks"]) == [{"title": "grid_worker", "purpose": "核对签到表"}]


async def test_a_person_takes_a_copy_of_everything_that_is_kept_of_them(credit: Credit) -> None:
    account, other = await credit.joined(household="3-1-101"), await credit.joined("wang")
    await credit.award(account, "a", evidence="表 1")
    await credit.award(other, "b")
    await credit.done(
        "applyForPoints", credit.resident(), "problems { code }",
        idempotencyKey="a", item="deed", evidence="感谢信 1",
    )  # fmt: skip
    asked = {"accountId": account, "purpose": "核对签到表"}
    await credit.done("revealHolder", credit.staff("worker"), REVEALED, "", **asked)
    copy = json.loads((await credit.data(MINE, credit.resident()))["myCreditAccount"]["copy"])
    assert copy["holder"]["name"] == "李小明"
    assert [one["item"] for one in copy["postings"]] == ["volunteer"]
    assert [one["evidence_text"] for one in copy["applications"]] == ["感谢信 1"]
    assert [one["fields"]["purpose"] for one in copy["looks"]] == ["核对签到表"]
    assert len(copy["lots"]) == 1
    assert other not in json.dumps(copy)
    body = await credit.body()
    query = "query($id: ID!) { creditAccount(id: $id) { copy } }"
    found = await credit.data(query, credit.role("auditor", city.DISTRICT), id=body)
    assert found["creditAccount"]["copy"] is None
