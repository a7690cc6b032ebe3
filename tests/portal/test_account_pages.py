"""The pages of one's own account: each opens for every role, with second factors set up and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from submissions.models import Role, User
from tests.conftest import PASSWORD

LIST = "/accounts/2fa/webauthn/"
KEY = {"name": "钥匙", "credential": {}, "passwordless": False}


def pages(resolver: URLResolver | None = None, above: str = "/accounts/") -> Iterator[str]:
    """Every address of accounts that names nothing but itself."""
    if resolver is None:
        resolver = next(
            pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "accounts/"
        )
    for entry in resolver.url_patterns:
        part = str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from pages(entry, above + part)
        elif not entry.pattern.converters and "(" not in part:
            yield above + part


@pytest.fixture(params=["", *Role.values])
def person(request: pytest.FixtureRequest, units: int) -> User:
    """Somebody of each role, who knows PASSWORD."""
    unit = "320000" if request.param.startswith("unit_") else None
    user = User(username="someone", role=request.param, unit_id=unit)
    user.set_password(PASSWORD)
    user.save()
    return user


def logged_in(person: User) -> Client:
    """By the log-in page itself, so that the pages need not ask for the password again."""
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


@pytest.mark.parametrize("person", [Role.REVIEWER], indirect=True)
def test_no_page_of_an_account_breaks(person: User) -> None:
    addresses = list(pages())
    assert LIST in addresses
    assert len(addresses) > 15
    client = logged_in(person)
    for page in addresses:
        if page != reverse("account_logout"):
            assert client.get(page).status_code < 500, page


def test_security_keys_are_listed(person: User) -> None:
    client = logged_in(person)
    assert client.get(LIST).status_code == 200
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=KEY)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "钥匙" in page.content.decode()
