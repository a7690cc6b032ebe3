"""Unsafe production settings stop the start, each with what to set."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.production import refuse_unsafe

SAFE: dict[str, Any] = {
    "debug": False,
    "secret_key": "k" * 50,
    "allowed_hosts": ["gongwang.example.cn"],
    "environment": {
        "ALLOWED_HOSTS": "gongwang.example.cn",
        "DATABASE_URL": "postgres://db",
        "REDIS_URL": "redis://redis",
        "DATA_DIR": "/srv/gongwang",
        "DISCLOSURE_MIN_ENTERPRISES": "5",
        "DISCLOSURE_PERCENT": "12",
    },
    "https": True,
    "hsts_seconds": 1,
}
LOOPBACK: dict[str, Any] = SAFE | {
    "debug": True,
    "secret_key": "",
    "allowed_hosts": ["localhost"],
    "environment": {},
}


def test_safe_production_and_a_developers_machine_are_accepted() -> None:
    refuse_unsafe(**SAFE)
    refuse_unsafe(**LOOPBACK)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"secret_key": "k" * 49}, "Set SECRET_KEY to at least 50"),
        ({"environment": SAFE["environment"] | {"DATABASE_URL": ""}}, "Set DATABASE_URL"),
        ({"environment": SAFE["environment"] | {"REDIS_URL": ""}}, "Set REDIS_URL"),
        ({"environment": SAFE["environment"] | {"DATA_DIR": ""}}, "Set DATA_DIR"),
        ({"environment": SAFE["environment"] | {"ALLOWED_HOSTS": ""}}, "Set ALLOWED_HOSTS"),
        ({"environment": SAFE["environment"] | {"DISCLOSURE_PERCENT": ""}}, "Set DISCLOSURE_PERCENT"),
        ({"allowed_hosts": ["*"]}, "Name the hosts in ALLOWED_HOSTS"),
        ({"https": False}, "Set HTTPS=on"),
        ({"hsts_seconds": 0}, "Set HSTS_SECONDS"),
        ({"debug": True}, "set DEBUG=off before serving"),
    ],
)
def test_each_unsafe_value_is_refused_with_what_to_set(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        refuse_unsafe(**(SAFE | change))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY.*DATABASE_URL.*REDIS_URL"):
        refuse_unsafe(**(SAFE | {"secret_key": "", "environment": {}}))
