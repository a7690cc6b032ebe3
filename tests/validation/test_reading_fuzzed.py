"""Mutated bytes of real files: whatever comes in, a workbook or a refusal comes out, and layout copes with the workbook."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.layouts import JIANGSU, NETWORKS, TITLES, row
from tests.validation.workbooks import Formula, Styled, csv_bytes, workbook
from validation.layout import find_tables
from validation.raw import RefusedFileError
from validation.reading import read_workbook

FOLDER = Path(__file__).parent.parent / "should_pass"
FILES = {
    **{path.name: path.read_bytes() for path in sorted(FOLDER.glob("register*"))},
    "made.xlsx": workbook(
        [TITLES, row(), [Formula("=1/0", "#REF!"), Formula("=A1", ""), Styled(0.5, "0%")], [None, "x"]],
        merged=["C2:C4"],
        hidden_rows=[2],
    ),
    "made.tsv": csv_bytes([TITLES, row()], encoding="utf-16", delimiter="\t"),
}
ZIPPED = [name for name, data in FILES.items() if data.startswith(b"PK")]

#: (place as a share of the file, what is done there, bytes for it)
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["set", "insert", "delete", "cut", "copy"]),
        st.binary(min_size=1, max_size=12)
        | st.sampled_from([b"<", b">", b'"', b"&", b"\xff\xff\xff\xff", b"999999999", b"-1"]),
    ),
    min_size=1,
    max_size=8,
)


def edited(data: bytes, edits: list[tuple[float, str, bytes]]) -> bytes:
    for share, action, piece in edits:
        at = int(share * len(data))
        if action == "set":
            data = data[:at] + piece + data[at + len(piece) :]
        elif action == "insert":
            data = data[:at] + piece + data[at:]
        elif action == "delete":
            data = data[:at] + data[at + len(piece) :]
        elif action == "copy":
            data = data[:at] + data[:60] + data[at:]
        else:
            data = data[: max(at, 1)]
    return data


def survives(data: bytes) -> None:
    """Any other exception than a refusal fails the test."""
    with suppress(RefusedFileError):
        find_tables(read_workbook(data), NETWORKS, JIANGSU)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=40, deadline=None)
@given(edits=EDITS)
def test_any_bytes(name: str, edits: list[tuple[float, str, bytes]]) -> None:
    survives(edited(FILES[name], edits))


@pytest.mark.parametrize("name", ZIPPED)
@settings(max_examples=50, deadline=None)
@given(edits=EDITS, pick=st.integers(0, 99))
def test_any_bytes_inside_a_sound_package(
    name: str, edits: list[tuple[float, str, bytes]], pick: int
) -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(FILES[name])) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        names = [part for part in source.namelist() if part.endswith((".xml", ".rels"))]
        for part in source.namelist():
            content = source.read(part)
            copy.writestr(part, edited(content, edits) if part == names[pick % len(names)] else content)
    survives(target.getvalue())


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_arbitrary_bytes(data: bytes) -> None:
    survives(data)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(
                [*TITLES[:6], "合计", "注：x", "示例", "单位：元", "", " ", "1", "2", "3", "填报人："]
            )
            | st.text(max_size=8),
            max_size=8,
        ),
        max_size=30,
    )
)
def test_any_table_is_laid_out(rows: list[list[str]]) -> None:
    survives(csv_bytes(rows))
    survives(csv_bytes([TITLES, *rows]))
