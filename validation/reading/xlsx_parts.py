"""The small parts of an xlsx package: its sheets and where they stand, the template mark, what is ignored, number formats."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from validation.limits import MB
from validation.number_formats import BUILT_IN
from validation.reading.refusals import damaged, over_limit
from validation.reading.xlsx_cells import DATE, DURATION, NUMBER
from validation.reading.zipped import Package

#: A workbook or style part above this is no part of an honest file.
PART_BYTES = 32 * MB
MARK_NAME = "gongwang_template"
_LITERAL = re.compile(r'"[^"]*"|[\\!].|_.|\*.')
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
IGNORED_KINDS = (
    ("macros", re.compile(r"(^|/)vbaproject\.bin$|^xl/macrosheets/")),
    ("external links", re.compile(r"^xl/externallinks/externallink\d*\.xml$")),
    ("embedded objects", re.compile(r"^xl/(embeddings|activex|ctrlprops)/")),
)


class SheetPart(NamedTuple):
    """One sheet of the workbook part; `part` is its own part's name."""

    name: str
    hidden: bool
    part: str


def root(package: Package, name: str) -> Element | None:
    """The parsed small part; None when it is not there."""
    data = package.read(name)
    if not data:
        return None
    if len(data) > PART_BYTES:
        raise over_limit(f"部件{name}过大", f"the part {name} is too large")
    try:
        parsed: Element = fromstring(data)
    except DefusedXmlException as error:
        raise over_limit("不得含有XML实体声明", "no XML entity declarations") from error
    except (ParseError, ValueError, LookupError) as error:
        raise damaged(f"部件{name}无法解析", f"its part {name} cannot be parsed") from error
    return parsed


def workbook_part(package: Package) -> str:
    """Name of the workbook part, by the package's relations."""
    for relation in _relations(package, ""):
        if relation.get("Type", "").endswith("/officeDocument"):
            return _resolved("", relation.get("Target", ""))
    return "xl/workbook.xml"


def sheet_parts(package: Package, workbook: Element, part: str) -> list[SheetPart]:
    """The worksheets in the workbook's order; chart and dialog sheets are left out."""
    targets = {relation.get("Id", ""): relation for relation in _relations(package, part)}
    sheets = []
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        relation = targets.get(_relation_id(sheet) or "")
        if relation is not None and relation.get("Type", "").endswith("/worksheet"):
            name = _resolved(part, relation.get("Target", ""))
            sheets.append(SheetPart(sheet.get("name", ""), sheet.get("state", "visible") != "visible", name))
    return sheets


def template_mark(workbook: Element) -> str | None:
    """The text of the defined name that official templates carry."""
    for name in workbook.iterfind("{*}definedNames/{*}definedName"):
        if name.get("name", "").casefold() == MARK_NAME:
            return (name.text or "").strip().strip('="')
    return None


def date_1904(workbook: Element) -> bool:
    """Whether day numbers count from 1904."""
    properties = workbook.find("{*}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")


def ignored_kinds(package: Package) -> tuple[str, ...]:
    """What the package holds that is ignored and never run."""
    return tuple(kind for kind, part in IGNORED_KINDS if any(map(part.search, package.names)))


def formats_by_style(package: Package, workbook: str) -> list[str]:
    """Number format of each cell style, by its index."""
    styles = root(package, related(package, workbook, "styles"))
    if styles is None:
        return []
    codes = {str(number): code for number, code in BUILT_IN.items()}
    for item in styles.iterfind("{*}numFmts/{*}numFmt"):
        codes[item.get("numFmtId", "")] = item.get("formatCode", "")
    return [codes.get(item.get("numFmtId", ""), "General") for item in styles.iterfind("{*}cellXfs/{*}xf")]


def kind_of_format(code: str) -> int:
    """Whether a number format shows a number as a DATE, a DURATION or as a NUMBER."""
    plain = _LITERAL.sub("", code)
    if _DURATION.search(plain):
        return DURATION
    plain = _BRACKETS.sub("", plain).casefold().replace("general", "")
    return DATE if any(letter in plain for letter in "ymdhs") else NUMBER


def related(package: Package, part: str, kind: str) -> str:
    """Name of the part that `part` refers to as its styles or sharedStrings."""
    for relation in _relations(package, part):
        if relation.get("Type", "").endswith(f"/{kind}"):
            return _resolved(part, relation.get("Target", ""))
    return posixpath.join(posixpath.dirname(part), f"{kind}.xml").casefold()


def _relations(package: Package, part: str) -> list[Element]:
    folder, name = posixpath.split(part)
    relations = root(package, posixpath.join(folder, "_rels", f"{name}.rels").casefold())
    return [] if relations is None else list(relations)


def _relation_id(sheet: Element) -> str | None:
    return next((value for key, value in sheet.items() if key.endswith("}id")), None)


def _resolved(part: str, target: str) -> str:
    target = target.replace("\\", "/")
    path = target if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
    return posixpath.normpath(path).lstrip("/").casefold()
