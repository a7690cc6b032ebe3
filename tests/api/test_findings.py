"""Findings over HTTP: at their cells, in both languages, filtered, paged, counted; and explained."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from submissions.models import Finding, Period, Submission, User
from tests import factories
from tests.api.test_errors import problem
from tests.conftest import Cast

ClientOf = Callable[[User | None], APIClient]


@pytest.fixture
def submission(cast: Cast, period: Period) -> Submission:
    """Three warnings of one kind, one of another, and two errors, as a check stores them."""
    submission = factories.received(cast.js_preparer, period)
    Submission.objects.filter(pk=submission.pk).update(
        state="unexplained", errors=0, warnings=4, open_warnings=4
    )
    rows = [
        ("W", "net.W320", 6, "terminals", "0"),
        ("W", "net.W320", 7, "terminals", "0"),
        ("W", "net.W320", 8, "terminals", "1"),
        ("W", "net.W329", 8, "site_name", "100%_a"),
    ]
    Finding.objects.bulk_create(
        Finding(
            submission=submission,
            ordinal=ordinal,
            severity=severity,
            code=code,
            sheet="表1",
            row=row,
            column=column,
            cell=f"F{row}",
            value=value,
            key=f"JS-{row}",
        )  # fmt: skip
        for ordinal, (severity, code, row, column, value) in enumerate(rows, start=1)
    )
    submission.refresh_from_db()
    return submission


def findings(client: APIClient, submission: Submission, query: str = "") -> list[int]:
    """Rows of the findings that fit."""
    answer = client.get(f"/api/v1/submissions/{submission.pk}/findings/{query}")
    assert answer.status_code == 200, answer.content
    return [finding["row"] for finding in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [6, 7, 8, 8]),
        ("?severity=W", [6, 7, 8, 8]),
        ("?severity=E", []),
        ("?code=net.W320", [6, 7, 8]),
        ("?column=site_name", [8]),
        ("?sheet=表1&code=net.W329", [8]),
        ("?q=js-7", [7]),
        ("?q=%25_", [8]),
        ("?limit=1&page=3", [8]),
    ],
)
def test_filters(
    cast: Cast, submission: Submission, client_of: ClientOf, query: str, rows: list[int]
) -> None:
    assert findings(client_of(cast.js_preparer), submission, query) == rows


def test_one_finding_in_full(cast: Cast, submission: Submission, client_of: ClientOf) -> None:
    answer = client_of(cast.js_preparer).get(f"/api/v1/submissions/{submission.pk}/findings/?limit=1")
    payload = answer.json()
    assert payload["count"] == 4
    finding = payload["results"][0]
    assert (finding["cell"], finding["code"], finding["severity"], finding["value"]) == (
        "F6",
        "net.W320",
        "W",
        "0",
    )
    assert set(finding["message"]) == {"zh", "en"}
    assert all(finding["message"].values())
    assert finding["explanation"] is None


def test_unknown_filter(cast: Cast, submission: Submission, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    problem(client.get(f"/api/v1/submissions/{submission.pk}/findings/?rule=x"), 400, "unknown-filter")
    problem(client.get(f"/api/v1/submissions/{submission.pk}/findings/?severity=X"), 400, "invalid-fields")
    problem(client.get(f"/api/v1/submissions/{submission.pk}/findings/?page=9"), 404, "not-found")


@pytest.mark.parametrize("groups", ["findings/groups/", "groups/"])
def test_groups_are_counted_exactly(
    cast: Cast, submission: Submission, client_of: ClientOf, groups: str
) -> None:
    payload = client_of(cast.js_preparer).get(f"/api/v1/submissions/{submission.pk}/{groups}").json()
    assert [(group["code"], group["column"], group["count"], group["open"]) for group in payload] == [
        ("net.W320", "terminals", 3, 3),
        ("net.W329", "site_name", 1, 1),
    ]


def test_explaining_a_group_then_the_rest(cast: Cast, submission: Submission, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    explanations = f"/api/v1/submissions/{submission.pk}/explanations/"
    given = {"code": "net.W320", "reason": "confirmed", "column": "terminals"}
    answer = client.post(explanations, given)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["reason"], answer.json()["by"]) == ("confirmed", "江苏填报人")
    last = Finding.objects.get(code="net.W329")
    client.post(explanations, {"code": "net.W329", "reason": "confirmed", "finding_ids": [last.pk]})
    payload = client.get(f"/api/v1/submissions/{submission.pk}/").json()
    assert (payload["state"], payload["counts"]["open_warnings"]) == ("ready", 0)
    shown_finding = client.get(f"/api/v1/submissions/{submission.pk}/findings/?limit=1").json()["results"][0]
    assert shown_finding["explanation"]["reason"] == "confirmed"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"code": "net.W320", "reason": "because"}, 400, "invalid-fields"),
        ({"code": "net.W320", "reason": "other"}, 400, "reason-required"),
        ({"code": "net.W999", "reason": "confirmed"}, 404, "nothing-to-explain"),
        ({"reason": "confirmed"}, 400, "invalid-fields"),
    ],
)
def test_explanations_refused(
    cast: Cast, submission: Submission, client_of: ClientOf, given: dict[str, str], status: int, code: str
) -> None:
    answer = client_of(cast.js_preparer).post(f"/api/v1/submissions/{submission.pk}/explanations/", given)
    problem(answer, status, code)
