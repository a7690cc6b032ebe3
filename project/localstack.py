"""The private PostgreSQL and Redis of a developer's machine, from wheels, in the data folder."""

from __future__ import annotations

from pathlib import Path


def secret_key(data_dir: Path) -> str:
    """The data folder's own secret key, made on first use; for local stacks only."""
    raise NotImplementedError


def database_url(data_dir: Path) -> str:
    """Address of the private PostgreSQL."""
    raise NotImplementedError


def redis_url(data_dir: Path) -> str:
    """Address of the private Redis."""
    raise NotImplementedError
