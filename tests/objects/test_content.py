"""What files are by their bytes, and what a scanner says of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chassis.objects.clamd import Clamd, ScannerAway
from chassis.objects.sniff import is_text, types_of
from deploy.local.ports import free_port
from tests.objects_kit import EICAR, fake_clamd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_scanner_finds_what_is_in_any_part_and_lets_the_rest_through() -> None:
    async with fake_clamd() as fake:
        host, port = fake.address.split(":")
        clamd = Clamd(host, int(port))
        assert await clamd.find(chunks(b"harmless", b"", b"text")) is None
        assert await clamd.find(chunks(b"PK", EICAR[:20], EICAR[20:])) == "Win.Test.EICAR_HDB-1"
        assert fake.scanned == [12, 70]


async def test_what_a_scanner_does_not_answer_for_is_not_clean() -> None:
    async with fake_clamd() as fake:
        host, port = fake.address.split(":")
        clamd = Clamd(host, int(port))
        for answer in (b"INSTREAM size limit exceeded. ERROR", b" ", b"stream: Can't allocate memory ERROR"):
            fake.instead = answer
            with pytest.raises(ScannerAway):
                await clamd.find(chunks(b"text"))
    with pytest.raises(ScannerAway):
        await Clamd("127.0.0.1", free_port()).find(chunks(b"text"))


async def test_a_scanner_that_hangs_up_is_away() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ScannerAway):
            await Clamd("127.0.0.1", port).find(chunks(*[b"x" * 100_000] * 50))


@pytest.mark.parametrize(
    ("head", "type_"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video/mp4"),
        (b"<html><script>alert(1)</script>", "text/html"),
    ],
)
def test_the_first_bytes_tell_what_a_file_is(head: bytes, type_: str) -> None:
    assert type_ in types_of(head)


def test_text_is_text_in_either_encoding_even_cut_within_a_character() -> None:
    assert is_text("楼道灯坏了，\r\n请修。".encode()[:-2])
    assert is_text("楼道灯坏了".encode("gb18030")[:-1])
    assert not is_text(b"MZ\x90\x00\x03\x00")
    assert not is_text(b"a\x1b[31mb")
    assert types_of(b"") == frozenset()
