"""The page of changes: comparison, effect on the figures, exports, and large falls."""

from __future__ import annotations

import io

import openpyxl
import polars as pl
import pytest
from django.test import Client

from national.models import Figure
from submissions.checks import intake
from submissions.edits.corrections import CellEdit, correct
from submissions.exports import downloads
from submissions.models import Download, Period, Signature, State, Submission
from submissions.signoff import review
from submissions.signoff.comparison_base import BaseKind, bases
from submissions.signoff.figure_impact import drops, effects
from tests import factories
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned
from tests.portal.browsing import HTMX, browser, page, text
from validation.result import Result

LOST = {"confirm": "on", "drop_confirm": "on", "drop_reason": "两网合并"}


def version(cast: Cast, engine: Engine, frame: pl.DataFrame | None = None, rows: int = 3) -> Submission:
    """The next version of Jiangsu's networks, holding `frame`."""
    answer = planned(rows=rows)
    if frame is not None:
        answer = Result(frame=frame, findings=answer.findings, cells=frame, report=answer.report)
    engine.answer = answer
    return check(send(cast.js_preparer))


def changed(frame: pl.DataFrame) -> pl.DataFrame:
    """The first record renamed to something like a formula and sliced; the last one dropped."""
    first = pl.int_range(pl.len()) == 0
    return frame.head(-1).with_columns(
        network_name=pl.when(first).then(pl.lit("=cmd()")).otherwise("network_name"),
        slicing=first,
    )


@pytest.fixture
def second(cast: Cast, period: Period, engine: Engine) -> Submission:
    """A second version, with one record of ten gone and two cells of another changed."""
    frame = planned(rows=10).frame.with_columns(slicing=pl.lit(False))
    version(cast, engine, frame)
    return version(cast, engine, changed(frame))


def test_the_page_tells_records_and_cells_from_old_to_new(cast: Cast, second: Submission) -> None:
    answer = browser(cast.js_preparer).get(page("portal:changes", second))
    counts = answer.context["counts"]
    assert (counts.removed, counts.added, counts.changed, counts.unchanged, counts.cells) == (1, 0, 1, 8, 2)
    html = text(answer)
    assert "version 1 of this period" in html
    assert "<ins>=cmd()</ins>" in html
    assert "the whole record" in html


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=removed", ["removed"]),
        ("kind=changed", ["changed", "changed"]),
        ("column=network_name", ["changed"]),
        ("q=CMD", []),
        ("kind=nonsense&column=", ["removed", "changed", "changed"]),
    ],
)
def test_lines_are_filtered(query: str, kinds: list[str], cast: Cast, second: Submission) -> None:
    client = browser(cast.js_preparer)
    answer = client.get(page("portal:changes", second, f"?{query}"), headers=HTMX)
    expected = kinds if "CMD" not in query else ["changed"] * 2
    assert [line["kind"] for line in answer.context["lines"]] == expected


def test_values_are_told_in_the_readers_words(cast: Cast, second: Submission) -> None:
    address = page("portal:changes", second, "?column=slicing")
    for language, words in (("en", ("no", "yes")), ("zh-hans", ("否", "是"))):
        html = text(browser(cast.js_preparer, language).get(address))
        assert f"<del>{words[0]}</del>" in html
        assert f"<ins>{words[1]}</ins>" in html


