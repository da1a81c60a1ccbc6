"""Files in the graph: what came with a ticket, links to upload and to fetch, and the mutations that give them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Self
from uuid import UUID

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import mutate, perform
from chassis.objects.store import Link
from chassis.problems import Refused
from services.tickets.commands import uploads as commands
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.uploads import (
    DeclaredFile,
    UploadState,
    key_of_file,
    key_of_reference,
    key_of_upload,
)
from services.tickets.files import Files
from services.tickets.graphql.links import Info, by_process, extras_of, seen_by, uuid_of
from services.tickets.graphql.problem import Problem
from services.tickets.storage import uploads as stored
from services.tickets.storage.state import IMPORTED


@strawberry.enum(description="What is known of a file. 附件状态")
class TicketAttachmentState(Enum):
    """As `domain.uploads.UploadState`, by name."""

    QUARANTINED = strawberry.enum_value(
        "QUARANTINED", description="It is being looked into; nobody can read it yet. 检查中"
    )
    AVAILABLE = strawberry.enum_value("AVAILABLE", description="Whoever sees the ticket can read it. 可下载")
    REFUSED = strawberry.enum_value(
        "REFUSED", description="It was not what it was said to be, or infected, and was deleted. 已拒收"
    )
    ERASED = strawberry.enum_value("ERASED", description="It was deleted with the requester's data. 已删除")
    IMPORTED = strawberry.enum_value(
        "IMPORTED", description="A reference from an import; the file may lie in the store. 导入引用"
    )


@strawberry.type(description="A file that came with a ticket; openAttachment gives a link to it. 附件")
class TicketAttachment:
    """An attachment."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    name: str = strawberry.field(description="File name; empty once erased. 文件名")
    media_type: str = strawberry.field(description="Media type (RFC 6838). 类型")
    size: int = strawberry.field(description="Bytes. 大小")
    sha256: str = strawberry.field(description="Digest by which the file is known. 摘要")
    state: TicketAttachmentState = strawberry.field(description="What is known of it. 状态")
    is_scanned: bool = strawberry.field(description="Whether a virus scanner looked into it. 是否经病毒扫描")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        plain = {name: row[name] for name in ("name", "media_type", "size", "sha256", "is_scanned")}
        return cls(id=strawberry.ID(str(row["id"])), state=TicketAttachmentState[row["state"].upper()], **plain)


@strawberry.type(description="A header to send. 请求头")
class LinkHeader:
    """Name and value."""

    name: str = strawberry.field(description="Its name. 名称")
    value: str = strawberry.field(description="Its value, to be sent as it is. 值")


@strawberry.type(description="A request to the file store that holds for minutes, for whoever has it. 限时链接")
class FileLink:
    """A link."""

    method: str = strawberry.field(description="PUT to upload, GET to fetch. 方法")
    url: str = strawberry.field(description="Where to; it is a secret as long as it holds. 地址")
    headers: list[LinkHeader] = strawberry.field(
        description="To be sent, at most 5; without them it is refused. 请求头"
    )
    expires_at: datetime = strawberry.field(description="Until when it holds. 失效时间")

    @classmethod
    def of(cls, link: Link) -> Self:
        """Make it from the store's."""
        headers = [LinkHeader(name=name, value=value) for name, value in link.headers.items()]
        return cls(method=link.method, url=link.url, headers=headers, expires_at=link.expires_at)


@strawberry.type(description="A file that is to be uploaded, then attached by this id. 上传")
class Upload:
    """An upload."""

    id: strawberry.ID = strawberry.field(description="What `attachments` of an act takes. 标识")
    link: FileLink | None = strawberry.field(description="Where to put the file; null once it is attached. 上传链接")


@strawberry.input(description="A file to upload. 申请上传")
class RequestUploadInput:
    """Input of requestUpload."""

    idempotency_key: str = strawberry.field(
        description="The same key is the same upload, with a new link while it waits for its file. 幂等键"
    )
    ticket_id: strawberry.ID | None = strawberry.field(
        description="The ticket that it is for; left out for one that is to be raised. 单据", default=None
    )
    process: str | None = strawberry.field(
        description="Process of the ticket that is to be raised with it. 流程", default=None
    )
    region_code: str | None = strawberry.field(
        description="Region of the ticket that is to be raised with it. 区划代码", default=None
    )
    name: str = strawberry.field(description="File name, in at most 100 characters. 文件名")
    media_type: str = strawberry.field(description="Media type (RFC 6838), such as image/jpeg. 类型")
    size: int = strawberry.field(description="Bytes, exactly. 大小")
    sha256: str = strawberry.field(description="SHA-256 of the file, 64 hexadecimal digits. 摘要")

    def asked(self) -> commands.RequestUpload:
        """Return what the command takes."""
        return commands.RequestUpload(
            ticket=None if self.ticket_id is None else uuid_of(self.ticket_id),
            process=self.process,
            region_code=self.region_code,
            file=DeclaredFile(name=self.name, media_type=self.media_type, size=self.size, sha256=self.sha256),
        )


