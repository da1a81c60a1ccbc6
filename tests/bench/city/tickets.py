"""The city's tickets as lines of COPY: the same tickets in each table, whichever is written first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from random import Random

from tests.bench.city import places, words
from tests.bench.city.histories import DAYS, History, weights

_CATEGORIES = {
    "one_stop": ("environment", "facilities", "safety", "order", "dispute", "service", "other"),
    "five_sheets": ("parking", "charging", "lighting", "noise", "drainage", "sanitation", "other"),
}
RESIDENTS_OF_A_GRID = 200
Own = dict[str, str]
"""What a ticket has of its own, by the names that histories leave open."""


def resident(grid: int, number: int) -> str:
    """Return the subject of a resident of a grid."""
    return f"resident {grid:05}{number:03}"


def _grids() -> list[Own]:
    return [
        {
            "c": code,
            "r": places.region_id(code),
            "o": places.organisation_id(code[:12]),
            **{title: str(places.holder(title, code)) for title in ("grid_worker", "grid_branch_secretary")},
            **{title: str(places.holder(title, code[:12])) for title in ("community_secretary", "community_worker")},
            "subdistrict_officer": str(places.holder("subdistrict_officer", code[:9])),
        }
        for code in places.GRIDS
    ]


def tickets(count: int, histories: list[list[list[History]]]) -> Iterator[tuple[History, Own]]:
    """Yield the city's tickets, the oldest day first, each with its history and what is its own."""
    random = Random(count).random  # noqa: S311 (a made-up city)
    grids, texts = _grids(), words.texts()
    sums = [weights(DAYS - day) for day in range(DAYS)]
    for number in range(count):
        day = number * DAYS // count
        slots = histories[day][bisect_right(sums[day], random())]
        history = slots[int(random() * len(slots))]
        at = int(random() * len(grids))
        text = texts[int(random() * len(texts))] if number != count // 3 else words.rare_text()
        milliseconds = f"{int(history.at.timestamp() * 1000):012x}"
        categories = _CATEGORIES[history.process]
        yield (
            history,
            {
                **grids[at],
                "i": f"{milliseconds[:8]}-{milliseconds[8:]}-7000-8{number >> 48:03x}-{number:012x}",
                "n": f"{number + 1:06d}",
                "q": resident(at, int(random() * RESIDENTS_OF_A_GRID)),
                "k": categories[int(random() * random() * len(categories))],
                "t": text.title,
                "d": text.description,
                "v": text.words,
            },
        )


def lines_of(table: str, count: int, histories: list[list[list[History]]]) -> Iterator[str]:
    """Yield the lines of one table."""
    for history, own in tickets(count, histories):
        if line := history.lines[table]:
            yield line % own
