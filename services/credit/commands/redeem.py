"""Redeem points: set aside for an offer, spent when the merchant is shown the voucher, or given back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from services.credit.commands.actors import now, require_duty
from services.credit.commands.post import locked, post
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import Component, NewLot, hold, redeem, refund, release
from services.credit.domain.market import later_expiry, tier_of
from services.credit.domain.periods import local_day
from services.credit.domain.problems import CreditProblem
from services.credit.storage import market
from services.credit.storage.ledger import Said, posted, with_lots
from services.credit.storage.market_reads import is_settled
from services.credit.storage.reads import account_of_subject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.domain.catalogue import Catalogue
    from services.credit.domain.ledger import Account, Entry, Posting
    from services.credit.storage.catalogues import Catalogues

VALID_DAYS = 30
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters that are not mistaken for each other when read out."""
_CODE_LENGTH = 12
STANDING_DAYS = 365


class Redeem(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: one of an offer, for the caller's own account or for a body's."""

    offer_id: UUID
    account_id: UUID | None = None


async def redeem_offer(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Redeem) -> UUID:
    """Set points aside for an offer and return the redemption's id. The account is locked first, then the offer."""
    row = await _account(session, permit, catalogues, asked.account_id)
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    offer = await market.offer_of(session, asked.offer_id)
    if offer is None or offer["book_id"] != row["book_id"]:
        raise Refused(CreditProblem.UNKNOWN_OFFER, "offerId")
    at = now()
    await _check_tier(session, row, catalogue, offer["scenario"], at)
    account = await with_lots(session, row)
    posting = hold(account, offer["points"], local_day(at))
    if not await market.take_one(session, offer["id"]):
        raise Refused(CreditProblem.SOLD_OUT, "offerId")
    if not await market.commit_fund(session, row["book_id"], local_day(at).year, offer["price_fen"]):
        raise Refused(CreditProblem.FUND_EXHAUSTED, "offerId")
    said = Said(at=at, recorded_by="holder", item=offer["scenario"], catalogue_version=catalogue.version)
    hold_id = await post(session, row, account, posting, said)
    id_, code = new_id(), new_code()
    await market.put(
        session,
        {
            "id": id_,
            "account_id": account.id,
            "offer_id": offer["id"],
            "merchant_id": offer["merchant_id"],
            "points": offer["points"],
            "price_fen": offer["price_fen"],
            "state": market.HELD,
            "at": at,
            "valid_until": at + timedelta(days=VALID_DAYS),
            "hold_id": hold_id,
            "code": permit.context.cipher.encrypt(code),
            "code_digest": code_digest(permit.context.cipher, code),
        },
    )
    session.changed("redemption", id_, row["region_code"], offer=offer["id"], points=offer["points"], code=None)
    return id_


async def _account(
    session: WriteSession, permit: Permit, catalogues: Catalogues, account_id: UUID | None
) -> RowMapping:
    """Lock the caller's own account, or a body's for who registers bodies."""
    own = await account_of_subject(session, str(permit.caller.subject))
    wanted = account_id or own
    if wanted is None:
        raise NotFound(what="credit account")
    row = await locked(session, wanted)
    if row["id"] == own:
        permit.decided()
    elif row["nature"] == Nature.NATURAL:
        raise NotFound(what="credit account")
    else:
        catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
        await require_duty(session, permit, catalogue.registrars, row["region_code"])
    return row


async def _check_tier(session: WriteSession, row: RowMapping, catalogue: Catalogue, code: str, at: datetime) -> None:
    scenario = catalogue.scenario(code)
    if scenario is None or not scenario.is_for(row["group_code"]):
        raise Refused(CreditProblem.UNKNOWN_OFFER, "offerId")
    if scenario.tier is None:
        return
    standing = await market.standing(session, row["id"], at - timedelta(days=STANDING_DAYS))
    reached = tier_of(catalogue.tiers, standing)
    wanted = next(tier for tier in catalogue.tiers if tier.code == scenario.tier)
    if reached is None or reached.standing < wanted.standing:
        raise Refused(CreditProblem.TIER_TOO_LOW, "offerId", tier=wanted.code, standing=wanted.standing)


def new_code() -> str:
    """Return a voucher's code, which nobody can guess: 31 to the power of 12."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def code_digest(cipher: DataCipher, code: str) -> bytes:
    """Return the digest by which a voucher's code is known."""
    return cipher.blind_index(f"voucher {code.strip().upper()}")


async def use_voucher(session: WriteSession, permit: Permit, code: str) -> UUID:
    """Spend what a voucher stands for: its merchant's keeper was shown the code. Return the redemption's id."""
    keeper = str(permit.caller.subject)
    found = await market.by_code(session, code_digest(permit.context.cipher, code), keeper)
    permit.decided()
    if found is None:
        raise Refused(CreditProblem.UNKNOWN_VOUCHER, "code")
    row, current = await _current(session, found)
    if current["state"] != market.HELD:
        raise Refused(CreditProblem.VOUCHER_USED, "code")
    at = now()
    if current["valid_until"] <= at:
        raise Refused(CreditProblem.VOUCHER_LAPSED, "code")
    account = await with_lots(session, row)
    held = await _entries(session, current["hold_id"])
    await _end(session, row, account, redeem(account, held), current, market.REDEEMED, at, keeper)
    id_: UUID = found["id"]
    return id_


async def cancel_redemption(session: WriteSession, permit: Permit, id_: UUID) -> UUID:
    """Give back what the caller's own account has set aside; return the redemption's id."""
    found = await market.by_id(session, id_)
    own = await account_of_subject(session, str(permit.caller.subject))
    if found is None or found["account_id"] != own:
        raise NotFound(what="redemption")
    permit.decided()
    await give_up(session, found, market.CANCELLED, now(), "holder")
    return id_


async def give_up(session: WriteSession, found: RowMapping, state: str, at: datetime, by: str) -> None:
    """Release what a redemption has set aside, and its stock and promise. Raises Refused when it has ended."""
    row, current = await _current(session, found)
    if current["state"] != market.HELD:
        raise Refused(CreditProblem.VOUCHER_USED, "id")
    account = await with_lots(session, row)
    held = await _entries(session, current["hold_id"])
    await _end(session, row, account, release(account, held), current, state, at, by)
    await market.give_back(session, current, row["book_id"], local_day(current["at"]).year)


async def refund_redemption(session: WriteSession, permit: Permit, id_: UUID) -> UUID:
    """Give back what was spent at the caller's merchant, until its month is settled; return the redemption's id.

    The points come back in new lots that expire as the old ones, but not before the end of the next month.
    """
    keeper = str(permit.caller.subject)
    found = await market.by_keeper(session, id_, keeper)
    if found is None:
        raise NotFound(what="redemption")
    permit.decided()
    row, current = await _current(session, found)
    if current["state"] != market.REDEEMED:
        raise Refused(CreditProblem.NOT_REDEEMED, "id")
    if await is_settled(session, current["merchant_id"], current["ended_at"]):
        raise Refused(CreditProblem.SETTLED_ALREADY, "id")
    at = now()
    account = await with_lots(session, row)
    spent = await _entries(session, current["posting_id"])
    taken = [entry.lot_id for entry in spent if entry.component is Component.HELD and entry.lot_id]
    expiries = await market.lot_expiries(session, taken)
    lots = [NewLot(new_id(), account.id, later_expiry(expiries[lot], local_day(at))) for lot in taken]
    await _end(session, row, account, refund(account, spent, lots), current, market.REFUNDED, at, keeper)
    await market.give_back(session, current, row["book_id"], local_day(current["at"]).year)
    return id_


async def _current(session: WriteSession, found: RowMapping) -> tuple[RowMapping, RowMapping]:
    """Lock the account of a redemption, and read the redemption again: the lock decides between two at once."""
    row = await locked(session, found["account_id"])
    current = await market.by_id(session, found["id"])
    if current is None:
        raise NotFound(what="redemption")
    return row, current


async def _entries(session: WriteSession, posting_id: UUID) -> Sequence[Entry]:
    found = await posted(session, posting_id)
    return found[1] if found else ()


async def _end(
    session: WriteSession,
    row: RowMapping,
    account: Account,
    posting: Posting,
    current: RowMapping,
    state: str,
    at: datetime,
    by: str,
) -> None:
    said = Said(at=at, recorded_by=by)
    posting_id = await post(session, row, account, posting, said)
    if posting_id is None:
        raise AssertionError("a posting without cause or evidence is always written")
    await market.end(session, current["id"], state, posting_id, at, by)
    session.changed("redemption", current["id"], row["region_code"], state=state)
