"""The grid over HTTP: own rows with their findings, cells corrected, undone, bulk-corrected, and who may do it."""

from __future__ import annotations

import json
import re
from typing import Any

import polars as pl
import pytest
from django.test import Client

from portal.returns import grid as grids
from submissions.edits.corrections import ALIKE_AT_ONCE, CellEdit, correct
from submissions.files import storage
from submissions.files.frame_cache import RecentFrames
from submissions.findings import filtering
from submissions.findings.filtering import FindingFilter
from submissions.findings.sorting import Order, rows_in
from submissions.models import Finding, Period, State, Submission
from tests.acts import fresh
from tests.conftest import Cast
from tests.factories import checked
from tests.portal.browsing import HTMX, browser, page, text


@pytest.fixture
def spoilt(cast: Cast, period: Period) -> Submission:
    """Forty rows, of which one cell is no number and one no value of its list."""
    return checked(cast.js_preparer, period, rows=40, defects=["cell.E103", "cell.E106"])


@pytest.fixture
def bad(spoilt: Submission) -> Finding:
    return spoilt.findings.get(code="cell.E103")


def fields(finding: Finding, **changed: object) -> dict[str, object]:
    named = {name: getattr(finding, name) for name in ("sheet", "row", "column")}
    return {**named, "value": "7", "expected": finding.value, **changed}


def post(client: Client, submission: Submission, **sent: object) -> tuple[int, dict[str, Any]]:
    answer = client.post(page("portal:cells", submission), sent)
    return answer.status_code, answer.json()


def test_the_page_brings_the_first_rows_as_the_unit_wrote_them(
    cast: Cast, spoilt: Submission, bad: Finding
) -> None:
    answer = browser(cast.js_preparer).get(page("portal:findings", spoilt))
    data = json.loads(answer.context["grid_json"])
    [row] = [row for row in data["rows"] if row["r"] == bad.row]
    [finding] = [finding for finding in row["f"] if finding["code"] == "cell.E103"]
    column = data["columns"][finding["column"]]
    assert (column["key"], row["c"][finding["column"]]) == (bad.column, bad.value)
    assert f"{column['letter']}{row['r']}" == bad.cell
    assert finding["message"] == f"“{bad.value}” is not a whole number."
    assert "Whole number" in column["expected"]
    assert data["editable"]


def test_the_index_and_the_windows_tell_every_row(cast: Cast, spoilt: Submission) -> None:
    client = browser(cast.js_preparer)
    [[sheet, rows]] = client.get(page("portal:index", spoilt, "?view=rows")).json()["rows"]
    assert len(rows) == 40
    at = ",".join(f"{sheet}.{row}" for row in rows[:3])
    got = client.get(page("portal:rows", spoilt, f"?at={at}")).json()["rows"]
    assert [row["r"] for row in got] == rows[:3]
    kept = storage.cells_of(spoilt)
    assert got[0]["c"][0] == kept.filter(_row=rows[0])["_text_network_code"].item()
    [[_, flagged]] = client.get(page("portal:index", spoilt)).json()["rows"]
    assert sorted(flagged) == sorted(spoilt.findings.values_list("row", flat=True))


