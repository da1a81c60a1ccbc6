"""Checks regions, kinds, duty titles and muster groups: what the rest of a practice refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args, get_type_hints

from services.org.domain.codes import level_of, parent_of
from services.org.domain.levels import Level
from services.org.domain.records import KindRecord

if TYPE_CHECKING:
    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Key
    from deploy.practices.model import DutyTitle, Practice


CATEGORIES = tuple(get_args(get_type_hints(KindRecord)["category"]))
"""What the practice has kinds of."""


def check_regions(practice: Practice, faults: Faults) -> None:
    """Check the codes of city, district and subdistricts: their form, their level and that each lies in the next."""
    region = practice.region
    _check_code(region.city.code, Level.CITY, None, faults, "region", "city", "code")
    _check_code(region.district.code, Level.DISTRICT, region.city.code, faults, "region", "district", "code")
    for index, place in enumerate(region.subdistricts):
        path = ("region", "subdistricts", index, "code")
        _check_code(place.code, Level.SUBDISTRICT, region.district.code, faults, *path)
    codes = [place.code for place in region.subdistricts]
    faults.repeated(codes, "region code", "region", "subdistricts", key="code")


def _check_code(code: str, level: Level, parent: str | None, faults: Faults, *path: Key) -> None:
    if level_of(code) is not level:
        faults.add(f"{code} is not a region code of level {level.name} ({level.zh}, {level.code_length} digits)", *path)
    elif parent is not None and parent_of(code) != parent:
        faults.add(f"{code} does not lie in {parent}: it must begin with it", *path)


def check_words(practice: Practice, faults: Faults) -> None:
    """Check kinds, duty titles and muster groups: nothing twice, and titles that can be held."""
    for category in CATEGORIES:
        codes = [kind.code for kind in getattr(practice.kinds, category)]
        faults.repeated(codes, f"kind of {category}", "kinds", category, key="code")
    faults.repeated([title.code for title in practice.duty_titles], "duty title", "duty_titles", key="code")
    faults.repeated([one.code for one in practice.community_types], "type", "community_types", key="code")
    faults.repeated([kind.code for kind in practice.session_kinds], "kind of session", "session_kinds", key="code")
    faults.repeated([group.code for group in practice.muster_groups], "muster group", "muster_groups", key="code")
    _check_staffing(practice, faults)
    _check_circles(practice, faults)
    kinds = {kind.code for kind in practice.kinds.organisation}
    roles: set[str] = set()
    for index, title in enumerate(practice.duty_titles):
        _check_title(title, kinds, faults, "duty_titles", index)
        if title.team_role:
            faults.unless(
                title.team_role not in roles, f"{title.team_role} is taken already", "duty_titles", index, "team_role"
            )
            roles.add(title.team_role)
    offices = [index for index, group in enumerate(practice.muster_groups) if group.office]
    for index in offices[1:]:
        faults.add("there is one office (一办) and this is another", "muster_groups", index, "office")


def _check_staffing(practice: Practice, faults: Faults) -> None:
    levels = {title.code: title.level for title in practice.duty_titles}
    faults.repeated([one.title for one in practice.staffing], "staffing standard", "staffing", key="title")
    for index, one in enumerate(practice.staffing):
        path = ("staffing", index)
        is_of_grids = levels.get(one.title) == Level.GRID.name
        faults.unless(is_of_grids, f"`{one.title}` is not a duty title of grids here", *path, "title")
        for name in ("households", "residents"):
            fewest, most = getattr(one, name)
            faults.unless(0 < fewest <= most, "a range above zero is needed, the lower end first", *path, name)
    wanted = practice.demonstration.census
    for name in ("households", "residents_each") if wanted else ():
        fewest, most = getattr(wanted, name)
        faults.unless(0 <= fewest <= most, "a range is needed, the lower end first", "demonstration", "census", name)


def _check_circles(practice: Practice, faults: Faults) -> None:
    faults.repeated([one.code for one in practice.service_circles], "service circle", "service_circles", key="code")
    kinds = {kind.code for kind in practice.kinds.station}
    for index, circle in enumerate(practice.service_circles):
        for number, kind in enumerate(circle.station_kinds):
            path = ("service_circles", index, "station_kinds", number)
            faults.unless(kind in kinds, f"`{kind}` is not a kind of station here", *path)


def _check_title(title: DutyTitle, kinds: set[str], faults: Faults, *path: Key) -> None:
    if title.organisation_kind is not None and title.organisation_kind not in kinds:
        message = f"`{title.organisation_kind}` is not a kind of organisation here"
        faults.add(message, *path, "organisation_kind")
    if title.most is not None and title.most < title.fewest:
        faults.add(f"at most {title.most} hold it, but at least {title.fewest} should", *path, "fewest")
    if title.fewest and title.level is None:
        faults.add("a title with `fewest` needs the `level` whose regions are counted", *path, "fewest")