@strawberry.type(description="What became of it. 结果")
class RequestUploadPayload:
    """Payload of requestUpload."""

    upload: Upload | None = strawberry.field(description="The upload; null when refused. 上传")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.input(description="A file to fetch. 下载附件")
class OpenAttachmentInput:
    """Input of openAttachment."""

    id: strawberry.ID = strawberry.field(description="The attachment. 附件")


@strawberry.type(description="What became of it. 结果")
class OpenAttachmentPayload:
    """Payload of openAttachment."""

    link: FileLink | None = strawberry.field(description="Where to fetch it; null when refused. 下载链接")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class AttachmentMutations:
    """The mutations."""

    @strawberry.mutation(
        description="Ask for a link to upload a file that is to come with a ticket or with an act on one. 申请上传附件"
    )
    async def request_upload(self, info: Info, input: RequestUploadInput) -> RequestUploadPayload:  # noqa: A002
        """Note it, then sign the link."""
        context, asked = info.context, input.asked()
        context.access.admit(context.caller, "requestUpload")
        try:
            files = extras_of(context).taking_files()
        except Refused as refused:
            return RequestUploadPayload(upload=None, problems=[context.problem_type.of(refused, context.language)])
        outcome = await perform(
            info, "requestUpload", by_process(info, commands.request_upload), asked, input.idempotency_key
        )
        if outcome.id is None:
            return RequestUploadPayload(upload=None, problems=outcome.problems)
        rows = await stored.load_own(await context.read(), str(context.caller.subject), [outcome.id])
        if not rows:
            gone = Refused(TicketProblem.UNKNOWN_UPLOAD, "idempotencyKey")
            return RequestUploadPayload(upload=None, problems=[context.problem_type.of(gone, context.language)])
        return RequestUploadPayload(upload=await _upload(files, rows[0]), problems=[])

    @strawberry.mutation(description="Fetch a file of a ticket that the caller sees; every look is recorded. 下载附件")
    async def open_attachment(self, info: Info, input: OpenAttachmentInput) -> OpenAttachmentPayload:  # noqa: A002
        """Record the look, then sign the link."""
        context, id_ = info.context, uuid_of(input.id)
        seen = await seen_by(context, "openAttachment")
        row = await stored.load_attachment(await context.read(), id_)
        files = extras_of(context).files
        is_here = row is not None and files is not None and await _is_here(files, row)
        outcome = await mutate(
            context,
            "openAttachment",
            lambda session, permit: commands.open_attachment(
                session, permit, seen, commands.OpenAttachment(id_, is_here=is_here)
            ),
        )
        if outcome.id is None or row is None or files is None:
            return OpenAttachmentPayload(link=None, problems=outcome.problems)
        link = await files.store.download_link(_key(row), row["name"], files.link_seconds)
        return OpenAttachmentPayload(link=FileLink.of(link), problems=[])


async def _upload(files: Files, row: Any) -> Upload:
    """Return an upload, with a link as long as it may be put there."""
    link = None
    if row["attached_at"] is None:
        declared = commands.declared(row)
        link = FileLink.of(await files.store.upload_link(key_of_upload(row["id"]), declared, files.link_seconds))
    return Upload(id=strawberry.ID(str(row["id"])), link=link)


def _key(row: Any) -> str:
    return key_of_reference(row["key"]) if row["state"] == IMPORTED else key_of_file(row["upload_id"])


async def _is_here(files: Files, row: Any) -> bool:
    """Tell whether there is a file to fetch; an imported reference may have none, or another one."""
    if row["state"] != IMPORTED:
        return bool(row["state"] == UploadState.AVAILABLE)
    found = await files.store.stat(key_of_reference(row["key"]))
    return found is not None and found.size == row["size"]


def upload_ids(ids: Sequence[strawberry.ID]) -> tuple[UUID, ...]:
    """Return the uploads that an act names."""
    return tuple(uuid_of(one) for one in ids)


async def inspected(context: Context, ids: Sequence[UUID]) -> list[Problem]:
    """Look at what arrived for the uploads of an act; return the problems, none when the act may go on."""
    if not ids or context.caller.is_anonymous:
        return []
    try:
        files = extras_of(context).taking_files()
        await commands.inspect_uploads(context.database, context.caller.scope, files, str(context.caller.subject), ids)
    except Refused as refused:
        return [context.problem_type.of(refused, context.language)]
    return []
