"""Files that are refused: damaged, something else, behind a password, over a limit; quickly and with the reason named."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.validation.layouts import JIANGSU, TITLES, lay
from tests.validation.lines.case import body
from tests.validation.ods_files import ods
from tests.validation.small_workbooks import Formula, Rows, csv_bytes, part, with_parts, workbook
from tests.validation.xls_files import XlsSheet, xls
from validation.context import Context
from validation.findings import Finding
from validation.limits import DEFAULT_LIMITS
from validation.raw import RefusedFileError
from validation.reading import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
SMALL = workbook([["a", 1], ["b", 2]])


def refused(data: bytes, **limits: int) -> RefusedFileError:
    with pytest.raises(RefusedFileError) as caught:
        read_workbook(data, limits=replace(DEFAULT_LIMITS, **limits))
    return caught.value


def message(error: RefusedFileError) -> str:
    """The English message, which must be complete in both languages."""
    finding = Finding(error.code, params=error.params)
    assert re.search(r"[一-鿿]", finding.message("zh"))
    return finding.message("en")


def packed(**parts: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SMALL[: len(SMALL) // 2],
        SMALL[:-30],
        b"PK\x03\x04" + b"\x00" * 100,
        with_parts(SMALL, {SHEET: part(SMALL, SHEET)[:-200]}),
        with_parts(SMALL, {SHEET: b"\x01\x02\x03"}),
        with_parts(SMALL, {"xl/workbook.xml": "<workbook"}),
        bytes(range(256)) * 40,
        b"\xff\xfe" + bytes(range(255)),
        "名称,值\n".encode() + b"\xff\xff\xff",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000,
    ],
    ids=[
        "empty", "half a zip", "zip without its end", "zip header alone", "half a sheet", "sheet is no XML",
        "half a workbook part", "bytes", "odd UTF-16", "no encoding", "empty OLE",
    ],
)  # fmt: skip
def test_damaged(data: bytes) -> None:
    error = refused(data)
    assert error.code == "file.E001"
    assert message(error).startswith("The file cannot be read")


def _lock_file(user: str, encoding: str) -> bytes:
    """What Office keeps beside an open workbook."""
    name, wide = user.encode(encoding), user.encode("utf-16-le")
    return (
        bytes([len(name)])
        + name.ljust(54)
        + len(user).to_bytes(2, "little")
        + wide
        + b" \x00" * (54 - len(user))
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "a JPEG picture"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "an HTML page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html lang='zh'>", "an HTML page"),
        ("<html xmlns:x='urn:schemas-microsoft-com:office:excel'>".encode("utf-16"), "an HTML page"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "an Excel 2003 XML spreadsheet",
        ),
        (b'<?xml version="1.0"?><data/>', "an XML file"),
        (
            b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x",
            "a web archive",
        ),
        (
            b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;",
            "a web archive",
        ),
        (
            b"Received: from a\r\n\tby b\r\nFrom: a@b\r\nMIME-Version: 1.0\r\nContent-Type: text/plain",
            "an e-mail message",
        ),
        (b'{"networks": []}', "JSON data"),
        (b'\xef\xbb\xbf[\r\n  {"a": 1}]', "JSON data"),
        (b"[]", "JSON data"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K1\r\nE\r\n", "a SYLK file"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "a DIF file"),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00", "a BMP picture"),
        (_lock_file("张伟", "gbk"), "an Office lock file (~$)"),
        (_lock_file("admin", "gbk")[:162], "an Office lock file (~$)"),
        (
            bytes([5]) + b"admin" + b" " * 49 + b"\x05\x00" + "admin".encode("utf-16-le") + b"\x20\x00" * 49,
            "an Office lock file (~$)",
        ),
        (packed(word__document_dot_xml="<w/>"), "a Word document"),
        (packed(ppt__presentation_dot_xml="<p/>"), "a PowerPoint presentation"),
        (packed(xl__workbook_dot_bin="x"), "an xlsb binary workbook"),
        (
            packed(mimetype="application/vnd.oasis.opendocument.text"),
            "an OpenDocument file that is no spreadsheet",
        ),
        (packed(OFD_dot_xml="<o/>"), "an OFD document"),
        (packed(Index__Document_dot_iwa="x"), "a Numbers spreadsheet"),
        (packed(readme_dot_txt="hello"), "a ZIP archive"),
        (packed(), "a ZIP archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_something_else(data: bytes, kind: str) -> None:
    error = refused(data)
    assert error.code == "file.E002"
    assert kind in message(error)


@pytest.mark.parametrize(
    "start",
    [
        "BM编码,名称",
        "MZ,名称",
        "ID;Platz",
        "From: x,名称",
        "[1] 编号,名称",
        "TABLE,名称",
        "{编号},名称",
        "5,名称",
    ],
)
def test_texts_that_only_look_like_something_else(start: str) -> None:
    assert read_workbook(f"{start}\n甲,乙\n".encode()).format == "csv"


def test_a_workbook_without_its_workbook_part() -> None:
    assert "its workbook part is missing" in message(refused(with_parts(SMALL, {"xl/workbook.xml": None})))


def test_content_decides_and_not_the_name() -> None:
    assert read_workbook(SMALL, filename="登记表.csv").format == "xlsx"
    assert read_workbook(csv_bytes([["a"], ["b"]]), filename="登记表.xlsx").format == "csv"


def compound(*names: str) -> bytes:
    """An OLE file with empty streams of these names."""

    def entry(name: str, kind: int) -> bytes:
        raw = name.encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HB", len(raw) + 2, kind)
            + b"\0" * 49
            + struct.pack("<III", 0xFFFFFFFE, 0, 0)
        )

    directory = b"".join([entry("Root Entry", 5), *(entry(name, 2) for name in names)]).ljust(512, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
        + b"\0" * 10
    )
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 432
    fat = struct.pack("<III", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF).ljust(512, b"\xff")
    return header + fat + directory


def test_a_password_to_open_xlsx() -> None:
    assert refused(compound("EncryptionInfo", "EncryptedPackage")).code == "file.E003"


def test_encrypted_parts_of_a_zip_and_of_ods() -> None:
    locked = bytearray(SMALL)
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = locked.find(start)
        locked[at + (6 if start == b"PK\x03\x04" else 8)] |= 1
    assert refused(bytes(locked)).code == "file.E003"
    manifest = "<manifest:encryption-data/>"
    ods = packed(
        mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"META-INF__manifest_dot_xml": manifest}
    )
    assert refused(ods).code == "file.E003"


def test_other_compound_files() -> None:
    assert "a Word document" in message(refused(compound("WordDocument")))
    assert "an OLE compound file" in message(refused(compound("Contents")))


def test_a_compound_file_whose_sectors_run_in_a_circle() -> None:
    data = bytearray(compound("Workbook"))
    struct.pack_into("<I", data, 512 + 4, 1)  # the directory's sector is said to follow itself
    assert refused(bytes(data)).code == "file.E001"


# --- limits


def sheet_with(cells: str) -> bytes:
    return with_parts(SMALL, {SHEET: part(SMALL, SHEET).replace("</sheetData>", f"{cells}</sheetData>")})


def test_limits_are_named_in_the_message() -> None:
    assert "at most 0 MB per file" in message(refused(SMALL, file_bytes=100))
    assert "at most 3 parts" in message(refused(SMALL, parts=3))
    assert "at most 0 MB when expanded" in message(refused(SMALL, expanded_bytes=1000))
    assert message(refused(SMALL, columns=1)) == (
        "The file is over a limit: sheet “表1”: at most 1 columns, and cell B1 is in column 2."
    )
    assert message(refused(workbook([["a"], [None, "abcd"]]), cell_characters=3)) == (
        "The file is over a limit: sheet “表1”: at most 3 characters in a cell, and B2 has 4."
    )


def test_columns_count_with_content_only() -> None:
    assert "at most 256 columns" in message(refused(sheet_with('<row r="9"><c r="IW9"><v>1</v></c></row>')))
    assert "at most 256 columns" in message(refused(sheet_with('<row r="9"><c r="XFD9"><v>1</v></c></row>')))
    kept = sheet_with('<row r="9"><c r="IV9"><v>1</v></c><c r="IW9" s="1"/><c r="XFD9" s="1"></c></row>')
    assert len(read_workbook(kept).sheets[0].columns) == 256


@pytest.mark.parametrize("columns", [1, 25, 26, 27, 52, 256, 701, 702])
def test_the_last_column_allowed_is_read_and_the_next_is_refused(columns: int) -> None:
    limits = replace(DEFAULT_LIMITS, columns=columns)
    read_workbook(workbook([["x"] * columns]), limits=limits)
    refused(workbook([["x"] * (columns + 1)]), columns=columns)


@pytest.mark.parametrize(
    "build", [workbook, csv_bytes, lambda rows: xls(XlsSheet(rows)), lambda rows: ods(("表1", rows))]
)
def test_rows_count_data_and_not_the_sheet(build: Callable[[Rows], bytes]) -> None:
    """Rows that are no data, however many, are no reason to refuse; records are, wherever they stand."""
    data = build([TITLES, *body(*[{}] * 12), *[["注：说明"]] * 1_020])
    assert lay(data, context=_allowing(12)).tables[0].rows.len() == 12
    with pytest.raises(RefusedFileError) as caught:
        lay(data, context=_allowing(11))
    assert message(caught.value).endswith("at most 11 rows of data, and there are 12.")


def _allowing(rows: int) -> Context:
    return replace(JIANGSU, limits=replace(DEFAULT_LIMITS, rows=rows))


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="3"><c r="A900000"><v>1</v></c></row>',
        '<row r="900000"><c r="C900000"><v>1</v></c></row>',
        "<row r=\"3\"><c r = 'A900000'><v>1</v></c></row>",
        '<row r="900000"/><row r="3"><c r="A900000"><f>A1</f></c></row>',
    ],
)
def test_far_cells_are_read_and_count_as_what_they_are(cells: str) -> None:
    sheet = read_workbook(sheet_with(cells), limits=replace(DEFAULT_LIMITS, rows=3)).sheets[0]
    assert (sheet.height, sheet.refusal) == (900_000, None)


@pytest.mark.parametrize("row", [1_048_577, 9_000_000])
def test_rows_that_no_spreadsheet_has(row: int) -> None:
    cells = f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>'
    assert "at most 1048576 rows" in message(refused(sheet_with(cells)))


def test_more_lines_of_text_than_a_sheet_has_rows() -> None:
    assert "at most 1048576 rows" in message(refused(b"a\n" + b"\n" * 1_048_576 + b"b\n"))


def test_few_cells_spread_over_a_huge_area() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="IV{row}"><v>1</v></c></row>'
        for row in range(3, 1_000_000, 200)
    )
    assert message(refused(sheet_with(rows))).endswith("which has 999803 rows and 256 columns.")


def bomb(name: str, content: bytes, template: bytes = SMALL) -> bytes:
    return with_parts(template, {name: content})


def test_bombs_by_expansion_and_by_ratio() -> None:
    assert "when expanded" in message(refused(bomb("xl/sharedStrings.xml", b"<sst>" + b" " * 310_000_000)))
    assert "times its size" in message(refused(bomb("xl/sharedStrings.xml", b"<sst>" + b" " * 30_000_000)))


def test_a_part_longer_than_it_declares() -> None:
    data = bytearray(bomb("xl/sharedStrings.xml", b"<sst>" + b" " * 30_000_000))
    for start, offset in ((b"PK\x01\x02", 24),):
        at = data.rfind(b"xl/sharedStrings.xml")
        entry = data.rfind(start, 0, at)
        struct.pack_into("<I", data, entry + offset, 1000)
    assert refused(bytes(data)).code == "file.E004"


def test_xml_entities() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for name in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"):
        data = with_parts(SMALL, {name: part(SMALL, name).replace("?>", f"?>{entities}", 1)})
        assert "entity declarations" in message(refused(data))


def test_a_long_shared_text_named_by_very_many_cells() -> None:
    text = "x" * 30_000
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si><si/><si/></sst>'
    rows = "".join(f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 200 + "</row>" for row in range(3, 700))
    data = with_parts(sheet_with(rows), {"xl/sharedStrings.xml": strings})
    assert "of text in all cells" in message(refused(data))


def test_nothing_in_a_workbook_is_run() -> None:
    data = workbook([["a", Formula('=HYPERLINK("http://example.invalid","x")', "x"), Formula("=1+1", 5)]])
    sheet = read_workbook(data).sheets[0]
    assert sheet.columns[2].number.to_list() == [5.0]
