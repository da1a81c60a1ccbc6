"""Committees from the preparatory group to the hand-over, through the graph."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chassis.ids import new_id
from services.org.domain import events as org
from services.property.commands.committees import warn_of_term
from services.property.domain.content import today
from tests.kit import items_of
from tests.property import city
from tests.property.committee_kit import (
    COMMITTEE,
    GROUP,
    OFFICER,
    admit_all,
    answer,
    committee_of,
    elect,
    elected,
    hold,
    nominate,
    owner_ids,
    prepare,
)
from tests.property.vote_kit import announce, cast, close_now, compound_of, open_now

if TYPE_CHECKING:
    from tests.property.conftest import Property


async def facts(service: Property, id_: str) -> list[str]:
    return [type_.split(".")[3] for type_, payload in await service.events() if payload["subject"] == id_]


async def test_a_committee_is_elected_filed_and_chooses_its_chair(service: Property) -> None:
    _, id_ = await elected(service, "阳光")
    found = await committee_of(service, id_)
    assert (found["status"], len(found["members"]), found["mustElect"]) == ("IN_OFFICE", 5, False)
    assert items_of(found["elections"])[0]["stage"] == "HELD"
    assert date.fromisoformat(found["termTo"]).year == today().year + 5
    chair = found["members"][0]["id"]
    done = await service.done("chooseOfficers", service.staff(), COMMITTEE, committeeId=id_, chairId=chair)
    assert [one["id"] for one in done["committee"]["members"] if one["office"] == "CHAIR"] == [chair]
    asked = {"committeeId": id_, "on": today().isoformat(), "number": "备2026-1"}
    filed = await service.done("fileCommittee", service.staff(*OFFICER), COMMITTEE, **asked)
    assert filed["committee"]["filedOn"] == today().isoformat()
    assert await service.refused("fileCommittee", service.staff(*OFFICER), COMMITTEE, **asked) == "ALREADY_FILED"
    assert await facts(service, id_) == ["prepared", "review_started", "took_office", "filed"]
    shown = await committee_of(service, id_, service.resident("somebody"))
    assert all("*" in one["name"] and one["isPartyMember"] is None for one in shown["members"])
    assert all("*" not in one["name"] for one in items_of(shown["elections"])[0]["candidates"]), "the ballot names them"


@pytest.mark.parametrize(
    ("seats", "group", "code"),
    [(4, GROUP, "INVALID_SEATS"), (13, GROUP, "INVALID_SEATS"), (5, GROUP[:4], "INVALID_GROUP"),
     (5, [*GROUP[:3], *GROUP[4:], GROUP[4]], "INVALID_GROUP")],
)  # fmt: skip
async def test_a_wrong_preparatory_group_is_refused(
    service: Property, seats: int, group: list[dict[str, str]], code: str
) -> None:
    compound = await service.compound("筹备不当")
    asked = {"idempotencyKey": "wrong", "compoundId": compound, "seats": seats, "members": group}
    assert await service.refused("prepareCommittee", service.staff(), COMMITTEE, **asked) == code


async def test_candidates_are_owners_who_agree_and_may_nominate_themselves(service: Property) -> None:
    compound, committee = await prepare(service, "提名", owners=2)
    owners, election = await owner_ids(service, compound), items_of(committee["elections"])[0]["id"]
    asked = {"electionId": election, "nominatedBy": "SELF", "ownerId": owners["提名 0"], "idempotencyKey": "self"}
    mine, query = (
        service.resident("提名 0"),
        "mutation($input: NominateCandidateInput!) { nominateCandidate(input: $input) { problems { code } } }",
    )
    no_consent = asked | {"agreesToPublication": False}
    assert await service.refused("nominateCandidate", mine, COMMITTEE, **no_consent) == "NO_CONSENT"
    asked |= {"agreesToPublication": True}
    assert await service.error(query, service.resident("提名 1"), input=asked) == "FORBIDDEN"
    await service.done("nominateCandidate", mine, COMMITTEE, **asked)
    again = asked | {"idempotencyKey": "again"}
    assert await service.refused("nominateCandidate", mine, COMMITTEE, **again) == "CANDIDATE_TWICE"
    elsewhere = await owner_ids(service, await compound_of(service, "别处", 1))
    stranger = asked | {"ownerId": elsewhere["别处 0"], "idempotencyKey": "stranger"}
    assert await service.refused("nominateCandidate", service.staff(), COMMITTEE, **stranger) == "NOT_AN_OWNER"


async def test_no_candidate_stands_whom_a_department_has_not_cleared_in_time(service: Property) -> None:
    compound, committee = await prepare(service, "联审", owners=6)
    owners, election = await owner_ids(service, compound), items_of(committee["elections"])[0]["id"]
    for number in range(6):
        await nominate(service, election, owners[f"联审 {number}"])
    staff, keys = service.staff(), {"electionId": election}
    await service.done("startReview", staff, COMMITTEE, **keys)
    candidates = items_of((await committee_of(service, committee["id"]))["elections"])[0]["candidates"]
    for candidate in candidates:
        await answer(service, candidate["id"], "subdistrict")
    first, second = candidates[0]["id"], candidates[1]["id"]
    objection = {"candidateId": first, "department": "community", "verdict": "OBJECT"}
    secretary = service.staff("community_secretary")
    assert await service.refused("answerReview", secretary, COMMITTEE, **objection) == "REQUIRED"
    await answer(service, first, "community", "OBJECT", reasons="拖欠物业费")
    reply = {"candidateId": first, "text": "已缴清"}
    query = "mutation($input: AnswerReviewInput!) { answerReview(input: $input) { problems { code } } }"
    assert await service.error(query, service.staff(), input=objection) == "FORBIDDEN"
    await service.done("replyToReview", service.resident("联审 0"), COMMITTEE, **reply)
    held = {"idempotencyKey": "h", "electionId": election, "title": "t",
            "opensAt": "2099-01-01T00:00:00+08:00", "closesAt": "2099-01-09T00:00:00+08:00"}  # fmt: skip
    assert await service.refused("holdElection", staff, COMMITTEE, **held) == "REVIEW_OPEN"
    await service.look(f"UPDATE election SET review_due = now() - interval '1 day' WHERE id = '{election}'")  # noqa: S608
    late = {"candidateId": second, "department": "community", "verdict": "PASS"}
    assert await service.refused("answerReview", secretary, COMMITTEE, **late) == "REVIEW_OVER"
    await service.done("startReview", staff, COMMITTEE, **keys)
    for candidate in candidates[1:]:
        await answer(service, candidate["id"], "community")
    found = items_of((await committee_of(service, committee["id"]))["elections"])[0]["candidates"]
    assert [one["standing"] for one in found] == ["REJECTED"] + ["ADMITTED"] * 5
    assert (found[0]["reply"], found[0]["reviews"][0]["reasons"]) == ("已缴清", "拖欠物业费")
    shown = items_of((await committee_of(service, committee["id"], service.resident("x")))["elections"])[0][
        "candidates"
    ]
    assert (shown[0]["reviews"], shown[0]["reply"]) == ([], None)
    await hold(service, election)


async def test_too_few_elected_is_no_committee_and_the_election_is_held_again(service: Property) -> None:
    ballots = [["YES", "YES", "YES", "YES", "NO"]] * 7
    compound, id_ = await elect(service, "未成", ballots)
    found = await committee_of(service, id_)
    assert (found["status"], found["members"], items_of(found["elections"])[0]["stage"]) == ("PREPARING", [], "FAILED")
    done = await service.done("openByElection", service.staff(), COMMITTEE, committeeId=id_, idempotencyKey="again")
    assert [one["stage"] for one in items_of(done["committee"]["elections"])] == ["FAILED", "NOMINATING"]
    owners = await owner_ids(service, compound)
    for number in range(5):
        await nominate(service, items_of(done["committee"]["elections"])[1]["id"], owners[f"未成 {number}"])
    election = await admit_all(service, id_)
    vote = await hold(service, election["id"])
    for number in range(7):
        await cast(service, vote, f"未成 {number}", *["YES"] * 5, key=f"second {number}")
    await close_now(service, vote)
    assert (await committee_of(service, id_))["status"] == "IN_OFFICE"


async def test_an_owner_who_sells_leaves_and_the_seat_is_filled_by_election(service: Property) -> None:
    compound, id_ = await elected(service, "出售")
    await service.look(f"UPDATE ownership SET valid_from = '2020-01-01' WHERE compound_id = '{compound}'")  # noqa: S608
    sold = f"compound_id = '{compound}' AND room IN ('0', '1', '2')"
    homes = await service.look(f"SELECT id, version FROM part WHERE {sold}")  # noqa: S608
    for part, version in homes:
        await service.done(
            "transferHousehold", service.staff(), "household { id }", id=str(part), expectedVersion=version,
            on="2024-01-01", owners=[{"name": "买家", "number": "11010519491231002X", "subject": "出售 新"}],
        )  # fmt: skip
    found = await committee_of(service, id_)
    left = [one for one in found["members"] if one["validTo"]]
    assert ([one["whyLeft"] for one in left], found["mustElect"]) == (["no_longer_owner"] * 3, True)
    done = await service.done("openByElection", service.staff(), COMMITTEE, committeeId=id_, idempotencyKey="by")
    election = items_of(done["committee"]["elections"])[-1]
    assert (election["isByElection"], election["seats"]) == (True, 3)
    buyer = (await owner_ids(service, compound))["出售 新"]
    await nominate(service, election["id"], buyer)
    await admit_all(service, id_)
    vote = await hold(service, election["id"])
    for subject in ("出售 新", "出售 3", "出售 4", "出售 5"):
        await cast(service, vote, subject, "YES", key=f"by {subject}")
    await close_now(service, vote)
    found = await committee_of(service, id_)
    assert sum(one["validTo"] is None for one in found["members"]) == 3
    assert found["mustElect"] is False


async def test_a_recall_needs_the_owners_decision_which_counts_once(service: Property) -> None:
    compound, id_ = await elected(service, "罢免")
    first, second, third = [one["id"] for one in (await committee_of(service, id_))["members"]][:3]
    staff, asked = service.staff(), {"reason": "RECALLED"}
    assert await service.refused("endMembership", staff, COMMITTEE, memberId=first, **asked) == "NOT_DECIDED"
    vote = (await announce(service, compound, "COMMITTEE", "OTHER"))["id"]
    await open_now(service, vote)
    for number in range(7):
        await cast(service, vote, f"罢免 {number}", "YES", "YES", key=f"recall {number}")
    decided = asked | {"voteId": vote}
    assert await service.refused("endMembership", staff, COMMITTEE, memberId=first, **decided) == "NOT_DECIDED"
    await close_now(service, vote)
    other = decided | {"position": 1}
    assert await service.refused("endMembership", staff, COMMITTEE, memberId=first, **other) == "NOT_DECIDED"
    await service.done("endMembership", staff, COMMITTEE, memberId=first, **decided)
    assert await service.refused("endMembership", staff, COMMITTEE, memberId=second, **decided) == "DECISION_USED"
    found = await service.done("endMembership", staff, COMMITTEE, memberId=third, reason="RESIGNED")
    assert sorted(one["whyLeft"] for one in found["committee"]["members"] if one["validTo"]) == ["recalled", "resigned"]
    assert (
        await service.refused("endMembership", staff, COMMITTEE, memberId=third, reason="RESIGNED") == "ALREADY_ENDED"
    )


async def test_a_term_is_warned_of_once_and_the_next_committee_takes_over(service: Property) -> None:
    compound, id_ = await elected(service, "换届")
    term_to = date.fromisoformat((await committee_of(service, id_))["termTo"])
    database, soon = service.runtime.database, term_to - timedelta(days=60)
    for day, expected in ((soon - timedelta(days=1), False), (soon, True), (soon, False), (term_to, True)):
        told = 0
        while await warn_of_term(database, day):
            told += 1
        assert bool(told) == expected, day
    assert (await facts(service, id_)).count("term_ending") == 2
    asked = {"idempotencyKey": "next", "compoundId": compound, "seats": 5, "members": GROUP}
    following = (await service.done("prepareCommittee", service.staff(), COMMITTEE, **asked))["committee"]
    owners = await owner_ids(service, compound)
    for number in range(5):
        await nominate(service, items_of(following["elections"])[0]["id"], owners[f"换届 {number}"])
    vote = await hold(service, (await admit_all(service, following["id"]))["id"])
    for number in range(7):
        await cast(service, vote, f"换届 {number}", *["YES"] * 5, key=f"next {number}")
    await close_now(service, vote)
    before = await committee_of(service, id_)
    assert (before["status"], before["whyEnded"]) == ("ENDED", "SUCCEEDED")
    done = {"committeeId": id_, "on": today().isoformat(), "text": "印章、账册、余额移交新一届"}
    await service.done("handOverCommittee", service.staff(), COMMITTEE, **done)
    assert await service.refused("handOverCommittee", service.staff(), COMMITTEE, **done) == "ALREADY_ENDED"
    assert (await facts(service, id_))[-2:] == ["ended", "handed_over"]


async def test_a_major_matter_is_decided_only_after_both_committees_answered(service: Property) -> None:
    _, id_ = await elected(service, "重大")
    token = service.staff("owners_committee_member")
    fields = "committee { matters { edges { node { id partyOpinion residentsOpinion decision } } } }"
    asked = {"committeeId": id_, "title": "公共收益", "text": "用于更换门禁", "idempotencyKey": "m"}
    (matter,) = items_of((await service.done("reportMatter", token, fields, **asked))["committee"]["matters"])
    decided = {"matterId": matter["id"], "decision": "同意"}
    assert await service.refused("decideMatter", token, fields, **decided) == "NOT_REPORTED"
    secretary = service.staff("community_secretary")
    for one in ("PARTY_COMMITTEE", "RESIDENTS_COMMITTEE"):
        await service.done("answerMatter", secretary, fields, matterId=matter["id"], of=one, opinion="无意见")
    again = {"matterId": matter["id"], "of": "PARTY_COMMITTEE", "opinion": "另有意见"}
    assert await service.refused("answerMatter", secretary, fields, **again) == "ALREADY_ANSWERED"
    done = await service.done("decideMatter", token, fields, **decided)
    assert items_of(done["committee"]["matters"])[0]["decision"] == "同意"
    query = "query($id: ID!) { committee(id: $id) { matters { edges { node { id } } } } }"
    assert await service.error(query, service.resident("x"), id=id_) == "FORBIDDEN"


def duty(person: Any, title: str, until: date | None = None) -> org.DutyAssigned:
    return org.DutyAssigned(
        duty_id=new_id(), person_id=person, title=title, organisation_id=None, region_id=city.region_id(city.GRID),
        region_code=city.GRID, valid_from=date(2024, 1, 1), valid_to=until,
    )  # fmt: skip


async def test_red_and_the_share_of_party_members_follow_what_org_tells(service: Property) -> None:
    secretary, member, branch = new_id(), new_id(), new_id()
    members: tuple[dict[str, Any], ...] = (
        {"personId": str(secretary)},
        {"personId": str(member)},
        {"isPartyMember": True},
        {},
        {},
    )
    _, id_ = await elected(service, "红色", members=members)
    found = await committee_of(service, id_)
    assert (found["isRed"], found["partyMemberShare"]) == (False, "20.00")
    people = {
        str(person): str(seat)
        for person, seat in await service.look("SELECT person_id, id FROM seat WHERE person_id IS NOT NULL")
    }
    chair = {"committeeId": id_, "chairId": people[str(secretary)]}
    await service.done("chooseOfficers", service.staff(), COMMITTEE, **chair)
    held = duty(secretary, "compound_branch_secretary")
    await city.tell(service.runtime.database, held, duty(member, "compound_branch_member", date(2024, 2, 1)))
    found = await committee_of(service, id_)
    assert (found["isRed"], found["crossAppointed"], found["partyMemberShare"]) == (True, 1, "40.00")
    founded = org.OrganisationFounded(
        organisation_id=branch, kind="committee_party_branch", name="业委会党支部", parent_id=None,
        region_id=city.region_id(city.GRID), region_code=city.GRID, established_on=date(2024, 1, 1),
    )  # fmt: skip
    await city.tell(service.runtime.database, founded)
    linked = {"committeeId": id_, "organisationId": str(branch)}
    done = await service.done("linkPartyOrganisation", service.staff(), COMMITTEE, **linked)
    assert done["committee"]["partyForm"] == "BRANCH"
    dissolved = org.OrganisationDissolved(
        organisation_id=branch, kind="committee_party_branch", region_id=city.region_id(city.GRID),
        region_code=city.GRID, dissolved_on=today(),
    )  # fmt: skip
    ended = org.DutyEnded(
        duty_id=held.duty_id, person_id=secretary, title=held.title, organisation_id=None, region_id=held.region_id,
        region_code=held.region_code, valid_from=held.valid_from, valid_to=today(),
    )  # fmt: skip
    await city.tell(service.runtime.database, dissolved, ended)
    found = await committee_of(service, id_)
    assert (found["isRed"], found["partyForm"], found["crossAppointed"]) == (False, "NONE", 0)


async def test_a_management_committee_is_formed_where_owners_cannot_elect(service: Property) -> None:
    compound = await compound_of(service, "物管会", 4)
    owners = list((await owner_ids(service, compound)).values())
    members: list[dict[str, Any]] = [{"capacity": "OWNER", "ownerId": one} for one in owners]
    members += [{"capacity": "SUBDISTRICT", "name": "街道"}, {"capacity": "COMMUNITY", "name": "社区"}]
    asked = {"idempotencyKey": "b", "compoundId": compound, "form": "MANAGEMENT_COMMITTEE", "members": members}
    assert await service.refused("formBody", service.staff(), COMMITTEE, **asked) == "INVALID_GROUP"
    asked |= {"members": [*members, {"capacity": "POLICE", "name": "派出所"}]}
    done = (await service.done("formBody", service.staff(), COMMITTEE, **asked))["committee"]
    assert (done["status"], len(done["members"])) == ("IN_OFFICE", 7)
    again = asked | {"idempotencyKey": "c"}
    assert await service.refused("formBody", service.staff(), COMMITTEE, **again) == "COMMITTEE_EXISTS"
    ended = await service.done(
        "endCommittee", service.staff(*OFFICER), COMMITTEE, committeeId=done["id"], reason="REPLACED"
    )
    assert ended["committee"]["status"] == "ENDED"
