"""Lines 21 to 27, 29, 30, 33 and 34: encodings, formats, sheets, and files that are not what they say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.protection import WorkbookProtection

from tests.validation.lines.case import FORM, KEYS, TITLES, Case, at, body, sheet, titled
from tests.validation.small_workbooks import Formula, Sheet, book, part, with_parts, workbook

FOLDER = Path(__file__).parents[2]
SHEET = "xl/worksheets/sheet1.xml"
LABELS = [column.label_en for column in FORM.columns]
BLANK = (None, None, "file.I016")
RARE = "无锡䶮新机械有限公司（演示）"
QUOTED = "二期扩容，\n计划纳入“项目库”。"


def _text(*, line_end: str = "\r\n", delimiter: str = ",", first: str = "", **changed: Any) -> str:
    """A register as delimited text, with a quoted line break in it."""
    out = io.StringIO(newline="")
    rows = [TITLES, *body({"enterprise_name": RARE, "remark": QUOTED, **changed})]
    plain = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows]
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(plain)
    return first + out.getvalue()


def _delimited(what: str, data: bytes, *, row: int = 2, name: str = "CSV", filename: str = "") -> Case:
    read = {"enterprise_name": [RARE], "remark": ["二期扩容， 计划纳入“项目库”。"], "terminals": [420]}
    return Case(21, what, lambda: data, (), read, [[row]], filename)


def _kept(name: str) -> bytes:
    return next(FOLDER.glob(f"should_*/{name}")).read_bytes()


def _register(line: int, name: str, sheet_name: str, *, filename: str = "", typed: bool = True) -> Case:
    """One of the registers written by LibreOffice: the same enterprise in four rows, its name merged over two."""
    second = (8, "enterprise_name", "net.W342" if typed else "cell.E101")
    findings = at(
        *[BLANK] * 4,
        *[(None, None, "file.W015"), (7, "enterprise_name", "cell.W120")][: 2 * typed],
        *[(7, "enterprise_name", "net.W342"), (7, "enterprise_uscc", "net.W341")],
        *[second, (8, "enterprise_uscc", "net.W341")],
        *[(9, "enterprise_name", "net.W342"), (9, "enterprise_uscc", "net.W341")],
        *[(11, "enterprise_name", "net.W342"), (11, "enterprise_uscc", "net.W341")],
        sheet=sheet_name,
    )
    read = {"network_code": [f"JS-5G-000{n}" for n in (1, 2, 3, 4)], "terminals": [420] * 4}
    return Case(line, f"{name} {filename}", lambda: _kept(name), findings, read, [[7, 8, 9, 11]], filename)


def _refused(line: int, what: str, data: bytes, code: str, filename: str = "登记表.xlsx") -> Case:
    return Case(line, what, lambda: data, [(None, None, None, code)], filename=filename)


def _protected() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(sheet({})))
    made.worksheets[0].protection.set_password("1234")
    made.security = WorkbookProtection(lockStructure=True)
    return _saved(made)


def _saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _cities() -> bytes:
    """Two cities, a summary, a dictionary, an explanation, and a hidden draft."""
    return book(
        Sheet([["填表说明"], ["每市一张表"]], "说明"),
        Sheet([TITLES, *body({"network_code": "JS-SZ-1", "site_name": "甲厂"})], "苏州"),
        Sheet([["市", "专网数量", "5G终端数"], ["苏州", 1, 420], ["南京", 1, 420]], "汇总"),
        Sheet([["2026年三季度"], TITLES, *body({"network_code": "JS-NJ-1", "site_name": "乙厂"})], "南京"),
        Sheet([["代码", "名称"], ["1", "混合专网"]], "字典"),
        Sheet([TITLES, *body({"network_code": "JS-X-1"})], "旧稿", hidden=True),
    )


def _decorated() -> bytes:
    """Comments, colours, a text box, a link, and the titles repeated at a page break."""
    made = openpyxl.load_workbook(io.BytesIO(workbook([TITLES, *body({}), TITLES, *body({}, {})[1:]])))
    page = made.worksheets[0]
    page["A2"].comment = Comment("请核对", "张三")
    page["B2"].fill = PatternFill("solid", fgColor="FFFF00")
    page["C2"].hyperlink = "https://example.invalid/"
    page.print_title_rows = "1:1"
    return _saved(made)


def _with_filter() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(sheet({}, {}, {}, hidden_rows=[3])))
    made.worksheets[0].auto_filter.ref = "A1:AG4"
    return _saved(made)


def _extras() -> bytes:
    """Macros and a link to another workbook."""
    return with_parts(
        sheet({}),
        {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/externalLink1.xml": "<externalLink/>"},
    )


def _formulas() -> bytes:
    """A formula that was never calculated, as openpyxl and other programs write it, a broken one, a sound one."""
    made = sheet(
        {"terminals": 1}, {"terminals": Formula("=A9", "#REF!")}, {"terminals": Formula("=400+20", 420)}
    )
    never = re.sub(r'<c r="T2"[^>]*><v>1</v></c>', '<c r="T2"><f>400+20</f></c>', part(made, SHEET))
    return with_parts(made, {SHEET: never})


def _second_sheet() -> bytes:
    """Page two on a sheet of its own, without titles; a list of choices as wide as the form, without codes."""
    rows = body({}, {}, {})
    choices = [["是"] * len(TITLES)] * 3
    return book(Sheet([TITLES, rows[0]], "第1页"), Sheet(rows[1:], "第2页"), Sheet(choices, "选项"))


def _side_note() -> bytes:
    """A note merged from the titles down to the last record."""
    return workbook([[*TITLES, "填表说明"], *body({}, {}, {})], merged=["AH1:AH4"])


def _second_order() -> bytes:
    """A second table whose columns stand the other way round."""
    first, *others = body({"terminals": 701}, {"terminals": 702}, {"terminals": "很多"})
    return workbook([TITLES, first, [], TITLES[::-1], *(row[::-1] for row in others)])


def _phantoms() -> bytes:
    """A million formatted rows without content, and a dimension that says so."""
    data = sheet({})
    rows = "".join(
        f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="0"/></row>' for row in range(3, 60_000)
    )
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    text = part(data, SHEET).replace("</sheetData>", f"{rows}{far}</sheetData>")
    return with_parts(
        data, {SHEET: re.sub(r'<dimension ref="[^"]*"/>', '<dimension ref="A1:XFD1048576"/>', text)}
    )


def _dimension_a1() -> bytes:
    data = sheet({}, {})
    return with_parts(
        data, {SHEET: re.sub(r'<dimension ref="[^"]*"/>', '<dimension ref="A1"/>', part(data, SHEET))}
    )


def _bomb(name: str, content: bytes) -> bytes:
    return with_parts(sheet({}), {name: content})


def _entities() -> bytes:
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    return _bomb(
        "xl/sharedStrings.xml",
        f'<?xml version="1.0"?><!DOCTYPE x [{lol}]><sst><si><t>&a11;</t></si></sst>'.encode(),
    )


def _wide() -> bytes:
    data = sheet({})
    cells = "".join(f'<c r="{name}9"><v>1</v></c>' for name in ("IW", "ZZ", "XFD", "ZZZ"))
    return with_parts(
        data, {SHEET: part(data, SHEET).replace("</sheetData>", f'<row r="9">{cells}</row></sheetData>')}
    )


def _moved(mark: str) -> bytes:
    """An earlier template: its mark, columns in another order, one added, an optional and a required one gone."""
    keys = [key for key in reversed(KEYS) if key not in ("remark", "address")]
    rows = [[row[KEYS.index(key)] for key in keys] for row in body({}, {})]
    names = [TITLES[KEYS.index(key)] for key in keys]
    return workbook([[*names, "区县联系人"], *[[*row, "张三"] for row in rows]], mark=mark)


CASES: Sequence[Case] = (
    _delimited("UTF-8", _text().encode()),
    _delimited("UTF-8 with BOM", _text().encode("utf-8-sig")),
    _delimited("GB18030 with a character that GBK lacks", _text().encode("gb18030")),
    _delimited("UTF-16 with BOM, tabs", _text(delimiter="\t").encode("utf-16"), name="TSV"),
    _delimited("UTF-16 without BOM", _text(delimiter="\t").encode("utf-16-le"), name="TSV"),
    _delimited("semicolons", _text(delimiter=";").encode()),
    _delimited("a sep= line", _text(delimiter=";", first="sep=;\r\n").encode(), row=3),
    _delimited("CR-only line ends", _text(line_end="\r").replace("\n", " ").encode()),
    _delimited("LF line ends, named .xls", _text(line_end="\n").encode("gb18030"), filename="登记表.xls"),
    _refused(21, "bytes of no encoding", _text().encode() + b"\xff\xff\x81", "file.E001", "登记表.csv"),
    _register(22, "register.xls", "登记表", filename="登记表.xlsx"),
    _register(22, "register_wps.et", "登记表"),
    _register(22, "register.ods", "登记表"),
    _register(22, "register_libreoffice.xlsx", "登记表", filename="登记表.xls"),
    _register(22, "register_gb18030.csv", "CSV", filename="登记表.xls", typed=False),
    _refused(22, "HTML named .xls", _kept("html_named_xls.xls"), "file.E002"),
    _refused(22, "XML 2003 named .xls", _kept("xml2003_named_xls.xls"), "file.E002"),
    _refused(22, "a PDF named .xlsx", _kept("pdf_named_xlsx.xlsx"), "file.E002"),
    _refused(22, "an Office lock file", bytes([5]) + b"admin" + b" " * 49 + b"\x05\x00" + "admin".encode("utf-16-le") + b"\x20\x00" * 49, "file.E002"),
    _refused(23, "a password to open", _kept("password.ods"), "file.E003"),
    Case(23, "sheet and workbook protection alone", _protected, (), {"terminals": [420]}),
    Case(
        24, "a sheet per city, a summary, a dictionary, a hidden sheet", _cities,
        [("旧稿", None, None, "file.W014")], {"network_code": ["JS-SZ-1", "JS-NJ-1"]}, [[2], [3]],
    ),
    Case(25, "hidden and filtered rows", _with_filter, at((None, None, "file.W015")), rows=[[2, 3, 4]]),
    Case(
        26, "formulas with, without, and with a broken result", _formulas,
        at((2, "terminals", "cell.E111"), (3, "terminals", "cell.E110")), {"terminals": [None, None, 420]},
    ),
    Case(27, "comments, colours, links and repeated titles", _decorated, at(BLANK), rows=[[2, 4]]),
    Case(27, "macros and external links", _extras, [(None, None, None, "file.W019")], {"terminals": [420]}),
    _refused(29, "a ratio", _bomb("xl/sharedStrings.xml", b"<sst>" + b" " * 30_000_000), "file.E004"),
    _refused(29, "XML entities", _entities(), "file.E004"),
    _refused(29, "columns beyond 256", _wide(), "file.E004"),
    _refused(29, "100 000 columns of text", ",".join(["a"] * 100_000).encode() + b"\n", "file.E004", "登记表.csv"),
    Case(
        30, "data from B5 on", lambda: workbook([TITLES, *body({}, {"terminals": "很多"})], at="B5"),
        at((7, "terminals", "cell.E102")), rows=[[6, 7]],
    ),
    Case(10, "formatted rows without content", _phantoms, (), rows=[[2]]),
    Case(
        33, "an earlier template with columns moved, added and missing", lambda: _moved("networks-2026Q1-1"),
        [(None, None, None, "file.W013"), *at((None, None, "file.E006"), (None, "区县联系人", "file.W008"))],
        {"terminals": [420, 420], "address": [None, None]},
    ),
    Case(
        35, "records on a second sheet without titles", _second_sheet, [("第2页", None, None, "file.W022")], rows=[[2]]
    ),
    Case(39, "a note merged from the header down", _side_note, at((None, "填表说明", "file.W008")), rows=[[2, 3, 4]]),
    Case(
        39, "a second table in another column order", _second_order, at(BLANK, (6, "terminals", "cell.E102")),
        {"terminals": [701, 702, None]}, [[2], [5, 6]],
    ),
    *(
        Case(40, what, partial(workbook, [[write(title, label) for title, label in zip(TITLES, LABELS, strict=True)], *body({})]), rows=[[2]])
        for what, write in (
            ("titles with a colon", lambda title, label: f"{title}："),
            ("titles with a hint and two brackets", lambda title, label: f"{title}（必填）（见填表说明）"),
            ("titles with English on a second line", lambda title, label: f"{title}\n{label}"),
            ("English titles", lambda title, label: label),
        )
    ),
    Case(
        40, "other punctuation and traditional characters",
        lambda: workbook([titled(site_name="工廠（園區、礦區、港區）名稱", commissioned_on="建成（投運）時間"), *body({})]), rows=[[2]],
    ),
    Case(
        40, "what offices call the columns",
        lambda: workbook([titled(investment_10k_cny="总投资额（亿元）", security_level="安全等级"), *body({"investment_10k_cny": 1.2})]),
        at((None, "security_level", "file.I021"), (None, "investment_10k_cny", "file.I021")),
        {"investment_10k_cny": ["12000.00"]},
    ),
    Case(34, "a declared dimension of A1", _dimension_a1, (), rows=[[2, 3]]),
)  # fmt: skip
