"""The commands linli nats, and what a district's own `nats` command line asks for: the permissions suffice for it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chassis.events.declaration import FEED_INFO, STREAM
from chassis.events.keys import public_key
from tests.isolation.isolation_kit import connect, declared_by

if TYPE_CHECKING:
    from deploy.local.streams import DeclaredNats

LINLI = Path(sys.executable).with_name("linli")


async def linli(*arguments: str | Path) -> tuple[int | None, str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    process = await asyncio.create_subprocess_exec(
        LINLI, "nats", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment
    )
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, output.decode(), errors.decode()


@pytest.mark.parametrize("command", ["config", "apply", "add-district", "rotate", "leaf-stream", "audit"])
async def test_help_of_every_command_has_an_example(command: str) -> None:
    code, output, _ = await linli(command, "--help")
    assert code == 0
    assert "Example:" in output


async def test_configuration_is_printed_as_it_is_written(server: DeclaredNats, tmp_path: Path) -> None:
    code, output, _ = await linli("config", "--declaration", server.declaration_file)
    assert code == 0
    code, names, _ = await linli("config", "--declaration", server.declaration_file, "--out", tmp_path)
    assert (code, names) == (0, f"{tmp_path / 'linli.conf'}\n")
    text = (tmp_path / "linli.conf").read_text(encoding="utf-8")
    assert output == f"# linli.conf\n{text}\n"
    assert text == (server.declaration_file.parent / "linli.conf").read_text(encoding="utf-8")


async def test_an_operator_adds_a_district_rotates_its_key_and_audits(server: DeclaredNats) -> None:
    where = ("--declaration", server.declaration_file)
    code, output, errors = await linli("add-district", "370304", *where)
    assert (code, errors) == (0, "")
    assert "consumer district_370304" in output
    seed = declared_by(server).seed("district_370304")
    old = public_key(seed)
    code, output, errors = await linli("rotate", "district_370304", "--grace", "0", *where)
    assert (code, errors) == (0, "")
    assert f"{public_key(seed)} is accepted" in output
    assert f"{old} is refused" in output
    code, output, errors = await linli("audit", *where)
    assert (code, errors) == (0, "")
    assert " 0 succeeded" in output.splitlines()[-1]


async def test_what_cannot_be_done_is_told_in_one_line(server: DeclaredNats, tmp_path: Path) -> None:
    code, output, errors = await linli("add-district", "370321", "--declaration", server.declaration_file)
    assert (code, output, errors.count("\n")) == (2, "", 1)
    code, output, errors = await linli("config", "--declaration", tmp_path / "none.yaml")
    assert (code, output, errors.count("\n")) == (2, "", 1)


async def test_the_nats_command_line_can_take_look_at_and_acknowledge_what_is_next(server: DeclaredNats) -> None:
    """The requests of `nats consumer next STREAM CONSUMER`, as its source has them, and of `nats req`."""
    service = await connect(server.url, server.service_seeds["org"])
    for payload in (b"one", b"two", b"three"):
        await service.jetstream().publish("linli.3703.03._._.org.region.renamed", payload)
    told: list[str] = []
    district = await connect(server.url, server.district_seeds["370303"], told)
    answers = await district.subscribe(district.new_inbox())
    ask = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.district_370303"
    # consumer next: one subscription in the inbox, one request, the acknowledgement as an answer to the message.
    await district.publish(ask, b'{"expires":5000000000,"batch":1}', reply=answers.subject)
    message = await answers.next_msg(timeout=5)
    assert (message.data, message.reply.split(".")[:4]) == (b"one", ["$JS", "ACK", STREAM, "district_370303"])
    await district.publish(message.reply, b"+ACK")
    # consumer next --count=2 --no-ack, then --nak and --term as it sends them
    await district.publish(ask, b'{"expires":5000000000,"batch":1}', reply=answers.subject)
    message = await answers.next_msg(timeout=5)
    await district.publish(message.reply, b"-NAK")
    await district.publish(ask, b'{"expires":5000000000,"batch":1}', reply=answers.subject)
    again = await answers.next_msg(timeout=5)
    assert {message.data, again.data} <= {b"two", b"three"}
    await district.publish(again.reply, b"+TERM")
    # nats req feed.info ''
    info = json.loads((await district.request(FEED_INFO, b"", timeout=5)).data)
    assert (info["name"], info["stream_name"]) == ("district_370303", STREAM)
    assert told == []
    await service.close()
    await district.close()
