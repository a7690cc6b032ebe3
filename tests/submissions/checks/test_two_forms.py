"""AI applications lean on the unit's network form: signing waits for it, and a change of it has them checked again."""

from __future__ import annotations

import pytest

from submissions.checks import intake
from submissions.edits.explanations import explain
from submissions.models import Period, State, Submission, User
from submissions.signoff import review
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned, warning
from validation import Context
from validation.findings import Finding as Found
from validation.result import Result

ERROR = Found("cell.E101", "专网", 3, "site_name", "E3")


def as_engine_does(context: Context) -> Result:
    """AI applications: ai.E370 cannot be evaluated without the network form."""
    missing = () if context.companion is not None else ("ai.E370", "ai.W371")
    return planned(collection="ai_applications", unit=context.unit, not_evaluable=missing)


def applications(by: User, engine: Engine) -> Submission:
    engine.answer = as_engine_does
    return check(send(by, collection="ai_applications"))


def networks(by: User, engine: Engine, *findings: Found) -> Submission:
    engine.answer = planned(findings)
    return check(send(by))


def rechecked(submission: Submission, engine: Engine) -> Submission:
    """Check again what must have gone back to received."""
    assert fresh(submission).state == State.RECEIVED
    engine.answer = as_engine_does
    return check(submission)


@pytest.fixture
def waiting(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Jiangsu's AI applications, sent before its networks."""
    return applications(cast.js_preparer, engine)


def test_signing_waits_for_the_network_form(cast: Cast, waiting: Submission) -> None:
    assert waiting.state == State.READY
    refusal = refused("not-evaluable", lambda: review.sign(submission=waiting, by=cast.js_signer))
    assert refusal.params == {"codes": "ai.E370"}


def test_the_network_form_has_them_checked_again(cast: Cast, waiting: Submission, engine: Engine) -> None:
    form = networks(cast.js_preparer, engine)
    again = rechecked(waiting, engine)
    assert again.report["compared_with"]["networks"] == str(form.pk)
    assert engine.contexts[-1].companion.equals(planned().frame)
    review.sign(submission=again, by=cast.js_signer)


def test_a_network_form_with_errors_is_none(cast: Cast, waiting: Submission, engine: Engine) -> None:
    networks(cast.js_preparer, engine, ERROR)
    assert fresh(waiting).state == State.READY
    assert waiting.blocking_rules == ["ai.E370"]


def test_a_network_form_with_open_warnings_serves(cast: Cast, waiting: Submission, engine: Engine) -> None:
    networks(cast.js_preparer, engine, warning())
    assert rechecked(waiting, engine).blocking_rules == []


def test_a_nil_return_of_networks_is_a_network_form_without_rows(
    cast: Cast, waiting: Submission, engine: Engine
) -> None:
    intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    rechecked(waiting, engine)
    assert engine.contexts[-1].companion.is_empty()


def test_other_units_and_their_forms_are_left_alone(cast: Cast, waiting: Submission, engine: Engine) -> None:
    networks(cast.zj_preparer, engine)
    assert fresh(waiting).state == State.READY


def test_a_newer_network_form_has_them_checked_again(cast: Cast, period: Period, engine: Engine) -> None:
    networks(cast.js_preparer, engine)
    form = applications(cast.js_preparer, engine)
    newer = networks(cast.js_preparer, engine)
    again = rechecked(form, engine)
    assert again.report["compared_with"]["networks"] == str(newer.pk)


@pytest.mark.parametrize("how", ["withdrawn", "returned"])
def test_a_network_form_that_no_longer_stands_blocks_the_signature(
    cast: Cast, period: Period, engine: Engine, how: str
) -> None:
    form = networks(cast.js_preparer, engine)
    review.sign(submission=form, by=cast.js_signer)
    leaning = applications(cast.js_preparer, engine)
    if how == "withdrawn":
        review.withdraw(submission=form, by=cast.js_signer)
    else:
        review.return_(submission=form, by=cast.reviewer, reasons=[review.ReasonGiven("again")])
    assert rechecked(leaning, engine).blocking_rules == ["ai.E370"]


def test_while_the_newer_network_form_is_checked_signing_waits(
    cast: Cast, period: Period, engine: Engine
) -> None:
    networks(cast.js_preparer, engine)
    leaning = applications(cast.js_preparer, engine)
    send(cast.js_preparer)  # is about to supersede the form that was compared with
    refused("not-evaluable", lambda: review.sign(submission=leaning, by=cast.js_signer))


def test_a_network_form_that_came_during_the_check_is_not_missed(
    cast: Cast, period: Period, engine: Engine
) -> None:
    def overtaken(context: Context) -> Result:
        networks(cast.js_preparer, engine)
        return as_engine_does(context)

    engine.answer = overtaken
    leaning = check(send(cast.js_preparer, collection="ai_applications"))
    assert rechecked(leaning, engine).blocking_rules == []


def test_explanations_outlive_checking_again(cast: Cast, period: Period, engine: Engine) -> None:
    result = planned([warning("ai.W355", key="AI-1")], collection="ai_applications")
    engine.answer = result
    leaning = check(send(cast.js_preparer, collection="ai_applications"))
    explain(submission=leaning, by=cast.js_preparer, code="ai.W355", reason="confirmed")
    networks(cast.js_preparer, engine)
    engine.answer = result
    again = check(leaning)
    assert (again.state, again.open_warnings, again.explanations.count()) == (State.READY, 0, 1)


def test_the_last_accepted_register_is_what_history_compares_with(
    cast: Cast, period: Period, earlier_period: Period, engine: Engine
) -> None:
    before = check(send(cast.js_preparer, period="2026Q2"))
    networks(cast.js_preparer, engine)
    assert engine.contexts[-1].previous is None
    review.sign(submission=before, by=cast.js_signer)
    review.accept(submission=before, by=cast.admin)
    after = networks(cast.js_preparer, engine)
    assert engine.contexts[-1].previous.equals(planned().frame)
    assert after.report["compared_with"]["previous"] == str(before.pk)
