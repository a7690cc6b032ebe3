"""The catalogue and the declarations agree: every rule is declared once, tested with a pair, and says what its message needs."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tests.validation import (
    test_rules_applications,
    test_rules_cells,
    test_rules_history,
    test_rules_national,
    test_rules_networks,
)
from tests.validation.lines.case import sheet
from tests.validation.ruling import Case, rows
from tests.validation.tables import table
from validation import (
    FORMS,
    Context,
    Form,
    Period,
    Result,
    SheetColumns,
    catalogue,
    check_kept,
    from_row,
    validate,
)
from validation.casting import cast
from validation.checking import check
from validation.rules import Rule

CASES: dict[str, tuple[Case, ...]] = {
    "networks": (
        *test_rules_cells.CASES,
        *test_rules_networks.CASES,
        *test_rules_history.CASES,
        *test_rules_national.CASES,
    ),
    "ai_applications": (*test_rules_applications.CASES, *test_rules_national.APPLICATION_CASES),
}

#: Told by layout and by the total rows, with tests of their own.
ELSEWHERE = {"cell.E111", "cell.W120", "row.E302"}


def built() -> set[str]:
    """Catalogue codes that casting and checking tell."""
    return {code for code, text in catalogue().items() if text.level != "structure"} - ELSEWHERE


def test_every_rule_has_a_table_that_it_accepts_and_one_that_it_refuses() -> None:
    cases = [case for listed in CASES.values() for case in listed]
    assert {case.code for case in cases} == built()
    assert all(case.accepts and case.code in {code for _, _, code in case.findings} for case in cases)


@pytest.mark.parametrize(
    ("collection", "case"),
    [
        pytest.param(collection, case, id=f"{collection}-{case.code}")
        for collection, listed in CASES.items()
        for case in listed
    ],
)
def test_messages_are_complete_sentences_in_both_languages(collection: str, case: Case) -> None:
    form = FORMS[collection]
    read = cast([table(form, rows(collection, case.refuses))], form, case.context)
    for findings in (read.findings, check(read, form, case.context).findings):
        for row in findings.iter_rows(named=True):
            finding = from_row(row)
            assert finding.message("zh").endswith("。")
            assert finding.message("en")[-1] in ".?"
            assert "{" not in finding.message("zh") + finding.message("en")
            assert "None" not in finding.message("en")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_rules_name_the_columns_of_the_catalogue_in_its_order(form: Form) -> None:
    for rule in form.rules:
        listed = catalogue()[rule.code].columns
        if listed == ("*",) or rule.code.startswith("uscc.") or rule.code == "hist.W403":
            assert listed == ("*",) or set(rule.columns) <= set(listed), rule.code
        else:
            assert rule.columns == tuple(key for key in listed if key in form.by_key), rule.code


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_rule_is_declared_once_per_column(form: Form) -> None:
    declared = [(rule.code, rule.columns) for rule in form.rules]
    assert len(declared) == len(set(declared))


def test_a_rule_changed_for_one_quarter_leaves_earlier_quarters_as_they_were() -> None:
    """From 2026Q3 on net.W330 doubts a latency below 5 ms, until then below 1 ms; a file with 0.5 and 3 ms."""
    changed, form = Period(2026, 3), FORMS["networks"]
    (former,) = (rule for rule in form.rules if rule.code == "net.W330")
    stricter = replace(former, holds=pl.col("latency_ms") >= 5, since=changed, version=2)
    others = [rule for rule in form.rules if rule is not former]
    revised = replace(form, rules=(*others, replace(former, until=changed.shift(-1)), stricter))
    data = sheet({"latency_ms": 0.5}, {"latency_ms": 3}, {"latency_ms": 12})
    for period in (changed.shift(-5), changed.shift(-1), changed, changed.shift(1)):
        before, after = (validate(data, tried, Context("320000", period)) for tried in (form, revised))
        assert places(before) == [(2, "latency_ms", "net.W330")]
        assert places(after) == places(before) + [(3, "latency_ms", "net.W330")] * (period >= changed)
        if period < changed:
            assert after.findings.equals(before.findings)


def test_stored_tables_of_earlier_quarters_are_checked_again_with_the_rules_of_their_quarter() -> None:
    form, period = FORMS["networks"], Period(2026, 2)
    stricter = Rule(
        "net.W330", ("latency_ms",), pl.col("latency_ms") >= 100, since=Period(2026, 3), version=2
    )
    checked = validate(sheet({"latency_ms": 0.5}, {}), form, Context("320000", period))
    assert checked.cells is not None
    sheets = [SheetColumns(read.name, read.columns) for read in checked.report.sheets]
    revised = replace(form, rules=(*form.rules, stricter))
    for quarter, expected in ((period, [2]), (Period(2026, 3), [2, 2, 3])):
        again = check_kept(checked.cells, sheets, (), checked.findings, revised, Context("320000", quarter))
        findings = again.findings.filter(pl.col("code") == "net.W330")
        assert findings["row"].to_list() == expected


def places(result: Result) -> list[tuple[int | None, str | None, str]]:
    return result.findings.select("row", "column", "code").rows()


def test_cities_with_separate_plan_and_the_corps_report_for_themselves() -> None:
    form = FORMS["networks"]

    def place(unit: str, name: str) -> list[str]:
        context = Context(unit, Period(2026, 3))
        read = cast([table(form, rows("networks", ({"region_code": name},)))], form, context)
        return check(read, form, context).findings["code"].to_list()

    assert place("330000", "宁波市鄞州区") == ["row.E302"]
    assert place("650000", "石河子") == ["row.E302"]
    assert place("330200", "鄞州") == []
    assert place("660000", "石河子市") == []
    assert place("330200", "杭州市西湖区") == ["row.E301"]
    assert place("660000", "650102") == ["row.E301"]
