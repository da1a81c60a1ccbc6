"""How a subscription ends when it does not end well, in words its client can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from chassis.errors import ApiError, Internal
from gateway.execution.errors import SubrequestError, format_downstream, format_failure
from gateway.http.documents import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import GraphQLError

_log = structlog.get_logger(__name__)


class TooManyConnections(ApiError):
    """The caller, or everyone together, has as many connections or streams open as are allowed."""

    code = "TOO_MANY"
    en = "Too many connections are open ({limit}); close one, or try again later."
    zh = "已打开的连接过多（上限 {limit}），请关闭部分连接或稍后重试。"


class TooManySubscriptions(ApiError):
    """The connection, or the gateway as a whole, runs as many operations as are allowed."""

    code = "TOO_MANY"
    en = "Too many subscriptions are running ({limit}); end one, or try again later."
    zh = "正在运行的订阅过多（上限 {limit}），请结束部分订阅或稍后重试。"


class TooSlow(ApiError):
    """Events came faster than they could be delivered; rather than keep them all, the subscription was ended."""

    code = "SUBSCRIPTION_TOO_SLOW"
    en = "More than {limit} events were waiting to be delivered, so the subscription ended; read again and resubscribe."
    zh = "待发送事件超过 {limit} 条，订阅已结束；请重新读取数据后再次订阅。"


class SignInExpired(ApiError):
    """The token with which the subscription began is no longer valid."""

    code = "UNAUTHENTICATED"
    en = "Your sign-in has expired; sign in again and resubscribe."
    zh = "登录已过期，请重新登录后再次订阅。"


class GoingAway(ApiError):
    """This gateway is being stopped."""

    code = "UNAVAILABLE"
    en = "The gateway is being restarted; resubscribe."
    zh = "网关正在重启，请重新订阅。"


class NothingToSubscribe(ApiError):
    """A subscription whose only field is left out, or is no subgraph's."""

    code = "BAD_REQUEST"
    en = "The subscription selects no field of a service."
    zh = "该订阅未选择任何服务的字段。"


class SubscriptionLost(SubrequestError):
    """The subgraph's stream broke off, or fell silent, without having been completed."""

    code = "SUBSCRIPTION_LOST"


class SubscriptionRefused(SubrequestError):
    """The subgraph refused the subscription, with GraphQL errors."""

    code = "SUBSCRIPTION_REFUSED"

    def __init__(self, errors: Sequence[Any]) -> None:
        super().__init__("The service refused the subscription.")
        self.errors = tuple(errors)


def formatted(error: Exception, subgraph: str, language: str, request_id: str) -> list[dict[str, Any]]:
    """Return the GraphQL errors to end an operation with; what is not ours to tell is logged and masked."""
    if isinstance(error, DocumentRefused):
        return [_coded(each) for each in error.errors]
    if isinstance(error, SubscriptionRefused) and error.errors:
        return [format_downstream(each, subgraph, None) for each in error.errors]
    if isinstance(error, SubrequestError):
        return [format_failure(error, subgraph, None)]
    if not isinstance(error, ApiError):
        _log.error("subscription failed", request_id=request_id, exc_info=error)
        error = Internal(request_id=request_id)
    return [{"message": error.text(language), "extensions": {"code": error.code}}]


def _coded(error: GraphQLError) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": "BAD_REQUEST"}}
