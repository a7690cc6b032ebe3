"""The table of changes for people: a comparison narrowed as on its page, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from submissions.exports import tables
from submissions.files import storage
from submissions.labels import cell_label, column_label
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
    """Which lines are wanted; an empty field wants all.

    `base` is the earlier submission that is compared with, `language` that of the table's reader.
    """

    base: str
    language: str
    kind: str = ""
    column: str = ""
    q: str = ""


def compared(submission: Submission, base: Submission) -> Changes:
    """Return what changed since `base`."""
    return compare(FORMS[submission.collection], storage.frame_of(base), storage.frame_of(submission))


def narrowed(lines: pl.DataFrame, meant: Narrowing) -> pl.DataFrame:
    """Return the lines (`register_diff.LINES`) that fit; `q` is part of a record's number or name."""
    for name in ("kind", "column"):
        if wanted := getattr(meant, name):
            lines = lines.filter(pl.col(name) == wanted)
    if meant.q:
        searched = pl.concat_str("key", "name", separator=" ", ignore_nulls=True).str.to_lowercase()
        lines = lines.filter(searched.str.contains(meant.q.lower(), literal=True))
    return lines


def titles() -> list[str]:
    return [
        _("Kind of change"), _("Record"), _("Name"), _("Sheet"), _("Row"), _("Column"), _("Before"), _("Now"),
    ]  # fmt: skip


def rows(submission: Submission, lines: pl.DataFrame) -> Iterator[list[Any]]:
    """Yield one row per line, as `titles`."""
    for line in lines.iter_rows(named=True):
        column = line["column"]
        values = [
            cell_label(submission.collection, column, line[at]) if column else "" for at in ("old", "new")
        ]
        label = column_label(submission.collection, column)
        kind = str(KINDS_SAID[line["kind"]])
        yield [kind, line["key"], line["name"], line["sheet"], line["row"], label, *values]


def filename(submission: Submission) -> str:
    """Return the file's name without its ending."""
    return (
        f"changes-{submission.unit_id}-{submission.collection}-{submission.period_id}-v{submission.version}"
    )


def write_xlsx(
    out: IO[bytes],
    submission: Submission,
    meant: Narrowing,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Write the chosen lines to `out`, and report lines written and in all to `on_progress`."""
    lines = narrowed(compared(submission, Submission.objects.get(pk=meant.base)).lines, meant)
    with override(meant.language):
        tables.write_xlsx(
            out,
            name=_("What changed"),
            titles=titles(),
            widths=WIDTHS,
            rows=rows(submission, lines),
            progress=lambda done: on_progress(done, lines.height),
        )
