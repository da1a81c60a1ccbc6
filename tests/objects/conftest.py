from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest_asyncio

from tests.objects_kit import folder_files, s3_files

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.objects_kit import Files


@pytest_asyncio.fixture(scope="session", params=["folder", "s3"])
async def files(request: Any, tmp_path_factory: Any) -> AsyncIterator[Files]:
    """Each store in turn, with the real server behind it."""
    run = folder_files if request.param == "folder" else s3_files
    async with run(tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest_asyncio.fixture(scope="session")
async def folder(tmp_path_factory: Any) -> AsyncIterator[Files]:
    async with folder_files(tmp_path_factory.mktemp("folder")) as started:
        yield started
