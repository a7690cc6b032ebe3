"""Check a file: read, lay out, cast and check, from its bytes to a Result."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import polars as pl

from validation.casting import cast
from validation.checking import check
from validation.context import Context, Progress
from validation.corrections import kept_cells, overlay
from validation.findings import Finding, to_frame
from validation.forms.form import Form
from validation.layout import Layout, find_tables
from validation.raw import RefusedFileError
from validation.reading import read_workbook
from validation.reading.allowance import Allowance
from validation.reading_order import in_reading_order
from validation.result import Report, Result, SheetReport


@dataclass
class _Clock:
    """Seconds spent per phase."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def validate(data: bytes, form: Form, context: Context, *, filename: str = "") -> Result:
    """Check one file. A file that cannot be taken gives a Result with that one finding; nothing a file holds raises.

    Findings come in reading order: the file's own first, then by sheet, row and column.
    """
    clock, allowance = _Clock(), Allowance(context.limits)
    context = replace(context, progress=_watched(context.progress, allowance))
    try:
        layout = _laid_out(data, filename, form, context, clock, allowance)
        return _checked(layout, form, context, clock)
    except RefusedFileError as refusal:
        return _refused(refusal, clock)


def _laid_out(
    data: bytes, filename: str, form: Form, context: Context, clock: _Clock, allowance: Allowance
) -> Layout:
    """The file's tables; what else its sheets hold is given up with the workbook."""
    with clock.phase("reading"):
        context.progress("reading", 0, None)
        workbook = read_workbook(data, filename=filename, limits=context.limits, allowance=allowance)
    with clock.phase("layout"):
        context.progress("layout", 0, None)
        return find_tables(workbook, form, context)


def _watched(progress: Progress, allowance: Allowance) -> Progress:
    """Return `progress` that also checks time and memory: it is reported often."""

    def report(phase: str, done: int, total: int | None) -> None:
        allowance.check()
        progress(phase, done, total)

    return report


def _refused(refusal: RefusedFileError, clock: _Clock) -> Result:
    findings = to_frame([Finding(refusal.code, params=refusal.params)])
    return Result(None, findings, Report(None, timings=clock.seconds))


def _checked(layout: Layout, form: Form, context: Context, clock: _Clock) -> Result:
    layout_findings = to_frame(layout.findings)
    if not layout.tables:
        return Result(None, layout_findings, _report(layout, (), clock))
    with clock.phase("casting"):
        read = cast(overlay(layout.tables, context.edits), form, context)
        # what is kept is the file as it was read, for a correction may be undone
        as_read = cast(layout.tables, form, context) if context.edits else read
    with clock.phase("checking"):
        checked = check(read, form, context)
    unsorted = pl.concat([layout_findings, read.findings, checked.findings])
    findings = in_reading_order(unsorted, layout.sheets, read.tables)
    report = _report(layout, checked.not_evaluable, clock)
    return Result(read.frame, findings, report, kept_cells(as_read))


def _report(layout: Layout, not_evaluable: tuple[str, ...], clock: _Clock) -> Report:
    return Report(
        format=layout.format,
        sheets=tuple(
            SheetReport(t.sheet.name, t.header_row, len(t.rows), t.skipped, t.columns, t.gaps, t.span)
            for t in layout.tables
        ),
        unread=layout.unread,
        not_evaluable=not_evaluable,
        stated_period=str(layout.stated_period) if layout.stated_period else None,
        stated_unit=layout.stated_unit,
        timings=clock.seconds,
    )
