"""What nobody may be able to do: the attacks that the audit tries, as data.

From the recipes of docs/decisions/0022 and 0026: each subject is one that the attacker's own account must not have, and
each trick is one by which a server could be made to speak for somebody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from chassis.events.declaration import (
    FEED_INFO,
    FEED_REPLAY,
    STREAM,
    STREAM_API,
    District,
    ServiceUser,
    doors,
    leaf_consumer,
    leaf_delivery,
    replay_requests,
)
from chassis.events.keys import inbox_prefix
from chassis.events.subject import filter_under

if TYPE_CHECKING:
    from collections.abc import Sequence

_API = "$JS.API"


class Sending(NamedTuple):
    """Something sent that must reach nobody and must not be answered."""

    what: str
    subject: str
    payload: bytes = b""
    headers: dict[str, str] | None = None
    reply: str | None = None
    """Where the answer shall go; without it, to the attacker's own inbox, which must stay empty."""


def on_district(victim: District, own: District, mark: str) -> list[Sending]:
    """Return what a client of the district `own` tries on another district's feed; `mark` is in what could be heard."""
    feed = filter_under(victim.code)
    subject = feed.replace(">", f"_._.nobody.note.{mark}")
    inbox = f"{inbox_prefix(victim.public_keys[0])}.{mark}"
    consumer = victim.consumer
    spy = {"name": "spy", "durable_name": "spy", "ack_policy": "none", "filter_subject": feed}
    wide = {"durable_name": own.consumer, "ack_policy": "explicit", "filter_subjects": [filter_under(own.code), feed]}
    source = {"name": "MINE", "sources": [{"name": STREAM, "filter_subject": feed}]}
    return [
        *(Sending("use its door", door.subject.replace(">", "1.1.1.1.0")) for door in doors(victim)),
        *(Sending("forge its acknowledgement", f"$JS.ACK.{STREAM}.{consumer}.1.1.1.1.0", word) for word in _ACKS),
        Sending("forge it in the newer form", f"$JS.ACK._.HASH.{STREAM}.{consumer}.1.1.1.1.0.x", b"+TERM"),
        _api(f"CONSUMER.INFO.{STREAM}.{consumer}"),
        _api(f"CONSUMER.MSG.NEXT.{STREAM}.{consumer}", {"batch": 100, "expires": 500_000_000}),
        _api(f"CONSUMER.DELETE.{STREAM}.{consumer}"),
        _api(f"CONSUMER.PAUSE.{STREAM}.{consumer}", {"pause_until": "2099-01-01T00:00:00Z"}),
        _api(f"CONSUMER.RESET.{STREAM}.{consumer}", {"seq": 1}),
        _api(f"CONSUMER.UNPIN.{STREAM}.{consumer}", {"group": "x"}),
        _api(f"CONSUMER.RESET.{STREAM}.{leaf_consumer(victim.code)}"),
        Sending("release its leaf node's flow", f"$JS.FC.{STREAM}.{leaf_consumer(victim.code)}.x"),
        Sending("deliver to its leaf node", leaf_delivery(victim.code)),
        _api(f"CONSUMER.CREATE.{STREAM}.spy.{feed}", {"stream_name": STREAM, "config": spy}),
        _api(f"CONSUMER.DURABLE.CREATE.{STREAM}.spy", {"stream_name": STREAM, "config": spy}),
        _api(f"CONSUMER.CREATE.{STREAM}.{own.consumer}", {"stream_name": STREAM, "config": wide, "action": "update"}),
        _api(f"CONSUMER.DURABLE.CREATE.{STREAM}.{own.consumer}", {"stream_name": STREAM, "config": wide}),
        _api("STREAM.CREATE.MINE", source),
        _api("STREAM.CREATE.MINE", {"name": "MINE", "mirror": {"name": STREAM, "filter_subject": feed}}),
        _api(f"DIRECT.GET.{STREAM}", {"next_by_subj": feed, "seq": 1}),
        _api(f"DIRECT.GET.{STREAM}.{subject}"),
        Sending("publish in it", subject),
        Sending("publish in it, rolling up", subject, headers={"Nats-Rollup": "all"}),
        Sending("write into its inbox", inbox),
        *_replies_to(FEED_INFO, [subject, inbox, f"cmd.{mark}"]),
    ]


def on_service(victim: ServiceUser, mark: str, own: ServiceUser | None = None) -> list[Sending]:
    """Return what anybody else tries in a service's name; a service `own` may ask, and have answers sent elsewhere."""
    subject = f"linli.3703.21._._.{victim.name}.note.{mark}"
    inbox = f"{inbox_prefix(victim.public_keys[0])}.{mark}"
    foreign = msgspec.json.encode({"from": 1, "tenant": mark})
    allowed = _replies_to(f"{FEED_REPLAY}.{victim.name}", [subject, inbox, f"cmd.{mark}"], foreign)
    if own is not None:
        allowed = [
            *_replies_to(f"$JS.API.DIRECT.GET.{STREAM}", [subject, inbox], b'{"seq":1}'),
            *_replies_to(f"{STREAM_API}.STREAM.INFO.{STREAM}", [subject, inbox]),
            *_replies_to(f"linli.3703.21._._.{own.name}.note.{mark}", [subject, inbox], headers=_REFUSED),
        ]
    return [
        *allowed,
        Sending("publish in its name", subject),
        Sending("publish in its name, with a long subject", f"{subject}.more"),
        Sending("write into its inbox", inbox),
        Sending("ask it for a feed again", replay_requests(victim.name).replace("*", "3703"), b'{"from":1}'),
        Sending("ask it for a feed again", f"{FEED_REPLAY}.{victim.name}.3703", b'{"from":1}'),
    ]


