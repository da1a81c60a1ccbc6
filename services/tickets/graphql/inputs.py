"""Inputs of the mutations."""

from __future__ import annotations

from uuid import UUID

import strawberry

from chassis.ids import new_id
from services.tickets.commands.act_on_ticket import ActOnTicket
from services.tickets.commands.raise_ticket import RaiseTicket
from services.tickets.domain.deliverables import Delivered
from services.tickets.domain.dividing import ChildWanted
from services.tickets.domain.process import Kind
from services.tickets.domain.ticket import Given
from services.tickets.graphql.attachments import upload_ids
from services.tickets.graphql.links import uuid_of

_ATTACHMENTS = "Uploads of the caller (requestUpload), each once, at most 20. 附件"


@strawberry.input(description="How many of a kind were delivered. 成果")
class DeliverableInput:
    """A line of what was delivered."""

    kind: str = strawberry.field(description="Code of a deliverable of the process. 种类代码")
    quantity: int = strawberry.field(description="How many in all so far, at most 1,000,000. 数量")
    place: str | None = strawberry.field(description="Where, in at most 100 characters. 地点", default=None)


@strawberry.input(description="A ticket to raise. 提单")
class RaiseTicketInput:
    """Input of raiseTicket."""

    idempotency_key: str = strawberry.field(description="The same key raises once. 幂等键")
    process: str = strawberry.field(description="Code of the process; its newest version is taken. 流程代码")
    region_code: str = strawberry.field(description="The region it is about. 区划代码")
    title: str = strawberry.field(description="What it is about, in at most 100 characters. 标题")
    description: str = strawberry.field(description="What it is about, in at most 5,000 characters. 内容", default="")
    category: str | None = strawberry.field(
        description="Code of a category; needed when the process has any. 类别", default=None
    )
    channel: str | None = strawberry.field(
        description="Code of the channel it came in by; the process's first when left out. 渠道", default=None
    )
    channel_reference: str | None = strawberry.field(
        description="What it is called where it came from; raised there once. For who is in duty. 渠道编号",
        default=None,
    )
    concerns: strawberry.ID | None = strawberry.field(
        description="The ticket that it is about, of a process that this one names, as a complaint is. 所涉单据",
        default=None,
    )
    on_behalf: bool = strawberry.field(
        description="Raised by somebody in duty for a resident, not for themselves. 代提", default=False
    )
    requester_name: str | None = strawberry.field(
        description="The requester's name; kept encrypted, shown masked. 提单人姓名", default=None
    )
    requester_phone: str | None = strawberry.field(
        description="The requester's telephone number; kept encrypted, shown masked. 提单人电话", default=None
    )
    attachments: list[strawberry.ID] = strawberry.field(description=_ATTACHMENTS, default_factory=list)

    def asked(self) -> RaiseTicket:
        """Return what the command takes."""
        return RaiseTicket(
            process=self.process,
            region_code=self.region_code,
            title=self.title,
            description=self.description,
            category=self.category,
            channel=self.channel,
            channel_reference=self.channel_reference,
            concerns=None if self.concerns is None else uuid_of(self.concerns),
            on_behalf=self.on_behalf,
            requester_name=self.requester_name,
            requester_phone=self.requester_phone,
            uploads=upload_ids(self.attachments),
        )


_ID = "The ticket. 单据"
_VERSION = "The version you read; refused when it is another by now. 版本"
_ACTION = "Code of the action, when the step has several of this kind. 动作代码"
_OPINION = "In at most 2,000 characters. 意见"
_REASON = "Why, in at most 2,000 characters. 理由"
_INVITED = "The organisations that are asked to answer, at most 20. 受邀单位"
_GROUNDS = "Item of entry control by which the community need not do it. 准入清单依据"
_AMOUNT = "Money set aside or spent, in 0.01 yuan. 金额（分）"
_DELIVERABLES = "All that has been delivered so far; it replaces what was said before; at most 20. 成果"
_INTO = "The ticket under way about the same matter. 并入单据"
_ASSIGNEE = "The person whose turn it is to be: who holds a duty of the step. 被指派人"
_RESPONSIBLE = "The organisation that is to carry it out. 承办单位"


