"""Downloads: lists and workbooks that people take away; small ones at once, large ones made by the worker."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import openpyxl
import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone

from submissions import dispatch
from submissions.checks import intake
from submissions.edits.corrections import CellEdit, correct
from submissions.exports import downloads
from submissions.findings import filtering, store
from submissions.findings.filtering import FindingFilter
from submissions.models import Download, Event, Finding, Period, Submission
from tests.acts import check
from tests.conftest import Cast
from tests.factories import checked
from tests.portal.browsing import HTMX, browser, page, text


@pytest.fixture
def spoilt(cast: Cast, period: Period) -> Submission:
    return checked(cast.js_preparer, period, rows=30, defects=["cell.E103", "cell.E106"])


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every workbook is too large to be waited for; what the queue was told of."""
    queued: list[object] = []
    monkeypatch.setattr(downloads, "ROWS_AT_ONCE", 0)
    monkeypatch.setattr(downloads, "LINES_AT_ONCE", 0)
    monkeypatch.setattr(dispatch, "enqueue_download", queued.append)
    return queued


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_list_as_csv_is_what_the_filters_show(cast: Cast, spoilt: Submission) -> None:
    answer = browser(cast.js_preparer).get(page("portal:findings-csv", spoilt, "?code=cell.E103"))
    assert "attachment" in answer["Content-Disposition"]
    sent = body(answer).decode()
    assert sent.startswith("\ufeff")
    titles, line = csv.reader(io.StringIO(sent.removeprefix("\ufeff")))
    cells = dict(zip(titles, line, strict=True))
    finding = spoilt.findings.get(code="cell.E103")
    assert (cells["规则 Rule"], cells["位置 Cell"], cells["编号 Record"]) == (
        "cell.E103",
        finding.cell,
        finding.key,
    )
    assert cells["城市 City"].endswith("市")


