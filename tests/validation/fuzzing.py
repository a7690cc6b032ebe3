"""What is done to files at random, and what must be so of every check of one."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from validation import FORMS, Context, Form, Period, Result, SheetColumns, validate
from validation.limits import DEFAULT_LIMITS
from validation.workbooks.corrected import corrected_workbook
from validation.workbooks.marked import marked_workbook

#: Checks of all tests together; `make fuzz` asks for more.
RUNS = int(os.environ.get("FUZZ_RUNS", "300"))
NETWORKS = FORMS["networks"]
#: Less than is published, so that a file that would fill memory is refused in no time.
LIMITS = replace(DEFAULT_LIMITS, seconds=60, memory_bytes=1024 * 1024 * 1024)
JIANGSU = Context("320000", Period(2026, 3), limits=LIMITS)

#: (place as a share of the content, what is done there, bytes for it)
Edit = tuple[float, str, bytes]
_PLACE = st.floats(0, 1, exclude_max=True)
EDITS: st.SearchStrategy[list[Edit]] = st.lists(
    st.tuples(
        _PLACE,
        st.sampled_from(["set", "insert", "delete", "cut", "copy", "zero"]),
        st.binary(min_size=1, max_size=12)
        | st.sampled_from(
            [b"<", b">", b'"', b"&", b"\xff\xff\xff\xff", b"999999999", b"-1", b"\x00", b"\x1a", b'="1"']
        ),
    ),
    min_size=1,
    max_size=8,
)
#: Escapes as programs write them into XML, whole, halved and wrong.
ESCAPES = st.lists(
    st.sampled_from(
        [
            "_xD83D_", "_xDE00_", "_x0000_", "_x000D_", "_x005F_", "_xFFFF_", "_xFFFE_", "_x001B_", "_xD83D", "_x_", "xDE00_", "_xd83d_",
            "&#0;", "&#xD83D;", "&#128512;", "&#x1F600;", "&#99999999999999999999;", "&#xFFFE;", "&#1;", "&amp;#0;", "&lt;", "\r", "\n",
            "甲", "=", "\u200b", "\ufffd", "\x01", "\x00", "]]>", "1", " ",
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip
#: Values that attributes of XML parts have or should not have.
ODD_VALUES = st.sampled_from(
    ["", "0", "-1", "1", "A1", "A0", "ZZZZ1", "XFD1048576", "A1048577", "a1", "A1:B2", "B2:A1", "A1:XFD1048576", "9" * 30, "9" * 5000]
    + ["s", "str", "inlineStr", "b", "e", "d", "n", "x y", "true", "hidden", "NaN", "1e999", "rId1", "rId99", "../x.xml", "/", "percentage"]
    + ["float", "date", "2026-13-01", "99999-01-01", "2026-01-01T00:00:00+08:00", "1048576", "16384", "_xD83D_", "\ufffd"]
) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)  # fmt: skip


def share(percent: int) -> settings:
    """Settings that take so much of all runs."""
    return settings(max_examples=max(1, RUNS * percent // 100), deadline=None)


def edited(data: bytes, edits: list[Edit]) -> bytes:
    """The content with pieces set, inserted, deleted, copied and cut off."""
    for place, action, piece in edits:
        at = int(place * len(data))
        if action == "set":
            data = data[:at] + piece + data[at + len(piece) :]
        elif action == "insert":
            data = data[:at] + piece + data[at:]
        elif action == "delete":
            data = data[:at] + data[at + len(piece) :]
        elif action == "copy":
            data = data[:at] + data[:60] + data[at:]
        elif action == "zero":
            data = data[:at] + bytes(len(piece) * 8) + data[at + len(piece) * 8 :]
        else:
            data = data[: max(at, 1)]
    return data


def with_changed_part(data: bytes, pick: int, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one of its XML parts changed; its directory is sound."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        names = [part for part in source.namelist() if part.endswith((".xml", ".rels"))]
        for part in source.namelist():
            content = source.read(part)
            copy.writestr(part, change(content) if part == names[pick % len(names)] else content)
    return target.getvalue()


def checked(data: bytes, form: Form = NETWORKS) -> Result:
    """Check a file and what is told of it: whatever comes in, findings come out, and every row is accounted for."""
    result = validate(data, form, JIANGSU, filename="登记表.xlsx")
    payload = result.to_json(collection=form.name, unit="320000", period="2026Q3")
    output = json.dumps(payload, ensure_ascii=False).encode()
    assert b"\\u0000" not in output.replace(b"\\\\", b"")
    assert all(finding["message"]["zh"] and finding["message"]["en"] for finding in payload["findings"])
    assert sum(result.counts.values()) == len(payload["findings"])
    _check_rows(result)
    return result


def _check_rows(result: Result) -> None:
    """That each row of a sheet is data or skipped, once."""
    rows: Counter[tuple[str, int]] = Counter()
    for sheet in result.report.sheets:
        rows.update((sheet.name, row) for row, _ in sheet.skipped)
    if result.frame is not None:
        rows.update(result.frame.select("_sheet", "_row").iter_rows())
        assert result.frame.height == sum(sheet.data_rows for sheet in result.report.sheets)
    assert all(times == 1 for times in rows.values())


def given_back(data: bytes, result: Result) -> None:
    """Make the workbooks that a unit is offered of a file that was read."""
    if result.frame is None:
        return
    sheets = [SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets]
    rows = result.frame.height
    marked_workbook(data, result.findings, NETWORKS, sheets=sheets, rows=rows, limits=LIMITS)
    corrected_workbook(data, NETWORKS, sheets=sheets, rows=rows, edits=(), limits=LIMITS)
