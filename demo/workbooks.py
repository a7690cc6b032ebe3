"""Demo workbooks: a register, perhaps spoilt on purpose, in the official template, as kept by hand, or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import polars as pl

from demo import application_defects, handmade, network_defects
from demo.defect import Defect, Register, Spot
from demo.defects import plant
from demo.enterprises import unit_letters
from demo.registers import DEMO_SCALE, register
from submissions.demo_mode import DEMO, PREFIX
from validation import FORMS, Form, Period
from validation.display import display
from validation.hints import title
from validation.rulebook.example_rows import Written
from validation.workbooks.template import FIRST_ROW, filled

Style = Literal["template", "handmade"]
Format = Literal["xlsx", "csv"]
WrittenRows = list[dict[str, Written | None]]

#: Collection -> what can be planted, in catalogue order.
DEFECTS: Mapping[str, tuple[Defect, ...]] = {
    "networks": network_defects.DEFECTS,
    "ai_applications": application_defects.DEFECTS,
}


@dataclass(frozen=True, slots=True)
class DemoWorkbook:
    """A file to upload and what is wrong with it: (spreadsheet row, field key, rule code), as a check reports it."""

    data: bytes
    filename: str
    planted: tuple[tuple[int, str, str], ...] = ()


def workbook(
    unit: str,
    collection: str,
    period: Period,
    *,
    scale: float = DEMO_SCALE,
    rows: int | None = None,
    defects: Iterable[str] = (),
    style: Style = "template",
    format: Format = "xlsx",
) -> DemoWorkbook:
    """The unit's register for `period` as a file. `rows` takes only the first so many records; each code in
    `defects` spoils one more record so that exactly this rule is broken there.

    Raises KeyError for a code without a plantable defect, LookupError when no clean record fits one.
    """
    records, spots = _records(unit, collection, period, scale, rows, list(defects))
    data, first_row = _file(FORMS[collection], period, unit, records, style, format)
    return DemoWorkbook(
        data=data,
        filename=f"{PREFIX}{unit_letters(unit)}-{collection}-{period}.{format}",
        planted=tuple((first_row + index, column, code) for index, column, code in spots),
    )


def fitting(
    unit: str, collection: str, period: Period, codes: Iterable[str], *, scale: float = DEMO_SCALE
) -> list[str]:
    """Those of `codes` for which the unit's register has a clean record, each used once."""
    plantable: list[str] = []
    scratch = None
    for code in codes:
        scratch = scratch or _register(unit, collection, period, scale, None)
        with suppress(LookupError):
            plant(scratch, [code], DEFECTS[collection], planted=len(plantable))
            plantable.append(code)
    return plantable


def _records(
    unit: str, collection: str, period: Period, scale: float, rows: int | None, defects: list[str]
) -> tuple[pl.DataFrame | WrittenRows, list[Spot]]:
    """The records as they are written, and where they are spoilt."""
    if not defects:
        records = register(unit, collection, period, scale=scale)
        return display(FORMS[collection], records.head(rows) if rows else records), []
    spoilt = _register(unit, collection, period, scale, rows)
    spots = plant(spoilt, defects, DEFECTS[collection])
    return spoilt.written, spots


def _register(unit: str, collection: str, period: Period, scale: float, rows: int | None) -> Register:
    records = register(unit, collection, period, scale=scale)
    before = register(unit, collection, period.shift(-1), scale=scale)
    return Register.of(FORMS[collection], unit, period, records.head(rows) if rows else records, before)


def _file(
    form: Form, period: Period, unit: str, records: pl.DataFrame | WrittenRows, style: Style, format: Format
) -> tuple[bytes, int]:
    """The file and the spreadsheet row of its first record."""
    if style == "handmade" and format == "xlsx":
        rows = records.to_dicts() if isinstance(records, pl.DataFrame) else records
        return handmade.handmade(form, period, unit=unit, rows=rows), handmade.first_data_row()
    values = records.iter_rows() if isinstance(records, pl.DataFrame) else _values(form, records)
    if format == "csv":
        return as_csv(form, values), 2
    return filled(form, period, unit=unit, rows=values, notice=DEMO), FIRST_ROW + 1


def _values(form: Form, rows: WrittenRows) -> Iterator[list[Written | None]]:
    return ([row[column.key] for column in form.columns] for row in rows)


def as_csv(form: Form, rows: Iterable[Sequence[Written | None]]) -> bytes:
    """UTF-8 with a BOM, as spreadsheet programs on Windows expect it."""
    target = io.StringIO(newline="")
    lines = csv.writer(target)
    lines.writerow([title(column) for column in form.columns])
    lines.writerows(rows)
    return target.getvalue().encode("utf-8-sig")
