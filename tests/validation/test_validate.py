"""The whole check on real files: planted defects are told once at their cell, wherever the table stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.workbooks import DEFECTS, DemoWorkbook
from demo.workbooks import workbook as demo_workbook
from tests.validation.ruling import rows
from tests.validation.small_workbooks import Formula, Sheet, Styled, book, csv_bytes, workbook
from validation import FORMS, Context, Period, Result, severity_of, validate
from validation.raw import address

PERIOD = Period(2026, 3)
FORM = FORMS["networks"]
TITLES = [column.label_zh for column in FORM.columns]
KEYS = list(FORM.by_key)

Triple = tuple[int | None, str | None, str]

#: Field -> (what is written into it, the one finding that it makes).
SPOILS: dict[str, tuple[Any, str]] = {
    "network_code": ("编号", "cell.E109"),
    "network_name": ("网", "cell.E108"),
    "address": (None, "cell.E101"),
    "region_code": ("昆三市", "cell.E106"),
    "industry_code": ("390", "row.E303"),
    "network_type": ("混合型", "cell.E106"),
    "terminals": ("约420", "cell.E114"),
    "base_stations_macro": (-1, "cell.E107"),
    "latency_ms": (0.5, "net.W330"),
    "slicing": ("大概", "cell.E113"),
    "commissioned_on": ("昨天", "cell.E104"),
    "investment_10k_cny": ("860.5万元", "cell.W118"),
    "remark": ("涉密", "cell.E116"),
}


def check(data: bytes, *, unit: str = "320000", collection: str = "networks", **context: Any) -> Result:
    """A file checked for 2026Q3."""
    return validate(data, FORMS[collection], Context(unit, PERIOD, **context))


def triples_of(result: Result) -> list[Triple]:
    """What is to be fixed or explained."""
    places = result.findings.select("row", "column", "code").rows()
    return sorted((triple for triple in places if severity_of(triple[2]) != "I"), key=str)


def cells(*changes: dict[str, Any]) -> list[list[Any]]:
    """Cells of rows in the form's order."""
    return [[row[key] for key in KEYS] for row in rows("networks", changes)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    planted=st.dictionaries(
        st.tuples(st.integers(0, 11), st.sampled_from(sorted(SPOILS))), st.none(), max_size=14
    ),
    above=st.integers(0, 5),
    left=st.integers(0, 3),
    gaps=st.sets(st.integers(1, 11), max_size=3),
    inside=st.lists(st.integers(1, len(KEYS) - 1), max_size=3),
)
def test_n_planted_defects_are_n_findings_wherever_the_table_stands(
    planted: dict[tuple[int, str], None], above: int, left: int, gaps: set[int], inside: list[int]
) -> None:
    """k blank rows and columns above, left and inside shift every address by exactly k."""
    changes: list[dict[str, Any]] = [{} for _ in range(12)]
    for row, key in planted:
        changes[row][key] = SPOILS[key][0]
    body: list[list[Any]] = [TITLES]
    places: dict[int, int] = {}
    for row, values in enumerate(cells(*changes)):
        body += [[]] if row in gaps else []
        body.append(values)
        places[row] = above + len(body)
    result = check(workbook([_with_blanks(row, inside) for row in body], at=address(above + 1, left)))
    expected = [(places[row], key, SPOILS[key][1]) for row, key in planted]
    assert triples_of(result) == sorted(expected, key=str)
    shifted = {key: KEYS.index(key) + left + sum(at <= KEYS.index(key) for at in inside) for key in KEYS}
    stand = {key: address(0, at)[:-1] for key, at in shifted.items()}
    addresses = result.findings.filter(result.findings["row"].is_not_null()).select("row", "column", "cell")
    assert all(cell == f"{stand[column]}{row}" for row, column, cell in addresses.iter_rows())


def _with_blanks(row: list[Any], inside: list[int]) -> list[Any]:
    """The row with a blank cell before each of these columns; one named twice gets two."""
    return [cell for at, value in enumerate(row) for cell in (*[None] * inside.count(at), value)]


@pytest.mark.parametrize("collection", ["networks", "ai_applications"])
def test_every_plantable_defect_is_told_once_and_nothing_else(collection: str) -> None:
    alone = (defect.code for defect in DEFECTS[collection])
    codes = [code for code in alone if not code.startswith(("hist.", "ai.E37", "ai.W37"))]
    file = spoilt(collection, codes)
    result = check(file.data, unit="330000", collection=collection)
    assert len(file.planted) > 35
    assert triples_of(result) == sorted(file.planted, key=str)


def spoilt(collection: str, codes: list[str]) -> DemoWorkbook:
    """Zhejiang's register by hand with all of `codes` planted that find a row to fit."""
    while True:
        try:
            return demo_workbook("330000", collection, PERIOD, scale=0.6, defects=codes, style="handmade")
        except LookupError as unfit:
            codes = [code for code in codes if not str(unfit).endswith(code)]


