"""Who may do what, as one table; and the one door to submissions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from portal.returns import next_steps
from submissions.edits import corrections, explanations
from submissions.models import Act, Period, State, Submission, User
from submissions.signoff import review
from submissions.workflow.permissions import Action, allowed_actions, can, require
from submissions.workflow.transitions import ALLOWED, move
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import browser, page, text


@pytest.mark.parametrize(
    ("name", "in_ready", "in_signed"),
    [
        ("js_preparer", ["read", "correct", "explain", "share"], ["read", "share"]),
        (
            "js_signer",
            ["read", "correct", "explain", "share", "sign", "withdraw"],
            ["read", "share", "withdraw"],
        ),
        ("zj_signer", [], []),
        ("reviewer", ["read"], ["read", "review", "return"]),
        ("admin", ["read"], ["read", "review", "return", "accept"]),
        ("auditor", ["read"], ["read"]),
    ],
)
def test_allowed_actions(
    cast: Cast, period: Period, engine: Engine, name: str, in_ready: list[str], in_signed: list[str]
) -> None:
    submission = check(send(cast.js_preparer))
    assert allowed_actions(getattr(cast, name), submission) == in_ready
    review.sign(submission=submission, by=cast.js_signer)
    assert allowed_actions(getattr(cast, name), submission) == in_signed


def test_whoever_is_not_known_may_nothing(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    assert allowed_actions(AnonymousUser(), submission) == []
    assert not can(AnonymousUser(), Action.UPLOAD)
    User.objects.filter(pk=cast.admin.pk).update(is_active=False)
    cast.admin.refresh_from_db()
    assert allowed_actions(cast.admin, submission) == []


def test_the_one_door(cast: Cast, period: Period) -> None:
    own, other = send(cast.js_preparer), send(cast.zj_preparer)
    visible = {
        name: set(Submission.objects.visible_to(getattr(cast, name))) for name in ("js_signer", "auditor")
    }
    assert visible == {"js_signer": {own}, "auditor": {own, other}}
    assert not Submission.objects.visible_to(AnonymousUser()).exists()
    cast.auditor.is_active = False
    assert not Submission.objects.visible_to(cast.auditor).exists()


def test_every_move_that_is_not_in_the_table_is_refused(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    for to in set(State) - ALLOWED[State.RECEIVED]:
        refused("wrong-state", lambda to=to: move(submission=submission, to=to, act=Act.OTHER, by=None))
    assert fresh(submission).events.count() == 1


def test_decided_states_are_final() -> None:
    assert {State.RETURNED, State.WITHDRAWN, State.SUPERSEDED}.isdisjoint(ALLOWED)
    # but for the register that is taken out of force, and that taken back
    assert (ALLOWED[State.ACCEPTED], ALLOWED[State.EXCLUDED]) == ({State.EXCLUDED}, {State.ACCEPTED})


@pytest.mark.parametrize(
    ("verb", "kwargs"),
    [
        (explanations.explain, {"code": "net.W320", "reason": "confirmed"}),
        (corrections.correct, {"edits": [corrections.CellEdit("专网", 3, "site_name", "x")]}),
        (review.sign, {}),
    ],
)
def test_after_its_close_a_period_takes_no_act_of_the_unit(
    verb: Callable[..., object], kwargs: dict[str, object], cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_preparer))
    _close(period)
    refusal = refused(
        "period-closed", lambda: verb(submission=fresh(submission), by=cast.js_signer, **kwargs)
    )
    assert "请联系部级管理员延长报送时间" in refusal.message
    assert fresh(submission).state == State.READY


def test_the_ministry_goes_on_after_the_close(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    _close(period)
    assert allowed_actions(cast.js_signer, fresh(submission)) == ["read", "share", "withdraw"]
    review.return_(
        submission=fresh(submission), by=cast.reviewer, reasons=[review.ReasonGiven("again, please")]
    )
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "Ask the ministry&#x27;s administrator to extend it" in html
    assert reverse("portal:upload", args=["networks", "2026Q3"]) not in html


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        (Action.CORRECT, {}),
        (Action.EXPLAIN, {}),
        (Action.SIGN, {}),
        (Action.CONFIRM, {"state": State.INVALID, "set_aside": True}),
    ],
)
def test_the_closing_day_is_the_last_one_and_still_takes_acts(
    action: Action, fields: dict[str, object], cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_preparer))
    Submission.objects.filter(pk=submission.pk).update(**fields)
    today = timezone.localdate()
    Period.objects.filter(pk=period.pk).update(due=today - timedelta(days=1), closes=today)
    assert can(cast.js_signer, action, fresh(submission))
    _close(period)
    refused("period-closed", lambda: require(cast.js_signer, action, fresh(submission)))


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [(0, 0, None), (-9, 0, None), (0, 9, None), (1, 9, "period-not-open"), (-9, -1, "period-closed")],
)
def test_uploads_are_taken_from_the_first_day_to_the_last(
    opens: int, closes: int, code: str | None, cast: Cast, period: Period
) -> None:
    today = timezone.localdate()
    first, last = today + timedelta(days=opens), today + timedelta(days=closes)
    Period.objects.filter(pk=period.pk).update(opens=first, due=last, closes=last)
    if code:
        refused(code, lambda: send(cast.js_preparer))
    else:
        assert send(cast.js_preparer).state == State.RECEIVED
    assert Period.objects.open_on(today).exists() is (code is None)


def test_on_the_closing_day_the_next_step_is_still_to_be_done(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_preparer))
    today = timezone.localdate()
    Period.objects.filter(pk=period.pk).update(due=today, closes=today)
    assert next_steps.for_submission(fresh(submission), cast.js_signer).label == "签发"
    _close(period)
    assert "本期已于" in next_steps.for_submission(fresh(submission), cast.js_signer).text


def _close(period: Period) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Period.objects.filter(pk=period.pk).update(due=yesterday, closes=yesterday)
