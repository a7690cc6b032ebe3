"""Suggestions: for a finding, the texts that its cell could hold instead, as one-click fixes; nothing is guessed."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from validation.codelists import options
from validation.display import SEPARATOR
from validation.findings import Finding
from validation.forms.form import Column, Kind

#: Values in a message: their names may hold the sign that parts them.
_PLACE = re.compile(r"(?P<name>[^（）、]+)（(?P<code>\d{6})）")
_INDUSTRY = re.compile(r"(?P<code>\d{2,4}) .+?(?=[、；]\d{2,4} |$)")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")

#: A list longer than this is searched by typing, not offered whole.
OFFERED_WHOLE = 40


class Suggestion(NamedTuple):
    """`value` is what the cell would hold, `label` what the button says."""

    value: str
    label: str


def suggested(finding: Finding, column: Column, written: str | None) -> tuple[Suggestion, ...]:
    """What the cell, that holds `written` now, could hold instead: the nearest allowed values that the finding
    names, the corrected credit code, the figure in percent points. Empty where only the unit can know."""
    if finding.column != column.key:
        return ()
    if finding.code == "cell.E106":
        return _of_list(finding, column, written or "")
    if finding.code in ("cell.E121", "cell.W122"):
        return _places(_said(finding, "candidates" if finding.code == "cell.E121" else "successor"))
    if finding.code == "cell.E113":
        return (Suggestion("是", "是"), Suggestion("否", "否"))
    if finding.code in ("cell.W117", "cell.E107"):
        return _plain(_FIGURE.findall(_said(finding, "suggestion")))
    if finding.code == "uscc.E201":
        return _plain(_CREDIT_CODE.findall(_said(finding, "suggestion")))
    return ()


def choices(column: Column) -> tuple[str, ...]:
    """All texts a cell of the column may hold, where there are few: for a list to choose from."""
    if column.kind is Kind.BOOL:
        return ("是", "否")
    if column.kind not in (Kind.ENUM, Kind.ENUM_LIST) or column.codelist is None:
        return ()
    listed = options(column.codelist)
    return tuple(option.label_zh for option in listed) if len(listed) <= OFFERED_WHOLE else ()


def _said(finding: Finding, param: str) -> str:
    """The Chinese wording of a parameter."""
    said = finding.params.get(param, "")
    return str(said.get("zh", "")) if isinstance(said, dict) else str(said)


def _of_list(finding: Finding, column: Column, written: str) -> tuple[Suggestion, ...]:
    said = _said(finding, "allowed")
    if column.kind is Kind.REGION:
        return _places(said)
    if column.kind is Kind.INDUSTRY:
        return tuple(Suggestion(industry["code"], industry[0]) for industry in _INDUSTRY.finditer(said))
    named = _labels(str(column.codelist)).findall(said)
    if column.kind is Kind.ENUM_LIST:
        unknown = str(finding.params.get("value", ""))
        # of several unknown ones each button would mend a part; the list has to be typed
        in_place = written.count(unknown) == 1 and SEPARATOR not in unknown
        return tuple(Suggestion(written.replace(unknown, text), text) for text in named) if in_place else ()
    return _plain(named)


@cache
def _labels(codelist: str) -> re.Pattern[str]:
    """The labels of a list in a message, whole whatever they hold."""
    longest_first = sorted((option.label_zh for option in options(codelist)), key=len, reverse=True)
    labels = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?:(?<=^)|(?<={SEPARATOR}))(?:{labels})(?=$|{SEPARATOR})")


def _places(said: str) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(place["code"], f"{place['name']} {place['code']}") for place in _PLACE.finditer(said)
    )


def _plain(texts: list[str]) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(text, text) for text in texts if text)
