"""The subdistrict nominates a branch secretary, the district reviews and files, and only then the duty is given."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chassis.service import ImportRefused
from services.org.commands.filings import expire_overdue
from services.org.domain.periods import today
from tests.org import city

if TYPE_CHECKING:
    from tests.org.conftest import Org

FIELDS = """filing { id version state grounds reason submittedOn reviewedOn expiresOn title { code } region { code }
    organisation { id } person { id } duty { id } } problems { code path }"""
SUBMITTED, SPARE = (str(city.id_of("duty_filing", key)) for key in ("submitted", "spare"))
BRANCH, LONE = (str(city.id_of("organisation", key)) for key in ("branch", "lone"))
MEMBER, OTHER = (str(city.id_of("person", key)) for key in ("member", "second member"))
NOMINATION = {
    "title": "branch_secretary",
    "regionCode": city.SECOND_GRID,
    "organisationId": LONE,
    "personId": OTHER,
    "grounds": "熟悉小区情况",
}
STATS = """query($code: String!) { region(code: $code) {
    dutyFilingStats(title: "branch_secretary") { holders filed submitted ready } } }"""


def subdistrict(org: Org, **more: Any) -> str:
    return org.token("subdistrict_secretary", region=city.SUBDISTRICT, **more)


def district(org: Org, **more: Any) -> str:
    return org.token("district_coordinator", region=city.COUNTY, **more)


async def do(org: Org, name: str, token: str, **given: Any) -> Any:
    """The filing, or the codes of the problems."""
    document = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {FIELDS} }} }}"
    payload = (await org.data(document, token, input=given))[name]
    return [one["code"] for one in payload["problems"]] or payload["filing"]


async def assign(org: Org, **given: Any) -> Any:
    """The duty, or the codes of the problems."""
    document = "mutation($input: AssignDutyInput!) { assignDuty(input: $input) { duty { id } problems { code } } }"
    post = {"idempotencyKey": str(city.id_of(json.dumps(given))), "title": "branch_secretary", "organisationId": BRANCH}
    who = {"regionCode": city.GRID, "personId": MEMBER, "validFrom": str(today())}
    payload = (await org.data(document, subdistrict(org), input={**post, **who, **given}))["assignDuty"]
    return [one["code"] for one in payload["problems"]] or payload["duty"]


async def test_a_secretary_is_nominated_reviewed_filed_and_given_the_duty(org: Org) -> None:
    submitted = await do(org, "submitDutyFiling", subdistrict(org), idempotencyKey="s", **NOMINATION)
    assert submitted["state"] == "SUBMITTED"
    assert (submitted["submittedOn"], submitted["person"]["id"]) == (str(today()), OTHER)
    filed = await do(org, "reviewDutyFiling", district(org), id=submitted["id"], expectedVersion=1, verdict="FILED")
    until = str(today() + timedelta(days=90))
    assert (filed["state"], filed["reviewedOn"], filed["expiresOn"]) == ("FILED", str(today()), until)
    where = {"regionCode": city.SECOND_GRID, "organisationId": LONE, "personId": OTHER}
    before = await org.contents()
    assert await assign(org, **where) == ["FILING_REQUIRED"]
    assert await assign(org, filingId=filed["id"]) == ["NOT_FILED"]
    assert await assign(org, **{**where, "personId": MEMBER}, filingId=filed["id"]) == ["NOT_FILED"]
    early = str(today() - timedelta(days=1))
    assert await assign(org, **where, validFrom=early, filingId=filed["id"]) == ["DATE_TOO_EARLY"]
    assert await assign(org, **where, filingId=BRANCH) == ["UNKNOWN_FILING"]
    assert await org.contents() == before
    duty = await assign(org, **where, filingId=filed["id"])
    listed = """{ district(code: "370321") { dutyFilings(title: "branch_secretary", state: ASSIGNED) {
        edges { node { version duty { id } } } } } }"""
    assert (await org.data(listed, district(org)))["district"]["dutyFilings"]["edges"] == [
        {"node": {"version": 3, "duty": duty}}
    ]
    over = "mutation($input: EndInput!) { endDuty(input: $input) { problems { code } } }"
    tomorrow = str(today() + timedelta(days=1))
    ended = {"id": duty["id"], "expectedVersion": 1, "on": tomorrow}
    assert (await org.data(over, input=ended))["endDuty"]["problems"] == []
    again = await assign(org, **where, validFrom=tomorrow, filingId=filed["id"])
    assert again == ["FILING_STATE"], "it is used once"
    for code, counted in ((city.COUNTY, (1, 1, 1, 0)), (city.GRID, (0, 0, 1, 0))):
        stats = (await org.data(STATS, district(org), code=code))["region"]["dutyFilingStats"]
        assert tuple(stats.values()) == counted
    told = [event["data"] for type_, event in await org.events() if ".duty_filing." in type_][-3:]
    assert [one.get("verdict") or one.get("end") for one in told] == [None, "FILED", "ASSIGNED"]
    assert "熟悉小区情况" not in json.dumps(told, ensure_ascii=False)


async def test_a_filing_is_returned_with_a_reason_and_submitted_anew(org: Org) -> None:
    given = {"id": SUBMITTED, "expectedVersion": 1, "verdict": "RETURNED"}
    assert await do(org, "reviewDutyFiling", district(org), **given) == ["REQUIRED"]
    returned = await do(org, "reviewDutyFiling", district(org), **given, reason="任职回避")
    assert (returned["state"], returned["reason"], returned["expiresOn"]) == ("RETURNED", "任职回避", None)
    assert await assign(org, filingId=SUBMITTED) == ["FILING_STATE"]
    anew = {**NOMINATION, "regionCode": city.GRID, "organisationId": BRANCH}
    assert (await do(org, "submitDutyFiling", subdistrict(org), idempotencyKey="s", **anew))["state"] == "SUBMITTED"


async def test_neither_level_does_the_part_of_the_other(org: Org) -> None:
    submit = "mutation($input: SubmitDutyFilingInput!) { submitDutyFiling(input: $input) { problems { code } } }"
    review = "mutation($input: ReviewDutyFilingInput!) { reviewDutyFiling(input: $input) { problems { code } } }"
    nomination = {"idempotencyKey": "s", **NOMINATION}
    verdict = {"id": SUBMITTED, "expectedVersion": 1, "verdict": "FILED"}
    before = await org.contents()
    for role in ("district_coordinator", "community_secretary", "grid_branch_secretary"):
        assert await org.error(submit, org.token(role, region=city.COUNTY), input=nomination) == "FORBIDDEN"
    for role in ("subdistrict_secretary", "community_secretary"):
        assert await org.error(review, org.token(role, region=city.COUNTY), input=verdict) == "FORBIDDEN"
    elsewhere = org.token("district_coordinator", region=city.FOREIGN)
    assert await org.error(review, elsewhere, input=verdict) == "NOT_FOUND"
    watching = org.issuer.mint(grants=[("district_coordinator", city.FOREIGN), ("observer", city.COUNTY)])
    assert await org.error(review, watching, input=verdict) == "FORBIDDEN"
    listed = f'{{ grid(code: "{city.GRID}") {{ dutyFilings {{ edges {{ node {{ id }} }} }} }} }}'
    for role in ("resident", "grid_leader", "first_secretary"):
        assert await org.error(listed, org.token(role, region=city.COUNTY)) == "FORBIDDEN"
    assert await org.contents() == before


async def test_nobody_reviews_what_they_submitted(org: Org) -> None:
    both = org.token("admin", region=city.COUNTY, subject="clerk-1")
    mine = await do(org, "submitDutyFiling", both, idempotencyKey="s", **NOMINATION)
    given = {"id": mine["id"], "expectedVersion": 1, "verdict": "FILED"}
    before = await org.contents()
    assert await do(org, "reviewDutyFiling", both, **given) == ["OWN_FILING"]
    assert await org.contents() == before
    assert (await do(org, "reviewDutyFiling", district(org, subject="clerk-2"), **given))["state"] == "FILED"


async def test_what_a_filing_refuses_changes_nothing(org: Org) -> None:
    before = await org.contents()
    for more, code in (
        ({"title": "grid_worker"}, "NO_FILING_RULE"),
        ({"title": "king"}, "UNKNOWN_DUTY_TITLE"),
        ({"regionCode": city.COMMUNITY}, "WRONG_LEVEL"),
        ({"organisationId": str(city.id_of("organisation", "committee"))}, "WRONG_ORGANISATION_KIND"),
        ({"organisationId": OTHER}, "UNKNOWN_ORGANISATION"),
        ({"personId": str(city.id_of("person", "worker"))}, "PARTY_MEMBER_REQUIRED"),
        ({"personId": BRANCH}, "UNKNOWN_PERSON"),
        ({"grounds": " "}, "REQUIRED"),
        ({"grounds": "好" * 201}, "TOO_LONG"),
        ({"regionCode": city.GRID, "organisationId": BRANCH}, "FILING_OPEN"),
    ):
        given = {"idempotencyKey": "s", **NOMINATION, **more}
        assert await do(org, "submitDutyFiling", subdistrict(org), **given) == [code], more
    stale = {"id": SUBMITTED, "expectedVersion": 2}
    assert await do(org, "reviewDutyFiling", district(org), **stale, verdict="FILED") == ["STALE_VERSION"]
    assert await do(org, "withdrawDutyFiling", subdistrict(org), **stale, reason="重复") == ["STALE_VERSION"]
    assert await org.contents() == before


async def test_one_post_has_one_nomination_also_when_two_come_at_once(org: Org) -> None:
    both = await asyncio.gather(
        *(do(org, "submitDutyFiling", subdistrict(org), idempotencyKey=key, **NOMINATION) for key in "ab")
    )
    assert [one for one in both if isinstance(one, list)] == [["FILING_OPEN"]]


async def test_a_filing_is_withdrawn_or_expires_unused(org: Org) -> None:
    gone = await do(org, "withdrawDutyFiling", subdistrict(org), id=SPARE, expectedVersion=1, reason="本人申请退出")
    assert (gone["state"], gone["reason"]) == ("WITHDRAWN", "本人申请退出")
    assert await do(org, "withdrawDutyFiling", subdistrict(org), id=SPARE, expectedVersion=2, reason="再次") == [
        "FILING_STATE"
    ]
    await do(org, "reviewDutyFiling", district(org), id=SUBMITTED, expectedVersion=1, verdict="FILED")
    last = today() + timedelta(days=90)
    assert await expire_overdue(org.runtime.database, last - timedelta(days=1)) == 0
    assert await expire_overdue(org.runtime.database, last) == 1
    assert await expire_overdue(org.runtime.database, last) == 0
    assert await assign(org, filingId=SUBMITTED) == ["FILING_STATE"]
    ends = [event["data"]["end"] for type_, event in await org.events() if ".duty_filing.ended." in type_]
    assert ends == ["WITHDRAWN", "EXPIRED"]


async def test_what_is_open_is_withdrawn_with_a_merged_branch_and_keeps_a_region_from_closing(org: Org) -> None:
    await do(org, "submitDutyFiling", subdistrict(org), idempotencyKey="s", **NOMINATION)
    close = "mutation($input: CloseRegionInput!) { closeRegion(input: $input) { problems { code message } } }"
    given = {"regionId": str(city.id_of("region", city.SECOND_GRID)), "expectedVersion": 1}
    await org.look("DELETE FROM organisation_compound")
    refused = (await org.data(close, input={**given, "effectiveOn": str(today())}))["closeRegion"]["problems"]
    assert [one["code"] for one in refused] == ["NOT_EMPTY"]
    merge = "mutation($input: MergeOrganisationsInput!) { mergeOrganisations(input: $input) { problems { code } } }"
    into = {"idempotencyKey": "m", "ids": [LONE], "intoId": BRANCH, "on": str(today())}
    assert (await org.data(merge, input=into))["mergeOrganisations"]["problems"] == []
    states = await org.look("SELECT state, reason FROM duty_filing ORDER BY id DESC")
    assert ("WITHDRAWN", "组织合并") in states
    assert [state for state, _ in states].count("SUBMITTED") == 2


async def test_filings_that_were_made_are_imported_as_far_as_they_are(org: Org) -> None:
    duty = city.duty("filed", "elder", "branch_secretary", city.SECOND_GRID, organisation=LONE)

    def of(title: str, who: str, **more: Any) -> dict[str, Any]:
        base = city.filing(f"{title} {more}", title, who)
        return {**base, "organisation": LONE, "region_code": city.SECOND_GRID, **more}

    past = {"submitted_on": "2022-06-01", "reviewed_on": "2022-06-20", "duty": duty["id"]}
    returned = {"reviewed_on": "2026-01-20", "verdict": "RETURNED", "reason": "任职回避"}
    await org.load(
        city.lines(
            [
                duty,
                of("branch_secretary", "elder", **past),
                of("branch_secretary", "member", **returned),
                of("branch_secretary", "member", reviewed_on=str(today())),
            ]
        )
    )
    stored = f"SELECT state FROM duty_filing WHERE organisation_id = '{LONE}' ORDER BY submitted_on, state"  # noqa: S608
    assert [state for (state,) in await org.look(stored)] == ["ASSIGNED", "FILED", "RETURNED"]
    before = await org.contents()
    for wrong, code in (
        (of("branch_secretary", "member"), "FILING_OPEN"),
        (of("grid_worker", "member"), "NO_FILING_RULE"),
        (of("branch_deputy", "worker"), "PARTY_MEMBER_REQUIRED"),
        (of("branch_deputy", "member", reviewed_on="2026-01-01"), "DATE_TOO_EARLY"),
        (of("branch_deputy", "member", **{**returned, "reason": None}), "REQUIRED"),
        (of("branch_deputy", "member", reviewed_on="2026-01-06", duty=duty["id"]), "NOT_FILED"),
    ):
        with pytest.raises(ImportRefused, match=code):
            await org.load(city.lines([wrong]))
    assert await org.contents() == before
