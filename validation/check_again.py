"""Re-checking: the present rules over a table kept from an earlier check, without reading the file again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from validation.casting import cast
from validation.checking import Checked, check
from validation.conform import renamed
from validation.context import Context, Edit
from validation.corrections import SheetColumns, as_cast, with_edits
from validation.findings import catalogue
from validation.forms.form import Form
from validation.reading_order import in_reading_order


def check_kept(
    cells: pl.DataFrame,
    sheets: Sequence[SheetColumns],
    edits: Collection[Edit],
    stored: pl.DataFrame,
    form: Form,
    context: Context,
) -> Checked:
    """All findings of a kept table as the rules stand now, in reading order.

    `cells` are kept cells, `edits` the corrections in force, `stored` the findings of the earlier check: those
    of reading and layout stay, those of rules are made anew. With `context.others` or `context.growth` the
    national rules are evaluated too.
    """
    edited, _ = with_edits(cells, sheets, edits, form, context)
    read = as_cast(edited, sheets, form)
    checked = check(read, form, context)
    kept = _of_reading(stored, read.unread, edited, form)
    names = [sheet.name for sheet in sheets]
    findings = in_reading_order(pl.concat([kept, checked.findings]), names, read.tables)
    return Checked(findings, checked.not_evaluable)


def check_nationally(
    cells: pl.DataFrame | None,
    sheets: Sequence[SheetColumns],
    edits: Collection[Edit],
    form: Form,
    context: Context,
) -> pl.DataFrame:
    """Findings of the national rules alone (FINDING_SCHEMA); `context` brings `others` and `growth`.

    `cells` is None for a nil return.
    """
    rules = tuple(rule for rule in form.rules if _is_national(rule.code))
    registers = tuple(rule for rule in form.register_rules if _is_national(rule.code))
    wanted = replace(form, rules=rules, register_rules=registers)
    if cells is None:
        return check(cast((), wanted, context), wanted, context).findings
    edited, _ = with_edits(cells, sheets, edits, form, context)
    return check(as_cast(edited, sheets, wanted), wanted, context).findings


def national_codes() -> frozenset[str]:
    """Codes of the rules that compare units; what they find is not shown to the unit."""
    return frozenset(code for code in catalogue() if _is_national(code))


def _is_national(code: str) -> bool:
    return catalogue()[code].level == "national"


def _of_reading(stored: pl.DataFrame, unread: pl.DataFrame, cells: pl.DataFrame, form: Form) -> pl.DataFrame:
    """The stored findings that no rule made. A code that both reading and a rule report belongs to reading where the
    cell could not be read: rules over cells say nothing there."""
    levels = {code: text.level for code, text in catalogue().items()}
    ruled = {rule.code for rule in form.rules} | {rule.code for rule in form.register_rules}
    read = [code for code, level in levels.items() if level in ("structure", "cell") and code not in ruled]
    both = [code for code, level in levels.items() if level == "cell" and code in ruled]
    mine = stored.with_columns(pl.col("column").replace(renamed(form))).with_row_index("_at")
    # what reading a cell reported of a column goes with the column
    mine = mine.filter(~_is_of_cell(levels) | pl.col("column").is_in(list(form.by_key)))
    at_unread = mine.filter(pl.col("code").is_in(both)).join(
        _places(unread, cells), on=["sheet", "row", "column"], how="semi"
    )
    return pl.concat([mine.filter(pl.col("code").is_in(read)), at_unread]).sort("_at").drop("_at")


def _is_of_cell(levels: dict[str, str]) -> pl.Expr:
    return pl.col("code").is_in([code for code, level in levels.items() if level == "cell"])


def _places(unread: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Sheet, row and column of each cell that could not be read."""
    rows = cells.select(sheet="_sheet", row="_row")
    columns = [name for name in unread.columns if unread[name].any()]
    places = [rows.filter(unread[name]).with_columns(column=pl.lit(name)) for name in columns]
    return pl.concat([rows.clear().with_columns(column=pl.lit("")), *places])
