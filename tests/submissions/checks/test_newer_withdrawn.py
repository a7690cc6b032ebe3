"""A newer version withdrawn before it counted: the one before it stands again, and its slot goes on with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from submissions.checks import intake
from submissions.models import Period, State, Submission
from submissions.notifications.obligations import SlotState, slot, slots
from submissions.signoff import review
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import browser, text


@pytest.fixture
def ready(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Version 1, ready to sign, after version 2 was received and withdrawn."""
    first = check(send(cast.js_preparer))
    review.withdraw(submission=send(cast.js_preparer), by=cast.js_signer)
    return fresh(first)


@pytest.fixture
def signed(ready: Submission, cast: Cast) -> Submission:
    review.sign(submission=ready, by=cast.js_signer)
    return fresh(ready)


def test_the_version_before_it_is_the_slot_s_again(ready: Submission, period: Period) -> None:
    slot_now = slot(ready.unit, "networks", period, period.due)
    assert (slot_now.current, slot_now.state) == (ready, SlotState.NOT_YET_DUE)


def test_once_signed_the_slot_is_handed_in_now_and_looking_back(signed: Submission, period: Period) -> None:
    late = period.closes + timedelta(days=1)
    now = slot(signed.unit, "networks", period, late)
    then = slots([signed.unit], period, late, as_of=timezone.now())[signed.unit_id, "networks"]
    for slot_now in (now, then):
        assert (slot_now.current, slot_now.state) == (signed, SlotState.SUBMITTED)


def test_home_says_signed_and_not_withdrawn(signed: Submission, cast: Cast) -> None:
    html = text(browser(cast.js_preparer).get(reverse("portal:home")))
    assert "Signed" in html
    assert "Withdrawn" not in html


def test_no_other_version_comes_in_while_it_waits(signed: Submission, cast: Cast, period: Period) -> None:
    refused("signed-waits", lambda: send(cast.js_preparer))
    call = {"by": cast.js_preparer, "collection": "networks", "period": period.code}
    refused("signed-waits", lambda: intake.receive_nil(**call))
    review.begin_review(submission=signed, by=cast.reviewer)
    refused("under-review", lambda: send(cast.js_preparer))
    assert Submission.objects.count() == 2


def test_a_second_signature_in_a_slot_is_refused_in_words(
    signed: Submission, cast: Cast, engine: Engine
) -> None:
    stray = Submission.objects.create(
        unit=signed.unit,
        collection="networks",
        period=signed.period,
        version=3,
        nil_return=True,
        uploader=cast.js_preparer,
        state=State.READY,
        checked_at=timezone.now(),
        data_rows=0,
    )
    refusal = refused("signed-waits", lambda: review.sign(submission=stray, by=cast.js_signer))
    assert refusal.submission == signed
    assert fresh(stray).state == State.READY


def test_a_version_before_one_that_was_accepted_is_not_brought_back(
    cast: Cast, period: Period, engine: Engine
) -> None:
    first = check(send(cast.js_preparer))
    review.sign(submission=first, by=cast.js_signer)
    review.accept(submission=first, by=cast.admin)
    review.withdraw(submission=check(send(cast.js_preparer)), by=cast.js_signer)
    slot_now = slot(first.unit, "networks", period, period.due)
    assert (slot_now.current, slot_now.in_force, slot_now.state) == (first, first, SlotState.SUBMITTED)
