"""What everyone may see of a ticket: what its process says, and nothing that names a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, Select
from strawberry.dataloader import DataLoader

from chassis.database import ReadSession
from chassis.graphql.belongings import Belongings
from chassis.graphql.connection import Connection, Page, PageArguments, paginate
from chassis.graphql.context import Context
from services.tickets.domain.process import Kind, Process
from services.tickets.files import Files
from services.tickets.graphql import regions
from services.tickets.graphql.attachments import FileLink
from services.tickets.graphql.deliverables import TicketDeliverable, delivered
from services.tickets.graphql.enums import TicketActionKind, TicketOutcome
from services.tickets.graphql.links import Info, Organisation, RegionLink, extras_of, named, processes_of
from services.tickets.graphql.owners_votes import TicketOwnersVote
from services.tickets.graphql.tickets import TicketRatings
from services.tickets.graphql.timeline import organisation_of
from services.tickets.graphql.words import ProcessStep, TicketCategory, TicketProcess, action_name, kind_of
from services.tickets.storage import histories, reads
from services.tickets.storage.concerns import load_deliverables


@strawberry.type(description="One line of a public timeline: what was done, not by whom. 公开办理记录")
class PublicTimelineEntry:
    """Something that was done."""

    at: datetime = strawberry.field(description="When. 时间")
    kind: TicketActionKind = strawberry.field(description="What it means. 动作类别")
    name: str = strawberry.field(description="What the process calls it. 动作名称")
    acted_as: str = strawberry.field(
        description="As what: code of a duty title, `requester`, `resident` or `system`. 办理身份"
    )
    to_step: ProcessStep = strawberry.field(description="Where the ticket came to. 去向环节")


@strawberry.type(description="A file that everyone may fetch. 公开附件")
class PublicAttachment:
    """A file in public; links to it expire like any other."""

    name: str = strawberry.field(description="File name. 文件名")
    media_type: str = strawberry.field(description="Media type (RFC 6838). 类型")
    size: int = strawberry.field(description="Bytes. 大小")
    key: strawberry.Private[str]
    files: strawberry.Private[Files]

    @classmethod
    def of(cls, row: RowMapping, files: Files) -> Self:
        """Make it from a row."""
        return cls(files=files, **{name: row[name] for name in ("name", "media_type", "size", "key")})

    @strawberry.field(description="Where to fetch it. 下载链接")
    async def link(self) -> FileLink:
        """Sign a link."""
        return FileLink.of(await self.files.store.download_link(self.key, self.name, self.files.link_seconds))


class PublicReads:
    """Batched reads for the tickets of one page, without a scope: only what is public is asked of them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.ratings = DataLoader(load_fn=self._ratings)
        self.deliverables = DataLoader(load_fn=self._deliverables)
        self.region_names = DataLoader(load_fn=self._region_names)

    async def _ratings(self, ids: list[UUID]) -> list[tuple[int, float | None]]:
        return await reads.load_ratings(await self._context.read_public(), ids)

    async def _deliverables(self, ids: list[UUID]) -> list[list[RowMapping]]:
        return await load_deliverables(await self._context.read_public(), ids)

    async def _region_names(self, ids: list[UUID]) -> list[str | None]:
        return await reads.load_region_names(await self._context.read_public(), ids)


