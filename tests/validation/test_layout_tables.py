"""Several tables on one sheet, each read by its own header, and sheets of records that have none."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.layouts import (
    JIANGSU,
    NETWORKS,
    TITLES,
    lay,
    lay_rows,
    only_finding,
    row,
    rows_of,
    triples,
)
from tests.validation.lines.case import KEYS, body, place
from tests.validation.small_workbooks import Sheet, book, csv_bytes, workbook
from validation import FORMS, Edit, Result, SheetColumns, validate
from validation.corrections import position_of, recheck
from validation.raw import RefusedFileError, address
from validation.workbooks.corrected import corrected_workbook
from validation.workbooks.marked import marked_workbook

BACKWARDS = list(reversed(range(len(TITLES))))


def turned(cells: list[Any]) -> list[Any]:
    """The columns from the last to the first."""
    return [cells[at] for at in BACKWARDS]


def two_tables(*changes: dict[str, Any]) -> bytes:
    """Records of which the first stands in a table of its own, the others in one below, its columns turned."""
    first, *others = body(*changes)
    return workbook([["表一"], TITLES, first, [], ["表二"], turned(TITLES), *map(turned, others)])


def checked(data: bytes, edits: tuple[Edit, ...] = ()) -> Result:
    return validate(data, NETWORKS, replace(JIANGSU, edits=edits))


def tables_of(result: Result) -> list[SheetColumns]:
    return [SheetColumns(s.name, s.columns, s.span) for s in result.report.sheets]


def test_each_table_is_read_by_its_own_header() -> None:
    result = checked(two_tables({"terminals": 701}, {"terminals": 702}, {"terminals": 703}))
    assert result.verdict == "ready"
    assert result.frame is not None
    assert result.frame.select("_sheet", "_row", "terminals").rows() == [
        ("表1", 3, 701), ("表1", 7, 702), ("表1", 8, 703)
    ]  # fmt: skip
    assert [(s.header_row, s.data_rows, s.span) for s in result.report.sheets] == [
        (2, 1, (1, 5)),
        (6, 2, (6, 8)),
    ]
    assert [tuple(skipped) for s in result.report.sheets for skipped in s.skipped] == [
        (1, "title"), (2, "header"), (4, "blank"), (5, "note"), (6, "header")
    ]  # fmt: skip


def test_findings_stand_at_the_cells_of_their_own_table() -> None:
    result = checked(two_tables({"terminals": "很多"}, {"terminals": "很多"}, {"status": "?"}))
    errors = result.findings.filter(pl.col("code").str.contains(r"\.E"))
    second = len(TITLES) - 1
    assert errors.select("row", "column", "cell", "code").rows() == [
        (3, "terminals", address(3, place("terminals")), "cell.E102"),
        (7, "terminals", address(7, second - place("terminals")), "cell.E102"),
        (8, "status", address(8, second - place("status")), "cell.E106"),
    ]


def test_a_header_with_the_same_columns_only_goes_on() -> None:
    english = [column.label_en for column in NETWORKS.columns]
    layout = lay_rows([TITLES, row("JS-1"), [], english, row("JS-2"), TITLES, row("JS-3")])
    [table] = layout.tables
    assert table.rows.to_list() == [2, 5, 7]
    assert table.span is None
    assert [tuple(skip) for skip in table.skipped] == [
        (1, "header"), (3, "blank"), (4, "repeated_header"), (6, "repeated_header")
    ]  # fmt: skip


def test_the_units_of_each_table_are_its_own() -> None:
    header = ["总投资" if title == "总投资（万元）" else title for title in TITLES]
    layout = lay_rows(
        [
            ["单位：亿元"],
            header,
            row("JS-1"),
            ["单位：元"],
            turned(header),
            turned(row("JS-2")),
            header,
            row("JS-3"),
        ]
    )
    units = [next(c.unit for c in table.columns if c.key == "investment_10k_cny") for table in layout.tables]
    assert units == ["亿元", "元", "元"]


def test_a_narrow_second_table_says_what_it_lacks_once() -> None:
    narrow = ["专网编号", "建设状态", "备注"]
    rows = [
        TITLES,
        row("JS-1"),
        [],
        narrow,
        ["JS-2", "已建成", "x"],
        TITLES,
        row("JS-3"),
        narrow,
        ["JS-4", "运行"],
    ]
    layout = lay_rows(rows)
    assert rows_of(layout) == [[2], [5], [7], [9]]
    assert [code for _, _, code in triples(layout)] == ["file.E006", "file.I016"]


def test_what_is_said_of_columns_is_said_once_for_all_tables() -> None:
    header = [*TITLES, "区县联系人"]
    header[place("network_type")] = "组网模式"
    order = [33, *range(33)]
    rows = [
        header,
        [*row("JS-1"), "张"],
        [header[at] for at in order],
        [[*row("JS-2"), "李"][at] for at in order],
    ]
    assert triples(lay_rows(rows)) == [
        (None, "network_type", "file.I021"),
        (None, "区县联系人", "file.W008"),
    ]


def test_a_wider_table_below_does_not_hide_the_first() -> None:
    rows = [["专网编号", *TITLES[1:20]], row("JS-1")[:20], [], turned(TITLES), turned(row("JS-2"))]
    layout = lay_rows(rows)
    assert rows_of(layout) == [[2], [5]]
    assert only_finding(layout, "file.E006").sheet == "表1"


def test_titles_with_additions_above_plain_ones_are_a_header_too() -> None:
    rows = [[f"{title}\n（必须填写）" for title in TITLES], row("JS-1"), turned(TITLES), turned(row("JS-2"))]
    assert rows_of(lay_rows(rows)) == [[2], [4]]


def test_the_other_forms_table_below_is_passed_by() -> None:
    other = [column.label_zh for column in FORMS["ai_applications"].columns]
    rows = [TITLES, row("JS-1"), other, ["JS-AI-1", *["甲"] * 30], [], ["JS-AI-2"], [], TITLES, row("JS-2")]
    layout = lay_rows(rows)
    assert rows_of(layout) == [[2], [9]]
    kinds = [tuple(skip) for table in layout.tables for skip in table.skipped]
    assert sorted(kinds) == [
        (1, "header"), (3, "header"), (4, "tail"), (5, "blank"), (6, "tail"), (7, "blank"), (8, "header")
    ]  # fmt: skip
    assert rows_of(lay(workbook(rows), "ai_applications")) == [[4, 6]]


def test_more_tables_than_a_province_has_counties() -> None:
    rows = [
        cells
        for n in range(101)
        for cells in (TITLES, row(f"JS-{n}"), turned(TITLES), turned(row(f"JN-{n}")))
    ]
    with pytest.raises(RefusedFileError, match="E004"):
        lay_rows(rows)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.permutations(range(33)), st.integers(1, 3)), min_size=1, max_size=4))
def test_tables_in_any_order_are_read_as_one_register(parts: list[tuple[list[int], int]]) -> None:
    """Whatever the order of columns and the number of tables, the register is the same, and every row has its place."""
    records = body(
        *[{"network_code": f"JS-{n:04}", "site_name": f"{n}号厂"} for n in range(sum(n for _, n in parts))]
    )
    lines, rest = [], list(records)
    for order, count in parts:
        lines += [[TITLES[at] for at in order], *[[cells[at] for at in order] for cells in rest[:count]], []]
        rest = rest[count:]
    result = checked(workbook(lines))
    plain = checked(workbook([TITLES, *records]))
    assert result.frame is not None
    assert plain.frame is not None
    assert result.frame.drop("_row").equals(plain.frame.drop("_row"))
    assert result.findings.filter(pl.col("code") != "file.I016").is_empty()
    reports = result.report.sheets
    placed = [*result.frame["_row"], *(skip.row for report in reports for skip in report.skipped)]
    assert sorted(placed) == list(range(1, len(lines)))


def test_corrections_lie_in_the_cells_of_their_own_table() -> None:
    data = two_tables({"terminals": 701}, {"terminals": "很多"})
    before = checked(data)
    edit = Edit("表1", 7, "terminals", "702")
    at = position_of(tables_of(before), "表1", 7, "terminals")
    assert at == len(TITLES) - 1 - place("terminals")
    assert position_of(tables_of(before), "表1", 3, "terminals") == place("terminals")
    assert position_of(tables_of(before), "表2", 3, "terminals") is None
    after = checked(data, (edit,))
    assert after.frame is not None
    assert after.frame["terminals"].to_list() == [701, 702]
    assert before.cells is not None
    change = recheck(before.cells, tables_of(before), [edit], [("表1", 7, "terminals")], NETWORKS, JIANGSU)
    assert change.findings.filter(pl.col("code").str.starts_with("cell.")).is_empty()
    given_back = corrected_workbook(data, NETWORKS, sheets=tables_of(before), rows=2, edits=[edit])
    page = openpyxl.load_workbook(io.BytesIO(given_back))["表1"]
    assert page[address(7, at)].value == 702
    assert checked(given_back).verdict == "ready"
    marked = marked_workbook(data, before.findings, NETWORKS, sheets=tables_of(before), rows=2)
    assert openpyxl.load_workbook(io.BytesIO(marked))["表1"][address(7, at)].comment is not None


def test_recasting_a_cell_of_a_further_table_names_its_own_address() -> None:
    before = checked(two_tables({}, {"terminals": 5}))
    edit = Edit("表1", 7, "terminals", "很多")
    assert before.cells is not None
    change = recheck(before.cells, tables_of(before), [edit], [("表1", 7, "terminals")], NETWORKS, JIANGSU)
    wrong = change.findings.filter(pl.col("code") == "cell.E102")
    assert wrong["cell"].to_list() == [address(7, len(TITLES) - 1 - place("terminals"))]


# sheets without a header


def test_records_on_a_sheet_without_titles_are_told() -> None:
    first, *others = body({}, {}, {})
    layout = lay(
        book(Sheet([TITLES, first], "第1页"), Sheet(others, "第2页"), Sheet([["备注"], ["无"]], "说明"))
    )
    assert triples(layout) == [(None, None, "file.W022")]
    finding = layout.findings[0]
    assert (finding.sheet, finding.params["rows"]) == ("第2页", "1-2")
    assert finding.message("zh") == "工作表“第2页”第1-2行似有数据，但其上没有表头，未导入。"
    assert "in rows 1-2 without a header above them; they were" in finding.message("en")


def test_one_record_without_titles_is_told_as_one_row() -> None:
    first, second = body({}, {})
    layout = lay(book(Sheet([TITLES, first], "第1页"), Sheet([second], "第2页")))
    assert "in row 1 without a header above it; it was" in layout.findings[0].message("en")


def test_a_sheet_sorted_with_its_header_is_told() -> None:
    first, second, third = body({}, {}, {})
    layout = lay(workbook([["登记表"], first, second, TITLES, third]))
    assert rows_of(layout) == [[5]]
    assert triples(layout) == [(None, None, "file.W022")]
    assert layout.findings[0].params["rows"] == "2-3"
    chosen = replace(JIANGSU, headers={"表1": 4})
    assert triples(lay(workbook([["登记表"], first, second, TITLES, third]), context=chosen)) == []


def test_the_other_forms_records_above_are_its_own() -> None:
    other = [column.label_zh for column in FORMS["ai_applications"].columns]
    first, second = body({}, {})
    data = workbook([TITLES, first, second, [], other, ["JS-AI-1", *["甲"] * 30]])
    layout = lay(data, "ai_applications")
    assert rows_of(layout) == [[6]]
    assert "file.W022" not in {code for _, _, code in triples(layout)}


def test_records_below_titles_that_nobody_knows_are_told_too() -> None:
    first, second = body({}, {})
    odd = [f"第{n}栏" for n in range(1, 34)]
    layout = lay(book(Sheet([TITLES, first], "第1页"), Sheet([odd, second], "第2页")))
    assert only_finding(layout, "file.W022").params["rows"] == "2"


@pytest.mark.parametrize(
    "other",
    [
        Sheet([["地市", *TITLES[1:5]], *[["苏州", 1, 2, 3, 4]] * 13], "汇总"),
        Sheet([[f"{n}市", *range(n, n + 40)] for n in range(13)], "宽表"),
        Sheet([["类型", "代码", "说明"], *[["混合专网", "NT-02", "x"]] * 30], "字典"),
        Sheet([[f"选项{n}" for n in range(12)]] * 20, "下拉"),
        Sheet(body({}), "旧稿", hidden=True),
        Sheet([["级别 Severity"] * 11, *[["错误 Error", "cell.E101", *["x"] * 30]] * 3], "校验结果 Findings"),
    ],
    ids=lambda sheet: sheet.name,
)
def test_other_sheets_are_no_records(other: Sheet) -> None:
    assert "file.W022" not in {
        code for _, _, code in triples(lay(book(Sheet([TITLES, *body({})], "明细"), other)))
    }


def test_a_sheet_that_the_unit_passes_by_or_of_the_other_form_is_not_told() -> None:
    first, second = body({}, {})
    data = book(Sheet([TITLES, first], "甲"), Sheet([second], "乙"))
    assert triples(lay(data, context=replace(JIANGSU, headers={"乙": None}))) == []
    other = [column.label_zh for column in FORMS["ai_applications"].columns]
    applications = Sheet([other, ["JS-AI-1", *["甲"] * 30]], "应用")
    assert triples(lay(book(Sheet([TITLES, first], "甲"), applications))) == []


def test_a_sheet_without_titles_alone_has_no_header() -> None:
    assert [code for _, _, code in triples(lay(workbook(body({}, {}))))] == ["file.E005"]


# the row that came closest


def closest(data: bytes) -> dict[str, str]:
    finding = only_finding(lay(data), "file.E005")
    return {language: finding.message(language) for language in ("zh", "en")}


def test_the_row_that_came_closest_to_a_header_is_named() -> None:
    said = closest(
        book(Sheet([["封面"]], "封面"), Sheet([["甲"], ["专网编号", "专网名称", "x"], ["1", "2"]], "明细"))
    )
    assert said["zh"] == "未找到表头行。最接近的是工作表“明细”第2行，可识别2个列标题：专网编号、专网名称。"
    assert said["en"] == (
        "No header row was found. Row 2 of sheet “明细” comes closest, with 2 known titles: Network code, Network name."
    )


def test_one_title_is_one() -> None:
    assert "with 1 known title: Remark." in closest(workbook([["备注", "x"]]))["en"]


def test_a_header_too_far_down_is_named() -> None:
    said = closest(workbook([*[["…"]] * 30, TITLES, row()]))
    assert (
        "第31行，可识别33个列标题：专网编号、专网名称、企业名称、统一社会信用代码、企业性质等；表头须在前30行之内。"
        in said["zh"]
    )
    assert said["en"].endswith("Ownership …; a header must stand in the first 30 rows.")


def test_nothing_comes_close() -> None:
    said = closest(csv_bytes([["a", "b"], ["c", "d"]]))
    assert said["zh"] == "未找到表头行。各工作表中均无本表的列标题。"
    assert said["en"] == "No header row was found. No sheet has any of the form's column titles."


def test_a_finding_of_an_earlier_check_is_whole_without_its_row() -> None:
    from validation import Finding

    assert Finding("file.E005").message("zh") == "未找到表头行。"
    assert Finding("file.E005").message("en") == "No header row was found."


# ranges merged from the header down


@pytest.mark.parametrize("down", [2, 3, 4, 6])
@pytest.mark.parametrize("column", ["A", "AI"])
def test_a_note_merged_from_the_header_down_swallows_no_record(down: int, column: str) -> None:
    left = column == "A"
    rows: list[list[Any]] = [["填表须知", *TITLES] if left else [*TITLES, None, "填表须知"]]
    rows += [[None, *cells] if left else cells for cells in body({}, {}, {}, {}, {})]
    layout = lay_rows(rows, merged=[f"{column}1:{column}{down}"])
    assert rows_of(layout) == [[2, 3, 4, 5, 6]]
    assert triples(layout) == [(None, "填表须知", "file.W008")]


def test_a_note_beside_a_header_of_two_levels() -> None:
    upper = [*TITLES[:16], "基站", None, None, *TITLES[19:], "填表须知"]
    lower = [*[None] * 16, "宏站数量", "室分及小站数量", "其中：专用基站数", *[None] * 14, None]
    merged = ["Q1:S1", *[f"{chr(65 + i)}1:{chr(65 + i)}2" for i in range(16)], "AH1:AH5"]
    layout = lay_rows([upper, lower, *body({}, {}, {})], merged=merged)
    assert rows_of(layout) == [[3, 4, 5]]
    assert triples(layout) == [(None, "填表须知", "file.W008")]


def test_the_sheets_title_is_no_parent_of_the_titles() -> None:
    layout = lay_rows([["江苏省登记表", *[None] * 32, "2026年三季度"], TITLES, row()], merged=["A1:AG1"])
    assert layout.tables[0].columns[0].title == "专网编号"
    assert KEYS[0] == layout.tables[0].columns[0].key


@pytest.mark.parametrize(
    ("line", "title", "units"),
    [
        ([], "总投资（元）", ["万元", "元"]),
        (["单位：元"], "总投资（万元）", ["万元", "万元"]),
        ([], "总投资（万元）", ["万元"]),
        ([], "投资额（万元）", ["万元"]),
    ],
)
def test_the_same_columns_in_another_unit_are_another_table(
    line: list[object], title: str, units: list[str]
) -> None:
    turned_unit = [title if text == "总投资（万元）" else text for text in TITLES]
    layout = lay_rows([TITLES, row("JS-1"), line, turned_unit, row("JS-2")])
    assert [
        next(c.unit for c in table.columns if c.key == "investment_10k_cny") for table in layout.tables
    ] == units
    assert [rows for table in rows_of(layout) for rows in table] == [2, 5]


def test_a_page_below_another_unit_line_is_read_in_its_unit() -> None:
    plain = ["总投资" if text == "总投资（万元）" else text for text in TITLES]
    rows = [["单位：万元"], plain, row("JS-1"), ["单位：元"], plain, row("JS-2"), [], plain, row("JS-3")]
    layout = lay_rows(rows)
    assert [
        next(c.unit for c in table.columns if c.key == "investment_10k_cny") for table in layout.tables
    ] == ["万元", "元"]
    assert rows_of(layout) == [[3], [6, 9]]