def given_by(asked: object) -> Given:
    """Return what comes with an action, from an input that has some of its fields."""

    def id_of(name: str) -> UUID | None:
        id_: str | None = getattr(asked, name, None)
        return None if id_ is None else uuid_of(id_)

    deliverables: list[DeliverableInput] = getattr(asked, "deliverables", [])
    return Given(
        opinion=getattr(asked, "opinion", None),
        reason=getattr(asked, "reason", None),
        notice=getattr(asked, "notice", None),
        rating=getattr(asked, "rating", None),
        amount=getattr(asked, "amount", None),
        responsible=id_of("responsible"),
        grounds=id_of("grounds"),
        into=id_of("into"),
        assignee=id_of("assignee"),
        invited=tuple(uuid_of(one) for one in getattr(asked, "invited", ())),
        children=tuple(one.asked() for one in getattr(asked, "children", ())),
        deliverables=tuple(Delivered(one.kind, one.quantity, one.place) for one in deliverables),
    )


@strawberry.input(description="Something to do with a ticket. 办理")
class TicketInput:
    """What every action takes."""

    id: strawberry.ID = strawberry.field(description=_ID)
    expected_version: int = strawberry.field(description=_VERSION)
    action: str | None = strawberry.field(description=_ACTION, default=None)
    opinion: str | None = strawberry.field(description=_OPINION, default=None)
    attachments: list[strawberry.ID] = strawberry.field(description=_ATTACHMENTS, default_factory=list)

    def asked(self, kind: Kind | None) -> ActOnTicket:
        """Return what the command takes."""
        return ActOnTicket(
            id=uuid_of(self.id),
            expected_version=self.expected_version,
            kind=kind,
            action=self.action,
            given=given_by(self),
            uploads=upload_ids(self.attachments),
        )


@strawberry.input(description="A ticket to accept. 接单")
class AcceptTicketInput(TicketInput):
    """Input of acceptTicket."""


@strawberry.input(description="A ticket that was deliberated on. 议单")
class DeliberateTicketInput(TicketInput):
    """Input of deliberateTicket."""


@strawberry.input(description="A decision on a ticket. 定单")
class DecideTicketInput(TicketInput):
    """Input of decideTicket."""

    responsible: strawberry.ID | None = strawberry.field(description=_RESPONSIBLE, default=None)
    amount: int | None = strawberry.field(description=_AMOUNT, default=None)


@strawberry.input(description="A ticket that was carried out. 办理")
class CarryOutTicketInput(TicketInput):
    """Input of carryOutTicket."""

    responsible: strawberry.ID | None = strawberry.field(description=_RESPONSIBLE, default=None)
    amount: int | None = strawberry.field(description=_AMOUNT, default=None)
    deliverables: list[DeliverableInput] = strawberry.field(description=_DELIVERABLES, default_factory=list)


@strawberry.input(description="An evaluation of a result. 评单")
class EvaluateTicketInput(TicketInput):
    """Input of evaluateTicket."""

    rating: int = strawberry.field(description="On the scale of the process, the best highest. 评分")


@strawberry.input(description="A result to make public. 结果公开")
class PubliciseTicketInput(TicketInput):
    """Input of publiciseTicket."""

    notice: str = strawberry.field(description="What everyone may read, in at most 2,000 characters. 公开内容")


@strawberry.input(description="Organisations to call to a ticket. 约请")
class InviteToTicketInput(TicketInput):
    """Input of inviteToTicket."""

    invited: list[strawberry.ID] = strawberry.field(description=_INVITED)


@strawberry.input(description="What an invited organisation answers. 应约答复")
class AnswerTicketInput(TicketInput):
    """Input of answerTicket."""


@strawberry.input(description="A ticket to refuse. 不予受理")
class RefuseTicketInput(TicketInput):
    """Input of refuseTicket."""

    reason: str = strawberry.field(description=_REASON)
    grounds: strawberry.ID | None = strawberry.field(description=_GROUNDS, default=None)


@strawberry.input(description="A ticket to send back. 退回")
class ReturnTicketInput(TicketInput):
    """Input of returnTicket."""

    reason: str = strawberry.field(description=_REASON)
    grounds: strawberry.ID | None = strawberry.field(description=_GROUNDS, default=None)


@strawberry.input(description="A ticket to take back. 撤回")
class WithdrawTicketInput(TicketInput):
    """Input of withdrawTicket."""

    reason: str | None = strawberry.field(description=_REASON, default=None)


@strawberry.input(description="A ticket to reopen. 重新办理")
class ReopenTicketInput(TicketInput):
    """Input of reopenTicket."""

    reason: str | None = strawberry.field(description=_REASON, default=None)


@strawberry.input(description="A ticket to join to another about the same matter. 并案")
class JoinTicketInput(TicketInput):
    """Input of joinTicket."""

    into: strawberry.ID = strawberry.field(description=_INTO)
    reason: str | None = strawberry.field(description=_REASON, default=None)


