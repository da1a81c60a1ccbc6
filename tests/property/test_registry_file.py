"""Registry files: CSV and XLSX, a report for every row, whole or not at all."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from chassis.service import ImportRefused
from services.property.commands.import_file import import_file
from tests.property import city

if TYPE_CHECKING:
    from pathlib import Path

    from tests.property.conftest import Property

HEADING = ["区划代码", "小区", "楼栋", "单元", "房号", "专有部分面积", "交付状态", "业主", "证件号码", "电话", "份额"]


def row(compound: str, room: str, *owner: str, area: Any = "89.50", status: str = "", share: str = "") -> list[Any]:
    name, number, phone = (*owner, "", "", "")[:3]
    return [city.COMMUNITY, compound, "1号楼", "1单元", room, area, status, name, number, phone, share]


def write_csv(file: Path, rows: list[list[Any]]) -> Path:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([HEADING, *rows])
    return file


def write_xlsx(file: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for one in [HEADING, *rows]:
        book.active.append(one)
    book.save(file)
    return file


def report(file: Path) -> list[tuple[str, ...]]:
    with file.with_name(f"{file.stem}.report.csv").open(encoding="utf-8-sig", newline="") as content:
        return [tuple(one) for one in csv.reader(content)][1:]


def good(compound: str) -> list[list[Any]]:
    return [
        row(compound, "101", "王小明", "11010519491231002X", "13812345678", area=89.5),
        row(compound, "102", "王小明", "11010519491231002X", area=60),
        row(compound, "103", "李小红", share="1/2"),
        row(compound, "103", "赵六", share="1/2"),
        row(compound, "104", status="未出售"),
    ]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
async def test_a_file_is_imported_with_a_report_for_each_row(service: Property, write: Any, tmp_path: Path) -> None:
    name = f"导入 {write.__name__}"
    file = write(tmp_path / f"{write.__name__}{'.csv' if write is write_csv else '.xlsx'}", good(name))
    said = await import_file(service.runtime, file)
    assert said.startswith("Imported 4 households and 3 owners in 1 new compounds; 0 rows")
    assert report(file) == [(str(number), "已导入 imported", "") for number in range(2, 7)]
    parts = await service.look(
        "SELECT room, area, status FROM part JOIN compound c ON c.id = compound_id"  # noqa: S608
        f" WHERE c.name = '{name}' ORDER BY room"
    )
    assert parts == [
        ("101", 8950, "owned"), ("102", 6000, "owned"), ("103", 8950, "owned"), ("104", 8950, "developer_unsold"),
    ]  # fmt: skip
    before = await service.contents()
    assert (await import_file(service.runtime, file)).startswith("Imported 0 households and 0 owners in 0 new")
    assert {one[1] for one in report(file)} == {"已有 present"}
    after = await service.contents()
    assert {name for name in after if after[name] != before[name]} == {"audit"}


async def test_one_wrong_row_and_nothing_is_imported_but_every_row_is_told_of(
    service: Property, tmp_path: Path
) -> None:
    wrong = [
        row("错行", "101", "王小明", "110105194912310021"),
        row("错行", "102", "李小红", area="零"),
        row("错行", "103", "赵六", share="1/2"),
        row("错行", "104", "钱七", share="1/2"),
        row("错行", "104", "孙八", area="10"),
        ["999999999999", *row("错行", "105", "周九")[1:]],
        row("错行", "106", "吴十"),
    ]
    file = write_csv(tmp_path / "wrong.csv", wrong)
    before = await service.contents()
    with pytest.raises(ImportRefused, match="5 of 7 rows are wrong"):
        await import_file(service.runtime, file)
    assert await service.contents() == before
    told = report(file)
    assert [one[1].split()[0] for one in told] == ["有误"] * 3 + ["未导入"] + ["有误"] * 2 + ["未导入"]
    assert "INVALID_RESIDENT_ID" in told[0][2]
    assert not any("110105194912310021" in one[2] for one in told)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "区划代码,小区\n", "\0"])
async def test_a_file_that_is_no_registry_gives_one_line(service: Property, tmp_path: Path, content: str) -> None:
    file = tmp_path / "none.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ImportRefused, match="is no registry file"):
        await import_file(service.runtime, file)
    book = tmp_path / "none.xlsx"
    book.write_text(content, encoding="utf-8")
    with pytest.raises(ImportRefused, match="is no registry file"):
        await import_file(service.runtime, book)
