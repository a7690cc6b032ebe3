"""The unit's home: what is owed, where it stands, and the one next step in every state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from portal.returns import next_steps
from submissions.checks import intake
from submissions.models import Collection, Period, State, Submission, User
from submissions.notifications import notify
from submissions.signoff import review
from submissions.signoff.review import ReasonGiven
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned
from tests.portal.browsing import browser, checked_with, converted, missing, page, text
from validation import Finding


def home(user: User, language: str = "en") -> str:
    answer = browser(user, language).get(reverse("portal:home"))
    assert answer.status_code == 200
    return text(answer)


def test_before_anything_is_sent_the_next_step_is_to_upload(cast: Cast, period: Period) -> None:
    html = home(cast.js_preparer)
    assert html.count("Not yet reported") == 2
    assert reverse("portal:upload", args=["networks", "2026Q3"]) in html
    assert reverse("portal:nil", args=["ai_applications", "2026Q3"]) in html
    assert "10 days left" in html


def test_chinese_is_the_first_language(cast: Cast, period: Period) -> None:
    html = home(cast.js_preparer, "")
    assert "江苏省报送情况" in html
    assert "还有10天" in html
    assert '<html lang="zh-hans"' in html


def test_a_late_period_says_how_late(cast: Cast, period: Period) -> None:
    Period.objects.filter(pk=period.pk).update(due=timezone.localdate() - timedelta(days=3))
    html = home(cast.js_preparer)
    assert "3 days ago" in html
    assert html.count("Overdue") == 2


def test_due_today(cast: Cast, period: Period) -> None:
    Period.objects.filter(pk=period.pk).update(due=timezone.localdate())
    assert "due today" in home(cast.js_preparer)


def test_a_closed_period_stays_visible_as_missing(cast: Cast, period: Period) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Period.objects.filter(pk=period.pk).update(due=yesterday, closes=yesterday)
    html = home(cast.js_preparer)
    assert html.count("Missing") == 2
    assert f"closed on {yesterday}" in html
    assert reverse("portal:upload", args=["networks", "2026Q3"]) not in html


def test_a_period_to_come_says_from_when(cast: Cast, period: Period) -> None:
    day = timezone.localdate() + timedelta(days=5)
    Period.objects.filter(pk=period.pk).update(opens=day, due=day, closes=day)
    assert f"Uploads open on {day}." in home(cast.js_preparer)


def test_without_any_period(cast: Cast) -> None:
    assert "No period is being collected." in home(cast.js_preparer)


def test_earlier_periods_are_listed(cast: Cast, period: Period, engine: Engine) -> None:
    then = timezone.localdate() - timedelta(days=90)
    Period.objects.create(code="2026Q2", opens=then, due=then, closes=then)
    html = home(cast.js_preparer)
    assert "Earlier periods" in html
    assert "2026Q2" in html


def test_reasons_of_a_return_stand_on_the_card(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    review.return_(submission=submission, by=cast.reviewer, reasons=[ReasonGiven("终端数请核实")])
    html = home(cast.js_preparer)
    assert "终端数请核实" in html
    assert "Upload a corrected version" in html


def test_an_earlier_period_keeps_its_cards_while_something_is_owed(
    cast: Cast, period: Period, earlier_period: Period, engine: Engine
) -> None:
    assert f'id="period-{earlier_period.code}"' in home(cast.js_preparer)
    for collection in Collection.values:
        nil = intake.receive_nil(by=cast.js_preparer, collection=collection, period=earlier_period.code)
        review.sign(submission=nil, by=cast.js_signer)
    html = home(cast.js_preparer)
    assert f'id="period-{earlier_period.code}"' not in html
    assert html.index("Earlier periods") < html.index(
        f"Versions of Industrial 5G private networks, {earlier_period.code}"
    )


def test_signing_that_waits_for_the_network_form_says_so(cast: Cast, period: Period, engine: Engine) -> None:
    engine.answer = planned(collection="ai_applications", not_evaluable=("ai.E370",))
    submission = check(send(cast.js_preparer, collection="ai_applications"))
    with translation.override("en"):
        waiting = next_steps.for_submission(submission, cast.js_signer)
    assert "Report the network form of this period first" in waiting.text
    assert waiting.url == ""


def step(submission: Submission, user: User) -> tuple[str, str]:
    with translation.override("en"):
        step = next_steps.for_submission(submission, user)
    return step.label, step.url.rpartition(str(submission.pk))[2]


def test_the_next_step_follows_the_state(cast: Cast, period: Period, engine: Engine) -> None:
    js = cast.js_preparer
    assert step(send(js), js) == ("Watch the check", "/")
    assert step(checked_with(engine, js, [missing(3)]), js) == ("See the errors", "/findings/?severity=E")
    warned = checked_with(engine, js, [converted(3)])
    assert step(warned, js) == ("Answer the warnings", "/findings/?severity=W&answered=no")
    ready = checked_with(engine, js)
    assert step(ready, js) == ("", "")
    assert step(ready, cast.js_signer) == ("Sign", "/sign/")
    assert step(fresh(warned), js) == ("See all versions", "/portal/history/networks/2026Q3/")


@translation.override("en")
def test_the_next_step_after_signing(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    assert "waits for the ministry" in next_steps.for_submission(submission, cast.js_signer).text
    review.begin_review(submission=submission, by=cast.reviewer)
    assert "is reviewing" in next_steps.for_submission(submission, cast.js_signer).text
    review.accept(submission=submission, by=cast.admin)
    assert next_steps.for_submission(submission, cast.js_signer).url == ""


@pytest.mark.parametrize(
    ("state", "label"), [(State.WITHDRAWN, "Upload a workbook"), (State.FAILED, "See what to do")]
)
def test_the_next_step_after_an_end(
    state: State, label: str, cast: Cast, period: Period, engine: Engine
) -> None:
    submission = send(cast.js_preparer)
    submission.state = state
    assert step(submission, cast.js_preparer)[0] == label


def test_reasons_stay_until_a_newer_version_is_signed(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    review.return_(submission=submission, by=cast.reviewer, reasons=[ReasonGiven("终端数请核实")])
    newer = check(send(cast.js_preparer))
    notify.mark_read(cast.js_preparer)
    html = home(cast.js_preparer)
    assert "The ministry returned version 1" in html
    assert "终端数请核实" in html
    review.sign(submission=newer, by=cast.js_signer)
    notify.mark_read(cast.js_preparer)
    assert "The ministry returned version 1" not in home(cast.js_preparer)


def test_what_was_set_aside_waits_on_the_card(cast: Cast, period: Period, engine: Engine) -> None:
    first = check(send(cast.js_preparer))
    engine.answer = planned([Finding("file.E009", sheet="专网")], rows=0)
    aside = check(send(cast.js_preparer, filename="空.xlsx"))
    html = home(cast.js_preparer)
    assert "“空.xlsx” of" in html
    assert page("portal:submission", aside) in html
    assert page("portal:submission", first) in html


def test_what_is_unread_stands_on_the_home_page(cast: Cast, period: Period, engine: Engine) -> None:
    check(send(cast.js_preparer))
    assert "New since your last visit" in home(cast.js_signer)
    notify.mark_read(cast.js_signer)
    assert "New since your last visit" not in home(cast.js_signer)
    assert "最新通知" in home(cast.js_second_signer, "")


def test_an_older_version_says_that_a_newer_one_is_waited_for(
    cast: Cast, period: Period, engine: Engine
) -> None:
    first = check(send(cast.js_preparer))
    second = send(cast.js_preparer)
    assert step(first, cast.js_signer) == ("See the newer version", page("portal:submission", second))


def test_a_nil_return_is_shown_as_one(cast: Cast, period: Period) -> None:
    intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    assert "nil return" in home(cast.js_signer)


def test_the_home_page_asks_few_questions(
    cast: Cast, period: Period, django_assert_max_num_queries: object
) -> None:
    client = browser(cast.js_preparer)
    then = timezone.localdate() - timedelta(days=90)
    for code in ("2025Q3", "2025Q4", "2026Q1", "2026Q2"):
        Period.objects.create(code=code, opens=then, due=then, closes=then)
    with django_assert_max_num_queries(16):
        client.get(reverse("portal:home"))
