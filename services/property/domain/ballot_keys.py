"""Where a ballot is kept and by which keys it is sealed: derived from the service's data key, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.property.domain.ballots import Keys

if TYPE_CHECKING:
    from uuid import UUID


class Digests(Protocol):
    """What keeps the data key and makes keyed digests (HMAC-SHA-256) with it."""

    def blind_index(self, value: str) -> bytes:
        """Return the keyed digest of a text."""


def keys_of(digests: Digests, vote_id: UUID) -> Keys:
    """Return the keys of a vote."""
    return Keys(digests.blind_index(f"ballot seal {vote_id}"), digests.blind_index(f"ballot mac {vote_id}"))


def ballot_key(digests: Digests, vote_id: UUID, elector_id: UUID) -> bytes:
    """Return where an elector's ballot is kept: without the data key nobody can tell whose it is."""
    return digests.blind_index(f"ballot {vote_id} {elector_id}")
