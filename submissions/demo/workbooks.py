"""Demo workbooks: a register, perhaps spoilt on purpose, in the official template, as kept by hand, or as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from submissions.demo.enterprises import unit_letters
from submissions.demo.registers import DEMO_SCALE, register
from validation import FORMS, Form, Period
from validation.display import display
from validation.hints import title
from validation.template import template

Style = Literal["template", "handmade"]
Format = Literal["xlsx", "csv"]


@dataclass(frozen=True, slots=True)
class DemoWorkbook:
    """A file to upload and what is wrong with it: (spreadsheet row, field key, rule code), as a check reports it."""

    data: bytes
    filename: str
    planted: tuple[tuple[int | None, str | None, str], ...] = ()


def workbook(
    unit: str,
    collection: str,
    period: Period,
    *,
    scale: float = DEMO_SCALE,
    rows: int | None = None,
    style: Style = "template",
    format: Format = "xlsx",
) -> DemoWorkbook:
    """The unit's register for `period` as a file; `rows` takes only the first so many."""
    form = FORMS[collection]
    records = register(unit, collection, period, scale=scale)
    if rows is not None:
        records = records.head(rows)
    filename = f"{unit_letters(unit)}-{collection}-{period}.{format}"
    if format == "csv":
        return DemoWorkbook(as_csv(form, records), filename)
    return DemoWorkbook(template(form, period, unit=unit, records=records), filename)


def as_csv(form: Form, records: pl.DataFrame) -> bytes:
    """UTF-8 with a BOM, as spreadsheet programs on Windows expect it."""
    titles = {column.key: title(column) for column in form.columns}
    return display(form, records).rename(titles).write_csv(include_bom=True).encode()
