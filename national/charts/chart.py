"""The chart as data: columns, rows, a sentence that sums them up, and the name of the drawing in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from submissions.labels import period_label

Kind = Literal["text", "code", "period", "date", "number", "percent", "ratio"]


class Mark(StrEnum):
    """The mark that takes the place of a suppressed number."""

    SUPPRESSED = "Q"


#: a figure as readers see it: its number, the mark of a suppressed one, or None
FigureValue = Decimal | Mark | None
Cell = str | int | date | FigureValue


class Column(NamedTuple):
    """`key` names it in downloads and drawings. A percent is already one: 12.5 is 12.5 %. Numbers are written to
    `decimals` places, percents to one and ratios to two: what is counted has none."""

    key: str
    label: str
    kind: Kind = "number"
    unit: str = ""
    decimals: int = 0

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "code", "period", "date")

    @property
    def places(self) -> int:
        """Decimal places of its numbers."""
        return {"percent": 1, "ratio": 2}.get(self.kind, self.decimals)

    def rounded(self, cell: Cell) -> Cell:
        """A number to the places of the column; anything else as it is."""
        return (
            cell.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
            if isinstance(cell, Decimal)
            else cell
        )

    @property
    def heading(self) -> str:
        """The label with the unit that its numbers are in."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Chart:
    """`draw` names the drawing in static/figures/draw; `facts` is what it needs beyond the table.

    `says` is the chart in one sentence, for those who do not see it. The first column heads the rows. `size`
    reserves the height: s to xxl, or that of a map. None in a row is no figure, which is not zero; a Mark is one
    that is suppressed, and a text among numbers says why there is none.
    """

    code: str
    draw: str
    title: str
    says: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    size: str = "m"
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """What the browser draws from, as JSON takes it."""
        return {
            "draw": self.draw,
            "title": self.title,
            "columns": [
                column._asdict() | {"isNumber": not column.is_text, "places": column.places}
                for column in self.columns
            ],
            "rows": [[_plain(cell) for cell, _column in line] for line in self.lines],
            "facts": dict(self.facts),
            "quarters": self._quarters(),
        }

    def _quarters(self) -> dict[str, str]:
        """The reader's words for the periods of the table."""
        cells = (cell for line in self.lines for cell, column in line if column.kind == "period")
        return {code: period_label(code) for code in cells if isinstance(code, str)}

    @property
    def withholds(self) -> bool:
        """Whether a number of the table is withheld."""
        return any(cell is Mark.SUPPRESSED for row in self.rows for cell in row)

    @property
    def lines(self) -> list[list[tuple[Cell, Column]]]:
        """The rows with each cell's column beside it, numbers to the places of the column."""
        return [
            [(column.rounded(cell), column) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


def size_for(rows: int) -> str:
    """The size of a chart that has a line of its own for each of `rows`."""
    return next((size for size, most in (("s", 6), ("m", 12), ("l", 20), ("xl", 45)) if rows <= most), "xxl")


def _plain(cell: Cell) -> str | int | float | None:
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
