"""Sifting: a submission's findings narrowed, counted and put in order by what they are and by where their row is."""

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


class Sieve(NamedTuple):
    """Which findings are meant; what is empty lets all through.

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
        """Whether only one city or one enterprise is meant."""
        return bool(self.city or self.enterprise)


class Like(NamedTuple):
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


def sifted(submission: Submission, user: User | None, sieve: Sieve) -> pl.DataFrame:
    """The findings that `user` may read and `sieve` lets through, in reading order (findings_store.TABLE_SCHEMA).

    Without a user, those that the staff of the unit may read.
    """
    return in_place(submission, store.table(submission, user).filter(passing(sieve)), sieve)


def in_place(submission: Submission, found: pl.DataFrame, sieve: Sieve) -> pl.DataFrame:
    """Those of `found` whose row lies in the city and is the enterprise's that `sieve` names, where it names any."""
    if not sieve.is_of_place:
        return found
    return found.join(
        _meant_places(submission, sieve), on=["sheet", "row"], how="semi", maintain_order="left"
    )


def likes(found: pl.DataFrame) -> list[Like]:
    """Exact counts per rule and column: errors first, then the most frequent."""
    counted = found.group_by("severity", "code", "column", maintain_order=True).agg(
        count=pl.len(), values=pl.col("value").n_unique(), open=_IS_OPEN.sum(), first=pl.col("id").first()
    )
    ranked = counted.with_columns(_rank=rank()).sort(
        "_rank", "count", descending=[False, True], maintain_order=True
    )
    return [Like(*row) for row in ranked.drop("_rank").iter_rows()]


def values(found: pl.DataFrame, most: int) -> list[tuple[str | None, int]]:
    """The texts at fault with their exact counts, the most frequent first, `most` of them at most."""
    counted = found.group_by("value", maintain_order=True).agg(count=pl.len())
    return list(counted.sort("count", descending=True, maintain_order=True).head(most).iter_rows())


def open_warnings(found: pl.DataFrame) -> int:
    """How many warnings have no explanation."""
    return int(found.select(_IS_OPEN.sum()).item())


def rows(found: pl.DataFrame) -> pl.DataFrame:
    """Sheet and row of each row that has any, as in the file, with the `rank` of its worst finding."""
    placed = found.filter(pl.col("row").is_not_null(), pl.col("sheet").is_not_null())
    return placed.group_by("sheet", "row", maintain_order=True).agg(rank=rank().min())


def all_rows(submission: Submission, sieve: Sieve) -> pl.DataFrame:
    """Sheet and row of every data row, as in the file; of a city or an enterprise when the sieve says so."""
    return _meant_places(submission, sieve).select("sheet", "row")


def places(submission: Submission) -> pl.DataFrame:
    """Where each data row is and whose it is, as PLACE_SCHEMA, corrections laid over."""
    last = submission.corrections.order_by("-id").values_list("id", flat=True).first()
    return recent_frames.get(("places", submission.frame_path, last), partial(_read_places, submission))


def cities(submission: Submission, found: pl.DataFrame) -> list[City]:
    """The cities that rows with findings lie in, by code."""
    located = rows(found).join(places(submission), on=["sheet", "row"], how="inner")
    counted = located.group_by("city").agg(pl.len()).sort("city")
    return [
        City(code or NO_CITY, city_of(code)[1] if code else "", count) for code, count in counted.iter_rows()
    ]


def enterprises(submission: Submission, part: str, most: int) -> list[tuple[str, str]]:
    """Credit code (or empty) and name of enterprises whose name or code holds `part`, `most` of them at most."""
    wanted = part.strip()
    named = pl.col("enterprise").str.contains(wanted, literal=True)
    coded = pl.col("uscc").str.starts_with(wanted.upper())
    found = places(submission).filter(named | coded).select("uscc", "enterprise").unique(maintain_order=True)
    return list(found.fill_null("").head(most).iter_rows())


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


def _meant_places(submission: Submission, sieve: Sieve) -> pl.DataFrame:
    found = places(submission)
    if sieve.city:
        found = found.filter(pl.col("city") == ("" if sieve.city == NO_CITY else sieve.city))
    return _of_enterprise(found, sieve) if sieve.enterprise else found


def _of_enterprise(found: pl.DataFrame, sieve: Sieve) -> pl.DataFrame:
    wanted = sieve.enterprise.strip()
    own = found.filter((pl.col("uscc") == wanted.upper()) | (pl.col("enterprise") == wanted))
    if own.height or sieve.exactly:
        return own
    return found.filter(pl.col("enterprise").str.contains(wanted, literal=True))


def passing(sieve: Sieve) -> pl.Expr:
    """Whether a finding is meant by itself, wherever its row is."""
    meant = pl.lit(value=True)
    for name in ("severity", "code", "column"):
        if wanted := getattr(sieve, name):
            meant &= pl.col(name) == wanted
    if sieve.value is not None:
        meant &= _unix_breaks(pl.col("value").fill_null("")) == _unix_breaks(pl.lit(sieve.value))
    if sieve.answered == "no":
        meant &= _IS_OPEN
    if sieve.answered == "yes":
        meant &= pl.col("explanation_id").is_not_null()
    return meant & _said(sieve.q) if sieve.q else meant


def _unix_breaks(text: pl.Expr) -> pl.Expr:
    """A form sends every line break as CR LF, whichever the cell has."""
    return text.str.replace_all(r"\r\n?", "\n")


def _said(text: str) -> pl.Expr:
    """In the value, the record key, the sheet, the cell, or the rule's code or words."""
    said = [rule.code for rule in catalogue().values() if text in rule.message_zh + rule.message_en]
    wanted = text.casefold()
    held = [
        pl.col(name).fill_null("").str.to_lowercase().str.contains(wanted, literal=True)
        for name in ("value", "key", "sheet")
    ]
    named = [pl.col(name).fill_null("").str.to_lowercase() == wanted for name in ("cell", "code")]
    return pl.any_horizontal(*held, *named, pl.col("code").is_in(said))


def rank() -> pl.Expr:
    """0 for errors, 1 for warnings, 2 for notes."""
    return pl.col("severity").replace_strict(_SEVERITIES, range(len(_SEVERITIES)), return_dtype=pl.Int8)
