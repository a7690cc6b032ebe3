"""Bytes -> sheets of raw cells at their own addresses; one module per format family, chosen by content."""

from __future__ import annotations

from dataclasses import replace

from validation.limits import DEFAULT_LIMITS, Limits
from validation.raw import Workbook, raise_refusal
from validation.reading.allowance import Allowance
from validation.reading.compound import Compound
from validation.reading.delimited import read_delimited
from validation.reading.encrypted import is_locked, opened_package
from validation.reading.encrypted_xls import opened_stream
from validation.reading.file_type import (
    check_size,
    is_biff,
    is_compound,
    is_lock_file,
    is_zip,
    refuse_foreign,
    zip_kind,
)
from validation.reading.measuring import measured
from validation.reading.naming import with_own_names
from validation.reading.ods import read_ods
from validation.reading.refusals import unsupported
from validation.reading.xls import ignored_in, read_xls, workbook_stream
from validation.reading.xlsx import read_xlsx
from validation.reading.zipped import Package

__all__ = ["own_package", "read_workbook"]

_ZIPPED = {"xlsx": read_xlsx, "ods": read_ods}


def read_workbook(
    data: bytes,
    *,
    filename: str = "",
    limits: Limits = DEFAULT_LIMITS,
    allowance: Allowance | None = None,
) -> Workbook:
    """Every sheet of the file; one that is damaged or over a limit carries its own refusal, with what was read before.

    Raises RefusedFileError with file.E001 (damaged), E002 (something else), E003 (password) or E004 (over a limit)
    for the file as a whole, and where that is so of all its sheets. Nothing in the file is ever run or calculated.
    """
    workbook = _read(data, filename, limits, allowance or Allowance(limits))
    sheets = measured(with_own_names(workbook.sheets), limits)
    refused = [sheet for sheet in sheets if sheet.refusal is not None]
    if refused and len(refused) == len(sheets):
        raise_refusal(min(refused, key=lambda sheet: sheet.hidden))
    return replace(workbook, sheets=sheets)


def own_package(data: bytes) -> bytes:
    """The bytes of a package that can be read, decrypted where Excel encrypted them with its own password."""
    if not is_compound(data):
        return data
    compound = Compound(data)
    return opened_package(compound) if is_locked(compound) else data


def _read(data: bytes, filename: str, limits: Limits, allowance: Allowance) -> Workbook:
    check_size(data, limits)
    if is_zip(data):
        package = Package(data, limits, allowance)
        return _ZIPPED[zip_kind(package)](package, limits)
    if is_compound(data):
        compound = Compound(data)
        if is_locked(compound):
            return _read(opened_package(compound), filename, limits, allowance)
        stream = opened_stream(workbook_stream(compound))
        return read_xls(stream, ignored_in(compound), limits, allowance)
    if is_biff(data):
        return read_xls(opened_stream(data), (), limits, allowance)
    if is_lock_file(data):
        raise unsupported("Office锁定文件（~$）", "an Office lock file (~$)")
    refuse_foreign(data)
    return read_delimited(data, filename=filename, limits=limits, allowance=allowance)
