"""The engine on the command line: check one file without server, queue or database; exit 0, 1 or 2."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from project.limits import upload_limits
from validation import (
    FORMS,
    Context,
    Form,
    Period,
    Result,
    from_row,
    reporting_units,
    validate,
)

#: Exit codes: no E finding; at least one; the check could not run.
CLEAN, INVALID, NOT_RUN = 0, 1, 2

VERDICTS = {
    "ready": "通过 ready",
    "unexplained": "待说明 unexplained",
    "invalid": "不通过 invalid",
}


class NotRunError(CommandError):
    """Raised when the check could not run: the exit code is 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}", returncode=NOT_RUN)


class OwnFaults:
    """Turns a fault of ours into exit code 2, so that no caller takes it for a finding."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(fault, Exception) and not isinstance(fault, CommandError):
            traceback.print_exception(fault)
            raise NotRunError("检查未能完成。", "The check could not be finished.") from fault


class Command(BaseCommand):
    """`validate FILE --collection networks --unit 320000 --period 2026Q3`."""

    help = "Check a file as the portal would, and store nothing. 检查文件，不保存任何内容。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--collection", required=True, choices=list(FORMS))
        parser.add_argument("--unit", required=True, choices=list(reporting_units()), metavar="UNIT")
        parser.add_argument("--period", required=True, type=_period, help="2026Q3")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--previous", type=Path, help="the last accepted register of the same collection")
        parser.add_argument("--networks", type=Path, help="the unit's network register of the period")

    def handle(self, *args: Any, **options: Any) -> None:
        _take_any_character(self.stdout)
        with OwnFaults():
            result = _check(options)
            self.stdout.write(_as_json(result, options) if options["json"] else _as_text(result, options))
        if result.counts["E"]:
            raise SystemExit(INVALID)


def _take_any_character(out: OutputWrapper) -> None:
    """Have characters that the terminal's encoding lacks written as ?, so that none stops the answer."""
    stream = getattr(out, "_out", None)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _check(options: dict[str, Any]) -> Result:
    form, period = FORMS[options["collection"]], options["period"]
    alone = Context(unit=options["unit"], period=period, limits=upload_limits())
    context = dataclasses.replace(
        alone,
        previous=_register(options["previous"], form, dataclasses.replace(alone, period=period.shift(-1))),
        networks=_register(options["networks"], FORMS["networks"], alone),
    )
    return validate(_bytes(options["file"]), form, context, filename=options["file"].name)


def _bytes(path: Path) -> bytes:
    """Return the file's content; of a file over the limit only enough to show that it is."""
    try:
        with path.open("rb") as content:
            return content.read(upload_limits().file_bytes + 1)
    except OSError as error:
        raise NotRunError(
            f"无法打开文件 {path}：", f"The file cannot be opened: {error.strerror}."
        ) from error


def _register(path: Path | None, form: Form, context: Context) -> pl.DataFrame | None:
    """Return the typed frame of a register to compare with; its own findings are not needed."""
    if path is None:
        return None
    frame = validate(_bytes(path), form, context, filename=path.name).frame
    if frame is None:
        raise NotRunError(f"无法读取比对文件 {path}。", "The register to compare with cannot be read.")
    return frame


def _as_json(result: Result, options: dict[str, Any]) -> str:
    payload = result.to_json(
        collection=options["collection"], unit=options["unit"], period=str(options["period"])
    )
    return json.dumps(payload, ensure_ascii=False, indent=2)


def _as_text(result: Result, options: dict[str, Any]) -> str:
    counts = result.counts
    lines = [_line(row) for row in result.findings.iter_rows(named=True)]
    lines += [f"未能判定 not evaluable: {code}" for code in result.report.not_evaluable]
    lines += [
        f"{sheet.name}: {sheet.data_rows} 行数据 data rows, {len(sheet.skipped)} 行跳过 rows skipped"
        for sheet in result.report.sheets
    ]
    tally = f"E {counts['E']}, W {counts['W']}, I {counts['I']}"
    return "\n".join([*lines, f"{options['file'].name}: {VERDICTS[result.verdict]} ({tally})"])


def _line(row: dict[str, Any]) -> str:
    """Return one finding as one line: where, code, message and fix in both languages."""
    finding = from_row(row)
    where = " ".join(str(part) for part in (finding.sheet, finding.cell or finding.row) if part is not None)
    zh = f"{finding.message('zh')}{finding.fix('zh')}"
    return f"{where or '-'}  {finding.code}  {zh}  {finding.message('en')} {finding.fix('en')}".rstrip()
