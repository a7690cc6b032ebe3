"""Figures in cells: digits of every width, separators, units and percentages, and what is no exact figure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import polars as pl

from validation.casting.texts import Cell, as_json, read_each
from validation.few_rows import select
from validation.forms.form import Column, Kind
from validation.units import MULTIPLES, UNITS, factor, find_unit

#: Above this a float no longer tells whole numbers (and two decimals) apart.
LARGEST = 1e15

_PLAIN = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?$"
#: Percent points with their sign, as most are written.
_POINTS = r"^[+-]?[0-9]+(?:\.[0-9]+)?%$"
_UNIT = "|".join(sorted((re.escape(name) for name in UNITS), key=len, reverse=True))
_MULTIPLE = "|".join(sorted(MULTIPLES, key=len, reverse=True))
_FIGURE = re.compile(
    r"(?P<digits>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?)"
    rf"(?:e(?P<power>[+-]?[0-9]{{1,2}}))?\s*(?P<multiple>{_MULTIPLE})?\s*(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_APPROXIMATE = re.compile(
    r"(?:约|大约|大概|接近|将近|近|超过|超|逾|不足|不到|至少|至多|不少于|不低于|[<>≤≥≈~±])+\s*[0-9].*"
    r"|[0-9].*(?:\+|余|多|左右|以上|以下|以内|上下)\D*"
    r"|[0-9][0-9.,]*\D{0,3}(?:-|–|—|~|至|到)\s*[0-9].*"
)
#: Names of our own money beside a figure; any other is no figure of ours.
_CURRENCY = re.compile(r"^(?:(?:¥|RMB|CNY|人民币)\s*)+|\s*(?:¥|RMB|CNY|人民币)$", re.IGNORECASE)


def read_number_texts(texts: pl.Series, column: Column, unit: str | None) -> pl.DataFrame:
    """Cleaned texts as figures in the column's unit; adds the unrounded value as `exact`."""
    ordinary = texts.str.contains(_PLAIN).fill_null(value=False)
    figures = texts.set(~ordinary, None).str.replace_all(",", "").cast(pl.Float64)
    read = read_numbers(figures, column, unit)
    odd = texts.set(ordinary, None) if ordinary.any() else texts
    if column.kind is Kind.PERCENT and odd.null_count() < len(odd):
        signed = odd.str.contains(_POINTS).fill_null(value=False)
        points = odd.set(~signed, None).str.strip_suffix("%").cast(pl.Float64)
        read, odd = _merge(read, typed(_bare_frame(points), column)), odd.set(signed, None)
    if odd.null_count() == len(odd):
        return read
    return _merge(
        read, typed(read_each(odd, lambda text: read_figure(text, column, unit), pl.Float64), column)
    )


def _merge(plain: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    odd = odd.rename(lambda name: f"odd_{name}")
    both = pl.concat([plain, odd], how="horizontal")
    return both.select(pl.coalesce(name, f"odd_{name}").alias(name) for name in plain.columns)


def _bare_frame(figures: pl.Series) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.String)
    return figures.to_frame("value").with_columns_seq(code=nothing, params=nothing)


def read_numbers(figures: pl.Series, column: Column, unit: str | None) -> pl.DataFrame:
    """Figures in the unit of their title as figures in the column's unit; adds `exact`."""
    size = factor(unit, column.unit) or Decimal(1)
    if size > 1:
        figures = figures * float(size)
    elif size < 1:
        figures = figures / float(1 / size)  # dividing by 10 000 is exact where multiplying by 0.0001 is not
    read = _bare_frame(figures)
    if column.kind is Kind.PERCENT:
        read = doubt_shares(read, column)
    return typed(read, column)


