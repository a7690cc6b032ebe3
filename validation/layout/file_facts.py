"""Findings about the file as a whole: its template's version, what is ignored in it, its own period and unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from validation.codelists import reporting_units
from validation.context import Context
from validation.findings import Finding
from validation.forms.form import Form
from validation.layout.words import IGNORED, joined
from validation.periods import Period
from validation.raw import Workbook

_MARK = re.compile(r"([a-z_]+)-(20[0-9]{2}Q[1-4])-([0-9]+)")


def file_findings(workbook: Workbook, form: Form, context: Context) -> Iterator[Finding]:
    """file.W013 for an older template and file.W019 for what is ignored."""
    current = form.template_mark(context.period)
    if workbook.template_mark is not None and _is_older(workbook.template_mark, current):
        yield Finding("file.W013", params={"found": workbook.template_mark, "current": current})
    if workbook.ignored_kinds:
        kinds = joined([IGNORED[kind] for kind in workbook.ignored_kinds])
        yield Finding("file.W019", params={"kinds": kinds})


def _is_older(mark: str, current: str) -> bool:
    parts, wanted = _MARK.fullmatch(mark), _MARK.fullmatch(current)
    if parts is None or wanted is None or parts[1] != wanted[1]:
        return False
    return (parts[2], int(parts[3])) < (wanted[2], int(wanted[3]))


def statement_findings(
    sheet: str, period: Period | None, units: Iterable[frozenset[str]], context: Context
) -> Iterator[Finding]:
    """file.E011 and file.E012 where the sheet names another period or another unit."""
    if period is not None and period != context.period:
        yield Finding(
            "file.E011",
            sheet=sheet,
            value=str(period),
            params={"found": str(period), "chosen": str(context.period)},
        )
    contrary = next((named for named in units if context.unit not in named), None)
    if contrary is not None:
        named_units = _names(contrary)
        params = {"found": named_units, "chosen": _names([context.unit])}
        yield Finding("file.E012", sheet=sheet, value=named_units["zh"], params=params)


def _names(codes: Iterable[str]) -> dict[str, str]:
    units = [reporting_units()[code] for code in sorted(codes)]
    return joined([{"zh": unit.name_zh, "en": unit.name_en} for unit in units])
