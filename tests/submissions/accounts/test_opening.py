"""The first accounts and the first period: made on the server of an empty installation, without the demo."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from demo import workbook
from submissions.models import Period, Role, Submission, User
from validation import Period as Quarter

LINK = re.compile(r"https://\S+")
NEW_PASSWORD = "a new and long password"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


@pytest.fixture
def empty(db: None, settings: Settings) -> None:
    """As `manage.py prepare` leaves it."""
    settings.SITE_URL = "https://gongwang.example.cn/"
    call_command("prepare", stdout=io.StringIO())
    assert not User.objects.exists()


def today_s_quarter() -> Quarter:
    return Quarter.of(timezone.localdate())


def test_from_an_empty_installation_to_the_first_upload(empty: None, files: object) -> None:
    quarter, today = today_s_quarter(), timezone.localdate()
    run("open_period", str(quarter), "--opens", today.isoformat())
    said = run("create_account", "JS_Wang", "--role", "unit_preparer", "--unit", "320000", "--name", "王")
    link = LINK.search(said)
    assert link
    assert link[0].startswith("https://gongwang.example.cn/accounts/password/reset/key/")
    client = Client()
    page = client.get(link[0].removeprefix("https://gongwang.example.cn"), follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    client.post(reverse("account_login"), {"login": "js_wang", "password": NEW_PASSWORD})
    demo = workbook("320000", "networks", quarter, rows=3)
    file = io.BytesIO(demo.data)
    file.name = "网络.xlsx"
    sent = client.post(
        reverse("portal:upload", args=["networks", str(quarter)]), {"file": file, "idempotency_key": "x"}
    )
    assert sent.status_code == 302
    submission = Submission.objects.get()
    assert (submission.unit_id, str(submission.uploader)) == ("320000", "王")
    again = Client().get(link[0].removeprefix("https://gongwang.example.cn"), follow=True)
    assert "password1" not in again.content.decode(), "the link is good once"


@pytest.mark.parametrize("role", Role.values)
def test_an_account_of_every_role(empty: None, role: str) -> None:
    unit = ["--unit", "110000"] if role.startswith("unit_") else []
    run("create_account", "someone", "--role", role, *unit)
    account = User.objects.get()
    assert (account.role, account.unit_id, account.is_superuser) == (role, "110000" if unit else None, False)
    assert not account.has_usable_password()


def test_the_password_may_be_typed_at_once(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([NEW_PASSWORD, NEW_PASSWORD, NEW_PASSWORD, "another", "short", "short"])
    module = "submissions.management.commands.create_account.getpass"
    monkeypatch.setattr(module, lambda _prompt: next(typed))
    said = run("create_account", "boss", "--role", "national_admin", "--prompt")
    assert "https://" not in said
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert "differ" in refused("create_account", "other", "--role", "auditor", "--prompt")
    assert "too short" in refused("create_account", "other", "--role", "auditor", "--prompt")
    assert User.objects.count() == 1


def test_a_new_link_for_who_has_no_password_yet_ends_the_one_before(empty: None) -> None:
    command = ["create_account", "js_wang", "--role", "unit_signer", "--unit", "320000"]
    first, second = (LINK.search(run(*command)) for _ in range(2))
    assert first
    assert second
    assert first[0] != second[0]
    pages = [Client().get(link[0].partition("example.cn")[2], follow=True) for link in (first, second)]
    assert ["password1" in page.content.decode() for page in pages] == [False, True]
    assert "already" in refused(*command[:3], "unit_preparer", "--unit", "320000")
    account = User.objects.get()
    account.set_password(NEW_PASSWORD)
    account.save()
    assert "already" in refused(*command)
    assert User.objects.get().check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x", "--role", "unit_signer"], "add --unit"),
        (["x", "--role", "unit_signer", "--unit", "999999"], "320000 江苏省"),
        (["x", "--role", "reviewer", "--unit", "320000"], "leave --unit out"),
        (["x", "--role", "boss"], "invalid choice: 'boss'"),
        (["x", "--role", ""], "invalid choice"),
        (["a b", "--role", "reviewer"], "username"),
        (["x", "--role", "reviewer", "--email", "no address"], "email"),
        (["x" * 200, "--role", "reviewer"], "username"),
    ],
)
def test_an_account_that_cannot_be(empty: None, arguments: list[str], words: str) -> None:
    assert words in refused("create_account", *arguments)
    assert not User.objects.exists()


def test_one_person_is_not_both_pairs_of_eyes(empty: None) -> None:
    unit = ["--unit", "320000", "--email", "wang@js.example.cn"]
    run("create_account", "js_wang", "--role", "unit_preparer", *unit)
    assert "js_wang" in refused("create_account", "js_wang2", "--role", "unit_signer", *unit)
    run("create_account", "reviewer_wang", "--role", "reviewer", *unit[2:])


def test_a_period_has_the_usual_days_or_those_given(empty: None) -> None:
    quarter = today_s_quarter()
    said = run("open_period", str(quarter).lower())
    opened = Period.objects.get()
    days = (opened.opens, opened.due, opened.closes)
    assert days == tuple(quarter.end + timedelta(days=number) for number in (1, 20, 110))
    assert all(day.isoformat() in said for day in days)
    later = quarter.shift(1)
    given = ("--opens", str(later.start), "--due", str(later.end), "--closes", str(later.end))
    run("open_period", str(later), *given)
    newest = Period.objects.get(code=str(later))
    assert (newest.opens, newest.due, newest.closes) == (later.start, later.end, later.end)


def test_a_period_that_cannot_be(empty: None) -> None:
    quarter = today_s_quarter()
    assert "is no quarter" in refused("open_period", "2026-4")
    assert "invalid" in refused("open_period", str(quarter), "--due", "1.3.2027")
    assert "not in order" in refused("open_period", str(quarter), "--closes", quarter.start.isoformat())
    early = (quarter.start - timedelta(days=1)).isoformat()
    assert f"begins on {quarter.start}" in refused("open_period", str(quarter), "--opens", early)
    assert "give --due and --closes" in refused("open_period", "2020Q1")
    assert "more than a year" in refused("open_period", "2062Q4")
    assert not Period.objects.exists()
    run("open_period", str(quarter))
    before = Period.objects.values().get()
    later = (quarter.end + timedelta(days=30)).isoformat()
    assert "Nothing was changed" in refused("open_period", str(quarter), "--due", later)
    assert Period.objects.values().get() == before


@pytest.mark.parametrize(
    "command", [["create_account", "x", "--role", "auditor"], ["open_period", "2026Q4"]], ids=str
)
def test_a_database_that_is_not_ready_is_told(db: None, command: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'submissions'")
    assert "manage.py prepare" in refused(*command)
