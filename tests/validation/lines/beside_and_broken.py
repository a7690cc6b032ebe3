"""Lines 35, 38 and 41 to 44: what stands beside the form, and what is broken in one place of an otherwise sound file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.validation import locking
from tests.validation.lines.case import KEYS, TITLES, Case, at, body
from tests.validation.ods_files import OdsCell, ods
from tests.validation.small_workbooks import Sheet, book, csv_bytes, part, with_parts
from tests.validation.xls_files import NAME, XlsSheet, compound_file, record, stream, xls

STRINGS = "xl/sharedStrings.xml"
SECOND, FORM_PART, CONTENT = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml", "content.xml"
CODES = ["JS-1", "JS-2"]


def _rows(**changed: object) -> list[list[object]]:
    return [
        TITLES,
        *body(
            {"network_code": CODES[0], "site_name": "甲厂", **changed},
            {"network_code": CODES[1], "site_name": "乙厂"},
        ),
    ]


FORM = book(Sheet(_rows()))


def _beside(second: str | bytes | None, *, hidden: bool = False) -> bytes:
    """The form's sheet and another one with this part."""
    made = book(Sheet(_rows()), Sheet([["代码"]], "字典", hidden=hidden))
    return with_parts(made, {SECOND: second})


def _wide(*, hidden: bool) -> bytes:
    made = book(Sheet(_rows()), Sheet([["代码"]], "字典", hidden=hidden))
    cells = "".join(f'<c r="{letters}1"><v>1</v></c>' for letters in ("IV", "IW", "MB"))
    return with_parts(made, {SECOND: part(made, SECOND).replace("</row>", f"{cells}</row>")})


def _empty() -> bytes:
    made = book(Sheet(_rows()), Sheet([], "Sheet2"))
    return with_parts(made, {SECOND: part(made, SECOND).replace("<sheetData/>", "<sheetData />")})


