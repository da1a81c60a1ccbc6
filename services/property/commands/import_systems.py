"""Import compounds under a system of property help, with who fills its levels and supervising bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean
from services.property.commands.service_systems import begin, known_system
from services.property.domain.care import Care
from services.property.domain.content import LONGEST_NAME, today
from services.property.domain.problems import PropertyProblem
from services.property.domain.service_system import ServiceSystem, check_day, post_of
from services.property.storage import system_tables as s
from services.property.storage.bulk import insert_rows

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from services.property.domain.records import CompoundSystemRecord, PostRecord


async def import_system(
    session: WriteSession, cipher: DataCipher, compound: RowMapping, record: CompoundSystemRecord
) -> None:
    """Store it for a locked compound. Organisations and duties are org's, which may not have told of them yet."""
    system = await known_system(session, record.system, Care(compound["care"]))
    row = await begin(session, compound, system, record.id, record.valid_from)
    where = {name: row[name] for name in ("compound_id", "region_code")} | {"service_system_id": record.id}
    posts = [where | _post(cipher, system, record, one) for one in record.posts]
    await insert_rows(session, s.service_post, posts)


def _post(cipher: DataCipher, system: ServiceSystem, record: CompoundSystemRecord, one: PostRecord) -> dict[str, Any]:
    try:
        post = post_of(system, one.post)
    except NotFound as error:
        raise Refused(PropertyProblem.UNKNOWN_RECORD, "posts", id=one.post) from error
    name = clean(one.name, "name", LONGEST_NAME)
    ways = (one.organisation_id is not None, one.person_id is not None, name is not None)
    if sum(ways) != 1 or (one.person_id is None) != (one.title is None):
        raise Refused(PropertyProblem.ONE_FILLS_IT, "posts")
    return {
        "id": new_id(),
        "post": post.code,
        "organisation_id": one.organisation_id,
        "person_id": one.person_id,
        "title": one.title,
        "name": cipher.encrypt(name) if name else None,
        "valid_from": check_day(one.valid_from, record.valid_from, today(), "valid_from"),
    }
