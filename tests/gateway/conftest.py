from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.gateway.gateway_kit import EXECUTORS, executor

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=EXECUTORS)
def each_executor(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test with the interpretive executor and with the compiled one."""
    token = executor.set(request.param)
    with capture_logs() as logged:
        yield request.param
    executor.reset(token)
    assert [each for each in logged if each["event"] == "a compiled plan failed"] == []
