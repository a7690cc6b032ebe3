"""The examples of the rulebook are real: every code has one, and it breaks that rule and no other."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.validation.lines import in_cells, whole_files
from tests.validation.lines.case import TITLES, body, line_of, sheet, titled
from tests.validation.small_workbooks import Sheet, book, csv_bytes, workbook
from tests.validation.tables import JIANGSU, table
from tests.validation.test_reading_refused import compound
from tests.validation.test_rules_history import CASES as HISTORY
from tests.validation.test_rules_national import CASES as NATIONAL
from validation import FORMS, Context, Period, catalogue, validate
from validation.casting import cast
from validation.checking import check
from validation.rulebook.example_rows import EXAMPLES
from validation.rulebook.rule_examples import (
    FILES,
    NETWORK_FORM,
    OTHER_UNIT,
    PREVIOUS,
    ROWS,
    Changes,
    Rows,
    example_of,
)


def _rows(collection: str, changes: tuple[Changes, ...]) -> list[dict[str, Any]]:
    example = {key: value or None for key, value in EXAMPLES[collection].items()}
    return [{**example, **change} for change in changes]


def _frame(collection: str, changes: tuple[Changes, ...]) -> pl.DataFrame:
    form = FORMS[collection]
    return cast([table(form, _rows(collection, changes))], form, JIANGSU).frame


def _context(example: Rows) -> Context:
    beside = _frame("networks" if example.against == NETWORK_FORM else example.collection, example.beside)
    if example.against == OTHER_UNIT:
        compared = beside.select(
            pl.lit("330000").alias("unit"), pl.lit("ZJ-1").alias("key"), *FORMS[example.collection].compared
        )
        return dataclasses.replace(JIANGSU, others=compared)
    given = {PREVIOUS: {"previous": beside}, NETWORK_FORM: {"companion": beside}, "": {}}
    return dataclasses.replace(JIANGSU, **given[example.against])


def test_every_code_has_one_example() -> None:
    assert set(ROWS) | set(FILES) == set(catalogue())
    assert not set(ROWS) & set(FILES)


@pytest.mark.parametrize("code", ROWS)
def test_the_rows_break_the_rule_and_no_other(code: str) -> None:
    example = ROWS[code]
    form, context = FORMS[example.collection], _context(example)
    read = cast([table(form, _rows(example.collection, example.rows))], form, context)
    found = pl.concat([read.findings, check(read, form, context).findings])
    assert set(found["code"]) == {code}


@pytest.mark.parametrize("code", catalogue())
def test_examples_are_told_in_both_languages(code: str) -> None:
    example = example_of(code)
    assert example.zh
    assert example.en
    assert "None" not in example.zh + example.en


def _quoted(code: str) -> list[str]:
    return re.findall("“(.+?)”", FILES[code].zh)


def _case(line: int, code: str) -> bytes:
    """The file of the list of odd spreadsheets in which `code` is found."""
    cases = (*whole_files.CASES, *in_cells.CASES)
    return next(
        case.build() for case in cases if case.line == line and case.found and case.found[0][3] == code
    )


def _without(key: str) -> bytes:
    at = TITLES.index(key)
    return workbook([cells[:at] + cells[at + 1 :] for cells in (TITLES, *body({}))])


def _total() -> list[Any]:
    return [*line_of(network_code="合计", terminals=int(_quoted("file.W017")[0]))]


BUILT: dict[str, Callable[[], bytes]] = {
    "file.E001": lambda: sheet({})[:4000],
    "file.E002": lambda: _case(22, "file.E002"),
    "file.E003": lambda: compound("EncryptionInfo", "EncryptedPackage"),
    "file.E004": lambda: workbook([["x"] * 257]),
    "file.E005": lambda: sheet({}, above=[["…"]] * 30),
    "file.E006": lambda: _without(_quoted("file.E006")[0]),
    "file.E007": lambda: workbook([[*TITLES, *_quoted("file.E007")], [*body({})[0], "甲"]]),
    "file.W008": lambda: workbook([[*TITLES, *_quoted("file.W008")], [*body({})[0], "张三"]]),
    "file.E009": lambda: workbook([TITLES]),
    "file.E010": lambda: workbook([[column.label_zh for column in FORMS["ai_applications"].columns], ["JS-AI-1"]]),
    "file.E011": lambda: sheet({}, above=[_quoted("file.E011")]),
    "file.E012": lambda: sheet({}, above=[_quoted("file.E012")]),
    "file.W013": lambda: sheet({}, mark=_quoted("file.W013")[0]),
    "file.W014": lambda: book(
        Sheet([TITLES, *body({})], "表1"), Sheet([TITLES, *body({})], _quoted("file.W014")[0], hidden=True)
    ),
    "file.W015": lambda: sheet({}, hidden_rows=[2]),
    "file.I016": lambda: workbook([TITLES, body({})[0], [], body({}, {})[1]]),
    "file.W017": lambda: workbook([TITLES, *body({}), _total()]),
    "file.E018": lambda: workbook(
        [_quoted("file.E018")[1:], titled(investment_10k_cny=_quoted("file.E018")[0]), *body({})]
    ),
    "file.W019": lambda: _case(27, "file.W019"),
    "file.W020": lambda: workbook([TITLES, [*_quoted("file.W020"), *body({})[0][1:]], *body({})]),
    "file.I021": lambda: workbook([titled(network_type=_quoted("file.I021")[0]), *body({})]),
    "file.E023": lambda: csv_bytes([TITLES, *body({}, {"remark": "扩容"})]).replace("扩容".encode(), '"扩容'.encode()),
    "file.W022": lambda: book(Sheet([TITLES, *body({})], "第1页"), Sheet(body({}, {})[1:], "第2页")),
    "cell.E111": lambda: _case(26, "cell.E111"),
    "cell.W120": lambda: sheet({}, {"enterprise_name": None}, merged=["C2:C3"]),
    "row.E302": lambda: sheet({"region_code": _quoted("row.E302")[0]}),
}  # fmt: skip
#: Beside the rule itself: what the file cannot help telling too.
ALSO = {"cell.E111": {"cell.E110"}, "file.W017": {"file.I016"}, "file.E023": {"file.I016"}}


@pytest.mark.parametrize("code", BUILT)
def test_the_file_breaks_the_rule_and_no_other(code: str) -> None:
    unit = "330000" if code == "row.E302" else "320000"
    found = validate(BUILT[code](), FORMS["networks"], Context(unit, Period(2026, 3))).findings["code"]
    assert set(found) == {code} | ALSO.get(code, set())


def test_examples_about_whole_registers_are_the_rules_own_tests() -> None:
    assert {case.code for case in (*HISTORY, *NATIONAL)} >= set(FILES) - set(BUILT)
