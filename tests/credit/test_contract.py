"""Contract files are what the code says, migrations make the tables of the code, imports are whole or nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from chassis import migrations
from chassis.events.asyncapi import asyncapi
from chassis.service import ImportRefused
from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from services.credit.main import SERVICE
from services.credit.storage import governance_tables, market_tables, selection_tables
from services.credit.storage.tables import GOVERNED
from services.org.domain import events as org
from services.org.main import SERVICE as ORG
from services.tickets.main import SERVICE as TICKETS
from tests.credit import city
from tests.credit.conftest import catalogue_record

if TYPE_CHECKING:
    from deploy.local.fixtures import ThrowawayPostgres
    from tests.credit.conftest import Credit

_HELP = "python -m services.credit.main {} > services/credit/contract/{}"
NEW = "370303001001002"


def test_the_schema_is_the_committed_one() -> None:
    file = SERVICE.package / "contract/schema.graphql"
    assert SERVICE.schema.as_str() + "\n" == file.read_text(encoding="utf-8"), _HELP.format("schema", file.name)


def test_the_events_are_the_committed_ones() -> None:
    file = SERVICE.package / "contract/asyncapi.yaml"
    assert asyncapi("credit", SERVICE.events) == file.read_text(encoding="utf-8"), _HELP.format("asyncapi", file.name)


def test_it_composes_with_the_others() -> None:
    services = (ORG, TICKETS, SERVICE)
    compose([SubgraphSource(one.name, f"http://{one.name}", one.schema.as_str()) for one in services])


async def test_the_migrations_make_the_tables_of_the_code(postgres_server: ThrowawayPostgres) -> None:
    made = await postgres_server.create_service_database("credit")
    folder = SERVICE.package / "migrations"
    await asyncio.to_thread(migrations.upgrade, folder, made.owner_url, "linli_credit")
    await asyncio.to_thread(migrations.check, folder, made.owner_url, "linli_credit")


async def test_every_governed_table_is_under_row_security(credit: Credit) -> None:
    more = (
        market_tables.redemption, market_tables.fund, governance_tables.listing, governance_tables.objection,
        governance_tables.grid_rank, selection_tables.selection, selection_tables.candidate, selection_tables.ballot,
        selection_tables.review, selection_tables.award,
    )  # fmt: skip
    tables = (*GOVERNED, *more)
    protected = {name for (name,) in await credit.look("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert protected == {table.name for table in tables}
    columns = await credit.look("SELECT table_name FROM information_schema.columns WHERE column_name = 'region_code'")
    # Who holds which duty, ids only, is needed by who is below it.
    assert {name for (name,) in columns} - protected == {"audit", "outbox", "duty"}


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([b"{"], "line 1"),
        ([catalogue_record(version=2), b'{"record": "other"}'], "line 2"),
        ([catalogue_record(version=2) | {"region_code": "37"}], "37 is not the code of a district"),
        ([catalogue_record(name_en="changed")], "line 1: version 1 of the catalogue is there already"),
        ([catalogue_record(version=2), catalogue_record(version=1, name_en="x")], "line 2: version 1"),
    ],
)
async def test_a_wrong_file_imports_nothing_and_says_where(credit: Credit, records: list[Any], said: str) -> None:
    before = await credit.contents()
    with pytest.raises(ImportRefused, match=said):
        await credit.load(*records)
    assert await credit.contents() == before


async def test_importing_again_changes_nothing(credit: Credit) -> None:
    before = await credit.contents()
    assert await credit.load(catalogue_record()) == "Imported nothing; 1 records were there already."
    assert await credit.contents() == before


async def test_accounts_move_with_their_region_and_keep_their_points(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    recoded = org.RegionRecoded(
        region_id=city.region_id(city.GRID), code=NEW, previous_code=city.GRID, level=city.LEVELS[15],
        parent_id=city.region_id("370303001001"), valid_from=city.SINCE,
    )  # fmt: skip
    await city.tell(credit.runtime.database, recoded)
    assert await credit.look(f"SELECT region_code FROM account WHERE id = '{account}'") == [(NEW,)]  # noqa: S608
    await city.tell(credit.runtime.database, city.duty("worker", "grid_worker", NEW))
    payload = await credit.payload(
        "awardPoints", credit.staff("worker", region=NEW), kind="RecordPointsInput",
        idempotencyKey="b", accountId=account, item="volunteer",
    )  # fmt: skip
    assert payload["problems"] == []
    mine = "{ myCreditAccount { balance { available } } }"
    assert (await credit.data(mine, credit.resident(region=NEW)))["myCreditAccount"]["balance"] == {"available": 20}
    closed = org.RegionClosed(region_id=city.region_id(city.GRID_2), code=city.GRID_2, valid_to=city.SINCE)
    await city.tell(credit.runtime.database, closed)
    asked: dict[str, Any] = {
        "idempotencyKey": "1",
        "group": "resident",
        "regionCode": city.GRID_2,
        "name": "李",
        "noticeVersion": 2,
    }
    assert await credit.refused("joinCredit", credit.resident("wang"), **asked) == "UNKNOWN_REGION"
