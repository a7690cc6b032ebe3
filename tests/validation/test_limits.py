"""Limits that hold while a file is read: time, memory, shared texts, repeats; each names itself, none costs memory first."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.validation.ods_files import ods, packed_ods
from tests.validation.small_workbooks import csv_bytes, with_parts, workbook
from tests.validation.test_reading_refused import SMALL, message, sheet_with
from validation import FORMS, Context, Period, validate
from validation.limits import DEFAULT_LIMITS, MB, Limits
from validation.raw import RefusedFileError
from validation.reading import read_workbook
from validation.reading.allowance import Allowance, resident_bytes
from validation.rulebook.listing import limit_rows

ROOT = Path(__file__).resolve().parents[2]
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'
XLS = (ROOT / "tests" / "should_pass" / "register.xls").read_bytes()


def limit_of(data: bytes, **limits: int) -> str:
    """The whole check's only finding, which has to be file.E004, in English."""
    context = Context("320000", Period(2026, 3), limits=replace(DEFAULT_LIMITS, **limits))
    result = validate(data, FORMS["networks"], context)
    assert result.findings["code"].to_list() == ["file.E004"]
    return result.to_json(collection="networks", unit="320000", period="2026Q3")["findings"][0]["message"][
        "en"
    ]


@pytest.mark.parametrize(
    "data", [SMALL, csv_bytes([["a"], ["b"]]), XLS, ods(("表1", []))], ids=["xlsx", "csv", "xls", "ods"]
)
def test_no_time_at_all(data: bytes) -> None:
    assert "at most 0 seconds for one check" in limit_of(data, seconds=0)


@pytest.mark.parametrize("phase", ["reading", "layout", "casting", "checking"])
def test_time_that_runs_out_in_any_phase(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = {"now": 0.0}
    monkeypatch.setattr("validation.reading.allowance.time.process_time", lambda: spent["now"])

    def progress(reached: str, done: int, total: int | None) -> None:
        if reached == phase:
            spent["now"] = 301.0

    titles = [column.label_zh for column in FORMS["networks"].columns]
    context = Context("320000", Period(2026, 3), progress=progress)
    result = validate(workbook([titles, ["JS-0001"] * len(titles)]), FORMS["networks"], context)
    assert result.findings["code"].to_list() == ["file.E004"]
    assert result.frame is None


def test_a_merged_range_of_an_xls_costs_no_cell_beyond_those_there_are() -> None:
    # one range as 1 993 rows of 65 532 columns: first and last row, first and last column
    data = XLS.replace(struct.pack("<4H", 6, 7, 3, 3), struct.pack("<4H", 6, 1999, 3, 65534))
    assert data != XLS
    whole, damaged = (
        [(sheet.height, len(sheet.columns)) for sheet in read_workbook(content).sheets]
        for content in (XLS, data)
    )
    assert damaged == whole


def test_memory_that_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    held = iter([0, 0, 0, *[4_000 * MB] * 50])
    monkeypatch.setattr("validation.reading.allowance.resident_bytes", lambda: next(held))
    assert "at most 3072 MB of memory for one check" in limit_of(SMALL)


def test_memory_is_what_the_system_says() -> None:
    before = resident_bytes()
    held = b"\x01" * (64 * MB)
    assert resident_bytes() - before > 48 * MB
    assert resident_bytes() <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + MB
    assert len(held) == 64 * MB


def test_an_allowance_that_is_not_used_up_is_silent() -> None:
    Allowance(DEFAULT_LIMITS).check()


def test_many_shared_texts_are_refused_by_what_they_declare_and_by_what_they_hold() -> None:
    data = with_parts(SMALL, {"xl/sharedStrings.xml": STRINGS.format("<si><t>文</t></si>" * 200)})
    assert "at most 0 MB of texts that cells share" in limit_of(data, shared_text_bytes=1_000)
    with pytest.raises(RefusedFileError) as caught:
        read_workbook(data, limits=replace(DEFAULT_LIMITS, shared_text_bytes=1_000))
    assert "texts that cells share" in message(caught.value)


def test_rich_text_and_phonetic_hints_among_shared_texts() -> None:
    rich = "<si><r><t>云</t></r><r><rPr><b/></rPr><t>岭</t></r><rPh sb='0' eb='1'><t>yun</t></rPh></si><si><t>b</t></si>"
    data = with_parts(
        sheet_with('<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c></row>'),
        {"xl/sharedStrings.xml": STRINGS.format(rich)},
    )
    columns = read_workbook(data).sheets[0].columns
    assert [columns[0].text[-1], columns[1].text[-1]] == ["云岭", "b"]


@pytest.mark.parametrize("limits", [{"rows": -1}, {"rows": 1_048_577}, {"columns": 16_385}])
def test_impossible_limits(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limit|at most"):
        Limits(**limits)


def test_every_limit_is_published_in_two_languages() -> None:
    rows = limit_rows(Limits(rows=7))
    assert {row["name"] for row in rows} == set(Limits.__slots__)
    assert next(row["value"] for row in rows if row["name"] == "rows") == 7
    assert all(row[name] for row in rows for name in ("label_zh", "label_en", "unit_zh", "unit_en"))


def _ods_of_long_texts() -> bytes:
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="250"><text:p>{"x" * 30_000}</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="190000">{cell}</table:table-row>'
    return packed_ods(f'<table:table table:name="表1">{row}</table:table>')


def _shared_texts() -> bytes:
    return with_parts(
        SMALL,
        {"xl/sharedStrings.xml": STRINGS.format("<si><t>专网一二三四五六七八九十</t></si>" * 1_900_000)},
    )


def _one_row() -> bytes:
    return sheet_with(f'<row r="3"><c r="A3" t="inlineStr"><is><t>{"文字" * 4_000_000}</t></is></c></row>')


#: Bombs that are small as files and would fill gigabytes; the megabytes that refusing them may take.
BOMBS: dict[str, Callable[[], bytes]] = {
    "ods repeats of long texts": _ods_of_long_texts,
    "100 MB of shared texts": _shared_texts,
    "a row of 24 MB": _one_row,
    "a million columns": lambda: b",".join([b"a"] * 1_000_000),
}
MEGABYTES = 200
#: The high-water mark of the process itself; getrusage would count the parent's too.
MEASURED = """
import re, sys
from pathlib import Path
from validation import FORMS, Context, Period, validate
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
data = sys.stdin.buffer.read()
before = peak()
result = validate(data, FORMS["networks"], Context("320000", Period(2026, 3)))
print(peak() - before, *result.findings["code"])
"""


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the system does not tell a process's memory"
)
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_they_fill_memory(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=BOMBS[name](), cwd=ROOT, capture_output=True, check=True
    )
    kilobytes, *codes = done.stdout.decode().split()
    assert codes == ["file.E004"]
    assert int(kilobytes) < MEGABYTES * 1024
