"""The round trip over HTTP: a spoilt file, its marked workbook, the cells mended in it, and the same file sent again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from submissions.checks import intake
from submissions.models import Period, Submission, User
from tests.conftest import Cast
from tests.validation.lines.case import sheet

Clients = Callable[[User | None], APIClient]

#: Field -> (what is wrong, what it is mended to).
MENDED: dict[str, tuple[Any, Any]] = {
    "terminals": ("约420", 420),
    "network_type": ("混合型", "混合专网"),
    "enterprise_uscc": ("9.13206E+17", "91320583DEM00CT705"),
    "address": (None, "江苏省苏州市昆山市创新大道1号"),
    "commissioned_on": ("26.6", "2025-06-30"),
    "latency_ms": (0.5, 12.5),
    "network_name": ("=HYPERLINK(1)\ufffd", "云岭专网"),
}


def _sent(client: APIClient, period: Period, data: bytes) -> Submission:
    upload = SimpleUploadedFile("登记表.xlsx", data)
    fields = {"collection": "networks", "period": period.code, "file": upload}
    answer = client.post("/api/v1/submissions/", fields, format="multipart")
    assert answer.status_code == 202, answer.content
    intake.check(submission_id=answer.data["id"])
    return Submission.objects.get(pk=answer.data["id"])


@pytest.mark.parametrize("spoilt", [False, True], ids=["as it was", "with a corrected cell"])
def test_mended_in_the_marked_workbook_and_sent_again_it_is_ready(
    cast: Cast, period: Period, client_of: Clients, spoilt: bool
) -> None:
    client = client_of(cast.js_preparer)
    rows = [{key: wrong} for key, (wrong, _) in MENDED.items()]
    first = _sent(client, period, sheet({}, *rows, above=[["2026年三季度登记表"], []]))
    assert (first.state, first.errors) == ("invalid", len(MENDED) - 1)
    url = f"/api/v1/submissions/{first.pk}/"
    if spoilt:
        place = {"sheet": "表1", "row": 5, "column": "terminals", "value": "420"}
        assert client.patch(f"{url}cells/", [place], format="json").status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{url}workbook/").content))
    assert [cell for page in book for line in page for cell in line if cell.data_type == "f"] == []
    for finding in first.findings.filter(severity__in="EW"):
        book[finding.sheet][finding.cell].value = MENDED[finding.column][1]
    out = io.BytesIO()
    book.save(out)
    again = _sent(client, period, out.getvalue())
    assert list(again.findings.values_list("code", flat=True)) == []
    assert (again.state, again.data_rows, again.version) == ("ready", len(MENDED) + 1, 2)
