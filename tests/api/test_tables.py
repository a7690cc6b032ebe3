"""Tables: every list in every format, with the same columns, types and rows, and nothing that runs as a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import polars as pl
import pytest
from rest_framework.test import APIClient

from api import tables
from national.dissemination import releases
from submissions.exports import tables as table_files
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame

LISTS = (
    "indicators/",
    "figures/?breakdown=all",
    "targets/",
    "targets/NET_COUNT/",
    "coverage/",
    "releases/",
    "releases/1/?area_type=unit",
)


@pytest.fixture
def released(cast: Cast, period: Period) -> None:
    """Two units' figures, released with a note that begins like a formula."""
    accept_frame("320000", period, "networks", networks({}, {"operators": ["telecom"]}), by=cast.admin)
    accept_frame("330000", period, "ai_applications", applications({}), by=cast.admin)
    releases.make(by=cast.admin, note_zh="=1+1", note_en="@note")


def body(client: APIClient, address: str, kind: str) -> bytes:
    answer = client.get(f"/api/v1/{address}{'&' if '?' in address else '?'}format={kind}")
    assert answer.status_code == 200, answer.content
    assert f".{kind}" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def as_csv(client: APIClient, address: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(body(client, address, "csv").decode("utf-8-sig")))
    return header, rows


def as_xlsx(client: APIClient, address: str) -> tuple[list[str], list[list[Any]]]:
    sheet = openpyxl.load_workbook(io.BytesIO(body(client, address, "xlsx"))).active
    header, *rows = sheet.iter_rows()
    assert all(cell.data_type != "f" for row in rows for cell in row)
    return [cell.value for cell in header], [[cell.value for cell in row] for row in rows]


def as_parquet(client: APIClient, address: str) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(body(client, address, "parquet")))


def text(value: Any) -> str:
    """Return the value as CSV writes it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("address", LISTS)
def test_the_formats_say_the_same(anyone: APIClient, address: str) -> None:
    header, rows = as_csv(anyone, address)
    assert rows
    assert as_xlsx(anyone, address)[0] == header
    frame = as_parquet(anyone, address)
    assert frame.columns == header
    unquoted = [[cell.removeprefix("'") for cell in row] for row in rows]
    assert [[text(cell) for cell in row] for row in frame.iter_rows()] == unquoted
    assert [[text(cell) for cell in row] for row in as_xlsx(anyone, address)[1]] == unquoted


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("kind", ["text/csv", tables.XLSX, tables.PARQUET])
def test_the_format_may_be_asked_for_by_accept(anyone: APIClient, kind: str) -> None:
    for address in LISTS:
        answer = anyone.get(f"/api/v1/{address}", headers={"Accept": kind})
        assert answer["Content-Type"].startswith(kind)
        assert b"".join(answer.streaming_content)


@pytest.mark.usefixtures("released")
def test_types_are_stable(anyone: APIClient, cast: Cast, period: Period) -> None:
    schema = as_parquet(anyone, "figures/").schema
    assert (schema["value"], schema["records"], schema["release"]) == (pl.Float64, pl.Int64, pl.Int64)
    assert as_parquet(anyone, "figures/?period=2020Q1").schema == schema


@pytest.mark.usefixtures("released")
def test_texts_of_people_are_no_formulas(anyone: APIClient) -> None:
    assert "'=1+1" in body(anyone, "releases/", "csv").decode()
    assert "=1+1" in as_xlsx(anyone, "releases/")[1][0]


@pytest.mark.usefixtures("released")
def test_an_unknown_format_is_not_acceptable(anyone: APIClient) -> None:
    for address in LISTS:
        joined = "&" if "?" in address else "?"
        assert anyone.get(f"/api/v1/{address}{joined}format=pdf").status_code == 406


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        *LISTS,
        *(f"{path}?format=csv" for path in ("figures/", "targets/")),
        "collections/networks/template.xlsx",
    ],
)
def test_what_an_address_offers_is_told_as_json(anyone: APIClient, address: str) -> None:
    answer = anyone.options(f"/api/v1/{address}", headers={"Accept": tables.PARQUET})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert "GET" in answer["Allow"]


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "SHEET_ROWS", 3)
    target = io.BytesIO()
    rows = [[number] for number in range(5)]
    tables._write_xlsx(tables.Table("numbers", {"n": pl.Int64()}, rows), target)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["numbers", "numbers 2", "numbers 3"]
    assert [[row[0].value for row in sheet] for sheet in book] == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


def test_many_rows_become_one_parquet_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SLICE_ROWS", 2)
    target = io.BytesIO()
    tables._write_parquet(tables.Table("n", {"n": pl.Int64()}, ([number] for number in range(5))), target)
    target.seek(0)
    assert pl.read_parquet(target)["n"].to_list() == [0, 1, 2, 3, 4]
