"""Industries of GB/T 4754-2017: sections, divisions and the 207 groups that the roadmap counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from validation.codelists import rows_of
from validation.codelists.fold import fold, text_form

#: Mining, manufacturing, and the supply of power, heat, gas and water: what counts as industry.
INDUSTRIAL_SECTIONS = ("B", "C", "D")

#: An optional section letter, the code, and a name after it. A letter that stands close to the digits begins no name.
_CODED = re.compile(r"\(?[a-t]?[-. ]*([0-9]+)\)?(?:\.0+)?([^0-9a-z.][^0-9]*)?")
#: The standard itself, named after a code, and its edition.
_STANDARD = re.compile(r"gb\s*/?\s*t?\s*4754(?:\s*-\s*(?:20)?[0-9]{2})?|(?:20)?(?:02|11|17)\s*(?:年版?|版)")
_AROUND = "()-:,;、。|/_"


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
    codes: dict[str, str] = {}
    for row in rows_of("industries"):
        if row["level"] == "2":
            codes[fold(row["name_zh"])] = codes[fold(row["name_en"])] = row["code"]
    for row in rows_of("industry_groups"):
        codes[fold(row["name_zh"])] = codes[fold(row["name_en"])] = row["code"]
    return codes


def read_industry(text: str) -> str | None:
    """Code written in `text`: digits as written (6 is 06), else the name looked up; None when neither, and where
    letters or a second code stand behind the first (251X), or the name of another industry.

    The digits need not be a code of the standard; that is for row.E303 to say.
    """
    written = text_form(text)
    coded = _CODED.fullmatch(_STANDARD.sub("", written).strip())
    if coded is None:
        return _names().get(fold(written))
    name = fold(coded[2] or "").strip(_AROUND)
    return coded[1].zfill(2) if _agrees(coded[1].zfill(2), name) else None


def _agrees(code: str, name: str) -> bool:
    """Whether what stands behind a code may be its name: no letter or two, and no name of another industry."""
    if name.isascii() and 0 < len(name) <= 2:
        return False
    named = _names().get(name, code)
    return code.startswith(named) or named.startswith(code)


@cache
def names() -> Mapping[str, str]:
    """Code -> Chinese name, of divisions and groups."""
    named = {row["code"]: row["name_zh"] for row in rows_of("industries") if row["level"] == "2"}
    return named | {row["code"]: row["name_zh"] for row in rows_of("industry_groups")}


@cache
def english_names() -> Mapping[str, str]:
    """Code -> English name, of the same."""
    named = {row["code"]: row["name_en"] for row in rows_of("industries") if row["level"] == "2"}
    return named | {row["code"]: row["name_en"] for row in rows_of("industry_groups")}
