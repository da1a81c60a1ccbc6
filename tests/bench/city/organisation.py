"""The city's regions, organisations and people as lines of COPY: org's tables, and what tickets keeps of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from services.org.storage import tables as org
from services.tickets.storage import tables as tickets
from tests.bench.city import places
from tests.bench.city.copying import line
from tests.bench.city.places import CITY, COMMUNITIES, DISTRICTS, GRIDS, LEVELS, SINCE, SUBDISTRICTS

_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
_KINDS = {4: "county_party_committee", 6: "county_party_committee", 9: "subdistrict_office",
          12: "community_party_committee", 15: "grid_party_branch"}  # fmt: skip
_CODES = [CITY, *DISTRICTS, *SUBDISTRICTS, *COMMUNITIES, *GRIDS]
Rows = Callable[[], Iterator[dict[str, Any]]]


def _name(code: str) -> str:
    return {4: "示例市", 6: f"第{code[4:]}区", 9: f"第{code[6:]}街道", 12: f"第{code[9:]}社区"}.get(
        len(code), f"第{code[-3:]}网格"
    )


def _parent(code: str) -> str | None:
    return {4: None, 6: code[:4], 9: code[:6], 12: code[:9], 15: code[:12]}[len(code)]


def _at(code: str) -> dict[str, Any]:
    return {"region_id": places.region_id(code), "region_code": code}


def _regions() -> Iterator[dict[str, Any]]:
    for code in _CODES:
        yield {"id": places.region_id(code), "level": LEVELS[len(code)], "region_code": code}


def _versions() -> Iterator[dict[str, Any]]:
    for code in _CODES:
        parent = _parent(code)
        yield {
            **_at(code), "seq": 1, "level": LEVELS[len(code)], "code": code, "name": _name(code),
            "parent_id": None if parent is None else places.region_id(parent), "valid_from": SINCE,
        }  # fmt: skip


def _organisations() -> Iterator[dict[str, Any]]:
    for code in _CODES[1:]:
        parent = _parent(code)
        above = None if parent in {None, CITY} else places.organisation_id(str(parent))
        yield {
            "id": places.organisation_id(code), "kind": _KINDS[len(code)], "name": f"{_name(code)}党组织", **_at(code),
            "parent_id": above, "established_on": SINCE,
        }  # fmt: skip


def _organisation_versions() -> Iterator[dict[str, Any]]:
    for row in _organisations():
        told = {name: row[name] for name in ("region_code", "name", "parent_id")}
        yield {"organisation_id": row["id"], "seq": 1, **told, "valid_from": SINCE}


def _people() -> Iterator[dict[str, Any]]:
    for one in places.people():
        number = one.number
        yield {
            "id": places.person_id(number), **_at(one.region_code),
            "name": _SURNAMES[number % 20] + _NAMES[number // 20 % 20] + _NAMES[number // 400 % 20],
            "party_status": "OTHER" if one.title else "IN_SERVICE", "birth_year": 1955 + number % 48,
            "education": "COLLEGE" if number % 3 else "SECONDARY",
        }  # fmt: skip


def _duties() -> Iterator[dict[str, Any]]:
    for one in places.people():
        if one.title:
            yield {
                "id": places.duty_id(one.number), "person_id": places.person_id(one.number), "title": one.title,
                "organisation_id": places.organisation_id(one.region_code), **_at(one.region_code),
                "valid_from": SINCE,
            }  # fmt: skip


def _check_ins() -> Iterator[dict[str, Any]]:
    for one in places.people():
        if one.title is None:
            yield {
                "id": places.uid(5, one.number), **_at(one.region_code), "valid_from": SINCE,
                "person_id": places.person_id(one.number), "unit_id": places.organisation_id(one.region_code[:9]),
            }  # fmt: skip


def _teams() -> Iterator[dict[str, Any]]:
    for code in GRIDS:
        at = {"kind": "volunteer", "name": f"{_name(code)}志愿服务队", **_at(code)}
        yield {"id": places.uid(6, int(code)), **at, "formed_on": SINCE}


def _stations() -> Iterator[dict[str, Any]]:
    for number, code in enumerate(COMMUNITIES):
        at = {"kind": "red_station", "name": f"{_name(code)}红色驿站", **_at(code)}
        where = {"latitude": 31.9 + number % 50 / 100, "longitude": 118.4 + number // 50 / 100}
        yield {"id": places.uid(7, number), **at, "functions": ["议事协商", "便民服务"], **where, "opened_on": SINCE}


def _censuses() -> Iterator[dict[str, Any]]:
    for number, code in enumerate(GRIDS):
        counted = {"households": 300 + number % 200, "residents": 900 + number % 600}
        yield {"id": places.uid(8, int(code)), **_at(code), "valid_from": SINCE, **counted}


def _known_regions() -> Iterator[dict[str, Any]]:
    for code in _CODES:
        yield {"id": places.region_id(code), "code": code, "name": _name(code)}


def _known_organisations() -> Iterator[dict[str, Any]]:
    for row in _organisations():
        yield {name: row[name] for name in ("id", "kind", "name", "region_id")}


ORG: tuple[tuple[Any, Rows], ...] = (
    (org.region, _regions),
    (org.region_version, _versions),
    (org.organisation, _organisations),
    (org.organisation_version, _organisation_versions),
    (org.person, _people),
    (org.duty, _duties),
    (org.check_in, _check_ins),
    (org.team, _teams),
    (org.station, _stations),
    (org.census, _censuses),
)
"""org's tables in an order in which what is referred to comes first."""
TICKETS: tuple[tuple[Any, Rows], ...] = (
    (tickets.region, _known_regions),
    (tickets.organisation, _known_organisations),
    (tickets.duty, _duties),
)


def columns_of(rows: Rows) -> list[str]:
    return list(next(rows()))


def lines_of(table: Any, rows: Rows) -> Iterator[str]:
    return (line(table, row) for row in rows())
