"""What belongs to one supergraph and is dropped with it: schema, documents, plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.http.documents import Documents
from gateway.planning.cache import PlanCache
from gateway.planning.planner import Planner

if TYPE_CHECKING:
    from gateway.composition.supergraph import Supergraph
    from gateway.http.limits import Limits


@dataclass
class Graph:
    """A supergraph in service."""

    supergraph: Supergraph
    limits: Limits
    introspection: bool = True
    documents: Documents = field(init=False)
    plans: PlanCache = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Documents(self.supergraph.api_schema, self.limits, self.introspection)
        self.plans = PlanCache(Planner(self.supergraph))
