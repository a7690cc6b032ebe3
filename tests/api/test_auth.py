"""Tokens: given for name, password and second factor; hashed, limited in number, and ended by logging out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from submissions.models import User
from tests.api.test_errors import problem
from tests.conftest import PASSWORD, Cast

LOGIN = "/api/v1/auth/login/"


def log_in(client: APIClient, username: str, **more: str) -> object:
    return client.post(LOGIN, {"username": username, "password": PASSWORD, **more})


def test_token_opens_what_is_the_accounts(anyone: APIClient, cast: Cast) -> None:
    answer = log_in(anyone, "js_preparer")
    assert answer.status_code == 200
    body = answer.json()
    assert body["user"] == {
        "username": "js_preparer",
        "display_name": "江苏填报人",
        "role": "unit_preparer",
        "unit": {"code": "320000", "name_zh": "江苏省", "name_en": "Jiangsu Province"},
    }
    client = APIClient(headers={"Authorization": f"Token {body['token']}"})
    assert client.get("/api/v1/submissions/").status_code == 200


def test_only_a_hash_of_the_token_is_kept(anyone: APIClient, cast: Cast) -> None:
    token = log_in(anyone, "admin").json()["token"]
    kept = AuthToken.objects.get()
    assert token not in (kept.digest, kept.token_key)


@pytest.mark.parametrize("name", ["js_preparer", "nobody"])
def test_wrong_password_tells_nothing_of_the_name(anyone: APIClient, cast: Cast, name: str) -> None:
    answer = anyone.post(LOGIN, {"username": name, "password": "wrong"})
    problem(answer, 401, "login-failed")


def test_closed_account(anyone: APIClient, cast: Cast) -> None:
    User.objects.filter(username="js_preparer").update(is_active=False)
    problem(log_in(anyone, "js_preparer"), 401, "login-failed")


def test_attempts_on_one_name_are_limited(anyone: APIClient, cast: Cast) -> None:
    wrong = {"username": "js_preparer", "password": "wrong"}
    answers = [anyone.post(LOGIN, wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    # the right password does not help either until the time has passed
    problem(log_in(anyone, "js_preparer"), 429, "too-many-requests")


def test_expired_token(cast: Cast) -> None:
    instance, token = AuthToken.objects.create(cast.admin)
    AuthToken.objects.filter(pk=instance.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    client = APIClient(headers={"Authorization": f"Token {token}"})
    problem(client.get("/api/v1/submissions/"), 401, "authentication-failed")


def test_log_out_ends_this_token_only(anyone: APIClient, cast: Cast) -> None:
    first, second = (log_in(anyone, "admin").json()["token"] for _ in range(2))
    client = APIClient(headers={"Authorization": f"Token {first}"})
    assert client.post("/api/v1/auth/logout/").status_code == 204
    problem(client.get("/api/v1/submissions/"), 401, "authentication-failed")
    other = APIClient(headers={"Authorization": f"Token {second}"})
    assert other.post("/api/v1/auth/logoutall/").status_code == 204
    assert not AuthToken.objects.exists()


def test_oldest_token_ends_beyond_the_limit(cast: Cast, anyone: APIClient) -> None:
    for _ in range(10):
        AuthToken.objects.create(cast.admin)
    oldest = AuthToken.objects.order_by("created").first()
    log_in(anyone, "admin")
    assert AuthToken.objects.count() == 10
    assert not AuthToken.objects.filter(pk=oldest.pk).exists()


@pytest.fixture
def secret(cast: Cast) -> str:
    """The administrator has a second factor with this secret."""
    TOTP.activate(cast.admin, "JBSWY3DPEHPK3PXP")
    return "JBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_second_factor_is_asked_for(anyone: APIClient, secret: str) -> None:
    assert get_adapter().is_mfa_enabled(User.objects.get(username="admin"))
    problem(log_in(anyone, "admin"), 401, "second-factor-required")
    problem(log_in(anyone, "admin", code="000000"), 401, "login-failed")
    assert not AuthToken.objects.exists()
    assert log_in(anyone, "admin", code=code_of(secret)).status_code == 200


def test_recovery_code_works_once(anyone: APIClient, secret: str) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    admin = User.objects.get(username="admin")
    code = RecoveryCodes.activate(admin).get_unused_codes()[0]
    assert Authenticator.objects.filter(user=admin).count() == 2
    assert log_in(anyone, "admin", code=code).status_code == 200
    problem(log_in(anyone, "admin", code=code), 401, "login-failed")