def test_of_a_very_large_table_no_more_is_read_than_asked_for(
    spoilt: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, frame = storage.cells_of(spoilt), storage.frame_of(spoilt)
    wanted = {*kept["_row"][3:6].to_list(), 99_999_999_999}
    assert storage.rows_of(spoilt, wanted).equals(kept[3:6])
    monkeypatch.setattr(storage, "ROWS_AT_HAND", 0)
    assert storage.rows_of(spoilt, wanted).equals(kept[3:6])
    assert storage.frame_of(spoilt).equals(frame)


@pytest.mark.parametrize("at", ["", "0", "0.x", "9.3", "0.99999999999", "a.b,0.1.2", "-1.5"])
def test_nonsense_places_are_no_rows(cast: Cast, spoilt: Submission, at: str) -> None:
    assert browser(cast.js_preparer).get(page("portal:rows", spoilt, f"?at={at}")).json() == {"rows": []}


def test_what_blocks_comes_first(cast: Cast, period: Period) -> None:
    mixed = checked(cast.js_preparer, period, rows=40, defects=["net.W330", "cell.E103"])
    findings = filtering.filtered(mixed, cast.js_preparer, FindingFilter())
    severities = [
        mixed.findings.get(row=row).severity
        for row in rows_in(filtering.rows(findings), Order("blocks"), mixed)["row"].to_list()
    ]
    assert severities == sorted(severities, key="EWI".index)
    assert filtering.rows(findings)["row"].is_sorted()


def test_filters_by_city_and_enterprise_follow_corrections(
    cast: Cast, spoilt: Submission, bad: Finding
) -> None:
    every = filtering.filtered(spoilt, cast.js_preparer, FindingFilter())
    place = filtering.places(spoilt).row(by_predicate=pl.col("row") == bad.row, named=True)
    for sieve in (
        FindingFilter(city=place["city"]),
        FindingFilter(enterprise=place["uscc"]),
        FindingFilter(enterprise=place["enterprise"][:-2]),
    ):
        findings = filtering.filtered(spoilt, cast.js_preparer, sieve)
        assert bad.pk in findings["id"]
    counted = {city.code: city.rows for city in filtering.cities(spoilt, every)}
    assert sum(counted.values()) == every["row"].n_unique()
    other = "320300" if place["city"] != "320300" else "320500"
    correct(
        submission=spoilt,
        by=cast.js_preparer,
        edits=[CellEdit(bad.sheet, bad.row, "region_code", value=other)],
    )
    moved = filtering.filtered(spoilt, cast.js_preparer, FindingFilter(city=other))
    assert bad.row in moved["row"]
    assert filtering.filtered(spoilt, cast.js_preparer, FindingFilter(enterprise="nobody")).is_empty()


def test_counts_by_rule_and_value(cast: Cast, spoilt: Submission, bad: Finding) -> None:
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:summary", spoilt)))
    assert "cell.E103" in html
    query = f"?code=cell.E103&column={bad.column}"
    assert f"“{bad.value}”" in text(client.get(page("portal:values", spoilt, query)))
    name = storage.cells_of(spoilt)["_text_enterprise_name"][0]
    assert name in text(client.get(page("portal:enterprises", spoilt, f"?enterprise={name[:6]}")))
    assert text(client.get(page("portal:enterprises", spoilt))) == ""


def test_a_corrected_cell_is_answered_with_its_row_and_the_counts(
    cast: Cast, spoilt: Submission, bad: Finding
) -> None:
    status, payload = post(browser(cast.js_preparer), spoilt, **fields(bad))
    assert status == 200
    assert (payload["counts"]["E"], payload["working"]) == (1, False)
    [row] = payload["rows"]
    assert (row["f"], list(row["x"])) == ([], [str(_column(spoilt, bad))])
    assert row["c"][_column(spoilt, bad)] == "7"


def _column(submission: Submission, finding: Finding) -> int:
    return grids.grid_of(submission).keys.index(finding.column)


def test_a_double_click_corrects_once(cast: Cast, spoilt: Submission, bad: Finding) -> None:
    client = browser(cast.js_preparer)
    assert post(client, spoilt, **fields(bad))[0] == 200
    status, payload = post(client, spoilt, **fields(bad, expected="7"))
    assert (status, payload["act"], spoilt.corrections.count()) == (200, None, 1)


def test_the_later_of_two_windows_is_told_what_stands_there(
    cast: Cast, spoilt: Submission, bad: Finding
) -> None:
    assert post(browser(cast.js_signer), spoilt, **fields(bad))[0] == 200
    status, payload = post(browser(cast.js_preparer), spoilt, **fields(bad, value="9"))
    assert (status, payload["code"], payload["params"]["value"]) == (409, "cell-changed", "7")
    assert spoilt.corrections.count() == 1


def test_an_ended_session_and_other_people_change_nothing(
    cast: Cast, spoilt: Submission, bad: Finding
) -> None:
    assert post(browser(), spoilt, **fields(bad))[1]["code"] == "logged-out"
    assert browser(cast.zj_preparer).post(page("portal:cells", spoilt), fields(bad)).status_code == 404
    assert post(browser(cast.admin), spoilt, **fields(bad))[1]["code"] == "not-allowed"
    assert post(browser(cast.js_preparer), spoilt, sheet="x")[1]["code"] == "place-unknown"
    assert browser(cast.js_preparer).get(page("portal:cells", spoilt)).status_code == 405
    assert not spoilt.corrections.exists()


def test_an_act_is_undone_from_the_grid(cast: Cast, spoilt: Submission, bad: Finding) -> None:
    client = browser(cast.js_preparer)
    act = post(client, spoilt, **fields(bad))[1]["act"]
    payload = client.post(page("portal:undo", spoilt), {"act": act}).json()
    assert (payload["counts"]["E"], payload["rows"][0]["x"]) == (2, {})
    gone = client.post(page("portal:undo", spoilt), {"act": "00000000-0000-0000-0000-000000000000"})
    assert (gone.status_code, gone.json()["code"]) == (404, "nothing-to-undo")


def test_reviewers_read_the_grid_and_cannot_edit(cast: Cast, spoilt: Submission) -> None:
    answer = browser(cast.reviewer).get(page("review:findings", spoilt))
    assert not json.loads(answer.context["grid_json"])["editable"]
    assert browser(cast.reviewer).get(page("review:index", spoilt)).status_code == 200
    assert browser(cast.reviewer).get(page("portal:index", spoilt)).json()["code"] == "not-allowed"


def test_a_value_of_the_file_is_text_in_the_grid(cast: Cast, spoilt: Submission, bad: Finding) -> None:
    nasty = "</div><script>alert(1)</script>"
    correct(
        submission=spoilt,
        by=cast.js_preparer,
        edits=[CellEdit(bad.sheet, bad.row, "terminals", value=nasty)],
    )
    html = browser(cast.js_preparer).get(page("portal:findings", spoilt)).content.decode()
    assert nasty not in html
    assert "&lt;script&gt;" in html


# --- many cells alike


@pytest.fixture
def alike(cast: Cast, spoilt: Submission) -> Submission:
    """Five cells with the same wrong grade."""
    [sheet], rows = storage.cells_of(spoilt)["_sheet"].unique(), storage.cells_of(spoilt)["_row"][:5]
    edits = [CellEdit(sheet, row, "security_level", value="特级") for row in rows]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    return spoilt


LIKE = {"code": "cell.E106", "column": "security_level", "value": "特级"}


def test_one_value_in_many_rows_is_previewed_applied_and_undone_in_one_go(
    cast: Cast, alike: Submission
) -> None:
    client, before = browser(cast.js_preparer), alike.corrections.count()
    form_page = client.get(page("portal:bulk", alike), LIKE)
    assert form_page.context["count"] == 5
    previewed = client.post(page("portal:bulk", alike), {**LIKE, "new": "二级"})
    assert previewed.context["trial"].cells == 5
    assert ("cell.E106", alike.findings.filter(code="cell.E106").count(), 1) in previewed.context["changes"]
    assert alike.corrections.count() == before
    applied = client.post(page("portal:bulk", alike), {**LIKE, "new": "二级", "count": 5, "apply": "yes"})
    assert applied.status_code == 302
    assert alike.corrections.count() == before + 5
    act = alike.corrections.last().act
    listed = text(client.get(page("portal:corrections", alike)))
    assert "5 cells in one go" in listed
    assert "特级" in listed
    again = client.post(
        page("portal:bulk", alike), {**LIKE, "new": "二级", "count": 5, "apply": "yes"}, follow=True
    )
    assert "corrected already" in text(again)
    client.post(page("portal:undo-corrections", alike), {"act": str(act)})
    assert alike.findings.filter(value="特级").count() == 5


def test_values_with_a_line_break_are_corrected_in_bulk(cast: Cast, spoilt: Submission) -> None:
    [sheet], rows = storage.cells_of(spoilt)["_sheet"].unique(), storage.cells_of(spoilt)["_row"][:2]
    edits = [CellEdit(sheet, row, "security_level", value="特级\n二级") for row in rows]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    client = browser(cast.js_preparer)
    sent = {**LIKE, "value": "特级\r\n二级"}  # as browsers send it
    listed = client.get(page("portal:findings", spoilt), {**sent, "view": "list"})
    assert len(listed.context["findings"]) == 2
    assert client.post(page("portal:bulk", spoilt), {**sent, "new": "二级"}).context["trial"].cells == 2
    client.post(page("portal:bulk", spoilt), {**sent, "new": "二级", "count": 2, "apply": "yes"})
    assert not spoilt.findings.filter(value="特级\n二级").exists()


def test_enter_previews_what_was_typed(cast: Cast, spoilt: Submission) -> None:
    [sheet], rows = storage.cells_of(spoilt)["_sheet"].unique(), storage.cells_of(spoilt)["_row"][:2]
    edits = [CellEdit(sheet, row, "slicing", value="可能") for row in rows]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    like = {"code": "cell.E113", "column": "slicing", "value": "可能"}
    form_page = browser(cast.js_preparer).get(page("portal:bulk", spoilt), like)
    assert form_page.context["offered"]
    [form] = re.findall(r'<form class="panel narrow".*?</form>', text(form_page), re.DOTALL)
    first = re.search(r"<button[^>]*>([^<]*)", form)
    assert first is not None
    assert first[1] == "Preview"


def test_a_preview_that_is_out_of_date_is_shown_again(cast: Cast, alike: Submission) -> None:
    sent = {**LIKE, "new": "二级", "count": 4, "apply": "yes"}
    answer = browser(cast.js_preparer).post(page("portal:bulk", alike), sent)
    assert (answer.status_code, answer.context["trial"].cells) == (200, 5)


def test_a_cell_changed_since_stays_when_its_act_is_undone(cast: Cast, alike: Submission) -> None:
    client, act = browser(cast.js_preparer), alike.corrections.first().act
    first = alike.corrections.first()
    edit = CellEdit(first.sheet, first.row, first.column, value="一级")
    correct(submission=fresh(alike), by=cast.js_signer, edits=[edit])
    answer = client.post(page("portal:undo-corrections", alike), {"act": str(act)}, follow=True)
    assert "4 cells were restored. 1 cell has been changed again since" in text(answer)
    client.post(
        page("portal:undo-corrections", alike),
        {"correction": alike.corrections.get(old="特级", new="一级", row=first.row).pk},
    )
    assert alike.findings.filter(value="特级").count() == 1


@pytest.mark.parametrize(
    ("like", "status"),
    [({}, 404), ({**LIKE, "column": "no_such"}, 404), ({**LIKE, "value": "nothing"}, 302)],
)
def test_what_is_not_there_is_not_corrected_in_bulk(
    cast: Cast, alike: Submission, like: dict[str, str], status: int
) -> None:
    assert browser(cast.js_preparer).get(page("portal:bulk", alike), like).status_code == status
    assert ALIKE_AT_ONCE > 2_000


def test_the_preview_says_how_many_records_it_makes_equal(cast: Cast, alike: Submission) -> None:
    held = storage.frame_of(alike)["security_level"].to_list()
    client = browser(cast.js_preparer)
    previewed = client.post(page("portal:bulk", alike), {**LIKE, "new": "二级"})
    now = storage.corrected_cells(alike)["_text_security_level"].to_list().count("二级")
    assert 0 < now < len(held)
    assert previewed.context["equal"] == (now, now + 5)
    assert f"{now + 5} records will then hold the same value in the column; {now} hold it now." in text(
        previewed
    )


def blanked(cast: Cast, submission: Submission, column: str, value: str = "") -> None:
    """The first three rows say `value` in a column."""
    rows = storage.cells_of(submission).select("_sheet", "_row").rows()[:3]
    edits = [CellEdit(*place, column, value=value) for place in rows]
    correct(submission=submission, by=cast.js_preparer, edits=edits)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("network_code", ""),
        ("network_code", "x"),
        ("network_name", ""),
        ("network_name", "网"),
        ("enterprise_name", ""),
        ("enterprise_uscc", ""),
        ("site_name", ""),
    ],
)
def test_one_value_is_never_offered_where_records_must_differ(
    column: str, value: str, cast: Cast, spoilt: Submission
) -> None:
    blanked(cast, spoilt, column, value)
    finding = spoilt.findings.filter(column=column, row__isnull=False).first()
    assert finding is not None
    client, like = browser(cast.js_preparer), {"code": finding.code, "column": column, "value": value}
    answer = client.get(page("portal:bulk", spoilt), like)
    assert answer.status_code == 409
    assert "is each record&#x27;s own" in text(answer)
    assert (
        client.post(
            page("portal:bulk", spoilt), {**like, "new": "一样", "count": 3, "apply": "y"}
        ).status_code
        == 409
    )
    rows = client.get(page("portal:rows", spoilt), {"at": f"0.{finding.row}"}).json()["rows"]
    assert {entry["alike"] for entry in rows[0]["f"] if entry["code"] == finding.code} == {1}
    listed = client.get(page("portal:values", spoilt), {"code": finding.code, "column": column})
    assert "Correct all…" not in text(listed)


