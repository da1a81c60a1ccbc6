"""A JetStream in memory and the network to it: what B.2 of the real server's behaviour the relay and consumers rely on.

Stored once per Nats-Msg-Id within the window, in the order of arrival per connection, a batch whole or not at all;
everything else may go wrong: connections are cut, what was under way then is lost from some point on or arrives much
later, and acknowledgements are lost. The clients are what nats-py's are to `chassis.events.bus.Connection` and
`chassis.events.stream.StreamReader`, which run as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import Header

from chassis.events.declaration import STREAM
from chassis.events.subject import covers

WINDOW_SECONDS = 6.0
"""How long ids are remembered here; longer than a relay's deadline, as the real window is."""
_LATEST_SECONDS = 12.0
_BATCH_SECONDS = 10.0
"""How long a batch may be silent before it is given up."""
_EPOCH = datetime(2026, 3, 1, tzinfo=UTC)


class Message(NamedTuple):
    """What is published, by a client."""

    subject: str
    payload: bytes
    id: str


class Stored(NamedTuple):
    """A message of the stream."""

    sequence: int
    subject: str
    payload: bytes
    id: str


@dataclass
class Chances:
    """How likely it is, of one message, that something goes wrong."""

    lost_acknowledgement: float = 0.0
    refusal: float = 0.0
    trouble: float = 0.0


@dataclass
class Broker:
    """The server: one stream at a time."""

    random: Random
    now: Callable[[], float]
    chances: Chances = field(default_factory=Chances)
    streams: list[list[Stored]] = field(default_factory=lambda: [[]])
    clients: list[Client] = field(default_factory=list)
    away: bool = False
    under_way: int = 0
    """Messages of lost connections that have yet to arrive."""
    _known: dict[str, tuple[float, int]] = field(default_factory=dict)
    _staged: dict[str, tuple[float, list[Message]]] = field(default_factory=dict)

    @property
    def created(self) -> datetime:
        """When the stream that is there now was made: no two are of the same moment."""
        return _EPOCH + timedelta(seconds=len(self.streams))

    def wipe(self) -> None:
        """Lose the stream; an empty one takes its place."""
        self.streams.append([])
        self._known.clear()
        self._staged.clear()

    def known(self, id_: str) -> int | None:
        """Return the sequence of the message that has this id, if it came within the window."""
        at, sequence = self._known.get(id_, (-WINDOW_SECONDS, 0))
        return sequence if self.now() - at < WINDOW_SECONDS else None

    def store(self, message: Message) -> int:
        """Store a message and return its sequence, or that of the first with its id within the window."""
        sequence = self.known(message.id)
        if sequence is not None:
            return sequence
        stream = self.streams[-1]
        stream.append(Stored(len(stream) + 1, *message))
        self._known[message.id] = (self.now(), len(stream))
        for client in list(self.clients):
            client.hint(message.subject)
        return len(stream)

    def stage(self, batch: str, number: int, message: Message) -> list[Message] | None:
        """Keep a message of a batch and return what there is of it, or nothing if some of it was lost."""
        at, messages = self._staged.pop(batch, (self.now(), []))
        if number != len(messages) + 1 or self.now() - at > _BATCH_SECONDS:
            return None
        self._staged[batch] = (self.now(), [*messages, message])
        return self._staged[batch][1]

    def stop(self) -> None:
        """Cut every connection."""
        self.away = True
        for client in list(self.clients):
            client.cut()


