"""The grid: the unit's own rows as JSON for the script that draws them, window by window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import polars as pl
from django.utils.timezone import localtime

from portal.returns import presenters
from portal.templatetags.portal import letters, named
from submissions import labels
from submissions.files import edits_in_force
from submissions.findings import filtering
from submissions.findings.bulk_fix import may_be_alike
from submissions.findings.filtering import FindingFilter
from submissions.findings.source_rows import OwnRow, Place, own_rows
from submissions.findings.store import TABLE_SCHEMA
from submissions.models import Correction, Finding, Submission, User
from validation import FORMS, Form, Kind, SheetColumns, choices, hint, suggested

#: A filter that lets everything through.
EVERY = FindingFilter()
#: Rows of one answer.
WINDOW = 100
#: Up to here like findings are counted one by one: those of one corrected row.
FEW = 4
_NUMBERS = frozenset({Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY})
_WIDE = frozenset({Kind.TEXT, Kind.ENUM_LIST})

Json = dict[str, Any]


class Grid(NamedTuple):
    """A submission's sheets and its columns as in the first table that has them: what a row's JSON refers to."""

    form: Form
    sheets: list[str]
    keys: list[str]
    #: sheet -> field key -> letters of the column
    places: dict[str, dict[str, str]]
    titles: dict[str, str]
    #: tables below the first one of their sheet, whose columns stand elsewhere
    further: tuple[SheetColumns, ...] = ()


def grid_of(submission: Submission) -> Grid:
    """Return the grid that the report of the check describes."""
    sheets = edits_in_force.sheets_of(submission)
    places = {s.name: _letters(s) for s in reversed(sheets)}  # the first table's stay
    places = {s.name: places[s.name] for s in sheets}
    further = tuple(s for s in sheets if _letters(s) != places[s.name])
    titles = {c.key: c.title for s in reversed(sheets) for c in s.columns if c.key}
    first = [c.key for s in sheets[:1] for c in sorted(s.columns) if c.key]
    keys = [*first, *(key for key in titles if key not in first)]
    return Grid(FORMS[submission.collection], list(places), keys, places, titles, further)


def _letters(table: SheetColumns) -> dict[str, str]:
    return {key: letters(position) for key, position in table.positions.items()}


def columns_json(grid: Grid) -> list[Json]:
    """Return title and editing facts of each column."""
    language = labels.language()
    columns = [grid.form.by_key[key] for key in grid.keys]
    return [
        {
            "key": column.key,
            "letter": _letter(grid, column.key),
            "title": grid.titles[column.key],
            "label": named(column),
            "expected": getattr(hint(column), language),
            "choices": choices(column),
            "number": column.kind in _NUMBERS,
            "wide": column.kind in _WIDE,
        }
        for column in columns
    ]


def _letter(grid: Grid, key: str) -> str:
    """The column's letters; empty where they differ from sheet to sheet."""
    positions = {places[key] for places in grid.places.values() if key in places}
    return positions.pop() if len(positions) == 1 else ""


def in_rows(findings: pl.DataFrame, grid: Grid) -> pl.DataFrame:
    """Return the findings that belong to a row of the grid; the others concern a sheet or the whole file."""
    return findings.filter(pl.col("row").is_not_null() & pl.col("sheet").is_in(grid.sheets))


def index_json(rows: pl.DataFrame, grid: Grid) -> Json:
    """Return every row's place in order: runs of one sheet as [number of the sheet, [row, …]]."""
    number = {name: at for at, name in enumerate(grid.sheets)}
    runs = groupby(rows.select("sheet", "row").iter_rows(), key=lambda place: place[0])
    return {"rows": [[number[sheet], [row for _, row in run]] for sheet, run in runs]}


