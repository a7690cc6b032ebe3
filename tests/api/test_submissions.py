"""Submissions over HTTP: sent once whatever the network does, seen by whom they concern, decided by verbs."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from demo import workbook
from submissions.checks import intake
from submissions.models import Period, Submission, User
from tests import factories
from tests.api.test_errors import problem
from tests.conftest import Cast
from validation import Limits

ClientOf = Callable[[User | None], APIClient]
SUBMISSIONS = "/api/v1/submissions/"


def address(submission: Submission, act: str = "") -> str:
    return f"{SUBMISSIONS}{submission.pk}/{act}"


def send(
    client: APIClient, slot: Period, *, data: bytes | None = None, key: str = "", **more: object
) -> object:
    """An upload of five clean networks of Jiangsu."""
    demo = workbook("320000", "networks", slot.quarter, rows=5)
    file = io.BytesIO(demo.data if data is None else data)
    file.name = demo.filename
    headers = {"Idempotency-Key": key} if key else {}
    body = {"collection": "networks", "period": slot.code, "file": file, **more}
    return client.post(SUBMISSIONS, body, format="multipart", headers=headers)


def test_upload_answers_where_to_look(cast: Cast, period: Period, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    answer = send(client, period)
    assert answer.status_code == 202, answer.content
    body = answer.json()
    assert answer["Location"] == body["url"] == f"http://testserver{SUBMISSIONS}{body['id']}/"
    assert (body["unit"]["code"], body["state"], body["version"]) == ("320000", "received", 1)
    assert body["progress"] == {"phase": "waiting", "rows_done": 0, "rows_total": None, "queue_position": 1}
    assert client.get(body["url"]).json() == body


def test_unit_in_the_body_is_never_read(cast: Cast, period: Period, client_of: ClientOf) -> None:
    answer = send(client_of(cast.js_preparer), period, unit="330000")
    assert answer.json()["unit"]["code"] == "320000"


def test_same_key_same_submission(cast: Cast, period: Period, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    first, again = (send(client, period, key="a-key").json() for _ in range(2))
    assert first["id"] == again["id"]
    assert Submission.objects.count() == 1
    other = workbook("320000", "networks", period.quarter, rows=6).data
    problem(send(client, period, data=other, key="a-key"), 422, "idempotency-mismatch")


def test_same_file_names_what_is_there(cast: Cast, period: Period, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    first = send(client, period).json()
    body = problem(send(client, period), 409, "same-file")
    assert body["submission"] == first["url"]


def test_nil_return(cast: Cast, period: Period, client_of: ClientOf) -> None:
    body = {"collection": "networks", "period": period.code, "nil_return": "true"}
    answer = client_of(cast.js_preparer).post(SUBMISSIONS, body, format="multipart")
    assert answer.status_code == 202
    payload = answer.json()
    assert (payload["state"], payload["nil_return"], payload["data_rows"], payload["sha256"]) == (
        "ready",
        True,
        0,
        None,
    )


def test_same_key_same_nil_return(cast: Cast, period: Period, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    body = {"collection": "networks", "period": period.code, "nil_return": "true"}
    key = {"Idempotency-Key": "a-key"}
    first, again = (client.post(SUBMISSIONS, body, format="multipart", headers=key) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    problem(client.post(SUBMISSIONS, body, format="multipart"), 409, "already-nil")
    problem(send(client, period, key="a-key"), 422, "idempotency-mismatch")
    long = {"Idempotency-Key": "k" * 201}
    problem(client.post(SUBMISSIONS, body, format="multipart", headers=long), 400, "idempotency-key-long")


@pytest.mark.parametrize("extra", [{}, {"nil_return": "true", "file": io.BytesIO(b"x")}])
def test_either_file_or_nil(
    cast: Cast, period: Period, client_of: ClientOf, extra: dict[str, object]
) -> None:
    body = {"collection": "networks", "period": period.code, **extra}
    answer = client_of(cast.js_preparer).post(SUBMISSIONS, body, format="multipart")
    assert problem(answer, 400, "invalid-fields")["errors"][0]["field"] == "file"


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"collection": "mines"}, 400, "invalid-fields"),
        ({"period": "2031Q1"}, 404, "period-unknown"),
        ({"data": b""}, 400, "file-empty"),
    ],
)
def test_refused_uploads(
    cast: Cast, period: Period, client_of: ClientOf, wrong: dict[str, object], status: int, code: str
) -> None:
    problem(send(client_of(cast.js_preparer), period, **wrong), status, code)
    assert not Submission.objects.exists()


@override_settings(UPLOAD_LIMITS=Limits(file_bytes=1000))
def test_too_large_by_the_file(cast: Cast, period: Period, client_of: ClientOf) -> None:
    problem(send(client_of(cast.js_preparer), period), 413, "file-too-large")


@override_settings(UPLOAD_LIMITS=Limits(file_bytes=1000))
def test_too_large_by_the_announced_length(cast: Cast, period: Period, client_of: ClientOf) -> None:
    answer = send(client_of(cast.js_preparer), period, data=b"x" * 1_100_000)
    problem(answer, 413, "file-too-large")


def test_list_filters_and_pages(cast: Cast, period: Period, client_of: ClientOf) -> None:
    mine = factories.received(cast.js_preparer, period)
    factories.received(cast.zj_preparer, period)
    client = client_of(cast.reviewer)
    assert client.get(SUBMISSIONS).json()["count"] == 2
    only = client.get(f"{SUBMISSIONS}?unit=320000&state=received&period=2026Q3&collection=networks").json()
    assert [row["id"] for row in only["results"]] == [str(mine.pk)]
    page = client.get(f"{SUBMISSIONS}?limit=1&page=2").json()
    assert (page["count"], len(page["results"]), page["next"]) == (2, 1, None)


def test_unknown_filter_names_the_allowed_ones(cast: Cast, client_of: ClientOf) -> None:
    body = problem(client_of(cast.reviewer).get(f"{SUBMISSIONS}?province=320000"), 400, "unknown-filter")
    assert body["errors"][0]["field"] == "province"
    assert "collection, period, state" in body["errors"][0]["detail"]
    problem(client_of(cast.reviewer).get(f"{SUBMISSIONS}?state=lost"), 400, "invalid-fields")


def test_list_costs_the_same_for_many(
    cast: Cast, period: Period, client_of: ClientOf, django_assert_num_queries: Callable[[int], object]
) -> None:
    for preparer in (cast.js_preparer, cast.zj_preparer, cast.nb_preparer):
        intake.receive_nil(by=preparer, collection="networks", period=period.code)
    client = client_of(cast.reviewer)
    # the token, its account's other tokens, count and rows
    with django_assert_num_queries(4):
        assert client.get(SUBMISSIONS).json()["count"] == 3


def test_signing_gives_a_receipt(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.checked(cast.js_preparer, period)
    answer = client_of(cast.js_signer).post(address(submission, "sign/"))
    assert answer.status_code == 200, answer.content
    payload = answer.json()
    assert payload["state"] == "signed"
    assert payload["receipt"]["number"].startswith("GW-2026Q3-320000-NET-0001-")
    assert payload["receipt"]["file_sha256"] == submission.file_id
    submission.refresh_from_db()
    assert payload["receipt"]["sha256"] == submission.signed_sha256 != submission.file_id
    assert payload["receipt"]["signer"] == "江苏签发人"
    assert payload["receipt"]["signature"]["statement_version"] == 1
    assert payload["receipt"]["signature"]["drops"] == []


def test_a_far_fall_is_signed_with_a_reason(cast: Cast, period: Period, client_of: ClientOf) -> None:
    factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=10)
    submission = factories.checked(cast.js_preparer, period, rows=3)
    sign = address(submission, "sign/")
    problem(client_of(cast.js_signer).post(sign), 409, "drop-unconfirmed")
    problem(client_of(cast.js_signer).post(sign, {"seen_sha256": "0" * 64}), 409, "content-changed")
    sent = {"seen_sha256": submission.file_id, "drop_reason": "合并"}
    signature = client_of(cast.js_signer).post(sign, sent).json()["receipt"]["signature"]
    assert signature["drop_reason"] == "合并"
    assert {"code": "records", "against": "2026Q3 v1", "old": "10", "new": "3"} in signature["drops"]


def test_whoever_uploaded_cannot_sign(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.checked(cast.js_signer, period)
    problem(client_of(cast.js_signer).post(address(submission, "sign/")), 403, "signer-is-uploader")


def test_signing_twice(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    problem(client_of(cast.js_second_signer).post(address(submission, "sign/")), 409, "wrong-state")


def test_withdrawing(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    answer = client_of(cast.js_signer).post(address(submission, "withdraw/"), {"reason": "wrong quarter"})
    assert answer.json()["state"] == "withdrawn"
    assert submission.events.last().reason == "wrong quarter"


def test_not_withdrawn_once_under_review(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    assert client_of(cast.reviewer).post(address(submission, "review/")).status_code == 200
    problem(client_of(cast.js_signer).post(address(submission, "withdraw/")), 409, "under-review")


def test_accepting(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    answer = client_of(cast.admin).post(address(submission, "accept/"))
    assert answer.json()["state"] == "accepted"
    event = submission.events.last()
    assert (event.to_state, event.request_id) == ("accepted", answer["X-Request-ID"])


def test_returning_with_reasons_at_places(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    reasons = [
        {"text": "Please check"},
        {"text": "Too low", "sheet": "工业5G专网", "row": 6, "column": "terminals"},
    ]
    client = client_of(cast.reviewer)
    for empty in ({}, {"reasons": []}, {"reasons": [{"text": " "}]}):
        problem(client.post(address(submission, "return/"), empty), 400, "invalid-fields")
    payload = client.post(address(submission, "return/"), {"reasons": reasons}).json()
    assert payload["state"] == "returned"
    assert [(r["text"], r["row"], r["column"]) for r in payload["return_reasons"]] == [
        ("Please check", None, ""),
        ("Too low", 6, "terminals"),
    ]


def test_running_a_failed_check_again(cast: Cast, period: Period, client_of: ClientOf) -> None:
    submission = factories.received(cast.js_preparer, period)
    Submission.objects.filter(pk=submission.pk).update(state="failed", failure="gave-up")
    client = client_of(cast.js_preparer)
    payload = client.get(address(submission)).json()
    assert payload["failure_reason"].startswith("The check was interrupted several times")
    answer = client.post(address(submission, "retry/"))
    assert (answer.status_code, answer.json()["state"]) == (202, "received")
