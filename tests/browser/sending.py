"""How the browser tests send files of Ningbo: registers that were never sent before, and waiting for the verdict."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import openpyxl
import psutil
from playwright.sync_api import expect

from demo import workbook
from tests.browser.visiting import WAIT_MS, Visitor
from validation import Period

UPLOAD = "/portal/upload/networks/2026Q3/"
STATES = ("Has errors", "Warnings to explain", "Ready to sign")
CODE, STATE = "专网编号", "建设状态"


def own_file(folder: Path, *, unit: str = "330200", quarter: int = 3, rows: int | None = 5) -> Path:
    """A register that was never sent before, for its archive carries a comment of its own: Ningbo's first few networks."""
    return _unique(workbook(unit, "networks", Period(2026, quarter), rows=rows).data, folder)


def spoilt_file(folder: Path, *, rows: int) -> Path:
    """A register with one wrong state in so many rows; those after the register's own hold a code besides."""
    book = openpyxl.load_workbook(io.BytesIO(workbook("330200", "networks", Period(2026, 3), rows=5).data))
    sheet = book.worksheets[0]
    code, state = (
        next(cell for row in sheet.iter_rows(max_row=9) for cell in row if str(cell.value).startswith(title))
        for title in (CODE, STATE)
    )
    for row in range(state.row + 1, state.row + 1 + rows):
        sheet.cell(row, state.column).value = "运行中啊"
        sheet.cell(row, code.column).value = sheet.cell(row, code.column).value or f"NB-NEW-{row:04}"
    target = io.BytesIO()
    book.save(target)
    return _unique(target.getvalue(), folder)


def _unique(data: bytes, folder: Path) -> Path:
    path = folder / f"{uuid4().hex[:8]}.xlsx"
    path.write_bytes(data)
    with ZipFile(path, "a") as archive:
        archive.comment = uuid4().bytes
    return path


def send(unit: Visitor, file: Path) -> None:
    """Choose and send a file; its submission's page shows next."""
    unit.page.goto(UPLOAD)
    unit.page.set_input_files("input[type=file]", file)
    unit.page.locator("main form[data-upload] button[type=submit]").click()
    unit.page.wait_for_url("**/portal/submissions/**")


def wait(unit: Visitor) -> None:
    """Until the verdict shows."""
    verdict = re.compile("|".join(map(unit.say, STATES)))
    expect(unit.page.locator(".title-row .tag")).to_have_text(verdict, timeout=WAIT_MS)


def upload(unit: Visitor, file: Path) -> str:
    """Send a file and wait for its verdict; gives the submission's address."""
    send(unit, file)
    wait(unit)
    return unit.page.url


@contextmanager
def paused(workers: list[psutil.Process]) -> Iterator[None]:
    """The workers stand still."""
    for worker in workers:
        worker.suspend()
    try:
        yield
    finally:
        for worker in workers:
            worker.resume()
