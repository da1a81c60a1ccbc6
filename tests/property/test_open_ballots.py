"""Ballots are opened where a rule says so, after the close, to the owners; those of every other vote stay sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chassis.problems import Refused
from services.property.domain.rules import DEFAULT, VoteRule, check_rule
from tests.property import city
from tests.property.test_votes import ready, rule
from tests.property.vote_kit import cast, close_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

OPENED = """query($id: ID!) { vote(id: $id) { isSecret opensBallots openBallots(first: 10) { totalCount
    edges { node { number area channel choices } } } } }"""


async def opened(service: Property, vote: str, token: str) -> dict[str, Any]:
    found: dict[str, Any] = (await service.data(OPENED, token, id=vote))["vote"]
    return found


async def test_an_open_vote_shows_the_owners_how_each_voted_and_only_after_the_close(service: Property) -> None:
    code = await rule(service, "记名", secret=[], opened=[4, 9])
    _, vote = await ready(service, "记名区", 3, "MANAGER", "OTHER", rule=code)
    for number, choices in enumerate((("YES", "NO"), ("YES", "ABSTAIN"))):
        await cast(service, vote, f"记名区 {number}", *choices, key=f"open {number}")
    # A later ballot takes the place of the earlier one here too.
    await cast(service, vote, "记名区 1", "NO", "YES", key="open again")
    owner, staff = service.resident("记名区 0"), service.staff()
    before = await opened(service, vote, owner)
    assert before == {"isSecret": False, "opensBallots": True, "openBallots": None}
    await close_now(service, vote)
    for token in (owner, staff):
        found = (await opened(service, vote, token))["openBallots"]
        ballots = [edge["node"] for edge in found["edges"]]
        assert sorted((one["area"], one["channel"], *one["choices"]) for one in ballots) == [
            ("100.00", "ONLINE", "NO", "YES"), ("100.00", "ONLINE", "YES", "NO"),
        ]  # fmt: skip
        assert found["totalCount"] == 2
    assert await service.error(OPENED, service.resident("stranger"), id=vote) == "FORBIDDEN"
    assert await service.error(OPENED, service.staff("observer"), id=vote) == "FORBIDDEN"
    assert await service.error(OPENED, service.staff(region=city.COMMUNITY_2), id=vote) == "NOT_FOUND"
    assert await service.error(OPENED, None, id=vote) == "UNAUTHENTICATED"


async def test_without_such_a_rule_or_with_one_secret_matter_nothing_is_opened(service: Property) -> None:
    code = await rule(service, "半公开", opened=[4])
    for name, matters, more in (
        ("平常", ("MANAGER",), {}), ("兼选", ("MANAGER", "COMMITTEE"), {"rule": code}),
        ("兼他", ("MANAGER", "OTHER"), {"rule": code}),
    ):  # fmt: skip
        _, vote = await ready(service, name, 1, *matters, **more)
        await cast(service, vote, f"{name} 0", *["YES"] * len(matters), key=name)
        await close_now(service, vote)
        for token in (service.resident(f"{name} 0"), service.staff()):
            found = await opened(service, vote, token)
            assert (found["opensBallots"], found["openBallots"]) == (False, None), name


@pytest.mark.parametrize("wrong", [(3,), (10,), (4, 3)])
def test_a_rule_opens_no_secret_matter(wrong: tuple[int, ...]) -> None:
    assert DEFAULT.opened == ()
    assert not DEFAULT.opens([4])
    with pytest.raises(Refused):
        check_rule(VoteRule(code="x", name_zh="x", name_en="x", opened=wrong))
