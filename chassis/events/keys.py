"""NATS users are known by nkeys (Ed25519): the server has the public key, the user's seed is in a file of its own."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING

import nkeys

from chassis.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SEED_BYTES = 32
_PUBLIC_BYTES = 35
_SUFFIX = ".nk"
_PUBLIC = ".pub"


def new_seed() -> bytes:
    """Return the seed of a new user."""
    seed: bytes = nkeys.encode_seed(secrets.token_bytes(_SEED_BYTES), nkeys.PREFIX_BYTE_USER)
    return seed


def create_keys(directory: Path, names: Sequence[str]) -> dict[str, Path]:
    """Make a seed file for each name that has none, readable by its owner only; return the files by name."""
    files = {name: directory / f"{name}{_SUFFIX}" for name in names}
    for file in files.values():
        if not file.exists():
            write_private(file, new_seed() + b"\n")
    return files


def public_key(seed_file: Path) -> str:
    """Return the public key that belongs to the seed in a file."""
    return public_key_of(seed_file.read_bytes())


def public_key_of(seed: bytes) -> str:
    """Return the public key that belongs to a seed."""
    public: bytes = nkeys.from_seed(bytearray(seed.strip())).public_key
    return public.decode()


def accepted_keys(directory: Path, name: str) -> tuple[str, ...]:
    """Return the public keys by which a user is known: those listed in `<name>.pub`, else that of its seed file.

    Raises FileNotFoundError when there is neither.
    """
    listed = directory / f"{name}{_PUBLIC}"
    if listed.exists():
        return tuple(listed.read_text(encoding="ascii").split())
    return (public_key(directory / f"{name}{_SUFFIX}"),)


def accept_keys(directory: Path, name: str, keys: Sequence[str]) -> None:
    """List the public keys by which a user is known from now on. Raises ValueError for what is no user's public key."""
    for key in keys:
        if not key.startswith("U") or not _is_public_key(key):
            raise ValueError(f"{key!r} is not the public key of a user")
    write_private(directory / f"{name}{_PUBLIC}", "".join(f"{key}\n" for key in keys).encode())


def _is_public_key(key: str) -> bool:
    """Tell whether a text is 1 byte of kind, 32 of key and 2 of checksum in base32, as nkeys are written."""
    try:
        raw = base64.b32decode(key)
    except ValueError:
        return False
    return len(raw) == _PUBLIC_BYTES and binascii.crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little")


def inbox_prefix(key: str) -> str:
    """Return where the user of a public key gets its answers; no other user may subscribe there."""
    return f"_INBOX.{key}"