def test_cells_that_said_the_same_may_say_the_same_again(cast: Cast, spoilt: Submission) -> None:
    blanked(cast, spoilt, "enterprise_uscc", "91320000MA1000000X")
    finding = spoilt.findings.filter(column="enterprise_uscc").first()
    assert finding is not None
    like = {"code": finding.code, "column": "enterprise_uscc", "value": "91320000MA1000000X"}
    assert browser(cast.js_preparer).get(page("portal:bulk", spoilt), like).status_code == 200


def test_findings_say_whether_the_filters_mean_them(cast: Cast, alike: Submission, bad: Finding) -> None:
    client = browser(cast.js_preparer)
    first = alike.findings.filter(value="特级").first()
    assert first is not None
    edit = CellEdit(first.sheet, first.row, "status", value="在飞")
    correct(submission=alike, by=cast.js_preparer, edits=[edit])
    query = {"code": "cell.E106", "column": "security_level"}
    grid = client.get(page("portal:findings", alike), query).context["grid"]
    assert grid["narrowed"]
    here = next(row for row in grid["rows"] if row["r"] == first.row)
    assert {(entry["value"], entry["meant"]) for entry in here["f"]} == {("特级", True), ("在飞", False)}
    place = f"0.{first.row}"
    [again] = client.get(page("portal:rows", alike), {**query, "at": place}).json()["rows"]
    assert {(entry["value"], entry["meant"]) for entry in again["f"]} == {("特级", True), ("在飞", False)}
    [plain] = client.get(page("portal:rows", alike), {"at": place}).json()["rows"]
    assert all(entry["meant"] for entry in plain["f"])
    assert not client.get(page("portal:findings", alike)).context["grid"]["narrowed"]
    saved = client.post(
        page("portal:cells", alike, "?code=cell.E106&column=security_level"),
        {"sheet": first.sheet, "row": first.row, "column": "remark", "value": "x", "expected": ""},
    ).json()
    assert {(entry["value"], entry["meant"]) for entry in saved["rows"][0]["f"]} == {
        ("特级", True),
        ("在飞", False),
    }
    assert (
        "code=cell.E106"
        in client.get(page("portal:findings", alike), query).content.decode().split("data-cells=")[1][:300]
    )


