"""Uploading: what is taken, and how each refusal says what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from submissions.checks import intake
from submissions.models import Period, Submission, User
from tests import factories
from tests.acts import check, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import HTMX, browser, page, text
from validation import Limits

UPLOAD = "/portal/upload/networks/2026Q3/"
NIL = f"{UPLOAD}nil/"


def post(user: User, content: bytes = b"a workbook", key: str = "k1", **headers: str) -> HttpResponse:
    sent = {"file": SimpleUploadedFile("台账.xlsx", content), "idempotency_key": key}
    return browser(user).post(UPLOAD, sent, headers=headers)


def test_an_upload_leads_to_its_submission(cast: Cast, period: Period) -> None:
    answer = post(cast.js_preparer)
    submission = Submission.objects.get()
    assert (submission.unit_id, submission.filename, submission.version) == ("320000", "台账.xlsx", 1)
    assert submission.events.get().request_id == answer["X-Request-ID"]
    assert answer["Location"] == f"/portal/submissions/{submission.pk}/"


def test_a_page_that_sends_by_itself_is_told_where_to_go(cast: Cast, period: Period) -> None:
    answer = post(cast.js_preparer, **HTMX)
    assert answer["HX-Redirect"] == f"/portal/submissions/{Submission.objects.get().pk}/"


def test_a_double_click_makes_one_version(cast: Cast, period: Period) -> None:
    first, second = post(cast.js_preparer), post(cast.js_preparer)
    assert first["Location"] == second["Location"]
    assert Submission.objects.count() == 1


def test_each_page_brings_its_own_key(cast: Cast, period: Period) -> None:
    client = browser(cast.js_preparer)
    keys = {client.get(UPLOAD).context["form"]["idempotency_key"].value() for _ in range(2)}
    assert len(keys) == 2


def test_the_same_file_again_shows_the_version_that_is_there(cast: Cast, period: Period) -> None:
    post(cast.js_preparer)
    answer = post(cast.js_preparer, key="k2")
    assert answer.status_code == 409
    assert "Same file as version 1" in text(answer)
    assert f"/portal/submissions/{Submission.objects.get().pk}/" in text(answer)


def test_an_empty_file_is_refused_on_the_page(cast: Cast, period: Period) -> None:
    answer = post(cast.js_preparer, b"")
    assert answer.status_code == 400
    assert "The file is empty." in text(answer)


def test_without_a_file(cast: Cast, period: Period) -> None:
    answer = browser(cast.js_preparer).post(UPLOAD, {"idempotency_key": "k"})
    assert answer.status_code == 400
    assert "Choose a file first." in text(answer)


def test_too_large_a_file_is_refused_by_its_size(cast: Cast, period: Period, settings: Settings) -> None:
    settings.UPLOAD_LIMITS = Limits(file_bytes=1024 * 1024)
    answer = post(cast.js_preparer, b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "larger than 1 MB" in text(answer)


def test_much_too_large_a_body_is_refused_unread(cast: Cast, period: Period, settings: Settings) -> None:
    settings.UPLOAD_LIMITS = Limits(file_bytes=1024)
    answer = post(cast.js_preparer, b"x" * 100_000)
    assert answer.status_code == 413
    assert answer.wsgi_request._read_started is False
    assert not Submission.objects.exists()


@pytest.mark.parametrize("address", [UPLOAD, NIL])
def test_a_closed_period_says_since_when(address: str, cast: Cast, period: Period) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Period.objects.update(due=yesterday, closes=yesterday)
    answer = browser(cast.js_preparer).get(address)
    assert answer.status_code == 409
    assert f"closed on {yesterday}" in text(answer)
    refused = post(cast.js_preparer)
    assert refused.status_code == 409
    assert "What was sent, corrected and explained before is kept" in text(refused)
    assert 'href="/portal/history/networks/2026Q3/"' in text(refused)
    assert "已于" in text(browser(cast.js_preparer, "zh-hans").get(address))


def test_a_period_to_come_says_when(cast: Cast, period: Period) -> None:
    day = timezone.localdate() + timedelta(days=1)
    Period.objects.update(opens=day)
    assert f"Uploads for 2026Q3 open on {day}" in text(browser(cast.js_preparer).get(UPLOAD))


@pytest.mark.parametrize("slot", ["networks/2031Q1", "nothing/2026Q3", "networks/%00"])
def test_a_slot_that_is_not_collected_is_not_there(slot: str, cast: Cast, period: Period) -> None:
    assert browser(cast.js_preparer).get(f"/portal/upload/{slot}/").status_code == 404
    assert browser(cast.js_preparer).get(f"/portal/history/{slot}/").status_code == 404


def test_a_forged_form_is_refused(cast: Cast, period: Period) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.js_preparer)
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile("a.xlsx", b"x")})
    assert answer.status_code == 403
    assert "页面已过期" in text(answer)
    assert not Submission.objects.exists()


def test_a_nil_return_wants_a_tick(cast: Cast, period: Period) -> None:
    answer = browser(cast.js_preparer).post(NIL, {})
    assert answer.status_code == 400
    assert "Tick the box" in text(answer)
    assert not Submission.objects.exists()


def test_a_nil_return_twice_is_one(cast: Cast, period: Period) -> None:
    client = browser(cast.js_preparer)
    first, second = (client.post(NIL, {"confirm": "on"}) for _ in range(2))
    submission = Submission.objects.get()
    assert first["Location"] == second["Location"] == f"/portal/submissions/{submission.pk}/"
    assert submission.nil_return
    assert "A nil return: there is nothing to check." in text(client.get(first["Location"]))


def test_the_nil_page_tells_what_it_takes_the_place_of(cast: Cast, period: Period) -> None:
    post(cast.js_preparer)
    assert "It replaces version 1." in text(browser(cast.js_preparer).get(NIL))


def test_the_page_offers_both_templates(cast: Cast, period: Period) -> None:
    html = text(browser(cast.js_preparer).get(UPLOAD))
    assert "/api/v1/collections/networks/template.xlsx?period=2026Q3" in html
    assert "unit=320000" in html
    assert "100 MB and 200,000 rows" in html


def test_the_name_of_a_file_is_text_and_nothing_else(cast: Cast, period: Period, files: Path) -> None:
    sent = {"file": SimpleUploadedFile("<b>.xlsx", b"x"), "idempotency_key": "k"}
    client = browser(cast.js_preparer)
    assert "<b>.xlsx" not in text(client.get(client.post(UPLOAD, sent)["Location"]))


def test_another_file_after_a_lost_answer_is_a_new_upload(cast: Cast, period: Period, engine: Engine) -> None:
    post(cast.js_preparer, b"one")
    answer = post(cast.js_preparer, b"two")
    newest = Submission.objects.newest().first()
    assert (newest.version, answer["Location"]) == (2, f"/portal/submissions/{newest.pk}/")


def test_the_other_form_and_open_periods_are_one_click_away(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    html = text(browser(cast.js_preparer).get(UPLOAD))
    assert '<a href="/portal/upload/networks/2026Q3/" aria-current="page">' in html
    assert "/portal/upload/ai_applications/2026Q3/" in html
    assert "/portal/upload/networks/2026Q2/" in html


def test_it_says_that_the_version_there_stays_until_the_file_is_known_to_fit(
    cast: Cast, period: Period, engine: Engine
) -> None:
    check(send(cast.js_preparer))
    assert "Until then version 1 stays as it is." in text(browser(cast.js_preparer).get(UPLOAD))


# --- periods that take nothing today


@pytest.mark.parametrize("name", ["upload", "nil"])
@pytest.mark.parametrize(
    ("code", "status", "said", "said_zh"),
    [
        ("2099Q4", 404, "Period 2099Q4 is not collected", "2099Q4报告期不在报送范围内"),
        ("nonsense", 404, "Period nonsense is not collected", "nonsense报告期不在报送范围内"),
        ("2026Q2", 409, "Period 2026Q2 is closed", "2026Q2报告期已截止"),
        ("2026Q4", 409, "Period 2026Q4 is not open yet", "2026Q4报告期尚未开放"),
    ],
)
def test_a_period_that_takes_nothing_has_a_page_that_says_so(
    name: str, code: str, status: int, said: str, said_zh: str, cast: Cast, period: Period
) -> None:
    today = timezone.localdate()
    for made, first, last in (("2026Q2", -90, -1), ("2026Q4", 1, 90)):
        days = {"opens": today + timedelta(days=first), "due": today + timedelta(days=last)}
        Period.objects.create(code=made, **days, closes=days["due"])
    address = reverse(f"portal:{name}", args=["networks", code])
    answer = browser(cast.js_preparer).get(address)
    assert answer.status_code == status
    html = text(answer)
    assert f"<h1>{said}</h1>" in html
    assert "Nothing was changed" not in html
    assert reverse("portal:upload", args=["networks", "2026Q3"]) in html
    assert (reverse("portal:history", args=["networks", code]) in html) is (status == 409)
    assert f"<h1>{said_zh}</h1>" in text(browser(cast.js_preparer, "zh-hans").get(address))


def test_the_history_of_an_unknown_period_says_so_at_both_desks(cast: Cast, period: Period) -> None:
    pages = [
        (cast.js_preparer, reverse("portal:history", args=["networks", "2099Q4"])),
        (cast.reviewer, reverse("review:history", args=["320000", "networks", "2099Q4"])),
    ]
    for user, address in pages:
        answer = browser(user).get(address)
        assert answer.status_code == 404
        assert "Period 2099Q4 is not collected" in text(answer)


# --- what is no workbook


def test_what_is_no_workbook_offers_neither_marks_nor_to_take_anothers_place(
    cast: Cast, period: Period
) -> None:
    factories.checked(cast.js_preparer, period)
    file = SimpleUploadedFile("专网.xlsx", b"%PDF-1.4 no workbook")
    client = browser(cast.js_preparer)
    sent = client.post(
        reverse("portal:upload", args=["networks", "2026Q3"]), {"file": file, "idempotency_key": "1"}
    )
    submission = Submission.objects.latest("version")
    intake.check(submission_id=submission.pk)
    submission.refresh_from_db()
    assert (submission.set_aside, submission.unreadable) == (True, True)
    html = text(client.get(sent.url))
    assert "still stands, with its corrections and explanations" in html
    assert page("portal:confirm", submission) not in html
    assert page("portal:marked", submission) not in html
    assert page("portal:discard", submission) in html
    findings_page = text(client.get(page("portal:findings", submission)))
    assert page("portal:marked", submission) not in findings_page
    assert page("portal:corrected", submission) not in findings_page
    forced = client.post(page("portal:confirm", submission))
    assert forced.status_code == 409
    assert "it cannot replace another version" in text(forced)
    assert client.get(page("portal:marked", submission)).status_code == 409
