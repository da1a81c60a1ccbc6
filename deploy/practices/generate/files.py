"""The files of the demonstration: a small grey picture stands for every photograph and paper."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING

from services.tickets.domain.content import Attachment

if TYPE_CHECKING:
    from uuid import UUID

_WIDTH, _HEIGHT, _GREY = 160, 120, 0xB0
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _picture() -> bytes:
    """Return a PNG of one grey: 8 bits, greyscale, every line without a filter."""
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    lines = (b"\0" + bytes([_GREY]) * _WIDTH) * _HEIGHT
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


PICTURE = _picture()
"""The bytes that lie in the store."""


def photograph(ticket: UUID) -> Attachment:
    """Return the file of a ticket: each has its own, as it goes when the ticket's personal data is erased."""
    return Attachment(
        name="示范照片.png",
        media_type="image/png",
        size=len(PICTURE),
        sha256=sha256(PICTURE).hexdigest(),
        key=f"demonstration/{ticket}.png",
    )
