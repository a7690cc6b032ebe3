"""Number formats of cells: what a spreadsheet program shows of a number, a date or a text under each of them."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

#: How many characters of a format are read; spreadsheet programs take no more.
LONGEST = 255
#: A float holds no more digits than these, and a spreadsheet program shows no more.
DIGITS = 15

#: Built-in formats as a Chinese Excel shows them; those of money, which it shows in yuan, change nothing.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;(#,##0)", 38: "#,##0;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<space>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式|Standard)|(?P<clock>AM/PM|A/P|上午/下午)|(?P<power>E[+-])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_COLOUR = re.compile(
    r"(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|[黑蓝青绿红白黄]色?|洋红|颜色 ?\d+)",
    re.IGNORECASE,
)
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


class Shows(Enum):
    """What a section of a format makes of a value."""

    FIGURE = "figure"
    POWER = "power"  # 1.20E+05
    FRACTION = "fraction"  # 1/2, the same number in another form
    TEXT = "text"
    MOMENT = "moment"
    NOTHING = "nothing"  # its literals alone


class Token(NamedTuple):
    """One piece of a format: literal text, a placeholder of a digit, a mark of a date, or what its `kind` says."""

    kind: str
    text: str


class Section(NamedTuple):
    """One part of a format, between semicolons. `prefix` and `suffix` are the literals around the digits, `whole`
    and `decimals` their placeholders with literals between; a number is shown times ten to the power of `scale`."""

    shows: Shows
    prefix: str = ""
    suffix: str = ""
    whole: tuple[Token, ...] = ()
    decimals: tuple[Token, ...] = ()
    free: bool = False  # General: as many decimals as the number has
    scale: int = 0
    condition: tuple[str, float] | None = None
    coloured: bool = False
    tokens: tuple[Token, ...] = ()
    at: int = 0  # its place among the parts: the second is for negative numbers

    @property
    def least_decimals(self) -> int:
        """Decimals that are shown even where they are 0."""
        return sum(token.text == "0" for token in self.decimals if token.kind == "digit")

    @property
    def most_decimals(self) -> int | None:
        """Decimals that are shown; None where all are."""
        return None if self.free else sum(token.kind == "digit" for token in self.decimals)

    @property
    def is_parted(self) -> bool:
        """Whether literals stand between the digits."""
        return any(token.kind not in ("digit", "general") for token in (*self.whole, *self.decimals))

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the number's own digits is shown; separators and decimals do not count."""
        least = sum(token.text == "0" for token in self.whole)
        plain = not (self.prefix or self.suffix or self.scale) and least <= 1
        return self.shows is Shows.FIGURE and plain and not self.is_parted


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """The parts of a format, in order."""
    parts = _parts(_tokens(code[:LONGEST]))
    return tuple(_section(tokens)._replace(at=at) for at, tokens in enumerate(parts))


