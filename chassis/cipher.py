"""Personal data at rest: authenticated encryption with keys that can be rotated (Fernet, AES-128-CBC + HMAC)."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, MultiFernet

from chassis.settings import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


class DataCipher:
    """Encrypts identifying fields; the first key encrypts, all keys decrypt."""

    def __init__(self, keys: list[str]) -> None:
        """Take urlsafe-base64 keys of 32 bytes. Raises ValueError when one is not."""
        if not keys:
            raise ValueError("at least one key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        # The index key must not change on rotation, or equal values would no longer be found: it is of the oldest key.
        self._index_key = hashlib.sha256(b"linli blind index" + urlsafe_b64decode(keys[-1])).digest()

    @classmethod
    def from_file(cls, path: Path) -> DataCipher:
        """Read keys from a file, one a line. Raises SettingsError when it is missing or malformed."""
        try:
            return cls(path.read_text(encoding="ascii").split())
        except (OSError, ValueError) as error:
            raise SettingsError(f"the data key file {path} cannot be used: {error}") from error

    def encrypt(self, value: str) -> bytes:
        """Return the ciphertext of `value`."""
        return self._fernet.encrypt(value.encode())

    def decrypt(self, token: bytes) -> str:
        """Return the text; raises cryptography's InvalidToken when it was altered or the key is gone."""
        return self._fernet.decrypt(token).decode()

    def blind_index(self, value: str) -> bytes:
        """Return a keyed digest by which equal values are found without decrypting any."""
        return hmac.digest(self._index_key, value.encode(), "sha256")
