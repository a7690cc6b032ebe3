"""A sheet's XML in blocks of whole rows in one plain spelling; whatever is spelled otherwise is rewritten first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from validation.limits import MB
from validation.raw import Merged
from validation.reading.addresses import merged_range
from validation.reading.refusals import damaged, over_limit
from validation.reading.xlsx_rewriting import rewritten
from validation.reading.zipped import Package

_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s+ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
#: A full row of a form has some thousand characters.
ROW_BYTES = 16 * MB


class OddSheetError(Exception):
    """The sheet is not in plain spelling: it is to be rewritten and read again."""


class SheetBlocks:
    """The rows of one sheet part in blocks, to be gone through as often as needed. Raises OddSheetError as soon
    as something is not spelled plainly; after `rewrite` it is."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self.is_rewritten = False
        self.merged: tuple[Merged, ...] = ()

    def rewrite(self) -> None:
        """From now on give the rows as rewritten."""
        self.is_rewritten = True

    def __iter__(self) -> Iterator[bytes]:
        if self._part not in self._package:
            raise damaged("部件缺失", "its part is missing")
        parts = self._package.blocks(self._part)
        return self._rewritten(parts) if self.is_rewritten else self._plain(parts)

    def _rewritten(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        merged: list[Merged] = []
        yield from rewritten(parts, merged)
        self.merged = tuple(merged)

    def _plain(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        head = _head(parts)
        at = head.find(b"<sheetData")
        rest, ended = head[max(at, 0) :], at < 0
        while not ended:
            end = rest.find(b"</sheetData>")
            ended = end >= 0 or rest.startswith(b"<sheetData/>")
            cut = end if end >= 0 else rest.rfind(b"<row")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            if not ended:
                rest = _longer(rest, parts)
        self._take_tail(rest + b"".join(parts))

    def _take_tail(self, tail: bytes) -> None:
        """Note the merged ranges from what follows the rows."""
        self.merged = tuple(
            merged_range(*(corner.decode() for corner in match.groups())) for match in _MERGED.finditer(tail)
        )


def _head(parts: Iterator[bytes]) -> bytes:
    """What stands before the rows, and the beginning of them."""
    head = next(parts, b"")
    if b"<worksheet" not in head[:4096]:
        raise OddSheetError
    while b"<sheetData" not in head and b"</worksheet>" not in head:
        head = _longer(head, parts)
    return head


def _longer(rest: bytes, parts: Iterator[bytes]) -> bytes:
    """With one more block; a single row is never as long as ROW_BYTES."""
    more = next(parts, b"")
    if not more:
        raise OddSheetError
    if len(rest) > ROW_BYTES:
        raise over_limit(f"一行不得超过{ROW_BYTES // MB} MB", f"at most {ROW_BYTES // MB} MB in one row")
    return rest + more
