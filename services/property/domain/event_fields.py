"""The members of property's events: each meaning is written once and read in every schema, page and example."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from chassis.events.fields import told
from services.property.domain.committee_rules import Form
from services.property.domain.seats import Departure, Ending

_COMPOUND = "01981a2b-7c3d-7e4f-8a5b-000000000021"
_PART = "01981a2b-7c3d-7e4f-8a5b-000000000022"
_COMMUNITY = "01981a2b-7c3d-7e4f-8a5b-000000000001"

CompoundId = Annotated[UUID, told("the compound (小区)", _COMPOUND)]
CompoundName = Annotated[str, told("its name", "云和苑")]
CompoundKind = Annotated[str, told("code of its type in the practice", "commercial_housing")]
Care = Annotated[str, told("how it is cared for: `company`, `self_managed`, `community` … or `none`", "company")]
RegisteredOn = Annotated[date | None, told("day of its registration", "2022-03-01")]
Latitude = Annotated[float | None, told("where it lies, in degrees north; null while it is not known", 36.96)]
Longitude = Annotated[float | None, told("where it lies, in degrees east; null while it is not known", 118.1)]
RegionId = Annotated[UUID, told("the region it lies in; stays when its code changes", _COMMUNITY)]
RegionCode = Annotated[str, told("code of that region, 4 to 20 digits", "370321001002")]
Households = Annotated[int, told("how many exclusive parts (专有部分) its register has now", 1200)]
Area = Annotated[int, told("their exclusive area together, in 0.01 m²", 10_740_000)]
PartId = Annotated[UUID, told("the exclusive part; who owns it is in the graph, for those who may see it", _PART)]
On = Annotated[date, told("first day of the new owners", "2026-03-01")]

CompanyId = Annotated[UUID, told("the property company (物业服务企业)", "01981a2b-7c3d-7e4f-8a5b-000000000024")]
CompanyName = Annotated[str, told("its registered name", "云和物业服务有限公司")]
CreditCode = Annotated[str, told("its 统一社会信用代码 (GB 32100)", "91370321MA1000000T")]
HasBranch = Annotated[bool, told("whether its staff have a Party branch", True)]  # noqa: FBT003 (an example)

VoteId = Annotated[UUID, told("the vote", "01981a2b-7c3d-7e4f-8a5b-000000000023")]
VoteTitle = Annotated[str, told("what it is about, as announced to all owners", "选聘物业服务企业")]
Matters = Annotated[tuple[int, ...], told("the matters by their item in article 278 of the Civil Code", [4])]
Secret = Annotated[bool, told("whether nobody is shown how anybody votes", False)]  # noqa: FBT003 (an example)
Round = Annotated[int, told("which round, from 1", 1)]
OpensAt = Annotated[datetime, told("when it opens, with offset", "2026-03-16T09:00:00+08:00")]
ClosesAt = Annotated[datetime, told("when it closes, with offset", "2026-03-30T17:00:00+08:00")]
TotalArea = Annotated[int, told("exclusive area of the frozen register, in 0.01 m²", 10_740_000)]
TotalHeads = Annotated[int, told("owners of the frozen register", 1200)]
PartArea = Annotated[int, told("exclusive area of those who took part, in 0.01 m²", 7_800_000)]
PartHeads = Annotated[int, told("owners who took part", 870)]
Passed = Annotated[tuple[bool, ...], told("for each matter in its order, whether it passed", [True])]
Agrees = Annotated[bool, told("whether the independent recount found the same; a result stands only then", True)]  # noqa: FBT003

CommitteeId = Annotated[UUID, told("the committee (业主委员会)", "01981a2b-7c3d-7e4f-8a5b-000000000025")]
CommitteeForm = Annotated[Form, told("what acts for the owners", "owners_committee")]
Seats = Annotated[int, told("how many seats it has", 7)]
Members = Annotated[int, told("how many members it has now", 7)]
TermTo = Annotated[date, told("first day after its term", "2031-03-31")]
IsOver = Annotated[bool, told("whether the term is over; otherwise it ends soon", False)]  # noqa: FBT003
Departments = Annotated[tuple[str, ...], told("codes of the departments that answer", ["subdistrict", "community"])]
Candidates = Annotated[int, told("how many candidates they look at", 9)]
DueAt = Annotated[datetime, told("until when they answer, with offset", "2026-03-08T17:00:00+08:00")]
Elected = Annotated[int, told("how many were elected", 4)]
Least = Annotated[int, told("how many would have been needed", 5)]
FiledOn = Annotated[date, told("day of the filing (备案)", "2026-04-20")]
InTime = Annotated[bool, told("whether that was within the rule's days", True)]  # noqa: FBT003
WhyLeft = Annotated[Departure, told("why", "resigned")]
WhyEnded = Annotated[Ending, told("why", "succeeded")]
MustElect = Annotated[bool, told("whether so many seats are empty that a by-election must be held", False)]  # noqa: FBT003
HandedOverOn = Annotated[date, told("day of the hand-over", "2026-04-08")]
MatterId = Annotated[UUID, told("the major matter (重大事项)", "01981a2b-7c3d-7e4f-8a5b-000000000026")]
MatterTitle = Annotated[str, told("what it is about", "公共收益使用方案")]
TicketId = Annotated[UUID | None, told("the deliberated ticket that brought the matter here; null: none", None)]
