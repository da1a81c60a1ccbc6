"""Every practice's tickets load into tickets in full, and tickets answers each of its figures from the rows."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from graphql import FieldNode, OperationDefinitionNode, parse, print_ast

from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import build_city, json_lines, ticket_records
from deploy.practices.figures import FigureRow, answered_at
from services.org.domain import events as org
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from services.tickets.domain.records import TicketRecord
from services.tickets.main import SERVICE
from tests.kit import Started
from tests.tickets import city as small
from tests.tickets.conftest import Tickets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.practices.model import Practice
    from tests.kit import Plant
    from tests.objects_kit import Files

LARGE = pytest.mark.skipif(not os.environ.get("LINLI_LARGE"), reason="takes a minute; set LINLI_LARGE=1")
FIGURES = {
    "daye": {"not_to_bear_items", "not_to_certify_items"},
    "tongguan": {
        "micro_wishes",
        "micro_projects",
        "micro_services",
        "renovations",
        "greening_places",
        "plants",
        "lamps",
        "issues_solved",
        "disputes_solved",
        "illegal_building_issues",
    },
    "huantai": {
        "five_order_cases",
        "micro_wishes_done",
        "charging_sheds",
        "charging_piles",
        "renovation_sites",
        "renovation_complaints",
    },
    "hongtu": {"hot_issues", "issues_solved"},
}
PRACTICES = ["daye", "tongguan", "huantai", pytest.param("hongtu", marks=LARGE)]


@pytest_asyncio.fixture
async def empty_tickets(plant: Plant, tmp_path: Path, files: Files) -> AsyncIterator[Tickets]:
    """tickets with nothing in it, for one test alone."""
    empty = Started.on(plant, SERVICE, await plant.database(SERVICE), tmp_path)
    started = Tickets(**vars(empty), files=files)
    yield started
    await started.close()


@pytest.mark.parametrize("name", PRACTICES)
async def test_a_practice_answers_every_figure_of_tickets(empty_tickets: Tickets, name: str) -> None:
    practice = read_practice(name)
    city = build_city(practice)
    (district,) = city.tree.at("DISTRICT")
    established = org.RegionEstablished(
        region_id=district.id,
        code=district.code,
        level="DISTRICT",
        name=district.name,
        parent_id=None,
        valid_from=district.valid_from,
    )
    await small.tell(empty_tickets.runtime.database, established)
    day = practice.demonstration.date + timedelta(days=3)
    await empty_tickets.load(json_lines(ticket_records(city, day)))
    asked = 'query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region %s } }'
    answer = await empty_tickets.data(asked % _of_tickets(practice), empty_tickets.role("admin"), id=str(district.id))
    found = {"district": answer["_entities"][0]}
    rows = [
        FigureRow(row.id, row.label, row.expected, row.at_least, answered_at(found, row.path))
        for row in practice.figures.rows
        if row.path.split(".")[:2][-1] in found["district"]
    ]
    assert {row.id for row in rows} == FIGURES[name]
    assert [(row.id, row.answered) for row in rows if not row.holds] == []


async def test_a_project_of_the_demonstration_has_money_and_an_owner_and_was_accepted_in_public() -> None:
    city = build_city(read_practice("tongguan"))
    made = [one for one in ticket_records(city, date(2026, 11, 23)) if isinstance(one, TicketRecord)]
    done = [one for one in made if one.process == "micro_project" and one.acts[-1].action == "accept"]
    assert len(done) == 8
    for one in done:
        decided = next(act for act in one.acts if act.action == "establish")
        assert decided.responsible is not None
        assert decided.amount is not None
        assert decided.amount > 0
        assert one.acts[-1].notice


async def test_joint_work_of_every_type_of_community_is_imported_and_open_parts_wait_for_the_teams(
    empty_tickets: Tickets,
) -> None:
    practice = read_practice("gusu")
    city = build_city(practice)
    assert practice.demonstration.joint_work is not None
    families = practice.demonstration.joint_work.families
    assert {one.type for one in families} == {one.type for one in practice.demonstration.community_types}
    records = list(ticket_records(city, local_day(now())))
    await empty_tickets.load(json_lines(records))
    joint = "process IN ('joint_work', 'team_task')"
    done = f"SELECT process, count(*) FROM ticket WHERE outcome = 'done' AND {joint} GROUP BY 1 ORDER BY 1"  # noqa: S608
    assert await empty_tickets.look(done) == [
        ("joint_work", sum(one.count for one in families)),
        ("team_task", sum(one.count * len(one.teams) for one in families)),
    ]
    doers = await empty_tickets.look("SELECT DISTINCT acted_as FROM entry WHERE action = 'report' ORDER BY acted_as")
    assert [row[0] for row in doers] == sorted(f"team:{kind.code}" for kind in practice.kinds.team)
    waiting = await empty_tickets.look("SELECT count(*) FROM ticket WHERE process = 'team_task' AND ended_at IS NULL")
    assert waiting == [(sum(one.open * len(one.teams) for one in families),)]
    # A member of a team of the city finds the part that waits for it.
    [[code]] = await empty_tickets.look("SELECT region_code FROM ticket WHERE step = 'inspector'")
    team = next(one for one in city.life.teams if one.kind == "inspector_team" and code.startswith(one.region_code))
    member, place = next(one for one in city.life.members if one.team == team.id), small.region_id(team.region_code)
    formed = org.TeamFormed(
        team_id=team.id, kind=team.kind, name=team.name, region_id=place, region_code=team.region_code,
        formed_on=team.formed_on, members=1,
        people=(org.FirstMember(person_id=member.person, valid_from=member.valid_from),),
    )  # fmt: skip
    await small.tell(empty_tickets.runtime.database, formed)
    token = empty_tickets.issuer.mint("resident", region=team.region_code, subject=str(member.person))
    assert (await empty_tickets.data("{ myInbox { title waiting } }", token))["myInbox"] == [
        {"title": "team:inspector_team", "waiting": 1}
    ]


def _of_tickets(practice: Practice) -> str:
    """Return what the figures query asks of the district that tickets keeps, as a selection."""
    query = parse((practice.folder / practice.figures.query).read_text(encoding="utf-8")).definitions[0]
    assert isinstance(query, OperationDefinitionNode)
    asked_for = (one for one in query.selection_set.selections if isinstance(one, FieldNode))
    district = next(one for one in asked_for if one.name.value == "district")
    assert district.selection_set is not None
    known = SERVICE.schema._schema.type_map["Region"].fields  # type: ignore[attr-defined]
    asked = [one for one in district.selection_set.selections if isinstance(one, FieldNode) and one.name.value in known]
    return "{ " + " ".join(map(print_ast, asked)) + " }"
