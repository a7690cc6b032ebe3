"""Names of sheets that nothing stumbles over: legal in every workbook that is made of them, and each given once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from validation.raw import RawSheet

#: What a spreadsheet program takes as a name: so many characters, and none of these.
LONGEST = 31
_ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]")


def with_own_names(sheets: Iterable[RawSheet]) -> tuple[RawSheet, ...]:
    """The sheets; names as programs write them stay as they are."""
    taken: set[str] = set()
    named = []
    for sheet in sheets:
        name = _own(_legal(sheet.name), taken)
        taken.add(name.casefold())
        named.append(sheet if name == sheet.name else replace(sheet, name=name))
    return tuple(named)


def _legal(name: str) -> str:
    return _ILLEGAL.sub("_", name[:LONGEST]).strip("'") or "_"


def _own(name: str, taken: set[str]) -> str:
    number, own = 1, name
    while own.casefold() in taken:
        number += 1
        suffix = f" ({number})"
        own = name[: LONGEST - len(suffix)] + suffix
    return own
