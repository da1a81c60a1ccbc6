"""A person's rights in the graph: looks at their data, and a copy of all of it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import msgspec
import strawberry

from chassis.graphql.context import Context
from services.credit.storage import rights

_ENCRYPTED = ("evidence_text", "code", "name")


@strawberry.type(description="A look at whose an account is. 查阅记录")
class CreditLook:
    """Recorded for its holder."""

    at: datetime = strawberry.field(description="When. 时间")
    title: str = strawberry.field(description="As what the one who looked acted: a duty title's code. 查阅人职务")
    purpose: str = strawberry.field(description="What for. 目的")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row of the audit record."""
        return cls(at=row["at"], title=row["fields"]["title"], purpose=row["fields"]["purpose"])


async def copy_of_everything(context: Context, account_id: UUID) -> str:
    """Return everything that is kept of a person as JSON, decrypted; digests as hexadecimal text."""
    session = await context.read()
    holder = await rights.holder_of(session, account_id)
    found: dict[str, Any] = await rights.everything_of(session, account_id)
    found["holder"] = dict(holder) if holder else None
    return msgspec.json.encode(_plain(context, found)).decode()


def _plain(context: Context, value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _plain(context, one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(context, one) for one in value]
    if isinstance(value, bytes):
        return context.cipher.decrypt(value) if name in _ENCRYPTED else value.hex()
    return value