def _tokens(code: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind in ("quoted", "escaped"):
            yield Token("literal", text)
        elif kind == "bracket":
            yield _bracket(text)
        elif kind == "plain":
            yield _plain(text)
        elif kind != "space":
            yield Token(kind, text)


def _bracket(text: str) -> Token:
    if text.startswith("$"):
        return Token("literal", text[1:].partition("-")[0])
    if re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
        return Token("date", text[0].lower() * 9)
    if _CONDITION.fullmatch(text):
        return Token("condition", text)
    return Token("colour" if _COLOUR.fullmatch(text) else "other", text)


def _plain(text: str) -> Token:
    if text in "0#?":
        return Token("digit", text)
    if text in "@;.,%/":
        return Token(text, text)
    return Token("date" if text.lower() in "ymdhseabg" else "literal", text)


def _parts(tokens: Iterator[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _section(tokens: list[Token]) -> Section:
    condition = next((_condition(token.text) for token in tokens if token.kind == "condition"), None)
    coloured = any(token.kind == "colour" for token in tokens)
    seen = [token for token in tokens if token.kind not in ("condition", "colour", "other")]
    section = _of_tokens(seen)
    return section._replace(condition=condition, coloured=coloured)


def _condition(text: str) -> tuple[str, float] | None:
    match = _CONDITION.fullmatch(text)
    return (match[1], float(match[2])) if match else None


def _of_tokens(tokens: list[Token]) -> Section:
    kinds = {token.kind for token in tokens}
    digits = [at for at, token in enumerate(tokens) if token.kind in ("digit", "general")]
    if "@" in kinds:
        at = next(at for at, token in enumerate(tokens) if token.kind == "@")
        return Section(Shows.TEXT, _literal(tokens[:at]), _literal(tokens[at + 1 :]))
    if "clock" in kinds or any(_is_date(token, digits) for token in tokens):
        return Section(Shows.MOMENT, tokens=tuple(tokens))
    if not digits:
        return Section(Shows.NOTHING, _literal(tokens))
    if "power" in kinds:
        return Section(Shows.POWER, decimals=_decimals(tokens))
    if any(token.kind == "/" for token in tokens[digits[0] : digits[-1]]):
        return Section(Shows.FRACTION)
    return _figure(tokens, digits[0], digits[-1])


def _is_date(token: Token, digits: list[int]) -> bool:
    """Whether a token makes a format one of dates; the letters of eras and weekdays do so without digits alone."""
    return token.kind == "date" and (token.text[0].lower() in "ymdhs" or not digits)


def _literal(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens if token.kind not in ("digit", "general", ",", "."))


def _decimals(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Placeholders between the point and the power of ten."""
    mantissa = tokens[: next(at for at, token in enumerate(tokens) if token.kind == "power")]
    point = next((at for at, token in enumerate(mantissa) if token.kind == "."), len(mantissa))
    return tuple(token for token in mantissa[point:] if token.kind == "digit")


def _figure(tokens: list[Token], first: int, last: int) -> Section:
    point = next((at for at in range(first, last + 1) if tokens[at].kind == "."), None)
    whole = tokens[first : last + 1 if point is None else point]
    decimals = [] if point is None else tokens[point + 1 : last + 1]
    scale = 2 * sum(token.kind == "%" for token in tokens)
    scale -= 3 * (_thousands(whole) + sum(token.kind == "," for token in decimals))
    scale -= 3 * sum(token.kind == "," for token in tokens[last + 1 :])
    section = Section(
        Shows.FIGURE,
        _literal(tokens[:first]),
        _literal(tokens[last + 1 :]),
        tuple(token for token in whole if token.kind != ","),
        tuple(token for token in decimals if token.kind != ","),
        free=any(token.kind == "general" for token in tokens),
        scale=scale,
    )
    return _pointed(section) if point is None else section


def _thousands(whole: list[Token]) -> int:
    """Commas behind the last placeholder before the point; those between placeholders part the thousands."""
    last = max((at for at, token in enumerate(whole) if token.kind in ("digit", "general")), default=-1)
    return sum(token.kind == "," for token in whole[last + 1 :])


def _pointed(section: Section) -> Section:
    """A point that is a literal: 0!.0, shows ten thousands with one decimal, as if divided."""
    between = [at for at, token in enumerate(section.whole) if token.kind not in ("digit", "general")]
    if len(between) != 1 or section.whole[between[0]].text != ".":
        return section
    whole, decimals = section.whole[: between[0]], section.whole[between[0] + 1 :]
    return section._replace(whole=whole, decimals=decimals, scale=section.scale - len(decimals))


def section_of(number: float, code: str) -> Section | None:
    """The part of the format that shows `number`; None where none does and the cell is filled with hashes."""
    parts = [part for part in sections(code)[:4] if part.shows is not Shows.TEXT] or [
        Section(Shows.FIGURE, free=True)
    ]
    parts = parts[:3]
    if any(part.condition for part in parts):
        return next((part for part in parts if _meets(number, part.condition)), None)
    if number < 0 and len(parts) > 1:
        return parts[1]
    return parts[2] if number == 0 and len(parts) > 2 else parts[0]


def _meets(number: float, condition: tuple[str, float] | None) -> bool:
    return condition is None or bool(_COMPARE[condition[0]](number, condition[1]))


def has_own_sign(section: Section, code: str) -> bool:
    """Whether a part is for negative numbers alone, which are shown without a minus of their own there."""
    parts = sections(code)
    if any(part.condition for part in parts):
        return (
            section.condition is not None
            and section.condition[0] in ("<", "<=")
            and section.condition[1] <= 0
        )
    return section.at == 1


def figure(number: float, section: Section, *, rounded: bool = False) -> str:
    """The digits shown of a number, without its sign and without separators: all that it has, with the least that
    the section asks for; of a `rounded` one no more than it shows."""
    shown = abs(Decimal(f"{number:.{DIGITS}g}")).scaleb(section.scale)
    most = section.most_decimals
    if rounded and most is not None:
        shown = shown.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    whole, _, decimals = f"{shown:f}".partition(".")
    decimals = decimals.rstrip("0")
    if decimals or not rounded:
        decimals = decimals.ljust(section.least_decimals, "0")
    whole = _spread(whole, section.whole)
    return f"{whole}.{decimals}" if decimals else whole


def _spread(digits: str, places: Sequence[Token]) -> str:
    """Digits put into their placeholders from the right, with the literals between."""
    rest, shown = list(digits.lstrip("0")), ""
    for token in reversed(places):
        if token.kind != "digit":
            shown = ("".join(rest) or "0") + shown if token.kind == "general" else token.text + shown
            rest = [] if token.kind == "general" else rest
        elif rest or token.text == "0":
            shown = (rest.pop() if rest else "0") + shown
    return "".join(rest) + shown or "0"


def power(number: float, section: Section) -> str:
    """A number as 1.20E+05."""
    return f"{number:.{len(section.decimals)}E}"


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
    shown = date_parts(code)
    return shown.year and shown.day


def clock(days: float) -> str:
    """A time of day, or a duration, given in days: 26:03:00."""
    if not math.isfinite(days):
        return str(days)
    seconds = round(days * 86_400)
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"


def moment(value: datetime, code: str) -> str:
    """A date or a time as its format shows it; the clock has 24 hours."""
    shown = [_moment_run(value, run) if is_run else run for run, is_run in _marked(sections(code)[0].tokens)]
    return "".join(shown).strip()


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


@lru_cache(maxsize=1024)
def tells(code: str) -> bool:
    """Whether a number or a date may be shown as something else than its digits without a format would be."""
    parts = [part for part in sections(code) if part.shows is not Shows.TEXT]
    return len(parts) > 1 or any(not part.is_bare or part.least_decimals for part in parts)


@lru_cache(maxsize=1024)
def is_bare(code: str) -> bool:
    """Whether numbers and texts are shown as they are; separators and decimals do not count."""
    plain = [part for part in sections(code) if part.shows is not Shows.TEXT]
    return all(part.is_bare for part in plain) and text_around(code) == ("", "")


@lru_cache(maxsize=1024)
def is_percent(code: str) -> bool:
    """Whether all numbers are shown a hundredfold before a percent sign, as under 0.0%."""
    parts = [part for part in sections(code) if part.shows is not Shows.TEXT]
    part = parts[0] if len(parts) == 1 else Section(Shows.NOTHING)
    plain = part.condition is None and not part.is_parted
    return plain and (part.prefix, part.suffix.strip(), part.scale) == ("", "%", 2)


@lru_cache(maxsize=1024)
def text_around(code: str) -> tuple[str, str]:
    """What a format puts before and behind a text."""
    part = next((part for part in sections(code) if part.shows is Shows.TEXT), None)
    return (part.prefix, part.suffix) if part is not None else ("", "")
