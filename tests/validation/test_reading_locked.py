"""Workbooks encrypted with Excel's own password are read, and given back; with any other they are refused."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.validation import locking
from tests.validation.lines.case import TITLES, body
from tests.validation.small_workbooks import workbook
from tests.validation.test_reading_refused import compound, refused
from tests.validation.test_reading_xlsx import cells
from tests.validation.xls_files import XlsSheet, compound_file, stream
from validation import FORMS, Context, Period, SheetColumns, validate
from validation.findings import Finding
from validation.reading import own_package, read_workbook
from validation.workbooks.corrected import corrected_workbook
from validation.workbooks.marked import marked_workbook

ROWS = [[f"甲{number}", "x" * 300, number, number * 1.5] for number in range(200)]
PACKAGE = workbook(ROWS)
STREAM = stream(XlsSheet(ROWS), XlsSheet([["乙"]], "二"))
KEPT = Path(__file__).parent.parent / "should_pass" / "opens_without_password.xlsx"
LOCKS: dict[str, Callable[..., bytes]] = {
    "rc4": locking.rc4,
    "crypto_api": locking.crypto_api,
    "crypto_api of 40 bits": lambda content, **options: locking.crypto_api(content, bits=40, **options),
}


@pytest.mark.parametrize("lock", [locking.agile, locking.standard])
def test_packages(lock: Callable[..., bytes]) -> None:
    locked = lock(PACKAGE)
    assert own_package(locked) == PACKAGE
    assert cells(read_workbook(locked).sheets[0]) == cells(read_workbook(PACKAGE).sheets[0])
    assert refused(lock(PACKAGE, password="1234")).code == "file.E003"


@pytest.mark.parametrize("name", LOCKS)
def test_workbook_streams(name: str) -> None:
    plain = read_workbook(compound_file({"Workbook": STREAM})).sheets
    read = read_workbook(compound_file({"Workbook": LOCKS[name](STREAM)})).sheets
    assert [cells(sheet) for sheet in read] == [cells(sheet) for sheet in plain]
    assert refused(compound_file({"Workbook": LOCKS[name](STREAM, password="1234")})).code == "file.E003"


@pytest.mark.parametrize("old", [False, True])
def test_streams_that_are_obscured(old: bool) -> None:
    content = stream(XlsSheet(ROWS), old=old)
    plain = cells(read_workbook(compound_file({"Workbook": content})).sheets[0])
    assert cells(read_workbook(compound_file({"Workbook": locking.xor(content, old=old)})).sheets[0]) == plain
    assert refused(compound_file({"Workbook": locking.xor(content, verifier=1, old=old)})).code == "file.E003"


def test_a_bare_stream() -> None:
    assert cells(read_workbook(locking.rc4(STREAM)).sheets[1]) == {"A1": "乙"}


def test_a_file_of_excel_itself() -> None:
    result = validate(KEPT.read_bytes(), FORMS["networks"], Context("320000", Period(2026, 3)))
    assert (result.verdict, result.report.sheets[0].data_rows) == ("ready", 5)


@pytest.mark.parametrize(
    "changes",
    [
        {"spinCount": "99999999"},
        {"spinCount": "-1"},
        {"spinCount": "many"},
        {"hashAlgorithm": "MD5"},
        {"saltValue": "!"},
        {"keyBits": "77"},
        {"encryptedKeyValue": "AA=="},
        {"encryptedVerifierHashInput": ""},
    ],
    ids=str,
)
def test_agile_encryption_that_is_broken_or_of_another_kind(changes: dict[str, str]) -> None:
    start = time.process_time()
    assert refused(locking.agile(PACKAGE, **changes)).code == "file.E003"
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "info",
    [
        b"",
        b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption",
        b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>",
        b'\x04\x00\x04\x00\x40\x00\x00\x00<!DOCTYPE x [<!ENTITY a "a">]><encryption>&a;</encryption>',
        struct.pack("<HHII", 3, 2, 0x24, 5_000_000),
        struct.pack("<HHII", 4, 3, 0x24, 32),
    ],
    ids=["nothing", "half", "empty", "entities", "beyond its end", "extensible"],
)
def test_what_tells_of_the_encryption_is_broken(info: bytes) -> None:
    assert (
        refused(compound_file({"EncryptionInfo": info, "EncryptedPackage": bytes(5_000)})).code == "file.E003"
    )
    assert refused(compound("EncryptedPackage")).code == "file.E003"


@pytest.mark.parametrize(
    "content", [b"", b"\x01\x00", struct.pack("<HHH", 1, 9, 9) + bytes(60), struct.pack("<H", 7)]
)
def test_a_record_of_encryption_that_is_broken(content: bytes) -> None:
    assert refused(locking.with_file_pass(STREAM, content)).code == "file.E003"


def test_what_is_inside_is_a_package() -> None:
    assert refused(locking.agile(compound_file({"EncryptedPackage": b""}))).code == "file.E003"
    assert refused(locking.agile(b"a,b\n")).code == "file.E003"


def test_the_refusal_says_what_to_do_where_no_password_was_set() -> None:
    finding = Finding("file.E003")
    assert "审阅→保护工作簿" in finding.fix("zh")
    assert "Review → Protect Workbook" in finding.fix("en")


def test_its_marked_and_its_corrected_workbook() -> None:
    form = FORMS["networks"]
    data = locking.agile(workbook([TITLES, *body({"terminals": "很多"})]))
    result = validate(data, form, Context("320000", Period(2026, 3)))
    assert result.findings["code"].to_list() == ["cell.E102"]
    sheets = [SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets]
    marked = openpyxl.load_workbook(
        io.BytesIO(marked_workbook(data, result.findings, form, sheets=sheets, rows=1))
    )
    assert marked["表1"]["T2"].comment is not None
    corrected = corrected_workbook(data, form, sheets=sheets, rows=1, edits=())
    assert openpyxl.load_workbook(io.BytesIO(corrected))["表1"]["T2"].value == "很多"
