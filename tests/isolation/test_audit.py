"""The audit against the real server: everything holds; and where something is let, it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from chassis.events.declaration import STREAM
from deploy.local.errors import LocalError
from deploy.nats.audit import audit
from deploy.nats.reload import reload
from tests.isolation.isolation_kit import connect, declared_by

if TYPE_CHECKING:
    from deploy.local.streams import DeclaredNats


async def whole_state(server: DeclaredNats) -> object:
    """Everything that the operator sees of the stream and its consumers, when nobody is at work."""
    admin = await connect(server.url, server.admin_seed)
    answers = [
        msgspec.json.decode((await admin.request(f"$JS.API.{name}", b"", timeout=2)).data)
        for name in (f"STREAM.INFO.{STREAM}", f"CONSUMER.LIST.{STREAM}", "STREAM.NAMES")
    ]
    await admin.close()
    for one in (answers[0], *answers[1]["consumers"]):
        del one["ts"]
    return answers


async def test_every_attack_fails_and_leaves_nothing_changed(server: DeclaredNats) -> None:
    service = await connect(server.url, server.service_seeds["org"])
    for place in ("3703.21", "3703.03", "3704._", "3703._"):
        await service.jetstream().publish(f"linli.{place}._._.org.region.renamed", b"{}")
    await service.close()
    before = await whole_state(server)
    findings = await audit(declared_by(server), flood=True)
    assert [str(finding) for finding in findings if not finding.held] == []
    assert len(findings) > 300
    assert await whole_state(server) == before


@pytest.mark.parametrize(
    ("closed", "opened", "attack"),
    [
        ("linli.*.*.*.*.org.>", "linli.*.*.*.*.*.>", "publish in its name"),
        ('["linli.>", "_INBOX', '["linli.>", "_INBOX.>", "_INBOX', "listen: _INBOX.>"),
        ("$JS.API.DIRECT.GET.LINLI", "$JS.API.>", "ask JetStream: $JS.API.STREAM.LIST"),
        ("max_subscriptions: 500", "max_subscriptions: 5000", "open 501 subscriptions"),
    ],
)
async def test_the_audit_finds_what_is_let(server: DeclaredNats, closed: str, opened: str, attack: str) -> None:
    file = server.declaration_file.parent / "linli.conf"
    good = file.read_text(encoding="utf-8")
    assert closed in good
    file.write_text(good.replace(closed, opened), encoding="utf-8")
    try:
        await reload(declared_by(server))
        failed = [str(finding) for finding in await audit(declared_by(server)) if not finding.held]
    finally:
        file.write_text(good, encoding="utf-8")
        await reload(declared_by(server))
    assert any(attack in line for line in failed)


async def test_the_audit_says_when_it_has_not_the_seeds_that_it_takes(server: DeclaredNats) -> None:
    declared = declared_by(server)
    without = declared._replace(file=msgspec.structs.replace(declared.file, keys="elsewhere"))
    with pytest.raises(LocalError, match="A key is missing"):
        await audit(without)
