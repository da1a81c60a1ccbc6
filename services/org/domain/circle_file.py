"""The record of an import file for service circles, and its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.circles import ServiceCircle, check_circle
from services.org.domain.record_base import RecordBase
from services.org.domain.word_file import check_word

if TYPE_CHECKING:
    from services.org.domain.practice_known import Known


class ServiceCircleRecord(RecordBase, frozen=True, tag="service_circle"):
    """A service circle: within how many minutes on foot there is to be a station of one of the kinds, or of any."""

    code: str
    name_zh: str
    name_en: str
    position: int
    minutes: int
    station_kinds: tuple[str, ...] = ()


def check_circle_word(known: Known, record: ServiceCircleRecord) -> bool:
    """Take a circle; one that is known is brought up to date. Raises Refused."""
    check_word(record)
    circle = ServiceCircle(record.code, record.minutes, record.station_kinds)
    check_circle(circle, {code for category, code in known.kinds if category == "station"})
    return True
