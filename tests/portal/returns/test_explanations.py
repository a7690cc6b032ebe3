"""Explaining on the page: one warning, those with a value, all of a rule; what is missing is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.returns.views import explanations
from submissions.edits.explanations import explain
from submissions.models import Period, State, Submission
from submissions.signoff import review
from tests.acts import fresh
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import browser, checked_with, converted, missing, page, text

GROUP = "?code=cell.W118&column=terminals"


@pytest.fixture
def warned(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Three warnings, two of them with the same value."""
    return checked_with(engine, cast.js_preparer, [converted(5), converted(6), converted(7, "120台")])


def post(cast: Cast, submission: Submission, query: str, **sent: str) -> HttpResponse:
    return browser(cast.js_preparer).post(page("portal:explain", submission, query), sent)


def scopes(cast: Cast, submission: Submission, query: str) -> list[tuple[str, int]]:
    answer = browser(cast.js_preparer).get(page("portal:explain", submission, query))
    return [(scope.name, scope.warnings) for scope in answer.context["scopes"]]


def test_a_group_offers_its_scopes_with_exact_counts(cast: Cast, warned: Submission) -> None:
    assert scopes(cast, warned, GROUP) == [("value", 2), ("all", 3)]


def test_one_warning_offers_itself_first(cast: Cast, warned: Submission) -> None:
    last = warned.findings.get(row=7)
    assert scopes(cast, warned, f"?finding={last.pk}") == [("one", 1), ("all", 3)]


def test_the_only_warning_offers_one_scope(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [converted(5)])
    only = submission.findings.get()
    assert scopes(cast, submission, f"?finding={only.pk}") == [("all", 1)]


def test_explaining_all_makes_it_ready(cast: Cast, warned: Submission) -> None:
    answer = post(cast, warned, GROUP, scope="all", reason="confirmed")
    assert answer["Location"] == page("portal:submission", warned)
    assert fresh(warned).state == State.READY


@pytest.mark.parametrize(("scope", "left"), [("one", 2), ("value", 1), ("all", 0)])
def test_a_scope_covers_what_it_says(scope: str, left: int, cast: Cast, warned: Submission) -> None:
    first = warned.findings.get(row=5)
    post(cast, warned, f"?finding={first.pk}", scope=scope, reason="changed")
    assert fresh(warned).open_warnings == left


def test_what_is_left_is_shown_next(cast: Cast, warned: Submission) -> None:
    answer = post(cast, warned, GROUP, scope="value", reason="confirmed")
    assert answer["Location"] == page("portal:findings", warned, "?severity=W&answered=no")


def test_another_reason_wants_words_and_keeps_what_was_chosen(cast: Cast, warned: Submission) -> None:
    answer = post(cast, warned, GROUP, scope="value", reason="other", text=" ")
    assert answer.status_code == 400
    assert "Give a reason in words." in text(answer)
    assert answer.context["form"]["scope"].value() == "value"
    assert answer.context["form"]["reason"].value() == "other"


def test_a_reason_must_be_chosen(cast: Cast, warned: Submission) -> None:
    answer = post(cast, warned, GROUP, scope="all", text="typed")
    assert answer.status_code == 400
    assert "Choose a reason." in text(answer)
    assert "typed" in text(answer)


def test_what_was_typed_is_shown_again_when_the_period_has_closed(cast: Cast, warned: Submission) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Period.objects.update(due=yesterday, closes=yesterday)
    answer = post(cast, warned, GROUP, scope="all", reason="confirmed", text="typed")
    assert answer.status_code == 409
    assert f"closed on {yesterday}" in text(answer)
    assert "typed" in text(answer)
    assert browser(cast.js_preparer).get(page("portal:explain", warned, GROUP)).status_code == 409
    assert fresh(warned).open_warnings == 3


@pytest.mark.parametrize(
    "query", ["", "?code=net.W320", "?finding=0", "?finding=²", "?code=cell.E101", "?code=%00", "?column=%00"]
)
def test_what_is_no_warning_cannot_be_explained(
    query: str, cast: Cast, period: Period, engine: Engine
) -> None:
    submission = checked_with(engine, cast.js_preparer, [converted(5), missing(6)])
    assert browser(cast.js_preparer).get(page("portal:explain", submission, query)).status_code == 404


def test_a_signed_return_takes_no_more_explanations(cast: Cast, warned: Submission) -> None:
    post(cast, warned, GROUP, scope="all", reason="confirmed")
    review.sign(submission=fresh(warned), by=cast.js_signer)
    answer = post(cast, warned, GROUP, scope="all", reason="changed")
    assert answer.status_code == 409
    assert "This is not possible in the state “Signed”." in text(answer)


def explained(cast: Cast, engine: Engine, count: int) -> Submission:
    """A return with `count` warnings, each with a reason of its own."""
    submission = checked_with(engine, cast.js_preparer, [converted(row) for row in range(5, 5 + count)])
    for pk in submission.findings.values_list("pk", flat=True):
        explain(
            submission=submission,
            by=cast.js_preparer,
            code="cell.W118",
            reason="confirmed",
            finding_ids=[pk],
        )
    return submission


def test_many_explanations_come_in_pages_each_with_its_first_example(
    cast: Cast, period: Period, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanations, "PAGE", 2)
    submission = explained(cast, engine, 3)
    first, second = (
        browser(cast.js_preparer).get(page("portal:explanations", submission, f"?page={number}"))
        for number in (1, 2)
    )
    assert "page 1 of 2" in text(first)
    given = [*first.context["given"], *second.context["given"]]
    assert len(first.context["given"]) == 2
    assert sorted(example.finding.row for _, example in given) == [5, 6, 7]
    assert all(example.finding.explanation_id == explanation.pk for explanation, example in given)


def test_more_explanations_want_no_more_queries(
    cast: Cast, period: Period, engine: Engine, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    submission = explained(cast, engine, 12)
    client = browser(cast.js_preparer)
    with django_assert_max_num_queries(20) as seen:
        client.get(page("portal:explanations", submission))
    wanted = [query["sql"] for query in seen.captured_queries if 'FROM "submissions_finding"' in query["sql"]]
    assert len(wanted) < 12


MANY = 3_000


def test_thousands_shown_are_explained_with_a_few_queries(cast: Cast, period: Period, engine: Engine) -> None:
    findings = [converted(row, f"{row % 7}台") for row in range(MANY)]
    many = checked_with(engine, cast.js_preparer, [missing(9), *findings])
    explain(submission=many, by=cast.js_signer, code="cell.W118", reason="confirmed", value="3台")
    left = MANY - many.findings.filter(value="3台").count()
    query = "?filtered=yes"
    assert scopes(cast, many, query) == [("open", left), ("filter", MANY)]
    sent: list[int] = []

    def count(execute: Callable[..., object], sql: str, params: Sequence[object], *rest: object) -> object:
        sent.append(sum(len(value) if isinstance(value, list) else 1 for value in params or ()))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(count):
        post(cast, many, query, scope="open", reason="source_limits")
    assert len([values for values in sent if values > 100]) == 2  # counted by rule, then answered
    assert fresh(many).open_warnings == 0
    assert many.findings.filter(explanation__reason="source_limits").count() == left
    assert many.findings.filter(explanation__reason="confirmed").count() == MANY - left


def test_filters_that_show_no_warning_explain_nothing(cast: Cast, warned: Submission) -> None:
    address = page("portal:explain", warned, "?filtered=yes&severity=E")
    assert browser(cast.js_preparer).get(address).status_code == 404
