"""What credit publishes: accounts that open and close, every posting, and selections that are concluded.

No event says whose an account is: names, credit codes and subjects stay in the service. A batch of postings is told
posting by posting too, so that a district's own books can follow.
"""

from __future__ import annotations

from chassis.events.event import Event
from services.credit.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AccountId,
    Available,
    CatalogueVersion,
    Chosen,
    Deducted,
    GroupCode,
    Held,
    HeldIn,
    Honour,
    Item,
    NatureOf,
    Points,
    PostingId,
    PostingKind,
    RegionCode,
    RegionId,
    Reverses,
    SelectionId,
)


class AccountEvent(Event):
    """Base: which account, of which group, and where."""

    account_id: AccountId
    nature: NatureOf
    group: GroupCode
    region_id: RegionId
    region_code: RegionCode


class AccountOpened(AccountEvent, entity="account", fact="opened"):
    """开户: an account was opened.

    When: somebody joins, or a body is registered.

    For: systems that count who takes part.
    """


class AccountClosed(AccountEvent, entity="account", fact="closed"):
    """销户: an account was closed; what identified its holder was deleted.

    When: somebody leaves, which is always possible.

    For: systems that keep anything by the account's id: they delete it.
    """


class AccountPosted(AccountEvent, entity="account", fact="posted"):
    """记账: points were posted, and what the account holds since.

    When: points are earned, held, redeemed, given back, expire, or a posting is reversed.

    For: a district's own books, and apps that show a balance live.
    """

    posting_id: PostingId
    kind: PostingKind
    item: Item
    catalogue_version: CatalogueVersion
    points: Points
    available: Available
    held: Held
    deducted: Deducted
    reverses: Reverses


class SelectionConcluded(Event, entity="selection", fact="concluded"):
    """评选结束: models were chosen, made public, and the time of publicity is over.

    When: who organises the selection concludes it.

    For: registers of honours; who was chosen is asked of credit, which names only who agreed.
    """

    selection_id: SelectionId
    honour: Honour
    region_id: HeldIn
    region_code: RegionCode
    chosen: Chosen


EVENTS: tuple[type[Event], ...] = (AccountOpened, AccountClosed, AccountPosted, SelectionConcluded)
"""Every event that credit publishes."""
