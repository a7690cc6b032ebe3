"""Real files as LibreOffice writes them, kept beside the tests: one register in every format, and what must be refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.validation.layouts import JIANGSU, NETWORKS
from validation.layout import Layout, find_tables
from validation.raw import RefusedFileError, Workbook
from validation.reading import read_workbook

FOLDER = Path(__file__).parent.parent
REGISTERS = sorted((FOLDER / "should_pass").glob("register*"))
WORKBOOKS = [path for path in REGISTERS if path.suffix != ".csv"]
REFUSED = {
    "html_named_xls.xls": ("file.E002", "HTML"),
    "password.ods": ("file.E003", ""),
    "pdf_named_xlsx.xlsx": ("file.E002", "PDF"),
    "xml2003_named_xls.xls": ("file.E002", "Excel 2003 XML"),
}


def laid(path: Path) -> tuple[Workbook, Layout]:
    read = read_workbook(path.read_bytes(), filename=path.name)
    return read, find_tables(read, NETWORKS, JIANGSU)


def named(path: Path) -> str:
    return path.name


def test_no_file_is_left_out() -> None:
    assert len(REGISTERS) == 6
    assert set(REFUSED) == {path.name for path in (FOLDER / "should_fail").iterdir()}


@pytest.mark.parametrize("path", REGISTERS, ids=named)
def test_the_register_in_every_format(path: Path) -> None:
    _, layout = laid(path)
    (table,) = layout.tables
    assert (table.header_row, table.rows.to_list()) == (5, [7, 8, 9, 11])
    assert table.cells["network_code"].text.to_list() == [f"JS-5G-000{n}" for n in (1, 2, 3, 4)]
    assert table.cells["enterprise_name"].text.to_list()[2] == "无锡䶮新机械有限公司（演示）"
    assert {(at, kind) for at, kind in table.skipped if kind not in ("title", "header")} == {
        (3, "filling_block"), (6, "column_number"), (10, "blank"), (12, "total"), (13, "note"), (14, "filling_block"),
    }  # fmt: skip
    assert [(total.row, total.covers) for total in table.totals] == [(12, (7, 8, 9, 11))]
    assert (str(layout.stated_period), layout.stated_unit) == ("2026Q3", "320000")
    assert not [finding for finding in layout.findings if finding.code[5] == "E"]


@pytest.mark.parametrize("path", WORKBOOKS, ids=named)
def test_typed_cells_merges_hidden_rows_and_the_mark(path: Path) -> None:
    read, layout = laid(path)
    (table,) = layout.tables
    assert table.cells["terminals"].number.to_list() == [420.0] * 4
    assert table.cells["terminals_redcap"].number.to_list() == [60.0] * 4
    assert table.cells["started_on"].moment.to_list() == [datetime(2024, 11, 1)] * 4
    assert table.cells["enterprise_name"].text.to_list()[:2] == ["苏州云岭电子有限公司（演示）"] * 2
    codes = [(finding.row, finding.column, finding.code) for finding in layout.findings]
    assert (7, "enterprise_name", "cell.W120") in codes
    assert (None, None, "file.W015") in codes
    assert read.template_mark == "networks-2026Q3-1"
    assert [(sheet.name, sheet.hidden) for sheet in read.sheets] == [
        ("说明", False),
        ("登记表", False),
        ("旧", True),
    ]
    assert table.columns[17].title == "基站 / 宏站数量"


@pytest.mark.parametrize(
    ("suffix", "format_name"),
    [(".xls", "xls"), (".et", "xls"), (".ods", "ods"), (".xlsx", "xlsx"), (".csv", "csv")],
)
def test_the_format_is_told_by_content(suffix: str, format_name: str) -> None:
    path = next(path for path in REGISTERS if path.suffix == suffix)
    assert read_workbook(path.read_bytes(), filename="x.pdf").format == format_name


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused_files(name: str) -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_workbook((FOLDER / "should_fail" / name).read_bytes(), filename=name)
    code, kind = REFUSED[name]
    assert caught.value.code == code
    assert kind in str(caught.value.params)


def test_a_password_to_open_xls() -> None:
    """The record after the stream's beginning is turned into the one that announces encryption."""
    data = (FOLDER / "should_pass" / "register.xls").read_bytes()
    start = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    record = start + 20
    with pytest.raises(RefusedFileError, match="E003"):
        read_workbook(data[:record] + b"\x2f\x00" + data[record + 2 :])


def test_the_bare_stream_of_an_xls() -> None:
    from validation.reading.compound import Compound

    data = (FOLDER / "should_pass" / "register.xls").read_bytes()
    bare = Compound(data).stream("Workbook")
    assert [sheet.name for sheet in read_workbook(bare).sheets] == ["说明", "登记表", "旧"]


@pytest.mark.parametrize("path", WORKBOOKS, ids=named)
def test_number_formats(path: Path) -> None:
    _, layout = laid(path)
    table = layout.tables[0]
    known = table.sheet.formats
    for position in table.positions.values():
        assert set(known.cells(position)["format"]) <= set(known.codes.get(position, ()))
    assert any("y" in code for code in known.codes[table.positions["started_on"]])
