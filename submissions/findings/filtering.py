"""Filtering, counting and sorting a submission's findings by what they are and by where their row is."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import polars as pl

from submissions.files import storage
from submissions.files.frame_cache import recent_frames
from submissions.findings import store
from submissions.models import Submission, User
from validation import Severity, catalogue, city_of

#: Columns of `places`. `city` is the code of the prefecture, empty where the row's place is missing or unread.
PLACE_SCHEMA = {
    "sheet": pl.String,
    "row": pl.Int32,
    "city": pl.String,
    "enterprise": pl.String,
    "uscc": pl.String,
}
_PLACED_BY = ("_sheet", "_row", "region_code", "_text_enterprise_name", "enterprise_uscc")
#: What a city filter says for rows whose place could not be read.
NO_CITY = "none"

_IS_OPEN = (pl.col("severity") == Severity.WARNING.value) & pl.col("explanation_id").is_null()
_SEVERITIES = [severity.value for severity in Severity]


class FindingFilter(NamedTuple):
    """Which findings are wanted; an empty field wants all.

    `value` is the text at fault, None for any. `enterprise` is a credit code or a name; a part of a name will
    do unless `exactly`.
    """

    severity: str = ""
    code: str = ""
    column: str = ""
    value: str | None = None
    city: str = ""
    enterprise: str = ""
    answered: str = ""
    q: str = ""
    exactly: bool = False

    @property
    def is_of_place(self) -> bool:
        """Return whether only one city or one enterprise is wanted."""
        return bool(self.city or self.enterprise)


class FindingGroup(NamedTuple):
    """Findings of one code at one column. `values` counts the different texts, `open` the unexplained warnings."""

    severity: str
    code: str
    column: str | None
    count: int  # type: ignore[assignment]  # the field hides tuple.count
    values: int
    open: int
    first: int  # id of the first one


class City(NamedTuple):
    """A city with the number of its rows that have findings."""

    code: str
    name: str
    rows: int


def filtered(submission: Submission, user: User | None, finding_filter: FindingFilter) -> pl.DataFrame:
    """Return the findings that `user` may read and that fit, in reading order (store.TABLE_SCHEMA).

    Without a user, those that the staff of the unit may read.
    """
    return in_place(submission, store.table(submission, user).filter(passing(finding_filter)), finding_filter)


def in_place(submission: Submission, findings: pl.DataFrame, finding_filter: FindingFilter) -> pl.DataFrame:
    """Return those of `findings` whose row lies in the city and the enterprise that `finding_filter` names."""
    if not finding_filter.is_of_place:
        return findings
    return findings.join(
        _meant_places(submission, finding_filter), on=["sheet", "row"], how="semi", maintain_order="left"
    )


def groups(findings: pl.DataFrame) -> list[FindingGroup]:
    """Return exact counts per rule and column: errors first, then the most frequent."""
    counted = findings.group_by("severity", "code", "column", maintain_order=True).agg(
        count=pl.len(), values=pl.col("value").n_unique(), open=_IS_OPEN.sum(), first=pl.col("id").first()
    )
    ranked = counted.with_columns(_rank=rank()).sort(
        "_rank", "count", descending=[False, True], maintain_order=True
    )
    return [FindingGroup(*row) for row in ranked.drop("_rank").iter_rows()]


def values(findings: pl.DataFrame, most: int) -> list[tuple[str | None, int]]:
    """Return the texts at fault with their exact counts, the most frequent first, `most` of them at most."""
    counted = findings.group_by("value", maintain_order=True).agg(count=pl.len())
    return list(counted.sort("count", descending=True, maintain_order=True).head(most).iter_rows())


def open_warnings(findings: pl.DataFrame) -> int:
    """Return how many warnings have no explanation."""
    return int(findings.select(_IS_OPEN.sum()).item())


def rows(findings: pl.DataFrame) -> pl.DataFrame:
    """Return sheet and row of each row with findings, as in the file, with the `rank` of its worst finding."""
    placed = findings.filter(pl.col("row").is_not_null(), pl.col("sheet").is_not_null())
    return placed.group_by("sheet", "row", maintain_order=True).agg(rank=rank().min())


def all_rows(submission: Submission, finding_filter: FindingFilter) -> pl.DataFrame:
    """Return sheet and row of every data row, as in the file, of the city or enterprise that the filter names."""
    return _meant_places(submission, finding_filter).select("sheet", "row")


def places(submission: Submission) -> pl.DataFrame:
    """Return where each data row is and whose it is (PLACE_SCHEMA), corrections applied."""
    last = submission.corrections.order_by("-id").values_list("id", flat=True).first()
    return recent_frames.get(("places", submission.frame_path, last), partial(_read_places, submission))


def cities(submission: Submission, findings: pl.DataFrame) -> list[City]:
    """Return the cities of rows with findings, by code."""
    located = rows(findings).join(places(submission), on=["sheet", "row"], how="inner")
    counted = located.group_by("city").agg(pl.len()).sort("city")
    return [
        City(code or NO_CITY, city_of(code)[1] if code else "", count) for code, count in counted.iter_rows()
    ]


def enterprises(submission: Submission, part: str, most: int) -> list[tuple[str, str]]:
    """Return credit code (or empty) and name of up to `most` enterprises whose name or code contains `part`."""
    wanted = part.strip()
    named = pl.col("enterprise").str.contains(wanted, literal=True)
    coded = pl.col("uscc").str.starts_with(wanted.upper())
    matching = (
        places(submission).filter(named | coded).select("uscc", "enterprise").unique(maintain_order=True)
    )
    return list(matching.fill_null("").head(most).iter_rows())


def _read_places(submission: Submission) -> pl.DataFrame:
    cells = storage.cell_columns(submission, _PLACED_BY)
    if cells is None:
        return pl.DataFrame(schema=PLACE_SCHEMA)
    codes = cells["region_code"].drop_nulls().unique().to_list()
    city = pl.col("region_code").replace({code: city_of(code)[0] for code in codes})
    return cells.select(
        pl.col("_sheet").alias("sheet"),
        pl.col("_row").alias("row"),
        city.fill_null("").alias("city"),
        pl.col("_text_enterprise_name").str.strip_chars().alias("enterprise"),
        pl.col("enterprise_uscc").alias("uscc"),
    )


def _meant_places(submission: Submission, finding_filter: FindingFilter) -> pl.DataFrame:
    rows = places(submission)
    if finding_filter.city:
        rows = rows.filter(pl.col("city") == ("" if finding_filter.city == NO_CITY else finding_filter.city))
    return _of_enterprise(rows, finding_filter) if finding_filter.enterprise else rows


def _of_enterprise(rows: pl.DataFrame, finding_filter: FindingFilter) -> pl.DataFrame:
    wanted = finding_filter.enterprise.strip()
    own = rows.filter((pl.col("uscc") == wanted.upper()) | (pl.col("enterprise") == wanted))
    if own.height or finding_filter.exactly:
        return own
    return rows.filter(pl.col("enterprise").str.contains(wanted, literal=True))


def passing(finding_filter: FindingFilter) -> pl.Expr:
    """Return whether a finding fits by itself, wherever its row is."""
    meant = pl.lit(value=True)
    for name in ("severity", "code", "column"):
        if wanted := getattr(finding_filter, name):
            meant &= pl.col(name) == wanted
    if finding_filter.value is not None:
        meant &= _unix_breaks(pl.col("value").fill_null("")) == _unix_breaks(pl.lit(finding_filter.value))
    if finding_filter.answered == "no":
        meant &= _IS_OPEN
    if finding_filter.answered == "yes":
        meant &= pl.col("explanation_id").is_not_null()
    return meant & _mentions(finding_filter.q) if finding_filter.q else meant


def _unix_breaks(text: pl.Expr) -> pl.Expr:
    """Return the text with LF as line break: a form sends CR LF, whichever the cell has."""
    return text.str.replace_all(r"\r\n?", "\n")


def _mentions(text: str) -> pl.Expr:
    """Return whether `text` is in the value, the record key, the sheet, the cell, or the rule's code or words."""
    codes = [rule.code for rule in catalogue().values() if text in rule.message_zh + rule.message_en]
    wanted = text.casefold()
    held = [
        pl.col(name).fill_null("").str.to_lowercase().str.contains(wanted, literal=True)
        for name in ("value", "key", "sheet")
    ]
    named = [pl.col(name).fill_null("").str.to_lowercase() == wanted for name in ("cell", "code")]
    return pl.any_horizontal(*held, *named, pl.col("code").is_in(codes))


def rank() -> pl.Expr:
    """Return 0 for errors, 1 for warnings, 2 for notes."""
    return pl.col("severity").replace_strict(_SEVERITIES, range(len(_SEVERITIES)), return_dtype=pl.Int8)