def test_corrections_are_read_by_reviewers_and_undone_by_the_unit_alone(
    cast: Cast, alike: Submission
) -> None:
    listed = text(browser(cast.reviewer).get(page("review:corrections", alike)))
    assert "特级" in listed
    assert "Undo" not in listed
    for user, status in ((cast.zj_preparer, 404), (cast.reviewer, 403)):
        answer = browser(user).post(
            page("portal:undo-corrections", alike), {"act": str(alike.corrections.first().act)}
        )
        assert answer.status_code == status
    assert (
        browser(cast.js_preparer).post(page("portal:undo-corrections", alike), {"act": "x"}).status_code
        == 404
    )


def test_a_form_with_a_check_to_come_shows_its_progress(cast: Cast, spoilt: Submission) -> None:
    Submission.objects.filter(pk=spoilt.pk).update(state=State.RECEIVED)
    html = text(browser(cast.js_preparer).get(page("portal:findings", spoilt)))
    assert "The file is being checked" in html
    assert browser(cast.js_preparer).get(page("portal:findings", spoilt), headers=HTMX).status_code == 200


def shown_rows(client: Client, submission: Submission, query: str) -> list[int]:
    runs = client.get(page("portal:index", submission, query)).json()["rows"]
    return [row for _, rows in runs for row in rows]


