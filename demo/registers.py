"""Whole demo registers as typed frames: one unit, one collection, one period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from demo.applications import application_row, applications_at
from demo.networks import network_row, networks_at
from validation import FORMS, Form, Period
from validation.frame import DTYPES

#: One in twenty of the real size: loads in under a minute.
DEMO_SCALE = 0.05


def typed(form: Form, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows by field key as a frame with the form's columns in order; what a row lacks is null."""
    schema = {column.key: DTYPES[column.kind] for column in form.columns}
    values = [tuple(row.get(key) for key in schema) for row in rows]
    return pl.DataFrame(values, schema=schema, orient="row")


@lru_cache(maxsize=64)
def register(unit: str, collection: str, period: Period, *, scale: float = DEMO_SCALE) -> pl.DataFrame:
    """The unit's whole register at the end of `period`: codes and typed values, one column per form key.

    `scale` 1 is the size of the country; the same arguments give the same rows. Checked, such a
    register has no finding at all, and the register before it makes a history without one. The last ones are kept: a
    unit's networks are asked for once more for its applications.
    """
    return typed(FORMS[collection], _rows(unit, collection, period, scale))


def _rows(unit: str, collection: str, period: Period, scale: float) -> list[dict[str, Any]]:
    if collection == "networks":
        return [network_row(unit, network, period) for network in networks_at(unit, period, scale)]
    return [
        application_row(unit, application, period) for application in applications_at(unit, period, scale)
    ]
