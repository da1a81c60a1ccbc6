"""Rows of owners: encrypted, and found again by a keyed digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.ids import new_id
from services.property.domain.register import OwnerData, share_of
from services.property.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession


def identity_index(cipher: DataCipher, compound_id: UUID, owner: OwnerData) -> bytes:
    """Return the digest by which the same owner is known again, in this compound only."""
    return cipher.blind_index(f"owner {compound_id} {owner.identity}")


def owner_row(
    cipher: DataCipher, compound_id: UUID, region_code: str, owner: OwnerData, index: bytes
) -> dict[str, Any]:
    """Return the row of an owner in checked form; `index` is their `identity_index`."""
    return {
        "id": new_id(),
        "compound_id": compound_id,
        "region_code": region_code,
        "kind": owner.kind.value,
        "name": cipher.encrypt(owner.name),
        "number": cipher.encrypt(owner.number) if owner.number else None,
        "phone": cipher.encrypt(owner.phone) if owner.phone else None,
        "identity_index": index,
        "subject": owner.subject,
    }


def ownership_row(part: dict[str, Any], owner_id: UUID, owner: OwnerData, since: date) -> dict[str, Any]:
    """Return the row that says that an owner owns a share of a part from a day on."""
    share = share_of(owner.share)
    return {
        "id": new_id(),
        "part_id": part["id"],
        "owner_id": owner_id,
        "compound_id": part["compound_id"],
        "region_code": part["region_code"],
        "numerator": share.numerator,
        "denominator": share.denominator,
        "is_agent": owner.is_agent,
        "valid_from": since,
    }


async def owner_id_of(
    session: WriteSession, cipher: DataCipher, compound_id: UUID, region_code: str, owner: OwnerData
) -> UUID:
    """Return the id of an owner of the compound, who is stored when new and given a new telephone or subject."""
    row = owner_row(cipher, compound_id, region_code, owner, identity_index(cipher, compound_id, owner))
    statement = upsert(t.owner).values(row)
    # A subject or telephone that is not given does not take away the one that is there.
    kept = {name: statement.excluded[name] if row[name] else t.owner.c[name] for name in ("phone", "subject")}
    found: UUID = await session.scalar(
        statement.on_conflict_do_update(index_elements=["compound_id", "identity_index"], set_=kept).returning(
            t.owner.c.id
        )
    )
    return found
