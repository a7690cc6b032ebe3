"""Rows that hold little of the form: notes below a table, lone cells inside it, or records."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from validation.forms.form import Form, Role
from validation.layout.below import Below
from validation.layout.statements import is_label

#: Below a table a row of no more filled cells, and no key, is a note; apart from it, or after a note, of some more.
_NOTE_CELLS, _APART_CELLS = 2, 5
_DAY = re.compile(r"(?:19|20)[0-9]{2}[-/.年]?[0-9]{1,2}[-/.月]?[0-9]{0,2}日?")
_TELEPHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}")
_KEY = re.compile(r"(?=.*[0-9])[a-z0-9][a-z0-9_/.-]{2,}|[#=].*")
_FIGURE = re.compile(r"[¥-]?[0-9][0-9,.]*%?")
#: What ends a table: nothing below it belongs to it, unless it is a record beyond doubt.
_ENDS = frozenset({"note", "total", "filling_block"})

Cells = Mapping[int, str]


class ThinRows:
    """Tells the kinds of thin rows by what stands around them. `records` are the rows that are records beyond doubt,
    `headers` those that repeat the header; both ascending. `left` is the 0-based position of the sheet's first column."""

    def __init__(
        self, below: Below, form: Form, left: int, records: Sequence[int], headers: Sequence[int]
    ) -> None:
        self._own = {position - left: form.by_key[key] for key, position in below.positions.items()}
        self._key = next((j for j, column in self._own.items() if column.key == form.key.key), None)
        self._records, self._headers = records, headers
        self._half = below.half
        # where the last row looked at stands, and what stands between it and the table above
        self._before, self._apart, self._ended, self._noted = below.first - 1, False, False, False

    def kind(self, row: int, cells: Cells, seen: str | None) -> str | None:
        """single, note, tail, total, filling_block, blank, or None for a record; `seen` is the kind that the row has
        by its words. `cells` are folded texts by offset. Rows must come in their order."""
        self._go_on(row)
        kind = seen or (self._below(cells) if self._is_below(row) else self._inside(cells))
        if kind == "note" and self._noted and not seen:
            kind = "tail"
        self._noted |= seen == "note"
        self._ended |= kind in _ENDS
        return kind

    def _go_on(self, row: int) -> None:
        """A record begins anew; a row in between stands apart."""
        at = bisect_right(self._records, row)
        if at and self._records[at - 1] > self._before:
            self._before, self._apart, self._ended, self._noted = self._records[at - 1], False, False, False
        self._apart |= row - self._before > 1
        self._before = row

    def _is_below(self, row: int) -> bool:
        """Whether no record follows, on this page at least."""
        after, page = bisect_right(self._records, row), bisect_right(self._headers, row)
        if after == len(self._records):
            return True
        return page < len(self._headers) and self._headers[page] < self._records[after]

    def _inside(self, cells: Cells) -> str | None:
        """Between records all that holds anything is one, but for words where the key stands or beside the form."""
        own = [j for j in cells if j in self._own]
        if not own:
            first = min(self._own, default=0)
            return "blank" if min(cells) > first else "single" if len(cells) == 1 else "note"
        return "single" if own == [self._key] and not self._has_key(cells) else None

    def _below(self, cells: Cells) -> str | None:
        """Below the last record little is needed to be one: its key, or more than notes have."""
        own = {j: text for j, text in cells.items() if j in self._own}
        if any(text.startswith(("#", "=")) for text in own.values()):
            return None
        if any(is_label(text) and ":" in text for text in cells.values()):
            return "filling_block"
        if self._has_key(cells):
            return "note" if self._ended and len(own) <= _NOTE_CELLS else None
        if len(own) > 1 and self._only_sums(own):
            return "total"
        most = self._half if self._ended else _APART_CELLS if self._apart else _NOTE_CELLS
        return "note" if len(own) <= most else None

    def _has_key(self, cells: Cells) -> bool:
        text = "" if self._key is None else cells.get(self._key, "")
        return bool(_KEY.fullmatch(text)) and not (_DAY.fullmatch(text) or _TELEPHONE.fullmatch(text))

    def _only_sums(self, own: Cells) -> bool:
        return all(self._own[j].role is Role.SUM and _FIGURE.fullmatch(text) for j, text in own.items())
