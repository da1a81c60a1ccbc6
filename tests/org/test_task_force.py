"""A task force across departments, and police officers of areas and compounds (三无小区治理专班、干警包片包小区)."""

from __future__ import annotations

from typing import Any

import msgspec

from services.org.domain.periods import today
from tests.org import city
from tests.org.conftest import Org
from tests.org.test_contacts import assign, id_, visit

WORDS = [
    {"record": "kind", "category": "organisation", "code": "department", "name_zh": "部门", "name_en": "department"},
    {"record": "kind", "category": "team", "code": "task_force", "name_zh": "治理专班", "name_en": "task force"},
    {"record": "duty_title", "code": "department_officer", "name_zh": "部门干部", "name_en": "department officer",
     "level": "DISTRICT"},
]  # fmt: skip
SINCE = "2024-01-01"
COMPOUND, OTHER = id_("compound", "a"), id_("compound", "b")
FORM = "mutation($input: FormTeamInput!) { done: formTeam(input: $input) { team { id } problems { code } } }"
JOIN = "mutation($input: AddTeamMemberInput!) { done: addTeamMember(input: $input) { team { id } problems { code } } }"
LEAVE = "mutation($input: RemoveTeamMemberInput!) { done: removeTeamMember(input: $input) { problems { code } } }"
FORCE = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) { teams(kind: "task_force") {
  totalCount totalMembers edges { node { id name kindName organisations { members organisation { name } }
    members { edges { node { person { name duties { title { code } organisation { name } } } } } } } } } } }"""
POLICE = """query($code: String!, $compound: ID, $kind: String, $asOf: Date) { region(code: $code, asOf: $asOf) {
  contacts(kind: $kind, compoundId: $compound) { totalCount edges { node { id person { id } region { code } } } }
  contactStats(kind: $kind, visitedFrom: "2024-01-01", visitedTo: "2024-12-31") {
    contacts members compounds visits findings tickets
    areas { regions covered without { code } } buildings { regions covered without { code } } } } }"""
END = "mutation($input: EndInput!) { endContact(input: $input) { contact { id } problems { code } } }"


def coordinator(org: Org, region: str = city.COUNTY) -> str:
    return org.token("district_coordinator", region=region)


async def added(org: Org, document: str, what: str, **asked: Any) -> str:
    payload = (await org.data(document, input={"idempotencyKey": str(asked), **asked}))["done"]
    assert payload["problems"] == []
    found: str = payload[what]["id"]
    return found


async def officer(org: Org, name: str, department: str) -> str:
    """Somebody of the county who holds a duty in a department; return the person."""
    register = """mutation($input: RegisterPersonInput!) {
      done: registerPerson(input: $input) { person { id } problems { code } } }"""
    person = await added(org, register, "person", name=name, regionCode=city.COUNTY, partyStatus="IN_SERVICE")
    appoint = "mutation($input: AssignDutyInput!) { done: assignDuty(input: $input) { duty { id } problems { code } } }"
    duty = {"personId": person, "title": "department_officer", "regionCode": city.COUNTY, "validFrom": SINCE}
    await added(org, appoint, "duty", **duty, organisationId=department)
    return person


async def department(org: Org, name: str) -> str:
    found = """mutation($input: FoundOrganisationInput!) {
      done: foundOrganisation(input: $input) { organisation { id } problems { code } } }"""
    asked = {"kind": "department", "name": name, "regionCode": city.COUNTY, "establishedOn": SINCE}
    return await added(org, found, "organisation", **asked)


async def formed(org: Org) -> tuple[str, dict[str, str]]:
    """The task force, with two officers of the police and one of housing; return it and its people by name."""
    await org.load("\n".join(msgspec.json.encode(one).decode() for one in WORDS))
    police, housing = await department(org, "县公安局"), await department(org, "县住建局")
    people = {
        name: await officer(org, name, where) for name, where in (("甲", police), ("乙", police), ("丙", housing))
    }
    asked = {"kind": "task_force", "name": "“三无小区”治理专班", "regionCode": city.COUNTY, "formedOn": SINCE}
    payload = (await org.data(FORM, input={"idempotencyKey": "f", **asked}))["done"]
    assert payload["problems"] == []
    force: str = payload["team"]["id"]
    for name, person in people.items():
        asked = {"idempotencyKey": name, "teamId": force, "personId": person, "validFrom": SINCE}
        assert (await org.data(JOIN, input=asked))["done"]["problems"] == []
    return force, people


async def force_of(org: Org, token: str | None = None, **more: Any) -> dict[str, Any]:
    found = (await org.data(FORCE, token, code=city.COUNTY, **more))["region"]["teams"]
    assert found["totalCount"] == 1
    node: dict[str, Any] = found["edges"][0]["node"]
    return node


async def test_a_task_force_shows_the_departments_that_its_members_come_from(org: Org) -> None:
    force, people = await formed(org)
    seen = await force_of(org, coordinator(org))
    assert (seen["name"], seen["kindName"]) == ("“三无小区”治理专班", "task force")
    assert seen["organisations"] == [
        {"members": 2, "organisation": {"name": "县公安局"}},
        {"members": 1, "organisation": {"name": "县住建局"}},
    ]
    duties = {
        edge["node"]["person"]["name"]: [one["organisation"]["name"] for one in edge["node"]["person"]["duties"]]
        for edge in seen["members"]["edges"]
    }
    assert sorted(duties.values()) == [["县住建局"], ["县公安局"], ["县公安局"]]
    gone = {"teamId": force, "personId": people["丙"], "on": today().isoformat()}
    assert (await org.data(LEAVE, input=gone))["done"]["problems"] == []
    assert [one["organisation"]["name"] for one in (await force_of(org))["organisations"]] == ["县公安局"]
    then = await force_of(org, asOf="2024-06-01")
    assert [one["members"] for one in then["organisations"]] == [2, 1], "what it was made of then stays"


async def test_who_is_not_of_the_county_forms_no_task_force_there_and_adds_nobody(org: Org) -> None:
    force, people = await formed(org)
    kept = await org.contents()
    form = {"idempotencyKey": "g", "kind": "task_force", "name": "专班", "regionCode": city.COUNTY, "formedOn": SINCE}
    join = {"idempotencyKey": "h", "teamId": force, "personId": people["甲"], "validFrom": SINCE}
    for document, asked in ((FORM, form), (JOIN, join)):
        assert await org.error(document, None, input=asked) == "UNAUTHENTICATED"
        for role in ("resident", "observer", "grid_worker"):
            assert await org.error(document, org.token(role, region=city.COUNTY), input=asked) == "FORBIDDEN"
        elsewhere = org.token(region=city.FOREIGN)
        answer = await org.ask(document, elsewhere, input=asked)
        code = (answer.get("errors") or [{"extensions": answer["data"]["done"]["problems"][0]}])[0]["extensions"][
            "code"
        ]
        assert code in {"NOT_FOUND", "UNKNOWN_REGION", "UNKNOWN_PERSON"}
    assert await org.contents() == kept


async def policed(org: Org, token: str | None = None, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await org.data(POLICE, token, code=city.COUNTY, **asked))["region"]
    return found


async def test_police_officers_are_assigned_to_areas_and_compounds_and_gaps_are_shown(org: Org) -> None:
    before = (await policed(org, kind="police"))["contactStats"]
    assert (before["contacts"], before["areas"]["covered"]) == (0, 0)
    leader, cadre = id_("person", "leader"), id_("person", "cadre")
    area = await assign(org, "a", kind="police", personId=leader, regionCode=city.GRID)
    of_compound = await assign(org, "b", kind="police", personId=cadre, regionCode=city.BUILDING, compoundId=COMPOUND)
    found = await policed(org, org.token("community_secretary", region=city.COUNTY), kind="police")
    assert {edge["node"]["id"] for edge in found["contacts"]["edges"]} == {area["id"], of_compound["id"]}
    stats = found["contactStats"]
    assert (stats["contacts"], stats["members"], stats["compounds"]) == (2, 2, 1)
    assert stats["areas"] == {"regions": 2, "covered": 1, "without": [{"code": city.SECOND_GRID}]}
    # The cadres who look after buildings are of another kind.
    everybody = (await policed(org))["contactStats"]
    assert everybody["contacts"] == 4


async def test_whoever_asks_for_a_compound_is_told_its_officer(org: Org) -> None:
    cadre = id_("person", "cadre")
    for key, compound, building in (("a", COMPOUND, city.BUILDING), ("b", OTHER, city.SECOND_BUILDING)):
        made = await assign(org, key, kind="police", personId=cadre, regionCode=building, compoundId=compound)
        assert made["compound"] == {"id": compound}
    found = (await policed(org, kind="police", compound=COMPOUND))["contacts"]
    assert [(edge["node"]["person"]["id"], edge["node"]["region"]["code"]) for edge in found["edges"]] == [
        (cadre, city.BUILDING)
    ]
    assert (await policed(org, compound=id_("nothing")))["contacts"]["totalCount"] == 0


async def test_an_officer_writes_down_what_was_found_and_only_police_visits_count_as_theirs(org: Org) -> None:
    leader = id_("person", "leader")
    area = await assign(org, "a", kind="police", personId=leader, regionCode=city.GRID)
    mine = org.issuer.mint("resident", region=city.COUNTY, subject=leader)
    made = await visit(org, "v", mine, contactId=area["id"], finding="楼道堆物堵塞消防通道")
    handle = "mutation($input: HandleVisitInput!) { handleVisit(input: $input) { problems { code } } }"
    asked = {"id": made["id"], "expectedVersion": 1, "ticketId": id_("ticket")}
    assert (await org.data(handle, mine, input=asked))["handleVisit"]["problems"] == []
    await visit(org, "w")
    stats = (await policed(org, kind="police"))["contactStats"]
    assert (stats["visits"], stats["findings"], stats["tickets"]) == (1, 1, 1)
    assert (await policed(org))["contactStats"]["visits"] == 2
    other = org.issuer.mint("resident", region=city.COUNTY, subject=id_("person", "cadre"))
    asked = {"idempotencyKey": "x", "contactId": area["id"], "on": "2024-03-01"}
    log = "mutation($input: LogVisitInput!) { logVisit(input: $input) { problems { code } } }"
    assert await org.error(log, other, input=asked) == "FORBIDDEN"


async def test_an_area_whose_officer_is_gone_is_a_gap_again_and_the_past_stays(org: Org) -> None:
    area = await assign(org, "a", kind="police", personId=id_("person", "leader"), regionCode=city.GRID)
    kept = await org.contents()
    over = {"id": area["id"], "expectedVersion": 1, "on": today().isoformat()}
    assert await org.error(END, org.token(region=city.FOREIGN), input=over) == "NOT_FOUND"
    assert await org.error(END, org.token("resident", region=city.COUNTY), input=over) == "FORBIDDEN"
    assert await org.contents() == kept
    assert (await org.data(END, input=over))["endContact"]["problems"] == []
    assert (await policed(org, kind="police"))["contactStats"]["areas"]["covered"] == 0
    assert (await policed(org, kind="police", asOf="2024-06-01"))["contactStats"]["areas"]["covered"] == 1


async def test_residents_do_not_read_who_looks_after_whom(org: Org) -> None:
    await assign(org, "a", kind="police", personId=id_("person", "leader"), regionCode=city.GRID)
    resident = org.token("resident", region=city.COUNTY)
    assert await org.error(POLICE, resident, code=city.COUNTY, kind="police") == "FORBIDDEN"
    assert await org.error(POLICE, org.token(region=city.FOREIGN), code=city.COUNTY) == "NOT_FOUND"
