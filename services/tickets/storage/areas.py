"""In which regions whose tickets are counted for somebody: what they see, without counting anything twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.tickets.access import Visibility


class Area(NamedTuple):
    """The tickets of a process (None: of all but those in `but`) whose region codes start with `prefix`."""

    prefix: str
    process: str | None
    but: tuple[str, ...] = ()

    def holds(self, process: str, region_code: str) -> bool:
        """Tell whether a ticket is in it."""
        of_it = process not in self.but if self.process is None else process == self.process
        return of_it and region_code.startswith(self.prefix)


def _inside(prefix: str, seen: Iterable[str]) -> list[str]:
    """Return the parts of a region that lie in what is seen, none within another."""
    parts = {
        prefix if prefix.startswith(one) else one for one in seen if prefix.startswith(one) or one.startswith(prefix)
    }
    return sorted(one for one in parts if not any(one != other and one.startswith(other) for other in parts))


def areas(prefix: str, process: str | None, seen: Visibility) -> list[Area]:
    """Return the areas, none overlapping, of all tickets in a region that somebody sees by role."""
    everything = _inside(prefix, seen.everything_in)
    found: list[Area] = []
    apart: list[str] = []
    for code, prefixes in seen.process_in:
        if process not in {None, code}:
            continue
        more = _inside(prefix, (*seen.everything_in, *prefixes))
        if more != everything:
            apart.append(code)
            found += [Area(one, code) for one in more]
    if process not in apart:
        found += [Area(one, process, tuple(apart) if process is None else ()) for one in everything]
    return found
