"""The subscription: how many take part in a vote, live. Nothing of what anybody chose is in it."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from chassis.errors import NotFound
from services.property.graphql.enums import VoteStatus
from services.property.graphql.links import Info, live_of, uuid_of
from services.property.graphql.votes import Vote
from services.property.storage.votes import load_votes

_GOING_ON = frozenset({VoteStatus.ANNOUNCED, VoteStatus.OPEN})


@strawberry.type(description="What can be followed. 订阅")
class Subscription:
    """What property tells while it happens."""

    @strawberry.subscription(
        description="A vote: as it is now, and again when owners took part or it opens, is extended or closes, at most "
        "once a second; ends when it has closed. Participation only: results come with the close. 表决参与实时统计"
    )
    async def vote_participation_changed(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The vote. 表决")],  # noqa: A002
    ) -> AsyncGenerator[Vote, None]:
        """Follow it. Raises NotFound for one that is not in the caller's scope."""
        context, wanted = info.context, uuid_of(id)
        context.access.admit(context.caller, "voteParticipationChanged")
        (found,) = await load_votes(await context.read(), [wanted])
        if found is None:
            raise NotFound(what="vote")
        # Nothing of the database is held while waiting.
        await context.renew()
        async with live_of(context).following(wanted) as follower:
            while await follower.changed():
                async with context.database.read(context.caller.scope) as session:
                    (row,) = await load_votes(session, [wanted])
                if row is None:
                    return
                vote = Vote.of(row)
                yield vote
                if vote.status not in _GOING_ON:
                    return
