"""Who may see and do what in credit: the one place where scope and role are decided.

Where: row-level security and every grant's own region. Whose: a person sees their own account and nobody else's;
staff in duty record, approve and correct by the duty titles that the catalogue names, and see figures; a body's
account is seen by staff and by who watches over the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.access import ANY_ROLE, EVENT_READERS, Access

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chassis.identity import Caller

RESIDENT = "resident"
_ANYONE = frozenset({ANY_ROLE})
_RESIDENT = frozenset({RESIDENT})

ACCESS = Access(
    {
        "creditEvents": EVENT_READERS,
        "creditAccount": _ANYONE,
        "myCreditAccount": _RESIDENT,
        "myCreditAccountChanged": _RESIDENT,
        "creditCatalogue": _ANYONE,
        "creditStats": _ANYONE,
        "joinCredit": _RESIDENT,
        "leaveCredit": _RESIDENT,
        # The catalogue says which duty titles; each command asks for the duty in force.
        "registerBody": _ANYONE,
        "creditApplications": _ANYONE,
        "applyForPoints": _ANYONE,
        "decideApplication": _ANYONE,
        "recordBatch": _ANYONE,
        "creditOffers": _ANYONE,
        "redeemOffer": _ANYONE,
        "cancelRedemption": _RESIDENT,
        # The merchant's keeper: whoever the merchant's row names.
        "useVoucher": _ANYONE,
        "refundRedemption": _ANYONE,
        # The fund's keepers, whom the catalogue names.
        "registerMerchant": _ANYONE,
        "openOffer": _ANYONE,
        "closeOffer": _ANYONE,
        "setFund": _ANYONE,
        "settleMonth": _ANYONE,
        "creditFund": _ANYONE,
        "creditRanking": _ANYONE,
        "rankGrids": _ANYONE,
        "publishCreditMonth": _ANYONE,
        # Bodies only: the commands find no person, and the table of listings takes none.
        "listBody": _ANYONE,
        "repairListing": _ANYONE,
        # The holder, or for a body who registers bodies; decided by the catalogue's arbiters.
        "raiseObjection": _ANYONE,
        "revealHolder": _ANYONE,
        "decideObjection": _ANYONE,
        # Organisers, nominators and reviewers as the honour names them; voters and who is nominated by their account.
        "creditSelections": _ANYONE,
        "creditAwards": _ANYONE,
        "openHonourSelection": _ANYONE,
        "nominateForHonour": _ANYONE,
        "answerHonourNomination": _RESIDENT,
        "voteForHonour": _RESIDENT,
        "reviewForHonour": _ANYONE,
        "publishHonourSelection": _ANYONE,
        "strikeHonourCandidate": _ANYONE,
        "concludeHonourSelection": _ANYONE,
        "awardRedFlags": _ANYONE,
        "payAward": _ANYONE,
        "awardPoints": _ANYONE,
        "deductPoints": _ANYONE,
        "reversePosting": _ANYONE,
    }
)


def sees_account(caller: Caller, account: Mapping[Any, Any], subject: str | None) -> bool:
    """Tell whether a caller sees an account; `subject` is whose it is, when it is a natural person's.

    A natural person's is seen by that person only. A body's by everybody who has any business in its region.
    """
    if account["nature"] == "natural":
        return subject is not None and subject == caller.subject
    return any(grant.role != RESIDENT and grant.covers(account["region_code"]) for grant in caller.grants)
