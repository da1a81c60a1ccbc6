"""What an import knows already of the posts, grades and recruitment of community workers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (dataclass fields)

if TYPE_CHECKING:
    from services.org.domain.assessment import Capacity
    from services.org.domain.grades import WorkerPost
    from services.org.domain.periods import Period


@dataclass(slots=True)
class KnownCareers:
    """By what each is looked up by."""

    posts: dict[str, WorkerPost] = field(default_factory=dict)
    criteria: dict[str, Capacity] = field(default_factory=dict)
    graded: dict[UUID, list[Period]] = field(default_factory=lambda: defaultdict(list))
    """When a person has a grade."""
    assessed: set[tuple[UUID, int]] = field(default_factory=set)
    """By person and year."""
    guides: dict[tuple[str, str, int], tuple[str, ...]] = field(default_factory=dict)
    """Items by what it is of, code and version."""
    trainings: dict[UUID, tuple[Period, frozenset[str]]] = field(default_factory=dict)
    """When programmes run, and for which titles."""
    pooled: dict[UUID, list[Period]] = field(default_factory=lambda: defaultdict(list))
    """When a person is in the talent pool."""
    qualified: dict[tuple[UUID, str], list[Period]] = field(default_factory=lambda: defaultdict(list))
    """When a person is qualified, by person and kind."""
    recruited: set[tuple[str, int, str]] = field(default_factory=set)
    """By region code, year and source."""
