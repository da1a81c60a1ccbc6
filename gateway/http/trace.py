"""What goes on to subgraphs of a client's headers: identity, language, request id, trace (W3C Trace Context)."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from chassis.http.telemetry import traceparent

if TYPE_CHECKING:
    from chassis.http.request import Headers

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


def forwarded_headers(headers: Headers) -> dict[str, str]:
    """Return the headers that subgraphs get.

    A trace goes on unchanged, or with the gateway's own span where traces are exported. One that is malformed is
    dropped with its state (W3C Trace Context, 4.3); without one a trace begins here, not sampled.
    """
    forwarded = {"x-request-id": headers.request_id}
    for name in ("authorization", "accept-language"):
        value = headers.get(name)
        if value is not None:
            forwarded[name] = value
    given = headers.get("traceparent")
    is_traced = given is not None and _TRACEPARENT.fullmatch(given) is not None
    own = traceparent()
    if own is not None:
        forwarded["traceparent"] = own
    elif is_traced and given is not None:
        forwarded["traceparent"] = given
    else:
        # Not for secrets: only told apart from others.
        forwarded["traceparent"] = f"00-{random.getrandbits(128):032x}-{random.getrandbits(64):016x}-00"
    state = headers.get("tracestate")
    if is_traced and state is not None:
        forwarded["tracestate"] = state
    return forwarded
