"""Industries of GB/T 4754-2017: sections, divisions and the 207 groups that the roadmap counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from validation.codelists import rows_of
from validation.codelists.fold import fold

#: Mining, manufacturing, and the supply of power, heat, gas and water: what counts as industry.
INDUSTRIAL_SECTIONS = ("B", "C", "D")

#: An optional section letter, the code, and a name that is dropped; a second code is no name.
_CODED = re.compile(r"[a-t]?[-.]?(\d+)(?![\d.])(?![、,;/|和及+\-]*[a-t]?\d{2}).*", re.DOTALL)


@cache
def divisions() -> Mapping[str, str]:
    """Two-digit division -> section letter."""
    return {row["code"]: row["section"] for row in rows_of("industries") if row["level"] == "2"}


@cache
def groups() -> Mapping[str, str]:
    """Three-digit group of sections B, C and D -> section letter."""
    return {row["code"]: row["section"] for row in rows_of("industry_groups")}


@cache
def industrial_divisions() -> tuple[str, ...]:
    """Divisions of sections B, C and D."""
    return tuple(code for code, section in divisions().items() if section in INDUSTRIAL_SECTIONS)


@cache
def _names() -> Mapping[str, str]:
    # A name shared by a section and its division, or by a division and its only group, means the
    # finest of them; a section alone is not a code that a row may carry.
    found: dict[str, str] = {}
    for row in rows_of("industries"):
        if row["level"] == "2":
            found[fold(row["name_zh"])] = found[fold(row["name_en"])] = row["code"]
    for row in rows_of("industry_groups"):
        found[fold(row["name_zh"])] = found[fold(row["name_en"])] = row["code"]
    return found


def read_industry(text: str) -> str | None:
    """Code written in `text`: digits as written (6 is 06), else the name looked up; None when neither.

    The digits need not be a code of the standard; that is for row.E303 to say.
    """
    folded = fold(text)
    coded = _CODED.fullmatch(folded)
    if coded:
        return coded[1].zfill(2)
    return _names().get(folded)


@cache
def names() -> Mapping[str, str]:
    """Code -> Chinese name, of divisions and groups."""
    named = {row["code"]: row["name_zh"] for row in rows_of("industries") if row["level"] == "2"}
    return named | {row["code"]: row["name_zh"] for row in rows_of("industry_groups")}
