"""What becomes of each row: data, or skipped with its kind; and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from tests.validation.layouts import (
    JIANGSU,
    NETWORKS,
    PLACES,
    TITLES,
    lay,
    lay_rows,
    only_finding,
    row,
    rows_of,
    skipped,
    triples,
)
from tests.validation.small_workbooks import Formula, Sheet, Styled, book, csv_bytes, workbook
from validation.layout import RowAccountError, find_tables
from validation.layout.grid import gathered
from validation.layout.tables import check_rows
from validation.limits import DEFAULT_LIMITS
from validation.raw import RawColumn, RefusedFileError
from validation.reading import read_workbook
from validation.rulebook.example_rows import EXAMPLES

NOTHING: list[object] = []


def with_number(*rows: list[object]) -> list[list[object]]:
    """Rows with a running number in front."""
    return [[index, *cells] for index, cells in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    "numbers",
    [
        list(range(1, 34)),
        ["甲", "乙", *range(1, 32)],
        [f"（{number}）" for number in range(1, 34)],
        [str(number) for number in range(1, 34)],
        ["A", "B", "C", *range(1, 31)],
        [*range(1, 33), "33=31+32"],
    ],
)
def test_a_row_of_column_numbers(numbers: list[object]) -> None:
    layout = lay_rows([TITLES, numbers, row()])
    assert skipped(layout) == [(2, "column_number")]
    assert triples(layout) == [(None, None, "file.I016")]
    assert "栏目编号行，第2行" in layout.findings[0].message("zh")


def test_column_numbers_stand_under_a_header_only() -> None:
    assert skipped(lay_rows([TITLES, row(), list(range(1, 34))])) == NOTHING


def test_running_numbers_are_ignored() -> None:
    layout = lay_rows([["序号", *TITLES], ["1、", *row()], [None, *row()], [7, *row()], [7, *row()]])
    assert triples(layout) == []
    assert rows_of(layout) == [[2, 3, 4, 5]]


@pytest.mark.parametrize("mark", ["合计", "总计", "合 计", "合　　计", "总计：", "全省合计", "共计"])
@pytest.mark.parametrize("column", [0, 1, 3])
def test_total_rows(mark: str, column: int) -> None:
    total: list[object] = [None] * 33
    total[column], total[PLACES["terminals"]] = mark, 12
    layout = lay_rows([TITLES, row(), row(), total])
    assert skipped(layout) == [(4, "total")]
    assert triples(layout) == [(None, None, "file.I016")]
    (summed,) = layout.tables[0].totals
    assert (summed.row, summed.covers, summed.cells["terminals"]) == (4, (2, 3), 12.0)


def test_a_total_mark_counts_in_the_first_four_columns_only() -> None:
    assert skipped(lay_rows([TITLES, row(ownership="合计")])) == NOTHING
    assert skipped(lay_rows([TITLES, row(network_name="成本合计系统专网")])) == NOTHING


def totals(*marks: str) -> list[tuple[int, tuple[int, ...]]]:
    rows = [TITLES, *(row() if mark == "" else [mark, *[None] * 18, 1] for mark in marks)]
    return [(total.row, total.covers) for total in lay_rows(rows).tables[0].totals]


def test_what_totals_cover() -> None:
    assert totals("", "", "小计", "", "小计", "合计") == [(4, (2, 3)), (6, (5,)), (7, (2, 3, 5))]
    assert totals("", "本页合计", "", "本页合计", "总计") == [(3, (2,)), (5, (4,)), (6, (2, 4))]
    assert totals("合计", "", "") == [(2, (3, 4))]
    assert totals("小计", "", "", "小计", "") == [(2, (3, 4)), (5, (6,))]
    assert totals("", "南京市小计", "", "苏州市小计") == [(3, (2,)), (5, (4,))]


@pytest.mark.parametrize(
    "note", ["注：本表按季报送", "说明：", "填表说明：一、…", "备注：无", "注1：x", "（注）：y"]
)
def test_below_notes_only_what_is_a_record_beyond_doubt_is_data(note: str) -> None:
    block: list[object] = ["填报人：张三", None, "电话：13912345678"]
    layout = lay_rows([TITLES, row(), [note], row("JS-99"), block])
    assert rows_of(layout) == [[2, 4]]
    assert skipped(layout) == [(3, "note"), (5, "filling_block")]
    assert "13912345678" not in repr(layout.findings)
    layout = lay_rows([TITLES, row(), [note], ["JS-99", "不再读取"], block])
    assert skipped(layout) == [(3, "note"), (4, "tail"), (5, "filling_block")]


def test_notes_between_header_and_data_do_not_end_it() -> None:
    layout = lay_rows([TITLES, ["注：红色为必填"], row()])
    assert rows_of(layout) == [[3]]
    assert skipped(layout) == [(2, "note")]


def test_a_record_key_that_begins_like_a_note_is_data() -> None:
    assert skipped(lay_rows([TITLES, row("备注专网-01")])) == NOTHING


def test_blank_rows_inside_the_data() -> None:
    layout = lay_rows([TITLES, row(), [None], ["  ", "\u3000", "\u200b"], row()])
    assert rows_of(layout) == [[2, 5]]
    assert skipped(layout) == [(3, "blank"), (4, "blank")]
    assert "第3-4行" in only_finding(layout, "file.I016").message("zh")


@pytest.mark.parametrize("gap", [199, 200, 201, 5_000])
def test_records_below_blank_rows_are_read(gap: int) -> None:
    for layout in (
        lay_rows([TITLES, row(), *[[" "]] * gap, row()]),
        lay(csv_bytes([TITLES, row(), *[[""]] * gap, row()])),
    ):
        assert rows_of(layout) == [[2, gap + 3]]
        said = only_finding(layout, "file.I016")
        assert said.params["count"] == gap
        assert said.message("zh").endswith(f"（空行，第3-{gap + 2}行）。")
        assert layout.tables[0].gaps == (() if gap <= 200 else ((3, gap + 2),))


def test_rows_from_an_unclosed_quote_on_are_skipped() -> None:
    layout = lay(csv_bytes([TITLES, row(), [None], row("JS-02")]) + b'JS-03,"x\nJS-04\n\nJS-05\n')
    assert rows_of(layout) == [[2, 4]]
    assert skipped(layout) == [
        (3, "blank"),
        (5, "unreadable"),
        (6, "unreadable"),
        (7, "unreadable"),
        (8, "unreadable"),
    ]
    assert (
        only_finding(layout, "file.E023")
        .message("en")
        .startswith("The quote opened in row 5 is never closed")
    )
    (said,) = [
        finding for finding in layout.findings if finding.code == "file.I016" and finding.params["count"] == 4
    ]
    assert "第5-8行" in said.message("zh")


def test_an_unclosed_quote_after_blank_rows_and_in_the_header() -> None:
    layout = lay(csv_bytes([TITLES, row(), [None], [None]]) + b'JS-03,"x')
    assert skipped(layout) == [(3, "blank"), (4, "blank"), (5, "unreadable")]
    codes = [code for _, _, code in triples(lay(b'"' + csv_bytes([TITLES, row()])))]
    assert sorted(codes) == ["file.E005", "file.E023"]


def test_sample_rows_left_in() -> None:
    for mark in ("示例", "例", "例如", "（示例）", "例：", "示例：请勿删除"):
        layout = lay_rows([["序号", *TITLES], [mark, *row()], [1, *row()]])
        assert triples(layout) == [(2, None, "file.W020")]
        assert rows_of(layout) == [[3]]


def test_a_row_equal_to_the_templates_sample_row() -> None:
    example = [EXAMPLES["networks"][column.key] or None for column in NETWORKS.columns]
    assert triples(lay_rows([TITLES, example, row()])) == [(2, None, "file.W020")]
    example[PLACES["enterprise_name"]] = "另一家有限公司"
    assert triples(lay_rows([TITLES, example, row()])) == []


def test_repeated_headers_at_page_breaks() -> None:
    layout = lay_rows(
        [["登记表"], TITLES, list(range(1, 34)), row(), ["登记表"], TITLES, list(range(1, 34)), row()]
    )
    assert rows_of(layout) == [[4, 8]]
    assert skipped(layout) == [
        (3, "column_number"),
        (5, "repeated_header"),
        (6, "repeated_header"),
        (7, "column_number"),
    ]
    assert triples(layout) == [(None, None, "file.I016")] * 2


def test_hidden_rows_are_imported_and_said_once() -> None:
    layout = lay_rows([TITLES, row(), row(), [None], row()], hidden_rows=[2, 3, 4, 9])
    assert rows_of(layout) == [[2, 3, 5]]
    assert "第2-3行" in only_finding(layout, "file.W015").message("zh")


def test_merged_cells_fill_their_range_only() -> None:
    rows = [
        TITLES,
        row("A"),
        row("B", enterprise_name=None),
        row("C", enterprise_name=None),
        row("D", enterprise_name=None),
    ]
    rows[1][PLACES["enterprise_name"]] = "某公司"
    layout = lay_rows(rows, merged=["C2:C4"])
    assert triples(layout) == [(2, "enterprise_name", "cell.W120")]
    finding = layout.findings[0]
    assert (finding.cell, finding.value, finding.params["rows"]) == ("C2", "某公司", "3-4")
    assert layout.tables[0].cells["enterprise_name"].text.to_list() == ["某公司", "某公司", "某公司", None]


def test_merged_figures_and_several_ranges() -> None:
    rows = [TITLES, *(row(str(i), terminals=None, status=None) for i in range(4))]
    rows[1][PLACES["terminals"]], rows[3][PLACES["terminals"]] = 5, 7
    layout = lay_rows(rows, merged=["T2:T3", "T4:T5"])
    assert triples(layout) == [(2, "terminals", "cell.W120"), (4, "terminals", "cell.W120")]
    assert layout.tables[0].cells["terminals"].number.to_list() == [5.0, 5.0, 7.0, 7.0]


def test_merged_running_numbers_titles_and_blank_ranges_are_silent() -> None:
    rows = [["登记表"], ["序号", *TITLES], [1, *row()], [None, *row(remark=None)]]
    layout = lay_rows(rows, merged=["A1:AH1", "A3:A4", "AI3:AI4"])
    assert triples(layout) == []


def test_a_row_of_merged_cells_alone_is_blank() -> None:
    rows = [TITLES, row(), [None] * 33, row()]
    assert skipped(lay_rows(rows, merged=["A2:A3", "C2:C3"])) == [(3, "blank")]


def test_rows_that_hold_only_an_error_are_data() -> None:
    layout = lay_rows([TITLES, row(), [Formula("=1/0", "#REF!")], [None, Formula("=A1", "")]])
    assert rows_of(layout) == [[2, 3, 4]]


def test_bare_day_numbers_of_a_1904_workbook() -> None:
    rows = [TITLES, row(started_on=44742, commissioned_on=Styled(44742, "yyyy-mm-dd"), terminals=44742)]
    table = lay(book(Sheet(rows), date_1904=True)).tables[0]
    assert table.cells["started_on"].number.to_list() == [46204.0]
    assert table.cells["commissioned_on"].moment.to_list() == [datetime(2026, 7, 1)]
    assert table.cells["terminals"].number.to_list() == [44742.0]


def test_more_rows_than_allowed() -> None:
    context = replace(JIANGSU, limits=replace(DEFAULT_LIMITS, rows=3))
    read = read_workbook(
        book(Sheet([TITLES, row(), row()], name="甲"), Sheet([TITLES, row(), row()], name="乙"))
    )
    with pytest.raises(RefusedFileError, match="E004"):
        find_tables(read, NETWORKS, context)


def test_every_row_is_accounted_for() -> None:
    rows = [["登记表"], [None], TITLES, ["示例"], row(), ["合计"], [None], ["注：x"], [None], ["y"]]
    table = lay_rows(rows, at="B3").tables[0]
    assert sorted([*table.rows, *(at for at, _ in table.skipped)]) == list(range(3, 13))


def test_a_row_unaccounted_for_is_our_defect() -> None:
    table = lay_rows([TITLES, row(), row()]).tables[0]
    with pytest.raises(RowAccountError):
        check_rows(replace(table, rows=pl.Series([2], dtype=pl.Int32)), 3)
    with pytest.raises(RowAccountError):
        check_rows(replace(table, rows=pl.Series([2, 2], dtype=pl.Int32)), 3)


@pytest.mark.parametrize("picks", [[], [0], [1, 2, 3], [0, 2, 4], [3, 4], [0, 1, 2, 3, 4]])
def test_cells_are_the_same_whether_they_are_copied_or_not(picks: list[int]) -> None:
    column = RawColumn(
        pl.Series(["a", None, "b", None, None], dtype=pl.String),
        pl.Series([None] * 5, dtype=pl.Float64),
        pl.Series([None, datetime(2026, 7, 1), None, None, None], dtype=pl.Datetime("us")),
    )
    got = gathered(column, pl.Series(picks, dtype=pl.UInt32))
    for name in ("text", "number", "moment"):
        assert getattr(got, name).equals(getattr(column, name).gather(picks))


def test_a_table_does_not_hold_the_rest_of_its_sheet() -> None:
    table = lay_rows([TITLES, row(), ["合计"]]).tables[0]
    assert table.sheet.columns == ()


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 0), (0, 4), (7, 2)])
def test_moving_the_table_moves_every_address_by_as_much(down: int, right: int) -> None:
    rows = [TITLES, row("A"), row("B", enterprise_name=None), ["合计"]]
    at = f"{chr(65 + right)}{1 + down}"
    merged = [f"{chr(67 + right)}{2 + down}:{chr(67 + right)}{3 + down}"]
    layout = lay(workbook(rows, at=at, merged=merged))
    table = layout.tables[0]
    assert table.rows.to_list() == [2 + down, 3 + down]
    assert table.positions["network_code"] == right
    assert only_finding(layout, "cell.W120").cell == f"{chr(67 + right)}{2 + down}"
    assert table.totals[0].row == 4 + down


def test_rows_that_cannot_be_split_are_told_and_do_not_stop() -> None:
    read = read_workbook(workbook([TITLES, row("A"), row("B"), [None], ["x"]]))
    sheet = replace(read.sheets[0], unreadable=range(4, 6))
    layout = find_tables(replace(read, sheets=(sheet,)), NETWORKS, JIANGSU)
    assert rows_of(layout) == [[2, 3]]
    assert skipped(layout) == [(4, "unreadable"), (5, "unreadable")]
    assert only_finding(layout, "file.I016").message("zh") == "已跳过2行（无法读取的行，第4-5行）。"
