"""Wording: periods, fields and the canonical values of their cells in the reader's language."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from submissions.changes import LIST_SEPARATOR
from validation import FORMS, Kind, Period
from validation.codelists import options


def language() -> str:
    """zh or en."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def period_said(code: str) -> str:
    """A quarter as the reader calls it: 2026年第三季度, in English its code; empty for none."""
    return Period.parse(code).label_zh if code and language() == "zh" else code


def column_said(collection: str, key: str | None) -> str:
    """A field's title in the reader's language; a title that is not part of the form stays as it is."""
    column = FORMS[collection].by_key.get(key or "")
    return str(getattr(column, f"label_{language()}")) if column else key or ""


def cell_said(collection: str, key: str, value: str | None) -> str:
    """A canonical text of `submissions.changes` as the reader writes it: labels for codes, yes and no."""
    if value is None:
        return ""
    labels = _labels(collection, key, language())
    joined = "、" if language() == "zh" else ", "
    return joined.join(labels.get(part, part) for part in value.split(LIST_SEPARATOR))


@cache
def _labels(collection: str, key: str, language: str) -> dict[str, str]:
    """Words for the values of a column that holds codes; empty for the others."""
    column = FORMS[collection].by_key[key]
    if column.kind is Kind.BOOL:
        return {"true": "是", "false": "否"} if language == "zh" else {"true": "yes", "false": "no"}
    if column.kind not in (Kind.ENUM, Kind.ENUM_LIST) or column.codelist is None:
        return {}
    return {option.code: getattr(option, f"label_{language}") for option in options(column.codelist)}
