"""A gateway that serves subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gateway.subscriptions.subscription_kit import Served, gateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with gateway() as running:
        yield running
