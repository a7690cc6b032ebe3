"""Cells over HTTP: corrected with a re-check in the answer, and the marked workbook as a download."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from rest_framework.test import APIClient

from submissions.models import Period, Submission, User
from tests.conftest import Cast
from tests.factories import checked

Clients = Callable[[User | None], APIClient]


@pytest.fixture
def spoilt(cast: Cast, period: Period) -> Submission:
    return checked(cast.js_preparer, period, rows=30, defects=["cell.E103"])


def edit_of(submission: Submission, **fields: object) -> dict[str, object]:
    place = submission.findings.filter(severity="E").values("sheet", "row", "column").get()
    return {**place, "value": "7", **fields}


def test_a_correction_is_answered_with_the_new_verdict(
    cast: Cast, spoilt: Submission, client_of: Clients
) -> None:
    client, url = client_of(cast.js_preparer), f"/api/v1/submissions/{spoilt.pk}/cells/"
    answer = client.patch(url, [edit_of(spoilt)], format="json")
    assert answer.status_code == 200
    assert (answer.data["state"], answer.data["counts"]["E"]) == ("ready", 0)
    (logged,) = client.get(url).data
    assert (logged["new"], logged["by"]) == ("7", "江苏填报人")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"expected": "something else"}, 409, "cell-changed"),
        ({"row": 100_000}, 400, "place-unknown"),
        ({"row": 0}, 400, "invalid-fields"),
    ],
)
def test_edits_that_do_not_fit_are_refused(
    cast: Cast, spoilt: Submission, client_of: Clients, change: dict[str, object], status: int, code: str
) -> None:
    url = f"/api/v1/submissions/{spoilt.pk}/cells/"
    answer = client_of(cast.js_preparer).patch(url, [edit_of(spoilt, **change)], format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not spoilt.corrections.exists()


def test_who_may_correct(cast: Cast, spoilt: Submission, client_of: Clients) -> None:
    url, edit = f"/api/v1/submissions/{spoilt.pk}/cells/", [edit_of(spoilt)]
    for user, status in ((None, 401), (cast.zj_preparer, 404), (cast.admin, 403), (cast.auditor, 403)):
        assert client_of(user).patch(url, edit, format="json").status_code == status
    assert not spoilt.corrections.exists()


def test_the_marked_workbook_is_a_download(cast: Cast, spoilt: Submission, client_of: Clients) -> None:
    url = f"/api/v1/submissions/{spoilt.pk}/workbook/"
    for user in (cast.js_preparer, cast.reviewer):
        answer = client_of(user).get(url)
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        finding = spoilt.findings.get(severity="E")
        assert "cell.E103" in book[finding.sheet][finding.cell].comment.text
    assert client_of(cast.zj_preparer).get(url).status_code == 404


def test_a_nil_return_has_no_workbook(cast: Cast, period: Period, client_of: Clients) -> None:
    client = client_of(cast.js_preparer)
    sent = {"collection": "networks", "period": period.code, "nil_return": "true"}
    url = client.post("/api/v1/submissions/", sent, format="multipart").data["url"]
    assert client.get(f"{url}workbook/").status_code == 404
