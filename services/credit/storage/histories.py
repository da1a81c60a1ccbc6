"""What belongs to accounts and selections and grows over the years, read in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, Text, cast, func, literal_column, select

from chassis.graphql.belongings import Belongings
from chassis.records import audit
from services.credit.storage import selection_tables as s
from services.credit.storage import tables as t
from services.credit.storage.rights import LOOKED
from services.credit.storage.selections import CHOSEN, PASSED_OVER, STANDING, STRUCK

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

_NEVER = literal_column("DATE '9999-12-31'", Date())
_LAST, _NONE = literal_column(str(2**31 - 1), Integer()), literal_column("0", Integer())
_SHOWN = [literal_column(f"'{state}'", Text()) for state in (STANDING, CHOSEN, PASSED_OVER, STRUCK)]


def _lots(account_id: ColumnElement[Any]) -> Select[Any]:
    """Choose the lots that still hold something."""
    lot = t.lot.c
    spent_by = func.coalesce(lot.expires_on, _NEVER).label("spent_by")
    return select(t.lot, spent_by).where(lot.account_id == account_id, (lot.available > _NONE) | (lot.held > _NONE))


def _looks(account_id: ColumnElement[Any]) -> Select[Any]:
    """Choose every look at whose an account is."""
    a = audit.c
    mine = a.object_id == cast(account_id, Text)
    return select(a.id, a.at, a.fields).where(a.kind == literal_column(f"'{LOOKED}'"), mine)


def _nominations(account_id: ColumnElement[Any]) -> Select[Any]:
    """Choose the candidacies of an account."""
    c, k = s.candidate, s.selection.c
    joined = select(c, k.honour, k.state.label("selection_state")).join(s.selection, k.id == c.c.selection_id)
    return joined.where(c.c.account_id == account_id)


def _candidates(selection_id: ColumnElement[Any]) -> Select[Any]:
    """Choose the candidates of a selection, those who did not agree left out."""
    c = s.candidate
    by_place = func.coalesce(c.c.place, _LAST).label("by_place")
    return select(c, by_place).where(c.c.selection_id == selection_id, c.c.state.in_(_SHOWN))


LOTS = Belongings("CreditAccount.lots", _lots, ("spent_by", "id"))
"""The lots of accounts, in the order in which they are spent."""
LOOKS = Belongings("CreditAccount.looks", _looks, ("id",), descending=True)
"""Looks at whose accounts are, the newest first."""
NOMINATIONS = Belongings("CreditAccount.nominations", _nominations, ("id",), descending=True)
"""What people were nominated for, the newest first."""
CANDIDATES = Belongings("CreditSelection.candidates", _candidates, ("by_place", "id"))
"""Who stands or stood in selections; the best first, once they are counted."""
