"""Column titles as people write them -> the form's columns; spellings, brackets, units and marks set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from validation.codelists.fold import fold
from validation.forms.form import Column, Form
from validation.units import find_unit

#: Titles of a running number; the spreadsheet's own row number is the address, so these are passed by.
ROW_NUMBER_TITLES = frozenset(
    {"序号", "序", "行号", "行次", "项次", "顺序号", "次序", "no", "no.", "#", "index"}
)
#: Leaf titles that say nothing without their parent.
GENERIC = frozenset(
    {
        "名称",
        "数量",
        "数",
        "编号",
        "代码",
        "时间",
        "日期",
        "金额",
        "情况",
        "类型",
        "合计",
        "总数",
        "小计",
        "个数",
    }
)
_FOREIGN = re.compile(r"(?:百|千|万|亿)*(?:美元|欧元|港元|日元|英镑|usd|eur|hkd)")
_MARKS = re.compile(r"[*★※☆●▲]|\((?:必填|选填|必填项|选填项|单选|多选|可多选|下拉选择|是/否)\)")
_NUMBERING = re.compile(r"^\(?[0-9一二三四五六七八九十]{1,2}[.、)]")
_PUNCTUATION = re.compile(r"[::,,.。;;、\"“”'/\\_]+")
_UNIT_BRACKET = re.compile(r"^(.+?)\((?:计量单位|单位)?[::]?([^()]*(?:\([^()]*\))?)\)$")
#: A unit written without brackets; single characters such as 个 and 站 end too many names.
_UNIT_END = re.compile(r"^(.+?)(?:/([^/]+)|(%|‰|[kmg]bps|mb/s|ms|毫秒|(?<![百千万亿])[百千万亿]*元))$")
_UNIT_TAIL = re.compile(r"^(.+?)[,,/]?单位[::]?([^()::,,]+)$")


class Title(NamedTuple):
    """A title taken apart: `name` without a bracket at its end, `unit` when that bracket names one."""

    full: str
    name: str
    unit: str | None


class Known(NamedTuple):
    """The form's column that a title means, and whether by its official title, an alias or as remembered."""

    key: str | None
    how: str


@lru_cache(maxsize=4096)
def take_apart(text: str) -> Title:
    """Fold a title and set its unit aside."""
    folded = _NUMBERING.sub("", _MARKS.sub("", fold(text)))
    for pattern in (_UNIT_BRACKET, _UNIT_TAIL):
        match = pattern.match(folded)
        if match and is_unit(match[2]):
            return Title(_bare(folded), _bare(match[1]), match[2])
    match = _UNIT_END.match(folded)
    if match and is_unit(match[2] or match[3]):
        return Title(_bare(folded), _bare(match[1]), match[2] or match[3])
    match = _UNIT_BRACKET.match(folded)
    return Title(_bare(folded), _bare(match[1] if match else folded), None)


def is_unit(name: str) -> bool:
    """Whether a text names a unit of measure, one that converts or a foreign one."""
    return find_unit(name) is not None or _FOREIGN.fullmatch(name) is not None


def _bare(folded: str) -> str:
    return _PUNCTUATION.sub("", folded)


class _Spellings(NamedTuple):
    """Ways to write a form's titles, by how they are compared; `official` as the form itself writes them."""

    whole: dict[str, Known]
    names: dict[str, Known]
    loose: dict[str, Known]
    official: frozenset[str]


@lru_cache(maxsize=16)
def _spellings(columns: tuple[Column, ...]) -> _Spellings:
    """Of hundreds of aliases, each taken apart: the same for every file."""
    named = [(column.label_zh, Known(column.key, "title")) for column in columns]
    named += [(alias, Known(column.key, "alias")) for column in columns for alias in column.aliases]
    official = frozenset(text for column in columns for text in _official(take_apart(column.label_zh)))
    found = _Spellings({}, {}, {}, official)
    for text, known in named:
        title = take_apart(text)
        found.whole.setdefault(title.full, known)
        found.names.setdefault(title.name, known)
        found.loose.setdefault(_loosened(title.name), Known(known.key, "alias"))
    return found


class Titles:
    """The spellings of one form's titles, in order of trust: as the form writes them, as the unit has told
    (by `title_key`), by an alias or without a bracket, loosely."""

    def __init__(self, form: Form, remembered: Mapping[str, str | None] | None = None) -> None:
        self.form = form
        self._remembered = {
            title: key
            for title, key in (remembered or {}).items()
            if key is None or key in form.by_key  # a form may lose a column
        }
        self._spelled = _spellings(form.columns)
        self._found: dict[str, Known | None] = {}

    def look_up(self, text: str) -> Known | None:
        """The column that a title means; None when it is not one of the form's."""
        if text not in self._found:
            title, spelled = take_apart(text), self._spelled
            self._found[text] = (
                spelled.whole.get(title.full)
                or spelled.names.get(title.full)
                or spelled.names.get(title.name)
                or spelled.loose.get(_loosened(title.name))
            )
        return self._found[text]

    def recall(self, title: str) -> Known | None:
        """What the unit has said of a title; its key is None when it is to be passed by."""
        if not self._remembered:
            return None
        told = title_key(title)
        if told not in self._remembered or self.is_official(title):
            return None
        return Known(self._remembered[told], "remembered")

    def is_official(self, title: str) -> bool:
        """Whether a title is one of the form as the form writes it, whatever its unit: then it means nothing else.
        Of several levels (joined by " / ") all count."""
        return not _official(take_apart(title.replace(" / ", ""))).isdisjoint(self._spelled.official)


def _official(title: Title) -> set[str]:
    return {title.full, title.name} if title.unit is not None else {title.full}


def title_key(title: str) -> str:
    """What spellings of one title have in common; parents of a title of several levels count."""
    return take_apart(title).full


def _loosened(name: str) -> str:
    name = name.removeprefix("其中")
    return name[:-2] + "数" if name.endswith(("数量", "个数")) else name


def is_row_number(text: str) -> bool:
    """Whether a title means a running number."""
    return take_apart(text).name in ROW_NUMBER_TITLES


def is_generic(text: str) -> bool:
    """Whether a leaf title needs its parent to mean anything."""
    return take_apart(text).name in GENERIC
