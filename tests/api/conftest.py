"""How API tests call: one client per person with a real token, and nobody's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache, caches
from knox.models import AuthToken
from rest_framework.test import APIClient

from submissions.models import User


@pytest.fixture(autouse=True)
def _fresh_throttles() -> None:
    """Calls of other tests do not count, and their answers are not kept."""
    cache.clear()
    caches["answers"].clear()


@pytest.fixture
def anyone() -> APIClient:
    """A client without a token that asks in English."""
    return APIClient(headers={"Accept-Language": "en"})


@pytest.fixture
def client_of(db: None) -> Callable[[User | None], APIClient]:
    """A client with a token of this person, who asks in English; None gives nobody's client."""

    def client(user: User | None) -> APIClient:
        token = {"Authorization": f"Token {AuthToken.objects.create(user)[1]}"} if user else {}
        return APIClient(headers={"Accept-Language": "en", **token})

    return client
