"""What the practices give property: committees, companies and compounds as many as are published."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import build_city, org_records, property_records
from deploy.practices.generate.covering import make_coverings
from deploy.practices.generate.people import build_staff
from deploy.practices.generate.property import compounds_of, even, make_property, odd_sizes
from deploy.practices.generate.regions import build_regions
from deploy.practices.generate.source import Source
from services.org.domain.records import StationRecord
from services.org.domain.walking import DETOUR, Point, walking_metres
from services.property.domain import records as r
from services.property.domain.seats import Office

if TYPE_CHECKING:
    from tests.practices.conftest import Copy


@given(st.integers(1, 60), st.integers(0, 5), st.integers(0, 60))
def test_committees_have_odd_numbers_of_members_and_share_what_there_is(count: int, pairs: int, more: int) -> None:
    members = count + 2 * (pairs * count + min(more, count))
    sizes = odd_sizes(members, count)
    assert (len(sizes), sum(sizes)) == (count, members)
    assert all(size % 2 for size in sizes)
    assert max(sizes) - min(sizes) in (0, 2)
    shares = even(min(more, members), sizes)
    assert sum(shares) == min(more, members)
    assert all(share <= size for share, size in zip(shares, sizes, strict=True))


def test_branches_cover_every_compound_alone_or_jointly_from_when_both_are_there() -> None:
    practice = read_practice("hongtu")
    source = Source(practice)
    tree = build_regions(practice, source)
    staff = build_staff(practice, source, tree)
    branches = {one.id: one for one in staff.organisations if one.kind == "compound_party_branch"}
    compounds = {one.id: one for one, _ in compounds_of(practice, source, tree)}
    found = list(make_coverings(practice, source, tree, staff))
    assert {one.organisation for one in found} == set(branches)
    assert Counter(id_ for one in found for id_ in one.compounds) == dict.fromkeys(compounds, 1)
    assert {len(one.compounds) for one in found} == {1, 2}
    for one in found:
        branch, covered = branches[one.organisation], [compounds[id_] for id_ in one.compounds]
        assert {each.region_code for each in covered} == {branch.region_code}
        assert one.valid_from == max(branch.established_on, *(each.registered_on for each in covered))


def test_who_leads_a_red_committee_or_company_is_a_branch_secretary_and_leads_only_that_one() -> None:
    practice = read_practice("hongtu")
    source = Source(practice)
    tree = build_regions(practice, source)
    staff = build_staff(practice, source, tree)
    found: dict[type, list[Any]] = {}
    for record in make_property(practice, source, tree, staff):
        found.setdefault(type(record), []).append(record)
    members = [member for one in found[r.CommitteeRecord] for member in one.members]
    chairs = [one.person_id for one in members if one.person_id]
    leaders = chairs + [one.person_id for one in found[r.CompanyStaffRecord]]
    secretaries = {one.person for one in staff.duties if one.title == "compound_branch_secretary"}
    assert (len(chairs), len(leaders), len(set(leaders))) == (485, 885, 885)
    assert secretaries.issuperset(leaders)
    names = {person.id: person.name for person in staff.people}
    assert all(one.name == names[one.person_id] for one in members if one.person_id)
    assert Counter(one.office for one in members)[Office.CHAIR] == len(found[r.CommitteeRecord]) == 674
    assert len({one.compound_id for one in found[r.CommitteeRecord]}) == 674


@pytest.mark.parametrize("name", ["huantai", "hongtu", "gusu"])
def test_compounds_lie_a_short_walk_from_the_stations_of_their_community(name: str) -> None:
    city = build_city(read_practice(name))
    stations: dict[str, list[Point]] = {}
    for one in org_records(city):
        if isinstance(one, StationRecord):
            assert one.latitude is not None
            assert one.longitude is not None
            stations.setdefault(one.region_code[:12], []).append(Point(one.latitude, one.longitude))
    compounds = [one for one in property_records(city) if isinstance(one, r.CompoundRecord)]
    assert len({(one.latitude, one.longitude) for one in compounds}) > len(compounds) / 2, "each in a place of its own"
    for compound in compounds:
        assert compound.latitude is not None
        assert compound.longitude is not None
        here = Point(compound.latitude, compound.longitude)
        # Both lie in a square of a kilometre: its diagonal is the farthest.
        assert all(walking_metres(here, there) < 1415 * DETOUR for there in stations.get(compound.region_code, []))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("count: 28, registered_from", "count: 1, registered_from", "6 of them have no compound"),
        ("members: 95", "members: 94", "have not 94 members"),
        ("chair: grid_worker", "chair: nobody", "`nobody` too few"),
        ("party_members: 20", "party_members: 99", "more than there are members"),
        ("elected_to: 2024-06-30", "elected_to: 2020-06-30", "elected after it ends"),
        ("titles: [grid_worker]", "titles: [nobody]", "`nobody` is not a duty title"),
    ],
)
def test_committees_that_cannot_be_made_are_told_with_their_line(
    copy: Copy, before: str, after: str, said: str
) -> None:
    copy.change(
        "huantai.yaml",
        "  property_companies:\n",
        "  committees:\n    - {form: owners_committee, count: 19, members: 95, party_members: 20, chair: grid_worker,\n"
        "       elected_from: 2024-03-01, elected_to: 2024-06-30}\n  property_companies:\n",
    )
    copy.change("huantai.yaml", "\nfigures:\n", "\nred_rule:\n  titles: [grid_worker]\n\nfigures:\n")
    assert copy.faults() == []
    line = copy.change("huantai.yaml", before, after)
    (fault,) = copy.faults()
    assert said in str(fault)
    assert abs(fault.line - line) <= 20


def test_compounds_under_a_system_are_filled_by_who_is_in_their_own_community() -> None:
    practice = read_practice("huantai")
    source = Source(practice)
    tree = build_regions(practice, source)
    staff = build_staff(practice, source, tree)
    found: dict[type, list[Any]] = {}
    for record in make_property(practice, source, tree, staff):
        found.setdefault(type(record), []).append(record)
    compounds = {one.id: one for one in found[r.CompoundRecord]}
    (definition,) = found[r.ServiceSystemRecord]
    assert [post.code for post in definition.definition.posts] == [
        "property_office", "grid_station", "courtyard_steward", "red_leaders", "volunteers",
        "property_committee", "credit_council",
    ]  # fmt: skip
    under = found[r.CompoundSystemRecord]
    assert len({one.compound_id for one in under}) == len(under) == 9
    places = {(one.person, one.title): one.region_code for one in staff.duties if one.valid_to is None}
    for one in under:
        compound = compounds[one.compound_id]
        assert (compound.kind, compound.care) == ("village_turned_community", "community")
        community = compound.region_code[:12]
        people = [post for post in one.posts if post.person_id]
        assert all(places[post.person_id, post.title].startswith(community) for post in people)
        assert all(post.valid_from >= one.valid_from >= compound.registered_on for post in one.posts)
    assert Counter(post.title for one in under for post in one.posts if post.title) == {
        "grid_leader": 9, "grid_worker": 7, "building_leader": 36, "unit_leader": 36,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("name_zh: “5+2”红色物业服务体系", "name_zh: ''", "it has a code and names"),
        ("code: credit_council, name_zh", "code: volunteers, name_zh", "levels and bodies have different codes"),
        ("titles: [grid_leader]}", "titles: [nobody]}", "`nobody` is not a duty title"),
        ("titles: [first_secretary]}", "titles: [grid_leader]}", "no title speaks for a level and"),
        ("care: [community, self_managed]", "care: [company]", "its care is by owners or community"),
        ("- system: five_plus_two", "- system: three_plus_one", "there is no system `three_plus_one`"),
        ("count: 9\n      since_from", "count: 13\n      since_from", "only 12 such compounds"),
        ("since_to: 2025-06-30\n      posts", "since_to: 2023-06-30\n      posts", "begins after it ends"),
        ("since_from: 2024-03-01\n      since_to", "since_from: 2021-03-01\n      since_to", "registered later"),
        ("{post: grid_station, title", "{post: nothing, title", "`nothing` is no level or body"),
        ("{post: grid_station, title: grid_leader}", "{post: grid_station}", "one of organisation, title and name"),
        ("{post: grid_station, title: grid_leader}", "{post: grid_station, title: nobody}", "nobody holds `nobody`"),
        ("organisation: subdistrict_office}", "organisation: nothing}", "there is no `nothing`"),
        ("{community}信用议事会", "{place}信用议事会", "{place} is not known"),
    ],
)
def test_a_system_that_cannot_work_or_be_filled_is_told_with_its_line(
    copy: Copy, before: str, after: str, said: str
) -> None:
    line = copy.change("huantai.yaml", before, after)
    faults = [fault for fault in copy.faults() if said in str(fault)]
    assert len(faults) == 1, copy.faults()
    assert abs(faults[0].line - line) <= 20


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("no_service: 弃管, three_no: 弃管", "three_no says no_service already"),
        ("solution: company, responsible: 街道", "it settles nothing"),
        ("no_service: 弃管, solution: none, responsible: 街道", "it settles nothing"),
        ("no_service: 弃管, solution: company", "a solution has who carries it out"),
        ("no_service: 弃管, responsible: 街道", "a solution has who carries it out"),
    ],
)
def test_a_solution_for_what_lacks_nothing_or_of_nobody_is_told_with_its_line(copy: Copy, more: str, said: str) -> None:
    before = "{kind: commercial_housing, care: company, count: 28,"
    line = copy.change("huantai.yaml", before, f"{before} {more},")
    (fault,) = copy.faults()
    assert said in str(fault)
    assert abs(fault.line - line) <= 1
