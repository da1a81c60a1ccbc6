"""A store that cannot be reached is told as such by whatever is asked of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from chassis.objects.folder import FolderStore, LinkKey
from chassis.objects.s3 import S3Settings, S3Store
from chassis.objects.store import StoreAway

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chassis.objects.store import ObjectStore


def folder(path: Path) -> ObjectStore:
    """One whose folder is none."""
    root = path / "files"
    root.write_bytes(b"")
    return FolderStore(root, "http://127.0.0.1:1", LinkKey(b"k" * 32))


def bucket(_path: Path) -> ObjectStore:
    """One where nobody listens."""
    return S3Store(
        S3Settings(
            bucket="b", region="r", endpoint="http://127.0.0.1:1", public_endpoint=None, path_style=True,
            access_key="a", secret_key="s",
        )
    )  # fmt: skip


@pytest.mark.parametrize("make", [folder, bucket])
async def test_every_question_is_refused(tmp_path: Path, make: Callable[[Path], ObjectStore]) -> None:
    store = make(tmp_path)
    for question in (
        store.stat("a"),
        anext(aiter(store.read("a"))),
        store.move("a", "b"),
        store.delete("a"),
        store.older_than("a", datetime.now(UTC), 1),
    ):
        with pytest.raises(StoreAway):
            await question
    await store.close()
