"""Telling what unknown titles mean: once, remembered for the unit and its form, and taken back."""

from __future__ import annotations

import io
from functools import cache

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.translation import override
from openpyxl import load_workbook

from portal.returns import column_mapping_forms
from submissions.checks import column_titles, intake
from submissions.edits import corrections
from submissions.exports import marked_workbook
from submissions.files.storage import frame_of
from submissions.models import Act, Event, Period, State, Submission, UnitTitle, User
from submissions.signoff import review
from submissions.workflow.refusals import RefusalError
from tests.acts import check, fresh, refused
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text
from tests.validation.small_workbooks import workbook
from validation import FORMS

NETWORKS = FORMS["networks"]
FIRST = {"network_code": "JS-0001", "network_name": "一号专网", "enterprise_name": "甲厂有限公司"}


@cache
def own_workbook(*, name: str = "企业大名", extra: str = "备注栏", **changed: str) -> bytes:
    """A register whose enterprise column has the unit's own title, with a column of its own besides, and with
    other titles `changed` by field key."""
    columns = [column for column in NETWORKS.columns if column.key != "network_name"]
    own = {"enterprise_name": name, **changed}
    head = ["专网名称", *(own.get(c.key, c.label_zh) for c in columns), extra]
    values = [FIRST["network_name"], *(FIRST.get(column.key, "") for column in columns), "x"]
    return workbook([head, values])


def upload(by: User, data: bytes) -> Submission:
    sent = intake.receive(
        by=by, collection="networks", period="2026Q3", upload=io.BytesIO(data), filename="台账.xlsx"
    )
    return check(sent)


@pytest.fixture
def odd(cast: Cast, period: Period) -> Submission:
    """A register of Jiangsu with two titles that the form does not know."""
    return upload(cast.js_preparer, own_workbook())


def hows(submission: Submission) -> dict[str, str]:
    [sheet] = submission.report["sheets"]
    return {column["title"]: column["how"] for column in sheet["columns"] if column["how"] not in ("title",)}


def codes(submission: Submission) -> set[str]:
    return set(submission.findings.values_list("code", flat=True))


def test_what_is_told_is_used_at_once_and_later(odd: Submission, cast: Cast) -> None:
    assert [title.title for title in column_titles.open_titles(odd)] == ["企业大名", "备注栏"]
    assert {"file.E006", "file.W008"} <= codes(odd)
    meanings = {"企业大名": "enterprise_name", "备注栏": None}
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings=meanings, request_id="r1")
    assert fresh(odd).state == State.RECEIVED
    read = check(odd)
    assert hows(read) == {"企业大名": "remembered", "备注栏": "remembered"}
    assert not {"file.E006", "file.W008"} & codes(read)
    assert frame_of(read)["enterprise_name"].to_list() == ["甲厂有限公司"]
    later = upload(cast.js_signer, own_workbook(name="企业 大名"))
    assert hows(later) == {"企业 大名": "remembered", "备注栏": "remembered"}
    event = Event.objects.filter(submission=odd, request_id="r1").get()
    assert (event.actor, event.act) == (cast.js_preparer, Act.TITLES_MAPPED)
    assert event.detail == {"titles": {"企业大名": "enterprise_name", "备注栏": None}}


def test_it_is_remembered_for_the_unit_alone(odd: Submission, cast: Cast) -> None:
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"备注栏": None})
    assert column_titles.remembered("320000", "networks") == {"备注栏": None}
    assert (
        column_titles.remembered("330000", "networks")
        == column_titles.remembered("320000", "ai_applications")
        == {}
    )


def test_it_can_be_taken_back_and_who_did_both_is_kept(odd: Submission, cast: Cast) -> None:
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"备注栏": None})
    odd = check(odd)
    unit_title = UnitTitle.objects.get()
    column_titles.forget(title=unit_title, submission=odd, by=cast.js_signer)
    odd = check(odd)
    column_titles.forget(title=unit_title, submission=odd, by=cast.js_preparer)
    unit_title.refresh_from_db()
    assert (unit_title.by, unit_title.forgotten_by) == (cast.js_preparer, cast.js_signer)
    assert fresh(odd).state == State.INVALID
    assert hows(odd)["备注栏"] == "unknown"
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"备注栏": None})
    assert UnitTitle.objects.in_force().count() == 1


