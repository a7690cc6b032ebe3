"""Counting rules: read as data, tried without a trace, put in force with figures that tell of it."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from national.definitions.counting_rules import (
    COUNTING_RULES,
    FILE,
    BadRuleError,
    read_rule,
    read_rules,
    version,
)
from national.dissemination.lineage import rows_of, value_of
from national.models import Cause, Change, Figure
from national.verification.recompute import compare
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame
from validation import Period as Quarter

FIRST = COUNTING_RULES[0]
#: only what operates counts, from 2026Q3 on
SECOND = replace(FIRST, version=2, since=Quarter(2026, 3), counted=("operating",), text_en="Operating only.")


def rule_data(**changed: Any) -> dict[str, Any]:
    return json.loads(FILE.read_text())[0] | changed


def value(area: str, period: str, indicator: str = "NET_COUNT") -> Any:
    return (
        Figure.objects.in_force().get(area=area, period=period, indicator=indicator, breakdown="total").value
    )


@pytest.fixture
def accepted(cast: Cast, earlier_period: Period, period: Period) -> None:
    """Jiangsu's two networks of 2026Q2, carried into 2026Q3, where Zhejiang has three; one of each is but built."""
    built = {"status": "built", "site_name": "二厂"}
    accept_frame("320000", earlier_period, "networks", networks({}, built), by=cast.admin)
    accept_frame("330000", period, "networks", networks({}, {}, built), by=cast.admin)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second rule is released."""
    monkeypatch.setattr("national.definitions.counting_rules.COUNTING_RULES", (FIRST, SECOND))


def run(command: str, *args: str) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"version": "2"}, "whole number"),
        ({"operating_terminals": -1}, "whole number"),
        ({"operating_terminals": True}, "whole number"),
        ({"since": "2026"}, "2026Q3"),
        ({"since": 2026}, "text"),
        ({"counted": ["running"]}, "dismantled"),
        ({"counted": "built"}, "is a list"),
        ({"sections": ["B", "Ä"]}, "sections"),
        ({"text_en": ""}, "text_en"),
        ({"colour": "red"}, "object with the keys"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_is_wrong(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRuleError, match=complaint):
        read_rule(rule_data(**changed))


def test_versions_are_numbered_in_time_order(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([rule_data(), rule_data(version=2, since="2027Q1")]))
    assert [rule.version for rule in read_rules(path)] == [1, 2]
    for wrong in ({"version": 3, "since": "2027Q1"}, {"version": 2, "since": "2018Q1"}):
        path.write_text(json.dumps([rule_data(), rule_data(**wrong)]))
        with pytest.raises(BadRuleError, match="numbered"):
            read_rules(path)


def test_a_version_is_found_by_its_number() -> None:
    assert version(1) is FIRST
    with pytest.raises(LookupError, match="9"):
        version(9)


def test_trying_a_rule_tells_its_effect_and_changes_nothing(accepted: None, tmp_path: Path) -> None:
    before = list(Figure.objects.order_by("id").values())
    path = tmp_path / "rule.json"
    path.write_text(json.dumps(rule_data(version=2, since="2026Q3", counted=["operating"])))
    tried = json.loads(run("try_counting_rule", str(path), "--json"))
    assert tried["period"] == "2026Q3"
    changes = {
        (row["indicator"], row["area"]): (row["old"], row["new"])
        for row in tried["changes"]
        if row["indicator"] in ("NET_COUNT", "SITES_5G", "NET_OPERATING")
    }
    assert changes == {
        ("NET_COUNT", "CN"): ("5", "3"),
        ("NET_COUNT", "CN-32"): ("2", "1"),
        ("NET_COUNT", "CN-33"): ("3", "2"),
        ("NET_COUNT", "320000"): ("2", "1"),
        ("NET_COUNT", "330000"): ("3", "2"),
        ("SITES_5G", "CN"): ("2", "1"),
        ("SITES_5G", "CN-32"): ("2", "1"),
        ("SITES_5G", "CN-33"): ("2", "1"),
        ("SITES_5G", "320000"): ("2", "1"),
        ("SITES_5G", "330000"): ("2", "1"),
    }
    assert list(Figure.objects.order_by("id").values()) == before


def test_the_rule_in_force_has_no_effect(accepted: None) -> None:
    assert "0 figures would differ" in run("try_counting_rule", "1")
    assert "0 figures would differ" in run("try_counting_rule", "1", "--period", "2026Q2", "--breakdowns")


def test_a_part_that_would_go_is_told(accepted: None, tmp_path: Path) -> None:
    path = tmp_path / "rule.json"
    path.write_text(json.dumps(rule_data(version=2, counted=["operating"])))
    assert "NET_COUNT CN status built: 2 -> None" in run("try_counting_rule", str(path), "--breakdowns")


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    ("args", "complaint"),
    [(("7",), "version 7"), (("no.json",), "no.json"), (("1", "--period", "2020Q1"), "2026Q2, 2026Q3")],
)
def test_trying_what_is_not_there(args: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        run("try_counting_rule", *args)


def test_a_new_rule_makes_figures_anew_from_its_period_on(accepted: None, second: None) -> None:
    with pytest.raises(CommandError):
        run("recompute", "--check")
    run("recompute")
    assert (value("CN", "2026Q2"), value("CN", "2026Q3")) == (2, 3)
    figure = Figure.objects.in_force().get(
        area="CN", period="2026Q3", indicator="NET_COUNT", breakdown="total"
    )
    assert (figure.rule_version, figure.change.cause, figure.change.period) == (2, Cause.RULE, "2026Q3")
    assert Change.objects.filter(cause=Cause.RULE).count() == 1
    assert not Figure.objects.in_force().filter(period="2026Q3", rule_version=1).exists()


def test_what_is_carried_over_a_rule_is_counted_by_the_new_one(
    cast: Cast, accepted: None, second: None, earlier_period: Period
) -> None:
    run("recompute")
    carried = Figure.objects.in_force().get(
        area="320000", period="2026Q3", indicator="NET_COUNT", breakdown="total"
    )
    assert (carried.value, carried.carried_from, carried.rule_version) == (1, "2026Q2", 2)
    assert value_of("NET_COUNT", rows_of(carried)) == 1
    assert (value("CN", "2026Q3", "SITES_5G"), value("CN", "2026Q2", "SITES_5G")) == (1, 2)
    # a late revision of the former quarter is counted by either rule where it stands
    more = networks({}, {"status": "built"}, {"site_name": "三厂"})
    accept_frame("320000", earlier_period, "networks", more, by=cast.admin)
    assert (value("CN", "2026Q2"), value("CN", "2026Q3")) == (3, 4)
    assert (value("CN", "2026Q2", "SITES_5G"), value("CN", "2026Q3", "SITES_5G")) == (2, 2)
    assert compare("2026Q2").agrees
    assert compare("2026Q3").agrees


def test_the_first_register_of_a_quarter_with_a_new_rule(
    cast: Cast, earlier_period: Period, period: Period, second: None
) -> None:
    accept_frame("320000", earlier_period, "networks", networks({}, {"status": "built"}), by=cast.admin)
    accept_frame("330000", period, "networks", networks({}), by=cast.admin)
    assert (value("CN", "2026Q2"), value("CN", "2026Q3")) == (2, 2)
    assert compare("2026Q3").agrees
