"""Taking an accepted register out of force: who may, with which reason, and what stays."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from national.definitions.moments import database_time
from national.dissemination.coverage import coverage
from submissions import migrations
from submissions.checks import intake
from submissions.edits import explanations
from submissions.exports import share_links
from submissions.files import storage
from submissions.models import Notice, NoticeKind, Period, Register, State, Submission, User
from submissions.notifications import email
from submissions.notifications.obligations import SlotState
from submissions.signoff import review
from submissions.workflow.refusals import RefusalError
from tests import factories
from tests.acts import fresh
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text


@pytest.fixture
def accepted(cast: Cast, period: Period) -> Submission:
    """Jiangsu's networks are in force."""
    return factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period)


def refusal(submission: Submission, by: object, reason: str = "Counted twice") -> str:
    with pytest.raises(RefusalError) as refused:
        review.exclude(submission=submission, by=by, reason=reason)  # type: ignore[arg-type]
    return refused.value.code


def test_the_register_goes_out_of_force_and_the_submission_says_so(cast: Cast, accepted: Submission) -> None:
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    assert not Register.objects.in_force().exists()
    accepted.refresh_from_db()
    assert accepted.state == State.EXCLUDED
    event = accepted.events.order_by("-id").first()
    assert event is not None
    move = (event.actor, event.reason, event.from_state, event.to_state)
    assert move == (cast.admin, "Counted twice", State.ACCEPTED, State.EXCLUDED)


def test_only_the_national_admin_may_and_only_with_a_reason(cast: Cast, accepted: Submission) -> None:
    assert refusal(accepted, cast.reviewer) == "not-allowed"
    assert refusal(accepted, cast.js_signer) == "not-allowed"
    assert refusal(accepted, cast.zj_signer) == "not-found"
    assert refusal(accepted, cast.admin, " ") == "reason-required"
    assert refusal(accepted, cast.admin, "x" * 1001) == "text-too-long"
    assert Register.objects.in_force().exists()


def test_what_is_out_of_force_cannot_go_out_again(cast: Cast, accepted: Submission) -> None:
    newer = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, accepted.period, rows=6)
    assert refusal(accepted, cast.admin) == "not-in-force"
    review.exclude(submission=newer, by=cast.admin, reason="Counted twice")
    assert refusal(newer, cast.admin) == "wrong-state"


def test_a_new_version_comes_into_force_after_it(cast: Cast, accepted: Submission, period: Period) -> None:
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    newer = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=6)
    assert Register.objects.in_force().get().submission == newer


def test_the_desk_takes_a_register_out_of_force(cast: Cast, accepted: Submission) -> None:
    admin = browser(cast.admin)
    own_page = page("review:submission", accepted)
    address = page("review:exclude", accepted)
    assert address in text(admin.get(own_page))
    assert "The register stops counting in the national figures at once." in text(admin.get(address))
    refused = admin.post(address, {"reason": " "})
    assert refused.status_code == 400
    assert "Give a reason in words." in text(refused)
    answer = admin.post(address, {"reason": "Counted twice <b>"}, follow=True)
    assert "Counted twice &lt;b&gt;" in text(answer)
    assert address not in text(answer)
    again = admin.post(address, {"reason": "Once more"})
    assert again.status_code == 409
    assert "Once more" in text(again)


def test_the_unit_sees_that_its_register_was_taken_out_and_why(cast: Cast, accepted: Submission) -> None:
    assert "Excluded" not in text(browser(cast.js_preparer).get(page("portal:submission", accepted)))
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    seen = text(browser(cast.js_preparer).get(page("portal:submission", accepted)))
    assert "Excluded" in seen
    assert "Counted twice" in seen


def test_the_whole_unit_is_told_that_its_register_was_taken_out_and_why(
    cast: Cast, accepted: Submission
) -> None:
    User.objects.filter(pk=cast.js_preparer.pk).update(email="preparer@example.org")
    review.exclude(submission=accepted, by=cast.admin, reason="重复计算")
    notices = Notice.objects.filter(kind=NoticeKind.EXCLUDED)
    staff = {cast.js_preparer.pk, cast.js_signer.pk, cast.js_second_signer.pk}
    assert set(notices.values_list("user_id", flat=True)) == staff
    assert "Reason: 重复计算" in text(browser(cast.js_signer).get("/portal/notices/"))
    assert "工业和信息化部已将该登记表剔除" in text(
        browser(cast.js_signer, "zh-hans").get("/portal/notices/")
    )
    email.send_due()
    assert any("重复计算" in sent.body for sent in mail.outbox)


