"""Trying and re-checking stored submissions: the same rules say the same, changed ones only where they apply."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command

from demo import DEFECTS
from submissions.checks.recheck import Outcome, recheck_stored, stored, try_rules
from submissions.edits.corrections import CellEdit, correct
from submissions.edits.explanations import explain
from submissions.files import storage
from submissions.findings import explanation_carryover, store
from submissions.models import Period, State, Submission
from submissions.signoff import review
from tests.acts import fresh
from tests.conftest import Cast
from tests.factories import checked, signed
from validation import FORMS
from validation import Period as Quarter
from validation.rules import Rule

#: a rule of the catalogue, made stricter than it is
STRICT = Rule("net.W330", ("terminals",), pl.col("terminals") < 0, since=Quarter(2026, 3))


#: defects that need registers or cities this unit has not
_NEEDING = ("ai.E370", "ai.W371", "ai.W372", "hist.", "row.E302")


def change_rules(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> None:
    form = FORMS["networks"]
    monkeypatch.setitem(FORMS, "networks", dataclasses.replace(form, rules=(*form.rules, *rules)))


def everything(submission: Submission) -> list[Any]:
    """All that a check left behind."""
    row = Submission.objects.filter(pk=submission.pk).values().get()
    fields = ("id", "ordinal", "code", "row", "column", "value", "params", "explanation_id", "rule_version")
    return [row, *submission.findings.values_list(*fields), submission.events.count()]


def codes(submission: Submission) -> list[str]:
    return list(submission.findings.values_list("code", flat=True))


def tried(*options: str) -> dict[str, Any]:
    said = io.StringIO()
    call_command("try_rules", *options, "--json", stdout=said)
    return json.loads(said.getvalue())


@pytest.mark.parametrize("share", range(4))
@pytest.mark.parametrize("collection", ["networks", "ai_applications"])
def test_unchanged_rules_say_what_the_check_said(
    cast: Cast, period: Period, collection: str, share: int
) -> None:
    plantable = [defect.code for defect in DEFECTS[collection] if not defect.code.startswith(_NEEDING)]
    rare = sorted(code for code in plantable if code.startswith(("uscc.", "ai.W361")))
    common = [code for code in plantable if code not in rare]
    defects = [rare[share], *common[share::4]]
    submission = checked(cast.js_preparer, period, collection, rows=150, defects=defects)
    trial = try_rules(submission)
    stored_rows = store.frame_of(submission).drop("params").rows()
    assert trial.findings.drop("params").rows() == stored_rows
    assert (trial.differs, trial.was, trial.now) == (False, State.INVALID, State.INVALID)
    assert recheck_stored(submission=submission) == Outcome.UNCHANGED


def test_a_number_beyond_reading_keeps_its_finding(cast: Cast, period: Period) -> None:
    submission = checked(cast.js_preparer, period, rows=5)
    sheet, row = storage.frame_of(submission).select("_sheet", "_row").row(0)
    edit = CellEdit(sheet, row, "terminals", value="9" * 30)
    correct(submission=submission, by=cast.js_preparer, edits=[edit])
    assert codes(submission) == ["cell.E107"]
    assert not try_rules(submission).differs


def test_a_rule_changed_for_one_quarter_leaves_earlier_quarters_as_they_were(
    cast: Cast, period: Period, earlier_period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = checked(cast.js_preparer, earlier_period)
    present = checked(cast.js_preparer, period)
    as_it_was = everything(earlier)
    change_rules(monkeypatch, STRICT)
    assert recheck_stored(submission=fresh(earlier)) == Outcome.UNCHANGED
    assert recheck_stored(submission=fresh(present)) == Outcome.SWAPPED
    assert everything(earlier) == as_it_was
    now = fresh(present)
    assert (now.state, now.warnings, codes(now)) == (State.UNEXPLAINED, 5, ["net.W330"] * 5)
    assert now.events.last().act == "rules_changed"


def test_a_fault_in_the_middle_leaves_everything_as_it_was(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    as_it_was = everything(submission)
    change_rules(monkeypatch, STRICT)

    def fault(_: Submission) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(explanation_carryover, "restore", fault)
    with pytest.raises(ZeroDivisionError):
        recheck_stored(submission=fresh(submission))
    assert everything(submission) == as_it_was


def test_what_others_change_meanwhile_is_not_overwritten(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = checked(cast.js_preparer, period)
    seen = fresh(submission)
    review.withdraw(submission=submission, by=cast.js_signer)
    as_it_is = everything(submission)
    change_rules(monkeypatch, STRICT)
    assert recheck_stored(submission=seen) == Outcome.MOVED_ON
    assert everything(submission) == as_it_is


def test_what_is_signed_is_told_of_and_left_as_it_is(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = signed(cast.js_preparer, cast.js_signer, period)
    as_it_was = everything(submission)
    change_rules(monkeypatch, STRICT)
    assert recheck_stored(submission=fresh(submission)) == Outcome.REPORTED
    assert everything(submission) == as_it_was
    [change] = tried()["state_changes"]
    assert (change["state"], change["from"], change["to"], change["keeps_state"]) == (
        "signed",
        "ready",
        "unexplained",
        True,
    )


def test_trying_tells_states_and_counts_and_changes_nothing(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = checked(cast.js_preparer, period)
    as_it_was = everything(submission)
    change_rules(monkeypatch, STRICT)
    payload = tried("--collection", "networks", "--period", "2026Q3", "--unit", "320000")
    assert payload["submissions"] == 1
    assert payload["rules"] == [{"code": "net.W330", "before": 0, "after": 5, "difference": 5}]
    assert [(c["from"], c["to"]) for c in payload["state_changes"]] == [("ready", "unexplained")]
    assert everything(submission) == as_it_was
    assert tried("--unit", "330000") == {"submissions": 0, "state_changes": [], "rules": []}


def test_people_get_a_table(cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(cast.js_preparer, period)
    change_rules(monkeypatch, STRICT)
    said = io.StringIO()
    call_command("try_rules", stdout=said)
    assert "320000 networks 2026Q3 v1  ready → unexplained" in said.getvalue()
    assert ["net.W330", "0", "5", "+5"] in [line.split() for line in said.getvalue().splitlines()]
    call_command("recheck_stored", stdout=said)
    assert "1 已按现行规则更新 now stand under the present rules" in said.getvalue()


def test_the_command_says_what_became_of_each(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = checked(cast.js_preparer, period)
    change_rules(monkeypatch, STRICT)
    said = io.StringIO()
    call_command("recheck_stored", "--json", stdout=said)
    payload = json.loads(said.getvalue())
    assert payload["outcomes"] == {"unchanged": 0, "swapped": 1, "reported": 0, "moved_on": 0}
    assert [s["submission"] for s in payload["submissions"]] == [str(submission.pk)]


def test_the_newest_version_or_every_one_is_chosen(cast: Cast, period: Period) -> None:
    first = checked(cast.js_preparer, period)
    second = checked(cast.js_preparer, period, rows=6)
    assert list(stored()) == [second]
    assert set(stored(every=True)) == {first, second}
    Submission.objects.filter(pk=second.pk).update(state=State.RECEIVED)
    assert list(stored()) == [first]


def test_explanations_stay_while_the_rule_is_the_same(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    change_rules(monkeypatch, dataclasses.replace(STRICT, holds=pl.col("terminals") > 0))
    new = try_rules(submission).after["net.W330"]
    assert new == recheck_stored_open(submission) > 0
    assert list(submission.findings.filter(explanation__isnull=False).values_list("code")) == [("net.W320",)]


def recheck_stored_open(submission: Submission) -> int:
    """Re-check; how many warnings are left open."""
    assert recheck_stored(submission=submission) == Outcome.SWAPPED
    return fresh(submission).open_warnings


def test_an_explanation_is_for_one_version_of_its_rule(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    form = FORMS["networks"]
    rules = [dataclasses.replace(r, version=2) if r.code == "net.W320" else r for r in form.rules]
    monkeypatch.setitem(FORMS, "networks", dataclasses.replace(form, rules=tuple(rules)))
    ready = fresh(submission)
    assert (ready.state, try_rules(ready).now) == (State.READY, State.UNEXPLAINED)
    assert recheck_stored(submission=ready) == Outcome.SWAPPED
    assert (fresh(submission).state, fresh(submission).open_warnings) == (State.UNEXPLAINED, 1)
    assert list(submission.findings.values_list("code", "rule_version", "explanation")) == [
        ("net.W320", 2, None)
    ]
