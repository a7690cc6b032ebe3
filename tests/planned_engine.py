"""For tests of the verbs: an engine that answers what a test plans, so that each state and fault can be had at will."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import polars as pl
import pytest

import validation
from demo import register
from validation import Context, Form
from validation.display import display
from validation.findings import Finding, to_frame
from validation.result import Report, Result, SheetReport
from validation.table import MappedColumn, SkippedRow


def planned(
    findings: Iterable[Finding] | pl.DataFrame = (),
    *,
    rows: int = 3,
    unit: str = "320000",
    collection: str = "networks",
    not_evaluable: tuple[str, ...] = (),
) -> Result:
    """A result as the engine gives it, with a demo register of `rows` rows as its frame."""
    sheet = SheetReport(
        name="专网",
        header_row=2,
        data_rows=rows,
        skipped=(
            SkippedRow(1, "title"),
            SkippedRow(6, "blank"),
            SkippedRow(7, "blank"),
            SkippedRow(9, "blank"),
        ),
        columns=(
            MappedColumn(0, "专网编号", "network_code", "title"),
            MappedColumn(1, "专网名称", "network_name", "title"),
            MappedColumn(6, "建设状态", "status", "title"),
            MappedColumn(18, "5G终端数", "terminals", "title"),
        ),
    )
    return Result(
        frame=typed_frame(unit, collection, rows),
        findings=findings if isinstance(findings, pl.DataFrame) else to_frame(findings),
        cells=kept(typed_frame(unit, collection, rows), collection),
        report=Report(format="xlsx", sheets=(sheet,), not_evaluable=not_evaluable),
    )


@cache
def typed_frame(unit: str, collection: str, rows: int) -> pl.DataFrame:
    """The first rows of a demo register as the engine's typed frame, read from sheet row 3 on."""
    records = register(unit, collection, validation.Period(2026, 3)).head(rows)
    placed = records.with_columns(pl.lit("专网").alias("_sheet"), pl.int_range(3, pl.len() + 3).alias("_row"))
    schema = validation.frame_schema(validation.FORMS[collection])
    return placed.select(list(schema)).cast(schema)


def kept(frame: pl.DataFrame, collection: str) -> pl.DataFrame:
    """The frame as the engine keeps it, with the texts as a person would have written them."""
    form = validation.FORMS[collection]
    texts = display(form, frame).select(pl.all().cast(pl.String).name.prefix("_text_"))
    unread = pl.DataFrame({f"_unread_{column.key}": [False] * frame.height for column in form.columns})
    return pl.concat([frame, unread, texts], how="horizontal")


class Engine:
    """Stands in the engine's door. `answer` is a result, an exception to raise, or a function of the context;
    None stands for a form without findings."""

    def __init__(self) -> None:
        self.answer: Result | BaseException | Callable[[Context], Result] | None = None
        self.contexts: list[Context] = []

    def __call__(self, data: bytes, form: Form, context: Context, *, filename: str = "") -> Result:
        self.contexts.append(context)
        if isinstance(self.answer, BaseException):
            raise self.answer
        if isinstance(self.answer, Result):
            return self.answer
        if self.answer is None:
            return planned(collection=form.name, unit=context.unit)
        return self.answer(context)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The planned engine in place of the real one; the real one is used by test_whole_way.py."""
    planned_engine = Engine()
    monkeypatch.setattr(validation, "validate", planned_engine)
    return planned_engine


def warning(code: str = "net.W320", **fields: Any) -> Finding:
    """A warning at a record of Jiangsu's demo register."""
    return Finding(
        code, **{"sheet": "专网", "row": 3, "column": "status", "cell": "G3", "key": "JS-1"} | fields
    )
