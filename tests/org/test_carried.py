"""No governed table is left behind: not by a recoded region, and not by a grid that is merged into another."""

from __future__ import annotations

from typing import Any

from services.org.storage.carried import ABOUT_THE_REGION_ITSELF, BY_RULES_OF_THEIR_OWN, CARRIED, parts_of
from services.org.storage.tables import GOVERNED
from tests.org import city
from tests.org.conftest import Org

NEW = "370329"
NOBODY_HAS_ONE = {
    "organisation_compound",
    "organisation_succession",
    "relocation",
    "elector",
    "ballot",
    "special_need_look",
    "redrawing",
    "community_mode",
    "matter_review",
}
"""What only happens: nothing of it is in the small city when it begins; `test_covering.py` looks at the first."""
IN_GRID = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    pairings { edges { node { id region { code } } } } contacts { edges { node { id region { code } } } }
    checkIns { edges { node { id region { code } } } } distinctions { edges { node { id region { code } } } }
    contactStats { contacts units } } }"""


def id_(*key: object) -> str:
    return str(city.id_of(*key))


async def do(org: Org, name: str, thing: str, **given: Any) -> str:
    document = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {thing} {{ id }}"
    answer = (await org.data(document + " problems { code path } } }", input={"idempotencyKey": name, **given}))[name]
    assert answer["problems"] == []
    return str(answer[thing]["id"])


async def rows_under(org: Org, prefix: str) -> dict[str, int]:
    """How many rows of each governed table are stamped with a code under a prefix."""
    parts = [f"SELECT '{one.name}', count(*) FROM {one.name} WHERE region_code LIKE '{prefix}%'" for one in GOVERNED]  # noqa: S608
    return {name: count for name, count in await org.look(" UNION ALL ".join(parts))}  # noqa: C416 (rows, not pairs)


async def test_a_recoded_district_leaves_no_row_of_any_table_behind(org: Org) -> None:
    before = await rows_under(org, city.COUNTY)
    # A table that is new is in this city, or named above: else nothing here would look at it.
    assert {name for name, count in before.items() if not count} == NOBODY_HAS_ONE
    await org.look(
        "INSERT INTO elector (recommendation_id, person_id, region_code)"
        " SELECT id, recommended_id, region_code FROM (SELECT r.id, p.id AS recommended_id, r.region_code"
        " FROM recommendation r, person p LIMIT 1) AS one"
    )
    recode = "mutation($input: RecodeRegionInput!) { recodeRegion(input: $input) { problems { code } } }"
    asked = {"regionId": id_("region", city.COUNTY), "expectedVersion": 1, "newCode": NEW}
    done = await org.data(recode, input={**asked, "effectiveOn": "2024-01-01"})
    assert done["recodeRegion"]["problems"] == []
    after = await rows_under(org, NEW)
    assert after == {**before, "elector": 1, "region_version": before["region_version"] * 2}
    assert not any((await rows_under(org, city.COUNTY)).values())


def test_every_table_of_a_region_goes_over_by_a_rule_or_with_the_registers() -> None:
    those = {*CARRIED, *BY_RULES_OF_THEIR_OWN, *ABOUT_THE_REGION_ITSELF}
    assert {table for table in GOVERNED if "region_id" in table.c} <= those
    # What has no region of its own is a part of what has one.
    with_parts = {column.table for table in those for column in parts_of(table)}
    assert {table.name for table in set(GOVERNED) - those} == {table.name for table in with_parts - those}


async def fill_grid(org: Org) -> None:
    """Something of every register that a grid can have."""
    unit = id_("organisation", "committee")
    given = {"kind": "partner_unit", "organisationId": unit, "regionCode": city.GRID, "validFrom": "2024-01-01"}
    pairing = await do(org, "pairPartner", "pairing", **given)
    looks = {"kind": "police", "personId": id_("person", "leader"), "regionCode": city.GRID, "validFrom": "2024-01-01"}
    contact = await do(org, "assignContact", "contact", **looks, pairingId=pairing)
    await do(org, "logVisit", "visit", contactId=contact, on="2024-02-01", finding="占道")
    await do(
        org, "awardDistinction", "distinction", kind="model_community", regionCode=city.GRID, validFrom="2024-01-01"
    )
    await do(org, "recordContribution", "contribution", pairingId=pairing, kind="money", amount=100, on="2024-02-01")
    await do(org, "takeUpProblem", "jointProblem", pairingId=pairing, on="2024-02-01", ticketId=id_("ticket"))
    person = {"recommendationId": id_("recommendation", "spare"), "personId": id_("person", "spare")}
    await do(org, "nominate", "recommendation", **person)


async def merge(org: Org) -> dict[str, Any]:
    document = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) {
        report { thing moved joined } problems { code } } }"""
    plan = {"within": city.COMMUNITY, "on": "2024-06-01", "merge": [{"code": city.GRID, "intoCode": city.SECOND_GRID}]}
    done = (await org.data(document, input={"idempotencyKey": "merge", **plan}))["redrawGrids"]
    assert done["problems"] == []
    return {line["thing"]: (line["moved"], line["joined"]) for line in done["report"]}