def doubt_shares(read: pl.DataFrame, column: Column) -> pl.DataFrame:
    """cell.W117 on figures between 0 and 1 that lie within the column's range."""
    value = pl.col("value")
    doubtful = (value > 0) & (value < 1)
    if column.minimum is not None:
        doubtful &= value >= column.minimum
    if not read.select_seq(doubtful.any()).item():
        return read
    points = (value * 100).round(6).cast(pl.String).str.strip_suffix(".0")
    params = pl.struct(points.alias("suggestion")).struct.json_encode()
    return read.with_columns(
        code=pl.when(doubtful).then(pl.lit("cell.W117")).otherwise("code"),
        params=pl.when(doubtful).then(params).otherwise("params"),
    )


def typed(read: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Figures as the column's dtype. What it cannot hold is cell.E103 or cell.E107; `exact` keeps the float."""
    value = pl.col("value")
    too_large = (value.abs() >= LARGEST).fill_null(value=False)
    parted = (value - value.round(0)).abs() > 1e-9 if column.kind is Kind.INT else pl.lit(value=False)
    code = pl.when(too_large).then(pl.lit("cell.E107")).when(parted).then(pl.lit("cell.E103")).otherwise(None)
    params = pl.when(too_large).then(pl.lit(as_json(column.limits))).otherwise("params")
    held = pl.when(code.is_null()).then(value)
    return select(
        read,
        _as_dtype(held, column.kind).alias("value"),
        pl.coalesce(code, "code").alias("code"),
        params.alias("params"),
        held.alias("exact"),
    )


def _as_dtype(value: pl.Expr, kind: Kind) -> pl.Expr:
    if kind is Kind.INT:
        return value.round(0).cast(pl.Int64)
    if kind is Kind.MONEY:
        # 860.505 is a little less as a float; rounding its hundredfold twice gives what a spreadsheet shows.
        hundredths = (value * 100).round(6).round(0, mode="half_away_from_zero")
        return (hundredths / 100).cast(pl.Decimal(18, 2))
    return value


def read_figure(text: str, column: Column, unit: str | None) -> Cell:
    """One odd text as a figure in the column's unit."""
    tidy = unicodedata.normalize("NFKC", text).replace("−", "-").strip(" '‘’")
    if column.kind is Kind.MONEY:
        tidy = _CURRENCY.sub("", tidy)
    match = _FIGURE.fullmatch(tidy)
    if match is None or not re.search("[0-9]", match["digits"]):
        return Cell(code="cell.E114" if _APPROXIMATE.fullmatch(tidy) else "cell.E102")
    number = Decimal(re.sub("[, ]", "", match["digits"])).scaleb(int(match["power"] or 0))
    if match["multiple"] is None and match["unit"] is None:
        return _bare(number, column, unit)
    return _with_unit(number, match["multiple"], match["unit"], column, unit)


def _bare(number: Decimal, column: Column, unit: str | None) -> Cell:
    value = float(number * (factor(unit, column.unit) or 1))
    lowest = column.minimum if isinstance(column.minimum, int | float) else 0
    if column.kind is Kind.PERCENT and 0 < value < 1 and value >= lowest:
        return Cell(value, "cell.W117", {"suggestion": f"{value * 100:.6g}"})
    return Cell(value)


def _with_unit(
    number: Decimal, multiple: str | None, name: str | None, column: Column, unit: str | None
) -> Cell:
    number *= MULTIPLES[multiple] if multiple else 1
    if name is None:  # 350万 in a money column is 350万元, whatever the title's unit
        name = "元" if column.kind is Kind.MONEY else unit or column.unit
    size = factor(name.lower() if name else None, column.unit)
    if size is None:
        return Cell(code="cell.E102")
    number *= size
    named_unit = find_unit(name) if name else None
    if column.kind is Kind.PERCENT and multiple is None and named_unit and named_unit.size == 1:
        return Cell(float(number))
    return Cell(float(number), "cell.W118", {"converted": _converted(number, column.unit)})


def _converted(number: Decimal, unit: str | None) -> dict[str, str]:
    figure = f"{number.normalize():f}"
    known = find_unit(unit) if unit else None
    return {"zh": f"{figure}{unit or ''}", "en": f"{figure} {known.name_en if known else unit or ''}".strip()}
