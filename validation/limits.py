"""What is refused before it is opened: the published limits of one upload."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024
#: Reading stops where this many rows in a row are blank.
BLANK_ROWS = 200
#: Rows of titles, notes and totals that a full table may have beside its data.
OTHER_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Published to users; overridden by settings. Legitimate workbooks seen in practice expand 1.2-24 times."""

    file_bytes: int = 100 * MB
    expanded_bytes: int = 300 * MB
    ratio: int = 100
    parts: int = 2_000
    rows: int = 200_000
    columns: int = 256
    cell_characters: int = 32_767
    seconds: int = 300
    memory_bytes: int = 3 * 1024 * MB


DEFAULT_LIMITS = Limits()
