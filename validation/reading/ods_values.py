"""What one cell of an OpenDocument table holds, by its attributes and the text that it shows."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import NamedTuple

from validation.number_formats import tells
from validation.reading.ods_formats import code_of

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TABLE, TEXT = f"{_URN}office:1.0", f"{_URN}style:1.0", f"{_URN}table:1.0", f"{_URN}text:1.0"
_FORMULA, _KIND, _VALUE = f"{TABLE} formula", f"{OFFICE} value-type", f"{OFFICE} value"
_YES_NO, _DATE, _STRING = f"{OFFICE} boolean-value", f"{OFFICE} date-value", f"{OFFICE} string-value"
_CURRENCY = f"{OFFICE} currency"
_CALC_KIND = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_ERROR_TEXT = re.compile(r"#(?:REF|N/A|DIV/0|NAME|NUM|VALUE|NULL)[!?]?|Err:\d+")
_NUMBERS = frozenset({"float", "currency", "percentage"})

Value = str | float | bool | datetime | None


class Content(NamedTuple):
    """A value, an error's text, or a formula without either; `format` is there where it tells something of a value."""

    value: Value = None
    error: str | None = None
    is_uncalculated: bool = False
    format: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether the cell holds nothing at all."""
        return self.value is None and self.error is None and not self.is_uncalculated

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing beside the value."""
        return self.error is None and self.format is None and not self.is_uncalculated


_BLANK = Content()


def content_of(attributes: dict[str, str], display: str | None) -> Content:
    """What a cell holds that shows `display`, where the file says what it shows. A number, date or yes/no that is none
    is the text that stands for it."""
    kind, is_formula, text = attributes.get(_KIND), _FORMULA in attributes, display or ""
    if attributes.get(_CALC_KIND) == "error":
        return Content(error=text or "#VALUE!")
    if is_formula and _ERROR_TEXT.fullmatch(text):
        return Content(error=text)
    if kind is None:
        return Content(is_uncalculated=True) if is_formula else _BLANK
    if kind in _NUMBERS:
        number = _number(attributes.get(_VALUE, text))
        return Content(number, format=_format(number, attributes, display))
    if kind == "date":
        day = _date(attributes.get(_DATE, text))
        return Content(day, format=_format(day, attributes, display))
    if kind == "boolean":
        return Content(attributes.get(_YES_NO) == "true")
    return Content(text or attributes.get(_STRING) or None)


def _number(written: str) -> Value:
    try:
        number = float(written)
    except ValueError:
        return written or None
    return number if math.isfinite(number) else written


def _date(written: str) -> Value:
    try:
        return datetime.fromisoformat(written[:26]).replace(tzinfo=None)
    except ValueError:
        return written or None


def _format(value: Value, attributes: dict[str, str], display: str | None) -> str | None:
    """The format of a number or a date where its display differs from the value."""
    if not isinstance(value, float | datetime):
        return None
    share, currency = attributes.get(_KIND) == "percentage", attributes.get(_CURRENCY, "")
    code = code_of(value, display, share=share, currency=currency)
    return code if code is not None and tells(code) else None
