"""Corrections: cell edits laid over a checked table, and only what depends on them checked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from validation.casting import Cast
from validation.casting.cells import read_column
from validation.casting.result import PLACED, nulls
from validation.casting.texts import classified_marks
from validation.checking import check
from validation.context import Context, Edit
from validation.findings import FINDING_SCHEMA
from validation.forms.form import Form, Kind
from validation.frame import frame_schema
from validation.raw import RawColumn, RawSheet
from validation.rules import Reference, RegisterRule, Rule
from validation.table import MappedColumn, Span, Table

_TEXT, _UNREAD = "_text_", "_unread_"
#: Columns that stand beside a field and follow from it.
_BESIDE = (_UNREAD, "_fault_", "_precision_")


class SheetColumns(NamedTuple):
    """A read sheet's name and its columns: where each field stands. A sheet with several tables comes once for each,
    with the first and last row that are its own."""

    name: str
    columns: tuple[MappedColumn, ...]
    span: Span | None = None

    def holds(self, sheet: str, row: int) -> bool:
        """Whether a row of the workbook is this table's."""
        return sheet == self.name and (self.span is None or self.span[0] <= row <= self.span[1])

    @property
    def positions(self) -> dict[str, int]:
        """Field key -> 0-based spreadsheet column."""
        return {column.key: column.position for column in self.columns if column.key is not None}

    def rows_in(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The rows of kept cells that are this table's."""
        own = pl.col("_sheet") == self.name
        return cells.filter(own if self.span is None else own & pl.col("_row").is_between(*self.span))


@dataclass(frozen=True, slots=True)
class Recheck:
    """What edits change. Of the stored findings these go: those at the touched cells that casting made, those
    of `row_codes` at the touched rows, and all of `whole_codes`. `findings` (FINDING_SCHEMA) come instead.
    At the `unread` cells of those rows, which nobody touched, what casting made stays."""

    cells: pl.DataFrame
    findings: pl.DataFrame
    row_codes: frozenset[str]
    whole_codes: frozenset[str]
    unread: frozenset[tuple[str, int, str]]


def kept_cells(cast: Cast) -> pl.DataFrame:
    """What later corrections need of a check: the typed frame, `_unread_<key>`, and `_text_<key>` as written;
    of a classified cell nothing but its mark."""
    classified = _classified_rows(cast)
    originals = cast.originals([column.key for column in cast.form.columns])
    texts = [_unclassified(texts, classified[texts.name]).alias(_TEXT + texts.name) for texts in originals]
    unread = cast.unread.rename(lambda key: _UNREAD + key)
    return pl.concat([cast.frame, unread, pl.DataFrame(texts)], how="horizontal")


def _classified_rows(cast: Cast) -> dict[str, list[int]]:
    """By field key the positions of the rows whose cell was found to be classified."""
    found = cast.findings.filter(pl.col("code") == "cell.E116")
    rows = cast.frame.select("_sheet", "_row").with_row_index("_at")
    placed = rows.join(found, left_on=["_sheet", "_row"], right_on=["sheet", "row"], how="inner")
    at: dict[str, list[int]] = defaultdict(list)
    for position, key in placed.select("_at", "column").iter_rows():
        at[key].append(position)
    return at


def _unclassified(texts: pl.Series, at: list[int]) -> pl.Series:
    return texts.scatter(at, classified_marks(texts[at])) if at else texts


def frame_in(cells: pl.DataFrame, form: Form) -> pl.DataFrame:
    """The typed frame that stands in kept cells."""
    return cells.select_seq(frame_schema(form).keys())


def overlay(tables: Iterable[Table], edits: Collection[Edit]) -> tuple[Table, ...]:
    """Tables as read with the edited cells replaced; the originals stay as they are."""
    return tuple(
        _overlaid(table, [edit for edit in edits if edit.sheet == table.sheet.name]) for table in tables
    )


def placed(edits: Iterable[Edit], sheets: Iterable[SheetColumns]) -> list[tuple[Edit, int]]:
    """Edits with the 0-based columns they stand in. Those of a column that is read no more are left out, as
    `overlay` does: they come back with it."""
    tables = list(sheets)
    return [
        (edit, at)
        for edit in edits
        if (at := position_of(tables, edit.sheet, edit.row, edit.column)) is not None
    ]


def position_of(sheets: Iterable[SheetColumns], sheet: str, row: int, key: str) -> int | None:
    """The 0-based column in which a field stands in a row; None where it is not read there."""
    table = next((table for table in sheets if table.holds(sheet, row)), None)
    return table.positions.get(key) if table is not None else None


def with_edits(
    cells: pl.DataFrame, sheets: Sequence[SheetColumns], edits: Collection[Edit], form: Form, context: Context
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Kept cells with `edits` laid over them, and the findings of casting at the edited cells."""
    findings = [pl.DataFrame(schema=FINDING_SCHEMA)]
    at = _rows_of(cells, edits)
    for key in dict.fromkeys(edit.column for edit in edits):
        mine = [(at[edit.sheet, edit.row], edit.value) for edit in edits if edit.column == key]
        cells, found = _apply_column(cells, sheets, key, dict(mine), form, context)
        findings.append(found)
    return cells, pl.concat(findings)


def recheck(
    cells: pl.DataFrame,
    sheets: Sequence[SheetColumns],
    edits: Collection[Edit],
    touched: Collection[tuple[str, int, str]],
    form: Form,
    context: Context,
) -> Recheck:
    """Check again what depends on the `touched` cells (sheet, row, column).

    `cells` are the kept cells of the check, with or without earlier corrections laid over them by `with_edits`;
    `edits` those still to be laid, the touched ones among them. Rules over rows run on the touched rows alone;
    rules over the whole register only when they read a touched column.
    """
    cells, cast_findings = with_edits(cells, sheets, edits, form, context)
    keys = {key for _, _, key in touched}
    rows = _rows_of(cells, touched)
    picked = sorted({rows[sheet, row] for sheet, row, _ in touched})
    of_rows = [rule for rule in form.rules if not rule.twins]
    whole = [rule for rule in form.rules if rule.twins and _reads(rule) & keys]
    registers = tuple(form.register_rules) if form.key.key in keys else ()
    found_rows = _check(
        cells[picked], sheets, replace(form, rules=tuple(of_rows), register_rules=()), context
    )
    found_whole = _check_whole(cells, sheets, whole, registers, form, context)
    whole_codes = frozenset([*(rule.code for rule in whole), *(rule.code for rule in registers)])
    fresh = cast_findings.join(_touched_frame(touched), on=["sheet", "row", "column"], how="semi")
    return Recheck(
        cells,
        pl.concat([fresh, found_rows, found_whole.filter(pl.col("code").is_in(list(whole_codes)))]),
        frozenset(rule.code for rule in of_rows),
        whole_codes,
        unread_in(cells[picked], form) - frozenset(touched),
    )


def unread_in(cells: pl.DataFrame, form: Form) -> frozenset[tuple[str, int, str]]:
    """Sheet, row and field key of the kept cells that could not be read."""
    marks = cells.select("_sheet", "_row", *(pl.col(_UNREAD + c.key).alias(c.key) for c in form.columns))
    unread = marks.unpivot(index=["_sheet", "_row"], variable_name="column").filter("value")
    return frozenset(unread.select("_sheet", "_row", "column").iter_rows())


def _check_whole(
    cells: pl.DataFrame,
    sheets: Sequence[SheetColumns],
    whole: Sequence[Rule],
    registers: tuple[RegisterRule, ...],
    form: Form,
    context: Context,
) -> pl.DataFrame:
    """Rules over the register. The rules of their own cells run too, for a faulty cell is no twin of another."""
    if not whole and not registers:
        return pl.DataFrame(schema=FINDING_SCHEMA)
    read = {key for rule in whole for key in _reads(rule)}
    own = [
        rule for rule in form.rules if not rule.twins and len(rule.columns) == 1 and rule.columns[0] in read
    ]
    wanted = replace(
        form,
        rules=tuple(rule for rule in (*own, *whole) if rule.needs in (None, Reference.UNIT)),
        register_rules=registers,
    )
    return _check(cells, sheets, wanted, context)


def _check(cells: pl.DataFrame, sheets: Sequence[SheetColumns], form: Form, context: Context) -> pl.DataFrame:
    return check(as_cast(cells, sheets, form), form, context).findings


def as_cast(cells: pl.DataFrame, sheets: Sequence[SheetColumns], form: Form) -> Cast:
    """Kept cells in the shape that checking takes."""
    beside = [name for name in cells.columns if name.startswith("_precision_")]
    frame = cells.select(*frame_schema(form), *beside)
    unread = cells.select(pl.col(_UNREAD + column.key).alias(column.key) for column in form.columns)
    tables = tuple(_table(cells, sheet) for sheet in sheets)
    return Cast(frame, pl.DataFrame(schema=FINDING_SCHEMA), unread, tables, form)


def _table(cells: pl.DataFrame, sheet: SheetColumns) -> Table:
    own = sheet.rows_in(cells)
    number, moment = nulls(own.height, pl.Float64()), nulls(own.height, pl.Datetime("us"))
    return Table(
        sheet=RawSheet(sheet.name, False, 1, 0, own.height, ()),
        header_row=0,
        columns=sheet.columns,
        rows=own["_row"],
        skipped=(),
        cells={key: RawColumn(own[_TEXT + key], number, moment) for key in sheet.positions},
    )


def _apply_column(
    cells: pl.DataFrame,
    sheets: Sequence[SheetColumns],
    key: str,
    values: dict[int, str | None],
    form: Form,
    context: Context,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cast the edited cells of one column and put them in place."""
    parts = []
    picked = cells.with_row_index("_at")[sorted(values)]
    for sheet in sheets:
        own = sheet.rows_in(picked)
        if own.height:
            texts = pl.Series([values[at] for at in own["_at"]], dtype=pl.String)
            parts.append(_recast(own.with_columns(texts.alias(_TEXT + key)), sheet, key, form, context))
    edited = pl.concat([cells_ for cells_, _ in parts])
    findings = pl.concat([found for _, found in parts])
    names = [name for name in (key, _TEXT + key, _UNREAD + key, f"_precision_{key}") if name in cells.columns]
    changed = {
        name: cells[name].scatter(edited["_at"], edited[name])
        if cells[name].dtype != pl.List(pl.String)
        else _put(cells[name], edited["_at"], edited[name])
        for name in names
    }
    return cells.with_columns(**changed), findings


def _put(series: pl.Series, at: pl.Series, values: pl.Series) -> pl.Series:
    """`scatter` for lists, which polars does not scatter into."""
    place = pl.DataFrame({"_at": at, "_new": values, "_hit": True})
    joined = (
        series.to_frame("_old").with_row_index("_at").join(place, on="_at", how="left", maintain_order="left")
    )
    return joined.select(pl.when("_hit").then("_new").otherwise("_old")).to_series()


def _recast(
    own: pl.DataFrame, sheet: SheetColumns, key: str, form: Form, context: Context
) -> tuple[pl.DataFrame, pl.DataFrame]:
    table = _table(own, sheet)
    column = form.by_key[key]
    read = read_column(table, column, context)
    unread = read.code.str.contains(r"\.E").fill_null(value=False)
    fresh = [read.value.alias(key), unread.alias(_UNREAD + key)]
    if column.kind is Kind.DATE and read.precision is not None:
        fresh.append(read.precision.alias(f"_precision_{key}"))
    own = own.with_columns(fresh)
    placed = pl.DataFrame({"code": read.code, "params": read.params}).with_row_index("at")
    placed = placed.filter(pl.col("code").is_not_null()).with_columns(column=pl.lit(key))
    return own, as_cast(own, (sheet,), form).place(placed.select(PLACED.keys()).cast(PLACED))  # type: ignore[arg-type]


def _overlaid(table: Table, edits: Sequence[Edit]) -> Table:
    if not edits:
        return table
    index = {row: at for at, row in enumerate(table.rows)}
    cells = dict(table.cells)
    for edit in edits:
        if edit.row in index and edit.column in cells:
            cells[edit.column] = _replaced(cells[edit.column], index[edit.row], edit.value)
    edited = {(edit.row, table.positions[edit.column]) for edit in edits if edit.column in cells}
    return replace(table, cells=cells, sheet=_without_faults(table.sheet, edited))


def _without_faults(sheet: RawSheet, places: set[tuple[int, int]]) -> RawSheet:
    """The sheet without what it knows of formulas at some cells, which hold a typed text now."""
    errors = {at: error for at, error in sheet.errors.items() if at not in places}
    return replace(sheet, errors=errors, uncalculated=sheet.uncalculated - places)


def _replaced(raw: RawColumn, at: int, value: str | None) -> RawColumn:
    # polars scatters in place: the column as read stays as it is
    return RawColumn(
        raw.text.clone().scatter(at, value),
        raw.number.clone().scatter(at, None),
        raw.moment.clone().scatter(at, None),
    )


def _rows_of(
    cells: pl.DataFrame, places: Iterable[Edit | tuple[str, int, str]]
) -> dict[tuple[str, int], int]:
    """(sheet, row) -> position in `cells`, for the rows spoken of. Raises KeyError-free: all must be data rows."""
    wanted = pl.DataFrame(
        sorted({(place[0], place[1]) for place in places}),
        schema={"_sheet": pl.String, "_row": pl.Int32},
        orient="row",
    )
    # numbers are quickly looked for in a large table, and few rows are left to be compared by their sheet too
    near = (
        cells.select("_sheet", "_row")
        .with_row_index("_at")
        .filter(pl.col("_row").is_in(wanted["_row"].implode()))
    )
    found = near.join(wanted, on=["_sheet", "_row"], how="semi")
    return {(sheet, row): at for at, sheet, row in found.iter_rows()}


def _touched_frame(touched: Collection[tuple[str, int, str]]) -> pl.DataFrame:
    schema = {"sheet": pl.String, "row": pl.Int32, "column": pl.String}
    return pl.DataFrame(sorted(touched), schema=schema, orient="row")


def _reads(rule: Rule) -> set[str]:
    """Field keys that a rule about twins looks at."""
    expressions: list[pl.Expr] = []
    for twins in rule.twins:
        expressions += [*twins.same, *([twins.differ] if twins.differ is not None else [])]
    roots = {root for expression in expressions for root in expression.meta.root_names()}
    return set(rule.columns) | {_bare(root) for root in roots}


def _bare(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _BESIDE if name.startswith(prefix)), name)