def texts_of(submission: Submission, key: str, rows: list[int]) -> list[str | None]:
    kept = storage.corrected_cells(submission)
    texts = dict(kept.select("_row", f"_text_{key}").iter_rows())
    return [texts[row] for row in rows]


def test_rows_are_sorted_by_the_cells_of_a_column_with_corrections_laid_over(
    cast: Cast, spoilt: Submission
) -> None:
    client = browser(cast.js_preparer)
    sheet, rows = spoilt.report["sheets"][0]["name"], shown_rows(client, spoilt, "?view=rows")
    edits = [CellEdit(sheet, rows[0], "terminals", "7"), CellEdit(sheet, rows[1], "terminals", "")]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    spoilt = fresh(spoilt)
    up = texts_of(spoilt, "terminals", shown_rows(client, spoilt, "?view=rows&sort=cell.terminals"))
    numbers = [int(text) for text in up if (text or "").isdecimal()]
    assert numbers == sorted(numbers)
    assert "7" in up
    assert up[-1] is None
    down = texts_of(spoilt, "terminals", shown_rows(client, spoilt, "?view=rows&sort=-cell.terminals"))
    assert down[-1] is None
    assert [int(text) for text in down if (text or "").isdecimal()] == numbers[::-1]
    names = texts_of(spoilt, "network_name", shown_rows(client, spoilt, "?view=rows&sort=cell.network_name"))
    assert names == sorted(names)


