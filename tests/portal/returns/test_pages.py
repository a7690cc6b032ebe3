"""What all pages share: languages, log-in, error pages, content security, the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal import badges
from submissions.models import ExplanationReason, Period, Role, State, User
from submissions.notifications.obligations import SlotState
from tests.conftest import PASSWORD, Cast
from tests.portal.browsing import browser, text
from validation import Severity

LOGIN = "/accounts/login/"


def test_one_click_changes_the_language_for_good(cast: Cast, period: Period) -> None:
    client = Client()
    client.force_login(cast.js_preparer)
    assert "本单位报送" in text(client.get("/portal/"))
    client.post(reverse("set_language"), {"language": "en", "next": "/portal/"})
    answer = client.get("/portal/")
    assert "My returns" in text(answer)
    assert '<html lang="en"' in text(answer)
    assert int(client.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"]) >= 180 * 24 * 3600


def test_logging_in_leads_to_the_workspace(cast: Cast, period: Period) -> None:
    client = browser()
    answer = client.post(LOGIN, {"login": "js_preparer", "password": PASSWORD})
    assert answer["Location"] == "/portal/"
    assert client.get("/portal/").status_code == 200


@pytest.mark.parametrize("name", ["js_preparer", "nobody"])
def test_a_failed_log_in_does_not_tell_whether_the_account_exists(name: str, cast: Cast) -> None:
    answer = browser().post(LOGIN, {"login": name, "password": "wrong"}, REMOTE_ADDR=f"10.0.0.{len(name)}")
    assert "The username and/or password you specified are not correct." in text(answer)
    assert f'value="{name}"' in text(answer)


def test_there_is_no_signing_up(db: None) -> None:
    assert "/accounts/signup/" not in text(browser().get(LOGIN))
    assert "You cannot register an account here" in text(browser().get("/accounts/signup/"))


def test_logging_out(cast: Cast, period: Period) -> None:
    client = browser(cast.js_preparer)
    assert "Do you want to log out?" in text(client.get("/accounts/logout/"))
    client.post("/accounts/logout/")
    assert client.get("/portal/").status_code == 302


def test_the_pages_of_the_second_factor_wear_the_same_clothes(cast: Cast, period: Period) -> None:
    client = browser()
    client.post(LOGIN, {"login": "js_preparer", "password": PASSWORD})
    for address in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/password/change/"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        assert 'class="skip"' in text(answer)


def test_nothing_there(db: None) -> None:
    answer = browser().get("/nowhere/")
    assert answer.status_code == 404
    assert "The address is wrong" in text(answer)


def test_a_fault_of_ours_is_told_in_both_languages(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("portal.returns.views.home.current_period", broken)
    client = browser(cast.js_preparer)
    client.raise_request_exception = False
    answer = client.get("/portal/")
    assert answer.status_code == 500
    assert "系统出现错误" in text(answer)
    assert "The fault is ours and not yours." in text(answer)
    assert "ZeroDivisionError" not in text(answer)


def test_scripts_and_styles_come_from_files_alone(cast: Cast, period: Period) -> None:
    answer = browser(cast.js_preparer).get("/portal/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "<style" not in text(answer)


def test_no_template_holds_inline_scripts_or_styles() -> None:
    folder = Path(settings.BASE_DIR) / "submissions" / "portal" / "templates"
    for path in folder.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert " style=" not in source, path
        assert "<script>" not in source, path


def test_every_state_has_its_look() -> None:
    assert set(badges.STATES) == set(State)
    assert set(badges.SLOTS) == set(SlotState)
    assert set(badges.SEVERITIES) == {severity.value for severity in Severity}


def test_every_icon_is_drawn() -> None:
    drawn = (Path(settings.BASE_DIR) / "portal/static/portal/icons.svg").read_text()
    tables = (badges.STATES, badges.SLOTS, badges.SEVERITIES, badges.MATCHES)
    for look in (look for table in tables for look in table.values()):
        assert f'id="{look.icon}"' in drawn


@pytest.mark.parametrize("choices", [Role, State, ExplanationReason])
def test_every_choice_is_said_in_chinese(choices: type, db: None) -> None:
    from django.utils.translation import override

    with override("zh-hans"):
        assert not [str(label) for label in choices.labels if str(label).isascii()]


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"]
)
def test_who_cannot_log_in_reads_whom_to_ask(address: str, db: None, settings: Settings) -> None:
    assert "联系方式" not in text(browser(None, "zh-hans").get(address))
    settings.CONTACT = "010-6820-0000"
    html = text(browser(None, "zh-hans").get(address))
    assert "联系方式：010-6820-0000" in html
    assert "请联系本单位签发人或部级管理员" in html


def test_the_password_is_reset_in_plain_words(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    client = browser(None, "zh-hans")
    User.objects.filter(pk=cast.js_preparer.pk).update(email="js@example.cn")
    for address in ("js@example.cn", "nobody@example.cn"):
        assert client.post("/accounts/password/reset/", {"email": address}).status_code == 302
    known, unknown = mailoutbox
    assert "重置密码" in known.subject
    assert "请打开以下链接设置新密码" in known.body
    assert "用户名：js_preparer" in known.body
    assert "该邮箱没有登记账号" in unknown.body
    for mail in mailoutbox:
        assert "example.com" not in mail.body, "no words of the package's own"
        assert "工网" in mail.body
