"""The workbooks that are measured: made once from the demo generator and kept in the data folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from pathlib import Path

import polars as pl
import xlsxwriter

from demo.bulk import PERIOD, UNIT, benchmark_rows
from validation import FORMS
from validation.display import display
from validation.hints import title
from validation.rulebook.example_rows import Written
from validation.workbooks.template import column_format, write_row

FORM = FORMS["networks"]
#: So many of so many rows have a defect, one each.
SHARE = (1, 3)
#: One broken cell each, in turn: (field key, what stands there, rule that it breaks).
DEFECTS: tuple[tuple[str, Written | None, str], ...] = (
    ("site_name", None, "cell.E101"),
    ("base_stations_dedicated", "很多", "cell.E102"),
    ("base_stations_dedicated", 3.5, "cell.E103"),
    ("security_level", "其他等级", "cell.E106"),
    ("base_stations_dedicated", "约100", "cell.E114"),
    ("address", "同上", "cell.E115"),
    ("industry_code", "990", "row.E303"),
    ("industry_code", "39", "row.W304"),
    ("base_stations_dedicated", 24_000, "net.E318"),
    ("latency_ms", 0.5, "net.W330"),
)
#: Up to here the texts are shared as spreadsheet programs do it; beyond, memory would not do.
SHARED_UP_TO = 200_000


def defects_in(rows: int, share: tuple[int, int] = SHARE) -> int:
    """How many findings a file with defects must give."""
    spoilt, of = share
    return rows // of * spoilt + min(rows % of, spoilt)


def made_file(folder: Path, rows: int, *, defects: bool, share: tuple[int, int] = SHARE) -> Path:
    """Path of the .xlsx with so many rows below one header row; made when it is not there yet."""
    kind = "clean" if not defects else "defects" if share == SHARE else f"defects-{share[0]}-of-{share[1]}"
    path = folder / f"networks-{rows}-{kind}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        _write(part, benchmark_rows(rows), share if defects else None)
        part.rename(path)
    return path


def _write(path: Path, records: pl.DataFrame, share: tuple[int, int] | None) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    options["constant_memory"] = records.height > SHARED_UP_TO
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(FORM.label_zh)
        styles = [column_format(book, column) for column in FORM.columns]
        for position, column in enumerate(FORM.columns):
            sheet.write_string(0, position, title(column))
        lines: Iterable[Sequence[Written | None]] = display(FORM, records).iter_rows()
        for number, line in enumerate(_spoilt(lines, share) if share else lines, start=1):
            write_row(sheet, number, 0, line, styles)


def _spoilt(
    lines: Iterable[Sequence[Written | None]], share: tuple[int, int]
) -> Iterator[Sequence[Written | None]]:
    places = {column.key: place for place, column in enumerate(FORM.columns)}
    defects = cycle(DEFECTS)
    for number, line in enumerate(lines):
        if number % share[1] >= share[0]:
            yield line
            continue
        key, value, _ = next(defects)
        spoilt = list(line)
        spoilt[places[key]] = value
        yield spoilt


__all__ = ["DEFECTS", "FORM", "PERIOD", "UNIT", "defects_in", "made_file"]
