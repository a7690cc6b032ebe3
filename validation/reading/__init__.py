"""Bytes -> sheets of raw cells at their own addresses; one module per format family, chosen by content."""

from __future__ import annotations

from validation.limits import DEFAULT_LIMITS, Limits
from validation.raw import Workbook
from validation.reading.allowance import Allowance
from validation.reading.columns import check_cells
from validation.reading.delimited import read_delimited
from validation.reading.ods import read_ods
from validation.reading.refusals import unsupported
from validation.reading.sniffing import check_size, is_biff, is_lock_file, is_zip, refuse_foreign, zip_kind
from validation.reading.xls import read_xls
from validation.reading.xlsx import read_xlsx
from validation.reading.zipped import Package

__all__ = ["read_workbook"]

_ZIPPED = {"xlsx": read_xlsx, "ods": read_ods}


def read_workbook(
    data: bytes,
    *,
    filename: str = "",
    limits: Limits = DEFAULT_LIMITS,
    allowance: Allowance | None = None,
) -> Workbook:
    """Every sheet of the file. Raises RefusedFileError with file.E001 (damaged), E002 (something else),
    E003 (password) or E004 (over a limit); nothing in the file is ever run or calculated."""
    workbook = _read(data, filename, limits, allowance or Allowance(limits))
    check_cells(workbook.sheets, limits)
    return workbook


def _read(data: bytes, filename: str, limits: Limits, allowance: Allowance) -> Workbook:
    check_size(data, limits)
    if is_zip(data):
        package = Package(data, limits, allowance)
        return _ZIPPED[zip_kind(package)](package, limits)
    if is_biff(data):
        return read_xls(data, limits, allowance)
    if is_lock_file(data):
        raise unsupported("Office锁定文件（~$）", "an Office lock file (~$)")
    refuse_foreign(data)
    return read_delimited(data, filename=filename, limits=limits, allowance=allowance)
