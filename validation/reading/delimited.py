"""CSV and TSV: encoding, delimiter and records of delimited text; everything in it is text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from validation.limits import MOST_ROWS, OTHER_ROWS, Limits
from validation.raw import RawSheet, Workbook
from validation.reading.allowance import Allowance
from validation.reading.columns import Gatherer
from validation.reading.refusals import damaged, over_limit

#: Records taken at a time.
STRETCH = 1_000
DELIMITERS = (",", "\t", ";")
#: Lines looked at to tell the delimiter.
SAMPLE_LINES = 60
#: One byte order has to explain this many times as many zero bytes as the other.
SURER = 4
_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_JUNK = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_delimited(data: bytes, *, filename: str, limits: Limits, allowance: Allowance) -> Workbook:
    """One sheet of text cells, named after nothing; each record is one spreadsheet row as Excel shows it."""
    text = decoded(data)
    delimiter, skipped, text = _delimiter(text)
    gathered = Gatherer()
    for rows in _stretches(_records(text, delimiter, limits)):
        allowance.check()
        for row in rows:
            gathered.add(_cut(row, limits))
    sheet = RawSheet(
        name="CSV" if delimiter != "\t" else "TSV",
        hidden=False,
        first_row=1 + skipped,
        first_column=0,
        height=gathered.height,
        columns=gathered.columns(),
    )
    return Workbook(format="tsv" if delimiter == "\t" else "csv", sheets=(sheet,))


def decoded(data: bytes) -> str:
    """The text by its byte order mark, else strictly UTF-8, else plain UTF-16, else strictly GB18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    unmarked = _unmarked_utf16(data)
    if unmarked is not None:
        return _strictly(data, unmarked)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strictly(data, "gb18030")
    return _checked(text)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return _checked(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise damaged(
            "不是可识别的表格，也不是UTF-8、UTF-16或GB18030文本",
            "it is neither a known spreadsheet nor text in UTF-8, UTF-16 or GB18030",
        ) from error


def _checked(text: str) -> str:
    """Text with more than a stray control character is binary data that happens to decode."""
    junk = len(_JUNK.findall(text[:65536]))
    if "\x00" in text or junk > 8 + len(text[:65536]) // 100:
        raise damaged("内容不是文本", "its content is not text")
    return text


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 told by its zero bytes: nearly all of them high halves of plain characters, which a table never
    lacks; the low half of 一 is zero too."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 or max(even, odd) <= SURER * min(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _delimiter(text: str) -> tuple[str, int, str]:
    """(delimiter, lines taken by a sep= line, the text after it)."""
    match = _SEPARATOR_LINE.match(text)
    if match:
        return match[1], 1, text[match.end() :]
    sample = "\n".join(islice(iter(text[:200_000].splitlines()), SAMPLE_LINES))
    counts = Counter(re.sub(r'"[^"]*"', "", sample))
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter]), 0, text


def _records(text: str, delimiter: str, limits: Limits) -> Iterator[list[str]]:
    """The records down to the last filled one, with the blank ones between them."""
    blank = filled = lines = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            lines += 1
            if not any(record):
                blank += 1
                continue
            if lines > MOST_ROWS:
                raise over_limit(f"文件不得超过{MOST_ROWS}行", f"at most {MOST_ROWS} rows in a file")
            yield from ([] for _ in range(blank))
            blank, filled = 0, filled + 1
            if filled > limits.rows + OTHER_ROWS:
                raise over_limit(f"数据行不得超过{limits.rows}行", f"at most {limits.rows} rows of data")
            yield record
    except csv.Error as error:
        raise damaged("引号或单元格内容有误，无法分列", "its quotes or cells cannot be told apart") from error


def _stretches(records: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Records in stretches that end with a filled one; blank ones at the end are left out."""
    stretch: list[list[str]] = []
    for record in records:
        stretch.append(record)
        if len(stretch) >= STRETCH and any(record):
            yield stretch
            stretch = []
    while stretch and not any(stretch[-1]):
        stretch.pop()
    yield stretch


def _cut(row: list[str], limits: Limits) -> list[str]:
    """A record as wide as is allowed; file.E004 when there is something beyond."""
    if len(row) > limits.columns and _filled_width(row) > limits.columns:
        raise over_limit(f"列数不得超过{limits.columns}列", f"at most {limits.columns} columns")
    return row[: limits.columns]


def _filled_width(row: list[str]) -> int:
    return next((at for at in range(len(row), 0, -1) if row[at - 1]), 0)
