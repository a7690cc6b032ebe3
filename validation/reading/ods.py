"""OpenDocument spreadsheets: one streaming pass over content.xml; repeated cells and rows count before they are made."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError, ParserCreate

from validation.limits import Limits
from validation.raw import RawSheet, Workbook
from validation.reading.allowance import Allowance
from validation.reading.ods_table import OFFICE, STYLE, TABLE, Table
from validation.reading.refusals import damaged
from validation.reading.zipped import Package

_EMBEDDED = re.compile(r"^object \d+/")
_SKIPPED_INSIDE = frozenset({f"{OFFICE} annotation", f"{OFFICE} forms", f"{TABLE} shapes"})
_DRAWING = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"


def read_ods(package: Package, limits: Limits) -> Workbook:
    """All tables of the document, hidden ones too."""
    if "content.xml" not in package:
        raise damaged("缺少内容部件", "its content part is missing")
    content = _Content(limits, package.allowance)
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = content.start, content.end
    parser.CharacterDataHandler = content.characters
    try:
        for block in package.blocks("content.xml"):
            parser.Parse(block)
        parser.Parse(b"", True)
    except (ExpatError, ValueError) as error:
        raise damaged("内容部件无法解析", "its content part cannot be parsed") from error
    kinds = {
        "macros": any(name.startswith(("basic/", "scripts/")) for name in package.names),
        "external links": content.external,
        "embedded objects": any(_EMBEDDED.match(name) for name in package.names),
    }
    return Workbook(
        format="ods",
        sheets=tuple(_sheet(table, content.hidden_styles) for table in content.tables),
        template_mark=content.mark,
        ignored_kinds=tuple(kind for kind, present in kinds.items() if present),
    )


def _sheet(table: Table, hidden_styles: set[str]) -> RawSheet:
    return RawSheet(
        name=table.name,
        hidden=table.style in hidden_styles,
        first_row=1,
        first_column=0,
        height=table.rows.height,
        columns=table.rows.columns(),
        merged=tuple(table.merged),
        hidden_rows=frozenset(table.hidden_rows),
        errors=table.errors,
        uncalculated=frozenset(table.uncalculated),
        formats=table.formats(),
    )


class _Content:
    """Receives the parser's events."""

    def __init__(self, limits: Limits, allowance: Allowance) -> None:
        self.limits, self.allowance = limits, allowance
        self.tables: list[Table] = []
        self.hidden_styles: set[str] = set()
        self.mark: str | None = None
        self.external = False
        self._style = ""
        self._table: Table | None = None
        self._inside = 0  # depth inside notes, drawings and tables within cells

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._inside or name in _SKIPPED_INSIDE or name.startswith(_DRAWING):
            self._inside += 1
        elif self._table is None:
            self._outside(name, attributes)
        elif name == f"{TABLE} table":
            self._inside += 1
        elif name == f"{TABLE} table-source":
            self.external = True
            self.tables.remove(self._table)
        else:
            self._table.start(name, attributes)

    def _outside(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{TABLE} table":
            self._table = Table(
                attributes.get(f"{TABLE} name", ""),
                attributes.get(f"{TABLE} style-name", ""),
                self.limits,
                self.allowance,
            )
            self.tables.append(self._table)
        elif name == f"{STYLE} style":
            self._style = attributes.get(f"{STYLE} name", "")
        elif name == f"{STYLE} table-properties" and attributes.get(f"{TABLE} display") == "false":
            self.hidden_styles.add(self._style)
        elif name == f"{TABLE} named-expression" and attributes.get(f"{TABLE} name") == "gongwang_template":
            self.mark = attributes.get(f"{TABLE} expression", "").strip('="')

    def end(self, name: str) -> None:
        """An element ends."""
        if self._inside:
            self._inside -= 1
        elif self._table is not None and name == f"{TABLE} table":
            self._table = None
        elif self._table is not None:
            self._table.end(name)

    def characters(self, text: str) -> None:
        """Text inside a cell's paragraph."""
        if self._table is not None and not self._inside:
            self._table.characters(text)
