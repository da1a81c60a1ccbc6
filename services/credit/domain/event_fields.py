"""The members of credit's events: each meaning is written once and read in every schema, page and example."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.events.fields import told
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import Kind

_ACCOUNT = "01981a2b-7c3d-7e4f-8a5b-000000000021"
_POSTING = "01981a2b-7c3d-7e4f-8a5b-000000000022"
_SELECTION = "01981a2b-7c3d-7e4f-8a5b-000000000023"
_GRID = "01981a2b-7c3d-7e4f-8a5b-000000000012"

AccountId = Annotated[UUID, told("the account; says nothing of whose it is", _ACCOUNT)]
GroupCode = Annotated[str, told("code of the group in the catalogue", "resident")]
NatureOf = Annotated[Nature, told("what the subject is: a natural person, a legal person, another body", "natural")]
RegionId = Annotated[UUID, told("the region it belongs to; stays when its code changes", _GRID)]
RegionCode = Annotated[str, told("code of that region, 4 to 20 digits", "370321001001001")]
PostingId = Annotated[UUID, told("the posting", _POSTING)]
PostingKind = Annotated[Kind, told("what was done: earned, held, redeemed, reversed and so on", "earn")]
Item = Annotated[str | None, told("code of the item in the catalogue; null for what follows from no item", "volunteer")]
CatalogueVersion = Annotated[int | None, told("version of the catalogue it was made under", 1)]
Points = Annotated[int, told("how many points it moved", 10)]
Available = Annotated[int, told("points that can be spent after it", 40)]
Held = Annotated[int, told("points set aside after it", 0)]
Deducted = Annotated[int, told("points counted against a body after it, zero or below; zero for people", 0)]
SelectionId = Annotated[UUID, told("the selection", _SELECTION)]
Honour = Annotated[str, told("code of the honour in the catalogue", "model_building")]
Chosen = Annotated[int, told("how many were chosen", 3)]
HeldIn = Annotated[UUID, told("the region in which it was held", _GRID)]
Reverses = Annotated[UUID | None, told("the posting that it takes back; null for others", None)]
