"""A column title taken apart: numbering, marks, units, hints and translations set aside from its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from validation.codelists.fold import fold
from validation.layout.traditional import simplified
from validation.units import find_unit

#: Titles of a running number; the spreadsheet's own row number is the address, so these are passed by.
ROW_NUMBER_TITLES = frozenset(
    {"序号", "序", "行号", "行次", "项次", "顺序号", "次序", "排序", "no", "no.", "#", "index", "serialno", "s/n"}
)  # fmt: skip
#: Leaf titles that say nothing without their parent.
GENERIC = frozenset(
    {"名称", "数量", "数", "编号", "代码", "时间", "日期", "金额", "情况", "类型", "合计", "总数", "小计", "个数"}
)  # fmt: skip
#: A longer text is no title but a note; pieces of a title beyond so many are not tried one by one.
LONGEST, MOST_PIECES = 300, 10
_FOREIGN = re.compile(r"(?:百|千|万|亿)*(?:美元|欧元|港元|日元|英镑|usd|eur|hkd)")
#: How the money of this country is named beside its unit, and its units in English.
_OUR_MONEY = re.compile(r"人民币|rmb|cny|¥|yuan")
_ENGLISH_MONEY = {
    "": "元", "10k": "万元", "10000": "万元", "10thousand": "万元", "tenthousand": "万元", "million": "百万元", "100million": "亿元",
}  # fmt: skip
_MARKS = re.compile(r"[*★※☆●▲]|\((?:必填|选填|必填项|选填项|单选|多选|可多选|下拉选择|是/否)\)")
_NUMBERING = re.compile(r"^\(?[0-9一二三四五六七八九十]{1,2}[.、)]")
_PUNCTUATION = re.compile(r"[::,,.。;;、\"“”'/\\_]+")
_BRACKETS = re.compile(r"[()<>《》「」『』|·&+-]+")
_UNIT_BRACKET = re.compile(r"^(.+?)\((?:计量单位|单位)?[::]?([^()]*(?:\([^()]*\))?)\)$")
#: A unit written without brackets; single characters such as 个 and 站 end too many names.
_UNIT_END = re.compile(r"^(.+?)(?:/([^/]+)|(%|‰|[kmg]bps|mb/s|ms|毫秒|(?<![百千万亿])[百千万亿]*元))$")
_UNIT_TAIL = re.compile(r"^(.+?)[,,/]?单位[::]?([^()::,,]+)$")
_GROUP = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_UNIT_LABEL = re.compile(r"^(?:计量单位|单位|unit)[::]?")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: What follows a Chinese title without a space: its English, four letters at least, for units are shorter.
_LATIN_TAIL = re.compile(r"^(.*[\u3400-\u9fff)%])[/|-]?([a-z0-9][a-z0-9.,'&/() -]*)$")
_BREAK = re.compile(r"(?:\s|_x000[9AaDd]_|<br */?>)+")
_PIECES = re.compile(r"(?:[\s:：,，;；/／|—–-]|_x000[9AaDd]_|<br */?>)+")
_SEPARATOR = re.compile(r"[:,;。!?|~]")
_AROUND = " :,;。.-/|\"'“”‘’"
_FOOTNOTE = re.compile(r"(?<=[\u3400-\u9fff)])(?:注?[0-9]{1,2}|#)$")
#: A bracket that tells how to fill the column in, or says its title in English: it changes no meaning.
_HINT = re.compile(
    r"必填|选填|必选|必报|可选|单选|多选|下拉|全称|格式|[如例]:|例如|填写|填报|参[照见]|选择|[0-9]位|小数|整数|文本|请|[按见]|√|^[a-z0-9 .,'&/%-]+$"
)


class Title(NamedTuple):
    """A title taken apart: `full` folded and without marks, `name` without a bracket at its end, `unit` when it
    names one."""

    full: str
    name: str
    unit: str | None


class Wording(NamedTuple):
    """What a title may say once something is set aside. `plain` where that was certainly no part of its name."""

    name: str
    unit: str | None
    plain: bool


@lru_cache(maxsize=4096)
def take_apart(text: str) -> Title:
    """Fold a title and set its unit aside. What it gives as `full` is kept with what units tell of titles."""
    folded = _stripped(fold(text))
    for pattern in (_UNIT_BRACKET, _UNIT_TAIL):
        match = pattern.match(folded)
        if match and is_unit(match[2]):
            return Title(bare(folded), bare(match[1]), unit_named(match[2]))
    match = _UNIT_END.match(folded)
    if match and is_unit(match[2] or match[3]):
        return Title(bare(folded), bare(match[1]), unit_named(match[2] or match[3]))
    match = _UNIT_BRACKET.match(folded)
    return Title(bare(folded), bare(match[1] if match else folded), None)


def title_key(title: str) -> str:
    """What spellings of one title have in common; parents of a title of several levels count."""
    return take_apart(title).full


def unit_of(text: str) -> str | None:
    """The unit of measure that a title names: at its end, in a bracket, or as a piece of its own."""
    return (
        take_apart(text).unit
        or _unit_inside(simplified(text))
        or next((said.unit for said in wordings(text) if said.unit), None)
    )


def _unit_inside(text: str) -> str | None:
    contents = [match[1] for match in _GROUP.finditer(_balanced(fold(text)))]
    first, *pieces = _PIECES.split(text.strip())
    # single characters apart are one word, and a unit among them is none
    contents += [fold(piece).strip("()") for piece in pieces] if len(first) > 1 else []
    return next((named for content in contents if (named := _unit_in(content))), None)


def unit_alone(text: str) -> str | None:
    """The unit of measure that a text is, in brackets or not."""
    return unit_named(fold(text).strip("()"))


def is_dash(text: str) -> bool:
    """Whether a text is blank or a dash for none."""
    return not text.strip("-－–—/ ")


def is_unit(name: str) -> bool:
    """Whether a text names a unit of measure, one that converts or a foreign one."""
    return unit_named(name) is not None


def unit_named(text: str) -> str | None:
    """The unit that a folded text names, as `find_unit` knows it; a foreign one as it stands."""
    if find_unit(text) is not None or _FOREIGN.fullmatch(text) is not None:
        return text
    name = _OUR_MONEY.sub("", text)
    if name == text:
        return None
    return name if find_unit(name) is not None else _ENGLISH_MONEY.get(name.replace(",", ""))


def is_row_number(text: str) -> bool:
    """Whether a title means a running number."""
    return any(said.name in ROW_NUMBER_TITLES for said in wordings(text))


def is_generic(text: str) -> bool:
    """Whether a leaf title needs its parent to mean anything."""
    return take_apart(text).name in GENERIC


def bare(folded: str) -> str:
    """Without punctuation; brackets stay."""
    return _PUNCTUATION.sub("", folded)


def flat(folded: str) -> str:
    """Without punctuation, brackets and dashes: 建成(投运)时间 is 建成/投运时间."""
    return _BRACKETS.sub("", bare(folded))


def _stripped(folded: str) -> str:
    return _NUMBERING.sub("", _MARKS.sub("", folded))


def _trimmed(folded: str) -> str:
    """Without marks, numbering and punctuation around it, in whatever order they stand."""
    before = ""
    while before != folded:
        before, folded = folded, _stripped(folded).strip(_AROUND)
    return folded


def _balanced(folded: str) -> str:
    """With the bracket that somebody forgot to close, or without the one that was never opened."""
    missing = folded.count("(") - folded.count(")")
    return folded + ")" * missing if missing >= 0 else folded.removesuffix(")")


@lru_cache(maxsize=4096)
def wordings(text: str) -> tuple[Wording, ...]:
    """What a title may say, the least set aside first: as it stands, without its translation, without what comes
    after its first words, each with fewer and fewer brackets. Traditional characters are simplified."""
    if not 0 < len(text) <= LONGEST:
        return ()
    ways: dict[str, Wording] = {}
    for folded in _beginnings(simplified(text)):
        for said in _without_brackets(_balanced(_trimmed(folded))):
            ways.setdefault(said.name, said)
    ways.pop("", None)
    return tuple(ways.values())


def _beginnings(text: str) -> Iterator[str]:
    """The folded title; without English beside it; then its first pieces, which a hint follows."""
    pieces = _BREAK.split(text.strip())
    whole = fold(text)
    yield whole
    yield _FOOTNOTE.sub("", whole.rstrip(".:;,。"))
    yield from _chinese(pieces)
    tail = _LATIN_TAIL.match(whole)
    if tail and sum(map(str.isalpha, tail[2])) > 3:  # noqa: PLR2004 see the pattern
        yield tail[1]
    for end in range(min(len(pieces), MOST_PIECES) - 1, 0, -1):
        yield fold("".join(pieces[:end]))
    yield _SEPARATOR.split(whole, maxsplit=1)[0]


def _chinese(pieces: list[str]) -> Iterator[str]:
    """The pieces from the first to the last that has a Chinese character, where others stand around them."""
    chinese = [at for at, piece in enumerate(pieces) if _HAN.search(piece)]
    if chinese and len(pieces) > chinese[-1] - chinese[0] + 1:
        yield fold("".join(pieces[chinese[0] : chinese[-1] + 1]))


def _without_brackets(folded: str) -> Iterator[Wording]:
    """The text with all its brackets, without those that name a unit or tell how to fill in, without any."""
    groups = [(match.start(), match.end(), match[1]) for match in _GROUP.finditer(folded)]
    unit = next((named for _, _, content in groups if (named := _unit_in(content))), None)
    yield from _without_unit_end(folded, unit, plain=True)
    telling = [group for group in groups if _unit_in(group[2]) or _HINT.search(group[2])]
    if telling:
        yield from _without_unit_end(_cut(folded, telling), unit, plain=True)
    if len(groups) > len(telling):
        yield from _without_unit_end(_cut(folded, groups), unit, plain=False)


def _unit_in(content: str) -> str | None:
    """The unit that a bracket names, alone or before a hint: 单位:万元, 万元,保留两位小数."""
    if named := unit_named(_UNIT_LABEL.sub("", content)):
        return named
    parts = re.split(r"[,,;;。]", content)
    return next((named for part in parts if (named := unit_named(_UNIT_LABEL.sub("", part)))), None)


def _cut(text: str, groups: list[tuple[int, int, str]]) -> str:
    for start, end, _ in reversed(groups):
        text = text[:start] + text[end:]
    return text


def _without_unit_end(folded: str, unit: str | None, *, plain: bool) -> Iterator[Wording]:
    trimmed = folded.strip(_AROUND)
    for text in dict.fromkeys((folded, trimmed)):
        yield Wording(bare(text), unit, plain)
    for pattern in (_UNIT_TAIL, _UNIT_END):
        match = pattern.match(trimmed)
        named = unit_named(next(filter(None, match.groups()[1:]))) if match else None
        if match and named:
            yield Wording(bare(match[1]), unit or named, plain)
    yield Wording(flat(trimmed), unit, plain)
