"""Refuses settings that would be unsafe in production, each with a sentence that says what to set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
SECRET_KEY_CHARACTERS = 50
#: what a production server must be told; there is no default that would be right
REQUIRED = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "DISCLOSURE_MIN_ENTERPRISES",
    "DISCLOSURE_PERCENT",
)


def refuse_unsafe(
    *,
    debug: bool,
    secret_key: str,
    allowed_hosts: Sequence[str],
    environment: Mapping[str, str],
    https: bool,
    hsts_seconds: int,
) -> None:
    """Raise ImproperlyConfigured that names everything to set; `environment` maps names to values."""
    faults = list(
        _debug_faults(allowed_hosts)
        if debug
        else _production_faults(secret_key, allowed_hosts, environment, https, hsts_seconds)
    )
    if faults:
        raise ImproperlyConfigured(" ".join(faults))


def _debug_faults(allowed_hosts: Sequence[str]) -> Iterator[str]:
    public = [host for host in allowed_hosts if host not in LOOPBACK]
    if public:
        yield f"ALLOWED_HOSTS names {', '.join(public)}: set DEBUG=off before serving anything but loopback."


def _production_faults(
    secret_key: str,
    allowed_hosts: Sequence[str],
    environment: Mapping[str, str],
    https: bool,
    hsts_seconds: int,
) -> Iterator[str]:
    if len(secret_key) < SECRET_KEY_CHARACTERS:
        yield f"Set SECRET_KEY to at least {SECRET_KEY_CHARACTERS} random characters."
    for name in REQUIRED:
        if not environment.get(name):
            yield f"Set {name}: with DEBUG off it has no default."
    if "*" in allowed_hosts:
        yield "Name the hosts in ALLOWED_HOSTS: '*' answers to any name."
    if not https and any(host not in LOOPBACK for host in allowed_hosts):
        yield "Set HTTPS=on: log-ins and tokens must not cross a network in the clear."
    if https and hsts_seconds < 1:
        yield "Set HSTS_SECONDS to 1 or more, or leave it out for a year."