@strawberry.input(description="A child ticket to open. 子单")
class ChildTicketInput:
    """One of the parts that a ticket is divided into."""

    process: str = strawberry.field(description="Code of its process, one that the step names. 流程代码")
    region_code: str = strawberry.field(description="The region it is about, where the caller is in charge. 区划代码")
    title: str = strawberry.field(description="What is to be done, in at most 100 characters. 标题")
    description: str = strawberry.field(description="In at most 5,000 characters. 内容", default="")
    category: str | None = strawberry.field(
        description="Code of a category; needed when its process has any. 类别", default=None
    )
    organisation: strawberry.ID | None = strawberry.field(
        description="The organisation that it is for; needed when its process begins with one that answers. 承办单位",
        default=None,
    )

    def asked(self) -> ChildWanted:
        """Return what the domain takes."""
        return ChildWanted(
            id=new_id(),
            process=self.process,
            region_code=self.region_code.strip(),
            title=self.title,
            description=self.description,
            category=self.category,
            organisation=None if self.organisation is None else uuid_of(self.organisation),
        )


@strawberry.input(description="A ticket to divide among child tickets. 拆单")
class DivideTicketInput(TicketInput):
    """Input of divideTicket."""

    idempotency_key: str = strawberry.field(description="The same key divides once. 幂等键")
    children: list[ChildTicketInput] = strawberry.field(description="The child tickets, at most 20. 子单")


@strawberry.input(description="A ticket to make somebody's turn. 改派")
class AssignTicketInput(TicketInput):
    """Input of assignTicket."""

    assignee: strawberry.ID = strawberry.field(description=_ASSIGNEE)
    reason: str | None = strawberry.field(description=_REASON, default=None)


@strawberry.input(description="A ticket to take on. 认领")
class ClaimTicketInput(TicketInput):
    """Input of claimTicket."""


@strawberry.input(description="A ticket to put back for all in turn. 放回")
class ReleaseTicketInput(TicketInput):
    """Input of releaseTicket."""

    reason: str | None = strawberry.field(description=_REASON, default=None)


@strawberry.input
class _Anything:
    """What an action may be given, whichever it is."""

    reason: str | None = strawberry.field(description=_REASON, default=None)
    notice: str | None = strawberry.field(
        description="What everyone may read, in at most 2,000 characters. 公开内容", default=None
    )
    rating: int | None = strawberry.field(description="On the scale of the process. 评分", default=None)
    responsible: strawberry.ID | None = strawberry.field(description=_RESPONSIBLE, default=None)
    amount: int | None = strawberry.field(description=_AMOUNT, default=None)
    deliverables: list[DeliverableInput] = strawberry.field(description=_DELIVERABLES, default_factory=list)
    invited: list[strawberry.ID] = strawberry.field(description=_INVITED, default_factory=list)
    grounds: strawberry.ID | None = strawberry.field(description=_GROUNDS, default=None)
    into: strawberry.ID | None = strawberry.field(description=_INTO, default=None)
    assignee: strawberry.ID | None = strawberry.field(description=_ASSIGNEE, default=None)


@strawberry.input(description="Any action of the ticket's process, by its code. 办理")
class ActOnTicketInput(_Anything, TicketInput):
    """Input of actOnTicket."""

    action: str = strawberry.field(description="Code of the action; see Ticket.myActions. 动作代码")


@strawberry.input(description="One of several tickets. 批量单据")
class TicketToActOn:
    """A ticket as the caller knows it."""

    id: strawberry.ID = strawberry.field(description=_ID)
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input(description="The same action on several tickets. 批量办理")
class ActOnTicketsInput(_Anything):
    """Input of actOnTickets."""

    action: str = strawberry.field(description="Code of the action; see Ticket.myActions. 动作代码")
    idempotency_key: str = strawberry.field(description="The same key does it once for each ticket. 幂等键")
    tickets: list[TicketToActOn] = strawberry.field(description="Each once, at most 100. 单据")
    opinion: str | None = strawberry.field(description=_OPINION, default=None)
    attachments: list[strawberry.ID] = strawberry.field(description=_ATTACHMENTS, default_factory=list)

    def asked(self) -> list[ActOnTicket]:
        """Return what the command takes for each ticket, in their order."""
        given, uploads = given_by(self), upload_ids(self.attachments)
        return [
            ActOnTicket(
                id=uuid_of(one.id),
                expected_version=one.expected_version,
                action=self.action,
                given=given,
                uploads=uploads,
                batch=self.idempotency_key,
            )
            for one in self.tickets
        ]


@strawberry.input(description="A look at a requester's personal data. 查看提单人信息")
class RevealRequesterInput:
    """Input of revealRequester."""

    id: strawberry.ID = strawberry.field(description=_ID)
    purpose: str = strawberry.field(description="What for; the look is recorded with it. 用途")
