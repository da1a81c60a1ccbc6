"""A registry file (业主名册): rows of exclusive parts and owners, checked row by row (README.md, "Registry file").

Co-owners stand in rows of their own with the same address; what such rows say of the part itself must agree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean, demanded
from services.property.domain.identifiers import is_credit_code
from services.property.domain.problems import PropertyProblem
from services.property.domain.register import Basis, OwnerData, OwnerKind, Status, Use, area_of, check_owners

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

COLUMNS: dict[str, str] = {
    "区划代码": "region_code",
    "小区": "compound",
    "小区类型": "kind",
    "楼栋": "building",
    "单元": "unit",
    "房号": "room",
    "专有部分面积": "area",
    "面积依据": "basis",
    "交付状态": "status",
    "用途": "use",
    "业主": "owner",
    "证件号码": "number",
    "电话": "phone",
    "份额": "share",
    "表决代表": "agent",
    "账号": "subject",
}
"""Columns by their Chinese heading; the English one beside it is understood too."""

DEMANDED = ("region_code", "compound", "building", "room", "area")
_BASES = {"": Basis.LAND_REGISTER, "不动产登记": Basis.LAND_REGISTER, "实测": Basis.SURVEYED, "合同": Basis.CONTRACT}
_STATUSES = {
    "": Status.OWNED,
    "已交付": Status.OWNED,
    "已售未交付": Status.SOLD_UNDELIVERED,
    "未出售": Status.DEVELOPER_UNSOLD,
}
_USES = {"": Use.HOME, "住宅": Use.HOME, "商业": Use.SHOP, "车位": Use.PARKING, "其他": Use.OTHER}
_BASES |= {one.value: one for one in Basis}
_STATUSES |= {one.value: one for one in Status}
_USES |= {one.value: one for one in Use}
_YES = {"是", "yes", "1", "true"}


class CompoundKey(NamedTuple):
    """By what a compound is found: where it is and what it is called."""

    region_code: str
    name: str


class Address(NamedTuple):
    """An exclusive part within its compound."""

    building: str
    unit: str
    room: str


class PartData(NamedTuple):
    """What a row says of the exclusive part itself."""

    area: int
    basis: Basis
    status: Status
    use: Use


@dataclass
class ReadPart:
    """An exclusive part of the file, with the rows (from 2: the first is the heading) that tell of it."""

    data: PartData
    owners: list[OwnerData] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


@dataclass
class Registry:
    """A file, read: its parts by compound and address, and what is wrong with which row."""

    parts: dict[CompoundKey, dict[Address, ReadPart]] = field(default_factory=lambda: defaultdict(dict))
    kinds: dict[CompoundKey, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    rows: int = 0


def heading(cells: Iterable[object]) -> list[str]:
    """Return the columns that a heading names. Raises ValueError for one that is unknown, twice or missing."""
    named = [str(cell or "").strip() for cell in cells]
    found = [COLUMNS.get(name, name) for name in named]
    known = set(COLUMNS.values())
    unknown = [name for name, column in zip(named, found, strict=True) if column not in known]
    missing = [column for column in DEMANDED if column not in found]
    if unknown or missing or len(set(found)) < len(found):
        raise ValueError(f"the heading has unknown columns {unknown}, lacks {missing}, or has a column twice")
    return found


def read_rows(rows: Iterable[Mapping[str, str]]) -> Registry:
    """Check rows and put them together; a wrong row is noted and the others are checked on."""
    registry = Registry()
    for number, row in enumerate(rows, 2):
        registry.rows += 1
        try:
            _take(registry, number, row)
        except Refused as refused:
            registry.faults[number] = _told(refused)
    for parts in registry.parts.values():
        for part in parts.values():
            _check_part(registry, part)
    return registry


def _take(registry: Registry, number: int, row: Mapping[str, str]) -> None:
    key = CompoundKey(demanded(row["region_code"], "region_code", 20), demanded(row["compound"], "compound"))
    unit = clean(row.get("unit"), "unit", 100) or ""
    address = Address(demanded(row["building"], "building"), unit, demanded(row["room"], "room"))
    data = PartData(
        area_of(row["area"], "area"),
        _chosen(_BASES, row, "basis"),
        _chosen(_STATUSES, row, "status"),
        _chosen(_USES, row, "use"),
    )
    registry.kinds.setdefault(key, clean(row.get("kind"), "kind", 100) or "other")
    part = registry.parts[key].setdefault(address, ReadPart(data))
    part.rows.append(number)
    if part.data != data:
        raise Refused(PropertyProblem.HOUSEHOLD_EXISTS, "room", address=" ".join(address))
    if owner := _owner(row):
        part.owners.append(owner)


def _owner(row: Mapping[str, str]) -> OwnerData | None:
    name = clean(row.get("owner"), "owner", 100)
    if name is None:
        return None
    number = (row.get("number") or "").strip().upper() or None
    kind = OwnerKind.LEGAL if number and is_credit_code(number) else OwnerKind.NATURAL
    return OwnerData(
        name=name,
        kind=kind,
        number=number,
        phone=row.get("phone") or None,
        subject=row.get("subject") or None,
        share=(row.get("share") or "").strip() or "1/1",
        is_agent=(row.get("agent") or "").strip().lower() in _YES,
    )


def _chosen(choices: Mapping[str, T], row: Mapping[str, str], column: str) -> T:
    found = choices.get((row.get(column) or "").strip())
    if found is None:
        raise Refused(CommonProblem.REQUIRED, column, field=column)
    return found


def _check_part(registry: Registry, part: ReadPart) -> None:
    if any(number in registry.faults for number in part.rows):
        return
    try:
        part.owners = check_owners(part.data.status, part.owners)
    except Refused as refused:
        registry.faults |= dict.fromkeys(part.rows, _told(refused))


def _told(refused: Refused) -> str:
    where = ".".join(refused.path)
    message = refused.problem.text("zh-CN", **refused.values)
    return f"{where}: {message} ({refused.problem.code})"
