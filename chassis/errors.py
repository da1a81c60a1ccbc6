"""What a request can be refused with, apart from a domain's own problems.

These become GraphQL errors with `extensions.code`. Anything else that is raised is masked as INTERNAL.
"""

from __future__ import annotations

from typing import ClassVar


class ApiError(Exception):
    """A refusal with a stable code and its text in English and Chinese; texts may name `{values}`."""

    code: ClassVar[str]
    en: ClassVar[str]
    zh: ClassVar[str]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """Return the message in `language`: `zh-CN` or `en`."""
        return (self.zh if language == "zh-CN" else self.en).format(**self.values)


class Unauthenticated(ApiError):
    """No token, or one that does not hold: expired, foreign, altered."""

    code = "UNAUTHENTICATED"
    en = "Sign in first: {reason}."
    zh = "请先登录：{reason}。"


class Forbidden(ApiError):
    """The caller is known but may not do this."""

    code = "FORBIDDEN"
    en = "Your roles do not allow {operation} here."
    zh = "您的角色无权在此执行 {operation}。"


class NotFound(ApiError):
    """It does not exist, or not in the caller's scope: the two are not told apart."""

    code = "NOT_FOUND"
    en = "{what} was not found in your scope."
    zh = "在您的权限范围内未找到 {what}。"


class BadRequest(ApiError):
    """The request itself is malformed."""

    code = "BAD_REQUEST"
    en = "{reason}"
    zh = "{reason}"


class BadCursor(ApiError):
    """A cursor that this server did not make, or made for another query."""

    code = "BAD_REQUEST"
    en = "The cursor does not belong to this query; start again without it."
    zh = "游标不属于此查询，请不带游标重新查询。"


class BadPage(ApiError):
    """Page arguments that do not go together or exceed the limit."""

    code = "BAD_REQUEST"
    en = "Ask for 1 to {most} items with either first/after or last/before."
    zh = "请使用 first/after 或 last/before 之一，每页 1 至 {most} 条。"


class TooLarge(ApiError):
    """A document, body or list beyond its limit."""

    code = "TOO_LARGE"
    en = "Too large: {what} is limited to {limit}."
    zh = "超出限制：{what} 上限为 {limit}。"


class TimedOut(ApiError):
    """The request took longer than it may."""

    code = "TIMEOUT"
    en = "The request took longer than {seconds} seconds and was stopped; nothing of it was kept."
    zh = "请求超过 {seconds} 秒，已停止且未保存任何内容。"


class Unavailable(ApiError):
    """Something the service needs is away for the moment; nothing was changed."""

    code = "UNAVAILABLE"
    en = "The service cannot reach its database just now; nothing was changed, please try again."
    zh = "服务暂时无法连接数据库；未作任何更改，请稍后重试。"


class Internal(ApiError):
    """A fault of ours; the log has it under the request id."""

    code = "INTERNAL"
    en = "Something went wrong on our side (request {request_id})."
    zh = "系统内部错误（请求编号 {request_id}）。"
