"""The mutation of a recorded look."""

import strawberry

from chassis.graphql.mutate import perform
from services.credit.commands import rights
from services.credit.graphql.links import Info, by_catalogue, uuid_of
from services.credit.graphql.problem import Problem
from services.credit.storage.rights import holder_of


@strawberry.input(description="See whose an account is. 查看账户持有人")
class RevealHolderInput:
    """Input of revealHolder."""

    account_id: strawberry.ID = strawberry.field(description="The account. 账户")
    purpose: str = strawberry.field(description="What for; the holder sees it. 目的")


@strawberry.type(description="Whose an account is; the look was recorded. 账户持有人")
class RevealedHolder:
    """What is kept encrypted."""

    name: str = strawberry.field(description="Name. 姓名")


@strawberry.type(description="What became of it. 结果")
class RevealHolderPayload:
    """Payload of revealHolder."""

    holder: RevealedHolder | None = strawberry.field(description="Whose it is; null when refused. 持有人")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class RightsMutation:
    """The mutation."""

    @strawberry.mutation(description="See whose an account is; every look is recorded for its holder. 查看账户持有人")
    async def reveal_holder(self, info: Info, input: RevealHolderInput) -> RevealHolderPayload:  # noqa: A002
        """Record, then decrypt."""
        asked = rights.RevealHolder(account_id=uuid_of(input.account_id), purpose=input.purpose)
        outcome = await perform(info, "revealHolder", by_catalogue(info, rights.reveal_holder), asked)
        row = await holder_of(await info.context.read(), outcome.id) if outcome.id else None
        name = info.context.cipher.decrypt(bytes(row["name"])) if row else None
        return RevealHolderPayload(
            holder=RevealedHolder(name=name) if name is not None else None, problems=outcome.problems
        )
