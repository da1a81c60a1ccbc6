"""What belongs to funds, call-ups and programmes of training and is many, read in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from chassis.graphql.belongings import Belongings
from services.org.storage.fund_tables import fund_entry
from services.org.storage.reserve_tables import called_up
from services.org.storage.training_tables import training_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Select, Table


def _of(table: Table, owner: str) -> Callable[[ColumnElement[Any]], Select[Any]]:
    return lambda id_: select(table).where(table.c[owner] == id_)


FUND_ENTRIES = Belongings("Fund.entries", _of(fund_entry, "fund_id"), ("seq",))
"""The entries of funds, in their order."""
PEOPLE_CALLED = Belongings("CallUp.people", _of(called_up, "call_up_id"), ("person_id",))
"""Who was called."""
TRAINING_SESSIONS = Belongings("Training.sessions", _of(training_session, "training_id"), ("held_on", "id"))
"""The sessions of programmes, by day."""