@strawberry.type(description="What everyone may see of a ticket. 公开单据")
class PublicTicket:
    """A ticket in public."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    number: str = strawberry.field(description="What people quote. 单号")
    version: int = strawberry.field(description="Counts what was done; give it back as expectedVersion. 版本")
    region_code: str = strawberry.field(description="Code of the region it is about. 区划代码")
    raised_at: datetime = strawberry.field(description="When it was raised. 提单时间")
    ended_at: datetime | None = strawberry.field(description="When it ended. 结束时间")
    public_since: datetime | None = strawberry.field(
        description="Since when everyone may see it; null for one that residents are asked to evaluate. 公开时间"
    )
    outcome: TicketOutcome | None = strawberry.field(description="How it ended. 办结方式")
    title: str | None = strawberry.field(description="What it is about, where the process makes that public. 标题")
    notice: str | None = strawberry.field(description="What is made public of the result. 公开内容")
    organisation: Organisation | None = strawberry.field(description="Who was named to carry it out. 承办单位")
    row: strawberry.Private[RowMapping]
    definition: strawberry.Private[Process]
    batch: strawberry.Private[PublicReads]

    @classmethod
    def of(cls, row: RowMapping, process: Process, batch: PublicReads) -> Self:
        """Make it from a ticket's row, with what the process shows."""
        shows = process.publicity.shows if process.publicity else ()
        is_public = row["public_since"] is not None
        return cls(
            id=strawberry.ID(str(row["id"])),
            **{name: row[name] for name in ("number", "version", "region_code", "raised_at", "ended_at")},
            public_since=row["public_since"],
            outcome=None if row["outcome"] is None else TicketOutcome[row["outcome"].upper()],
            title=row["title"] if "title" in shows else None,
            notice=row["notice"] if "notice" in shows and is_public else None,
            organisation=organisation_of(row["responsible"]) if "responsible" in shows else None,
            row=row,
            definition=process,
            batch=batch,
        )

    def _shows(self, what: str) -> bool:
        return self.definition.publicity is not None and what in self.definition.publicity.shows

    @strawberry.field(description="Name of the region it is about. 区划名称")
    async def region_name(self) -> str | None:
        """Read it from what org told."""
        return await self.batch.region_names.load(self.row["region_id"])

    @strawberry.field(description="The region it is about; needs a token that may see it. 区划")
    def region(self) -> RegionLink | None:
        """Refer to it."""
        return regions.Region(id=strawberry.ID(str(self.row["region_id"])))

    @strawberry.field(description="The process it goes through. 流程")
    def process(self, info: Info) -> TicketProcess:
        """Show the version it is pinned to."""
        return TicketProcess.of(self.definition, info.context)

    @strawberry.field(description="What kind of matter it is. 类别")
    def category(self, info: Info) -> TicketCategory | None:
        """Show it in the caller's language."""
        code = self.row["category"]
        found = (one for one in self.definition.categories if one.code == code)
        return next((TicketCategory(code=code, name=named(info.context, one)) for one in found), None)

    @strawberry.field(description="The step it waits in, or the end it came to. 当前环节")
    def step(self, info: Info) -> ProcessStep:
        """Show it in the caller's language."""
        return ProcessStep.of(self.definition, self.row["step"], info.context)

    @strawberry.field(description="How the result was evaluated, where the process makes that public. 评价汇总")
    async def ratings(self) -> TicketRatings | None:
        """Read the present round."""
        if not self._shows("rating"):
            return None
        count, mean = await self.batch.ratings.load(self.row["id"])
        return TicketRatings(count=count, mean=mean)

    @strawberry.field(description="What was delivered, where the process makes that public; at most 20. 成果")
    async def deliverables(self, info: Info) -> list[TicketDeliverable] | None:
        """Read what stands."""
        if not self._shows("deliverables"):
            return None
        rows = await self.batch.deliverables.load(self.row["id"])
        return delivered((row for row in rows if row["stands"]), self.definition, info.context)

    @strawberry.field(description="What the owners decided of it, once it is public; the first first. 业主表决结果公示")
    async def owners_votes(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketOwnersVote] | None:
        """Read a page of the votes that it led to."""
        if self.row["public_since"] is None:
            return None
        page = await self._page(info, histories.OWNERS_VOTES, PageArguments(first, after, last, before))
        return page.connection(TicketOwnersVote.of)

    @strawberry.field(description="What was done, where the process makes that public; the first first. 办理记录")
    async def timeline(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PublicTimelineEntry] | None:
        """Read a page of it, without persons and words."""
        if not self._shows("timeline"):
            return None
        page = await self._page(info, histories.ENTRIES, PageArguments(first, after, last, before))
        return page.connection(lambda row: _entry(row, self.definition, info.context))

    @strawberry.field(
        description="Files that came with what was made public, where the process makes them public; the first first. "
        "公开附件"
    )
    async def attachments(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PublicAttachment] | None:
        """Read a page of those that can be fetched, each with a link for this reader."""
        files = extras_of(info.context).files
        if not self._shows("attachments") or self.public_since is None or files is None:
            return None
        page = await self._page(info, histories.PUBLIC_ATTACHMENTS, PageArguments(first, after, last, before))
        return page.connection(lambda row: PublicAttachment.of(row, files))

    async def _page(self, info: Info, of: Belongings, asked: PageArguments) -> Page:
        return await of.page(info.context, self.row["id"], asked, public=True)


def _entry(row: RowMapping, process: Process, context: Context) -> PublicTimelineEntry:
    kind = Kind(row["kind"])
    return PublicTimelineEntry(
        at=row["at"],
        kind=kind_of(kind),
        name=action_name(process, row["action"], kind, row["from_step"], context),
        acted_as=row["acted_as"],
        to_step=ProcessStep.of(process, row["to_step"], context),
    )


async def public_page(
    context: Context,
    session: ReadSession,
    statement: Select[Any],
    asked: PageArguments,
    mark: str,
    *,
    by_publicity: bool,
) -> Connection[PublicTicket]:
    """Return a page of public tickets, the newest first: by when they were made public, or were raised."""
    order = reads.PUBLIC_ORDER if by_publicity else reads.ORDER
    most = reads.MOST_COUNTED + 1
    page = await paginate(session, statement, order, asked, mark, descending=True, most_counted=most)
    batch, processes = PublicReads(context), processes_of(context)
    wanted = {(row["process"], row["process_version"]) for row in page.rows}
    known = {key: await processes.get(session, *key) for key in wanted}
    return page.connection(lambda row: PublicTicket.of(row, known[row["process"], row["process_version"]], batch))