@pytest.mark.parametrize("live", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_value_is_a_formula_in_a_list(cast: Cast, spoilt: Submission, live: str) -> None:
    finding = spoilt.findings.get(code="cell.E103")
    edit = CellEdit(finding.sheet, finding.row, "status", value=live)
    correct(submission=spoilt, by=cast.js_preparer, edits=[edit])
    client = browser(cast.js_preparer)
    for name in ("portal:findings-csv", "portal:corrections-csv"):
        cells = [
            cell
            for line in csv.reader(io.StringIO(body(client.get(page(name, spoilt))).decode()))
            for cell in line
        ]
        assert f"'{live}" in cells
        assert live not in cells
    book = openpyxl.load_workbook(io.BytesIO(body(client.get(page("portal:findings-xlsx", spoilt)))))
    values = [cell for row in book.active.iter_rows() for cell in row if cell.value == live]
    assert [cell.data_type for cell in values] == ["s"] * len(values) != []


def test_the_list_as_workbook(cast: Cast, spoilt: Submission) -> None:
    client = browser(cast.js_preparer)
    book = openpyxl.load_workbook(io.BytesIO(body(client.get(page("portal:findings-xlsx", spoilt)))))
    codes = [row[1] for row in book.active.iter_rows(min_row=2, values_only=True)]
    assert sorted(codes) == sorted(spoilt.findings.values_list("code", flat=True))


@pytest.mark.parametrize("name", ["city", "enterprise"])
def test_the_marked_workbook_of_one_city_or_enterprise_holds_its_flagged_rows_alone(
    name: str, cast: Cast, spoilt: Submission
) -> None:
    places = filtering.places(spoilt)
    place = places.join(filtering.rows(store.table(spoilt, None)), on=["sheet", "row"], how="semi")[name][0]
    client = browser(cast.js_preparer)
    query = f"?{urlencode({name: place, 'severity': 'E'})}"
    offered = text(client.get(page("portal:findings", spoilt, query)))
    address = page("portal:marked", spoilt, f"?{urlencode({name: place})}")
    assert f'href="{address}"' in offered
    assert page("portal:marked", spoilt, "?") not in text(client.get(page("portal:findings", spoilt)))
    answer = client.get(address)
    listing, flagged = openpyxl.load_workbook(io.BytesIO(body(answer))).worksheets
    meant = filtering.filtered(spoilt, cast.js_preparer, FindingFilter(**{name: place}))
    assert 0 < meant.height < spoilt.errors + spoilt.warnings + spoilt.infos
    assert [row[1] for row in listing.iter_rows(min_row=2, values_only=True)] == meant["code"].to_list()
    rows = [row[0] for row in flagged.iter_rows(min_row=2, values_only=True)]
    assert rows == sorted(set(meant["row"].drop_nulls()))
    assert set(rows) <= set(places.filter(pl.col(name) == place)["row"])


def test_the_corrected_workbook_checks_as_the_corrected_form(cast: Cast, spoilt: Submission) -> None:
    bad: Finding = spoilt.findings.get(code="cell.E103")
    edits = [
        CellEdit(bad.sheet, bad.row, bad.column, value="7"),
        CellEdit(bad.sheet, bad.row, "started_on", value="2022-03-04"),
        CellEdit(bad.sheet, bad.row, "remark", value="=1+1"),
    ]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    expected = list(spoilt.findings.values_list("row", "column", "code"))
    data = body(browser(cast.js_preparer).get(page("portal:corrected", spoilt)))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book[bad.sheet][bad.cell].value == 7
    again = intake.receive(
        by=cast.js_preparer,
        collection="networks",
        period=spoilt.period_id,
        upload=io.BytesIO(data),
        filename="corrected.xlsx",
    )
    assert list(check(again).findings.values_list("row", "column", "code")) == expected


def test_a_large_workbook_is_made_by_the_worker_and_waited_for(
    cast: Cast, spoilt: Submission, slow: list[object], django_capture_on_commit_callbacks: object
) -> None:
    client = browser(cast.js_preparer)
    with django_capture_on_commit_callbacks(execute=True):
        waiting = client.get(page("portal:marked", spoilt))
    download = Download.objects.get()
    assert (waiting.status_code, slow) == (302, [download.pk])
    assert "is waiting in the queue" in text(client.get(waiting.url))
    # the same again, as a second click asks for it, is the same download
    assert client.get(page("portal:marked", spoilt)).url == waiting.url
    downloads.produce(download_id=download.pk)
    downloads.produce(download_id=download.pk)
    ready = text(client.get(waiting.url, headers=HTMX))
    assert "It is ready." in ready
    book = openpyxl.load_workbook(io.BytesIO(body(client.get(f"{waiting.url}file/"))))
    assert book.sheetnames
    # a colleague who asks for the same is led to the same, and may take it
    assert browser(cast.js_signer).get(page("portal:marked", spoilt)).url == waiting.url
    for other, status in ((cast.js_signer, 200), (cast.zj_preparer, 404)):
        for url in (waiting.url, f"{waiting.url}file/"):
            answer = browser(other).get(url)
            assert b"".join(answer)
            assert answer.status_code == status


def test_units_and_ministry_take_no_workbook_of_each_other(
    cast: Cast, spoilt: Submission, slow: list[object]
) -> None:
    people = {"portal": (cast.js_preparer, cast.js_signer), "review": (cast.reviewer, cast.admin)}
    for by, _ in people.values():
        download = downloads.ask(submission=spoilt, kind="findings", by=by, meant=FindingFilter())
        downloads.produce(download_id=download.pk)
    assert Download.objects.count() == 2
    for download in Download.objects.all():
        for desk, pair in people.items():
            url = reverse(f"{desk}:download", args=[spoilt.pk, download.pk])
            status = 200 if download.by in pair else 404
            answers = [browser(user).get(address) for user in pair for address in (url, f"{url}file/")]
            for answer in answers:
                assert b"".join(answer)
            assert [answer.status_code for answer in answers] == [status] * 4


def test_a_changed_form_gets_a_new_workbook(cast: Cast, spoilt: Submission, slow: list[object]) -> None:
    first = browser(cast.js_preparer).get(page("portal:corrected", spoilt)).url
    bad = spoilt.findings.get(code="cell.E103")
    edit = CellEdit(bad.sheet, bad.row, bad.column, value="7")
    correct(submission=spoilt, by=cast.js_preparer, edits=[edit])
    assert browser(cast.js_preparer).get(page("portal:corrected", spoilt)).url != first


def test_a_worker_that_dies_is_followed_by_another_until_it_is_given_up(
    cast: Cast, spoilt: Submission, slow: list[object]
) -> None:
    download = downloads.ask(submission=spoilt, kind="marked", by=cast.js_preparer, meant=FindingFilter())
    long_ago = timezone.now() - timedelta(hours=1)
    Download.objects.update(started_at=timezone.now(), attempts=1)
    downloads.produce(download_id=download.pk)
    assert not Download.objects.get().is_made  # somebody has it
    Download.objects.update(started_at=long_ago, at=long_ago, attempts=downloads.MOST_ATTEMPTS)
    client = browser(cast.js_preparer)
    client.get(page("portal:findings", spoilt) + f"../downloads/{download.pk}/")
    downloads.produce(download_id=download.pk)
    assert Download.objects.get().failure == "gave-up"
    html = text(client.get(page("portal:submission", spoilt) + f"downloads/{download.pk}/"))
    assert "system fault" in html
    assert client.get(page("portal:submission", spoilt) + f"downloads/{download.pk}/file/").status_code == 404


def test_who_waits_tells_a_lost_message_again(cast: Cast, spoilt: Submission, slow: list[object]) -> None:
    download = downloads.ask(submission=spoilt, kind="marked", by=cast.js_preparer, meant=FindingFilter())
    Download.objects.update(at=timezone.now() - timedelta(minutes=5))
    slow.clear()
    browser(cast.js_preparer).get(page("portal:submission", spoilt) + f"downloads/{download.pk}/")
    assert slow == [download.pk]


def test_old_workbooks_are_forgotten(cast: Cast, spoilt: Submission, slow: list[object]) -> None:
    old = downloads.ask(submission=spoilt, kind="marked", by=cast.js_preparer, meant=FindingFilter())
    downloads.produce(download_id=old.pk)
    Download.objects.update(at=timezone.now() - timedelta(days=2))
    downloads.ask(submission=spoilt, kind="corrected", by=cast.js_preparer, meant=FindingFilter())
    assert list(Download.objects.values_list("kind", flat=True)) == ["corrected"]


def test_a_nil_return_has_nothing_to_take_away(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period=period.code)
    for name in ("marked", "corrected", "findings-xlsx"):
        assert browser(cast.js_preparer).get(page(f"portal:{name}", nil)).status_code == 404
    assert browser(cast.js_preparer).get(page("portal:findings", nil)).status_code == 200


def test_an_act_that_is_committed_late_is_not_missed(cast: Cast, spoilt: Submission) -> None:
    """Its event has the lower number of two, and comes to be seen when the other was already."""
    last = spoilt.events.order_by("-id").values_list("id", flat=True)[0]
    row = {"submission": spoilt, "from_state": spoilt.state, "to_state": spoilt.state}
    Event.objects.create(pk=last + 2, act="link_made", **row)
    seen = store.stamp(spoilt)
    Event.objects.create(pk=last + 1, act="cells_corrected", **row)
    assert store.stamp(spoilt) != seen
