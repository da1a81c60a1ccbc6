"""What is past its last day ends by itself, whatever becomes of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.org.commands import expiry

if TYPE_CHECKING:
    from datetime import date

    from chassis.database import Database
    from tests.org.conftest import Org


async def test_all_that_is_overdue_ends_though_one_sweep_fails(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    await org.look("UPDATE recommendation SET expires_on = '2026-01-01'")
    await org.look("UPDATE duty_filing SET state = 'FILED', expires_on = '2026-01-01'")
    await org.look("UPDATE special_need SET kept_until = '2026-01-01'")

    async def failing(database: Database, day: date) -> int:
        raise LookupError(database, day)

    monkeypatch.setattr(expiry, "SWEEPS", (failing, *expiry.SWEEPS))
    with pytest.raises(ExceptionGroup):
        await expiry.keep_expiry(org.runtime)
    assert set(await org.look("SELECT state FROM recommendation UNION SELECT state FROM duty_filing")) == {("EXPIRED",)}
    assert await org.look("SELECT 1 FROM special_need WHERE details IS NOT NULL") == []
    by = "SELECT DISTINCT actor, operation FROM audit WHERE actor LIKE 'system:%' AND operation NOT LIKE 'import%'"
    assert set(await org.look(by)) >= {
        ("system:expiry", "expireRecommendation"),
        ("system:expiry", "expireDutyFiling"),
        ("system:retention", "eraseSpecialNeed"),
    }
