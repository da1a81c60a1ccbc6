"""What the gateway itself refuses a request with; each has a stable code and a text in both languages."""

from __future__ import annotations

from chassis.errors import ApiError


class MethodRefused(ApiError):
    """Not GET or POST, or a mutation by GET (GraphQL over HTTP, 5.3 and 6.2)."""

    code = "BAD_REQUEST"
    en = "Send queries by GET or POST, and mutations by POST."
    zh = "查询请使用 GET 或 POST，变更请使用 POST。"


class MediaTypeRefused(ApiError):
    """A body that is not application/json: also what keeps other sites' forms out."""

    code = "BAD_REQUEST"
    en = "Send the request as application/json."
    zh = "请以 application/json 发送请求。"


class PreflightRequired(ApiError):
    """A GET that a foreign page could make a browser send without asking first (CSRF)."""

    code = "BAD_REQUEST"
    en = "A GET request needs an Accept header with a GraphQL or JSON media type, or an X-Requested-With header."
    zh = "GET 请求需要带有 JSON 媒体类型的 Accept 头，或 X-Requested-With 头。"


class BatchRefused(ApiError):
    """An array of requests."""

    code = "BAD_REQUEST"
    en = "Send one request at a time; an array of requests is not accepted."
    zh = "每次只能发送一个请求，不接受请求数组。"


class NotAcceptable(ApiError):
    """The client accepts no media type that we can answer with."""

    code = "BAD_REQUEST"
    en = "The answer is application/graphql-response+json or application/json; the Accept header allows neither."
    zh = "响应类型为 application/graphql-response+json 或 application/json，Accept 头均不接受。"


class WrongOperation(ApiError):
    """The document has no such operation, or several and none was named."""

    code = "BAD_REQUEST"
    en = "{reason}"
    zh = "请指定文档中存在的一个操作名称。"