@pytest.mark.parametrize(
    ("meanings", "code"),
    [
        ({}, "title-known"),
        ({"专网名称": "site_name"}, "title-known"),
        ({"没有": "enterprise_name"}, "title-known"),
        ({"企业大名": "no_such_field"}, "place-unknown"),
        ({"企业大名": "network_name"}, "field-taken"),
        ({"企业大名": "enterprise_name", "备注栏": "enterprise_name"}, "field-taken"),
    ],
)
def test_what_cannot_be_told(meanings: dict[str, str | None], code: str, odd: Submission, cast: Cast) -> None:
    refused(code, lambda: column_titles.remember(submission=odd, by=cast.js_preparer, meanings=meanings))
    assert not UnitTitle.objects.exists()
    assert fresh(odd).state == State.INVALID


def test_corrections_outlive_it(odd: Submission, cast: Cast) -> None:
    edit = corrections.CellEdit(odd.report["sheets"][0]["name"], 2, "network_name", "二号专网")
    corrections.correct(submission=odd, by=cast.js_preparer, edits=[edit])
    column_titles.remember(
        submission=fresh(odd), by=cast.js_preparer, meanings={"企业大名": "enterprise_name"}
    )
    assert frame_of(check(odd))["network_name"].to_list() == ["二号专网"]


def test_only_the_unit_tells_and_only_while_it_may_correct(odd: Submission, cast: Cast) -> None:
    refused(
        "not-found",
        lambda: column_titles.remember(submission=odd, by=cast.zj_preparer, meanings={"备注栏": None}),
    )
    refused(
        "not-allowed",
        lambda: column_titles.remember(submission=odd, by=cast.admin, meanings={"备注栏": None}),
    )
    review.withdraw(submission=odd, by=cast.js_signer)
    refused(
        "wrong-state",
        lambda: column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"备注栏": None}),
    )


def test_a_title_of_another_unit_is_not_there(odd: Submission, cast: Cast) -> None:
    other = UnitTitle.objects.create(
        unit_id="330000", collection="networks", title="a", folded="a", by=cast.zj_preparer
    )
    refused("not-found", lambda: column_titles.forget(title=other, submission=odd, by=cast.js_preparer))
    answer = browser(cast.js_preparer).post(f"{page('portal:mapping', odd)}{other.pk}/")
    assert answer.status_code == 404


def test_a_title_is_remembered_once_and_its_end_has_a_person(odd: Submission, cast: Cast) -> None:
    row = {"unit_id": "320000", "collection": "networks", "title": "a", "folded": "a", "by": cast.js_signer}
    UnitTitle.objects.create(**row)
    with pytest.raises(IntegrityError, match="unit_title_once"), transaction.atomic():
        UnitTitle.objects.create(**row)
    with pytest.raises(IntegrityError, match="unit_title_forgotten"), transaction.atomic():
        UnitTitle.objects.update(forgotten_by=cast.js_signer)


def send(odd: Submission, user: User, chosen: dict[str, str], **options: bool) -> HttpResponse:
    """Choose in the form as it is shown now, by title."""
    names = {
        field.heading.title: name
        for name, field in column_mapping_forms.MappingForm(submission=odd).fields.items()
    }
    said = {names[title]: choice for title, choice in chosen.items()}
    return browser(user).post(page("portal:mapping", odd), said, **options)


def test_the_page_offers_the_free_fields_and_a_guess(odd: Submission, cast: Cast) -> None:
    html = text(browser(cast.js_preparer).get(page("portal:submission", odd)))
    assert "2 titles of the file are not used" in html
    assert '<option value="enterprise_name">' in html
    assert '<option value="network_name">' not in html
    assert "perhaps “Enterprise name”" in html
    assert "文件中有2个列标题未采用" in text(
        browser(cast.js_preparer, "").get(page("portal:submission", odd))
    )


def test_the_page_takes_what_is_said_once(odd: Submission, cast: Cast) -> None:
    for _ in range(2):
        answer = send(odd, cast.js_preparer, {"企业大名": "enterprise_name", "备注栏": "-"})
        assert answer.status_code == 302
    assert column_titles.remembered("320000", "networks") == {"企业大名": "enterprise_name", "备注栏": None}
    check(odd)
    html = text(browser(cast.js_preparer).get(page("portal:submission", odd)))
    assert "Titles read as your unit specified" in html
    assert "ignored, as your unit specified" in html
    unit_title = UnitTitle.objects.get(title="备注栏")
    for _ in range(2):
        answer = browser(cast.js_preparer).post(f"{page('portal:mapping', odd)}{unit_title.pk}/")
        assert answer.status_code == 302
    assert column_titles.remembered("320000", "networks") == {"企业大名": "enterprise_name"}


@pytest.mark.parametrize("chosen", [{}, {"企业大名": "forged"}, {"企业大名": ""}])
def test_nothing_chosen_is_said(chosen: dict[str, str], odd: Submission, cast: Cast) -> None:
    answer = send(odd, cast.js_preparer, chosen, follow=True)
    assert "Choose a field for at least one title" in text(answer)
    assert not UnitTitle.objects.exists()


