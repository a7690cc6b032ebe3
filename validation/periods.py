"""Reporting periods: a quarter, written 2026Q3, standing for the state of affairs on its last day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_PATTERN = re.compile(r"(20[0-9]{2})Q([1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A calendar quarter. Sorts in time order; `str()` gives the code, e.g. ``2026Q3``."""

    year: int
    quarter: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2026Q3``; raises ValueError on anything else."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a period such as 2026Q3")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Period:
        """The period that contains `day`."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.quarter}"

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, self.quarter * 3 - 2, 1)

    @property
    def end(self) -> date:
        """Last day: the day whose state of affairs is reported."""
        return self.shift(1).start - timedelta(days=1)

    def shift(self, quarters: int) -> Period:
        """The period `quarters` later (earlier when negative)."""
        index = self.year * 4 + self.quarter - 1 + quarters
        return Period(index // 4, index % 4 + 1)

    @property
    def label_zh(self) -> str:
        """E.g. 2026年第三季度."""
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"