def test_only_the_national_admin_has_the_page(cast: Cast, accepted: Submission) -> None:
    address = page("review:exclude", accepted)
    for user in (cast.reviewer, cast.auditor):
        assert browser(user).get(address).status_code == 403
        assert browser(user).post(address, {"reason": "Counted twice"}).status_code == 403
        assert address not in text(browser(user).get(page("review:submission", accepted)))
    assert Register.objects.in_force().exists()


# -- undoing it ---------------------------------------------------------------------------------------


def reinstated_refusal(submission: Submission, by: object, reason: str = "Not twice after all") -> str:
    with pytest.raises(RefusalError) as refused:
        review.reinstate(submission=submission, by=by, reason=reason)  # type: ignore[arg-type]
    return refused.value.code


@pytest.fixture
def excluded(cast: Cast, accepted: Submission) -> Submission:
    """Jiangsu's networks, taken out of force."""
    review.exclude(submission=accepted, by=cast.admin, reason="重复计算")
    return accepted


def test_a_register_comes_into_force_again_and_the_time_between_stays_known(
    cast: Cast, accepted: Submission
) -> None:
    review.exclude(submission=accepted, by=cast.admin, reason="重复计算")
    between = database_time()
    review.reinstate(submission=accepted, by=cast.admin, reason="核实后并无重复")
    assert Register.objects.in_force().get().submission == accepted
    assert not Register.objects.as_of(between).exists()
    assert Register.objects.filter(submission=accepted).count() == 2
    accepted.refresh_from_db()
    assert accepted.state == State.ACCEPTED
    event = accepted.events.last()
    assert event is not None
    move = (event.actor, event.reason, event.from_state, event.to_state)
    assert move == (cast.admin, "核实后并无重复", State.EXCLUDED, State.ACCEPTED)
    # and once more, to the same end
    review.exclude(submission=accepted, by=cast.admin, reason="确为重复")
    closed = Register.objects.filter(submission=accepted).order_by("valid_from")
    first, second = closed.values_list("valid_to", flat=True)
    assert first < between < second


def test_only_the_national_admin_undoes_it_and_only_with_a_reason(cast: Cast, excluded: Submission) -> None:
    assert reinstated_refusal(excluded, cast.reviewer) == "not-allowed"
    assert reinstated_refusal(excluded, cast.js_signer) == "not-allowed"
    assert reinstated_refusal(excluded, cast.zj_signer) == "not-found"
    assert reinstated_refusal(excluded, cast.admin, " ") == "reason-required"
    assert reinstated_refusal(excluded, cast.admin, "x" * 1001) == "text-too-long"
    assert not Register.objects.in_force().exists()


def test_what_is_in_force_cannot_come_into_it_again(cast: Cast, accepted: Submission) -> None:
    assert reinstated_refusal(accepted, cast.admin) == "wrong-state"


def test_a_newer_register_in_force_is_not_pushed_out(
    cast: Cast, excluded: Submission, period: Period
) -> None:
    newer = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=6)
    assert reinstated_refusal(excluded, cast.admin) == "newer-in-force"
    assert Register.objects.in_force().get().submission == newer


def test_the_desk_and_the_lists_tell_it(cast: Cast, excluded: Submission) -> None:
    admin = browser(cast.admin)
    listed = admin.get("/review/?state=excluded")
    assert list(listed.context["page"]) == [excluded]
    assert "Excluded" in text(listed).split('<div id="list">')[1]
    assert (
        "审核通过"
        not in text(browser(cast.admin, "zh-hans").get("/review/?state=excluded&unit=320000")).split(
            '<div id="list">'
        )[1]
    )
    assert not list(admin.get("/review/?state=accepted").context["page"])
    own_page, address = page("review:submission", excluded), page("review:reinstate", excluded)
    assert address in text(admin.get(own_page))
    assert page("review:exclude", excluded) not in text(admin.get(own_page))
    assert admin.post(address, {"reason": ""}).status_code == 400
    answer = admin.post(address, {"reason": "核实后并无重复"}, follow=True)
    assert "In force again: the national figures have changed with it." in text(answer)
    assert page("review:exclude", excluded) in text(answer)
    assert admin.get(address).url == own_page  # the way back
    assert "核实后并无重复" in text(browser(cast.js_signer).get("/portal/notices/"))
    assert browser(cast.reviewer).get(address).status_code == 302
    review.exclude(submission=fresh(excluded), by=cast.admin, reason="确为重复")
    assert browser(cast.reviewer).get(address).status_code == 403


