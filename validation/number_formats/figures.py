"""What a number shows under its format: which section is for it, its sign and its digits."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from validation.number_formats.parts import Section, Shows, Token, sections

#: A float holds no more digits than these, and a spreadsheet program shows no more.
DIGITS = 15
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


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
    exact = abs(Decimal(f"{number:.{DIGITS}g}")).scaleb(section.scale)
    most = section.most_decimals
    if rounded and most is not None:
        exact = exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    whole, _, decimals = f"{exact:f}".partition(".")
    decimals = decimals.rstrip("0")
    if decimals or not rounded:
        decimals = decimals.ljust(section.least_decimals, "0")
    whole = _spread(whole, section.whole)
    return f"{whole}.{decimals}" if decimals else whole


def _spread(digits: str, places: Sequence[Token]) -> str:
    """Digits put into their placeholders from the right, with the literals between."""
    rest, spread = list(digits.lstrip("0")), ""
    for token in reversed(places):
        if token.kind == "general":
            rest, spread = [], ("".join(rest) or "0") + spread
        elif token.kind != "digit":
            spread = token.text + spread
        elif rest or token.text == "0":
            spread = (rest.pop() if rest else "0") + spread
    return "".join(rest) + spread or "0"


def power(number: float, section: Section) -> str:
    """A number as 1.20E+05."""
    return f"{number:.{len(section.decimals)}E}"
