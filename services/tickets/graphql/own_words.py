"""What the caller wrote or said beside tickets of their own, and its erasing at their request."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Self

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.graphql.mutate import perform
from services.tickets.commands import own_words as commands
from services.tickets.commands.actors import person_of
from services.tickets.domain import own_words as domain
from services.tickets.graphql.links import Info
from services.tickets.graphql.problem import Problem
from services.tickets.storage import own_words as stored


@strawberry.enum(description="Where words stand. 文字来源")
class OwnWordsKind(Enum):
    """As `domain.own_words.WordsKind`, by name."""

    OBJECTION = strawberry.enum_value("OBJECTION", description="An objection to a public notice. 公示异议")
    OPINION = strawberry.enum_value("OPINION", description="Said at a session. 议事意见")
    BURDEN = strawberry.enum_value("BURDEN", description="A report of a burden. 减负举报")
    ACT = strawberry.enum_value("ACT", description="With what one did to another's ticket. 办理留言")


@strawberry.type(description="What the caller wrote or said beside tickets of their own. 本人留言")
class OwnWords:
    """Words of somebody."""

    id: strawberry.ID = strawberry.field(description="By which they can be erased. 标识")
    kind: OwnWordsKind = strawberry.field(description="Where they stand. 来源")
    words: str = strawberry.field(description="What; empty when only files came with it. 内容")
    said_at: datetime = strawberry.field(description="When. 时间")
    region_code: str = strawberry.field(description="Where. 区划代码")
    ticket_id: strawberry.ID | None = strawberry.field(description="The ticket that it was about. 单据")
    is_over: bool = strawberry.field(description="Whether the matter has ended, so that they can be erased. 是否已办结")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        kind = domain.WordsKind(row["kind"])
        plain = {name: row[name] for name in ("words", "said_at", "region_code", "is_over")}
        return cls(
            id=strawberry.ID(str(domain.Words(kind, row["id"], row["number"]))),
            kind=OwnWordsKind[kind.name],
            ticket_id=None if row["ticket_id"] is None else strawberry.ID(str(row["ticket_id"])),
            **plain,
        )


async def my_words(context: Context, asked: PageArguments) -> Connection[OwnWords]:
    """Return a page of what is left of them, the newest first."""
    context.access.admit(context.caller, "myWords")
    subject = str(context.caller.subject)
    statement = stored.own_words(subject, person_of(context.caller))
    order = tuple(statement.selected_columns[name] for name in ("said_at", "id", "number"))
    mark = fingerprint("myWords", subject)
    page = await paginate(await context.read(), statement, order, asked, mark, descending=True)
    return page.connection(OwnWords.of)


@strawberry.input(description="Words of the caller's to erase. 删除本人留言")
class EraseMyWordsInput:
    """Input of eraseMyWords."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    id: strawberry.ID = strawberry.field(description="Which, as myWords names them. 标识")


@strawberry.type(description="What became of it. 结果")
class EraseMyWordsPayload:
    """Payload of eraseMyWords."""

    id: strawberry.ID | None = strawberry.field(description="What was erased; null when refused. 标识")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class OwnWordsMutations:
    """The mutation."""

    @strawberry.mutation(
        description="Erase what the caller wrote or said beside tickets of their own, once the matter has ended: an "
        "objection, an opinion at a session, a report of a burden, what came with an evaluation. 删除本人留言"
    )
    async def erase_my_words(self, info: Info, input: EraseMyWordsInput) -> EraseMyWordsPayload:  # noqa: A002
        """Erase."""
        asked = commands.EraseMyWords(str(input.id))
        outcome = await perform(info, "eraseMyWords", commands.erase_my_words, asked, input.idempotency_key)
        return EraseMyWordsPayload(id=None if outcome.id is None else input.id, problems=outcome.problems)
