"""Reading text/event-stream, and what is read of a token."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.subscriptions.event_stream import EventStream, EventTooLarge
from gateway.subscriptions.identity import seconds_left, user_key

LINES = st.sampled_from(["event: next", "event:complete", "data: {}", "data:1", "data", ": ping", ":", "id: 7", "", ""])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.lists(LINES), ENDS, st.lists(st.integers(1, 5)))
def test_the_same_events_come_however_the_bytes_are_cut_and_lines_are_ended(
    lines: list[str], end: str, cuts: list[int]
) -> None:
    whole = EventStream(1000).feed("".join(f"{line}\n" for line in [*lines, "", "data: last", ""]).encode())
    content = "".join(f"{line}{end}" for line in [*lines, "", "data: last", ""]).encode() + b"\n"
    stream, events = EventStream(1000), []
    for cut in cuts:
        events += stream.feed(content[:cut])
        content = content[cut:]
    events += stream.feed(content)
    assert events == whole
    assert events[-1] == ("message", b"last")


def test_data_of_several_lines_is_joined_and_comments_are_skipped() -> None:
    stream = EventStream(100)
    assert stream.feed(b": hello\n\nevent: next\ndata: a\ndata:b\n\n") == [("next", b"a\nb")]


@pytest.mark.parametrize("chunk", [b"data: " + b"x" * 20, b"data: xxxxxx\n" * 2, b"x" * 11])
def test_an_event_beyond_the_limit_is_refused_before_it_is_whole(chunk: bytes) -> None:
    with pytest.raises(EventTooLarge):
        EventStream(10).feed(chunk)


def bearer(claims: object) -> str:
    return "Bearer e30." + urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".c2ln"


@pytest.mark.parametrize(
    ("authorization", "left"),
    [
        (None, None),
        ("Bearer opaque", None),
        ("Bearer a.b.c", None),
        ("Bearer a.\u00e9.c", None),
        (bearer([]), None),
        (bearer({}), None),
        (bearer({"exp": "soon"}), None),
        (bearer({"exp": 1e300}), None),
        (bearer({"exp": 110}), 10.0),
        (bearer({"exp": 90.5}), 0.0),
    ],
)
def test_only_a_readable_expiry_counts(authorization: str | None, left: float | None) -> None:
    assert seconds_left(authorization, 100.0) == left


def test_users_are_told_apart_by_token_and_the_anonymous_by_address() -> None:
    keys = {user_key("Bearer a", "1"), user_key("Bearer a", "2"), user_key("Bearer b", "1"), user_key(None, "1")}
    assert len(keys) == 3
    assert "Bearer a" not in "".join(keys)
