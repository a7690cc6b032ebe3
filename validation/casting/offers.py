"""What a message about an unknown value offers instead: the nearest values of the list, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from validation.codelists import labels, options, rows_of, spellings
from validation.codelists.fold import fold
from validation.codelists.industries import english_names, names
from validation.codelists.nearest import Nearest
from validation.codelists.regions import divisions, full_name, places_of
from validation.periods import Period

#: How many allowed values a message names.
NEAREST = 4
#: Likeness from which on an industry is named: without a word that tells, and beside those that a word tells.
ALIKE, MUCH_ALIKE = 0.15, 0.3
#: Said where no industry is near.
_ANY_INDUSTRY = {
    "zh": "GB/T 4754—2017的大类或中类代码（如391）",
    "en": "the divisions and groups of GB/T 4754-2017, such as 391",
}

Texts = Mapping[str, str]


def near_options(text: str, codelist: str) -> Texts:
    """The values of a code list nearest to `text`; of a short list all."""
    near = _options(codelist).keys(text, NEAREST)
    near += [option.code for option in options(codelist) if option.code not in near]
    chosen = [labels(codelist)[code] for code in near[:NEAREST]]
    return {"zh": "、".join(o.label_zh for o in chosen), "en": ", ".join(o.label_en for o in chosen)}


@cache
def _options(codelist: str) -> Nearest:
    return Nearest({option.code: spellings(option) for option in options(codelist)})


def near_industries(text: str) -> Texts:
    """Divisions and groups nearest to `text`: by codes in it, in meaning, then in characters. Names hold 、, so that ；
    parts them."""
    likely = [*_coded_industries(fold(text)), *_meant_industries(fold(text))]
    alike = _industries().keys(text, NEAREST, MUCH_ALIKE if likely else ALIKE)
    codes = list(dict.fromkeys((*likely, *alike)))[:NEAREST]
    if not codes:
        return _ANY_INDUSTRY
    return {
        "zh": "；".join(f"{code} {names()[code]}" for code in codes),
        "en": "; ".join(f"{code} {english_names()[code]}" for code in codes),
    }


def _coded_industries(folded: str) -> list[str]:
    """The groups, or else the divisions, of the codes that stand in a text."""
    parts = [(digits[:3], digits[:2]) for digits in re.findall("[0-9]{2,4}", folded)]
    return [code for part in parts if (code := next((code for code in part if code in names()), None))]


def _meant_industries(folded: str) -> list[str]:
    """Return the industries that the words of a text mean, the longest word first; a word within a longer one does not count."""
    codes: list[str] = []
    for word, meant in _industry_words():
        if word in folded:
            codes += meant
            folded = folded.replace(word, " ")
    return codes


@cache
def _industry_words() -> Sequence[tuple[str, list[str]]]:
    words = [(fold(row["word"]), row["codes"].split("|")) for row in rows_of("industry_words")]
    return sorted(words, key=lambda word: -len(word[0]))


@cache
def _industries() -> Nearest:
    return Nearest({code: (name,) for code, name in names().items()})


def near_places(text: str, unit: str, period: Period) -> Texts:
    """The unit's places nearest to a code or a name."""
    by_code, by_name = _places(unit, period)
    if not text[:2].isdecimal():
        return written_places(by_name.keys(text, NEAREST))
    nearest = process.extract(text, by_code, scorer=fuzz.ratio, limit=NEAREST)
    return written_places([code for code, _, _ in nearest])


@cache
def _places(unit: str, period: Period) -> tuple[Sequence[str], Nearest]:
    own = [code for code in places_of(unit, period) if divisions()[code].level != "pseudo_prefecture"]
    return own, Nearest({code: (full_name(code), divisions()[code].name) for code in own})


def written_places(codes: Sequence[str]) -> dict[str, Any]:
    """Places with their codes, as messages name them."""
    return {
        "zh": "、".join(f"{full_name(code)}（{code}）" for code in codes),
        "en": ", ".join(f"{full_name(code)} ({code})" for code in codes),
    }
