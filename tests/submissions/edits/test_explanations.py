"""Explaining warnings: one or a group, what it does to the state, and what the next version keeps."""

from __future__ import annotations

import pytest

from submissions.edits.explanations import explain
from submissions.models import Act, Explanation, Period, State, Submission
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned, warning
from validation.findings import Finding as Found

LATENCY = warning("net.W330", column="latency_ms", value="0.5", key="JS-1", cell="X3")
OTHER_LATENCY = warning("net.W330", column="latency_ms", value="0.7", key="JS-2", row=4, cell="X4")
COUNT = Found("hist.W405", params={"before": 50, "now": 90, "change": 80})
ERROR = Found("cell.E101", "专网", 3, "site_name", "E3", None, {}, "JS-1")


@pytest.fixture
def unexplained(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Jiangsu's networks with four warnings."""
    engine.answer = planned([warning(), LATENCY, OTHER_LATENCY, COUNT])
    return check(send(cast.js_preparer))


def test_the_last_explanation_makes_it_ready(cast: Cast, unexplained: Submission) -> None:
    for left, code in [(2, "net.W330"), (1, "net.W320"), (0, "hist.W405")]:
        explain(submission=unexplained, by=cast.js_preparer, code=code, reason="confirmed")
        assert unexplained.open_warnings == fresh(unexplained).open_warnings == left
    assert fresh(unexplained).state == unexplained.state == State.READY
    assert list(unexplained.events.filter(act=Act.EXPLAINED).values_list("detail", flat=True)) == [
        {"rules": {"net.W330": 2}},
        {"rules": {"net.W320": 1}},
        {"rules": {"hist.W405": 1}},
    ]


@pytest.mark.parametrize(
    ("narrowed", "explained"),
    [
        ({}, ["0.5", "0.7"]),
        ({"column": "latency_ms"}, ["0.5", "0.7"]),
        ({"value": "0.7"}, ["0.7"]),
        ({"column": "latency_ms", "value": "0.5"}, ["0.5"]),
    ],
)
def test_a_group_is_told_by_code_column_and_value(
    cast: Cast, unexplained: Submission, narrowed: dict[str, str], explained: list[str]
) -> None:
    explanation = explain(
        submission=unexplained, by=cast.js_preparer, code="net.W330", reason="confirmed", **narrowed
    )
    assert [finding.value for finding in explanation.findings.all()] == explained


def test_one_finding_is_told_by_its_id(cast: Cast, unexplained: Submission) -> None:
    chosen = unexplained.findings.get(value="0.7")
    explanation = explain(
        submission=unexplained,
        by=cast.js_preparer,
        code="net.W330",
        reason="changed",
        text="设备更新",
        finding_ids=[chosen.pk],
    )
    assert explanation.findings.get() == chosen
    assert (explanation.text, explanation.by) == ("设备更新", cast.js_preparer)


def test_an_explanation_given_again_replaces_the_former(cast: Cast, unexplained: Submission) -> None:
    for reason in ("confirmed", "changed"):
        explain(submission=unexplained, by=cast.js_preparer, code="net.W320", reason=reason)
    assert unexplained.findings.get(code="net.W320").explanation.reason == "changed"
    assert unexplained.open_warnings == 3


def test_errors_are_not_explained_away(cast: Cast, period: Period, engine: Engine) -> None:
    engine.answer = planned([ERROR, warning()])
    submission = check(send(cast.js_preparer))
    refused(
        "nothing-to-explain",
        lambda: explain(submission=submission, by=cast.js_preparer, code="cell.E101", reason="confirmed"),
    )
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    assert (fresh(submission).state, submission.open_warnings) == (State.INVALID, 0)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("reason-unknown", {"reason": "because"}),
        ("reason-required", {"reason": "other", "text": "  "}),
        ("text-too-long", {"reason": "other", "text": "长" * 501}),
        ("nothing-to-explain", {"reason": "confirmed", "value": "9"}),
        ("nothing-to-explain", {"reason": "confirmed", "finding_ids": [0]}),
    ],
)
def test_what_explains_nothing_changes_nothing(
    cast: Cast, unexplained: Submission, code: str, given: dict[str, object]
) -> None:
    refused(code, lambda: explain(submission=unexplained, by=cast.js_preparer, code="net.W330", **given))
    assert not Explanation.objects.exists()


@pytest.mark.parametrize(("name", "code"), [("zj_preparer", "not-found"), ("reviewer", "not-allowed")])
def test_only_the_unit_explains(cast: Cast, unexplained: Submission, name: str, code: str) -> None:
    refused(
        code,
        lambda: explain(submission=unexplained, by=getattr(cast, name), code="net.W330", reason="confirmed"),
    )


def test_explanations_wait_for_the_check(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    refused(
        "wrong-state",
        lambda: explain(submission=submission, by=cast.js_preparer, code="net.W330", reason="confirmed"),
    )


def test_the_next_version_keeps_a_reason_while_the_value_is_unchanged(
    cast: Cast, unexplained: Submission, engine: Engine
) -> None:
    for code in ("net.W330", "net.W320", "hist.W405"):
        explain(submission=unexplained, by=cast.js_preparer, code=code, reason="confirmed", text=code)
    moved_down = warning("net.W330", column="latency_ms", value="0.5", key="JS-1", row=30, cell="X30")
    changed = warning("net.W330", column="latency_ms", value="0.6", key="JS-2", row=4, cell="X4")
    other_counts = Found("hist.W405", params={"before": 50, "now": 95, "change": 90})
    engine.answer = planned([warning(), moved_down, changed, other_counts])
    newer = check(send(cast.js_signer))
    kept = {f.value or f.code: f.explanation for f in newer.findings.select_related("explanation")}
    assert kept["0.6"] is kept["hist.W405"] is None
    assert (kept["0.5"].text, kept["0.5"].by, kept["0.5"].submission) == ("net.W330", cast.js_preparer, newer)
    assert kept["0.5"].carried_from.submission == unexplained
    assert kept["net.W320"].text == "net.W320"
    assert (newer.state, newer.open_warnings) == (State.UNEXPLAINED, 2)


def test_all_kept_makes_the_next_version_ready_and_so_on(
    cast: Cast, unexplained: Submission, engine: Engine
) -> None:
    for code in ("net.W330", "net.W320", "hist.W405"):
        explain(submission=unexplained, by=cast.js_preparer, code=code, reason="confirmed")
    for version in (2, 3):
        newer = check(send(cast.js_preparer))
        assert (newer.version, newer.state, newer.open_warnings) == (version, State.READY, 0)
    assert Explanation.objects.filter(submission=newer).count() == 3


def test_the_same_words_again_are_the_same_explanation(cast: Cast, unexplained: Submission) -> None:
    act = {"submission": unexplained, "code": "net.W330", "reason": "confirmed"}
    first = explain(by=cast.js_preparer, **act)
    events = unexplained.events.count()
    assert explain(by=cast.js_preparer, **act) == first
    assert unexplained.events.count() == events
    other_words = explain(by=cast.js_preparer, **act, text="已核实")
    other_person = explain(by=cast.js_signer, **act, text="已核实")
    assert len({first.pk, other_words.pk, other_person.pk}) == 3
    assert other_person.findings.count() == 2


def test_two_like_explanations_become_one_for_the_whole_group(cast: Cast, unexplained: Submission) -> None:
    act = {"submission": unexplained, "by": cast.js_preparer, "code": "net.W330", "reason": "confirmed"}
    parts = [explain(**act, value=value) for value in ("0.5", "0.7")]
    whole = explain(**act)
    assert whole not in parts
    assert whole.findings.count() == 2
