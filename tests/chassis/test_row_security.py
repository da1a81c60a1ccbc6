"""A service that row-level security does not limit is not ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from chassis.database import Database
from chassis.row_security import limits_the_role, protect

if TYPE_CHECKING:
    from deploy.local.fixtures import ThrowawayPostgres


async def test_the_serving_role_is_limited_and_an_owner_or_superuser_is_not(postgres_server: ThrowawayPostgres) -> None:
    made = await postgres_server.create_service_database("notes")
    urls = {"owner": made.owner_url, "served": made.app_url, "admin": postgres_server.admin_url_of(made.name)}
    roles = {role: Database(url, name=role) for role, url in urls.items()}
    async with roles["owner"].engine.begin() as connection:
        for statement in ("CREATE TABLE note (region_code text)", *protect("note")):
            await connection.execute(text(statement))
    assert {role: await limits_the_role(one) for role, one in roles.items()} == {
        "owner": False,
        "served": True,
        "admin": False,
    }
    for one in roles.values():
        await one.close()


async def test_a_database_that_is_away_limits_nobody() -> None:
    away = Database("postgresql+asyncpg://nobody:x@127.0.0.1:1/x", name="away")
    assert not await limits_the_role(away)
    await away.close()
