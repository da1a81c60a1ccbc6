"""Emergencies, special needs, coverage, deliberations and refusals of the demonstrations."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from deploy.practices.catalogue import read_practice
from deploy.practices.check import check
from deploy.practices.demonstration import City, build_city, org_records, ticket_records, tickets_of
from services.org.domain import records as r
from services.org.domain.identifiers import is_resident_id
from services.org.domain.muster import Mode
from services.org.domain.special_needs import LONGEST_KEPT
from services.org.domain.tie_records import CoveringRecord
from services.tickets.domain.process import Outcome
from services.tickets.domain.records import AdmissionItemRecord, BurdenRecord, DeliberationRecord, TicketRecord
from tests.practices.conftest import Copy


def test_every_community_of_huantai_was_in_an_emergency_and_is_back_with_all_who_were_mustered(city: City) -> None:
    records = list(org_records(city))
    switches: dict[str, list[r.ModeSwitchRecord]] = defaultdict(list)
    for one in records:
        if isinstance(one, r.ModeSwitchRecord):
            switches[one.region_code].append(one)
    mustered = Counter(one.region_code for one in records if isinstance(one, r.MusterRecord))
    assert len(switches) == 15
    for code, there in switches.items():
        assert [one.mode for one in there] == [Mode.EMERGENCY, Mode.PEACETIME] * (len(there) // 2)
        assert sorted(there, key=lambda one: one.switched_at) == there
        assert {sum((one.mustered or {}).values()) for one in there} == {mustered[code]}


def test_nobody_on_the_register_of_special_needs_exists() -> None:
    practice = read_practice("tongguan")
    needs = [one for one in org_records(build_city(practice)) if isinstance(one, r.SpecialNeedRecord)]
    assert {one.kind for one in needs} == {kind.code for kind in practice.kinds.special_need}
    assert len({one.region_code for one in needs}) == 3, "every community keeps some"
    numbers = [one.resident_id for one in needs]
    assert len(set(numbers)) == len(numbers)
    assert all(is_resident_id(number) and number.startswith("999999") for number in numbers)
    assert all(one.name.startswith("示例") and one.phone is None for one in needs)
    assert all(practice.demonstration.date < one.kept_until <= one.valid_from + LONGEST_KEPT for one in needs)


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("huantai", "communities: 15}", "communities: 16}", "there are only 15 communities"),
        ("huantai", "ended_at: 2026-07-20T09:00:00", "ended_at: 2026-07-18T09:00:00", "it must end after it begins"),
        ("huantai", "begun_at: 2026-07-18T20:30:00", "begun_at: 2026-01-19T12:00:00", "begin after the one before"),
        (
            "huantai",
            "ended_at: 2026-07-20T09:00:00",
            "ended_at: 2026-12-20T09:00:00",
            "it must be over before the date",
        ),
        ("huantai", "begun_at: 2026-07-18T20:30:00", "begun_at: 2026-07-18T20:30:00Z", "without a zone"),
        ("tongguan", "{kind: elder, count", "{kind: lonely, count", "`lonely` is not a kind of special need here"),
        (
            "tongguan",
            "since_to: 2026-09-30, kept_days: 1090",
            "since_to: 2026-12-30, kept_days: 1090",
            "before the date",
        ),
        ("tongguan", "since_to: 2026-09-30, kept_days: 1090", "since_to: 2026-09-30, kept_days: 2000", "three years"),
    ],
)
def test_what_the_demonstration_says_of_care_is_checked(
    copy: Copy, name: str, before: str, after: str, message: str
) -> None:
    copy.change(f"{name}.yaml", before, after)
    (fault,) = check(copy.folder / f"{name}.yaml")
    assert message in fault.message


def test_the_branches_of_tongguan_cover_every_compound_alone_or_jointly() -> None:
    city = build_city(read_practice("tongguan"))
    kinds = {one.id: one.kind for one in city.staff.organisations}
    covering = [one for one in org_records(city) if isinstance(one, CoveringRecord)]
    sizes = Counter((kinds[one.organisation], len(one.compounds) > 1) for one in covering)
    assert sizes == {("compound_party_branch", False): 14, ("joint_party_branch", True): 21}
    covered = [compound for one in covering for compound in one.compounds]
    assert (len(covered), len(set(covered))) == (76, 76)


@pytest.mark.parametrize("name", ["tongguan", "huantai"])
def test_what_was_deliberated_about_a_ticket_that_is_done_was_put_down_and_followed_up(name: str) -> None:
    city = build_city(read_practice(name))
    today = city.practice.demonstration.date
    done = {one.ticket.id for one in tickets_of(city, today) if one.ticket.outcome is Outcome.DONE}
    about = [one for one in ticket_records(city, today) if isinstance(one, DeliberationRecord)]
    assert about
    assert all(one.agreed and one.resolution for one in about)
    assert {one.ticket for one in about if one.follow_up} == {one.ticket for one in about} & done


def test_what_communities_of_daye_refused_rests_on_an_item_of_their_lists() -> None:
    city = build_city(read_practice("daye"))
    records = list(ticket_records(city, city.practice.demonstration.date))
    items = {one.id: one.item for one in records if isinstance(one, AdmissionItemRecord)}
    tasks = [one for one in records if isinstance(one, TicketRecord) and one.process == "assigned_task"]
    refused = [act for one in tasks for act in one.acts if act.action == "refuse"]
    assert len(refused) == 20
    assert {items[act.grounds].list.value for act in refused if act.grounds} == {"matters", "certificates"}
    assert all(act.grounds for act in refused)
    assert all(one.raised.organisation for one in tasks), "who handed it down is known by their office"


def test_a_refusal_rests_on_an_item_that_is_listed(copy: Copy) -> None:
    line = copy.change("daye.tasks.matters.yaml", "grounds: food_safety", "grounds: nothing")
    (fault,) = check(copy.folder / "daye.yaml")
    assert (fault.line, fault.message) == (line, "`nothing` is on no list of entry control here")


def test_communities_of_daye_reported_burdens_that_they_had_refused() -> None:
    city = build_city(read_practice("daye"))
    records = list(ticket_records(city, city.practice.demonstration.date))
    burdens = [one for one in records if isinstance(one, BurdenRecord)]
    acts = {one.id: one.acts[-1] for one in records if isinstance(one, TicketRecord) and one.acts}
    assert len(burdens) == 12
    assert {one.answer is None for one in burdens} == {True, False}
    for one in burdens:
        assert one.ticket is not None
        refused = acts[one.ticket]
        assert (one.item, one.reported_by) == (refused.grounds, refused.by)
        assert refused.at < one.reported_at
