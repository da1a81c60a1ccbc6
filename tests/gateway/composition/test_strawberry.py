"""The project's services are Strawberry subgraphs: what Strawberry prints must compose."""

from __future__ import annotations

import strawberry
from strawberry import federation

from gateway.composition.compose import SubgraphSource, compose
from tests.gateway.composition.composing import api_field, join, keys


@federation.interface(keys=["id"])
class Region:
    id: strawberry.ID
    code: str


@federation.type(keys=["id"])
class City(Region):
    mayor: str = federation.field(shareable=True, tags=["public"])


@federation.type(keys=["id", "code"])
class Grid(Region):
    cells: int = federation.field(inaccessible=True)


@strawberry.type
class Regions:
    @strawberry.field
    def region(self, code: str) -> Region | None:
        raise NotImplementedError(code)


@federation.interface_object(name="Region", keys=["id"])
class CountedRegion:
    id: strawberry.ID
    code: str = federation.field(external=True)

    @federation.field(requires=["code"])  # type: ignore[untyped-decorator]
    def ticket_count(self, since: str | None = None) -> int:
        raise NotImplementedError(since)


@federation.type(keys=["id"], extend=True)
class Ticket:
    id: strawberry.ID
    region: CountedRegion


@strawberry.type
class Tickets:
    @strawberry.field
    def ticket(self, number: strawberry.ID) -> Ticket | None:
        raise NotImplementedError(number)


def test_strawberry_subgraphs_with_an_interface_object_compose() -> None:
    regions = federation.Schema(query=Regions, types=[City, Grid], federation_version="2.7")
    tickets = federation.Schema(query=Tickets, types=[CountedRegion], federation_version="2.11")
    base = 'type Ticket @key(fields: "id") { id: ID! }'
    supergraph = compose(
        [
            SubgraphSource("regions", "http://regions.test", regions.as_str()),
            SubgraphSource("tickets", "http://tickets.test", tickets.as_str()),
            SubgraphSource("base", "http://base.test", base),
        ]
    )
    assert api_field(supergraph, "City.ticketCount") == "(since: String): Int!"
    assert supergraph.types["City"].fields["ticketCount"] == {}
    assert join(supergraph, "Region.ticketCount", "tickets").requires is not None
    assert keys(supergraph, "Grid", "regions") == [("{ id }", True), ("{ code }", True)]
    assert "cells" not in supergraph.api_schema.type_map["Grid"].fields  # type: ignore[attr-defined]
    assert '@tag(name: "public")' in supergraph.sdl
    assert not any(name.startswith("_") for name in supergraph.types)
