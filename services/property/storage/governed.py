"""Which tables are governed by region; importing this makes the metadata whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.property.storage import tables as t
from services.property.storage.care_tables import CARE_TABLES, ticket_told
from services.property.storage.committee_tables import COMMITTEE_TABLES
from services.property.storage.company_tables import COMPANY_TABLES, SERVICE_TABLES
from services.property.storage.system_tables import SYSTEM_TABLES
from services.property.storage.vote_tables import VOTE_TABLES

if TYPE_CHECKING:
    from sqlalchemy import Table

OF_A_COMPOUND: list[Table] = [
    t.part,
    t.owner,
    t.ownership,
    t.occupant,
    *VOTE_TABLES,
    *COMMITTEE_TABLES,
    *SERVICE_TABLES,
    *CARE_TABLES,
    *SYSTEM_TABLES,
]
"""Tables whose rows belong to a compound and carry its region code."""

GOVERNED: list[Table] = [t.compound, t.company, ticket_told, *COMPANY_TABLES, *OF_A_COMPOUND]
"""Tables under row-level security, by region."""

metadata = t.metadata
