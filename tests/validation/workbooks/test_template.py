"""The official workbook: what stands where, what is offered, and that other programs open it."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from demo import register
from validation import FORMS, Context, Form, Need, Period, validate
from validation.hints import Text, title
from validation.rulebook.example_rows import EXAMPLES, SAMPLE_MARK
from validation.workbooks.template import FIRST_ROW, HEADER_ROW, filled, template
from validation.workbooks.template_sheets import ADVICE, CODE_LISTS, INSTRUCTIONS, entries

PERIOD = Period(2026, 3)
SOFFICE = shutil.which("soffice")
#: Set where the tests may not be left out for want of it.
OFFICE_REQUIRED = os.environ.get("OFFICE_TESTS") == "required"
EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))


@cache
def opened(data: bytes) -> Workbook:
    """The workbook, to be read only: opening the same one for every test would take longest."""
    return openpyxl.load_workbook(io.BytesIO(data))


def form_sheet(form: Form, data: bytes) -> Worksheet:
    sheet = opened(data)[form.label_zh]
    assert isinstance(sheet, Worksheet)
    return sheet


def row_values(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


@EVERY_FORM
def test_header_holds_every_official_title_with_its_unit(form: Form) -> None:
    titles = row_values(form_sheet(form, template(form, PERIOD)), HEADER_ROW + 1)
    assert titles == ["序号", *(title(column) for column in form.columns)]


def test_unit_is_written_once() -> None:
    networks = FORMS["networks"].by_key
    assert title(networks["investment_10k_cny"]) == "总投资（万元）"
    assert title(networks["base_stations_macro"]) == "宏站数量（个）"


@EVERY_FORM
def test_blank_template_has_the_sample_row_and_nothing_below(form: Form) -> None:
    sheet = form_sheet(form, template(form, PERIOD))
    assert sheet.max_row == FIRST_ROW + 1
    assert row_values(sheet, FIRST_ROW + 1)[:2] == [SAMPLE_MARK, EXAMPLES[form.name][form.key.key]]


@EVERY_FORM
def test_every_column_has_an_example(form: Form) -> None:
    assert list(EXAMPLES[form.name]) == [column.key for column in form.columns]


@EVERY_FORM
def test_version_mark_is_a_hidden_name(form: Form) -> None:
    name = opened(template(form, PERIOD)).defined_names["gongwang_template"]
    assert name.hidden
    assert name.attr_text == f'"{form.name}-2026Q3-1"'


@EVERY_FORM
def test_names_the_unit_in_the_filling_block(form: Form) -> None:
    sheet = form_sheet(form, template(form, PERIOD, unit="320000"))
    assert [sheet["B3"].value, sheet["C3"].value] == ["填报单位：", "江苏省"]
    assert form_sheet(form, template(form, PERIOD))["C3"].value is None


@EVERY_FORM
def test_each_column_has_a_hint_and_listed_columns_a_drop_down(form: Form) -> None:
    sheet = form_sheet(form, template(form, PERIOD))
    offers = list(sheet.data_validations.dataValidation)
    assert len(offers) == len(form.columns)
    for column, offer in zip(form.columns, offers, strict=True):
        assert column.label_en in offer.prompt or len(offer.prompt) == 255
        assert (offer.type == "list") == (column.codelist is not None or column.kind == "bool")


def test_drop_down_covers_exactly_its_code_list() -> None:
    book = opened(template(FORMS["networks"], PERIOD, unit="440300"))
    lists = book[CODE_LISTS]
    offers = form_sheet_offers(book[FORMS["networks"].label_zh])
    region = lists[offers["region_code"].split("!")[1].replace("$", "")]
    assert [row[0].value for row in region] == [
        entry.written for entry in entries("regions", PERIOD, "440300")
    ]
    kind = lists[offers["network_type"].split("!")[1].replace("$", "")]
    assert [row[0].value for row in kind] == ["虚拟专网", "混合专网", "独立专网"]


def form_sheet_offers(sheet: Worksheet) -> dict[str, str]:
    offers = sheet.data_validations.dataValidation
    columns = FORMS["networks"].columns
    return {column.key: offer.formula1 for column, offer in zip(columns, offers, strict=True)}


def test_places_are_the_units_own() -> None:
    assert {entry.code[:4] for entry in entries("regions", PERIOD, "440300")} == {"4403"}
    assert {entry.code[:4] for entry in entries("regions", PERIOD, "660000")} == {"6590"}
    assert len(list(entries("regions", PERIOD))) > 3000


def test_industries_are_the_207_groups_and_their_divisions() -> None:
    codes = [entry.code for entry in entries("industries", PERIOD)]
    assert sum(len(code) == 3 for code in codes) == 207
    assert sum(len(code) == 2 for code in codes) == 41


@EVERY_FORM
def test_codes_are_text_and_formats_stand_on_columns(form: Form) -> None:
    sheet = form_sheet(
        form, template(form, PERIOD, unit="320000", records=register("320000", form.name, PERIOD))
    )
    key = sheet.cell(FIRST_ROW + 1, 2)
    assert key.number_format == "@"
    assert sheet.column_dimensions["B"].width > 16


@EVERY_FORM
def test_header_is_frozen_and_required_titles_are_marked(form: Form) -> None:
    sheet = form_sheet(form, template(form, PERIOD))
    assert sheet.freeze_panes == f"D{FIRST_ROW + 1}"
    fills = {
        column.required: sheet.cell(HEADER_ROW + 1, place).fill.start_color.rgb
        for place, column in enumerate(form.columns, start=2)
    }
    assert len(set(fills.values())) == len(fills) == len(Need)


@EVERY_FORM
def test_prefilled_rows_are_the_records(form: Form) -> None:
    records = register("640000", form.name, PERIOD)
    sheet = form_sheet(form, template(form, PERIOD, unit="640000", records=records))
    assert sheet.max_row == FIRST_ROW + records.height
    keys = [sheet.cell(row, 2).value for row in range(FIRST_ROW + 1, sheet.max_row + 1)]
    assert keys == records[form.key.key].to_list()


def test_a_register_of_nothing_has_no_row() -> None:
    form = FORMS["networks"]
    nothing = register("640000", "networks", PERIOD).clear()
    assert form_sheet(form, template(form, PERIOD, records=nothing)).max_row == HEADER_ROW + 1


def test_unknown_code_is_written_as_it_is() -> None:
    form = FORMS["networks"]
    records = register("640000", "networks", PERIOD).head(1).with_columns(ownership=pl.lit("guild"))
    assert form_sheet(form, template(form, PERIOD, records=records)).cell(FIRST_ROW + 1, 6).value == "guild"


def test_text_that_begins_like_a_formula_stays_text() -> None:
    form = FORMS["networks"]
    rows = [["=1+1"] + [None] * (len(form.columns) - 1)]
    data = filled(form, PERIOD, unit="320000", rows=rows)
    cell = form_sheet(form, data).cell(FIRST_ROW + 1, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert b"<f>" not in sheet_xml(data)


def sheet_xml(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


@EVERY_FORM
def test_instructions_speak_of_every_column_in_two_languages(form: Form) -> None:
    sheet = opened(template(form, PERIOD))[INSTRUCTIONS]
    first = len(ADVICE) + 4
    lines = list(sheet.iter_rows(min_row=first, values_only=True))
    assert [line[:2] for line in lines] == [(title(column), column.label_en) for column in form.columns]
    assert all(line[3] and line[4] for line in lines)


@EVERY_FORM
def test_same_arguments_give_the_same_bytes(form: Form) -> None:
    assert template(form, PERIOD, unit="320000") == template(form, PERIOD, unit="320000")


def test_rows_that_memory_does_not_hold_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    form = FORMS["networks"]
    records = register("640000", "networks", PERIOD)
    held = template(form, PERIOD, records=records)
    monkeypatch.setattr("validation.workbooks.template_rows._HELD_BYTES", 1)
    assert template(form, PERIOD, records=records) == held


@pytest.mark.parametrize(
    "written",
    [
        "<a & b>",
        "\"'",
        "  spaced  ",
        "_x0041_ and _x",
        "two\nlines",
        "a\tb",
        "😀",
        "\x01\x1f",
        12,
        0.1,
        -1.5,
    ],
)
def test_what_is_written_is_what_is_read(written: str | float) -> None:
    form = FORMS["networks"]
    rows = [[None, *[written] * (len(form.columns) - 1)], ["", *[None] * (len(form.columns) - 1)]]
    data = filled(form, PERIOD, unit="320000", rows=rows)
    first, second = form_sheet(form, data).iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 2)
    read = first[2].value
    assert (unescape(read) if isinstance(read, str) else read) == written
    assert first[1].value is None
    assert [cell.value for cell in second] == [2, *[None] * len(form.columns)]
    assert {cell.number_format for cell in first[2:4]} == {"@"}


@EVERY_FORM
def test_our_own_reader_finds_every_cell_as_it_was_written(form: Form) -> None:
    records = register("640000", form.name, PERIOD)
    result = validate(template(form, PERIOD, records=records), form, Context(unit="640000", period=PERIOD))
    assert result.frame is not None
    assert result.frame.select(records.columns).equals(records)


@EVERY_FORM
@pytest.mark.parametrize("rows", [0, None], ids=["filled", "blank"])
def test_a_notice_is_told_beside_the_form_and_not_in_it(form: Form, rows: int | None) -> None:
    records = None if rows is None else register("640000", form.name, PERIOD)
    notice = Text("演示数据", "Demo data")
    plain, noticed = (template(form, PERIOD, records=records, notice=said) for said in (None, notice))
    assert values_of(form, noticed) == values_of(form, plain)
    assert opened(noticed).properties.title == f"演示数据 / Demo data · {form.label_zh} 2026Q3"
    assert opened(noticed).properties.keywords == "演示数据 / Demo data"
    lines = [[cell.value for cell in row] for row in opened(noticed)[INSTRUCTIONS]]
    assert lines[0][0] == "演示数据 / Demo data"
    assert lines[1:] == [[cell.value for cell in row] for row in opened(plain)[INSTRUCTIONS]]
    assert opened(plain).properties.keywords is None


def values_of(form: Form, data: bytes) -> list[tuple[object, ...]]:
    return list(form_sheet(form, data).iter_rows(values_only=True))


@pytest.mark.skipif(SOFFICE is None and not OFFICE_REQUIRED, reason="LibreOffice is not installed")
@EVERY_FORM
def test_opens_in_libreoffice_with_nothing_lost(form: Form, tmp_path: Path) -> None:
    data = template(form, PERIOD, unit="320000", records=register("320000", form.name, PERIOD))
    saved = through_libreoffice(data, tmp_path)
    assert trimmed(values_of(form, saved)) == trimmed(values_of(form, data))
    assert opened(saved).defined_names["gongwang_template"].attr_text == f'"{form.name}-2026Q3-1"'


@EVERY_FORM
def test_it_prints_on_few_pages_that_can_be_read(form: Form) -> None:
    book = opened(template(form, PERIOD))
    for name, wide in ((form.label_zh, 3), (CODE_LISTS, 1), (INSTRUCTIONS, 1)):
        setup = book[name].page_setup
        assert (setup.fitToWidth or 1, setup.fitToHeight, setup.orientation) == (wide, 0, "landscape"), name
        assert book[name].sheet_properties.pageSetUpPr.fitToPage
    lists = book[CODE_LISTS]
    last = int(lists.print_area.rpartition("$")[2])
    # all lists but the country's divisions, which stand last
    [places] = {column.label_zh for column in form.columns if column.codelist == "regions"}
    printed = {lists.cell(row, 1).value for row in range(2, last + 1)}
    assert {lists.cell(row, 1).value for row in range(last + 1, lists.max_row + 1)} == {places}
    assert len(printed) > 5
    assert places not in printed
    assert last < 500


@pytest.mark.skipif(not SOFFICE and not OFFICE_REQUIRED, reason="LibreOffice is not installed")
@EVERY_FORM
def test_libreoffice_prints_it_on_few_pages(form: Form, tmp_path: Path) -> None:
    printed = through_libreoffice(template(form, PERIOD), tmp_path, "pdf")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 15


def through_libreoffice(data: bytes, folder: Path, ending: str = "xlsx") -> bytes:
    """Opened and saved again, or printed, with a profile of its own so that no other run disturbs it."""
    (folder / "form.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", ending, "--outdir", str(folder / "out")]
    subprocess.run([*command, str(folder / "form.xlsx")], check=True, timeout=120, capture_output=True)
    return (folder / "out" / f"form.{ending}").read_bytes()


def trimmed(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Without the blank rows and columns that LibreOffice writes behind formatted columns."""
    filled_rows = [number for number, row in enumerate(rows, start=1) if any(row)]
    width = max(place for row in rows for place, value in enumerate(row, start=1) if value is not None)
    return [row[:width] for row in rows[: max(filled_rows)]]
