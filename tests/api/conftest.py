"""Clients of the API tests: one per person with a real token, and one without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache, caches
from knox.models import AuthToken
from rest_framework.test import APIClient

from submissions.models import User


@pytest.fixture(autouse=True)
def _fresh_throttles() -> None:
    """Clear throttles and kept answers before each test."""
    cache.clear()
    caches["answers"].clear()


@pytest.fixture
def anyone() -> APIClient:
    """A client without a token that asks in English."""
    return APIClient(headers={"Accept-Language": "en"})


@pytest.fixture
def client_of(db: None) -> Callable[[User | None], APIClient]:
    """Return a client with this person's token, in English; for None one without a token."""

    def client(user: User | None) -> APIClient:
        token = {"Authorization": f"Token {AuthToken.objects.create(user)[1]}"} if user else {}
        return APIClient(headers={"Accept-Language": "en", **token})

    return client
