"""Published events in the graph: a feed by its numbers, served from the outbox, for who may see its region.

Each service has the field under a name of its own (`orgEvents`, `ticketsEvents`), because two services that answered
one field would have to give the same answer; the types are shared. Decision 0025.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
import strawberry
from sqlalchemy import ARRAY, Select, Text, any_, bindparam, select, text
from strawberry.scalars import JSON

from chassis.errors import BadRequest, NotFound
from chassis.events.envelope import decode, with_feed_sequence
from chassis.events.tables import NUMBERED, outbox
from chassis.graphql.connection import PageArguments, PageInfo, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.row_security import in_scope

_LARGEST_INT = 2**31 - 1
_numbered = (
    text(NUMBERED)
    .columns(
        outbox.c.id,
        outbox.c.event_id,
        outbox.c.aggregate_version,
        outbox.c.tenant,
        outbox.c.region_code,
        outbox.c.type,
        outbox.c.subject,
        outbox.c.payload,
        outbox.c.feed_sequence,
    )
    .subquery("numbered")
)


@strawberry.federation.type(shareable=True, description="An event as it was published. 已发布事件")
class PublishedEvent:
    """A CloudEvent; what each attribute means is in docs/district-systems.md."""

    id: strawberry.ID = strawberry.field(description="UUIDv7, the same however often the event is delivered. 事件编号")
    type: str = strawberry.field(description="`linli.<service>.<entity>.<fact>.v<version>`. 事件类型")
    source: str = strawberry.field(description="`/linli/<service>`. 来源")
    subject: strawberry.ID = strawberry.field(description="Id of the thing that it happened to. 对象编号")
    time: datetime = strawberry.field(description="When it happened. 发生时间")
    tenant: str = strawberry.field(description="Whose feed it is in: a district's code, or a city's. 所属事件流")
    region_code: str = strawberry.field(description="Where it happened. 区划代码")
    aggregate_version: int = strawberry.field(description="Grows with each event of the same thing. 对象版本")
    feed_sequence: int = strawberry.field(description="1, 2, 3, … per service and feed. 事件流序号")
    causation_id: str | None = strawberry.field(description="Id of the event that this one follows from. 起因事件")
    data: JSON = strawberry.field(description="The payload. 事件内容")
    message: str = strawberry.field(description="The whole event, exactly as it was published. 原始报文")


@strawberry.federation.type(shareable=True, description="An event and its place in the feed. 事件条目")
class PublishedEventEdge:
    """Relay Edge."""

    node: PublishedEvent = strawberry.field(description="The event.")
    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")


@strawberry.federation.type(shareable=True, description="A page of a feed. 事件分页列表")
class PublishedEventConnection:
    """Relay Connection."""

    edges: list[PublishedEventEdge] = strawberry.field(description="The events of this page with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


def events_field(service: str) -> Any:
    """Return the field `<service>Events` for a service's Query; assign it to `<service>_events` there.

    The service's access table lists `<service>Events`; the roles that it allows count where they are held.
    """
    operation = f"{service}Events"

    async def events(
        info: strawberry.Info[Context, None],
        tenant: Annotated[str, strawberry.argument(description="Whose feed: code of a district, or of a city. 事件流")],
        first_sequence: Annotated[int, strawberry.argument(description="From this number on. 起始序号")] = 1,
        last_sequence: Annotated[int, strawberry.argument(description="To this number. 结束序号")] = _LARGEST_INT,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> PublishedEventConnection:
        asked = PageArguments(first, after, last, before)
        return await _read(info.context, operation, tenant, (first_sequence, last_sequence), asked)

    told = f"Published events of {service} in a feed, by their numbers, as long as they are kept. 已发布事件"
    return strawberry.field(resolver=events, description=told)


async def _read(
    context: Context, operation: str, tenant: str, numbers: tuple[int, int], asked: PageArguments
) -> PublishedEventConnection:
    """Read a page of what the caller may see. Raises NotFound for a feed of which that is nothing."""
    access, caller = context.access, context.caller
    access.admit(caller, operation)
    if not (len(tenant) in (4, 6) and tenant.isascii() and tenant.isdigit()):
        raise BadRequest(reason=f"{tenant[:40]!r} is not the code of a district or city.")
    prefixes = caller.regions(*access.operations[operation])
    if not any(prefix.startswith(tenant) or tenant.startswith(prefix) for prefix in prefixes):
        raise NotFound(what="the feed")
    session = await context.read()
    mark = fingerprint(operation, tenant, *numbers, *prefixes)
    order = (_numbered.c.feed_sequence, _numbered.c.id)
    page = await paginate(session, _statement(tenant, numbers, prefixes), order, asked, mark)
    edges = [
        PublishedEventEdge(node=_event(bytes(row["payload"]), row["feed_sequence"]), cursor=cursor)
        for row, cursor in zip(page.rows, page.cursors, strict=True)
    ]
    return PublishedEventConnection(edges=edges, page_info=page.info)


def _statement(tenant: str, numbers: tuple[int, int], prefixes: tuple[str, ...]) -> Select[Any]:
    """Return the events of a feed in the transaction's scope and under `prefixes`: the outbox has no policies."""
    column = _numbered.c
    own = bindparam("prefixes", list(prefixes), ARRAY(Text), unique=True)
    return (
        select(column.id, column.feed_sequence, column.payload)
        .where(column.tenant == tenant, column.feed_sequence.between(*numbers))
        .where(text(in_scope("numbered.region_code")), column.region_code.op("^@")(any_(own)))
    )


def _event(payload: bytes, sequence: int) -> PublishedEvent:
    message = with_feed_sequence(payload, sequence)
    event = decode(message)
    return PublishedEvent(
        id=strawberry.ID(str(event.id)),
        type=event.type,
        source=event.source,
        subject=strawberry.ID(str(event.subject)),
        time=event.time,
        tenant=event.tenant,
        region_code=event.regioncode,
        aggregate_version=event.aggregateversion,
        feed_sequence=sequence,
        causation_id=event.causationid,
        data=msgspec.json.decode(event.data),
        message=message.decode(),
    )
