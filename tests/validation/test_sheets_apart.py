"""What belongs to no form is passed by, however broken or large; what belongs to it refuses the file and says where."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest

from tests.validation.lines.beside_and_broken import FORM_PART, SECOND
from tests.validation.lines.case import TITLES, body
from tests.validation.ods_files import ods
from tests.validation.small_workbooks import Sheet, book, part, with_parts
from tests.validation.test_reading_xlsx import cells
from tests.validation.xls_files import XlsSheet, compound_file, stream, xls
from validation import DEFAULT_LIMITS, FORMS, Context, Period, Result, SheetColumns, validate
from validation.findings import from_row
from validation.limits import Limits
from validation.reading import read_workbook
from validation.workbooks.corrected import corrected_workbook
from validation.workbooks.marked import marked_workbook

FORM = FORMS["networks"]
ROWS = [TITLES, *body({})]
OTHER = [["代码", "名称"], ["1", "混合专网"]]


def checked(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Result:
    return validate(data, FORM, Context("320000", Period(2026, 3), limits=limits))


def messages(result: Result) -> list[str]:
    return [from_row(row).message("en") for row in result.findings.iter_rows(named=True)]


def with_other(content: str | bytes | None, *, hidden: bool = False) -> bytes:
    return with_parts(book(Sheet(ROWS), Sheet(OTHER, "字典", hidden=hidden)), {SECOND: content})


def half(data: bytes, name: str) -> str:
    text = part(data, name)
    return text[: text.index("</row>") + 9]


BOOK = book(Sheet(ROWS), Sheet(OTHER, "字典"))


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"\x01\x02",
        "<worksheet>",
        half(BOOK, SECOND),
        '<!DOCTYPE x [<!ENTITY a "a">]><worksheet/>',
    ],
    ids=["missing", "empty", "no XML", "cut off at once", "half", "entities"],
)
def test_a_broken_sheet_beside_the_forms(content: str | bytes | None, hidden: bool) -> None:
    result = checked(with_other(content, hidden=hidden))
    assert [sheet.data_rows for sheet in result.report.sheets] == [1]
    assert not result.counts["E"]
    assert result.report.unread == (() if hidden else ("字典",))


def test_a_visible_sheet_that_is_damaged_is_reported() -> None:
    (finding,) = checked(with_other(None)).findings.iter_rows(named=True)
    assert (finding["sheet"], finding["code"]) == ("字典", "file.I016")
    assert from_row(finding).message("zh") == "已跳过0行（工作表无法读取：部件缺失）。"
    assert (
        from_row(finding).message("en")
        == "0 rows were skipped (a sheet that cannot be read: its part is missing)."
    )


def test_the_forms_sheet_cut_off_below_its_header() -> None:
    data = with_parts(BOOK, {FORM_PART: half(BOOK, FORM_PART)})
    assert messages(checked(data)) == ["The file cannot be read: sheet “表1”: its part cannot be parsed."]


def test_one_broken_sheet_of_two_of_the_form() -> None:
    data = book(Sheet(ROWS, "苏州"), Sheet(ROWS, "南京"))
    result = checked(with_parts(data, {SECOND: half(data, SECOND)}))
    assert messages(result) == ["The file cannot be read: sheet “南京”: its part cannot be parsed."]


def test_without_a_form_the_broken_sheet_is_named() -> None:
    data = book(Sheet(OTHER, "字典"), Sheet(ROWS))
    assert messages(checked(with_parts(data, {SECOND: "<worksheet>"}))) == [
        "The file cannot be read: sheet “表1”: its part cannot be parsed."
    ]


def test_another_collections_sheet_beside_a_broken_one() -> None:
    applications = [[column.label_zh for column in FORMS["ai_applications"].columns]]
    data = with_parts(book(Sheet(applications, "应用"), Sheet(OTHER, "字典")), {SECOND: "<worksheet>"})
    assert "file.E010" in checked(data).findings["code"].to_list()


WIDE = [["x"] * 300]
HIGH = [["x"]] * 400
LONG = [["代码", "x" * 400]]


@pytest.mark.parametrize(
    "build",
    [
        lambda rows: book(Sheet(rows, "字典"), Sheet(ROWS)),
        lambda rows: xls(XlsSheet([row[:250] for row in rows], "字典"), XlsSheet(ROWS)),
        lambda rows: ods(("字典", rows), ("表1", ROWS)),
    ],
    ids=["xlsx", "xls", "ods"],
)
@pytest.mark.parametrize("rows", [WIDE, HIGH, LONG], ids=["wide", "high", "long text"])
def test_limits_count_for_the_forms_sheet(build: Callable[..., bytes], rows: list[list[str]]) -> None:
    limits = replace(DEFAULT_LIMITS, columns=40, rows=300, cell_characters=300)
    result = checked(build(rows), limits)
    assert messages(result) == []
    assert [sheet.data_rows for sheet in result.report.sheets] == [1]


def test_a_limit_of_the_forms_sheet_is_told_with_sheet_cell_and_number() -> None:
    data = book(Sheet([[*TITLES, *["x"] * 300], *body({})]), Sheet(OTHER, "字典"))
    assert messages(checked(data)) == [
        "The file is over a limit: sheet “表1”: at most 256 columns, and cell IW1 is in column 257."
    ]
    long = book(Sheet([TITLES, *body({"remark": "x" * 301})]))
    assert messages(checked(long, replace(DEFAULT_LIMITS, cell_characters=300))) == [
        "The file is over a limit: sheet “表1”: at most 300 characters in a cell, and AG2 has 301."
    ]


def test_the_top_of_a_wide_sheet_is_there_though_it_comes_in_one_block() -> None:
    (other, form) = read_workbook(book(Sheet([*OTHER, ["x"] * 300], "字典"), Sheet(ROWS))).sheets
    assert other.refusal is not None
    assert {"A1": "代码", "B2": "混合专网", "IV3": "x"}.items() <= cells(other).items()
    assert form.refusal is None


def test_one_part_named_by_hundreds_of_sheets_is_refused_at_once() -> None:
    data = book(Sheet([*ROWS, *[["x" * 60] * 30] * 6_000]))
    text = part(data, "xl/workbook.xml")
    entry = text[text.index("<sheet ") : text.index("</sheets>")]
    more = "".join(
        entry.replace('name="表1"', f'name="表{n}"').replace('sheetId="1"', f'sheetId="{n}"')
        for n in range(2, 801)
    )
    start = time.process_time()
    texts = messages(checked(with_parts(data, {"xl/workbook.xml": text.replace(entry, entry + more)})))
    assert texts == ["The file is over a limit: at most 300 MB when expanded."]
    assert time.process_time() - start < 2


def test_more_sheets_than_parts_of_a_file() -> None:
    data = book(Sheet(ROWS))
    text = part(data, "xl/workbook.xml")
    entry = text[text.index("<sheet ") : text.index("</sheets>")]
    many = with_parts(data, {"xl/workbook.xml": text.replace(entry, entry * 2_500)})
    assert messages(checked(many)) == ["The file is over a limit: at most 2000 parts inside the file."]
    few = stream(*[XlsSheet([], f"表{number}") for number in range(30)])
    assert messages(checked(compound_file({"Workbook": few}), replace(DEFAULT_LIMITS, parts=20))) == [
        "The file is over a limit: at most 20 sheets."
    ]


def test_two_parts_of_one_name_matter_only_where_they_are_read() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = _with_twice(BOOK, "xl/media/image1.png")
    assert messages(checked(twice)) == []
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = _with_twice(BOOK, FORM_PART)
    assert "it holds two parts of the name" in messages(checked(twice))[0]


def _with_twice(data: bytes, name: str) -> bytes:
    import zipfile

    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        for _ in range(2):
            archive.writestr(name, b"x")
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        with_other("<worksheet>"),
        with_parts(BOOK, {"docProps/core.xml": "<broken"}),
        with_parts(BOOK, {"xl/theme/theme1.xml": None}),
        with_parts(BOOK, {SECOND: part(BOOK, SECOND).replace("<v>0</v>", "<v>99</v>")}),
        with_parts(BOOK, {"xl/workbook.xml": part(BOOK, "xl/workbook.xml").replace('"字典"', '"a/b"')}),
    ],
    ids=[
        "a broken sheet",
        "broken properties",
        "no theme",
        "a lost string",
        "a name that no workbook can have",
    ],
)
def test_what_openpyxl_cannot_open_is_given_back_as_it_was_read(data: bytes) -> None:
    result = checked(data)
    sheets = [SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets]
    for made in (
        marked_workbook(data, result.findings, FORM, sheets=sheets, rows=1),
        corrected_workbook(data, FORM, sheets=sheets, rows=1, edits=()),
    ):
        opened = openpyxl.load_workbook(io.BytesIO(made))
        assert opened["表1"]["T2"].value == 420
