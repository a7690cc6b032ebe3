"""The table of findings for people: its titles and lines, and the workbook made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import polars as pl
from django.utils.translation import override

from submissions.exports import tables
from submissions.findings import filtering
from submissions.models import Explanation, Finding, Submission
from validation import FORMS, city_of
from validation.workbooks.marked_in_place import LISTING_TITLES, LISTING_WIDTHS, marked
from validation.workbooks.sheet_names import FINDINGS_SHEET

#: Findings read from the database at a time.
SLICE = 2_000
PLACE_TITLES = ("城市 City", "企业 Enterprise", "编号 Record", "说明 Explanation")
TITLES = (*LISTING_TITLES, *PLACE_TITLES)
WIDTHS = (*LISTING_WIDTHS, 12, 30, 18, 30)

Line = Sequence[Any]
#: Called with the number of lines written so far.
OnProgress = Callable[[int], None]


def lines(submission: Submission, findings: pl.DataFrame) -> Iterator[Line]:
    """Yield one line per finding of `findings` (store.TABLE_SCHEMA), as TITLES."""
    placed = findings.join(
        filtering.places(submission), on=["sheet", "row"], how="left", maintain_order="left"
    )
    for part in placed.iter_slices(SLICE):
        stored = Finding.objects.select_related("explanation").in_bulk(part["id"].to_list())
        for pk, city, enterprise in part.select("id", "city", "enterprise").iter_rows():
            if pk in stored:  # one that has gone meanwhile is left out
                yield _line(stored[pk], submission, city_of(city)[1] if city else "", enterprise or "")


def _line(finding: Finding, submission: Submission, city: str, enterprise: str) -> Line:
    cells = marked(finding.worded(), FORMS[submission.collection])
    reason = _reason(finding.explanation) if finding.explanation else ""
    return (*cells, city, enterprise, finding.key or "", reason)


def _reason(explained: Explanation) -> str:
    """Return the explanation in both languages, as the whole table is: workers do not know the reader's."""
    labels = []
    for language in ("zh-hans", "en"):
        with override(language):
            labels.append(str(explained.get_reason_display()))
    return " ".join([*labels, explained.text]).strip()


def write_xlsx(out: IO[bytes], rows: Iterable[Line], on_progress: OnProgress = lambda done: None) -> None:
    """Write the lines to `out`, as TITLES."""
    tables.write_xlsx(out, name=FINDINGS_SHEET, titles=TITLES, widths=WIDTHS, rows=rows, progress=on_progress)
