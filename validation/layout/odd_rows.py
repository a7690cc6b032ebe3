"""One row that may not be data, looked at cell by cell: totals, notes, samples, repeated headers, column numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validation.codelists.fold import fold
from validation.layout.grid import Grid
from validation.layout.header import Header
from validation.layout.statements import is_label
from validation.raw import RawSheet

#: Total rows say so in one of this many columns from the left.
TOTAL_COLUMNS = 4
#: Patterns that pick the rows worth a look out of a whole column; the tests below decide.
TOTAL_HINT = r"[合总小共][\s\u200b]*计[\s：:)）]*$"
LEAD_HINT = r"^[\s\u200b（(\[【]*(?:附?注|备|说明|填|指标|示|样|例|单位|审|复|制|负责|联|分管|统计|电|手机|邮|传|报|数据期|日期|签|盖|领导|省份|所属|[一二三四五六七八九十]{1,3}[)）、.．])"
_TOTAL = re.compile(r"(?:本页|本表|全省|全市|全国|总)?(?:合计|总计|小计|共计):?")
_NAMED_TOTAL = re.compile(r".{1,12}(?:合计|总计|小计):?")
_NOTE = re.compile(
    r"\(?(?:附?注[0-9一二三]?|备注|说明|填[表报]说明|注意(?:事项)?|指标解释|审核关系)\)?(?::|$)"
)
_SAMPLE = re.compile(r"\(?(?:示例|样例|例如|例)\)?(?::.*)?")
#: 一、苏州市 alone in its row: the title of the rows that follow.
_HEADING = re.compile(r"\(?[一二三四五六七八九十]{1,3}[).、].+")
_NUMBER_TOKEN = re.compile(r"\(?([0-9]{1,3})\)?(?:=.*)?|[甲乙丙丁戊己庚辛壬癸a-z]")


class OddRows:
    """Tells the kind of one row; None for data. `sample` is the template's sample row by 0-based column."""

    def __init__(self, sheet: RawSheet, grid: Grid, header: Header, sample: Mapping[int, str]) -> None:
        self._sample = {column - sheet.first_column: fold(text) for column, text in sample.items()}
        self._key = next(
            (column.position - sheet.first_column for column in header.columns if column.key is not None), 0
        )
        self._headers = [
            {j: fold(text) for j, text in enumerate(grid.row(row)) if text}
            for row in range(header.top, header.bottom + 1)
        ]
        self._titles = {
            fold(text) for row in range(grid.first_row, header.top) for text in grid.row(row) if text
        }
        self._near_header = True

    def kind(self, cells: list[str]) -> str | None:
        """blank, repeated_header, column_number, total, sample, note, heading, filling_block, or None for data.
        Rows must come in their order, with every row that follows a header."""
        found = self._kind({j: fold(text) for j, text in enumerate(cells) if fold(text)})
        if found != "blank":
            self._near_header = found in ("repeated_header", "column_number")
        return found

    def _kind(self, cells: dict[int, str]) -> str | None:
        if not cells:
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
        if _NOTE.match(lead) and len(set(cells.values())) <= 3:
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
                return text.rstrip(":")
        return ""

    def is_block(self, cells: Mapping[int, str]) -> bool:
        """Whether the row belongs to the filling-in block: it begins with one of its labels."""
        lead = next(iter(cells.values()), "")
        return is_label(lead) and (":" in lead or len(cells) <= 10)

    def _repeats_header(self, cells: dict[int, str]) -> bool:
        if any(
            sum(row.get(j) == text for j, text in cells.items()) * 2 > len(cells) for row in self._headers
        ):
            return len(cells) > 1
        return bool(self._titles) and set(cells.values()) <= self._titles

    def _equals_sample(self, cells: dict[int, str]) -> bool:
        return len(self._sample) > 2 and all(cells.get(j) == text for j, text in self._sample.items())


def _is_numbering(texts: list[str]) -> bool:
    """1 2 3 …, 甲 乙 1 2 …, (1) (2) …: tokens in every cell, its numbers each one more than the last."""
    tokens = [_NUMBER_TOKEN.fullmatch(text) for text in texts]
    if len(set(texts)) < max(3, len(texts)) or not all(tokens):
        return False
    numbers = [int(token[1]) for token in tokens if token and token[1]]
    return all(later - earlier == 1 for earlier, later in zip(numbers, numbers[1:], strict=False))
