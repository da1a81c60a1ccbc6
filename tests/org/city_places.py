"""What is held and offered at places of the small city: activities, items of service, matters, experts, methods."""

from __future__ import annotations

from typing import Any

from tests.org import city


def held_and_offered() -> list[dict[str, Any]]:
    """What is held and offered at places."""
    return [*activities(), *services(), *models()]


def models() -> list[dict[str, Any]]:
    """Experts of both counties, a community that one accompanies, and a method that a model community shares."""

    def row(record: str, key: str, code: str, **more: Any) -> dict[str, Any]:
        base = {"record": record, "id": str(city.id_of(record, key)), "region_code": code, "valid_from": "2023-02-01"}
        return {**base, **more}

    mine, theirs = (str(city.id_of("person", who)) for who in ("cadre", "distant"))
    method = {"title": "三联工作法", "type": "old_estate", "model": city.SECOND_COMMUNITY, "content": "联议联办联评"}
    return [
        row("expert", "planner", city.COUNTY, person=mine, field="planning"),
        row("expert", "spare", city.COUNTY, person=str(city.id_of("person", "spare")), field="planning"),
        row("expert", "foreign", city.FOREIGN, person=theirs, field="planning"),
        row("distinction", "exemplar", city.SECOND_COMMUNITY, kind="exemplar"),
        row("guidance", "first", city.COMMUNITY, expert=str(city.id_of("expert", "planner"))),
        row("shared_method", "three", city.COUNTY, **method),
        row("shared_method", "spare", city.SUBDISTRICT, **method),
        row("adoption", "first", city.COMMUNITY, method=str(city.id_of("shared_method", "three"))),
    ]


def services() -> list[dict[str, Any]]:
    """Items of service of the counties, and matters that were handed to subdistricts."""

    def item(key: str, code: str, *ways: str, **more: Any) -> dict[str, Any]:
        base = {"record": "service_item", "id": str(city.id_of("service_item", key)), "title": f"事项{key}"}
        return {**base, "region_code": code, "ways": list(ways), "valid_from": "2023-01-01", **more}

    def matter(key: str, code: str, **more: Any) -> dict[str, Any]:
        base = {"record": "authorised_matter", "id": str(city.id_of("authorised_matter", key)), "title": "违建巡查"}
        return {**base, "region_code": code, "valid_from": "2023-01-01", **more}

    halls = {"station_kinds": ["deliberation_hall"]}
    committee = str(city.id_of("organisation", "committee"))
    return [
        item("card", city.COUNTY, "ONLINE", "STATION", department=committee, guide="带身份证", **halls),
        item("online", city.COUNTY, "ONLINE"),
        item("opinion", city.COMMUNITY, "STATION", "COMMUNITY", function="征求意见", **halls),
        item("foreign", city.FOREIGN, "STATION", **halls),
        matter("inspection", city.SUBDISTRICT, department=committee),
        matter("foreign", "370322001", trained_on="2023-05-01", trained_people=3),
    ]


def activities() -> list[dict[str, Any]]:
    """A round that was held, two that are planned, and one of the other county."""

    def activity(key: str, code: str, **more: Any) -> dict[str, Any]:
        base = {"record": "activity", "id": str(city.id_of("activity", key)), "kind": "round", "title": f"巡诊{key}"}
        return {**base, "region_code": code, "on": "2024-05-06", **more}

    worker = str(city.id_of("person", "worker"))
    team = str(city.id_of("team", "patrol"))
    return [
        activity("held", city.GRID, participants=12, people=[worker], team=team, teams=[team], result="排查3处"),
        activity("planned", city.GRID, state="PLANNED", organisation=str(city.id_of("organisation", "branch"))),
        activity("elsewhere", city.SECOND_COMMUNITY, state="PLANNED"),
        activity("foreign", city.FOREIGN_GRID, participants=5),
    ]
