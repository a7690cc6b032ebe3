"""The private PostgreSQL and Redis of a developer's machine, from wheels, in the data folder."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: longest path a unix socket may have on any supported system (macOS 104, Linux 108, less the server's own suffix)
SOCKET_PATH_BYTES = 100


def secret_key(data_dir: Path) -> str:
    """The data folder's own secret key, or a passing one; for local stacks only, so DEBUG only."""
    kept = data_dir / "secret_key"
    return kept.read_text() if kept.is_file() else secrets.token_urlsafe(48)


def socket_dir(data_dir: Path) -> Path:
    """Where the private servers' sockets lie: in the data folder, or in a short one when that path is too long."""
    inside = data_dir / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return inside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gongwang-{os.getuid()}-{name}"


def database(data_dir: Path) -> dict[str, Any]:
    """Django's description of the private PostgreSQL, whether it runs or not."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "gongwang",
        "USER": "postgres",
        "HOST": str(socket_dir(data_dir)),
    }


def redis_url(data_dir: Path) -> str:
    """Address of the private Redis, whether it runs or not."""
    return f"unix://{socket_dir(data_dir)}/redis.sock?db=0"


def broker_url(address: str) -> str:
    """The same Redis as Celery spells it."""
    parts = urlsplit(address)
    if parts.scheme != "unix":
        return address
    return f"redis+socket://{parts.path}?virtual_host={parts.query.removeprefix('db=') or 0}"
