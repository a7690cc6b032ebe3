"""A number format taken apart: sections between semicolons, each with its placeholders, literals and scale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

#: How many characters of a format are read; spreadsheet programs take no more.
LONGEST = 255

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
