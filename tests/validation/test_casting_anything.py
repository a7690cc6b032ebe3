"""Whatever cells hold: nothing raises, no cell has two findings from casting, and every frame has its declared types."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.validation.tables import JIANGSU, table
from validation import FORMS, from_row
from validation.casting import cast
from validation.checking import check
from validation.frame import frame_schema

FORM = FORMS["networks"]
#: Characters that readers of figures, dates, lists and places trip over.
ODD = "0123456789.,-/+ eE%‰万亿元台年月日季度Q约多余至~、；()（）[]【】　\u200b\u00a0\t\n_x0D#!REFN市省区县苏州²½٣१"
TEXTS = st.one_of(st.text(max_size=20), st.text(ODD, max_size=16))
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(10**18), 10**18),
    st.floats(-5, 3000).map(lambda number: round(number, 2)),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)


#: What number formats are made of.
PIECES = [
    *"0#?.,%;@/!_*ymdhse() -+$", '"万"', '"', "\\", "[Red]", "[>=10000]", "[=1]", "[$¥-804]", "E+", "General", "[h]", "[DBNum1]", "AM/PM",
]  # fmt: skip
FORMATS = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells=st.lists(st.tuples(CELLS, FORMATS), min_size=1, max_size=4))
def test_any_cell_in_any_column_under_any_format(cells: list[tuple[Any, str]]) -> None:
    columns = range(len(FORM.columns))
    formats = {(row, column): code for row, (_, code) in enumerate(cells, start=2) for column in columns}
    rows = [dict.fromkeys(FORM.by_key, cell) for cell, _ in cells]
    done = cast([table(FORM, rows, formats=formats)], FORM, JIANGSU)
    assert done.findings.group_by("row", "column").len().filter(pl.col("len") > 1).is_empty()
    assert {name: done.frame.schema[name] for name in frame_schema(FORM)} == frame_schema(FORM)
    for row in pl.concat([done.findings, check(done, FORM, JIANGSU).findings]).iter_rows(named=True):
        finding = from_row(row)
        assert finding.message("zh")
        assert finding.message("en")
