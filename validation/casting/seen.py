"""Cells as a person sees them: where a number format shows something else than the digits, the shown text is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from validation.casting.displayed import (
    Display,
    Place,
    displayed_moment,
    displayed_number,
    displayed_text,
    matters,
)
from validation.casting.result import nulls
from validation.forms.form import Form, Kind
from validation.number_formats import DIGITS, is_percent, text_around
from validation.raw import RawColumn
from validation.table import Table, TotalRow


def as_seen(table: Table, form: Form) -> Table:
    """The table with texts in place of numbers and dates that are shown as something else, and of formula errors.

    0.253 becomes 25.3%, 0.5 becomes 0.5%, 35 $35, 123456 12.3456万, 61 061, and a date 2026年7月, each where its format
    shows that. All digits of a figure are kept, however few are shown.
    """
    errors = _errors_by_column(table)
    units = {column.key: column.unit for column in table.columns}
    cells, totals = dict(table.cells), table.totals
    for key, position in table.positions.items():
        if key not in cells:
            continue
        place = Place(form.by_key[key], units[key])
        cells[key] = _with_errors(cells[key], table.rows, errors.get(position, {}))
        codes = _mattering(table.sheet.formats.codes.get(position, ()), cells[key], place)
        if codes:
            formats = table.sheet.formats.cells(position).filter(pl.col("format").is_in(codes))
            cells[key] = _column(cells[key], _aligned(table, position, formats), place)
            totals = tuple(_total(total, key, formats, place) for total in totals)
    return replace(table, cells=cells, totals=totals)


def _errors_by_column(table: Table) -> dict[int, dict[int, str]]:
    by_column: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), error in table.sheet.errors.items():
        by_column[column][row] = error
    return by_column


def _with_errors(raw: RawColumn, rows: pl.Series, errors: Mapping[int, str]) -> RawColumn:
    """Formula errors as the texts that the cells show."""
    if not errors:
        return raw
    known = pl.Series(list(errors), dtype=rows.dtype)
    texts = rows.replace_strict(known, pl.Series(list(errors.values())), default=None)
    return replace(raw, text=texts.zip_with(texts.is_not_null(), raw.text))


def _mattering(codes: Collection[str], raw: RawColumn, place: Place) -> list[str]:
    """Those of a column's formats that may show its cells as something else; a column of texts alone has few."""
    has_values = min(raw.number.null_count(), raw.moment.null_count()) < len(raw.text)
    return [code for code in codes if matters(code, place) and (has_values or text_around(code) != ("", ""))]


def _aligned(table: Table, position: int, formats: pl.DataFrame) -> pl.Series:
    """The format of each row's cell; of a merged range that of its first, whose value was filled down."""
    tops = {
        row: area.first_row
        for area in table.sheet.merged
        if area.first_column == position
        for row in range(area.first_row + 1, area.last_row + 1)
    }
    rows = table.rows.cast(pl.Int32)
    if tops:
        known = pl.Series(list(tops), dtype=pl.Int32)
        rows = rows.replace(known, pl.Series(list(tops.values()), dtype=pl.Int32))
    return rows.to_frame("row").join(formats, on="row", how="left", maintain_order="left")["format"]


def _column(raw: RawColumn, formats: pl.Series, place: Place) -> RawColumn:
    """A column with cells replaced by their shown texts."""
    numbers = _displayed(raw.number, formats, displayed_number, place)
    moments = _displayed(raw.moment, formats, displayed_moment, place)
    texts = _displayed(raw.text, formats, displayed_text, place)
    displayed = pl.select(pl.coalesce(numbers, moments, texts, raw.text)).to_series()
    return RawColumn(
        displayed.replace("", None),
        raw.number.set(numbers.is_not_null(), None),
        raw.moment.set(moments.is_not_null(), None),
    )


def _displayed(values: pl.Series, formats: pl.Series, display: Display, place: Place) -> pl.Series:
    """What cells show where that is something else, null elsewhere; each different cell is worked out once."""
    if values.null_count() == len(values):
        return nulls(len(values), pl.String())
    cells = pl.DataFrame({"value": values, "format": formats})
    shares = _shares(cells, place) if display is displayed_number else nulls(len(values), pl.String())
    different = cells.filter(shares.is_null()).drop_nulls().unique()
    texts = [display(value, code, place) for value, code in different.iter_rows()]
    known = different.with_columns(displayed=pl.Series(texts, dtype=pl.String))
    others = cells.join(known, on=["value", "format"], how="left", maintain_order="left")["displayed"]
    return shares.zip_with(shares.is_not_null(), others)


def _shares(cells: pl.DataFrame, place: Place) -> pl.Series:
    """Shares under plain percent formats as percentages, all at once: 25.3% for 0.253; null elsewhere."""
    codes = [code for code in cells["format"].drop_nulls().unique() if is_percent(code)]
    if not codes or place.column.kind is not Kind.PERCENT:
        return nulls(cells.height, pl.String())
    points = (pl.col("value") * 100).round_sig_figs(DIGITS).cast(pl.String).str.strip_suffix(".0") + "%"
    plain = pl.col("format").is_in(codes) & pl.col("value").abs().is_between(1e-6, 1e6)
    return cells.select(pl.when(plain).then(points)).to_series()


def _total(total: TotalRow, key: str, formats: pl.DataFrame, place: Place) -> TotalRow:
    """A total row with its figure as shown."""
    value, codes = total.cells.get(key), formats.filter(pl.col("row") == total.row)["format"]
    if not isinstance(value, float) or codes.is_empty():
        return total
    text = displayed_number(value, codes[0], place)
    return total if text is None else total._replace(cells={**total.cells, key: text})
