"""A person's rights over their data: who looked at it, and a copy of everything (个人信息保护法 article 45)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.errors import NotFound
from chassis.texts import demanded
from services.credit.commands.actors import require_duty
from services.credit.commands.post import open_account
from services.credit.domain.content import LONGEST_WORD
from services.credit.storage.rights import LOOKED

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.storage.catalogues import Catalogues


class RevealHolder(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: whose an account is, for a purpose that is recorded and that the holder sees."""

    account_id: UUID
    purpose: str


async def reveal_holder(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: RevealHolder) -> UUID:
    """Record who looks, as what and why; what is shown is read after this has committed. Return the account's id."""
    row = await open_account(session, asked.account_id)
    if row is None:
        raise NotFound(what="credit account")
    catalogue = await catalogues.latest(session, row["book_id"])
    title = await require_duty(session, permit, catalogue.titles(), row["region_code"])
    purpose = demanded(asked.purpose, "purpose", LONGEST_WORD)
    session.changed(LOOKED, asked.account_id, row["region_code"], purpose=purpose, title=title)
    return asked.account_id
