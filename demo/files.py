"""The demo workbooks that a visitor uploads: a clean one of each unit, and Jiangsu's in every guise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from demo.workbooks import DEFECTS, DemoWorkbook, fitting, workbook
from submissions.exports.tables import csv_lines
from validation import FORMS, Period, catalogue
from validation.hints import title

#: The unit whose return is left to the visitor.
VISITOR = "320000"
#: Jiangsu has no city that reports for itself.
IMPOSSIBLE = frozenset({"row.E302"})


def write_workbooks(folder: Path, period: Period, units: Iterable[str], *, scale: float) -> int:
    """Write the demo workbooks of these units for `period` and return how many files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, data in _files(period, list(units), scale):
        (folder / name).write_bytes(data)
        written += 1
    return written


def _files(period: Period, units: list[str], scale: float) -> Iterator[tuple[str, bytes]]:
    for collection in FORMS:
        for unit in units:
            clean = workbook(unit, collection, period, scale=scale)
            yield clean.filename, clean.data
        if VISITOR in units:
            yield from _visitors(collection, period, scale)


def _visitors(collection: str, period: Period, scale: float) -> Iterator[tuple[str, bytes]]:
    """Jiangsu's form by hand and as CSV, last period's, one with every defect that a file shows by itself, and one
    with what only shows against other registers."""
    handmade = workbook(VISITOR, collection, period, scale=scale, style="handmade")
    yield f"{_stem(handmade)}-handmade.xlsx", handmade.data
    for other in (
        workbook(VISITOR, collection, period, scale=scale, format="csv"),
        workbook(VISITOR, collection, period.shift(-1), scale=scale),
    ):
        yield other.filename, other.data
    codes = [defect.code for defect in DEFECTS[collection] if defect.code not in IMPOSSIBLE]
    alone = [code for code in codes if not compares(code)]
    yield from _spoilt("defective", collection, period, alone, scale)
    yield from _spoilt("compared", collection, period, filter(compares, codes), scale)


def compares(code: str) -> bool:
    """Report whether a rule compares with other registers: the one before, or the unit's networks."""
    return catalogue()[code].level in ("cross", "history")


def _spoilt(
    kind: str, collection: str, period: Period, codes: Iterable[str], scale: float
) -> Iterator[tuple[str, bytes]]:
    chosen = fitting(VISITOR, collection, period, codes, scale=scale)
    book = workbook(VISITOR, collection, period, scale=scale, defects=chosen)
    yield f"{_stem(book)}-{kind}.xlsx", book.data
    yield f"{_stem(book)}-{kind}-planted.csv", planted_list(collection, book)


def _stem(book: DemoWorkbook) -> str:
    return book.filename.rpartition(".")[0]


def planted_list(collection: str, book: DemoWorkbook) -> bytes:
    """What is wrong in a workbook, as CSV: row, column, code, and the rule in two languages."""
    columns = FORMS[collection].by_key
    rows = ([row, title(columns[key]), code, *_messages(code)] for row, key, code in book.planted)
    return "".join(csv_lines(["行 row", "列 column", "代码 code", "规则", "rule"], rows)).encode()


def _messages(code: str) -> list[str]:
    text = catalogue()[code]
    return [re.sub(r"{\w+}", "…", message) for message in (text.message_zh, text.message_en)]
