"""What the gateway itself refuses a request with; each has a stable code and a text in both languages."""

from __future__ import annotations

from chassis.errors import ApiError


class MethodRefused(ApiError):
    """Not GET or POST, or a mutation by GET (GraphQL over HTTP, 5.3 and 6.2)."""

    code = "BAD_REQUEST"
    en = "Send queries by GET or POST, and mutations by POST."
    zh = "查询请使用 GET 或 POST，变更请使用 POST。"


class EventStreamNeeded(ApiError):
    """A subscription that is asked for one answer (docs/subscriptions.md)."""

    code = "BAD_REQUEST"
    en = "Subscribe over WebSocket (graphql-transport-ws), or by POST with Accept: text/event-stream."
    zh = "订阅请使用 WebSocket（graphql-transport-ws），或以 POST 发送并带 Accept: text/event-stream。"


class MediaTypeRefused(ApiError):
    """A body that is not application/json: also what keeps other sites' forms out."""

    code = "BAD_REQUEST"
    en = "Send the request as application/json."
    zh = "请以 application/json 发送请求。"


class PreflightRequired(ApiError):
    """A GET that a foreign page could make a browser send without asking first (CSRF)."""

    code = "BAD_REQUEST"
    en = (
        "A GET request needs a header that browsers do not let other sites set unasked: Content-Type:"
        " application/json, X-Requested-With, GraphQL-Require-Preflight or Apollo-Require-Preflight."
    )
    zh = (
        "GET 请求需要带有浏览器不允许其他网站擅自设置的请求头：Content-Type: application/json、X-Requested-With、"
        "GraphQL-Require-Preflight 或 Apollo-Require-Preflight。"
    )


class BatchRefused(ApiError):
    """An array of requests, where none is accepted or with more than are."""

    code = "BAD_REQUEST"
    en = "An array of requests may have at most {most}; with 0, send one request at a time."
    zh = "请求数组最多包含 {most} 个请求；为 0 时每次只能发送一个请求。"


class PersistedQueryNotFound(ApiError):
    """No document has this id. A client of automatic persisted queries sends the text with the hash then."""

    code = "PERSISTED_QUERY_NOT_FOUND"
    en = "PersistedQueryNotFound"
    zh = "PersistedQueryNotFound"


class PersistedQueryNotSupported(ApiError):
    """Automatic persisted queries are switched off. Clients look for this very text."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"
    en = "PersistedQueryNotSupported"
    zh = "PersistedQueryNotSupported"


class HashDiffers(ApiError):
    """The hash that came with a document is not the document's."""

    code = "BAD_REQUEST"
    en = "The hash in extensions.persistedQuery is not the SHA-256 of the document."
    zh = "extensions.persistedQuery 中的哈希值不是该文档的 SHA-256。"


class UntrustedDocument(ApiError):
    """Only documents of the manifest are answered here."""

    code = "UNTRUSTED_DOCUMENT"
    en = "Only documents that were registered beforehand are answered here."
    zh = "此处仅接受事先登记的查询文档。"


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