async def test_a_merged_grid_leaves_nothing_open_behind_and_its_past_stays(org: Org) -> None:
    await fill_grid(org)
    past = await org.data(IN_GRID, code=city.GRID, asOf="2024-05-31")
    assert all(past["region"][name]["edges"] for name in ("pairings", "contacts", "checkIns", "distinctions"))
    before = await rows_under(org, city.GRID)
    told = await merge(org)
    # Pairing, contact, visit, distinction, check-in, contribution, problem, recommendation; and what others have there.
    gone = id_("region", city.GRID)
    for table in CARRIED:
        ended = "AND (valid_to IS NULL OR valid_to > '2024-06-01')" if "valid_to" in table.c else ""
        left = await org.look(f"SELECT id FROM {table.name} WHERE region_id = '{gone}' {ended}")  # noqa: S608
        assert left == [], table.name
        assert all(column.table.c.region_code is not None for column in parts_of(table))
    for table in GOVERNED:
        if "region_id" not in table.c and table.name not in {"region", "activity_part"}:
            stale = await org.look(f"SELECT 1 FROM {table.name} WHERE region_code = '{city.GRID}'")  # noqa: S608
            assert stale == [], table.name
    assert told["REGISTER"][0] >= 8
    assert sum((await rows_under(org, city.COMMUNITY)).values()) > sum(before.values())
    assert await org.data(IN_GRID, code=city.GRID, asOf="2024-05-31") == past
    now = (await org.data(IN_GRID, code=city.SECOND_GRID))["region"]
    for name in ("pairings", "contacts", "checkIns", "distinctions"):
        went = {edge["node"]["id"] for edge in past["region"][name]["edges"]}
        assert went <= {edge["node"]["id"] for edge in now[name]["edges"]}, name
    assert now["contactStats"]["units"] == 1


async def test_what_both_grids_have_is_joined(org: Org) -> None:
    await fill_grid(org)
    unit = id_("organisation", "committee")
    there = {"kind": "partner_unit", "organisationId": unit, "regionCode": city.SECOND_GRID, "validFrom": "2024-03-01"}
    other = await do(org, "pairPartner", "pairing", **there, idempotencyKey="second")
    looks = {"kind": "police", "personId": id_("person", "leader"), "regionCode": city.SECOND_GRID}
    await do(org, "assignContact", "contact", **looks, validFrom="2024-03-01", idempotencyKey="second")
    named = "title, organisation_id, state, opened_on, expires_on, turnout_percent, agree_percent"
    second = id_("region", city.SECOND_GRID)
    copied = f"SELECT gen_random_uuid(), '{second}'::uuid, '{city.SECOND_GRID}', {named} FROM recommendation"  # noqa: S608
    await org.look(
        f"INSERT INTO recommendation (id, region_id, region_code, {named}) {copied} WHERE title = 'grid_worker'"
    )
    told = await merge(org)
    assert told["REGISTER"][1] == 3
    now = (await org.data(IN_GRID, code=city.SECOND_GRID))["region"]
    assert [edge["node"]["id"] for edge in now["pairings"]["edges"]] == [other]
    ended = [
        type_ for type_, _ in await org.events() if type_.split(".", 2)[2] in {"pairing.ended.v1", "contact.ended.v1"}
    ]
    assert len(ended) == 2
    states = await org.look("SELECT state FROM recommendation WHERE title = 'grid_worker' ORDER BY 1")
    assert states == [("NOMINATING",), ("WITHDRAWN",)]
