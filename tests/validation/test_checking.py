"""How rules are run: gated by cells, silent about what is missing, and never turned into findings when they crash."""

from __future__ import annotations

import dataclasses
from typing import Any

import polars as pl
import pytest
from pandera.errors import SchemaError

from tests.validation.ruling import found_in, rows
from tests.validation.tables import JIANGSU, table, triples
from validation import FORMS, Form
from validation.casting import Cast, cast
from validation.checking import check
from validation.related_rows import NAMED_ROWS
from validation.rules import Rule

FORM = FORMS["networks"]


def read(*changes: dict[str, Any], form: Form = FORM, **options: Any) -> Cast:
    """Rows of the form, cast."""
    return cast([table(form, rows(form.name, changes), **options)], form, JIANGSU)


def with_rule(rule: Rule) -> Form:
    """The network form with this rule alone."""
    return dataclasses.replace(FORM, rules=(rule,))


def test_a_rule_that_crashes_raises() -> None:
    broken = with_rule(Rule("net.W330", ("latency_ms",), pl.col("no_such_column") > 1))
    with pytest.raises(SchemaError, match="no_such_column"):
        check(read({}), broken, JIANGSU)


def test_a_missing_value_holds() -> None:
    rule = with_rule(Rule("net.W330", ("latency_ms",), pl.col("latency_ms") > 1000))
    assert triples(check(read({"latency_ms": None}), rule, JIANGSU).findings) == []
    assert triples(check(read({}), rule, JIANGSU).findings) == [(2, "latency_ms", "net.W330")]


def test_a_rule_outside_its_periods_is_not_run() -> None:
    rule = Rule("net.W330", ("latency_ms",), pl.lit(value=False), until=JIANGSU.period.shift(-1))
    assert check(read({}), with_rule(rule), JIANGSU).findings.height == 0


@pytest.mark.parametrize("written", ["坏\ufffd", "很多", "约5"])
def test_a_cell_that_was_not_read_has_no_echo(written: str) -> None:
    assert [code for _, _, code in found_in("networks", ({"terminals": written},))][0].startswith("cell.")
    assert len(found_in("networks", ({"terminals": written},))) == 1


def test_a_required_cell_that_was_not_read_is_not_missing_too() -> None:
    for field, code in (("commissioned_on", "cell.E104"), ("spectrum_licence_no", "cell.E115")):
        written = "同上" if code == "cell.E115" else "昨天"
        change = {field: written, "network_type": "独立专网", "operators": "自建", "bands": "毫米波专用"}
        assert found_in("networks", ({**change, "upf_placement": "自建UPF"},)) == [(2, field, code)]


def test_a_value_outside_its_range_has_no_echo() -> None:
    assert found_in("networks", ({"terminals": -1},)) == [(2, "terminals", "cell.E107")]
    assert found_in("networks", ({"investment_10k_cny": 6_000_000},)) == [
        (2, "investment_10k_cny", "cell.E107")
    ]


def test_a_wrong_credit_code_is_no_second_name_of_its_enterprise() -> None:
    changes = ({}, {"enterprise_uscc": "91320583DEM00CT70X"})
    assert found_in("networks", changes) == [(3, "enterprise_uscc", "uscc.E202")]


def test_a_missing_column_yields_nothing_but_what_layout_tells() -> None:
    keys = [key for key in FORM.by_key if key not in ("terminals", "status")]
    done = read({}, keys=keys)
    assert triples(check(done, FORM, JIANGSU).findings) == []


def test_a_missing_conditional_column_is_told_at_the_first_column_of_the_rule() -> None:
    keys = [key for key in FORM.by_key if key != "commissioned_on"]
    assert triples(check(read({}, keys=keys), FORM, JIANGSU).findings) == [(2, "status", "net.E322")]


def test_findings_carry_address_original_text_and_record_key() -> None:
    (row,) = check(read({"terminals": "５", "network_code": "js-1-1"}), FORM, JIANGSU).findings.iter_rows(
        named=True
    )
    assert (row["sheet"], row["row"], row["cell"], row["value"]) == ("表1", 2, "U2", "60")
    assert (row["key"], row["code"], row["params"]) == ("JS-1-1", "net.E319", '{"total":5}')


def test_duplicates_name_the_other_rows_across_sheets() -> None:
    first = table(FORM, rows("networks", ({"network_code": "JS-1-1"}, {})), name="苏州")
    second = table(FORM, rows("networks", ({"network_code": "JS-1-1", "site_name": "另一厂"},)), name="南京")
    done = cast([first, second], FORM, JIANGSU)
    findings = check(done, FORM, JIANGSU).findings.filter(pl.col("code") == "net.E340")
    places = findings.select("sheet", "row", pl.col("params").str.json_path_match("$.rows.zh")).rows()
    assert sorted(places) == [("南京", 2, "苏州!2"), ("苏州", 2, "南京!2")]


def test_a_large_group_names_some_rows_and_says_that_there_are_more() -> None:
    done = read(*[{"network_code": "JS-1-1"}] * 30)
    findings = check(done, FORM, JIANGSU).findings
    assert findings.height == 30
    named = findings["params"].str.json_path_match("$.rows.en")
    assert named[0] == ", ".join(str(row) for row in range(3, 3 + NAMED_ROWS)) + "…"
    assert named[29] == ", ".join(str(row) for row in range(2, 2 + NAMED_ROWS)) + "…"


def test_a_group_of_eleven_is_named_whole() -> None:
    findings = check(read(*[{"network_code": "JS-1-1"}] * 11), FORM, JIANGSU).findings
    assert findings["params"].str.contains("…").any() is False


def test_without_networks_the_cross_rules_are_not_evaluable() -> None:
    form = FORMS["ai_applications"]
    done = read({"network_code": "JS-1-1"}, form=form)
    checked = check(done, form, JIANGSU)
    assert checked.not_evaluable == ("ai.E370", "ai.W371", "ai.W372")
    assert triples(checked.findings) == []


def test_without_an_earlier_period_the_history_rules_do_not_apply() -> None:
    assert check(read({}), FORM, JIANGSU).not_evaluable == ()
