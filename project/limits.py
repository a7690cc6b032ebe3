"""The published limits of uploads as the environment sets them; what it does not name keeps the engine's default."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validation import Limits

MB = 1024 * 1024
#: Variable -> (limit, what one of it is).
VARIABLES = {
    "LIMIT_FILE_MB": ("file_bytes", MB),
    "LIMIT_EXPANDED_MB": ("expanded_bytes", MB),
    "LIMIT_SHARED_TEXT_MB": ("shared_text_bytes", MB),
    "LIMIT_ROWS": ("rows", 1),
    "LIMIT_COLUMNS": ("columns", 1),
    "CHECK_SECONDS": ("seconds", 1),
    "CHECK_MEMORY_MB": ("memory_bytes", MB),
}


def upload_limits() -> Limits:
    """Raises ValueError that names the variable for a value that is no whole number above 0, or too large."""
    # Polars comes in with the engine, and must not be loaded in the Celery worker's parent before that forks.
    from validation import Limits

    given = {
        name: _number(variable) * size
        for variable, (name, size) in VARIABLES.items()
        if variable in os.environ
    }
    return Limits(**given)


def _number(variable: str) -> int:
    text = os.environ[variable].strip()
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{variable} is {text!r}: a whole number above 0 is wanted")
    return int(text)
