"""Shared strings weighed before they are loaded: the fast reader copies one for every cell that names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validation.limits import Limits
from validation.reading.refusals import over_limit
from validation.reading.zipped import Package

#: A cell of shared text takes no fewer bytes of XML: <c t="s"><v>0</v></c>.
LEAST_CELL = 22
_INDEX = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d+)')


def check_strings(package: Package, sheets: Sequence[str], limits: Limits) -> None:
    """file.E004 when the texts of all cells together would take half the memory of a check."""
    strings = package.read("xl/sharedStrings.xml")
    lengths = [len(text) for text in re.split(rb"<(?:\w+:)?si[\s>]", strings)[1:]]
    most = limits.memory_bytes // 2
    cells = sum(package.size(sheet) for sheet in sheets) // LEAST_CELL
    if max(lengths, default=0) * cells <= most:
        return
    taken = sum(_taken(package, sheet, lengths) for sheet in sheets)
    if taken > most:
        raise over_limit(f"文本总量不得超过{most >> 20} MB", f"at most {most >> 20} MB of text in all cells")


def _taken(package: Package, sheet: str, lengths: Sequence[int]) -> int:
    """Bytes of shared text in the cells of one sheet; an index cut in two by a block's end is left out."""
    taken = 0
    for block in package.blocks(sheet):
        for index in map(int, _INDEX.findall(block)):
            taken += lengths[index] if index < len(lengths) else 0
    return taken
