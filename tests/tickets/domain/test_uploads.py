"""Which files are taken, by rule."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.objects.sniff import HEAD, is_text, types_of
from chassis.problems import Refused
from services.tickets.domain.content import LARGEST_ATTACHMENT
from services.tickets.domain.uploads import (
    MOST_WAITING,
    MOST_WAITING_BYTES,
    TAKEN,
    DeclaredFile,
    check_allowance,
    check_declared,
    is_of_type,
)


def office(part: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return made.getvalue()


_OFFICE = "application/vnd.openxmlformats-officedocument."
BEGINNINGS = {
    "image/jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif\x00",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "image/heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "audio/mpeg": b"ID3\x03\x00",
    "audio/mp4": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42isom",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "video/mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2avc1mp41",
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3",
    f"{_OFFICE}wordprocessingml.document": office("word/document.xml"),
    f"{_OFFICE}spreadsheetml.sheet": office("xl/workbook.xml"),
    "text/plain": "楼道灯坏了".encode(),
    "text/csv": "姓名,户数\r\n张,1\r\n".encode("gb18030"),
}
FOREIGN = (
    b"<html><script>",
    b"<svg xmlns='http://www.w3.org/2000/svg'>",
    b"MZ\x90\x00\x03\x00",
    b"\x7fELF\x02\x01",
    b"",
)


def fits(media_type: str, head: bytes) -> bool:
    return is_of_type(media_type, types_of(head[:HEAD]), reads_as_text=is_text(head[:HEAD]))


@pytest.mark.parametrize("media_type", sorted(TAKEN))
def test_each_type_is_known_by_how_it_begins_and_by_nothing_foreign(media_type: str) -> None:
    assert fits(media_type, BEGINNINGS[media_type])
    for head in FOREIGN:
        if not (media_type.startswith("text/") and not head):
            assert not fits(media_type, head), head


@given(media_type=st.sampled_from(sorted(TAKEN)), size=st.integers(-1, 200 * 1024 * 1024))
def test_a_declared_file_is_taken_exactly_within_the_limit_of_its_type(media_type: str, size: int) -> None:
    file = DeclaredFile(name="  a.bin ", media_type=media_type, size=size, sha256="A" * 64)
    if 1 <= size <= TAKEN[media_type].most <= LARGEST_ATTACHMENT:
        taken = check_declared(file)
        assert (taken.name, taken.sha256, taken.size) == ("a.bin", "a" * 64, size)
    else:
        with pytest.raises(Refused, match="FILE_TOO_LARGE"):
            check_declared(file)


@given(st.text(max_size=40))
def test_no_type_is_taken_that_is_not_listed(media_type: str) -> None:
    if media_type not in TAKEN:
        with pytest.raises(Refused, match=re.escape("FILE_TYPE_NOT_TAKEN")):
            check_declared(DeclaredFile(name="a", media_type=media_type, size=1, sha256="a" * 64))


@given(st.integers(0, 60), st.integers(0, 2 * MOST_WAITING_BYTES), st.integers(1, LARGEST_ATTACHMENT))
def test_what_waits_stays_within_the_allowance(waiting: int, waiting_bytes: int, size: int) -> None:
    if waiting < MOST_WAITING and waiting_bytes + size <= MOST_WAITING_BYTES:
        check_allowance(waiting, waiting_bytes, size)
    else:
        with pytest.raises(Refused, match="TOO_MANY_UPLOADS"):
            check_allowance(waiting, waiting_bytes, size)
