"""What the people of the demonstration write on their sheets: texts with places to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.tickets.domain.process import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from deploy.practices.model_matters import Case, Matters, Reasons

PLACEHOLDERS = {"place", "spot", "days", "number"}
"""What texts may use: where it is, something nearby, and two small numbers."""

_DAYS = (3, 10)
_NUMBER = (2, 12)


@dataclass(frozen=True, slots=True)
class Words:
    """The words about one case at one place; what is filled in stays the same from sheet to sheet."""

    category: str
    case: Case
    shared: Matters
    random: Random
    values: dict[str, object]

    def title(self) -> str:
        """Return what the request is called."""
        return self.case.title.format(**self.values)

    def content(self) -> str:
        """Return what the resident writes."""
        return self.case.content.format(**self.values)

    def reason(self, kind: Kind) -> str:
        """Return why somebody sends back, refuses, withdraws or reopens."""
        return self._one_of(_of(self.shared.reasons, kind))

    def opinion(self, kind: Kind, *, satisfied: bool) -> str | None:
        """Return what goes on the sheet of an action of `kind`; None for one that says enough by itself."""
        if kind is Kind.EVALUATE:
            return self._one_of(self.shared.praises if satisfied else self.shared.criticisms)
        if kind is Kind.ACCEPT:
            return self._one_of(self.shared.acceptances)
        said = {
            Kind.DELIBERATE: self.case.opinion,
            Kind.DECIDE: self.case.decision,
            Kind.CARRY_OUT: self.case.result,
            Kind.INVITE: self.case.opinion,
            Kind.ANSWER: self.case.decision,
        }
        return said[kind].format(**self.values) if kind in said else None

    def progress(self) -> str:
        """Return how far it is."""
        return self._one_of(self.shared.acceptances)

    def notice(self) -> str:
        """Return what is made public: what was done, and nothing about anybody."""
        return self.case.result.format(**self.values) + self._one_of(self.shared.publications)

    def _one_of(self, texts: Sequence[str]) -> str:
        return self.random.choice(texts).format(**self.values)


def choose_words(shared: Matters, place: str, random: Random, category: str = "", *, is_refused: bool = False) -> Words:
    """Choose what a ticket at `place` is about: something of `category`, or of any when it is empty.

    One that is refused is of those that entry control speaks of, where there are any.
    """
    matters = [one for one in shared.matters if category in {"", one.category}]
    barred = [one for one in matters if any(case.grounds for case in one.cases)]
    matters = barred if is_refused and barred else matters
    matter = random.choices(matters, [each.weight for each in matters])[0]
    values: dict[str, object] = {
        "place": place,
        "spot": random.choice(shared.spots),
        "days": random.randint(*_DAYS),
        "number": random.randint(*_NUMBER),
    }
    return Words(matter.category, random.choice(matter.cases), shared, random, values)


def _of(reasons: Reasons, kind: Kind) -> list[str]:
    said = {
        Kind.RETURN: reasons.return_,
        Kind.REFUSE: reasons.refuse,
        Kind.WITHDRAW: reasons.withdraw,
        Kind.REOPEN: reasons.reopen,
    }
    return said[kind]
