"""The members of property's events: each meaning is written once and read in every schema, page and example."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.events.fields import told

_COMPOUND = "01981a2b-7c3d-7e4f-8a5b-000000000021"
_PART = "01981a2b-7c3d-7e4f-8a5b-000000000022"
_COMMUNITY = "01981a2b-7c3d-7e4f-8a5b-000000000001"

CompoundId = Annotated[UUID, told("the compound (小区)", _COMPOUND)]
CompoundName = Annotated[str, told("its name", "云和苑")]
CompoundKind = Annotated[str, told("code of its type in the practice", "commercial_housing")]
Care = Annotated[str, told("how it is cared for: `company`, `self_managed`, `community` … or `none`", "company")]
RegionId = Annotated[UUID, told("the region it lies in; stays when its code changes", _COMMUNITY)]
RegionCode = Annotated[str, told("code of that region, 4 to 20 digits", "370321001002")]
Households = Annotated[int, told("how many exclusive parts (专有部分) its register has now", 1200)]
Area = Annotated[int, told("their exclusive area together, in 0.01 m²", 10_740_000)]
PartId = Annotated[UUID, told("the exclusive part; who owns it is in the graph, for those who may see it", _PART)]
On = Annotated[date, told("first day of the new owners", "2026-03-01")]
