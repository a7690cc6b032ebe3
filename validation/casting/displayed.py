"""What one cell shows under its number format, where that is something else than its value for the kind of its column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from validation.casting.numbers import LARGEST, read_figure
from validation.forms.form import FIGURES, Column, Kind
from validation.number_formats import (
    Section,
    Shows,
    date_parts,
    figure,
    has_own_sign,
    is_full_day,
    moment,
    power,
    section_of,
    sections,
    tells,
    text_around,
)

#: What stands for nothing or for 0 where a format shows no digit.
_DASHES = re.compile(r"[\s\-–—―]*")
_MINUS = re.compile(r"[-−(（]")
_CLOSING = re.compile(r"[)）]")


class Place(NamedTuple):
    """A column of a form, and the unit that its title names."""

    column: Column
    unit: str | None

    @property
    def unit_name(self) -> str:
        """The unit that bare figures stand in."""
        return self.unit or self.column.unit or ""


#: The shown text of a value under a format; None where that is the value itself, "" where nothing is shown.
Display = Callable[[Any, str, Place], str | None]


class Around(NamedTuple):
    """What a format puts around the digits of one number: the sign stands next to them, ± where the format hides it."""

    prefix: str
    sign: str
    suffix: str


@lru_cache(maxsize=4096)
def matters(code: str, place: Place) -> bool:
    """Whether some value may be shown as something else under a format, in a column of that kind."""
    if text_around(code) != ("", ""):
        return True
    parts = [part for part in sections(code) if part.shows is not Shows.TEXT]
    if place.column.kind in FIGURES:
        return any(not _is_plain(part, code, place) for part in parts)
    if place.column.kind is Kind.DATE:
        return any(part.shows is not Shows.MOMENT for part in parts) or not is_full_day(code)
    return tells(code)


@lru_cache(maxsize=4096)
def _is_plain(part: Section, code: str, place: Place) -> bool:
    """Whether a figure is shown as what it is: unscaled, with no more around it than its sign, yuan or its unit.

    A percent sign in a column of percentages is more, for it says that the figure is no share.
    """
    if part.shows in (Shows.FRACTION, Shows.POWER, Shows.MOMENT):
        return True
    if part.shows is Shows.NOTHING or part.scale or part.is_parted:
        return False
    if has_own_sign(part, code) and not _is_signed(part):
        return False
    prefix, _, suffix = _around(-1 if has_own_sign(part, code) else 1, part, code)
    if "%" in suffix and place.column.kind is Kind.PERCENT:
        return False
    bare = read_figure("7", place.column, place.unit).value
    return bool(read_figure(f"{prefix}7{suffix}", place.column, place.unit).value == bare)


def _is_signed(part: Section) -> bool:
    """Whether a part for negative numbers shows that they are: by a minus, brackets or a colour."""
    return part.coloured or _MINUS.search(part.prefix) is not None


def _around(number: float, part: Section, code: str) -> Around:
    prefix, suffix = part.prefix.strip(), part.suffix.strip()
    if number >= 0:
        return Around(prefix, "", suffix)
    if not has_own_sign(part, code):
        return Around(prefix, "-", suffix)
    sign = "-" if _is_signed(part) else "±"
    return Around(_MINUS.sub("", prefix).strip(), sign, _CLOSING.sub("", suffix).strip())


def displayed_text(text: str, code: str, place: Place) -> str | None:
    """The shown text of a text."""
    before, behind = text_around(code)
    return f"{before}{text}{behind}" if before.strip() or behind.strip() else None


def displayed_number(number: float, code: str, place: Place) -> str | None:
    """The shown text of a number."""
    if not math.isfinite(number) or abs(number) >= LARGEST:
        return None
    part = section_of(number, code)
    if part is None or part.shows in (Shows.MOMENT, Shows.FRACTION):
        return None
    if part.shows is Shows.NOTHING:
        return _without_digits(number, part, place)
    if place.column.kind in FIGURES:
        return _figure(number, part, code, place)
    if place.column.kind is Kind.DATE:
        return _day_number(number, part, code)
    return _code_number(number, part, code, place)


def _without_digits(number: float, part: Section, place: Place) -> str | None:
    """Words alone, or nothing: a figure that is hidden is written with its unit, so that the reader notices it."""
    words, is_figure = part.prefix.strip(), place.column.kind in FIGURES
    if number == 0 and (is_figure or _DASHES.fullmatch(words)):
        return None
    return f"{number:.15g}{place.unit_name}" if is_figure and not words else words


def _figure(number: float, part: Section, code: str, place: Place) -> str | None:
    if number == 0 or _is_plain(part, code, place):
        return None
    prefix, sign, suffix = _around(number, part, code)
    # digits alone that are not those of the number: the unit makes the reader tell what was read
    unit = "" if prefix or suffix else place.unit_name
    return f"{prefix}{sign}{figure(number, part)}{suffix}{unit}"


def _day_number(number: float, part: Section, code: str) -> str | None:
    """Two decimals distinguish October, 2026.10, from January; literals make 202607 a month of 2026年07月."""
    if part.shows is not Shows.FIGURE:
        return None
    if part.is_bare and (number.is_integer() or not part.least_decimals == part.most_decimals == 2):
        return None
    return "".join((*_around(number, part, code)[:2], figure(number, part), part.suffix.strip()))


def _code_number(number: float, part: Section, code: str, place: Place) -> str | None:
    """A number where a text is wanted, with all that stands around it and with its leading zeros."""
    if part.shows is Shows.POWER:
        return power(number, part) if place.column.kind in (Kind.CODE, Kind.TEXT, Kind.USCC) else None
    if part.is_bare and number.is_integer():
        return None
    prefix, sign, suffix = _around(number, part, code)
    return f"{sign}{prefix}{figure(number, part, rounded=True)}{suffix}"


def displayed_moment(value: datetime, code: str, place: Place) -> str | None:
    """The shown text of a date. In a column of dates only what hides the day or the year matters."""
    part = sections(code)[0]
    if place.column.kind in FIGURES or part.shows not in (Shows.MOMENT, Shows.NOTHING):
        return None
    if part.shows is Shows.NOTHING:
        return None if place.column.kind is Kind.DATE else part.prefix.strip() or None
    if place.column.kind is not Kind.DATE:
        return moment(value, code)
    if is_full_day(code):
        return None
    parts = date_parts(code)
    return f"{value.year}年{value.month}月" if parts.year and parts.month else moment(value, code)
