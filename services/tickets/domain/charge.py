"""Who is in charge of a ticket: the duties of its step, whom it was escalated to, and who stands in for a vacancy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain.process import Holder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from services.tickets.domain.process import Process

Post = tuple[str, str]
"""A duty title (or what stands in its place for a team, or for who checked in) and the code of its region."""


class Charge(msgspec.Struct, frozen=True):
    """The holders that bear on a ticket in its step; a holder counts by the post it means where the ticket lies."""

    region_code: str
    named: tuple[Holder, ...]
    """Who acts in the step by duty."""
    escalated: tuple[Holder, ...]
    """Before whom the ticket was brought."""
    heads: tuple[Holder, ...]
    """Who would be appealed to if the step were late, the nearest first."""

    def posts(self) -> tuple[Post, ...]:
        """Return every post that may bear on who is in charge."""
        return _posts((*self.named, *self.escalated, *self.heads), self.region_code)

    def step_posts(self) -> tuple[Post, ...]:
        """Return the posts whose holders act in the step."""
        return _posts(self.named, self.region_code)

    def escalated_posts(self) -> tuple[Post, ...]:
        """Return the posts before which the ticket was brought."""
        return _posts(self.escalated, self.region_code)

    def own_posts(self) -> tuple[Post, ...]:
        """Return the posts that the ticket waits for, held or not."""
        return _posts((*self.named, *self.escalated), self.region_code)

    def standing_in(self, held: Collection[Post]) -> tuple[Holder, ...]:
        """Return who is in charge because nobody holds the duties of the step; `held` are the posts that are held."""
        if not self.own_posts() or any(post in held for post in self.own_posts()):
            return ()
        return tuple(one for one in self.heads if any(post in held for post in _posts((one,), self.region_code)))[:1]

    def in_charge(self, held: Collection[Post]) -> Sequence[Post]:
        """Return the posts, of those that are held, whose holders are in charge."""
        chosen = _posts((*self.named, *self.escalated, *self.standing_in(held)), self.region_code)
        return [post for post in chosen if post in held]


def _posts(holders: Iterable[Holder], region_code: str) -> tuple[Post, ...]:
    found = ((one.post_title, one.region_of(region_code)) for one in holders)
    return tuple(dict.fromkeys((title, region) for title, region in found if region is not None))


def charge_of(process: Process, step_code: str, region_code: str, escalated: Sequence[Holder]) -> Charge:
    """Return who bears on a ticket that waits in a step; nobody when it has ended."""
    step = process.step(step_code)
    named = tuple(one for one in (step.who if step else ()) if isinstance(one, Holder))
    heads = step.deadline.heads() if step and step.deadline else ()
    return Charge(region_code, named, tuple(escalated), heads)
