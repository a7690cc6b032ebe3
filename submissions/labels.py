"""Labels: periods, fields and the canonical values of their cells in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.utils.translation import get_language

from validation import FORMS, Kind, Period
from validation.codelists import options

#: Between the codes of a list in the canonical text of a cell.
LIST_SEPARATOR = "\n"


def language() -> str:
    """Return zh or en."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def period_label(code: str) -> str:
    """Return a quarter as the reader calls it: 2026年第三季度, in English its code. Other text stays as it is."""
    try:
        return Period.parse(code).label_zh if language() == "zh" else code
    except ValueError:
        return code


def version_label(code: str) -> str:
    """Return a version of a period in words: 2026Q3 v1 (`figure_impact.Drop`) is 2026年第三季度第1版."""
    period, _space, version = code.partition(" v")
    return f"{period_label(period)}第{version}版" if language() == "zh" else f"{period}, version {version}"


def column_label(collection: str, key: str | None) -> str:
    """Return a field's title in the reader's language; a title that is not part of the form stays as it is."""
    column = FORMS[collection].by_key.get(key or "")
    return str(getattr(column, f"label_{language()}")) if column else key or ""


def cell_label(collection: str, key: str, value: str | None) -> str:
    """Return a canonical text of `register_diff` as the reader writes it: labels for codes, yes and no."""
    if value is None:
        return ""
    labels = _labels(collection, key, language())
    return listed(labels.get(part, part) for part in value.split(LIST_SEPARATOR))


def listed(parts: Iterable[str]) -> str:
    """Join words; with 、 between them in Chinese."""
    return ("、" if language() == "zh" else ", ").join(parts)


@cache
def _labels(collection: str, key: str, language: str) -> dict[str, str]:
    """Return labels for the values of a column that holds codes; empty for the others."""
    column = FORMS[collection].by_key[key]
    if column.kind is Kind.BOOL:
        return {"true": "是", "false": "否"} if language == "zh" else {"true": "yes", "false": "no"}
    if column.kind not in (Kind.ENUM, Kind.ENUM_LIST) or column.codelist is None:
        return {}
    return {option.code: getattr(option, f"label_{language}") for option in options(column.codelist)}
