"""What a file is by its first bytes, whatever its name says; by puremagic's table of signatures."""

from __future__ import annotations

import codecs

import puremagic

HEAD = 8192
"""How many bytes are looked at."""

_LAYOUT = frozenset("\t\n\r\f")


def types_of(head: bytes) -> frozenset[str]:
    """Return the media types of which a file that begins so can be; several formats may share a beginning."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return frozenset()
    return frozenset(one.mime_type for one in found if one.mime_type)


def is_text(head: bytes) -> bool:
    """Tell whether a file begins as plain text, in UTF-8 or GB 18030."""
    return any(_reads_as(head, encoding) for encoding in ("utf-8", "gb18030"))


def _reads_as(head: bytes, encoding: str) -> bool:
    try:
        # A character may be cut in two at the end of what is looked at.
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in _LAYOUT or char == "\ufeff" or ord(char) > 0x9F for char in text)  # noqa: PLR2004
