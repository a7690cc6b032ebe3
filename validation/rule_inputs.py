"""Facts beside each row that rules compare with: what could not be read, credit-code faults, earlier and other registers."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from validation.context import Context
from validation.credit_codes import faults
from validation.forms.form import Form, Kind


def with_facts(frame: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Add what rules compare beside each field, where the frame lacks it: `_unread_<key>` (false), per date
    `_precision_<key>` (null, which stands for the day), and per credit code `_fault_<key>`, the rule that it breaks."""
    present = frozenset(frame.columns)
    marks = [f"_unread_{column.key}" for column in form.columns]
    precisions = [f"_precision_{column.key}" for column in form.columns if column.kind is Kind.DATE]
    absent = [
        *(pl.lit(value=False).alias(name) for name in marks if name not in present),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in precisions if name not in present),
    ]
    return with_faults(frame.with_columns(absent) if absent else frame, form)


def with_unread(frame: pl.DataFrame, unread: pl.DataFrame) -> pl.DataFrame:
    """Add `_unread_<key>`: true where the cell's value is missing for a reason already told."""
    return pl.concat([frame, unread.rename(lambda key: f"_unread_{key}")], how="horizontal")


def with_faults(frame: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Add `_fault_<key>` per credit-code column: the uscc rule that it breaks."""
    keys = [column.key for column in form.columns if column.kind is Kind.USCC]
    return frame.with_columns(faults(frame[key]).alias(f"_fault_{key}") for key in keys)


def with_companion(frame: pl.DataFrame, form: Form, context: Context) -> pl.DataFrame:
    """Add `_companion_known` and `_companion_<field>` of the companion's record that a row names; without a companion
    the frame itself."""
    companion = form.companion
    if companion is None or context.companion is None or companion.key not in frame.columns:
        return frame
    records = context.companion.unique(companion.key, keep="first", maintain_order=True)
    named = records.select(
        companion.key,
        *(pl.col(field).alias(f"_companion_{field}") for field in companion.fields),
        pl.lit(value=True).alias("_companion_known"),
    )
    joined = frame.join(named, on=companion.key, how="left", maintain_order="left")
    return joined.with_columns(pl.col("_companion_known").fill_null(value=False))


def with_before(frame: pl.DataFrame, form: Form, context: Context, wanted: Iterable[str]) -> pl.DataFrame:
    """Add those of `wanted` that are named `_before_<key>`: fields of the last accepted register, by record key."""
    if context.previous is None:
        return frame
    key, names = form.key.key, frozenset(wanted)
    before = {f"_before_{column.key}": pl.col(column.key) for column in form.columns}
    named = context.previous.select(key, **{name: field for name, field in before.items() if name in names})
    if not named[key].is_unique().all():  # else a large register would be copied for nothing
        named = named.unique(key, keep="first", maintain_order=True)
    return frame.join(named, on=key, how="left", maintain_order="left")
