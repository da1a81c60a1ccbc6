"""Ballots: choices in a fixed form, sealed so that nobody who reads the database learns them; and their count.

A ballot is 16 octets: the elector's area (8, big-endian) and the choices (8: two bits for each of up to 32 items).
Sealed it is AES-256 in counter mode under a random nonce of its own, one block a ballot, with HMAC-SHA-256 over all
of it (encrypt-then-MAC; NIST SP 800-38A, RFC 2104). The keys are the vote's own, derived from the service's data key,
which is not in the database. One block a ballot lets a hundred thousand be opened by one call.
"""

from __future__ import annotations

import hashlib
import hmac
import sys
from array import array
from collections import Counter
from enum import IntEnum
from os import urandom
from typing import TYPE_CHECKING, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from services.property.domain.voting import Weight

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ITEMS = 32
BLOCK = 16
_BITS = 2
_MASK = 3


class Choice(IntEnum):
    """What an owner says to one item. Abstaining is taking part without agreeing."""

    YES = 1
    NO = 2
    ABSTAIN = 3


class Keys(NamedTuple):
    """The keys of one vote."""

    seal: bytes
    mac: bytes


class Sealed(NamedTuple):
    """A ballot as it is stored."""

    nonce: bytes
    body: bytes
    tag: bytes

    @property
    def receipt(self) -> str:
        """What the owner is given: it names this ballot and says nothing of what is in it."""
        return hashlib.sha256(b"receipt" + self.nonce + self.body).hexdigest()[:32]


class Count(NamedTuple):
    """All ballots of a vote together: who took part, and for each item how many chose what."""

    taking_part: Weight
    items: tuple[dict[Choice, Weight], ...]


class TamperedError(Exception):
    """A stored ballot is not as it was sealed."""


def _pad(keys: Keys, nonces: bytes) -> bytes:
    # Counter mode with one block a message: the pad is the encrypted nonce.
    encryptor = Cipher(algorithms.AES(keys.seal), modes.ECB()).encryptor()  # noqa: S305 (of nonces, see above)
    return encryptor.update(nonces) + encryptor.finalize()


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(len(left))


def _tag(keys: Keys, ballot_key: bytes, nonce: bytes, body: bytes) -> bytes:
    return hmac.digest(keys.mac, ballot_key + nonce + body, "sha256")


def seal(keys: Keys, ballot_key: bytes, area: int, choices: Sequence[Choice]) -> Sealed:
    """Seal a ballot; `ballot_key` is where it is kept, which the tag binds it to."""
    packed = sum(choice << (_BITS * at) for at, choice in enumerate(choices))
    nonce = urandom(BLOCK)
    body = _xor(area.to_bytes(8) + packed.to_bytes(8), _pad(keys, nonce))
    return Sealed(nonce, body, _tag(keys, ballot_key, nonce, body))


def unseal(keys: Keys, ballot_key: bytes, sealed: Sealed, items: int) -> tuple[int, tuple[Choice, ...]]:
    """Return area and choices of one ballot. Raises TamperedError."""
    if not hmac.compare_digest(sealed.tag, _tag(keys, ballot_key, sealed.nonce, sealed.body)):
        raise TamperedError
    plain = _xor(sealed.body, _pad(keys, sealed.nonce))
    packed = int.from_bytes(plain[8:])
    return int.from_bytes(plain[:8]), tuple(Choice(packed >> (_BITS * at) & _MASK) for at in range(items))


def tally(keys: Keys, nonces: bytes, bodies: bytes, items: int) -> Count:
    """Count all ballots of a vote at once: `nonces` and `bodies` are theirs, one after the other in the same order."""
    words = array("Q", _xor(bodies, _pad(keys, nonces)) if bodies else b"")
    if sys.byteorder == "little":
        words.byteswap()
    areas, packed = words[0::2], words[1::2]
    heads = Counter(packed)
    by_choices = dict.fromkeys(heads, 0)
    for area, choices in zip(areas, packed, strict=True):
        by_choices[choices] += area
    counted: tuple[dict[Choice, Weight], ...] = tuple(dict.fromkeys(Choice, Weight()) for _ in range(items))
    for choices, area in by_choices.items():
        for at, item in enumerate(counted):
            choice = Choice(choices >> (_BITS * at) & _MASK)
            item[choice] += Weight(area, heads[choices])
    return Count(Weight(sum(areas), len(areas)), counted)
