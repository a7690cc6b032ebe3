"""Small .ods files for tests: rows in, bytes of an OpenDocument spreadsheet out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from tests.validation.small_workbooks import Formula, Styled

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_PREFIXES = ("office", "style", "table", "text")
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


class OdsCell(NamedTuple):
    """A cell spelled by hand: its attributes, and the text that it shows."""

    attributes: str
    text: str = ""


def ods(*tables: tuple[str, Sequence[Sequence[Any]]], **parts: bytes) -> bytes:
    """A spreadsheet of tables by name; `parts` are what else the package holds."""
    return packed_ods("".join(table_xml(name, rows) for name, rows in tables), **parts)


def packed_ods(tables: str, **parts: bytes) -> bytes:
    """A spreadsheet whose tables are this XML."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in _PREFIXES
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} {_CALC}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"mimetype": MIMETYPE.encode(), "content.xml": content.encode(), **parts}.items():
            archive.writestr(name, data)
    return target.getvalue()


def table_xml(name: str, rows: Sequence[Sequence[Any]]) -> str:
    """One table."""
    lines = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    return f"<table:table table:name={quoteattr(name)}>{lines}</table:table>"


def _cell(value: Any) -> str:
    cell = value if isinstance(value, OdsCell) else _spelled(value)
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.text.split("\n")) if cell.text else ""
    return f"<table:table-cell {cell.attributes}>{lines}</table:table-cell>"


def _spelled(value: Any) -> OdsCell:
    if value is None or value == "":
        return OdsCell("")
    if isinstance(value, Formula):
        formula, result = "table:formula=" + quoteattr("of:" + value.text), _spelled(value.result)
        return OdsCell(f"{formula} {result.attributes}", result.text)
    if isinstance(value, Styled):
        kind = "percentage" if "%" in value.number_format else "float"
        return OdsCell(f'office:value-type="{kind}" office:value="{value.value}"', str(value.value))
    if isinstance(value, bool):
        return OdsCell(
            f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"', str(value).upper()
        )
    if isinstance(value, int | float):
        return OdsCell(f'office:value-type="float" office:value="{value}"', str(value))
    if isinstance(value, date):
        moment = value.isoformat() if isinstance(value, datetime) else f"{value:%Y-%m-%d}"
        return OdsCell(f'office:value-type="date" office:date-value="{moment}"', moment)
    return OdsCell('office:value-type="string"', str(value))
