"""Joining and leaving: both are a person's own choice. Bodies are registered by whom the catalogue names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, insert, or_, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from chassis.texts import clean
from services.credit.access import RESIDENT
from services.credit.commands.actors import now, require_duty
from services.credit.commands.post import locked, post
from services.credit.commands.publishing import of_account, publish
from services.credit.commands.redeem import give_up
from services.credit.domain.content import checked_credit_code, checked_name
from services.credit.domain.events import AccountClosed, AccountOpened
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import forfeit
from services.credit.domain.levels import is_region_code
from services.credit.domain.periods import local_day
from services.credit.domain.problems import CreditProblem
from services.credit.storage import tables as t
from services.credit.storage.applications import withdraw_all
from services.credit.storage.books import book_at
from services.credit.storage.ledger import Said, with_lots
from services.credit.storage.market import CANCELLED, held_of
from services.credit.storage.selections import withdraw_account

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.domain.groups import Group
    from services.credit.storage.catalogues import Catalogues

_LONGEST_HOUSEHOLD = 60


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks: to join a group where they live, having read the notice of that version."""

    group: str
    region_code: str
    name: str
    notice_version: int
    household: str | None = None
    shown: bool = False

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: nothing that could be guessed from a digest."""
        asked: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("name", "household"):
            asked[name] = cipher.blind_index(asked[name]) if asked[name] else None
        return asked


class RegisterBody(msgspec.Struct, frozen=True, kw_only=True):
    """What staff ask: an account for a legal person or other organisation."""

    group: str
    region_code: str
    credit_code: str
    name: str


async def join_credit(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Join) -> UUID:
    """Open the caller's own account and return its id."""
    region, book = await _place(session, permit, asked.region_code.strip())
    if not permit.caller.holds(RESIDENT, region["code"]):
        raise Forbidden(operation=permit.operation)
    permit.decided()
    catalogue = await catalogues.latest(session, book["id"])
    group = _group(catalogue.group(asked.group), asked.group, natural=True)
    if asked.notice_version != catalogue.notice.version:
        raise Refused(CreditProblem.NOTICE_NOT_READ, "noticeVersion", version=catalogue.notice.version)
    cipher, at = permit.context.cipher, now()
    household = clean(asked.household, "household", _LONGEST_HOUSEHOLD)
    holder = {
        "subject": str(permit.caller.subject),
        "name": cipher.encrypt(checked_name(asked.name)),
        "household": cipher.blind_index(household) if household else None,
        "notice_version": asked.notice_version,
        "consented_at": at,
        "shown": asked.shown,
    }
    return await _open(session, book, region, group, holder, at)


async def register_body(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: RegisterBody) -> UUID:
    """Open a body's account and return its id."""
    region, book = await _place(session, permit, asked.region_code.strip())
    catalogue = await catalogues.latest(session, book["id"])
    await require_duty(session, permit, catalogue.registrars, region["code"])
    group = _group(catalogue.group(asked.group), asked.group, natural=False)
    name = permit.context.cipher.encrypt(checked_name(asked.name))
    holder = {"credit_code": checked_credit_code(asked.credit_code), "name": name}
    return await _open(session, book, region, group, holder, now())


async def _place(session: WriteSession, permit: Permit, code: str) -> tuple[RowMapping, RowMapping]:
    """Return the region and the book of its district."""
    if not is_region_code(code):
        raise Refused(CommonProblem.INVALID_REGION_CODE, "regionCode", code=code[:40])
    if not permit.caller.sees(code):
        raise NotFound(what="region")
    r = t.region
    in_force = or_(r.c.closed_on.is_(None), r.c.closed_on > local_day(now()))
    # Held until the account is stored, so that a recoding of the region finds the account or is found by it.
    region = await session.row(select(r.c.id, r.c.code).where(r.c.code == code, in_force).with_for_update(read=True))
    if region is None:
        raise Refused(CommonProblem.UNKNOWN_REGION, "regionCode", code=code)
    book = await book_at(session, code)
    if book is None:
        raise Refused(CreditProblem.NO_CATALOGUE)
    return region, book


def _group(group: Group | None, code: str, *, natural: bool) -> Group:
    if group is None:
        raise Refused(CreditProblem.UNKNOWN_GROUP, "group", group=code[:60])
    if (group.nature is Nature.NATURAL) is not natural:
        raise Refused(CreditProblem.WRONG_NATURE, "group", group=code)
    return group


async def _open(
    session: WriteSession,
    book: RowMapping,
    region: RowMapping,
    group: Group,
    holder: dict[str, Any],
    at: datetime,
) -> UUID:
    await _refuse_second(session, holder)
    id_ = new_id()
    row: dict[str, Any] = {
        "id": id_,
        "book_id": book["id"],
        "nature": group.nature.value,
        "group_code": group.code,
        "region_id": region["id"],
        "region_code": region["code"],
        "opened_at": at,
        "events": 1,
    }
    await session.execute(insert(t.account), row)
    await session.execute(insert(t.holder), holder | {"account_id": id_})
    session.changed("account", id_, region["code"], group=group.code, **dict.fromkeys(holder))
    await publish(session, AccountOpened(**of_account(row)), 1, at)
    return id_


async def _refuse_second(session: WriteSession, holder: dict[str, Any]) -> None:
    """Refuse a second account; of two requests at once, one waits for the other here."""
    column = "subject" if "subject" in holder else "credit_code"
    await session.execute(select(func.pg_advisory_xact_lock(7240128, func.hashtext(f"{column} {holder[column]}"))))
    there = select(t.holder.c.account_id).where(t.holder.c[column] == holder[column])
    if await session.row(there) is not None:
        raise Refused(CreditProblem.ALREADY_A_MEMBER)


async def leave_credit(session: WriteSession, permit: Permit) -> UUID:
    """Close the caller's own account and delete whose it was; return the account's id.

    What can be spent is forfeited, so that the book still balances. The postings stay, under a number that no longer
    leads to anybody (个人信息保护法 article 47: what the law demands be kept is only stored).
    """
    h = t.holder
    mine: UUID | None = await session.scalar(select(h.c.account_id).where(h.c.subject == permit.caller.subject))
    if mine is None:
        raise NotFound(what="credit account")
    permit.decided()
    at = now()
    for held in await held_of(session, mine):
        await give_up(session, held, CANCELLED, at, "system:leaving")
    row = await locked(session, mine)
    events = row["events"]
    account = await with_lots(session, row)
    left = forfeit(account)
    if left is not None:
        await post(session, row, account, left, Said(at=at, recorded_by="system:leaving"))
        events += 1
    a = t.account
    await session.execute(update(a).where(a.c.id == mine).values(closed_at=at, events=events))
    await session.execute(delete(h).where(h.c.account_id == mine))
    await withdraw_all(session, mine, at)
    await withdraw_account(session, mine)
    session.changed("account", mine, row["region_code"], closed_at=at, subject=None, name=None, household=None)
    await publish(session, AccountClosed(**of_account(row)), events, at)
    return mine