def on_everyone(*, may_read: bool) -> list[Sending]:
    """Return what nobody but the operator may do; services, who `may_read`, may ask for the stream's messages."""
    found = [
        Sending("ask the system", f"$SYS.REQ.{what}")
        for what in ("SERVER.PING", "SERVER.PING.CONNZ", "ACCOUNT.PING.CONNZ", "ACCOUNT.LINLI.INFO", "USER.INFO")
    ]
    found += [Sending("reload a server", "$SYS.REQ.SERVER.X.RELOAD"), Sending("speak as the system", "$SYS.ACCOUNT.X")]
    found += [Sending("speak as JetStream", "$JS.EVENT.ADVISORY.X"), Sending("invent a subject", "cmd.secret.launch")]
    found += [_api(name, body) for name, body in _MANAGING]
    # Into a subject that the attacker may not publish to: a consumer must not carry it there.
    push = {"name": "spy", "deliver_subject": "cmd.secret.launch", "ack_policy": "none"}
    found.append(_api(f"CONSUMER.CREATE.{STREAM}.spy", {"stream_name": STREAM, "config": push}))
    found.append(_api(f"CONSUMER.CREATE.{STREAM}", {"stream_name": STREAM, "config": {"deliver_subject": "x.y"}}))
    if not may_read:
        found += [
            _api(f"STREAM.INFO.{STREAM}", {"subjects_filter": ">"}),
            _api(f"DIRECT.GET.{STREAM}", {"seq": 1}),
        ]
    return found


def overheard(attacked: Sequence[District]) -> list[str]:
    """Return the subjects that neither a district nor a service may subscribe to."""
    feeds = [leaf_delivery(district.code) for district in attacked]
    inboxes = [f"{inbox_prefix(key)}.>" for district in attacked for key in district.public_keys]
    wide = (">", "*.>", "_INBOX.>", "_INBOX.*.>", "$JS.>", "$JS.API.>", "$JS.ACK.>", "$JS.EVENT.>", "$SYS.>", "_R_.>")
    return [*wide, "$JS.FC.>", "replay.>", "replay.*.*", "stored.>", "feed.>", "feed.deliver.>", *feeds, *inboxes]


def overheard_by_districts(attacked: Sequence[District]) -> list[str]:
    """Return what only districts may not hear, services may: the events."""
    return ["linli.>", "linli.*.*.>", *(filter_under(district.code) for district in attacked)]


_ACKS = (b"+ACK", b"-NAK", b"+TERM", b"+WPI", b"+NXT")
_REFUSED = {"Nats-Expected-Stream": "NONE"}
"""An event with this is not stored, but answered."""
_MANAGING: tuple[tuple[str, Any], ...] = (
    ("INFO", None),
    ("ACCOUNT.INFO", None),
    ("STREAM.LIST", None),
    ("STREAM.NAMES", None),
    (f"STREAM.MSG.GET.{STREAM}", {"seq": 1}),
    (f"STREAM.MSG.DELETE.{STREAM}", {"seq": 1}),
    (f"STREAM.PURGE.{STREAM}", None),
    (f"STREAM.DELETE.{STREAM}", None),
    (f"STREAM.UPDATE.{STREAM}", {"name": STREAM, "subjects": ["x"]}),
    (f"STREAM.SNAPSHOT.{STREAM}", {"deliver_subject": "x.y"}),
    (f"STREAM.RESTORE.{STREAM}", {"config": {"name": STREAM}}),
    (f"STREAM.LEADER.STEPDOWN.{STREAM}", None),
    (f"STREAM.PEER.REMOVE.{STREAM}", {"peer": "n1"}),
    (f"CONSUMER.LIST.{STREAM}", None),
    (f"CONSUMER.NAMES.{STREAM}", None),
    ("META.LEADER.STEPDOWN", None),
    ("SERVER.REMOVE", {"peer": "n1"}),
    ("ACCOUNT.PURGE.LINLI", None),
)


def _api(name: str, body: Any = None) -> Sending:
    return Sending("ask JetStream", f"{_API}.{name}", msgspec.json.encode(body) if body is not None else b"")


def _replies_to(
    allowed: str, replies: Sequence[str], payload: bytes = b"", headers: dict[str, str] | None = None
) -> list[Sending]:
    """Return requests that are allowed, whose answers shall go where the attacker may not publish."""
    return [Sending("have an answer sent on", allowed, payload, headers, reply) for reply in replies]
