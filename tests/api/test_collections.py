"""Forms, code lists, rules and official workbooks over HTTP, and who gets a workbook filled in."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import unquote

import openpyxl
import pytest
from rest_framework.test import APIClient

from submissions.models import Period, User
from tests import factories
from tests.api.test_errors import problem
from tests.conftest import Cast
from validation import FORMS, catalogue

ClientOf = Callable[[User | None], APIClient]
COLLECTIONS = "/api/v1/collections/"
TEMPLATE = f"{COLLECTIONS}networks/template.xlsx"


def rows_of(answer: object) -> list[tuple[object, ...]]:
    assert answer.status_code == 200, answer.content
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    return list(book.worksheets[0].iter_rows(min_row=6, values_only=True))


def test_list(anyone: APIClient) -> None:
    listed = anyone.get(COLLECTIONS).json()
    assert [row["name"] for row in listed] == ["networks", "ai_applications"]
    assert listed[0]["column_count"] == len(FORMS["networks"].columns)
    assert anyone.get(listed[0]["url"]).status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_one(anyone: APIClient, name: str) -> None:
    payload = anyone.get(f"{COLLECTIONS}{name}/").json()
    assert [column["key"] for column in payload["columns"]] == list(FORMS[name].by_key)
    named = {column["codelist"] for column in payload["columns"]} - {None}
    assert named == {codelist["name"] for codelist in payload["codelists"]}
    assert all(codelist["options"] for codelist in payload["codelists"])
    codes = {rule["code"] for rule in payload["rules"]}
    assert "cell.E101" in codes <= set(catalogue())


def test_unknown_collection(anyone: APIClient) -> None:
    problem(anyone.get(f"{COLLECTIONS}mines/"), 404, "not-found")
    problem(anyone.get(f"{COLLECTIONS}mines/template.xlsx"), 404, "not-found")


def test_unchanged_form_is_not_sent_again(anyone: APIClient) -> None:
    first = anyone.get(f"{COLLECTIONS}networks/")
    again = anyone.get(f"{COLLECTIONS}networks/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def name_of(answer: object) -> str:
    """The name that a browser gives the file."""
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    return unquote(disposition.partition("''")[2])


def test_blank_template_is_public(anyone: APIClient, period: Period) -> None:
    answer = anyone.get(TEMPLATE)
    assert name_of(answer) == "工业5G专网-2026年第三季度-空白表.xlsx"
    assert len(rows_of(answer)) == 1  # the sample


def test_template_of_a_named_period(anyone: APIClient, period: Period, earlier_period: Period) -> None:
    assert name_of(anyone.get(f"{TEMPLATE}?period=2026q2")) == "工业5G专网-2026年第二季度-空白表.xlsx"
    problem(anyone.get(f"{TEMPLATE}?period=2027"), 400, "invalid-fields")
    problem(anyone.get(f"{TEMPLATE}?quarter=2027Q1"), 400, "unknown-filter")


@pytest.mark.parametrize("code", ["2000Q1", "2099Q4", "2026Q2"])
def test_a_period_that_does_not_exist_has_no_template(
    code: str, cast: Cast, period: Period, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.views.collections.template", lambda *_, **__: pytest.fail("none is to be made"))
    for user, query in ((None, ""), (cast.js_preparer, "&unit=320000")):
        answer = client_of(user).get(f"{TEMPLATE}?period={code}{query}")
        assert code in problem(answer, 404, "period-unknown")["detail"]


def test_template_filled_for_whom_it_concerns(cast: Cast, period: Period, client_of: ClientOf) -> None:
    factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=4)
    filled = f"{TEMPLATE}?unit=320000"
    for user in (cast.js_preparer, cast.reviewer, cast.auditor):
        answer = client_of(user).get(filled)
        assert len(rows_of(answer)) == 4
        assert name_of(answer) == "工业5G专网-2026年第三季度-江苏省-预填表.xlsx"
    problem(client_of(None).get(filled), 401, "not-authenticated")
    problem(client_of(cast.zj_preparer).get(filled), 403, "not-allowed")


def test_template_for_a_unit_without_register_is_blank(
    cast: Cast, period: Period, client_of: ClientOf
) -> None:
    assert len(rows_of(client_of(cast.js_preparer).get(f"{TEMPLATE}?unit=320000"))) == 1
    problem(client_of(cast.admin).get(f"{TEMPLATE}?unit=999999"), 404, "not-found")
