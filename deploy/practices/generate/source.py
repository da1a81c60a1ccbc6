"""Where a demonstration's chance, names and ids come from, all of it fixed by the practice's name and seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import NAMESPACE_DNS, UUID, uuid5

from faker import Faker

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.practices.model import Practice

_NAMESPACE = uuid5(NAMESPACE_DNS, "practices.linli")


class Source:
    """Chance by purpose, so that more of one thing leaves every other thing as it was."""

    def __init__(self, practice: Practice) -> None:
        self._seed = f"{practice.practice}/{practice.demonstration.seed}"
        self._namespace = uuid5(_NAMESPACE, practice.practice)

    def random(self, purpose: str) -> Random:
        """Return a generator of its own for `purpose`."""
        return Random(f"{self._seed}/{purpose}")  # noqa: S311 (a repeatable demonstration is the point)

    def id(self, kind: str, *parts: object) -> UUID:
        """Return the id of the thing of `kind` that `parts` name."""
        return uuid5(self._namespace, "/".join([kind, *map(str, parts)]))

    def names(self, purpose: str) -> Callable[[], str]:
        """Return what gives made-up Chinese names, one after the other."""
        faker = Faker("zh_CN")
        faker.seed_instance(f"{self._seed}/{purpose}")
        return faker.name


def day_between(random: Random, first: date, last: date) -> date:
    """Return a day from `first` to `last`, both included."""
    return first + timedelta(days=random.randint(0, max(0, (last - first).days)))


def spread(total: int, slots: int, random: Random, *, least: int = 1) -> list[int]:
    """Share `total` among `slots`, unevenly as in life: each gets at least `least` when there is enough.

    The sum is exactly `total`.
    """
    least = min(least, total // slots)
    shares = [least] * slots
    weights = [random.uniform(0.6, 1.4) for _ in range(slots)]
    for slot in random.choices(range(slots), weights, k=total - least * slots):
        shares[slot] += 1
    return shares
