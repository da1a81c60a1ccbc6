"""No test begins just before midnight in China, so that the days it reckons with stay the same while it runs.

What a test module fixes when it is read would be wrong on the next day: `deploy/checks/structure.py` finds that.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
LONG_ENOUGH = timedelta(seconds=30)
"""Longer than a test takes that reckons with the present day."""


def time_to_wait(now: datetime) -> timedelta:
    """Return how long a test that would begin at `now` has to wait for the new day: hardly ever at all."""
    here = now.astimezone(ZONE)
    midnight = datetime.combine(here.date() + timedelta(days=1), time.min, ZONE)
    left = midnight - here
    return left if left < LONG_ENOUGH else timedelta()
