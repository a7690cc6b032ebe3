"""Dates in cells: every way offices write them, each with its precision; what is ambiguous is refused."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from validation.casting.texts import Cell, read_each, read_frame

DAY, MONTH, QUARTER = "day", "month", "quarter"

#: What a date cell is read into.
DATE_CELL = pl.Struct({"day": pl.Date(), "precision": pl.String()})

_FIRST_YEAR, _LAST_YEAR = 1950, 2099
#: Day 0 of the serial numbers that spreadsheets of the 1900 system store.
_EPOCH = date(1899, 12, 30)
#: Serial numbers of 1954 to 2119; below are years and counts, above are written dates.
_SERIALS = (20_000, 80_000)

_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(\d{1,2})\s*[日号]?|\s*月份?[底末]?)?"
)
#: A time of day behind a date, and its zone.
_CLOCK = re.compile(
    r"(?:[T ]|(?<=日))\s*(?:上午|下午|[AP]M)?\s*(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?"
    r"|(?<=T)(?P<hours>\d{2})(?P<minutes>\d{2})(?:\d{2})?|\d{1,2}[时点](?:\d{1,2}分(?:\d{1,2}秒)?)?)"
    r"\s*(?:[AP]M)?\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?$",
    re.IGNORECASE,
)
#: The zone of a date without a time.
_ZONE = re.compile(r"(?<=\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})$", re.IGNORECASE)
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_NUMERALS = re.compile(
    r"([〇零O○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_CHINESE_DIGITS = {digit: str(at % 10) for at, digit in enumerate("〇一二三四五六七八九零")} | {
    "O": "0",
    "○": "0",
}
#: Hours that China is ahead of UTC.
_CHINA = 8
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_QUARTER = re.compile(r"(\d{4})\s*年?度?\s*[-/]?\s*第?\s*(?:([一二三四1-4])\s*季度?|Q([1-4]))", re.IGNORECASE)
#: Dashes that NFKC leaves as they are.
_DASHES = re.compile("[‐‑‒–—―−─]+")
_QUARTERS = "一二三四"
#: A year of two digits, or a day or month before the year.
_AMBIGUOUS = re.compile(
    r"'?\d{2}\s*[年./-]\s*\d{1,2}(?:\s*[月./-]\s*\d{1,2}\s*日?|\s*月份?)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)


class Day(NamedTuple):
    """A date with the precision it was written in; a month or quarter means its last day."""

    day: date
    precision: str


def read_date_texts(texts: pl.Series) -> pl.DataFrame:
    """Cleaned texts as dates; the `value` is a struct of day and precision."""
    return read_each(texts, read_date, DATE_CELL)


def read_moments(moments: pl.Series) -> pl.DataFrame:
    """Date cells; the time of day is dropped."""
    day = pl.col("day").dt.date()
    precision = pl.when(day.is_not_null()).then(pl.lit(DAY))
    cells = moments.to_frame("day").select_seq(value=pl.struct(day, precision.alias("precision")))
    return read_frame(cells["value"].set(moments.is_null(), None))


def read_date_numbers(numbers: pl.Series) -> pl.DataFrame:
    """Number cells of a date column."""
    return read_each(numbers.cast(pl.String), lambda text: read_date_number(float(text)), DATE_CELL)


def read_date(text: str) -> Cell:
    """One text as a date: cell.E104 when it is none, cell.E105 when it may be several, as a moment of another zone
    that lies on another day in China."""
    tidy = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip(" '。")
    tidy = _NUMERALS.sub(_in_digits, _WEEKDAY.sub("", tidy))
    clock = _CLOCK.search(tidy)
    tidy = _ZONE.sub("", tidy[: clock.start()].rstrip() if clock else tidy)
    date_read = _year_first(tidy) or _packed(tidy) or _quarter(tidy) or _serial_text(tidy)
    if date_read and clock and _is_another_day(clock):
        return Cell(code="cell.E105")
    if date_read:
        return Cell(date_read._asdict())
    return Cell(code="cell.E105" if _AMBIGUOUS.fullmatch(tidy) else "cell.E104")


def _in_digits(match: re.Match[str]) -> str:
    """二〇二六年七月一日 as 2026年7月1日."""
    year = "".join(_CHINESE_DIGITS[digit] for digit in match[1])
    month, day = (str(_small_number(part)) if part else "" for part in match.groups()[1:])
    return f"{year}年{month}月{day}日" if day else f"{year}年{month}月"


def _small_number(numerals: str) -> int:
    """Chinese numerals up to 99; 0 for what is none, which is no month and no day."""
    tens, ten, ones = numerals.rpartition("十")
    digits = [int(_CHINESE_DIGITS.get(part or default, 0)) for part, default in ((tens, "一"), (ones, "〇"))]
    return digits[0] * 10 + digits[1] if ten else digits[1]


def _is_another_day(clock: re.Match[str]) -> bool:
    """Whether a time with a zone lies on the day before or after in China."""
    zone = (clock["zone"] or "").upper()
    if not zone:
        return False
    hour, minute = int(clock["hour"] or clock["hours"] or 0), int(clock["minute"] or clock["minutes"] or 0)
    there = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    ahead = int(f"{there[1]}1") * (int(there[2]) * 60 + int(there[3] or 0)) if there else 0
    return not 0 <= hour * 60 + minute - ahead + _CHINA * 60 < 24 * 60


def _year_first(text: str) -> Day | None:
    match = _YEAR_FIRST.fullmatch(text)
    return _day(match[1], match[2], match[3]) if match else None


def _packed(text: str) -> Day | None:
    match = _PACKED.fullmatch(text)
    return _day(match[1], match[2], match[3]) if match else None


def _quarter(text: str) -> Day | None:
    match = _QUARTER.fullmatch(text)
    if match is None:
        return None
    quarter = int(match[3] or (_QUARTERS.find(match[2]) + 1 or match[2]))
    day = _day(match[1], str(quarter * 3), None)
    return Day(day.day, QUARTER) if day else None


def _serial_text(text: str) -> Day | None:
    return read_serial(float(text)) if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text) else None


def _day(year: str, month: str, day: str | None) -> Day | None:
    years, months = int(year), int(month)
    if not (_FIRST_YEAR <= years <= _LAST_YEAR and 1 <= months <= 12):
        return None
    last = calendar.monthrange(years, months)[1]
    if day is None:
        return Day(date(years, months, last), MONTH)
    return Day(date(years, months, int(day)), DAY) if 1 <= int(day) <= last else None


def read_serial(number: float) -> Day | None:
    """The day that a spreadsheet serial number of the 1900 system stands for."""
    if not _SERIALS[0] <= number <= _SERIALS[1]:
        return None
    return Day(_EPOCH + timedelta(days=int(number)), DAY)


def read_date_number(number: float) -> Cell:
    """A number cell of a date column: 2026.1 may be January or October."""
    text = f"{number:.0f}" if number.is_integer() else repr(number)
    if not number.is_integer() and _FIRST_YEAR <= number < _LAST_YEAR:
        return Cell(code="cell.E105") if text.endswith(".1") else read_date(text)
    day = _packed(text) or read_serial(number)
    if day:
        return Cell(day._asdict())
    return Cell(code="cell.E105" if _AMBIGUOUS.fullmatch(text) else "cell.E104")