def test_rows_with_findings_are_sorted_at_their_heads(cast: Cast, spoilt: Submission) -> None:
    client = browser(cast.js_preparer)
    by_place = shown_rows(client, spoilt, "?sort=row")
    assert by_place == sorted(by_place)
    assert shown_rows(client, spoilt, "?sort=-row") == by_place[::-1]
    codes = texts_of(spoilt, "network_code", shown_rows(client, spoilt, "?sort=-cell.network_code"))
    assert codes == sorted(codes, reverse=True)
    every = shown_rows(client, spoilt, "?view=rows&sort=blocks")
    assert sorted(every[: len(by_place)]) == by_place
    assert shown_rows(client, spoilt, "?view=rows") == sorted(every)
    plain = shown_rows(client, spoilt, "")
    for nonsense in ("?sort=cell.forged", "?sort=value", "?sort=--row", "?sort=cell."):
        assert shown_rows(client, spoilt, nonsense) == plain


def test_the_page_tells_the_order_it_is_in(cast: Cast, spoilt: Submission) -> None:
    client = browser(cast.js_preparer)
    answer = client.get(page("portal:findings", spoilt, "?sort=-cell.terminals"))
    assert json.loads(answer.context["grid_json"])["sort"] == "-cell.terminals"
    assert 'data-sort-label="5G terminals, descending"' in text(answer)
    assert '<option value="-cell.terminals" selected>5G terminals, descending</option>' in text(answer)


