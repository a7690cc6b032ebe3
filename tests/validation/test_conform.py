"""Stored frames in the shape of a changed form: nothing is lost without a word, and a broken frame is loud."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from tests.validation.changed_forms import ADDED, DROPPED, FORMER, NETWORKS, RENAMED, RETYPED, changed_form
from tests.validation.ruling import rows
from tests.validation.tables import JIANGSU, table
from validation import (
    FINDING_SCHEMA,
    Column,
    ConformError,
    Edit,
    Form,
    FrameShapeError,
    Kind,
    SheetColumns,
    check_kept,
    conform,
    form_version,
    frame_schema,
    present_key,
)
from validation.casting import cast
from validation.conform import require_shape
from validation.corrections import kept_cells
from validation.forms.form import EVERYWHERE, Role


def kept(*changes: dict[str, Any]) -> pl.DataFrame:
    """Kept cells of rows of the form as it was."""
    return kept_cells(cast([table(NETWORKS, rows("networks", changes))], NETWORKS, JIANGSU))


def test_a_frame_of_the_present_form_is_taken_as_it_is() -> None:
    cells = kept({}, {"terminals": "坏"})
    assert conform(cells, NETWORKS, form_version(NETWORKS)) is cells
    assert conform(cells, NETWORKS) is cells


def test_columns_are_added_dropped_renamed_and_retyped() -> None:
    cells, form = kept({"terminals": 420}, {"terminals": "坏"}), changed_form()
    now = conform(cells, form, form_version(NETWORKS))
    assert {name: now.schema[name] for name in frame_schema(form)} == frame_schema(form)
    assert now[RETYPED].to_list() == [420.0, None]
    assert now[f"_unread_{RETYPED}"].to_list() == [False, True]
    assert now[f"_text_{RETYPED}"].to_list() == ["420", "坏"]
    assert now[RENAMED].to_list() == cells[FORMER].to_list()
    assert now[f"_text_{RENAMED}"].to_list() == cells[f"_text_{FORMER}"].to_list()
    assert now[ADDED.key].null_count() == 2
    assert now[f"_unread_{ADDED.key}"].to_list() == [True, True]
    gone = [f"{prefix}{key}" for prefix in ("", "_unread_", "_text_") for key in (DROPPED, FORMER)]
    assert not set(gone) & set(now.columns)
    assert FORMER in cells.columns
    assert now["_precision_commissioned_on"].equals(cells["_precision_commissioned_on"])


def test_what_was_not_asked_for_is_not_missing() -> None:
    cells, form = kept({"investment_10k_cny": -1}), changed_form()
    mapped = table(NETWORKS, rows("networks", ({},))).columns
    sheets = [SheetColumns("表1", tuple(c._replace(key=c.key and present_key(form, c.key)) for c in mapped))]
    stored = pl.DataFrame(schema=FINDING_SCHEMA)
    findings = check_kept(conform(cells, form), sheets, (), stored, form, JIANGSU).findings
    assert findings["code"].to_list() == ["cell.E107"]
    edits = [Edit("表1", 2, "investment_10k_cny", "12"), Edit("表1", 2, RENAMED, "苏州市")]
    assert check_kept(conform(cells, form), sheets, edits, stored, form, JIANGSU).findings.is_empty()


KEY = Column("code", "编号", "Code", Kind.CODE, role=Role.KEY)
#: what every form has
COMMON = tuple(Column(key, key, key, Kind.TEXT) for key in EVERYWHERE)


def form_of(kind: Kind, codelist: str | None = None) -> Form:
    """A form of a key and one column of a kind."""
    value = Column("value", "值", "Value", kind, codelist=codelist)
    return Form("small", "小", "Small", (KEY, *COMMON, value), abbreviation="SM")


def retyped(values: list[Any], dtype: Any, form: Form) -> list[Any]:
    """The values in the type that the form has."""
    stored = pl.DataFrame({"code": list("ABC")[: len(values)], "value": pl.Series(values, dtype=dtype)})
    return conform(stored, form)["value"].to_list()


@pytest.mark.parametrize(
    ("values", "dtype", "form", "cast"),
    [
        ([1, None], pl.Int64, form_of(Kind.DECIMAL), [1.0, None]),
        ([1.0, None], pl.Float64, form_of(Kind.INT), [1, None]),
        ([1, None], pl.Int64, form_of(Kind.MONEY), [Decimal("1.00"), None]),
        ([1.25], pl.Float64, form_of(Kind.MONEY), [Decimal("1.25")]),
        ([Decimal("1.25"), None], pl.Decimal(18, 2), form_of(Kind.DECIMAL), [1.25, None]),
        (["1", None], pl.String, form_of(Kind.INT), [1, None]),
        (["1.25"], pl.String, form_of(Kind.MONEY), [Decimal("1.25")]),
        (["2026-09-30", None], pl.String, form_of(Kind.DATE), [date(2026, 9, 30), None]),
        ([date(2026, 9, 30)], pl.Date, form_of(Kind.TEXT), ["2026-09-30"]),
        ([5, None], pl.Int64, form_of(Kind.TEXT), ["5", None]),
        (["a", None], pl.String, form_of(Kind.ENUM_LIST, "band"), [["a"], None]),
        ([["a"], None, []], pl.List(pl.String), form_of(Kind.TEXT), ["a", None, None]),
        ([None, None], pl.Null, form_of(Kind.DATE), [None, None]),
        ([[], None], pl.List(pl.Null), form_of(Kind.ENUM_LIST, "band"), [[], None]),
    ],
)
def test_types_that_hold_the_same_values(values: list[Any], dtype: Any, form: Form, cast: list[Any]) -> None:
    assert retyped(values, dtype, form) == cast


@pytest.mark.parametrize(
    ("values", "dtype", "form", "said"),
    [
        (
            [1.5, 2.0],
            pl.Float64,
            form_of(Kind.INT),
            "'value' is stored as Float64.*Int64.*1 values would be lost",
        ),
        ([1.255], pl.Float64, form_of(Kind.MONEY), "Float64.*Decimal"),
        (["one", "2"], pl.String, form_of(Kind.INT), "String.*Int64"),
        (["gestern"], pl.String, form_of(Kind.DATE), "String.*Date"),
        ([["a", "b"], ["a"]], pl.List(pl.String), form_of(Kind.TEXT), "List.*String.*1 values.*row 1"),
        (["true"], pl.String, form_of(Kind.BOOL), "String.*Boolean"),
        ([date(2026, 9, 30)], pl.Date, form_of(Kind.BOOL), "Date.*Boolean"),
    ],
)
def test_a_value_that_would_be_lost_is_an_error_that_names_column_and_types(
    values: list[Any], dtype: Any, form: Form, said: str
) -> None:
    with pytest.raises(ConformError, match=said):
        retyped(values, dtype, form)


def test_a_broken_frame_is_loud() -> None:
    cells, version = kept({}), form_version(NETWORKS)
    with pytest.raises(FrameShapeError, match="latency_ms"):
        conform(cells.drop("latency_ms"), NETWORKS, version)
    with pytest.raises(FrameShapeError, match=r"terminals.*Int64.*String"):
        conform(cells.cast({"terminals": pl.String}), NETWORKS, version)
    with pytest.raises(FrameShapeError, match=r"_row.*Int32.*Int64"):
        conform(cells.cast({"_row": pl.Int64}), NETWORKS)
    with pytest.raises(FrameShapeError, match="network_code"):
        conform(cells.drop("network_code"), NETWORKS)
    with pytest.raises(FrameShapeError, match="_unread_terminals"):
        require_shape(cells.with_columns(_unread_terminals=pl.lit("x")), NETWORKS)


def test_the_version_follows_the_columns() -> None:
    form = changed_form()
    assert form_version(form) != form_version(NETWORKS)
    same = dataclasses.replace(NETWORKS, columns=NETWORKS.columns, rules=())
    assert form_version(same) == form_version(NETWORKS)


def test_a_former_key_belongs_to_one_column() -> None:
    twice = Column("other", "另", "Other", Kind.TEXT, former_keys=("code",))
    with pytest.raises(TypeError, match="former key"):
        Form("small", "小", "Small", (KEY, *COMMON, twice), abbreviation="SM")


def test_former_keys_lead_to_the_present_one() -> None:
    form = changed_form()
    assert [present_key(form, key) for key in (FORMER, RENAMED, DROPPED, "terminals")] == [
        RENAMED,
        RENAMED,
        None,
        "terminals",
    ]


def test_what_reading_reported_goes_on_under_the_present_key_and_with_its_column() -> None:
    form = changed_form()
    changes = {FORMER: "\ufffd", DROPPED: "坏", RETYPED: "坏"}
    read = cast([table(NETWORKS, rows("networks", (changes,)))], NETWORKS, JIANGSU)
    mapped = table(NETWORKS, rows("networks", ({},))).columns
    sheets = [SheetColumns("表1", tuple(c._replace(key=c.key and present_key(form, c.key)) for c in mapped))]
    again = check_kept(conform(kept_cells(read), form), sheets, (), read.findings, form, JIANGSU)
    assert set(read.findings["column"]) == {FORMER, DROPPED, RETYPED}
    assert set(again.findings["column"]) == {RENAMED, RETYPED}