def test_coming_back_to_its_address_shows_the_page(odd: Submission, cast: Cast) -> None:
    answer = browser(cast.js_preparer).get(page("portal:mapping", odd))
    assert answer["Location"] == page("portal:submission", odd)


def test_reviewers_see_how_it_was_read_and_no_form(odd: Submission, cast: Cast) -> None:
    html = text(browser(cast.reviewer).get(page("review:submission", odd)))
    assert "How the file was understood" in html
    assert "Remember and check again" not in html


def test_workbooks_are_made_without_the_corrections_of_a_forgotten_column(
    odd: Submission, cast: Cast
) -> None:
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"企业大名": "enterprise_name"})
    odd, sheet = check(odd), odd.report["sheets"][0]["name"]
    edits = [
        corrections.CellEdit(sheet, 2, "enterprise_name", "乙厂有限公司"),
        corrections.CellEdit(sheet, 2, "network_name", "二号专网"),
    ]
    corrections.correct(submission=odd, by=cast.js_preparer, edits=edits)
    column_titles.forget(title=UnitTitle.objects.get(), submission=fresh(odd), by=cast.js_preparer)
    odd = check(odd)
    corrections.correct(
        submission=odd, by=cast.js_preparer, edits=[corrections.CellEdit(sheet, 2, "remark", "x")]
    )
    for made in (marked_workbook.corrected(odd), marked_workbook.marked(odd)):
        row = [cell.value for cell in load_workbook(io.BytesIO(made.data))[sheet][2]]
        assert {"二号专网", "甲厂有限公司", "x"} <= set(row)
        assert "乙厂有限公司" not in row
    # nothing is lost: told again, the column has its correction
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"企业大名": "enterprise_name"})
    assert frame_of(check(odd))["enterprise_name"].to_list() == ["乙厂有限公司"]


@pytest.mark.parametrize(("language", "label"), [("en", "“Network name”"), ("zh-hans", "“专网名称”")])
def test_a_field_that_is_taken_is_named_in_the_readers_language(
    language: str, label: str, odd: Submission, cast: Cast
) -> None:
    with pytest.raises(RefusalError) as refusal:
        column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"企业大名": "network_name"})
    with override(language):
        assert label in refusal.value.message


#: site and enterprise columns under each other's names, as the form's aliases have them
CROSSED = {"name": "厂区名称", "site_name": "建设单位"}


@pytest.fixture
def crossed(cast: Cast, period: Period) -> Submission:
    """A register whose site and enterprise columns are read for each other, and one column for its alias."""
    return upload(cast.js_preparer, own_workbook(**CROSSED, extra="单位名称"))


def read_by(submission: Submission, key: str) -> list[str]:
    [sheet] = submission.report["sheets"]
    return [column["title"] for column in sheet["columns"] if column["key"] == key]


def test_what_was_recognised_wrongly_is_corrected_and_remembered(crossed: Submission, cast: Cast) -> None:
    assert read_by(crossed, "enterprise_name") == ["建设单位"]
    assert {(title.title, title.column) for title in column_titles.open_titles(crossed)} == {
        ("厂区名称", "site_name"),
        ("建设单位", "enterprise_name"),
        ("单位名称", None),  # a second column for a field that has one
    }
    assert "file.E007" in codes(crossed)
    meanings = {"厂区名称": "enterprise_name", "建设单位": "site_name", "单位名称": None}
    column_titles.remember(submission=crossed, by=cast.js_preparer, meanings=meanings)
    again = check(crossed)
    assert read_by(again, "enterprise_name") == ["厂区名称"]
    assert read_by(again, "site_name") == ["建设单位"]
    assert not {"file.E006", "file.E007", "file.W008"} & codes(again)
    assert frame_of(again)["enterprise_name"].to_list() == ["甲厂有限公司"]
    later = upload(cast.js_signer, own_workbook(**CROSSED, extra="备注栏"))
    assert read_by(later, "enterprise_name") == ["厂区名称"]


def test_what_was_told_can_be_told_otherwise_and_both_are_kept(crossed: Submission, cast: Cast) -> None:
    column_titles.remember(submission=crossed, by=cast.js_preparer, meanings={"单位名称": None})
    again = check(crossed)
    swap = {"单位名称": "enterprise_name", "建设单位": None}
    column_titles.remember(submission=again, by=cast.js_signer, meanings=swap)
    assert column_titles.remembered("320000", "networks") == swap
    first = UnitTitle.objects.get(title="单位名称", column="")
    assert (first.by, first.forgotten_by) == (cast.js_preparer, cast.js_signer)


