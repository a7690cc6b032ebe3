"""The engine on the command line: check one file without server, queue or database; exit 0, 1 or 2."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import polars as pl

from validation import FORMS, Context, Form, Period, Result, companions, from_row, reporting_units, validate
from validation.limits import limits_from_environment

#: Exit codes: no E finding; at least one; the check could not run.
CLEAN, INVALID, NOT_RUN = 0, 1, 2

HELP = "Check a file as the portal would, and store nothing. 检查文件，不保存任何内容。"

VERDICTS = {
    "ready": "通过 ready",
    "unexplained": "待说明 unexplained",
    "invalid": "不通过 invalid",
}


class NotRunError(Exception):
    """The check could not run: the exit code is 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")


class OwnFaults:
    """Turns a fault of ours into NotRunError, so that no caller takes it for a finding."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(fault, Exception) and not isinstance(fault, NotRunError):
            traceback.print_exception(fault)
            raise NotRunError("检查未能完成。", "The check could not be finished.") from fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the file that `arguments` name, by default those of the process, and return the exit code."""
    parser = argparse.ArgumentParser(prog="gongwang-validate", description=HELP)
    add_arguments(parser)
    options = vars(parser.parse_args(arguments))
    take_any_character(sys.stdout)
    try:
        text, code = run(options)
    except NotRunError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return NOT_RUN
    sys.stdout.write(f"{text}\n")
    return code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file and the options, as `run` takes them."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--collection", required=True, choices=list(FORMS))
    parser.add_argument("--unit", required=True, choices=list(reporting_units()), metavar="UNIT")
    parser.add_argument("--period", required=True, type=_period, help="2026Q3")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--previous", type=Path, help="the last accepted register of the same collection")
    for form in companions():
        option = f"--{form.name.replace('_', '-')}"
        parser.add_argument(option, type=Path, help=f"the unit's register of the period: {form.label_en}")


def run(options: dict[str, Any]) -> tuple[str, int]:
    """The answer as text or JSON, and the exit code. Raises NotRunError when the check could not run."""
    with OwnFaults():
        result = _check(options)
        text = _as_json(result, options) if options["json"] else _as_text(result, options)
    return text, INVALID if result.counts["E"] else CLEAN


def take_any_character(stream: TextIO | None) -> None:
    """No character of a file, or of its name, stops the answer: what the terminal's encoding lacks is shown as ?."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _check(options: dict[str, Any]) -> Result:
    form, period = FORMS[options["collection"]], options["period"]
    alone = Context(unit=options["unit"], period=period, limits=limits_from_environment())
    context = dataclasses.replace(
        alone,
        previous=_register(options["previous"], form, dataclasses.replace(alone, period=period.shift(-1))),
        companion=_companion(form, options, alone),
    )
    return validate(_bytes(options["file"]), form, context, filename=options["file"].name)


def _companion(form: Form, options: dict[str, Any], alone: Context) -> pl.DataFrame | None:
    """The typed frame of the register that the form's rules compare with, where the form has one and it is given."""
    if form.companion is None:
        return None
    return _register(options[form.companion.collection], FORMS[form.companion.collection], alone)


def _bytes(path: Path) -> bytes:
    """The file's content; of one over the limit no more than tells that it is."""
    try:
        with path.open("rb") as content:
            return content.read(limits_from_environment().file_bytes + 1)
    except OSError as error:
        raise NotRunError(
            f"无法打开文件 {path}：", f"The file cannot be opened: {error.strerror}."
        ) from error


def _register(path: Path | None, form: Form, context: Context) -> pl.DataFrame | None:
    """The typed frame of a register to compare with; its own findings are not asked for."""
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
    """One finding in one line: where, code, message and fix in both languages."""
    finding = from_row(row)
    where = " ".join(str(part) for part in (finding.sheet, finding.cell or finding.row) if part is not None)
    zh = f"{finding.message('zh')}{finding.fix('zh')}"
    return f"{where or '-'}  {finding.code}  {zh}  {finding.message('en')} {finding.fix('en')}".rstrip()