def _half(text: str) -> str:
    return text[: len(text) // 2]


def _form_with(old: str, new: str) -> bytes:
    changed = part(FORM, FORM_PART).replace(old, new, 1)
    assert changed != part(FORM, FORM_PART)
    return with_parts(FORM, {FORM_PART: changed})


def _spelled(old: str, new: str) -> bytes:
    """The form with a text spelled otherwise among the shared strings."""
    strings = part(FORM, STRINGS)
    assert old in strings
    return with_parts(FORM, {STRINGS: strings.replace(old, new)})


def _lost_string() -> bytes:
    """The remark of the first record names a string beyond all."""
    made = part(FORM, FORM_PART)
    number = re.search(r'<c r="AG2"[^>]*t="s"><v>(\d+)</v>', made)
    assert number
    return _form_with(number[0], number[0].replace(f"<v>{number[1]}<", "<v>9999<"))


def _case(
    line: int, what: str, data: bytes, findings: Sequence[tuple[str | None, int | None, str | None, str]] = ()
) -> Case:
    """A file whose two records are read."""
    return Case(line, what, lambda: data, findings, {"network_code": CODES}, [[2, 3]])


def _refused(line: int, what: str, data: bytes, code: str) -> Case:
    return Case(line, what, lambda: data, [(None, None, None, code)])


def _csv(**changed: object) -> str:
    return csv_bytes(_rows(**changed)).decode()


def _unclosed(last: str) -> bytes:
    """Three records; the remark of the second opens a quote."""
    rows = [*_rows(remark="甲"), *body({"network_code": "JS-3", "remark": last})]
    rows[2][KEYS.index("remark")] = "乙乙"
    return csv_bytes(rows).replace("乙乙".encode(), '"乙乙'.encode())


def _ods(date_value: str) -> bytes:
    rows = _rows()
    rows[2][KEYS.index("started_on")] = OdsCell(
        f'office:value-type="date" office:date-value="{date_value}"', date_value
    )
    return ods(("表1", rows), ("字典", [["代码"], ["1"]]))


def _ods_in_utf16() -> bytes:
    entities = part(_ods("2024-11-01"), CONTENT).replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>')
    return with_parts(_ods("2024-11-01"), {CONTENT: _utf16(entities)})


def _many_sheets_of_one_part() -> bytes:
    made = book(Sheet([*_rows(), *[["x" * 50] * 20] * 8_000]), Sheet([["代码"]], "字典"))
    names = part(made, "xl/workbook.xml")
    entry = names[names.index("<sheet ") : names.index("/>", names.index("<sheet ")) + 2]
    more = "".join(
        entry.replace('name="表1"', f'name="表{number}"').replace('sheetId="1"', f'sheetId="{number}"')
        for number in range(3, 803)
    )
    return with_parts(made, {"xl/workbook.xml": names.replace(entry, entry + more)})


def _utf16(text: str) -> bytes:
    return text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


STREAM = stream(XlsSheet(_rows()))

CASES: Sequence[Case] = (
    _case(35, "a hidden sheet of 340 columns", _wide(hidden=True)),
    _case(35, "a visible sheet of 340 columns", _wide(hidden=False)),
    _case(35, "an empty sheet spelled otherwise", _empty()),
    _case(35, "a hidden sheet cut in two", _beside(_half(part(_empty(), SECOND)), hidden=True)),
    _case(35, "a visible sheet cut in two", _beside(_half(part(_empty(), SECOND))), [("字典", None, None, "file.I016")]),
    _case(35, "a sheet whose part is missing", _beside(None), [("字典", None, None, "file.I016")]),
    _case(35, "a sheet that is no XML", _beside(b"\x01\x02\x03", hidden=True)),
    _case(35, "a sheet in UTF-16", _beside(_utf16(part(_empty(), SECOND)))),
    _case(35, "a damaged sheet of an .xls", compound_file({"Workbook": stream(XlsSheet(_rows()), XlsSheet([["a"]], "字典"))[:-4]}), [("字典", None, None, "file.I016")]),
    _refused(35, "the form's sheet cut in two", _form_with("</row></sheetData>", "</row>"), "file.E001"),
    _refused(35, "a cell of the form's sheet beyond the columns", _form_with('<c r="B2"', '<c r="MB2"'), "file.E004"),
    _case(38, "a character cut in two", _csv().encode().replace("甲厂".encode(), b"\xe7\x94" + "厂".encode()), at((2, "site_name", "cell.E119"), sheet="CSV")),
    _case(38, "Ctrl-Z at the end", _csv().encode() + b"\x1a"),
    _case(38, "codes written as formulas", _csv().replace("91320583DEM00CT705", '="91320583DEM00CT705"').encode()),
    Case(
        38, "a quote that never closes", lambda: _unclosed("丙"),
        [("CSV", None, None, "file.I016"), ("CSV", 3, None, "file.E023")], {"network_code": CODES[:1]}, [[2]],
    ),
    Case(
        38, "a quote closed by that of a row below", lambda: _unclosed('丙"丁'),
        [("CSV", None, None, "file.I016"), ("CSV", 3, None, "file.E023")], {"network_code": CODES[:1]}, [[2]],
    ),
    Case(41, "an emoji as two escapes", lambda: _spelled("甲厂", "甲_xD83D__xDE00_"), (), {"site_name": ["甲😀", "乙厂"]}),
    Case(41, "half an emoji", lambda: _spelled("甲厂", "甲_xD83D_"), at((2, "site_name", "cell.E119"))),
    _case(42, "a root called R", xls(XlsSheet(_rows()), root="R")),
    _case(42, "a wrong count of strings", xls(XlsSheet(_rows()), counts=(9_999, 9_999))),
    _case(42, "an odd defined name", xls(XlsSheet(_rows()), extra=record(NAME, b"\x20\x00\xff\xff"))),
    _case(42, "Excel's own password", locking.agile(FORM)),
    _case(42, "Excel's own password, as Office 2007 used it", locking.standard(FORM)),
    _case(42, "Excel's own password in an .xls", compound_file({"Workbook": locking.rc4(STREAM)})),
    _refused(42, "another password", locking.agile(FORM, password="1234"), "file.E003"),
    _case(42, "text beside an empty value", _form_with('t="s"><v>0</v>', 't="inlineStr"><is><t>专网编号</t></is><v></v>')),
    _case(43, "a date of the year 20219 in an .ods", _ods("20219-12-11"), at((3, "started_on", "cell.E104"))),
    _case(43, "a number that is none in an .xlsx", _form_with("<v>420</v>", "<v>4l20</v>"), at((2, "terminals", "cell.E102"))),
    _case(43, "a shared string that is not there", _lost_string(), at((2, "remark", "cell.E119"))),
    _refused(44, "one part named by 800 sheets", _many_sheets_of_one_part(), "file.E004"),
    _refused(44, "the form's sheet in UTF-16", with_parts(FORM, {FORM_PART: _utf16(part(FORM, FORM_PART))}), "file.E004"),
    _refused(44, "an .ods in UTF-16 with entities", _ods_in_utf16(), "file.E004"),
)  # fmt: skip
