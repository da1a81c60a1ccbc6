"""NATS users are known by nkeys (Ed25519): the server has the public key, the user's seed is in a file of its own."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import nkeys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SEED_BYTES = 32
_SUFFIX = ".nk"


def create_keys(directory: Path, names: Sequence[str]) -> dict[str, Path]:
    """Make a seed file for each name that has none, readable by its owner only; return the files by name."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = {name: directory / f"{name}{_SUFFIX}" for name in names}
    for file in files.values():
        if not file.exists():
            _write_private(file, nkeys.encode_seed(secrets.token_bytes(_SEED_BYTES), nkeys.PREFIX_BYTE_USER) + b"\n")
    return files


def public_key(seed_file: Path) -> str:
    """Return the public key that belongs to the seed in a file."""
    public: bytes = nkeys.from_seed(bytearray(seed_file.read_bytes().strip())).public_key
    return public.decode()


def inbox_prefix(key: str) -> str:
    """Return where the user of a public key gets its answers; no other user may subscribe there."""
    return f"_INBOX.{key}"


def _write_private(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; it never exists with other rights than its owner's."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(content)
    unfinished.replace(file)
