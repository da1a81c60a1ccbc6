"""Every mutation by who may do it: done once for a key, told of by events, noted without personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.org.domain.periods import today
from tests.org import city
from tests.org.conftest import Org
from tests.org.mutations import MUTATIONS, id_, mutation

LAST = ("recodeRegion", "closeRegion")
SILENT = {"revealPerson", "exportPerson", "lookAtSpecialNeeds", "exportSpecialNeeds", "castBranchVote"}
"""Of these nothing is told: who looked at personal data is in the audit record, and a ballot is secret."""
VERSIONS = {
    "moveOrganisation": 2,
    "splitOrganisation": 3,
    "disbandTeam": 3,
    "settleListItem": 2,
    "endCallUp": 3,
    "eraseSpecialNeed": 2,
    "endPairing": 2,
    "openBranchVote": 3,
    "countBranchVote": 4,
    "reviewMatter": 2,
    "takeMatterBack": 3,
    "recodeRegion": 2,
    "closeRegion": 2,
}
"""At which version things are by then, changed by the mutations before."""
WRITTEN = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit), (SELECT count(*) FROM idempotency)"


async def test_each_is_done_once_by_the_right_role_in_the_right_place_and_told_and_noted(org: Org) -> None:
    token = org.token("admin", region=city.COUNTY)
    member = org.token("branch_member", region=city.GRID, subject=id_("person", "member"))
    order = [*(name for name in MUTATIONS if name not in LAST), *LAST]
    untold = set()
    for name in order:
        thing, given = MUTATIONS[name]
        changed: dict[str, Any] = {"idempotencyKey": name} if "idempotencyKey" in given else {}
        changed |= {"expectedVersion": VERSIONS[name]} if name in VERSIONS else {}
        changed |= {"closesAt": f"{today() + timedelta(days=3)}T00:00:00Z"} if name == "openBranchVote" else {}
        if name == "countBranchVote":
            await org.look("UPDATE recommendation SET closes_at = now()")
        (before,) = await org.look(WRITTEN)
        who = member if name == "castBranchVote" else token
        answer = await org.ask(mutation(name), who, input={**given, **changed})
        assert "errors" not in answer, (name, answer)
        payload = answer["data"][name]
        assert payload["problems"] == [], (name, payload)
        assert payload[thing]["id"]
        (after,) = await org.look(WRITTEN)
        untold |= {name} if after[0] == before[0] else set()
        if "idempotencyKey" in changed:
            assert await org.ask(mutation(name), who, input={**given, **changed}) == answer, name
            assert await org.look(WRITTEN) == [after], name
    assert untold == SILENT
    audited = {operation for (operation,) in await org.look("SELECT DISTINCT operation FROM audit")}
    assert set(order) <= audited
    told = await org.look("SELECT operation FROM audit WHERE fields::text ~ '欧阳|改名|新人'")
    told += await org.look("SELECT type FROM outbox WHERE convert_from(payload, 'UTF8') ~ '欧阳|改名|新人|138[0-9]{8}'")
    assert told == [], "neither audit record nor events have personal data"
