"""A correction re-checks only what depends on it, and finds the same as a check of everything."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo import register, workbook
from tests.validation.lines import case as lines
from tests.validation.small_workbooks import Formula
from tests.validation.tables import JIANGSU, table
from validation import FORMS, Context, Period, Result, unclassified, validate
from validation.casting import cast
from validation.context import Edit
from validation.corrections import Recheck, SheetColumns, kept_cells, recheck

PERIOD = Period.parse("2026Q3")
FORM = FORMS["networks"]
ORDER = ["sheet", "row", "column", "code", "params"]
#: Values that a cell may be given: right ones, wrong ones, blank, and ones that rules over rows dislike.
VALUES = [
    "",
    "12",
    "约100",
    "虚拟专网",
    "独立专网",
    "2026-07-01",
    "2031-01-01",
    "运行",
    "其他",
    "0",
    "abc",
    "是",
]


@cache
def checked() -> tuple[bytes, Result]:
    data = workbook("320000", "networks", PERIOD, style="handmade", rows=40).data
    return data, validate(data, FORM, context())


def context(*edits: Edit) -> Context:
    previous = register("320000", "networks", PERIOD.shift(-1))
    return Context(unit="320000", period=PERIOD, previous=previous.head(30), edits=edits)


def sheets(result: Result) -> tuple[SheetColumns, ...]:
    return tuple(SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets)


def merged(result: Result, change: Recheck, touched: set[tuple[str, int, str]]) -> pl.DataFrame:
    """The findings that stand after a recheck."""
    rows = {(sheet, row) for sheet, row, _ in touched}
    rule_codes = {rule.code for rule in (*FORM.rules, *FORM.register_rules)}

    def goes(finding: dict[str, object]) -> bool:
        at = (finding["sheet"], finding["row"])
        by_cast = finding["code"] not in rule_codes and (*at, finding["column"]) in touched
        by_row = finding["code"] in change.row_codes and at in rows
        return by_cast or by_row or finding["code"] in change.whole_codes

    kept = [row for row in result.findings.iter_rows(named=True) if not goes(row)]
    return pl.concat([pl.DataFrame(kept, schema=result.findings.schema), change.findings])


def places() -> st.SearchStrategy[Edit]:
    _, result = checked()
    assert result.frame is not None
    rows = st.sampled_from(result.frame.select("_sheet", "_row").rows())
    columns = st.sampled_from([c.key for c in result.report.sheets[0].columns if c.key])
    values = st.one_of(st.sampled_from(VALUES), st.sampled_from(result.frame["network_code"].to_list()))
    return st.builds(lambda at, key, value: Edit(at[0], at[1], key, value or None), rows, columns, values)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_recheck_finds_what_a_full_check_finds(data: st.DataObject) -> None:
    edits = {(e.sheet, e.row, e.column): e for e in data.draw(st.lists(places(), min_size=1, max_size=4))}
    original, result = checked()
    assert result.cells is not None
    change = recheck(result.cells, sheets(result), list(edits.values()), set(edits), FORM, context())
    full = validate(original, FORM, context(*edits.values()))
    # W017 compares total rows, which kept cells do not hold: the caller checks such files as a whole
    expected = full.findings.filter(pl.col("code") != "file.W017").drop("key").sort(ORDER)
    findings = (
        merged(result, change, set(edits)).filter(pl.col("code") != "file.W017").drop("key").sort(ORDER)
    )
    assert findings.rows() == expected.rows()
    assert change.cells.select(full.frame.columns).equals(full.frame)


def test_a_recheck_speaks_of_touched_rows_only() -> None:
    _, result = checked()
    assert result.frame is not None
    assert result.cells is not None
    sheet, row = result.frame.select("_sheet", "_row").row(3)
    edit = Edit(sheet, row, "terminals", "约100")
    change = recheck(result.cells, sheets(result), [edit], {(sheet, row, "terminals")}, FORM, context())
    assert [
        (f["row"], f["column"], f["code"], f["value"]) for f in change.findings.iter_rows(named=True)
    ] == [(row, "terminals", "cell.E114", "约100")]
    assert change.whole_codes == frozenset()


def test_a_row_that_is_not_there_is_refused() -> None:
    _, result = checked()
    assert result.cells is not None
    edit = Edit("表1", 9999, "terminals", "1")
    with pytest.raises(KeyError):
        recheck(result.cells, sheets(result), [edit], {("表1", 9999, "terminals")}, FORM, context())


def test_a_corrected_formula_is_a_formula_no_more() -> None:
    broken = Formula("=A1/0", "#DIV/0!")
    data = lines.sheet({"terminals": broken}, {"terminals": broken}, {"terminals": broken})
    first = validate(data, FORM, Context("320000", PERIOD))
    edits = (Edit("表1", 3, "terminals", "420"), Edit("表1", 4, "terminals", "=400+20"))
    touched = {(edit.sheet, edit.row, edit.column) for edit in edits}
    whole = validate(data, FORM, Context("320000", PERIOD, edits=edits))
    expected = [(2, "terminals", "cell.E110"), (4, "terminals", "cell.E102")]
    assert whole.findings.select("row", "column", "code").rows() == expected
    assert first.cells is not None
    change = recheck(first.cells, sheets(first), edits, touched, FORM, Context("320000", PERIOD))
    assert merged(first, change, touched).select("row", "column", "code").rows() == expected


def test_of_a_classified_cell_nothing_but_its_mark_is_kept() -> None:
    rows = [
        {"network_name": "（秘密）某专网", "remark": " 【机 密】二期"},
        {"network_name": "某专网", "remark": "商业秘密保护"},
        {"network_name": "秘密）某专网", "remark": "涉密"},
        {"network_name": "\x01（涉密）某\ufffd网", "remark": "扩容\ufffd"},
    ]
    read = cast([table(FORM, rows[:1], name="甲"), table(FORM, rows[1:], name="乙")], FORM, JIANGSU)
    cells = kept_cells(read)
    # the middle row, and a name that merely looks like a mark, are as written
    assert cells["_text_network_name"].to_list() == ["秘密", "某专网", "秘密）某专网", "涉密"]
    assert cells["_text_remark"].to_list() == ["机 密", "商业秘密保护", "涉密", "扩容\ufffd"]
    assert cells["_unread_remark"].to_list() == [True, False, True, True]
    findings = read.findings.filter(pl.col("code").is_in(["cell.E116", "cell.E119"]))
    assert [value for code, value in findings.select("code", "value").iter_rows() if code == "cell.E119"] == [
        "扩容\ufffd"
    ]
    assert {"秘密", "机 密", "涉密"} == set(findings.filter(code="cell.E116")["value"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("涉密", "涉密"),
        ("（秘密）某基地专网", "秘密"),
        (" 【机 密】\ufffd二期", "机 密"),
        ("商业秘密保护", "商业秘密保护"),
        ("秘密）某专网", "秘密）某专网"),
        ("", ""),
        (None, None),
    ],
)
def test_of_a_classified_text_typed_nothing_but_its_mark_is_left(typed: str | None, kept: str | None) -> None:
    assert unclassified(typed) == kept


def test_a_check_with_corrections_keeps_the_table_as_it_was_read() -> None:
    data, result = checked()
    assert result.cells is not None
    sheet, row = result.cells.select("_sheet", "_row").row(0)
    edits = (Edit(sheet, row, "terminals", "999"), Edit(sheet, row, "network_name", None))
    again = validate(data, FORM, context(*edits))
    assert again.frame is not None
    assert again.frame.select("terminals", "network_name").row(0) == (999, None)
    assert again.cells is not None
    assert again.cells.equals(result.cells)