def test_the_list_is_sorted_by_its_heads_and_keeps_the_filters(cast: Cast, period: Period) -> None:
    mixed = checked(cast.js_preparer, period, rows=40, defects=["net.W330", "cell.E103", "cell.E106"])
    client = browser(cast.js_preparer)

    def listed(query: str) -> list[Finding]:
        answer = client.get(page("portal:findings", mixed, f"?view=list{query}"))
        return [line.finding for line in answer.context["findings"]]

    plain = listed("")
    assert [finding.severity for finding in listed("&sort=-blocks")] == [
        finding.severity for finding in plain
    ][::-1]
    assert [finding.code for finding in listed("&sort=-code")] == sorted(
        (finding.code for finding in plain), reverse=True
    )
    values = [finding.value for finding in listed("&sort=value") if finding.value is not None]
    assert values == sorted(values)
    assert {finding.pk for finding in listed("&sort=column")} == {finding.pk for finding in plain}
    assert listed("&sort=-row") == listed("&sort=row")[::-1]
    html = text(client.get(page("portal:findings", mixed, "?view=list&severity=E&sort=code&page=1")))
    assert (
        'aria-sort="ascending"><a id="sort-code" class="sort-head" href="?view=list&amp;severity=E&amp;sort=-code"'
        in html
    )
    assert '<a id="sort-blocks" class="sort-head" href="?view=list&amp;severity=E&amp;sort=blocks"' in html


def test_some_columns_and_some_rows_are_those_of_the_whole_table(cast: Cast, spoilt: Submission) -> None:
    sheet, rows = spoilt.report["sheets"][0]["name"], storage.cells_of(spoilt)["_row"].to_list()
    edits = [
        CellEdit(sheet, rows[2], "terminals", "7"),
        CellEdit(sheet, rows[2], "operators", "中国移动、中国联通"),
        CellEdit(sheet, rows[5], "terminals", ""),
        CellEdit(sheet, rows[7], "commissioned_on", "2025-01-31"),
    ]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    whole = storage.corrected_cells(spoilt)
    for columns in (["terminals", "_text_terminals"], ["_row", "network_code"], whole.columns):
        assert storage.cell_columns(spoilt, columns).equals(whole.select(columns))


def test_corrections_are_laid_over_a_former_state_as_over_what_was_read(
    cast: Cast, spoilt: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = RecentFrames(), RecentFrames()
    sheet, rows = spoilt.report["sheets"][0]["name"], storage.cells_of(spoilt)["_row"].to_list()
    steps = [
        CellEdit(sheet, rows[2], "terminals", "7"),
        CellEdit(sheet, rows[3], "operators", "中国移动、中国联通"),
        CellEdit(sheet, rows[2], "terminals", "8"),
        CellEdit(sheet, rows[3], "operators", restore=True),
    ]
    for edit in steps:
        monkeypatch.setattr(storage, "recent_frames", others)
        correct(submission=spoilt, by=cast.js_preparer, edits=[edit])
        monkeypatch.setattr(storage, "recent_frames", mine)
        seen = storage.corrected_cells(spoilt)
        monkeypatch.setattr(storage, "recent_frames", RecentFrames())
        assert seen.equals(storage.corrected_cells(spoilt))
