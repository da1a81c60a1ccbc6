"""Read a text/event-stream (HTML Living Standard, 9.2.6), as far as GraphQL over SSE uses it."""

from __future__ import annotations


class EventTooLarge(Exception):
    """An event is larger than allowed."""


class EventStream:
    """Turns chunks of bytes into events; comments and unknown fields are skipped."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._rest = b""
        self._name = b""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[tuple[str, bytes]]:
        """Return the events that `chunk` completes: name (`message` when it has none) and data.

        Raises EventTooLarge.
        """
        text = self._rest + chunk
        # A CR at the end may be half of a CR LF: keep it for the next chunk.
        held = text.endswith(b"\r")
        lines = (text[:-1] if held else text).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop() + (b"\r" if held else b"")
        events = [event for line in lines if (event := self._take(line)) is not None]
        if self._size + len(self._rest) > self._largest:
            raise EventTooLarge
        return events

    def _take(self, line: bytes) -> tuple[str, bytes] | None:
        if not line:
            event = (self._name.decode("utf-8", "replace") or "message", b"\n".join(self._data)) if self._data else None
            # `complete` needs no data here: some servers send none.
            if event is None and self._name:
                event = (self._name.decode("utf-8", "replace"), b"")
            self._name, self._data, self._size = b"", [], 0
            return event
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"event":
            self._name = value
        elif field == b"data":
            self._size += len(value)
            if self._size > self._largest:
                raise EventTooLarge
            self._data.append(value)
        return None
