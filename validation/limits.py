"""What is refused before it is opened: the published limits of one upload."""

from __future__ import annotations

import os
from dataclasses import dataclass

MB = 1024 * 1024
#: A stretch of more blank rows than this is told by its ends.
BLANK_ROWS = 200
#: Rows of titles, notes and totals that a full table may have beside its data.
OTHER_ROWS = 1_000
#: What a spreadsheet program can hold at all.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class Limits:
    """Published to users; overridden by settings. Legitimate workbooks seen in practice expand 1.2-24 times.

    `seconds` are of processor time, `memory_bytes` what a check may take beside what the process held before.
    Raises ValueError for a limit that would refuse everything or allow what no sheet can hold.
    """

    file_bytes: int = 100 * MB
    expanded_bytes: int = 300 * MB
    ratio: int = 100
    parts: int = 2_000
    #: of the one part that holds the texts of all sheets: a full register of 200 000 rows has about 50 MB
    shared_text_bytes: int = 80 * MB
    rows: int = 200_000
    columns: int = 256
    cell_characters: int = 32_767
    seconds: int = 300
    memory_bytes: int = 3 * 1024 * MB

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise ValueError(f"the limit {name} is below 0")
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS:
            raise ValueError(f"a sheet holds at most {MOST_ROWS} rows and {MOST_COLUMNS} columns")


DEFAULT_LIMITS = Limits()

#: Variable of the environment -> (limit, what one of it is).
VARIABLES = {
    "LIMIT_FILE_MB": ("file_bytes", MB),
    "LIMIT_EXPANDED_MB": ("expanded_bytes", MB),
    "LIMIT_SHARED_TEXT_MB": ("shared_text_bytes", MB),
    "LIMIT_ROWS": ("rows", 1),
    "LIMIT_COLUMNS": ("columns", 1),
    "CHECK_SECONDS": ("seconds", 1),
    "CHECK_MEMORY_MB": ("memory_bytes", MB),
}


def limits_from_environment() -> Limits:
    """The limits as the environment sets them; what it does not name keeps its default.

    Raises ValueError that names the variable for a value that is no whole number above 0, or too large.
    """
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
