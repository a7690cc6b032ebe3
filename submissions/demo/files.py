"""The demo workbooks that a visitor uploads: clean ones of every unit, and Jiangsu's in every guise."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from submissions.demo.growth import WEIGHTS
from submissions.demo.workbooks import DEFECTS, DemoWorkbook, fitting, workbook
from validation import FORMS, Period, catalogue
from validation.hints import title

#: The unit whose return is left to the visitor.
VISITOR = "320000"
#: Not planted at once: Jiangsu has no city that reports for itself, and an unknown carrier cannot be told
#: before the network form is there.
LEFT_OUT = frozenset({"row.E302", "ai.E370"})


def write_workbooks(folder: Path, period: Period, *, scale: float) -> int:
    """Write the demo workbooks of `period` and return how many files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, data in _files(period, scale):
        (folder / name).write_bytes(data)
        written += 1
    return written


def _files(period: Period, scale: float) -> Iterator[tuple[str, bytes]]:
    for collection in FORMS:
        for unit in WEIGHTS:
            clean = workbook(unit, collection, period, scale=scale)
            yield clean.filename, clean.data
        yield from _visitors(collection, period, scale)


def _visitors(collection: str, period: Period, scale: float) -> Iterator[tuple[str, bytes]]:
    handmade = workbook(VISITOR, collection, period, scale=scale, style="handmade")
    yield _named(handmade, "handmade"), handmade.data
    text = workbook(VISITOR, collection, period, scale=scale, format="csv")
    yield text.filename, text.data
    codes = (defect.code for defect in DEFECTS[collection] if defect.code not in LEFT_OUT)
    chosen = fitting(VISITOR, collection, period, codes, scale=scale)
    defective = workbook(VISITOR, collection, period, scale=scale, defects=chosen)
    yield _named(defective, "defective"), defective.data
    yield _named(defective, "planted").removesuffix(".xlsx") + ".csv", planted_list(collection, defective)


def _named(book: DemoWorkbook, kind: str) -> str:
    return book.filename.removesuffix(".xlsx") + f"-{kind}.xlsx"


def planted_list(collection: str, book: DemoWorkbook) -> bytes:
    """What is wrong in a workbook, as CSV: row, column, code, and the rule in two languages."""
    target = io.StringIO(newline="")
    lines = csv.writer(target)
    lines.writerow(["行 row", "列 column", "代码 code", "规则", "rule"])
    for row, key, code in book.planted:
        text = catalogue()[code]
        messages = (re.sub(r"{\w+}", "…", message) for message in (text.message_zh, text.message_en))
        lines.writerow([row, title(FORMS[collection].by_key[key]), code, *messages])
    return target.getvalue().encode("utf-8-sig")
