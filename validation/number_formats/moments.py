"""What a date, a time of day or a duration shows under its format, and what the format hides of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from validation.number_formats.parts import Token, sections

#: Runs of one letter in a format of dates, and what is shown for each; m beside hours or seconds is minutes.
_MOMENTS = {
    "y": "{0.year}", "yy": "{0:%y}", "m": "{0.month}", "mm": "{0:%m}", "d": "{0.day}", "dd": "{0:%d}", "h": "{0.hour}",
    "hh": "{0:%H}", "s": "{0.second}", "ss": "{0:%S}", "mmm": "{0:%b}", "mmmm": "{0:%B}", "ddd": "{0:%a}", "dddd": "{0:%A}",
    "e": "{0.year}",
}  # fmt: skip
_WEEKDAYS = "一二三四五六日"


class DateParts(NamedTuple):
    """Which parts of a date a format shows."""

    year: bool
    month: bool
    day: bool


@lru_cache(maxsize=1024)
def date_parts(code: str) -> DateParts:
    """What a format of dates shows of one. A format without any mark of a date shows nothing of it."""
    runs = [run for run, _ in _runs(sections(code)[0].tokens)]
    return DateParts(
        any(run[0] in "ye" for run in runs),
        any(run[0] == "m" for run in runs),
        any(run in ("d", "dd") for run in runs),
    )


def is_full_day(code: str) -> bool:
    """Whether a format is one of dates that hides neither year nor day."""
    parts = date_parts(code)
    return parts.year and parts.day


def clock(days: float) -> str:
    """A time of day, or a duration, given in days: 26:03:00."""
    if not math.isfinite(days):
        return str(days)
    seconds = round(days * 86_400)
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"


def moment(value: datetime, code: str) -> str:
    """A date or a time as its format shows it; the clock has 24 hours."""
    pieces = [_moment_run(value, run) if is_run else run for run, is_run in _marked(sections(code)[0].tokens)]
    return "".join(pieces).strip()


def _moment_run(value: datetime, run: str) -> str:
    if run == "minutes":
        return f"{value:%M}"
    if run.startswith("a"):
        return ("星期" if len(run) > 3 else "") + _WEEKDAYS[value.weekday()]
    longest = next((run[:size] for size in (4, 3, 2, 1) if run[:size] in _MOMENTS), "y")
    return _MOMENTS["y" if run.startswith("yyy") else longest].format(value)


def _marked(tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """Pieces of a format of dates with whether they are runs of one letter; `minutes` stands for an m of the clock."""
    pieces: list[tuple[str, bool]] = []
    for token in tokens:
        letter = token.text.lower()
        if token.kind == "power":  # the e of a year, with what follows it
            pieces += [("e", True), (token.text[1], False)]
        elif token.kind != "date":
            pieces.append(("" if token.kind == "clock" else token.text, False))
        elif pieces and pieces[-1][1] and pieces[-1][0][0] == letter[0]:
            pieces[-1] = (pieces[-1][0] + letter, True)
        else:
            pieces.append((letter, True))
    return iter([(_minutes(pieces, at), is_run) for at, (_, is_run) in enumerate(pieces)])


def _minutes(pieces: list[tuple[str, bool]], at: int) -> str:
    run, is_run = pieces[at]
    if not is_run or run not in ("m", "mm"):
        return run
    before = next((text for text, marked in reversed(pieces[:at]) if marked), "")
    after = next((text for text, marked in pieces[at + 1 :] if marked), "")
    return "minutes" if before.startswith("h") or after.startswith("s") else run


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    return ((run, is_run) for run, is_run in _marked(tokens) if is_run and run != "minutes")
