"""Listing changes: a comparison narrowed as on its page, and its lines as a table for people, in their language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from submissions.exports import tables
from submissions.files import storage
from submissions.labels import cell_said, column_said
from submissions.models import Submission
from submissions.signoff.register_diff import Changes, compare
from validation import FORMS

#: What became of a record, as pages and tables say it.
KINDS_SAID = {
    "removed": gettext_lazy("removed"),
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
}
WIDTHS = (16, 18, 30, 18, 8, 24, 30, 30)


class Narrowing(NamedTuple):
    """Which lines are meant; what is empty lets all through.

    `base` is the earlier submission that is compared with, `language` that of the table's reader.
    """

    base: str
    language: str
    kind: str = ""
    column: str = ""
    q: str = ""


def compared(shown: Submission, base: Submission) -> Changes:
    """What changed since `base`."""
    return compare(FORMS[shown.collection], storage.frame_of(base), storage.frame_of(shown))


def narrowed(lines: pl.DataFrame, meant: Narrowing) -> pl.DataFrame:
    """The lines (`changes.LINES`) that fit; `q` is part of a record's number or name."""
    for name in ("kind", "column"):
        if wanted := getattr(meant, name):
            lines = lines.filter(pl.col(name) == wanted)
    if meant.q:
        told = pl.concat_str("key", "name", separator=" ", ignore_nulls=True).str.to_lowercase()
        lines = lines.filter(told.str.contains(meant.q.lower(), literal=True))
    return lines


def titles() -> list[str]:
    return [
        _("Kind of change"), _("Record"), _("Name"), _("Sheet"), _("Row"), _("Column"), _("Before"), _("Now"),
    ]  # fmt: skip


def rows(shown: Submission, lines: pl.DataFrame) -> Iterator[list[Any]]:
    """One row per line, as `titles`."""
    for line in lines.iter_rows(named=True):
        column = line["column"]
        said = [cell_said(shown.collection, column, line[at]) if column else "" for at in ("old", "new")]
        label = column_said(shown.collection, column)
        kind = str(KINDS_SAID[line["kind"]])
        yield [kind, line["key"], line["name"], line["sheet"], line["row"], label, *said]


def filename(shown: Submission) -> str:
    """Without its ending."""
    return f"changes-{shown.unit_id}-{shown.collection}-{shown.period_id}-v{shown.version}"


def write_xlsx(
    out: IO[bytes], shown: Submission, meant: Narrowing, told: Callable[[int, int], None] = lambda *_: None
) -> None:
    """Write the lines that are meant to `out`. `told` hears of lines written and in all."""
    found = narrowed(compared(shown, Submission.objects.get(pk=meant.base)).lines, meant)
    with override(meant.language):
        tables.write_xlsx(
            out,
            name=_("What changed"),
            titles=titles(),
            widths=WIDTHS,
            rows=rows(shown, found),
            progress=lambda done: told(done, found.height),
        )