def test_the_unit_is_asked_for_a_new_version_and_may_send_the_same_file(
    cast: Cast, excluded: Submission, period: Period
) -> None:
    home = text(browser(cast.js_preparer).get("/portal/"))
    assert "Excluded by the ministry. Read the reason, then upload a corrected version." in home
    file = SimpleUploadedFile("同一文件.xlsx", storage.open_original(excluded.file))
    answer = browser(cast.js_preparer).post(
        "/portal/upload/networks/2026Q3/", {"file": file, "idempotency_key": "1"}
    )
    assert answer.status_code == 302
    again = Submission.objects.latest("version")
    assert (again.version, again.file_id) == (2, excluded.file_id)
    intake.check(submission_id=again.pk)
    again.refresh_from_db()
    assert again.state == State.READY


def test_a_link_on_an_accepted_register_is_no_exclusion(cast: Cast, period: Period) -> None:
    submission = factories.checked(cast.js_preparer, period, defects=["net.W320"])
    explanations.explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    review.sign(submission=submission, by=cast.js_signer)
    review.accept(submission=submission, by=cast.admin)
    share_links.share(submission=submission, by=cast.js_signer)
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "Excluded" not in html


def test_coverage_says_what_became_of_it(cast: Cast, excluded: Submission, period: Period) -> None:
    def state_of(unit: str) -> SlotState:
        networks = next(form for form in coverage(period.code) if form.collection == "networks")
        return next(
            unit_coverage.state for unit_coverage in networks.units if unit_coverage.unit.code == unit
        )

    assert state_of("320000") == SlotState.EXCLUDED
    newer = factories.signed(cast.js_preparer, cast.js_signer, period, rows=6)
    assert state_of("320000") == SlotState.SUBMITTED
    review.withdraw(submission=newer, by=cast.js_signer)
    assert state_of("320000") == SlotState.EXCLUDED
    client = APIClient()
    payload = client.get("/api/v1/coverage/?period=2026Q3").json()
    assert next(form for form in payload if form["collection"] == "networks")["states"]["excluded"] == 1


def test_coverage_remembers_when_it_was_in_force(cast: Cast, accepted: Submission, period: Period) -> None:
    before = database_time()
    review.exclude(submission=accepted, by=cast.admin, reason="重复计算")
    for moment, state in ((before, SlotState.SUBMITTED), (database_time(), SlotState.EXCLUDED)):
        networks = next(form for form in coverage(period.code, as_of=moment) if form.collection == "networks")
        assert (
            next(
                unit_coverage.state for unit_coverage in networks.units if unit_coverage.unit.code == "320000"
            )
            == state
        )


def test_applications_lose_the_networks_they_were_compared_with(
    cast: Cast, accepted: Submission, period: Period
) -> None:
    applications = factories.checked(cast.js_preparer, period, "ai_applications")
    assert applications.report["compared_with"]["networks"] == str(accepted.pk)
    for act, networks in ((review.exclude, None), (review.reinstate, str(accepted.pk))):
        act(submission=accepted, by=cast.admin, reason="核实")
        applications.refresh_from_db()
        assert applications.state == State.RECEIVED
        intake.check(submission_id=applications.pk)
        applications.refresh_from_db()
        assert applications.report["compared_with"]["networks"] == networks


def test_what_was_taken_out_before_it_was_a_state_gets_it(
    cast: Cast, accepted: Submission, period: Period
) -> None:
    """The migration: an exclusion of old left the state, and its event, as they were."""
    review.exclude(submission=accepted, by=cast.admin, reason="重复计算")
    sharing_event = accepted.events.create(
        actor=cast.js_signer, from_state="accepted", to_state="accepted", reason="link 7 made"
    )
    replaced = factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period)
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period, rows=6)
    [module] = [
        module_info
        for module_info in pkgutil.iter_modules(migrations.__path__)
        if module_info.name.endswith("_mark_excluded")
    ]
    [operation] = importlib.import_module(f"submissions.migrations.{module.name}").Migration.operations
    with connection.cursor() as cursor:
        for statement in operation.reverse_sql:
            cursor.execute(statement)
        assert set(Submission.objects.values_list("state", flat=True)) == {State.ACCEPTED}
        for statement in operation.sql:
            cursor.execute(statement)
    excluded = Submission.objects.filter(state=State.EXCLUDED)
    assert list(excluded) == [accepted]
    assert accepted.events.get(reason="重复计算").to_state == State.EXCLUDED
    sharing_event.refresh_from_db()
    assert sharing_event.to_state == State.ACCEPTED
    replaced.refresh_from_db()
    assert replaced.state == State.ACCEPTED