@pytest.mark.parametrize(
    ("meanings", "code"),
    [
        ({"专网名称": None}, "title-known"),
        ({"厂区名称": "enterprise_name"}, "field-taken"),
        ({"厂区名称": "network_name"}, "field-taken"),
        ({"厂区名称": None, "建设单位": "site_name", "单位名称": "site_name"}, "field-taken"),
        ({"厂区名称": "no_such_field"}, "place-unknown"),
    ],
)
def test_what_was_recognised_is_not_corrected_to(
    meanings: dict[str, str | None], code: str, crossed: Submission, cast: Cast
) -> None:
    refused(code, lambda: column_titles.remember(submission=crossed, by=cast.js_preparer, meanings=meanings))
    assert not UnitTitle.objects.exists()


def corrected(submission: Submission, by: User) -> Submission:
    """With the name of its enterprise corrected."""
    edit = corrections.CellEdit(submission.report["sheets"][0]["name"], 2, "enterprise_name", "乙厂")
    corrections.correct(submission=submission, by=by, edits=[edit])
    return fresh(submission)


@pytest.mark.parametrize(
    "meanings",
    [
        {"厂区名称": "enterprise_name", "建设单位": "site_name"},
        {"建设单位": None},  # the other alias would have the field, and the correction with it
    ],
)
def test_a_column_with_corrections_keeps_its_field(
    meanings: dict[str, str | None], crossed: Submission, cast: Cast
) -> None:
    crossed = corrected(crossed, cast.js_preparer)
    refused(
        "title-corrected",
        lambda: column_titles.remember(submission=crossed, by=cast.js_preparer, meanings=meanings),
    )
    corrections.undo(submission=crossed, by=cast.js_preparer, correction=crossed.corrections.get().pk)
    column_titles.remember(submission=fresh(crossed), by=cast.js_preparer, meanings=meanings)
    assert frame_of(check(crossed))["enterprise_name"].to_list() != ["乙厂"]


def test_no_correction_comes_to_lie_in_another_column(odd: Submission, cast: Cast) -> None:
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"企业大名": "enterprise_name"})
    odd = corrected(check(odd), cast.js_preparer)
    column_titles.forget(title=UnitTitle.objects.get(), submission=odd, by=cast.js_preparer)
    odd = check(odd)
    other = {"备注栏": "enterprise_name"}
    refused(
        "title-corrected", lambda: column_titles.remember(submission=odd, by=cast.js_preparer, meanings=other)
    )


def test_forgetting_brings_no_correction_into_another_column(crossed: Submission, cast: Cast) -> None:
    meanings = {"建设单位": None, "厂区名称": "enterprise_name"}
    column_titles.remember(submission=crossed, by=cast.js_preparer, meanings=meanings)
    crossed = corrected(check(crossed), cast.js_preparer)
    first = UnitTitle.objects.get(title="建设单位")
    refused(
        "title-corrected", lambda: column_titles.forget(title=first, submission=crossed, by=cast.js_preparer)
    )


def test_the_page_offers_what_was_recognised_with_where_it_stands(crossed: Submission, cast: Cast) -> None:
    html = text(browser(cast.js_preparer).get(page("portal:submission", crossed)))
    assert "2 titles were read by another name: correct them" in html
    assert '<option value="site_name" selected>' in html
    assert "Enterprise name – now “建设单位”" in html
    assert "always mean their own field" in html
    send(crossed, cast.js_preparer, {"单位名称": "-", "厂区名称": "site_name", "建设单位": "enterprise_name"})
    assert column_titles.remembered("320000", "networks") == {"单位名称": None}  # the rest is as it was
    crossed = check(crossed)
    html = text(browser(cast.js_preparer).get(page("portal:submission", crossed)))
    assert "3 titles were read by another name" in html


def test_a_page_loaded_before_speaks_of_its_own_titles_only(odd: Submission, cast: Cast) -> None:
    stale = column_mapping_forms.MappingForm(submission=odd)
    [first, _] = stale.fields
    send(odd, cast.js_preparer, {"企业大名": "enterprise_name"})
    check(odd)
    browser(cast.js_signer).post(page("portal:mapping", odd), {first: "-"})
    assert column_titles.remembered("320000", "networks") == {"企业大名": None}


def test_a_file_that_is_recognised_no_more_shows_all_that_was_told(odd: Submission, cast: Cast) -> None:
    column_titles.remember(submission=odd, by=cast.js_preparer, meanings={"备注栏": None})
    lost = upload(cast.js_preparer, workbook([["城市", "数量"], ["苏州", 3]]))
    assert not lost.report["sheets"]
    assert "备注栏" in text(browser(cast.js_preparer).get(page("portal:submission", lost)))