def places_in(text: str, grid: Grid) -> list[Place]:
    """Return the places that an address lists as 0.12,0.13 (sheet number and row); invalid ones are ignored."""
    pairs = (part.split(".") for part in text.split(",")[:WINDOW])
    numbers = [
        (int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(map(_is_number, pair))
    ]
    return [(grid.sheets[at], row) for at, row in numbers if at < len(grid.sheets)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 9


def rows_json(
    submission: Submission, user: User, grid: Grid, places: Sequence[Place], sieve: FindingFilter = EVERY
) -> list[Json]:
    """Return the rows at `places` with their findings; `sieve` decides which of these are highlighted."""
    rows = own_rows(submission, user, places)
    findings = [finding for row in rows for finding in row.findings]
    alike, meant = _alike(submission, user, findings), _meant(findings, sieve)
    reasons = list(submission.return_reasons.all())
    number = {name: at for at, name in enumerate(grid.sheets)}
    return [
        {
            "s": number[row.sheet],
            "r": row.row,
            "c": [row.cells.get(key) for key in grid.keys] if row.cells is not None else None,
            "x": {
                grid.keys.index(key): _correction_json(correction)
                for key, correction in row.corrected.items()
            },
            "f": [
                _finding_json(presented, grid, row, alike) | {"meant": presented.finding.pk in meant}
                for presented in presenters.present(row.findings, reasons)
            ],
        }
        | _own_places(grid, row)
        for row in rows
    ]


def _meant(findings: Sequence[Finding], sieve: FindingFilter) -> frozenset[int]:
    """Return ids of the findings that pass a filter; the row conditions were applied before."""
    columns = {name: [getattr(finding, name) for finding in findings] for name in TABLE_SCHEMA}
    passing = pl.DataFrame(columns, schema=TABLE_SCHEMA).filter(filtering.passing(sieve))
    return frozenset(passing["id"])


def _own_places(grid: Grid, row: OwnRow) -> Json:
    """Return where the fields of a row stand that is not in the first table of its sheet."""
    table = next((table for table in grid.further if table.holds(row.sheet, row.row)), None)
    return {} if table is None else {"p": _letters(table)}


def _correction_json(correction: Correction) -> Json:
    return {"by": str(correction.by), "at": f"{localtime(correction.at):%Y-%m-%d %H:%M}"}


def _finding_json(
    presented: presenters.FindingShown, grid: Grid, row: OwnRow, alike: dict[tuple[str | None, ...], int]
) -> Json:
    finding = presented.finding
    key = finding.column if finding.column in grid.keys else None
    written = (row.cells or {}).get(key) if key else None
    offered = suggested(presented.worded, grid.form.by_key[key], written) if key else ()
    return {
        "id": finding.pk,
        "severity": finding.severity,
        "code": finding.code,
        "column": grid.keys.index(key) if key else None,
        "value": finding.value,
        "message": presented.message,
        "fix": presented.fix,
        "offered": offered,
        "alike": alike.get(_likeness(finding), 1)
        if key and may_be_alike(grid.form, key, finding.value)
        else 1,
        "explained": _explained(finding),
        "returned": [reason.text for reason in presented.returned],
    }


def _explained(finding: Finding) -> str:
    if finding.explanation is None:
        return ""
    reason, text = finding.explanation.get_reason_display(), finding.explanation.text
    return f"{reason} – {text}" if text else reason


def _likeness(finding: Finding) -> tuple[str | None, ...]:
    return finding.code, finding.column, finding.value


def _alike(
    submission: Submission, user: User, findings: Iterable[Finding]
) -> dict[tuple[str | None, ...], int]:
    """Count the findings with the same code, column and value as each of these."""
    likes = {_likeness(finding) for finding in findings}
    if len(likes) <= FEW:
        return _counted(submission, user, likes)
    matching = filtering.filtered(submission, user, FindingFilter()).filter(
        pl.col("code").is_in([like[0] for like in likes])
    )
    counted = matching.group_by("code", "column", "value").len().filter(pl.col("len") > 1)
    return {tuple(like): count for *like, count in counted.iter_rows()}


def _counted(
    submission: Submission, user: User, likes: Iterable[tuple[str | None, ...]]
) -> dict[tuple[str | None, ...], int]:
    """The same for a few, counted in the database, which avoids reading the whole table after a correction."""
    every = Finding.objects.visible_to(user).filter(submission=submission)
    names = ("code", "column", "value")
    return {like: every.filter(**dict(zip(names, like, strict=True))).count() for like in likes}
