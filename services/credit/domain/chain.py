"""The chain of a book: each hash covers a posting and the hash before it, so that no change goes unseen.

What is slipped in, taken out, changed or moved changes every later hash. A stranger can follow it with an export and
SHA-256 (docs/credit.md has a script).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


def genesis(book_id: UUID) -> bytes:
    """Return the hash before the first posting of a book."""
    return hashlib.sha256(f"linli credit book {book_id}".encode()).digest()


def moment(at: datetime) -> str:
    """Return an instant as it is hashed: UTC, microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content(posting: Mapping[Any, Any], entries: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """Return what is hashed of a posting, as JSON values; `entries` are in the order of their lines."""
    return {
        "id": str(posting["id"]),
        "book": str(posting["book_id"]),
        "account": str(posting["account_id"]),
        "kind": posting["kind"],
        "at": moment(posting["at"]),
        "item": posting["item"],
        "catalogue": posting["catalogue_version"],
        "evidence": posting["evidence"].hex() if posting["evidence"] is not None else None,
        "recordedBy": posting["recorded_by"],
        "approvedBy": posting["approved_by"],
        "reverses": str(posting["reverses"]) if posting["reverses"] else None,
        "cause": posting["cause"],
        "entries": [
            [
                str(entry["account_id"]),
                entry["component"],
                entry["amount"],
                str(entry["lot_id"]) if entry["lot_id"] else None,
            ]
            for entry in entries
        ],
    }


def link(previous: bytes, number: int, said: Mapping[Any, Any]) -> bytes:
    """Return the hash of the `number`-th posting of a book (from 1) with this content, after `previous`."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous.hex()}\n{number}\n{text}".encode()).digest()
