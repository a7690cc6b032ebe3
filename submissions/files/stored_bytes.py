"""Stored bytes: always read with their hash, so that damaged or missing bytes raise an alarm and are never used."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage

from submissions.workflow.refusals import Refusal, RefusalError

logger = logging.getLogger(__name__)

#: bytes read at a time where the content itself is not wanted
CHUNK = 1024 * 1024


class DamagedError(RefusalError):
    """Raised when what is stored at `path` is missing, or is not what was stored there."""

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(Refusal.STORAGE_DAMAGED)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        return f"{self.path}: {self.fault}"


def sha256_of(chunks: Iterable[bytes]) -> str:
    """Return the SHA-256 of all chunks, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def read(path: str, sha256: str) -> bytes:
    """Return the bytes at `path`. Raise DamagedError unless they have the hash; its catcher raises the alarm.

    An empty hash is that of a frame that nobody has hashed yet, see `manage.py hash_frames`.
    """
    try:
        with default_storage.open(path, "rb") as stored:
            data: bytes = stored.read()
    except OSError as error:
        raise DamagedError(path, f"cannot be read ({error})") from error
    if sha256 and sha256_of([data]) != sha256:
        raise DamagedError(path, f"is not what was stored: its SHA-256 is not {sha256}")
    return data


def fault_of(path: str, sha256: str) -> str:
    """Return what is wrong with the bytes at `path`, in words; empty when nothing is. Raises no alarm."""
    try:
        with default_storage.open(path, "rb") as stored:
            actual = sha256_of(stored.chunks(CHUNK))
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error})"
    return "" if actual == sha256 else "is damaged"


def alarm(damaged: DamagedError) -> DamagedError:
    """Log the damage for whoever watches the log, and return the same error to raise."""
    logger.critical("stored file %s %s; see manage.py verify_storage", damaged.path, damaged.fault)
    return damaged
