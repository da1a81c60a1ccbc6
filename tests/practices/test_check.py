"""Every kind of fault is named with the file and line where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.practices.check import check, look_over
from tests.practices.conftest import Copy

MAIN, PROCESS, MATTERS, QUERY = (
    "huantai.yaml",
    "processes/five_sheets.yaml",
    "huantai.matters.yaml",
    "huantai.figures.graphql",
)

CASES: list[tuple[str, str, str, str]] = [
    # shape
    (MAIN, "    fewest: 1\n    most: 1\n", "    fewest: 1\n    moost: 1\n", "the key `moost` is not known here"),
    (MAIN, 'code: "3703"', "code: 3703", "expected `str`, got `int`"),
    (MAIN, "    level: DISTRICT\n", "    level: PREFECTURE\n", "invalid enum value 'PREFECTURE'"),
    (MAIN, "seed: 370321", "seed: many", "expected `int`, got `str`"),
    (MAIN, "code: county_party_committee", "code: County-Committee", "matching regex"),
    (MAIN, "practice: huantai", "practice: another", "the practice calls itself another, its file huantai"),
    (MAIN, 'closes: "12:00:00"', 'closes: "07:00:00"', "open before they close"),
    # regions
    (MAIN, 'code: "370321"', 'code: "370421"', "370421 does not lie in 3703"),
    (MAIN, 'code: "370321001"', 'code: "370321000"', "370321000 is not a region code of level SUBDISTRICT"),
    (MAIN, '- {code: "370321002", name: 少海', '- {code: "370321001", name: 少海', "`370321001` is here twice"),
    # words
    (MAIN, "{code: grid_party_branch,", "{code: residents_committee,", "kind of organisation `residents_committee` is"),
    (MAIN, "- code: unit_leader", "- code: first_secretary", "the duty title `first_secretary` is here twice"),
    (MAIN, "organisation_kind: residents_committee", "organisation_kind: club", "`club` is not a kind of organisation"),
    (MAIN, "    fewest: 1\n    most: 1\n", "    fewest: 2\n    most: 1\n", "at most 1 hold it, but at least 2 should"),
    (MAIN, "team_role: GRID_WORKER", "team_role: GRID_LEADER", "GRID_LEADER is taken already"),
    (MAIN, "- {code: publicity_group", "- {code: command_office", "muster group `command_office` is here twice"),
    (MAIN, "en: publicity group}}", "en: publicity group}, office: true}", "there is one office (一办)"),
    (MAIN, "minutes: 10, ", "minutes: 61, ", "expected `int` <= 60"),
    (
        MAIN,
        "[party_mass_service_centre, red_station]",
        "[party_mass_service_centre, club]",
        "`club` is not a kind of station",
    ),
    # processes
    (MAIN, "- processes/five_sheets.yaml", "- processes/six_sheets.yaml", "six_sheets.yaml has faults of its own"),
    (PROCESS, "to: deliberate}", "to: nowhere}", "there is no step or end 'nowhere'"),
    (
        PROCESS,
        "who: [{title: grid_worker, level: GRID}]",
        "who: [{title: mayor, level: CITY}]",
        "no duty title 'mayor'",
    ),
    (
        PROCESS,
        "who: [{title: grid_worker, level: GRID}]",
        "who: [{team: navy, level: GRID}]",
        "no kind of team 'navy' here; there are: volunteer",
    ),
    (PROCESS, "title: grid_leader, level: GRID", "title: grid_leader, level: CITY", "nobody can hold it at level CITY"),
    (PROCESS, "  evaluation: {lowest: 1, highest: 5}", "  evaluation: {lowest: 5, highest: 1}", "above lowest"),
    (PROCESS, "to: refused, requires: [reason]}", "to: refused}", "requires a reason"),
    (PROCESS, "  name_zh: 五单一公开", "  name_cn: 五单一公开", "the key `name_cn` is not known here"),
    # demonstration
    (MAIN, '- subdistrict: "370321001"', '- subdistrict: "370321009"', "370321009 is not one of the subdistricts"),
    (MAIN, "    buildings: 1967", "    buildings: 139", "139 buildings cannot be shared among 140 grids"),
    (MAIN, "    since: 2022-03-01\n", "    since: 2019-03-01\n", "exist only from 2020-01-01 on"),
    (MAIN, "- kind: county_party_committee\n", "- kind: county_club\n", "`county_club` is not a kind of organisation"),
    (
        MAIN,
        'level: SUBDISTRICT, name: "{region}党建微联盟",',
        'level: SUBDISTRICT, covers: all, name: "{region}党建微联盟",',
        "only communities and what is below have compounds",
    ),
    (MAIN, "parent: county_party_committee", "parent: grid_party_branch", "`grid_party_branch` is not founded before"),
    (MAIN, "name: 中共{region}委员会", "name: 中共{place}委员会", "{place} is not known here; known are {region}"),
    (MAIN, "name: 中共{region}委员会", "name: 中共{region委员会", "expected '}'"),
    (MAIN, "title: first_secretary, party", "title: second_secretary, party", "`second_secretary` is not a duty title"),
    (MAIN, "vacancies: 3", "vacancies: 141", "there are only 140 regions of level GRID"),
    (MAIN, "title: grid_leader, party", "title: grid_leader, each: 2, party", "at most 1 hold `grid_leader`"),
    (
        MAIN,
        "party: [IN_SERVICE, OTHER], pairs",
        "party: [NONE, OTHER], pairs",
        "`building_leader` is for party members",
    ),
    (MAIN, "since_from: 2022-07-01, since_to: 2022-09-30", "since_from: 2023-07-01, since_to: 2022-09-30", "begins"),
    (
        MAIN,
        "since_from: 2022-07-01, since_to: 2022-09-30",
        "since_from: 2022-01-01, since_to: 2022-09-30",
        "exist only",
    ),
    (MAIN, "since_from: 2022-07-01, since_to: 2022-09-30", "since_from: 2022-07-01, since_to: 2030-09-30", "after the"),
    (MAIN, "    - kind: volunteer", "    - kind: choir", "`choir` is not a kind of team"),
    (MAIN, "members: 4878", "members: 205", "a team has at least one member"),
    (MAIN, "    - kind: red_station", "    - kind: bus_station", "`bus_station` is not a kind of station"),
    (MAIN, "{title: grid_worker, post: 网格员}", "{title: mayor, post: 网格员}", "nobody is given the duty `mayor`"),
    (MAIN, "{team: volunteer, post: 志愿者}", "{team: choir, post: 志愿者}", "no team of the kind `choir` is formed"),
    (MAIN, "{post: 机关干部, count: 1143}", "{post: 机关干部}", "say one of `title`, `team` and `count`"),
    (MAIN, "weights: {command_office: 1", "weights: {kitchen_group: 1", "`kitchen_group` is not a muster group"),
    (MAIN, "since: 2025-11-03", "since: 2027-11-03", "it is after the demonstration's date"),
    (MAIN, "- process: five_sheets", "- process: six_sheets", "`six_sheets` is not one of the processes"),
    (MAIN, "responsible: residents_committee", "responsible: club", "`club` is not founded in the demonstration"),
    (MAIN, "returned: 70", "returned: 1401", "more than are carried through"),
    (MAIN, "{kind: bench_day,", "{kind: dance,", "`dance` is not a kind of activity"),
    (MAIN, "participants: 3600", "participants: 36", "fewer take part than there are activities"),
    (MAIN, "held_from: 2025-11-03", "held_from: 2027-11-03", "it begins (2027-11-03) after it ends"),
    (MAIN, "held_to: 2026-10-31", "held_to: 2036-10-31", "it ends after the date"),
    (MAIN, "participants: 3600, organisation: residents", "participants: 3600, organisation: voters", "no voters_com"),
    (MAIN, "participants: 3600, organ", "participants: 3600, team: choir, organ", "no choir is formed at that level"),
    # matters
    (MATTERS, "  - category: noise", "  - category: weather", "`weather` is not a category of the process"),
    (MATTERS, "{place}晚上车位不够用", "{palce}晚上车位不够用", "{palce} is not known here"),
    (MATTERS, "    weight: 13", "    weigth: 13", "the key `weigth` is not known here"),
    # figures
    (MAIN, "{id: grid_branches,", "{id: communities,", "the figure `communities` is here twice"),
    (MAIN, "path: district.gridBranches.totalCount", "path: district.gridBranches", "does not ask for"),
    (MAIN, "path: district.mustered.totalCount", "path: district.mustered.0.total", "does not ask for"),
    (MAIN, "path: district.mustered.totalCount", "path: 0.mustered.totalCount", "matching regex"),
    (MAIN, "query: huantai.figures.graphql", "query: none.graphql", "the file none.graphql cannot be read"),
    (QUERY, "    firstSecretaries: duties(", "    firstSecretaries: duties(((", "Syntax Error"),
]


@pytest.mark.parametrize(("name", "before", "after", "message"), CASES, ids=[case[3] for case in CASES])
def test_a_fault_is_named_with_its_file_and_line(copy: Copy, name: str, before: str, after: str, message: str) -> None:
    line = copy.change(name, before, after)
    # A change of several lines is at the last of them that differs.
    changed = [
        number
        for number, pair in enumerate(zip(before.split("\n"), after.split("\n"), strict=True))
        if len(set(pair)) > 1
    ]
    faults = copy.faults()
    found = [fault for fault in faults if message in fault.message]
    assert found, [str(fault) for fault in faults]
    assert (found[0].path, found[0].line) == (copy.folder / name, line + changed[0])


def test_an_exchange_among_communities_of_one_type_says_how_many_join(copy: Copy) -> None:
    copy.change(MAIN, "en: bench day}}", "en: bench day}, same_type: true}")
    (fault,) = copy.faults()
    assert fault.message == "`bench_day` joins communities of one type: say how many"


OFFERED = """  service_items:
    - title: 事项
      count: 3
      ways: [ONLINE]
      station_kinds: [kiosk]
      departments: bureau
      since_from: 2019-01-01
      since_to: 2018-01-01
  experts:
    - {field: cooking, count: 2, accompany: model_community, since_from: 2023-01-01, since_to: 2023-02-01}
  methods:
    - title: 工作法
      type: old_estate
      model: model_community
      shared_on: 2023-06-01
      adopted_from: 2023-05-01
      adopted_to: 2023-07-01
  authorised_matters:
    - {titles: [处罚], departments: bureau, handed_from: 2023-01-01, handed_to: 2024-01-01, reviewed_on: 2023-06-01}
