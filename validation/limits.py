"""What is refused before it is opened: the published limits of one upload."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


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
