"""Whatever an address or form of the pages contains, the answer is a page and never a fault."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from submissions.models import Period, Submission
from tests.conftest import Cast
from tests.factories import checked, signed
from tests.portal.browsing import browser

ODD_VALUES = ("", "-1", "٣", "\x00", "9" * 5_000, str(2**63), "NaN", "0.1,9.9", "0000Q1")
ONE = "/portal/submissions/{id}/"
#: address -> what it understands
ASKED = {
    "/": ["period", "release", "measure"],
    "/coverage/": ["period", "release"],
    "/charts/provinces.csv": ["period", "release", "measure"],
    "/releases/": ["area", "indicator", "page"],
    "/receipts/": ["number"],
    "/rulebook/": ["period", "form", "q"],
    "/portal/notices/": ["page"],
    f"{ONE}findings/": [
        "page",
        "severity",
        "code",
        "column",
        "city",
        "enterprise",
        "q",
        "sort",
        "view",
        "value",
    ],
    f"{ONE}findings/index/": ["view", "sort", "city"],
    f"{ONE}findings/rows/": ["at"],
    f"{ONE}findings/values/": ["code", "column"],
    f"{ONE}findings/enterprises/": ["enterprise"],
    f"{ONE}explain/": ["finding", "explanation", "code", "column"],
    f"{ONE}explanations/": ["page"],
    f"{ONE}changes/": ["against", "kind", "column", "q", "page"],
    f"{ONE}corrections/": ["page"],
    f"{ONE}corrections/alike/": ["code", "column", "value"],
    f"{ONE}shares/": ["city", "enterprise"],
}
#: address of a form -> its fields
FILLED = {
    f"{ONE}cells/": ["sheet", "row", "column", "value", "expected", "restore"],
    f"{ONE}cells/undo/": ["act", "correction"],
    f"{ONE}corrections/undo/": ["act", "correction"],
    f"{ONE}corrections/alike/": ["code", "column", "value", "count", "new"],
    f"{ONE}explain/?code=net.W320": ["scope", "reason", "text"],
    f"{ONE}shares/": ["city", "enterprise", "note", "days"],
    f"{ONE}sheets/": ["sheet-0"],
}
REVIEWED = {
    "/review/": ["state", "unit", "period", "collection", "sort", "page"],
    "/review/{id}/findings/": ["page", "code", "city"],
    "/review/{id}/return/": ["code", "sheet", "row", "column"],
    "/targets/series/": ["series"],
    "/targets/plans/": ["unit"],
}
DECIDED = {
    "/review/{id}/return/": [
        "form-TOTAL_FORMS",
        "form-INITIAL_FORMS",
        "form-0-row",
        "form-0-sheet",
        "form-0-text",
    ],
    "/targets/plans/": ["unit", "year", "goal", "source"],
    "/targets/series/": ["series", "stated_date", "value", "qualifier", "vintage"],
    "/targets/rules/": ["period", "operating_terminals"],
}


@pytest.fixture
def submission(cast: Cast, period: Period) -> Submission:
    return checked(cast.js_preparer, period, rows=40, defects=["net.W320", "cell.E103"])


def assert_answered(client: Client, method: str, path: str, data: dict[str, str] | None = None) -> None:
    cache.clear()
    client.raise_request_exception = False
    answer = getattr(client, method)(path, data)
    assert answer.status_code < 500, path


@pytest.mark.parametrize("value", ODD_VALUES)
def test_odd_values_at_a_unit(cast: Cast, submission: Submission, value: str) -> None:
    client, sheet = browser(cast.js_preparer), submission.report["sheets"][0]["name"]
    for address, names in ASKED.items():
        assert_answered(client, "get", _with(address, submission, dict.fromkeys(names, value)))
    sound = {
        "sheet": sheet,
        "row": "5",
        "column": "site_name",
        "code": "net.W320",
        "reason": "confirmed",
        "new": "x",
    }
    for address, names in FILLED.items():
        for name in names:
            assert_answered(client, "post", _with(address, submission), sound | {name: value})


@pytest.mark.parametrize("value", ODD_VALUES)
def test_odd_values_at_the_desk(cast: Cast, period: Period, value: str) -> None:
    submission, client = signed(cast.js_preparer, cast.js_signer, period), browser(cast.admin)
    for address, names in REVIEWED.items():
        assert_answered(client, "get", _with(address, submission, dict.fromkeys(names, value)))
    for address, names in DECIDED.items():
        counted = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
        assert_answered(client, "post", _with(address, submission), counted | dict.fromkeys(names, value))


def _with(address: str, submission: Submission, parameters: dict[str, str] | None = None) -> str:
    query = f"?{urlencode(parameters)}" if parameters else ""
    return address.format(id=submission.pk) + query


@pytest.mark.parametrize(
    "path",
    [
        f"/portal/team/{'9' * 30}/",
        f"/portal/team/{'9' * 30}/delegations/{'9' * 30}/",
        f"/figures/{'9' * 30}/",
        f"/releases/{'9' * 30}/",
        f"/receipts/{'9' * 300}/",
        "/receipts/%00/",
        "/shared/%00/",
        "/shared/x:y:z/",
        "/portal/history/networks/0000Q9/",
        "/portal/upload/nothing/2026Q3/",
    ],
)
def test_odd_addresses(cast: Cast, period: Period, path: str) -> None:
    assert_answered(browser(cast.js_signer), "get", path)