"""


def test_what_is_offered_and_shared_is_checked(copy: Copy) -> None:
    copy.change(MAIN, "  activities:\n", OFFERED + "  activities:\n")
    assert {fault.message for fault in copy.faults()} == {
        "`kiosk` is not a kind of station here",
        "what is handled at stations names their kinds, and nothing else does",
        "no bureau is founded",
        "the regions exist only from 2022-03-01 on",
        "it begins (2019-01-01) after it ends (2018-01-01)",
        "it is reviewed after it was handed down, and by the date",
        "`cooking` is not a kind of expertise here",
        "no model_community is awarded",
        "no community is of the type `old_estate`",
        "it is taken up before it is shared",
    }


WISH = "processes/micro_wish.yaml"
PROCESS_FAULTS = [
    (
        [("name_en: claim, to: fulfil}", "name_en: claim, to: thank}")],
        "    - code: fulfil\n",
        "fulfil cannot be reached / 无法到达 fulfil",
    ),
    (
        [("lapse_to: fulfilled", "lapse_to: thank"), ("to: fulfilled, requires", "to: thank, requires")],
        "    - code: thank\n",
        "there is no way out of thank to an end / thank 没有通向终点的出路",
    ),
    (
        [("deadline: {within: {working_days: 5}, lapse_to: fulfilled}", "deadline: null")],
        "      deadline: null",
        "a step has a deadline, or says untimed: true / 步骤须设置期限 deadline",
    ),
    (
        [
            (
                "who: [requester, {title: grid_worker, level: GRID}]",
                "who: [requester, {title: grid_worker, level: CITY}]",
            )
        ],
        "      who: [requester,",
        "grid_worker is a duty of level GRID, nobody can hold it at level CITY / 职务 grid_worker 属于 GRID 级",
    ),
    (
        [("  raising:\n", "  notifications: {rules: [{audience: neighbours}]}\n  raising:\n")],
        "  notifications: {rules: [{audience: neighbours}]}",
        "there is no audience 'neighbours'",
    ),
    (
        [("who: [requester, {title: grid_worker, level: GRID}]", "who: []")],
        "      who: []",
        "nobody may act here / 未指定可办理人",
    ),
]


@pytest.mark.parametrize(("changes", "at", "message"), PROCESS_FAULTS, ids=[case[2] for case in PROCESS_FAULTS])
def test_what_is_wrong_in_a_process_is_told_in_both_languages_where_it_is(
    copy: Copy, changes: list[tuple[str, str]], at: str, message: str
) -> None:
    for before, after in changes:
        copy.change(WISH, before, after)
    text = (copy.folder / WISH).read_text(encoding="utf-8")
    found = [fault for fault in copy.faults() if message in fault.message]
    assert [(fault.path, fault.line) for fault in found] == [
        (copy.folder / WISH, text[: text.index(at)].count("\n") + 1)
    ]


@pytest.mark.parametrize("kind", ["residents_committee", "grid_party_branch", "club"])
def test_organisations_join_what_is_an_alliance(copy: Copy, kind: str) -> None:
    copy.change(MAIN, "joins: micro_alliance", f"joins: {kind}")
    assert f"`{kind}` is not a kind of alliance here" in {fault.message for fault in copy.faults()}


GUSU = "gusu.yaml"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("contributions: {of: REGION, full: 30}", "contributions: {of: UNIT, full: 101}", "one unit has 100 points"),
        ("contributions: {of: REGION, full: 30}", "contributions: {of: TOWN, full: 30}", "invalid enum value 'TOWN'"),
        ("contributions: {of: REGION, full: 30}", "contributions: {of: REGION, full: 0}", ">= 1"),
        ("contributions: {of: REGION, full: 30}", "contributions: {of: REGION}", "missing required field `full`"),
    ],
)
def test_what_a_score_is_counted_from_is_checked(copy: Copy, before: str, after: str, message: str) -> None:
    copy.change(GUSU, before, after)
    found = [fault for fault in check(copy.folder / GUSU) if message in fault.message]
    text = (copy.folder / GUSU).read_text(encoding="utf-8")
    assert [fault.line for fault in found] == [text[: text.index(after)].count("\n") + 1]


def test_what_is_counted_needs_rules_of_what_contributions_count_for(copy: Copy) -> None:
    text = (copy.folder / GUSU).read_text(encoding="utf-8")
    first, last = text.index("contribution_rules:"), text.index("# 差异化配置")
    copy.change(GUSU, text[first:last], "")
    messages = {fault.message for fault in check(copy.folder / GUSU)}
    assert "no rule says what contributions count for" in messages


DAYE = "daye.yaml"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("branch: grid_party_branch", "branch: residents_committee", "is not a kind of Party organisation here"),
        ("branch: grid_party_branch", "branch: building_party_group", "no building_party_group is founded there"),
        ("posts: [policy_publicity,", "posts: [nothing,", "`nothing` is not a kind of service post here"),
    ],
)
def test_what_members_who_checked_in_are_assigned_to_is_checked(
    copy: Copy, before: str, after: str, message: str
) -> None:
    copy.change(DAYE, "level: BUILDING\n      count: 6142", "level: GRID\n      count: 6142")
    copy.change(DAYE, before, after)
    (fault,) = [fault for fault in check(copy.folder / DAYE) if message in fault.message]
    text = (copy.folder / DAYE).read_text(encoding="utf-8")
    assert fault.line == text[: text.index(after)].count("\n") + 1


HONGTU, ORDERS = "hongtu.yaml", "processes/three_orders.yaml"
_MEMBERS = "        - {checked_in: member, level: GRID}\n      deadline:\n        within: {working_days: 2}"


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (
            ORDERS,
            _MEMBERS,
            _MEMBERS.replace("member,", "rower,"),
            "no group 'rower' checks in here; there are: courier",
        ),
        (ORDERS, _MEMBERS, _MEMBERS.replace("GRID", "COMMUNITY"), "levels at which they do: GRID / "),
        (ORDERS, _MEMBERS, _MEMBERS.replace("member,", "courier,"), "nobody of 'courier' checks in at level GRID"),
        ("processes/whistle.yaml", '"checked_in:member"', '"checked_in:rider"', "no duty title 'checked_in:rider'"),
        (HONGTU, "- {code: courier,", "- {code: member,", "`member` are in-service party members"),
    ],
)
def test_who_checked_in_is_known_where_a_process_names_them(
    copy: Copy, file: str, before: str, after: str, message: str
) -> None:
    line = copy.change(file, before, after)
    (fault,) = [fault for fault in check(copy.folder / HONGTU) if message in fault.message]
    assert (fault.path, fault.line) == (copy.folder / file, line)


def test_all_faults_are_told_at_once(copy: Copy) -> None:
    copy.change(MAIN, 'code: "370321"', 'code: "370421"')
    copy.change(MAIN, "members: 4878", "members: 205")
    copy.change(PROCESS, "to: deliberate}", "to: nowhere}")
    messages = "\n".join(map(str, copy.faults()))
    for part in ("370421 does not lie in 3703", "a team has at least one member", "there is no step or end 'nowhere'"):
        assert part in messages


def test_a_query_with_a_mutation_or_variables_is_refused(copy: Copy) -> None:
    for text in ("mutation { a }", "query ($a: ID) { a(a: $a) }", "fragment f on A { a } query { a }"):
        (copy.folder / QUERY).write_text(text, encoding="utf-8")
        assert "it must hold one query" in copy.faults()[-1].message


def test_a_file_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    [fault] = check(tmp_path / "none.yaml")
    assert "cannot be read" in fault.message


def test_two_files_with_the_same_process_are_a_fault(copy: Copy) -> None:
    copy.change(
        MAIN, "  - processes/five_sheets.yaml", "  - processes/five_sheets.yaml\n  - processes/five_sheets.yaml"
    )
    assert any("the process `five_sheets` is here twice" in fault.message for fault in copy.faults())


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("task: team_task", "task: visit", "`visit` is not what `joint_work` is divided among"),
        (
            "{type: mixed, teams: [community_worker, pioneer",
            "{type: mixed, teams: [navy, pioneer",
            "`navy` is not a category",
        ),
        (
            "planner, police_officer], count: 4",
            "planner, police_officer], count: 31",
            "there are 31 communities of the type",
        ),
        ("- {type: mixed, teams", "- {type: palace, teams", "gusu.joint.matters.yaml has no matter of `palace`"),
        ("matters: gusu.joint.matters.yaml", "matters: none.yaml", "cannot be read"),
    ],
)
def test_what_is_wrong_with_joint_work_is_told_with_its_line(copy: Copy, before: str, after: str, message: str) -> None:
    line = copy.change("gusu.yaml", before, after)
    found = check(copy.folder / "gusu.yaml")
    there = next((fault for fault in found if message in fault.message), None)
    assert there is not None, found
    assert there.line == (1 if message == "cannot be read" else line)


def test_what_passes_unheard_is_a_warning_by_its_line_and_no_fault(copy: Copy) -> None:
    process = "processes/grid_appointment.yaml"
    above = "        escalate: [{after_working_days: 1, to: {title: city_supervisor, level: CITY}}]\n"
    line = copy.change(process, above, "")
    assert copy.faults() == []
    [warning] = look_over(copy.file)
    # `deadline:`, `within:`, `remind_…:`, and then it stood.
    assert (warning.path.name, warning.line) == ("grid_appointment.yaml", line - 3)
    assert str(warning).partition("warning: ")[2].startswith("when this is late, nobody above hears of it")
