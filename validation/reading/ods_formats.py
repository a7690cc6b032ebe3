"""Number formats of OpenDocument cells, derived from what they display: the text of a cell stands in the file beside its value."""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import Decimal

from validation.number_formats import DIGITS

_FIGURE = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?|\.([0-9]+)")
_DIGITS = re.compile(r"([0-9]+)")
_POWER = re.compile(r"-?[0-9](?:\.([0-9]+))?E[+-][0-9]+")
#: The same number in another form: a fraction, Chinese numerals.
_OTHER_FORM = re.compile(
    r"-?(?:[0-9]+ )?[0-9]+/[0-9]+|[〇零一二三四五六七八九十百千万亿点负两壹贰叁肆伍陆柒捌玖拾佰仟]+"
)
_DAY = re.compile(r"[0-9]{4}([年./-])([0-9]{1,2})([月./-])([0-9]{1,2})(日?)")
_MONTH = re.compile(r"[0-9]{4}[年./-][0-9]{1,2}月?|[A-Za-z]{3,9}[ -][0-9]{2,4}")
_NO_YEAR = re.compile(r"[0-9]{1,2}[月./-][0-9]{1,2}日?")
_YEAR = re.compile(r"[0-9]{4}年?")
#: Powers of ten by which a number may be display, the usual ones first.
_SCALES = (0, -4, -8, -3, -6, -2, -1, -5, -7, -9)


def number_code(number: float, display: str | None, *, share: bool) -> str | None:
    """A format under which `number` is shown as `display`, None where the file does not tell; None where that says
    nothing new. `share` is true of what the file calls a percentage."""
    if display is None:
        return "0%" if share else None
    if not display.strip():
        return ";;;"
    power = _POWER.fullmatch(display)
    if power:
        return f"0.{'0' * len(power[1] or '')}E+00"
    if _OTHER_FORM.fullmatch(display):
        return None
    return _parted(number, display) or _scaled(number, display, share=share) or _quoted(display)


def _parted(number: float, display: str) -> str | None:
    """A format with literals between the digits of a whole number, as 2026-07 of 202607."""
    pieces = _DIGITS.split(display)
    groups = pieces[1::2]
    if (
        len(groups) < 2
        or "".join(groups).lstrip("0") != f"{abs(number):.0f}"
        or {*pieces[2:-1:2]} <= {",", "."}
    ):
        return None
    return "".join(_quoted(piece) if at % 2 == 0 else "0" * len(piece) for at, piece in enumerate(pieces))


def _scaled(number: float, display: str, *, share: bool) -> str | None:
    """A format that shows the digits of a number, times a power of ten, with literals before and behind them."""
    for match in reversed(list(_FIGURE.finditer(display))):
        before, after = display[: match.start()], display[match.end() :]
        scales = (2, 0) if share else (*_SCALES, 2) if "%" in after else _SCALES
        scale = next((scale for scale in scales if _agrees(number, match, scale)), None)
        if scale is not None:
            return _code(number, before, match, after, scale)
    return None


def _agrees(number: float, match: re.Match[str], scale: int) -> bool:
    """Whether the digits are the number times ten to the power of `scale`, rounded."""
    exact = abs(Decimal(f"{number:.{DIGITS}g}")).scaleb(scale)
    decimals = len(match[1] or match[2] or "")
    return abs(Decimal(match[0].replace(",", "")) - exact) <= Decimal(5).scaleb(-decimals - 1)


def _code(number: float, before: str, match: re.Match[str], after: str, scale: int) -> str:
    whole = match[0].partition(".")[0].replace(",", "")
    least = "0" * len(whole) if whole.startswith("0") else "0"
    decimals = "0" * len(match[1] or match[2] or "")
    digits = f"{least}.{decimals}" if decimals else least
    if scale < 0:
        digits = "0" + ("!." + "0" * (-scale % 3) if -scale % 3 else "") + "," * (-scale // 3)
    tail = "%".join(map(_quoted, after.split("%"))) if scale == 2 else _quoted(after)
    if number >= 0:
        return _quoted(before) + digits + tail
    if before.endswith(("-", "−")):
        return _quoted(before[:-1]) + digits + tail
    return f"0;{_quoted(before)}{digits}{tail}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "") + '"' if text else ""


def date_code(display: str | None) -> str | None:
    """A format under which a date is shown as `display`; None where the file does not say."""
    if not display:
        return None
    day = _DAY.fullmatch(display)
    if day:
        month, number = ("mm" if day[2].startswith("0") else "m"), ("dd" if day[4].startswith("0") else "d")
        return f"yyyy{_quoted(day[1])}{month}{_quoted(day[3])}{number}{_quoted(day[5])}"
    for pattern, code in ((_MONTH, 'yyyy"年"m"月"'), (_NO_YEAR, 'm"月"d"日"'), (_YEAR, "yyyy")):
        if pattern.fullmatch(display):
            return code
    return _quoted(display)


def code_of(value: float | datetime, display: str | None, *, share: bool, currency: str) -> str | None:
    """The format of a cell that holds `value` and shows `display`; `currency` is what the file says beside it."""
    if isinstance(value, datetime):
        return date_code(display)
    if not math.isfinite(value):
        return None
    if display is None and currency:
        return f"{_quoted(currency)}0"
    return number_code(value, display, share=share)
