"""Tables to take along: rows of texts and numbers as CSV for Excel, with nothing in them alive."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from submissions import demo_mode

#: what a spreadsheet program would take for the beginning of a formula
_ALIVE = ("=", "+", "-", "@", "\t", "\r")
#: what begins like one and is only a number
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(\.[0-9]+)?")
_BOM = "\ufeff"


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """`rows` under `head` as file `name`, sent while it is being written."""
    answer = StreamingHttpResponse(_csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{demo_mode.file_named(name)}.csv"'
    return answer


def _csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield _BOM + _csv_line(head)
    for row in rows:
        yield _csv_line([_lifeless(value) for value in row])


def _csv_line(row: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()


def _lifeless(value: Any) -> Any:
    """Text that looks like a formula gets an apostrophe in front; numbers stay numbers."""
    if not isinstance(value, str) or not value.startswith(_ALIVE) or _is_number(value):
        return value
    return f"'{value}"


def _is_number(text: str) -> bool:
    return _SIGNED_NUMBER.fullmatch(text) is not None
