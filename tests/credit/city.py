"""A small city as org would tell credit of it, with everybody who records and approves points."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from chassis.events.envelope import Envelope
from chassis.events.subject import tenant_of
from chassis.ids import new_id
from services.credit.domain.catalogue import Catalogue
from services.credit.reactions.org import HANDLERS
from services.org.domain import events as org

if TYPE_CHECKING:
    from chassis.database import Database
    from chassis.events.event import Event

CITY, DISTRICT, OTHER_DISTRICT = "3703", "370321", "370303"
COMMUNITY = "370321002001"
GRID, GRID_2 = "370321002001001", "370321002001002"
ELSEWHERE = "370303001001001"
BUILDING, BUILDING_2 = "370321002001001001", "370321002001002001"
CODES = (
    CITY,
    DISTRICT,
    "370321002",
    COMMUNITY,
    GRID,
    GRID_2,
    OTHER_DISTRICT,
    "370303001",
    "370303001001",
    ELSEWHERE,
    BUILDING,
    BUILDING_2,
)
LEVELS: dict[int, Any] = {4: "CITY", 6: "DISTRICT", 9: "SUBDISTRICT", 12: "COMMUNITY", 15: "GRID", 18: "BUILDING"}
SINCE = date(2024, 1, 1)

CATALOGUE: dict[str, Any] = {
    "version": 1,
    "name_zh": "目录",
    "name_en": "catalogue",
    "notice": {"version": 2, "text_zh": "告知", "text_en": "notice"},
    "groups": [
        {"code": "resident", "nature": "natural", "name_zh": "居民", "name_en": "residents"},
        {"code": "shop", "nature": "legal", "name_zh": "商户", "name_en": "shops"},
    ],
    "registrars": ["community_worker"],
    "rewards": [
        {
            "code": "volunteer", "name_zh": "志愿", "name_en": "volunteering", "groups": ["resident", "shop"],
            "points": 10, "recorders": ["grid_worker"], "ceiling": {"points": 40, "per": "month"}, "valid_months": 24,
        },
        {
            "code": "meeting", "name_zh": "议事", "name_en": "meeting", "groups": ["resident"],
            "points": 5, "recorders": ["grid_worker"],
        },
        {
            "code": "deed", "name_zh": "好事", "name_en": "good deed", "groups": ["resident"], "evidence": True,
            "points": 50, "recorders": ["grid_worker"], "approvers": ["community_secretary"],
        },
    ],
    "deductions": [
        {
            "code": "fire", "name_zh": "堵塞消防通道", "name_en": "fire access blocked", "groups": ["shop"],
            "points": 20, "recorders": ["grid_worker"], "basis": {"document": "消防法", "article": "第二十八条"},
        },
    ],
    "fund_keepers": ["coordinator"],
    "listers": ["community_worker"],
    "arbiters": ["arbiter", "grid_worker"],
    "red_flags": 1,
    "red_flag_yuan": 2000,
    "honours": [
        {
            "code": "building", "name_zh": "最美楼栋", "name_en": "model building", "of": "building", "how": "vote",
            "organisers": ["community_secretary"], "nominators": ["grid_worker"], "award_yuan": 500,
        },
        {
            "code": "neighbour", "name_zh": "道德模范", "name_en": "model resident", "of": "person", "how": "review",
            "organisers": ["community_secretary"], "nominators": ["grid_worker"], "reviewers": ["community_worker"],
        },
        {
            "code": "family", "name_zh": "文明家庭", "name_en": "model family", "of": "family", "how": "vote",
            "organisers": ["community_secretary"], "nominators": ["grid_worker"],
        },
        {
            "code": "grid_worker", "name_zh": "优秀网格员", "name_en": "excellent grid worker", "of": "duty",
            "how": "review", "title": "grid_worker", "organisers": ["coordinator"],
            "nominators": ["community_secretary"], "reviewers": ["coordinator"], "award_yuan": 800,
        },
    ],
    "tiers": [
        {"code": "bronze", "name_zh": "铜", "name_en": "bronze", "standing": 10, "benefit_yuan": 100},
        {"code": "gold", "name_zh": "金", "name_en": "gold", "standing": 40, "benefit_yuan": 998},
    ],
    "scenarios": [
        {"code": "goods", "use": "goods", "name_zh": "物品", "name_en": "goods", "groups": ["resident"]},
        {"code": "gold", "use": "discount", "name_zh": "折", "name_en": "g", "groups": ["resident"], "tier": "gold"},
        {"code": "screen", "use": "screen_time", "name_zh": "屏", "name_en": "screen", "groups": ["shop"]},
    ],
}  # fmt: skip

POSTS = {
    "coordinator": ("coordinator", DISTRICT),
    "arbiter": ("arbiter", "370321002"),
    "worker": ("grid_worker", GRID),
    "worker_2": ("grid_worker", GRID_2),
    "clerk": ("community_worker", COMMUNITY),
    "secretary": ("community_secretary", COMMUNITY),
}


def catalogue(**changed: Any) -> Catalogue:
    return msgspec.convert(CATALOGUE | changed, Catalogue)


def region_id(code: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"region {code}")


def person(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"person {name}")


def duty(name: str, title: str, code: str, until: date | None = None) -> org.DutyAssigned:
    return org.DutyAssigned(
        duty_id=uuid5(NAMESPACE_URL, f"duty {name}"), person_id=person(name), title=title, organisation_id=None,
        region_id=region_id(code), region_code=code, valid_from=SINCE, valid_to=until,
    )  # fmt: skip


def history() -> list[Event]:
    established: list[Event] = [
        org.RegionEstablished(
            region_id=region_id(code), code=code, level=LEVELS[len(code)], name=f"区划{code}", parent_id=None,
            valid_from=SINCE,
        )
        for code in CODES
    ]  # fmt: skip
    return [*established, *(duty(name, title, code) for name, (title, code) in POSTS.items())]


def envelope(event: Event, service: str = "org") -> Envelope:
    code = str(getattr(event, "region_code", None) or getattr(event, "code", CITY))
    return Envelope(
        specversion="1.0", id=new_id(), source=f"/linli/{service}", type=type(event).type_in(service),
        subject=new_id(), time=datetime.now(UTC), datacontenttype="application/json", tenant=tenant_of(code),
        regioncode=code, aggregateversion=1, data=msgspec.Raw(msgspec.json.encode(event)),
    )  # fmt: skip


async def tell(database: Database, *events: Event) -> None:
    """Let credit learn of events of org, as its consumer would hand them over."""
    async with database.write(("",)) as session:
        for event in events:
            told = envelope(event)
            await HANDLERS[told.type](session.connection, [told])
