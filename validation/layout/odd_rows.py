"""One row that may not be data, looked at cell by cell: totals, notes, samples, repeated headers, column numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validation.codelists.fold import fold
from validation.forms.form import Form, Kind
from validation.layout.grid import Grid
from validation.layout.header import Header
from validation.layout.statements import is_label
from validation.raw import RawSheet

#: Total rows say so in one of this many columns from the left.
TOTAL_COLUMNS = 4
#: Patterns that pick the rows worth a look out of a whole column; the tests below decide.
TOTAL_HINT = r"[合总小共累][\s\u200b]*计|(?i)total"
LEAD_HINT = r"^[\s\u200b（(\[【]*(?:附?注|备|说明|填|指标|示|样|例|单位|审|复|制|负责|联|分管|统计|电|手机|邮|传|报|数据期|日期|签|盖|领导|省份|所属|[一二三四五六七八九十]{1,3}[)）、.．])"
_COUNT = r"(?:\(?(?:共)?[0-9]+(?:家|个|条|张|项|户|行|套|台|笔|款)?(?:专网|应用|记录|企业)?\)?)?"
_TOTAL = re.compile(
    rf"(?:本页|本表|本单位|全省|全市|全区|全国|各市|总)?(?:合计|总计|小计|共计|累计)(?:数|额)?:?{_COUNT}"
    r"|(?:grand|sub|page|overall)?-?(?:totals?|sum):?(?:\([0-9]+\))?"
)
_NAMED_TOTAL = re.compile(rf".{{1,12}}(?:合计|总计|小计):?{_COUNT}")
_PARTS = {"本页": "本页合计", "page": "本页合计", "小计": "小计", "sub": "小计"}
_NOTE = re.compile(
    r"\(?(?:附?注[0-9一二三]?|备注|说明|填[表报]说明|注意(?:事项)?|指标解释|审核关系)\)?(?::|$)"
)
#: 第1页 共3页 alone in its row.
_PAGE = re.compile(
    r"[-—]*第?[0-9一二三四五六七八九十]{1,4}页[,/]?(?:共[0-9一二三四五六七八九十]{1,4}页)?[-—]*"
)
#: Marks for no value; a row of these alone says that there is nothing to report.
NOTHING_HINT = r"^\s*(?:[\-－–—―─_/／\\·.…*＊、]+|暂?无|(?i)n/?a|nil)\s*$"
_NOTHING = re.compile(r"[-_/\\·.*、]+|暂?无|n/?a|nil")
_SAMPLE = re.compile(r"\(?(?:示例|样例|例如|例)\)?(?::.*)?")
#: 一、苏州市 alone in its row: the title of the rows that follow.
_HEADING = re.compile(r"\(?[一二三四五六七八九十]{1,3}[).、].+")
_NUMBER_TOKEN = re.compile(r"\(?([0-9]{1,3})\)?(?:=.*)?|[甲乙丙丁戊己庚辛壬癸a-z]")
#: What differs between the titles of two pages: their numbers, and that one goes on.
_PAGE_NUMBER = re.compile(r"[0-9]+|[一二三四五六七八九十百]+|\(?续[表页]?\)?")
#: What is left of a page's title is a title still.
_TITLE_WORDS = re.compile(r"[\u3400-\u9fffa-z]{4}")
#: How a value begins in columns whose values have a form of their own.
_FITS = {
    Kind.CODE: r"[0-9a-z][0-9a-z/_.-]*[0-9][0-9a-z/_.-]*",
    Kind.USCC: r"[0-9a-z]{9,20}",
    **dict.fromkeys((Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY), r"[约近超>¥$-]?[0-9].*"),
    Kind.DATE: r"[0-9].*",
}
#: Below a header a row with so many words in such columns, and no value, tells how to fill them in.
_LEAST_HINTS = 4


class OddRows:
    """Tells the kind of one row; None for data. `sample` is the template's sample row by 0-based column."""

    def __init__(
        self, sheet: RawSheet, grid: Grid, header: Header, form: Form, sample: Mapping[int, str]
    ) -> None:
        left = sheet.first_column
        self._sample = {column - left: fold(text) for column, text in sample.items()}
        self._own = {position - left for position in header.positions.values()}
        self._key = min(self._own, default=0)
        self._headers = [
            {j: fold(text) for j, text in enumerate(grid.row(row)) if text}
            for row in range(header.top, header.bottom + 1)
        ]
        self._titles = {
            fold(text) for row in range(grid.first_row, header.top) for text in grid.row(row) if text
        }
        self._pages = {_unnumbered(title) for title in self._titles if _TITLE_WORDS.search(title)}
        self._fits = {
            position - left: re.compile(_FITS[kind])
            for key, position in header.positions.items()
            if (kind := form.by_key[key].kind) in _FITS
        }
        self._near_header = True

    def kind(self, cells: Mapping[int, str]) -> str | None:
        """blank, repeated_header, column_number, total, sample, note, heading, filling_block, or None for data.
        `cells` are the folded texts by offset. Rows must come in their order, with every row that follows a header."""
        kind = self._kind(cells)
        if kind not in ("blank", "note"):
            self._near_header = kind in ("repeated_header", "column_number")
        return kind

    def repeated(self) -> str:
        """The kind of a row that is known to repeat the header."""
        self._near_header = True
        return "repeated_header"

    def _kind(self, cells: Mapping[int, str]) -> str | None:
        own = [text for j, text in cells.items() if j in self._own]
        if not cells or (own and all(_NOTHING.fullmatch(text) for text in own)):
            return "blank"
        lead = next(iter(cells.values()))
        if self._repeats_header(cells):
            return "repeated_header"
        if self._near_header and _is_numbering(list(cells.values())):
            return "column_number"
        if self.mark(cells):
            return "total"
        if _SAMPLE.fullmatch(lead) or self._equals_sample(cells):
            return "sample"
        if (_NOTE.match(lead) and len(set(cells.values())) <= 3) or (
            self._near_header and self._hints(cells)
        ):
            return "note"
        if len(cells) == 1 and _PAGE.fullmatch(lead):
            return "note"
        if len(cells) == 1 and _HEADING.fullmatch(lead):
            return "heading"
        return "filling_block" if self.is_block(cells) else None

    def mark(self, cells: Mapping[int, str]) -> str:
        """The 合计, 总计, 小计 or 本页合计 of a total row; '' when there is none."""
        for j in range(TOTAL_COLUMNS):
            text = cells.get(j, "")
            named = _NAMED_TOTAL.fullmatch(text) and (j == self._key or self._key not in cells)
            if _TOTAL.fullmatch(text) or named:
                return next((mark for part, mark in _PARTS.items() if part in text), "合计")
        return ""

    def is_block(self, cells: Mapping[int, str]) -> bool:
        """Whether the row belongs to the filling-in block: it begins with one of its labels."""
        lead = next(iter(cells.values()), "")
        return is_label(lead) and (":" in lead or len(cells) <= 10)

    def _repeats_header(self, cells: Mapping[int, str]) -> bool:
        if any(
            sum(row.get(j) == text for j, text in cells.items()) * 2 > len(cells) for row in self._headers
        ):
            return len(cells) > 1
        texts = set(cells.values())
        return bool(self._titles) and (
            texts <= self._titles or {_unnumbered(t) for t in texts} <= self._pages
        )

    def _equals_sample(self, cells: Mapping[int, str]) -> bool:
        return len(self._sample) > 2 and all(cells.get(j) == text for j, text in self._sample.items())

    def _hints(self, cells: Mapping[int, str]) -> bool:
        """Whether words stand in all columns of codes, figures and dates: below the titles they tell what to enter."""
        pairs = [(pattern, cells[j]) for j, pattern in self._fits.items() if j in cells]
        hints = [text for pattern, text in pairs if len(text) > 1 and not pattern.fullmatch(text)]
        return len(hints) == len(pairs) >= _LEAST_HINTS


def _unnumbered(folded: str) -> str:
    return _PAGE_NUMBER.sub("", folded)


def _is_numbering(texts: list[str]) -> bool:
    """1 2 3 …, 甲 乙 1 2 …, (1) (2) …: tokens in every cell, its numbers each one more than the last."""
    tokens = [_NUMBER_TOKEN.fullmatch(text) for text in texts]
    if len(set(texts)) < max(3, len(texts)) or not all(tokens):
        return False
    numbers = [int(token[1]) for token in tokens if token and token[1]]
    return all(later - earlier == 1 for earlier, later in zip(numbers, numbers[1:], strict=False))
