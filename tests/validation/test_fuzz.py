"""Files damaged at random, `make fuzz` many thousands of them: a check ends with findings, and no row is lost."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.validation import locking
from tests.validation.fuzzing import (
    EDITS,
    ESCAPES,
    ODD_VALUES,
    Edit,
    checked,
    edited,
    given_back,
    share,
    with_changed_part,
)
from tests.validation.layouts import TITLES, row
from tests.validation.ods_files import ods
from tests.validation.small_workbooks import Formula, Sheet, Styled, book, csv_bytes, workbook
from tests.validation.xls_files import XlsSheet, compound_file, stream, xls
from validation import FORMS

FOLDER = Path(__file__).parent.parent
ROWS = [
    TITLES,
    row(),
    [Formula("=1/0", "#REF!"), Formula("=A1", ""), Styled(0.5, "0%")],
    [None, "x", True, date(2026, 7, 1)],
]
OTHER = [["代码", "名称"], ["1", "混合专网"]]
STREAM = stream(
    XlsSheet(ROWS, merged=[(1, 2, 2, 2)], hidden_rows=[1]),
    XlsSheet(OTHER, "字典", hidden=True),
    mark="networks-2026Q1-1",
)
FILES = {
    **{path.name: path.read_bytes() for path in sorted((FOLDER / "should_pass").glob("*.*"))},
    "made.xlsx": book(Sheet(ROWS, merged=["C2:C4"], hidden_rows=[2]), Sheet(OTHER, "字典"), mark="networks-2026Q1-1"),
    "made.xls": compound_file({"Workbook": STREAM}),
    "old.xls": xls(XlsSheet(ROWS), old=True),
    "locked.xlsx": locking.agile(workbook(ROWS), spins=10),
    "locked.xls": compound_file({"Workbook": locking.rc4(STREAM)}),
    "made.tsv": csv_bytes([TITLES, row()], encoding="utf-16", delimiter="\t"),
    "quoted.csv": csv_bytes([TITLES, row(remark='一"二\n三'), row("JS-02", remark="a,b")]),
}  # fmt: skip
NAMES = st.sampled_from(sorted(FILES))
ZIPPED = st.sampled_from(sorted(name for name, data in FILES.items() if data.startswith(b"PK")))
_ATTRIBUTE = re.compile(r'(?<=\s)([\w:]+)="([^"]*)"')
_ELEMENT = re.compile(r"<[\w:]+(?:\s[^<>]*)?/?>|</[\w:]+>")
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")


@share(20)
@given(name=NAMES, edits=EDITS)
def test_any_bytes_of_a_file(name: str, edits: list[Edit]) -> None:
    checked(edited(FILES[name], edits))


@share(15)
@given(name=ZIPPED, edits=EDITS, pick=st.integers(0, 99))
def test_any_bytes_of_a_part_of_a_sound_package(name: str, edits: list[Edit], pick: int) -> None:
    checked(with_changed_part(FILES[name], pick, lambda content: edited(content, edits)))


#: (what is changed, the share of them before it, what comes instead)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["value", "name", "text", "drop", "double"]), st.floats(0, 1, exclude_max=True), ODD_VALUES | ESCAPES
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def _changed(content: bytes, changes: list[tuple[str, float, str]]) -> bytes:
    """An XML part with attributes, texts and elements changed, each one of its kind."""
    text = content.decode("utf-8")
    for what, place, value in changes:
        pattern = {"value": _ATTRIBUTE, "name": _ATTRIBUTE, "text": _TEXT}.get(what, _ELEMENT)
        places = list(pattern.finditer(text))
        if not places:
            continue
        at = places[int(place * len(places))]
        safe = value.replace("<", "").replace('"', "")
        new = {"value": f'{at[1]}="{safe}"', "name": f'x="{at[2]}"'} if pattern is _ATTRIBUTE else {}
        piece = new.get(what, {"text": safe, "drop": "", "double": at[0] * 2}.get(what, ""))
        text = text[: at.start()] + piece + text[at.end() :]
    return text.encode()


@share(25)
@given(name=ZIPPED, changes=CHANGES, pick=st.integers(0, 99))
def test_any_attribute_element_or_text_of_a_part(
    name: str, changes: list[tuple[str, float, str]], pick: int
) -> None:
    checked(with_changed_part(FILES[name], pick, lambda content: _changed(content, changes)))


@share(10)
@given(name=ZIPPED, changes=CHANGES, pick=st.integers(0, 99))
def test_what_was_read_is_given_back(name: str, changes: list[tuple[str, float, str]], pick: int) -> None:
    data = with_changed_part(FILES[name], pick, lambda content: _changed(content, changes))
    given_back(data, checked(data))


@share(10)
@given(edits=EDITS, locked=st.booleans())
def test_any_bytes_of_a_workbook_stream(edits: list[Edit], locked: bool) -> None:
    checked(compound_file({"Workbook": edited(locking.rc4(STREAM) if locked else STREAM, edits)}))


#: Texts that have a meaning somewhere, or look as if they had one.
TELLING = st.sampled_from(
    [*TITLES[:6], "合计", "注：x", "示例", "单位：元", "填报人：", "", " ", "1", "2", "3", "=1+1", '="1', '="1"', "#REF!", '"', '"a\nb', "\x1a", "\ufffd"]
)  # fmt: skip
CELLS = st.one_of(
    TELLING,
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=10),
    st.none(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1)),
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=33), min_size=1, max_size=12)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])


@share(10)
@given(
    rows=TABLES,
    form=st.sampled_from(sorted(FORMS)),
    container=st.sampled_from(["xlsx", "xls", "old xls", "ods", "csv", "tsv"]),
    encoding=ENCODINGS,
)
def test_any_cells_in_any_container(rows: list[list[Any]], form: str, container: str, encoding: str) -> None:
    table = [[column.label_zh for column in FORMS[form].columns], *rows]
    if container == "xlsx":
        data = workbook(table)
    elif container == "ods":
        data = ods(("表1", table))
    elif container.endswith("xls"):
        data = xls(XlsSheet(table), old=container.startswith("old"))
    else:
        data = csv_bytes(table, encoding=encoding, delimiter="," if container == "csv" else "\t")
    checked(data, FORMS[form])


@share(5)
@given(rows=st.lists(st.lists(TELLING, max_size=8), max_size=30), titled=st.booleans(), edits=EDITS)
def test_any_text(rows: list[list[str]], titled: bool, edits: list[Edit]) -> None:
    data = csv_bytes([TITLES, *rows] if titled else rows)
    checked(data)
    checked(edited(data, edits) if data else b"\n")


@share(5)
@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    checked(data)
