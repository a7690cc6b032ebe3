"""Any content of cells, in a workbook and as text: a check ends with findings whose messages are whole, and never raises."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.small_workbooks import csv_bytes, workbook
from validation import FORMS, Context, Form, Period, validate

#: Texts that have a meaning somewhere, or look as if they had one.
TELLING = (
    "合计", "注：", "一、", "示例", "=1+1", "#REF!", "26.7", "2026.1", "2026年99月", "99999999", "1e400", "9" * 400, "nan", "-inf",
    "１２", "约1", "涉密", "（涉密）x", "\ufffd", "1,2,3", "万", "亿", "%", "‰", "0.1.1", "3205", "江苏省", "、、", "；", "(", "É", "１e９９",
    "1e99万", "-0", "²", "①", "Ⅳ", "{value}", "%(x)s", "\\", "'", "<b>",
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12) | st.sampled_from(TELLING)
CELLS = st.one_of(
    TEXTS,
    st.none(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 1, 1)),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=33), min_size=1, max_size=5)


def _checked(form: Form, data: bytes) -> None:
    result = validate(data, form, Context("320000", Period(2026, 3)))
    payload = result.to_json(collection=form.name, unit="320000", period="2026Q3")
    assert all(finding["message"]["zh"] and finding["message"]["en"] for finding in payload["findings"])
    counted = sum(result.counts.values())
    assert counted == len(payload["findings"])
    for sheet in payload["sheets"]:
        rows = [skipped["row"] for skipped in sheet["skipped"]]
        assert len(rows) == len(set(rows))


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@settings(max_examples=12, deadline=None)
@given(rows=ROWS)
def test_any_cells(form: Form, rows: list[list[Any]]) -> None:
    titles = [column.label_zh for column in form.columns]
    _checked(form, workbook([titles, *rows]))
    _checked(form, csv_bytes([titles, *rows]))
