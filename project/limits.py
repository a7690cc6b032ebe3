"""The published limits of uploads as the environment sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validation import Limits


def upload_limits() -> Limits:
    """See `validation.limits.limits_from_environment`, which raises ValueError for a bad value."""
    # Polars comes in with the engine, and must not be loaded in the Celery worker's parent before that forks.
    from validation.limits import limits_from_environment

    return limits_from_environment()
