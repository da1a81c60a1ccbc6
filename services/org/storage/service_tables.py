"""The tables of items of service and of authorised matters."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.org.storage.columns import CODE, STAMP, metadata, register


def _department() -> Column[object]:
    return Column(
        "department_id", Uuid, ForeignKey("organisation.id"), nullable=True, comment="which department handed it down"
    )


service_item = register(
    "service_item",
    Column("title", Text, nullable=False),
    _department(),
    Column("ways", ARRAY(Text), nullable=False, comment="ONLINE, SUBDISTRICT, COMMUNITY, STATION"),
    Column(
        "station_kinds", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="at stations of which kinds"
    ),
    Column("function", Text, nullable=True, comment="under which function of the station"),
    Column("guide", Text, nullable=True, comment="what to bring, and how it goes"),
    Index("ix_service_item_department_id", "department_id"),
    comment="items of service, and by which ways they are handled (就近办理事项)",
)

authorised_matter = register(
    "authorised_matter",
    Column("title", Text, nullable=False),
    _department(),
    Column("trained_on", Date, nullable=True),
    Column("trained_people", Integer, nullable=False, server_default=text("0")),
    Column("reason", Text, nullable=True, comment="why it was taken back"),
    CheckConstraint("(trained_on IS NULL) = (trained_people = 0)", name="trained"),
    Index("ix_authorised_matter_department_id", "department_id"),
    comment="matters that departments handed to subdistricts (赋权事项)",
)

matter_review = Table(
    "matter_review",
    metadata,
    Column("matter_id", Uuid, ForeignKey("authorised_matter.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, comment="1 for the first review of the matter"),
    Column("region_code", CODE, nullable=False, comment=STAMP),
    Column("on_day", Date, nullable=False),
    Column("verdict", Text, nullable=False, comment="WORKS, PARTLY or FAILS"),
    Column("remark", Text, nullable=True),
    Index("ix_matter_review_region_code", "region_code"),
    comment="how authorised matters were found to work, by date",
)

GOVERNED = (service_item, authorised_matter, matter_review)
"""What is under row-level security."""
