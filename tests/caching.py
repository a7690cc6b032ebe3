"""A Redis database for each process of the tests: clearing the cache in one must not reach into another."""

from __future__ import annotations

import os

from django.conf import settings

#: the databases below are left to whoever runs something beside the tests; Redis has 16
FIRST_DATABASE = 8


def use_own_database() -> None:
    """Point the cache of this process at a database of its own, when tests run in parallel."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return
    number = FIRST_DATABASE + int(worker.removeprefix("gw")) % 8
    address = settings.CACHES["default"]["LOCATION"]
    base = address.partition("?")[0] if address.startswith("unix:") else address.rpartition("/")[0]
    joint = "?db=" if address.startswith("unix:") else "/"
    settings.CACHES["default"]["LOCATION"] = f"{base}{joint}{number}"
