"""Lineage: from a figure to its units, to the rows of their files behind it, and to the cells that made each count."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import polars as pl
from django.db.models import Q

from national.aggregation.rollup import VALUE, amount, keys, quotient
from national.definitions.areas import areas
from national.definitions.breakdowns import BREAKDOWNS, NOT_STATED, TOTAL
from national.definitions.counting_rules import CountingRule, version
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.definitions.populations import Frames
from national.dissemination.queries import readable
from national.models import AreaType, Figure
from national.models.figure import FigureQuerySet
from submissions.files import storage
from submissions.files.edits_in_force import sheets_of
from submissions.models import Register, Submission
from validation import FORMS, SheetColumns, address

#: A row behind a figure. `value` is what it adds to the value or the numerator, `counts_as` the key of which
#: every different one counts; one of the two is null. `cells` are the addresses that made it count.
ROW: dict[str, pl.DataType] = {
    "unit": pl.String(),
    "collection": pl.String(),
    "key": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
    "value": VALUE,
    "counts_as": pl.String(),
    "cells": pl.List(pl.String()),
}


class Source(NamedTuple):
    """The registers behind a unit's figure, by collection."""

    submissions: dict[str, Submission]
    frames: Frames


def unit_figures_of(figure: Figure, *, staff: bool = True) -> FigureQuerySet:
    """The units' figures that `figure` is made from, as they stood when it came into force, carried ones too.

    Who is not national staff reads them without the numbers that are withheld.
    """
    same = readable(staff=staff).filter(
        area_type=AreaType.UNIT,
        area__in=areas()[figure.area].units,
        indicator=figure.indicator,
        period=figure.period,
        breakdown=figure.breakdown,
        breakdown_value=figure.breakdown_value,
    )
    return same.as_of(figure.valid_from).select_related("submission").order_by("area")


def rows_of(figure: Figure) -> pl.DataFrame:
    """Rows behind a figure as rows of ROW, unit by unit in file order; `value_of` makes the figure of them."""
    if figure.area_type != AreaType.UNIT:
        behind = (rows_of(unit_figure) for unit_figure in unit_figures_of(figure))
        return pl.concat([pl.DataFrame(schema=ROW), *behind])
    return rows_in(source_of(figure), figure)


def rows_in(source: Source, figure: Figure) -> pl.DataFrame:
    """Rows behind a unit's figure in the registers that it was made from."""
    indicator = INDICATORS[figure.indicator]
    parts = [_rows(figure, indicator, collection, source) for collection in indicator.populations]
    return pl.concat(parts)


def value_of(indicator: str, rows: pl.DataFrame) -> Decimal | None:
    """The figure's value made of the rows behind it; None where there is nothing to divide by."""
    declared = INDICATORS[indicator]
    if declared.adds is Adds.DISTINCT:
        return Decimal(rows["counts_as"].n_unique())
    total: Decimal = rows["value"].sum() or Decimal(0)
    if not declared.is_quotient:
        return total
    return quotient(total, Decimal(len(rows)), declared.factor) if len(rows) else None


def rule_of(figure: Figure) -> CountingRule:
    """The version of the counting rule that `figure` was made by."""
    return version(figure.rule_version)


def source_of(figure: Figure) -> Source:
    """The registers behind a unit's figure with their rows."""
    submissions = sources_of(figure)
    return Source(submissions, frames_of(submissions))


def frames_of(submissions: dict[str, Submission]) -> Frames:
    """The rows of registers by collection."""
    return {name: storage.frame_of(submission) for name, submission in submissions.items()}


def sources_of(figure: Figure) -> dict[str, Submission]:
    """By collection the registers behind a unit's figure that were in force when it came into force."""
    moment = figure.valid_from
    then = Q(valid_to__isnull=True) | Q(valid_to__gt=moment)
    registers = Register.objects.filter(
        then,
        unit=figure.area,
        period=figure.carried_from or figure.period,
        collection__in=INDICATORS[figure.indicator].collections,
        valid_from__lte=moment,
    )
    return {register.collection: register.submission for register in registers.select_related("submission")}


def _rows(figure: Figure, indicator: Indicator, collection: str, source: Source) -> pl.DataFrame:
    """Rows of one register behind a unit's figure."""
    frame = source.frames[collection]
    distinct = indicator.adds is Adds.DISTINCT
    made = keys(indicator, collection, source.frames, rule_of(figure)) if distinct else None
    adds = amount(indicator, source.frames, rule_of(figure)) if made is None else made
    belongs = _belongs(figure)
    rows = frame.filter(belongs & adds.is_not_null()).select_seq(
        unit=pl.lit(figure.area),
        collection=pl.lit(collection),
        key=pl.col(FORMS[collection].key.key),
        sheet=pl.col("_sheet"),
        row=pl.col("_row").cast(pl.Int64),
        value=pl.lit(None, VALUE) if distinct else adds,
        counts_as=adds if distinct else pl.lit(None, pl.String),
    )
    looked_at = dict.fromkeys([*adds.meta.root_names(), *belongs.meta.root_names()])
    return _with_cells(rows, list(looked_at), source.submissions[collection])


def _with_cells(rows: pl.DataFrame, columns: list[str], submission: Submission) -> pl.DataFrame:
    """The addresses of `columns` in each row; columns that a sheet does not have are left out."""
    places = [(sheet.name, sheet.span, _letters(sheet, columns)) for sheet in sheets_of(submission)]
    schema = {"sheet": pl.String(), "span": pl.List(pl.Int64()), "letters": pl.List(pl.String())}
    letters = pl.DataFrame(places, schema=schema, orient="row")
    numbered = rows.with_row_index("nth").join(letters, on="sheet", how="left", maintain_order="left")
    span = pl.col("span")  # of a sheet with several tables each has columns of its own
    own = pl.col("row").is_between(span.list.first(), span.list.last())
    numbered = numbered.filter(span.is_null() | own).drop("span")
    cells = pl.col("letters") + pl.col("row").cast(pl.String)
    addresses = (
        numbered.explode("letters", empty_as_null=True)
        .group_by("nth", maintain_order=True)
        .agg(cells=cells.drop_nulls())
    )
    return numbered.join(addresses, on="nth", maintain_order="left").select_seq(list(ROW))


def _letters(sheet: SheetColumns, keys: list[str]) -> list[str]:
    """Letters of the columns that hold `keys`, in the order of the keys."""
    positions = sheet.positions
    return [address(1, positions[key])[:-1] for key in keys if key in positions]


def _belongs(figure: Figure) -> pl.Expr:
    """Report whether a row lies in the figure's part of its breakdown."""
    if figure.breakdown == TOTAL:
        return pl.lit(True)  # noqa: FBT003 a literal column
    breakdown = BREAKDOWNS[figure.breakdown]
    value = breakdown.value()
    if not breakdown.multi_valued:
        return value.fill_null(NOT_STATED) == figure.breakdown_value
    if figure.breakdown_value == NOT_STATED:
        return value.list.len().fill_null(0) == 0
    return value.list.contains(figure.breakdown_value)
