"""Typed frame -> values as a person writes them (labels, joined lists, 是/否); templates and exports use it."""

from __future__ import annotations

import polars as pl

from validation.codelists import options
from validation.forms import Column, Form, Kind

#: Joins the values of a list; casting splits by it.
SEPARATOR = "、"


def display(form: Form, frame: pl.DataFrame) -> pl.DataFrame:
    """The form's columns of a typed frame with code-list codes as Chinese labels, lists joined by 、, yes/no
    as 是/否 and money as numbers; codes of regions and industries stay codes, dates stay dates."""
    return frame.select(_written(column) for column in form.columns)


def _written(column: Column) -> pl.Expr:
    value = pl.col(column.key)
    if column.kind is Kind.ENUM:
        return _labelled(value, column)
    if column.kind is Kind.ENUM_LIST:
        return value.list.eval(_labelled(pl.element(), column)).list.join(SEPARATOR)
    if column.kind is Kind.BOOL:
        return pl.when(value).then(pl.lit("是")).when(~value).then(pl.lit("否")).alias(column.key)
    if column.kind is Kind.MONEY:
        return value.cast(pl.Float64)
    return value


def _labelled(value: pl.Expr, column: Column) -> pl.Expr:
    """A code that the list does not know stays as it is."""
    assert column.codelist is not None  # noqa: S101  # enum columns always name their list
    labels = {option.code: option.label_zh for option in options(column.codelist)}
    return value.replace(labels)