def test_lines_are_taken_along_without_a_live_formula(cast: Cast, second: Submission) -> None:
    client = browser(cast.js_preparer)
    csv = b"".join(client.get(_export(second, "csv")).streaming_content).decode()
    assert csv.startswith("\ufeffKind of change,Record,")
    assert "'=cmd()" in csv
    assert len(csv.splitlines()) == 4
    answer = client.get(_export(second, "xlsx", "?kind=removed"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Kind of change", "removed"]
    whole = client.get(_export(second, "xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(whole.streaming_content)))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert client.get(_export(second, "ods")).status_code == 404


def test_many_lines_are_written_by_the_worker_in_the_asker_s_language(
    cast: Cast, second: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LINES_AT_ONCE", 1)
    client = browser(cast.js_preparer, "zh-hans")
    assert b"".join(client.get(_export(second, "xlsx", "?kind=removed")).streaming_content)  # one line
    waiting = client.get(_export(second, "xlsx"))
    download = Download.objects.get()
    assert waiting.url == page("portal:submission", second, f"downloads/{download.pk}/")
    assert page("portal:changes", second) in text(client.get(waiting.url))
    downloads.produce(download_id=download.pk)
    answer = client.get(f"{waiting.url}file/")
    assert f"changes-320000-networks-2026Q3-v{second.version}.xlsx" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    kinds = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert kinds == ["变动类型", "减少", "变更", "变更"]
    # another reader's is another workbook, and so is another choice of lines
    others = [browser(cast.js_preparer).get(_export(second, "xlsx")).url]
    monkeypatch.setattr(downloads, "LINES_AT_ONCE", 0)
    others.append(client.get(_export(second, "xlsx", "?kind=removed")).url)
    assert len({waiting.url, *others}) == 3
    assert browser(cast.zj_preparer).get(waiting.url).status_code == 404


def _export(submission: Submission, form: str, query: str = "") -> str:
    return page("portal:changes", submission).removesuffix("/") + f".{form}{query}"


def test_the_first_register_has_nothing_before_it(cast: Cast, period: Period, engine: Engine) -> None:
    first = version(cast, engine)
    client = browser(cast.js_preparer)
    assert "nothing to compare it with" in text(client.get(page("portal:changes", first)))
    assert client.get(_export(first, "csv")).status_code == 404
    assert "nothing to compare it with" in text(browser(cast.js_signer).get(page("portal:sign", first)))


def test_against_an_unread_file_there_is_no_page(cast: Cast, period: Period, engine: Engine) -> None:
    assert browser(cast.js_preparer).get(page("portal:changes", send(cast.js_preparer))).status_code == 404


def test_a_nil_return_removes_everything(cast: Cast, period: Period, engine: Engine) -> None:
    version(cast, engine, rows=4)
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    answer = browser(cast.js_preparer).get(page("portal:changes", nil))
    assert answer.context["counts"].removed == 4
    back = version(cast, engine, rows=4)
    assert browser(cast.js_preparer).get(page("portal:changes", back)).context["counts"].added == 4


def test_what_it_is_compared_with(cast: Cast, period: Period, earlier_period: Period, engine: Engine) -> None:
    engine.answer = planned(rows=5)
    former = check(send(cast.js_preparer, period="2026Q2"))
    review.sign(submission=former, by=cast.js_signer)
    review.accept(submission=former, by=cast.admin)
    accepted = version(cast, engine, rows=5)
    assert [(b.kind, b.submission) for b in bases(accepted)] == [(BaseKind.PERIOD, former)]
    review.sign(submission=accepted, by=cast.js_signer)
    review.accept(submission=accepted, by=cast.admin)
    draft, newest = version(cast, engine, rows=5), version(cast, engine, rows=5)
    assert [(b.kind, b.submission) for b in bases(newest)] == [
        (BaseKind.VERSION, draft),
        (BaseKind.ACCEPTED, accepted),
        (BaseKind.PERIOD, former),
    ]
    # what it replaced stays what it is compared with after the acceptance
    review.sign(submission=newest, by=cast.js_signer)
    review.accept(submission=newest, by=cast.admin)
    assert bases(fresh(newest))[1].submission == accepted


def test_reviewers_see_the_changes_too(cast: Cast, second: Submission) -> None:
    assert browser(cast.reviewer).get(page("review:changes", second)).context["counts"].removed == 1
    assert browser(cast.zj_preparer).get(page("portal:changes", second)).status_code == 404


def test_the_effect_is_the_difference_that_acceptance_makes(cast: Cast, period: Period) -> None:
    """With the real engine: the preview before signing equals the figures after acceptance."""
    first = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=6)
    second = factories.checked(cast.js_preparer, period, rows=9)
    impacts = {effect.figure.code: effect for effect in effects(second, first)}
    before = _figures()
    review.sign(submission=second, by=cast.js_signer)
    review.accept(submission=second, by=cast.admin)
    after = _figures()
    assert {code: effect.old for code, effect in impacts.items()} == {code: before[code] for code in impacts}
    assert {code: effect.new for code, effect in impacts.items()} == {code: after[code] for code in impacts}
    assert impacts["NET_COUNT"].difference == after["NET_COUNT"] - before["NET_COUNT"]


def _figures() -> dict[str, object]:
    held = Figure.objects.in_force().filter(area="320000", breakdown="total")
    return dict(held.values_list("indicator", "value"))


def test_the_other_forms_figures_are_told_when_they_change(cast: Cast, period: Period) -> None:
    factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=12)
    applications = factories.checked(cast.js_preparer, period, "ai_applications", rows=6)
    nil = intake.receive_nil(by=cast.js_preparer, collection="ai_applications", period="2026Q3")
    codes = {effect.figure.code for effect in effects(nil, applications)}
    assert "AI_COUNT" in codes
    assert "NET_COUNT" not in codes


def test_another_form_of_another_period_is_no_effect(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    """Networks that fell since the last period neither show in the AI form's effect nor ask its signer for a reason."""
    people = (cast.js_preparer, cast.js_signer, cast.admin)
    factories.accepted(*people, earlier_period, rows=20)
    former = factories.accepted(*people, earlier_period, "ai_applications", rows=6)
    factories.checked(cast.js_preparer, period, rows=3)
    now = factories.checked(cast.js_preparer, period, "ai_applications", rows=6)
    impacts = {effect.figure.code: effect for effect in effects(now, former)}
    assert "NET_COUNT" not in impacts
    assert impacts["AI_COUNT"].old is not None
    assert {drop["code"] for drop in drops(now)} <= {"AI_ON_5G"}


# -- the far fall ---------------------------------------------------------------------------------------


@pytest.fixture
def fallen(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Ten records were accepted; four are left."""
    first = version(cast, engine, rows=10)
    review.sign(submission=first, by=cast.js_signer)
    review.accept(submission=first, by=cast.admin)
    return version(cast, engine, rows=4)


@pytest.mark.parametrize(("rows", "falls"), [(10, False), (7, False), (6, True)])
def test_more_than_thirty_percent_is_a_far_fall(
    rows: int, falls: bool, cast: Cast, period: Period, engine: Engine
) -> None:
    frame = planned(rows=1).frame
    same = pl.concat([frame] * 10).with_columns(network_code=pl.format("N-{}", pl.int_range(10)))
    first = version(cast, engine, same)
    review.sign(submission=first, by=cast.js_signer)
    review.withdraw(submission=first, by=cast.js_signer)
    assert drops(version(cast, engine, same.head(rows))) == []  # what was withdrawn was never accepted
    stated = version(cast, engine, same)
    review.sign(submission=stated, by=cast.js_signer)
    review.accept(submission=stated, by=cast.admin)
    fallen = drops(version(cast, engine, same.head(rows)))
    assert bool(fallen) is falls
    assert not falls or {drop["code"] for drop in fallen} >= {"records"}


def test_a_fall_from_a_returned_version_is_none(cast: Cast, period: Period, engine: Engine) -> None:
    """What was returned for a slip of the unit, a thousand times too much, is nothing to be compared with."""
    right = planned(rows=5).frame.with_columns(terminals=pl.lit(10, pl.Int64))
    accepted = version(cast, engine, right)
    review.sign(submission=accepted, by=cast.js_signer)
    review.accept(submission=accepted, by=cast.admin)
    slipped = version(cast, engine, right.with_columns(pl.col("terminals") * 1000))
    review.sign(submission=slipped, by=cast.js_signer)
    review.return_(submission=slipped, by=cast.reviewer, reasons=[review.ReasonGiven("终端数单位有误")])
    mended = version(cast, engine, right)
    assert drops(mended) == []
    review.sign(submission=mended, by=cast.js_signer)
    few = version_after_withdrawal(cast, engine, mended, right.head(3))
    assert {(drop["code"], drop["against"]) for drop in drops(few)} >= {("records", "2026Q3 v1")}
    assert {drop["against"] for drop in drops(few)} == {"2026Q3 v1"}


def version_after_withdrawal(
    cast: Cast, engine: Engine, submission: Submission, frame: pl.DataFrame
) -> Submission:
    review.withdraw(submission=submission, by=cast.js_signer)
    return version(cast, engine, frame)


def test_a_far_fall_is_signed_with_a_second_tick_and_a_reason(cast: Cast, fallen: Submission) -> None:
    client = browser(cast.js_signer)
    assert "10 → 4" in text(client.get(page("portal:sign", fallen)))
    for sent in ({"confirm": "on"}, LOST | {"drop_reason": " "}, {"confirm": "on", "drop_reason": "合并"}):
        answer = client.post(page("portal:sign", fallen), sent)
        assert answer.status_code == 400
        assert fresh(fallen).state == State.READY
    assert "合并" in text(answer)
    assert client.post(page("portal:sign", fallen), LOST).status_code == 302
    kept = Signature.objects.get(submission=fallen)
    assert kept.drop_reason == "两网合并"
    assert "records" in {drop["code"] for drop in kept.drops}


def test_reviewers_read_the_reason_of_a_fall(cast: Cast, fallen: Submission) -> None:
    browser(cast.js_signer).post(page("portal:sign", fallen), LOST)
    for address in ("review:submission", "review:changes", "review:accept"):
        assert "两网合并" in text(browser(cast.admin).get(page(address, fallen))), address


def test_the_verb_refuses_a_far_fall_without_a_reason(cast: Cast, fallen: Submission) -> None:
    refusal = refused("drop-unconfirmed", lambda: review.sign(submission=fallen, by=cast.js_signer))
    assert "记录数" in refusal.params["figures"]
    long = "长" * 1001
    refused("text-too-long", lambda: review.sign(submission=fallen, by=cast.js_signer, drop_reason=long))
    review.sign(submission=fallen, by=cast.js_signer, drop_reason="合并")


def test_a_reason_without_a_fall_is_not_kept(cast: Cast, period: Period, engine: Engine) -> None:
    submission = version(cast, engine)
    review.sign(submission=submission, by=cast.js_signer, drop_reason="nothing fell")
    assert submission.signature.drop_reason == ""


# -- what was shown is what is signed -------------------------------------------------------------------


def test_what_changed_behind_the_page_is_looked_at_again(cast: Cast, period: Period) -> None:
    submission = factories.checked(cast.js_preparer, period)
    client: Client = browser(cast.js_signer)
    seen = client.get(page("portal:sign", submission)).context["sha256"]
    sheet = submission.report["sheets"][0]
    correct(
        submission=submission,
        by=cast.js_preparer,
        edits=[CellEdit(sheet["name"], sheet["header_row"] + 1, "remark", "已核对")],
    )
    answer = client.post(page("portal:sign", submission), {"confirm": "on", "sha256": seen})
    assert answer.status_code == 409
    assert "Review it again" in text(answer)
    assert fresh(submission).state == State.READY
    now = answer.context["form"]["sha256"].value()
    assert now != seen
    assert client.post(page("portal:sign", submission), {"confirm": "on", "sha256": now}).status_code == 302
    assert fresh(submission).signed_sha256 == now


def test_the_statement_is_kept_in_both_languages(cast: Cast, period: Period) -> None:
    submission = factories.checked(cast.js_preparer, period, rows=4)
    html = text(browser(cast.js_signer, "zh-hans").get(page("portal:sign", submission)))
    review.sign(submission=submission, by=cast.js_signer)
    kept = submission.signature
    assert kept.statement_version == 1
    assert kept.statement_zh in html
    assert "共4条记录" in kept.statement_zh
    assert "4 records" in kept.statement_en
    assert "2026-09-30" in kept.statement_zh


def test_a_nil_return_states_that_there_is_nothing(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    review.sign(submission=nil, by=cast.js_signer)
    assert "had nothing to report" in nil.signature.statement_en
    assert "没有需要填报的内容" in nil.signature.statement_zh