@pytest.mark.parametrize("style", ["template", "handmade"])
@pytest.mark.parametrize("collection", ["networks", "ai_applications"])
@pytest.mark.parametrize("unit", ["320000", "650000", "660000", "330200", "110000"])
def test_clean_registers_are_ready(unit: str, collection: str, style: Any) -> None:
    file = demo_workbook(unit, collection, PERIOD, style=style)
    result = check(file.data, unit=unit, collection=collection)
    assert (triples_of(result), result.verdict) == ([], "ready")


def test_delimited_text_and_workbooks_give_the_same_frame() -> None:
    body = [TITLES, *cells({}, {"remark": "说明，含逗号"}, {"started_on": "2024年11月"})]
    from_text = check(csv_bytes([[_plain(cell) for cell in row] for row in body]))
    from_sheet = check(workbook(body))
    assert from_text.frame is not None
    assert from_sheet.frame is not None
    assert from_text.frame.drop("_sheet").equals(from_sheet.frame.drop("_sheet"))


def _plain(cell: Any) -> Any:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def test_number_formats_are_looked_up_in_the_file() -> None:
    body = [
        TITLES,
        *cells({"reliability_pct": Styled(0.9999, "0.00%")}, {"commissioned_on": Styled(2025.1, "0.00")}),
    ]
    result = check(workbook(body))
    assert triples_of(result) == []
    assert result.frame is not None
    assert result.frame["reliability_pct"].to_list()[0] == 99.99
    assert str(result.frame["commissioned_on"].to_list()[1]) == "2025-10-31"


def test_formula_errors_and_results() -> None:
    body = [
        TITLES,
        *cells({"terminals": Formula("=400+20", 420)}, {"terminals": Formula("=A1/0", "#DIV/0!")}),
    ]
    assert triples_of(check(workbook(body))) == [(3, "terminals", "cell.E110")]


def test_merged_names_are_filled_within_their_range_and_told_once() -> None:
    body = [
        TITLES,
        *cells({}, {"enterprise_name": None}, {"enterprise_name": None}, {"enterprise_name": None}),
    ]
    result = check(workbook(body, merged=["C2:C4"]))
    assert triples_of(result) == [(2, "enterprise_name", "cell.W120"), (5, "enterprise_name", "cell.E101")]


def test_a_total_row_that_does_not_add_up() -> None:
    total = [None] * len(KEYS)
    total[0], total[KEYS.index("terminals")] = "合计", 841
    body = [TITLES, *cells({}, {}), total]
    assert triples_of(check(workbook(body))) == [(4, "terminals", "file.W017")]


def test_findings_come_in_reading_order() -> None:
    spoilt = {"terminals": "x", "address": None}
    body = [TITLES, *cells({}, spoilt, spoilt)]
    findings = check(book(Sheet(body, "苏州"), Sheet(body, "南京"))).findings
    order = [cell for cell in findings.select("sheet", "cell").rows() if cell[1] is not None]
    cells_expected = [("苏州", "H3"), ("苏州", "T3"), ("苏州", "H4"), ("苏州", "T4")]
    assert [place for place in order if place[0] == "苏州" and place in cells_expected] == cells_expected
    assert [sheet for sheet, _ in order] == sorted((sheet for sheet, _ in order), key=["苏州", "南京"].index)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file.E001"), (b"%PDF-1.7 ...", "file.E002"), (workbook([["a", "b"], [1, 2]]), "file.E005")],
)
def test_what_cannot_be_checked_is_refused_with_one_finding(data: bytes, code: str) -> None:
    result = check(data)
    assert result.findings["code"].to_list() == [code]
    assert (result.verdict, result.frame) == ("invalid", None)


def test_progress_tells_each_phase_in_order() -> None:
    seen: list[tuple[str, int, int | None]] = []
    check(workbook([TITLES, *cells({}, {})]), progress=lambda *step: seen.append(step))
    assert list(dict.fromkeys(phase for phase, _, _ in seen)) == ["reading", "layout", "casting", "checking"]
    assert seen[-1] == ("checking", 2, 2)
    assert all(rows_in_all is None or rows_done <= rows_in_all for _, rows_done, rows_in_all in seen)


def test_the_report_accounts_for_rows_and_time() -> None:
    report = check(workbook([["2026年三季度工业5G专网表"], TITLES, *cells({}, {})])).report
    (sheet,) = report.sheets
    assert (sheet.header_row, sheet.data_rows) == (2, 2)
    assert sheet.data_rows + len(sheet.skipped) == 4
    assert set(report.timings) == {"reading", "layout", "casting", "checking"}


def test_the_json_object_has_the_contracts_keys() -> None:
    payload = check(workbook([TITLES, *cells({"terminals": "很多"})])).to_json(
        collection="networks", unit="320000", period="2026Q3"
    )
    assert list(payload) == [
        "verdict",
        "collection",
        "unit",
        "period",
        "sheets",
        "counts",
        "rules",
        "findings",
        "not_evaluable",
    ]
    (finding,) = payload["findings"]
    assert finding["message"] == {"zh": "“很多”不是数字。", "en": "“很多” is not a number."}
    assert (finding["sheet"], finding["row"], finding["column"], finding["cell"]) == (
        "表1",
        2,
        "terminals",
        "T2",
    )
    assert payload["rules"] == [{"code": "cell.E102", "count": 1}]
