"""Cases of rules: rows that a rule accepts, rows that it refuses, and everything that is found in these."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.validation.tables import JIANGSU, Row, table, triples
from validation import FORMS, Context
from validation.casting import cast
from validation.checking import check
from validation.rulebook.example_rows import EXAMPLES

Triple = tuple[int | None, str | None, str]
Change = dict[str, Any]


class Case(NamedTuple):
    """`accepts` and `refuses` are rows as changes to the form's example row; `findings` is the whole list of
    findings in `refuses`, whose first row is spreadsheet row 2."""

    code: str
    accepts: tuple[Change, ...]
    refuses: tuple[Change, ...]
    findings: list[Triple]
    context: Context = JIANGSU


def rows(collection: str, changes: tuple[Change, ...]) -> list[Row]:
    """Rows of the form; every one is another record at another site unless its change says otherwise."""
    return [_row(collection, number, change) for number, change in enumerate(changes, start=1)]


def _row(collection: str, number: int, change: Change) -> Row:
    example = {key: None if value == "" else value for key, value in EXAMPLES[collection].items()}
    code, place = {
        "networks": ("network_code", "site_name"),
        "ai_applications": ("application_code", "application_name"),
    }[collection]
    return {**example, code: f"JS-{number:05}", place: f"{example[place]}{number}", **change}


def found_in(collection: str, changes: tuple[Change, ...], context: Context = JIANGSU) -> list[Triple]:
    """What casting and checking find in rows, sorted."""
    form = FORMS[collection]
    read = cast([table(form, rows(collection, changes))], form, context)
    return sorted(triples(read.findings) + triples(check(read, form, context).findings), key=str)