class Client:
    """A connection as nats-py has it."""

    def __init__(self, broker: Broker, lost: Callable[[], None]) -> None:
        self._broker = broker
        self._lost = lost
        self._free_at = 0.0
        self._sent: list[tuple[asyncio.TimerHandle, Callable[[], None]]] = []
        self._subscriptions: list[_Subscription] = []
        self._inboxes = 0
        self.is_closed = False
        self.is_cut = False
        broker.clients.append(self)

    def jetstream(self, prefix: str = "") -> _JetStream:
        return _JetStream(self, prefix)

    def send(self, action: Callable[[], None]) -> None:
        """Let `action` happen at the server, after everything that was sent before."""
        if self.is_closed:
            raise NatsError("nats: connection closed")
        loop = asyncio.get_running_loop()
        self._free_at = max(self._free_at, loop.time() + self._broker.random.expovariate(1 / 0.002))
        if not self.is_cut:
            self._sent = [(handle, other) for handle, other in self._sent if handle.when() > loop.time()]
            self._sent.append((loop.call_at(self._free_at, action), action))

    def cut(self, *, notices_after: float = 0.0) -> None:
        """Lose the connection: what is under way is lost from some message on, and the rest may come much later."""
        if self.is_cut:
            return
        self.is_cut = True
        self._broker.clients.remove(self)
        loop, random = asyncio.get_running_loop(), self._broker.random
        arriving = random.randint(0, len(self._sent))
        late = random.uniform(0, _LATEST_SECONDS) if random.random() < 0.5 else 0.0
        for number, (handle, action) in enumerate(self._sent):
            if handle.when() > loop.time():
                handle.cancel()
                if number < arriving:
                    self._broker.under_way += 1
                    loop.call_at(handle.when() + late, self._arrive_late, action)
        loop.call_later(notices_after, self._notice)

    def _arrive_late(self, action: Callable[[], None]) -> None:
        self._broker.under_way -= 1
        action()

    def _notice(self) -> None:
        self.is_closed = True
        self._lost()

    def hint(self, subject: str) -> None:
        """Give a published message to whoever subscribed to its subject."""
        for subscription in self._subscriptions:
            if subscription.callback is not None and covers(subscription.subject, subject):
                asyncio.ensure_future(subscription.callback(None))  # noqa: RUF006 (it ends at once)

    def new_inbox(self) -> str:
        self._inboxes += 1
        return f"_INBOX.{self._inboxes}"

    async def subscribe(self, subject: str, cb: Callable[[Any], Awaitable[None]] | None = None) -> _Subscription:
        made = _Subscription(self, subject, cb)
        self._subscriptions.append(made)
        return made

    async def publish(
        self, subject: str, payload: bytes, reply: str = "", headers: dict[str, str] | None = None
    ) -> None:
        """Store a message, or ask for a batch of messages by position (ADR-31)."""
        if headers is None:
            self.send(lambda: self._answer(msgspec.json.decode(payload), reply))
            return
        assert headers[Header.EXPECTED_STREAM] == STREAM
        message = Message(subject, payload, headers[Header.MSG_ID])
        if batch := headers.get(Header.BATCH_ID):
            number, is_last = int(headers[Header.BATCH_SEQUENCE]), Header.BATCH_COMMIT in headers
            self.send(lambda: self._arrive_in_batch(batch, number, message, reply if is_last else ""))
        else:
            self.send(lambda: self._arrive([message], reply))

    def _arrive_in_batch(self, batch: str, number: int, message: Message, reply: str) -> None:
        messages = self._broker.stage(batch, number, message)
        if not reply:
            return
        if messages is None:
            self._tell(_refusal(400, 10176, "atomic publish batch is incomplete"), reply)
        elif any(self._broker.known(one.id) is not None for one in messages):
            self._tell(_refusal(400, 10201, "atomic publish batch contains duplicate message id"), reply)
        else:
            self._arrive(messages, reply)

    def _arrive(self, messages: list[Message], reply: str) -> None:
        broker, chances = self._broker, self._broker.chances
        chance = broker.random.random()
        if chance < chances.refusal:
            self._tell(_refusal(400, 10054, "message size exceeds maximum allowed"), reply)
        elif chance < chances.refusal + chances.trouble:
            self._tell(_refusal(503, 10077, "insufficient resources"), reply)
        else:
            sequences = [broker.store(message) for message in messages]
            self._tell({"stream": STREAM, "seq": sequences[-1]}, reply)

    def _tell(self, told: dict[str, Any], reply: str) -> None:
        broker = self._broker
        if not self.is_cut and broker.random.random() >= broker.chances.lost_acknowledgement:
            delay = broker.random.expovariate(1 / 0.002)
            message = SimpleNamespace(subject=reply, headers=None, data=msgspec.json.encode(told))
            asyncio.get_running_loop().call_later(delay, self._acknowledge, message)

    def _acknowledge(self, message: Any) -> None:
        for subscription in self._subscriptions:
            is_meant = subscription.subject == f"{message.subject.rpartition('.')[0]}.*"
            if is_meant and subscription.callback is not None and not self.is_cut:
                asyncio.ensure_future(subscription.callback(message))  # noqa: RUF006 (it ends at once)

    def _answer(self, request: dict[str, Any], reply: str) -> None:
        if self.is_cut:
            return
        stream = self._broker.streams[-1]
        matching = [one for one in stream[request["seq"] - 1 :] if covers(request["next_by_subj"], one.subject)]
        answers: list[tuple[dict[str, str], bytes]] = []
        previous = 0
        for one in matching[: request["batch"]]:
            places = {"Nats-Sequence": str(one.sequence), "Nats-Last-Sequence": str(previous)}
            answers.append((places | {"Nats-Subject": one.subject}, one.payload))
            previous = one.sequence
        if matching:
            pending = len(matching) - len(answers)
            end = {"Status": "204", "Nats-Last-Sequence": str(previous), "Nats-Num-Pending": str(pending)}
            answers.append((end, b""))
        else:
            answers.append(({"Status": "404"}, b""))
        for headers, payload in answers:
            for subscription in self._subscriptions:
                if subscription.subject == f"{reply.rpartition('.')[0]}.*":
                    message = SimpleNamespace(subject=reply, headers=headers, data=payload)
                    subscription.messages.put_nowait(message)

    async def close(self) -> None:
        self.cut()
        self.is_closed = True


def _refusal(code: int, err_code: int, description: str) -> dict[str, Any]:
    return {"error": {"code": code, "err_code": err_code, "description": description}}


class _Subscription:
    def __init__(self, client: Client, subject: str, callback: Callable[[Any], Awaitable[None]] | None) -> None:
        self.client = client
        self.subject = subject
        self.callback = callback
        self.messages: asyncio.Queue[Any] = asyncio.Queue()

    async def next_msg(self, timeout: float) -> Any:  # noqa: ASYNC109 (nats-py's own)
        try:
            async with asyncio.timeout(timeout):
                return await self.messages.get()
        except TimeoutError:
            raise NatsTimeoutError from None

    async def unsubscribe(self) -> None:
        if self in self.client._subscriptions:
            self.client._subscriptions.remove(self)


class _JetStream:
    """What a JetStream context is to the real code."""

    def __init__(self, client: Client, _prefix: str) -> None:
        self._client = client

    async def stream_info(self, stream: str) -> Any:
        assert stream == STREAM
        await asyncio.sleep(self._client._broker.random.expovariate(1 / 0.002))
        if self._client.is_cut:
            await asyncio.sleep(5.0)
            raise NatsTimeoutError
        return SimpleNamespace(created=self._client._broker.created)
