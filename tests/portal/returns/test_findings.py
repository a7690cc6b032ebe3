"""The list of findings: filters, search, exact counts, paging, and values that are text whatever they hold."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from submissions.edits.explanations import explain
from submissions.exports import findings_table
from submissions.findings import store
from submissions.models import Period, Submission
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import HTMX, browser, checked_with, converted, missing, page, text


@pytest.fixture
def submission(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Two errors in rows 3 and 4, three warnings in rows 5 to 7, the first of which is explained."""
    findings = [missing(3), missing(4), converted(5), converted(6), converted(7, "120台")]
    checked = checked_with(engine, cast.js_preparer, findings)
    first = checked.findings.get(row=5)
    explain(
        submission=checked,
        by=cast.js_preparer,
        code="cell.W118",
        reason="other",
        text="现场核对无误",
        finding_ids=[first.pk],
    )
    return checked


def rows(cast: Cast, submission: Submission, query: str) -> list[int]:
    listed = f"{query}&view=list" if query else "?view=list"
    answer = browser(cast.js_preparer).get(page("portal:findings", submission, listed))
    assert answer.status_code == 200
    return [line.finding.row for line in answer.context["findings"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 4, 5, 6, 7]),
        ("?severity=E", [3, 4]),
        ("?severity=W&answered=no", [6, 7]),
        ("?answered=yes", [5]),
        ("?code=cell.W118", [5, 6, 7]),
        ("?column=network_name", [3, 4]),
        ("?q=120", [7]),
        ("?q=S6", [6]),
        ("?q=JS-4", [4]),
        ("?q=is required", [3, 4]),
        ("?q=不能为空", [3, 4]),
        ("?q=cell.e101", [3, 4]),
        ("?q=nowhere", []),
        ("?severity=E&column=terminals", []),
        ("?page=99", [3, 4, 5, 6, 7]),
    ],
)
def test_filters(query: str, expected: list[int], cast: Cast, submission: Submission) -> None:
    assert rows(cast, submission, query) == expected


def test_a_finding_says_what_where_and_what_to_do(cast: Cast, submission: Submission) -> None:
    html = text(browser(cast.js_preparer).get(page("portal:findings", submission, "?view=list")))
    assert "5 findings" in html
    assert "B3" in html
    assert "“Network name” is required." in html
    assert "Fill it in." in html
    assert "Other reason – 现场核对无误" in html


def test_nothing_fits(cast: Cast, submission: Submission) -> None:
    html = text(browser(cast.js_preparer).get(page("portal:findings", submission, "?q=nowhere")))
    assert "No finding fits these filters." in html


def test_a_changed_filter_brings_the_list_alone(cast: Cast, submission: Submission) -> None:
    answer = browser(cast.js_preparer).get(page("portal:findings", submission), headers=HTMX)
    assert text(answer).startswith('<div id="list"')


def test_many_findings_are_counted_exactly_and_paged(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [missing(row) for row in range(3, 1_234)])
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:findings", submission, "?severity=E&page=2&view=list")))
    assert "1,231 findings" in html
    assert "showing 51 to 100" in html
    assert "page 2 of 25" in html
    assert "?severity=E&amp;page=3&amp;view=list" in html


def test_a_value_of_the_file_is_never_markup(cast: Cast, period: Period, engine: Engine) -> None:
    nasty = "<script>alert(1)</script>"
    submission = checked_with(engine, cast.js_preparer, [converted(3, nasty)])
    for name in ("portal:findings", "portal:submission"):
        html = text(browser(cast.js_preparer).get(page(name, submission)))
        assert nasty not in html
        assert "&lt;script&gt;" in html
    searched = text(browser(cast.js_preparer).get(page("portal:findings", submission, f"?q={nasty}")))
    assert nasty not in searched


def test_the_list_asks_few_questions(
    cast: Cast, submission: Submission, django_assert_max_num_queries: object
) -> None:
    client = browser(cast.js_preparer)
    with django_assert_max_num_queries(24):
        client.get(page("portal:findings", submission))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_workbook_gives_the_reason_in_both_languages(
    language: str, cast: Cast, submission: Submission
) -> None:
    with override(language):
        written = list(findings_table.lines(submission, store.table(submission, cast.js_preparer)))
    assert [line[-1] for line in written if line[-1]] == ["其他原因 Other reason 现场核对无误"]
