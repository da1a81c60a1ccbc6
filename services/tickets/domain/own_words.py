"""What somebody wrote or said beside tickets of their own, and when it can be erased (个人信息保护法 article 47)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem


class WordsKind(StrEnum):
    """Where the words stand."""

    OBJECTION = "objection"
    """Against a public notice."""
    OPINION = "opinion"
    """At a session, of who spoke for themselves and not for a body."""
    BURDEN = "burden"
    """In a report of a burden."""
    ACT = "act"
    """With what a resident did to another's ticket, as an evaluation."""


class Words(NamedTuple):
    """Which words: an objection or report by its id; an opinion by session and position; an act by ticket and line."""

    kind: WordsKind
    id: UUID
    number: int = 0

    def __str__(self) -> str:
        return f"{self.kind}.{self.id}.{self.number}"


def words_of(name: str) -> Words | None:
    """Return which words a name, as `str` makes it of them, stands for; None for what is no such name."""
    kind, _, rest = name.partition(".")
    id_, _, number = rest.partition(".")
    try:
        found = Words(WordsKind(kind), UUID(id_), int(number))
    except ValueError:
        return None
    # One name for each: what is not written as `str` writes it names nothing.
    return found if str(found) == name and 0 <= found.number < 2**31 else None


def check_erasable(*, is_left: bool, is_over: bool) -> None:
    """Refuse to erase what is gone, or what is needed as long as the matter is under way. Raises Refused."""
    if not is_left:
        raise Refused(TicketProblem.ALREADY_DONE, "id")
    if not is_over:
        raise Refused(TicketProblem.WORDS_NEEDED, "id")
