"""Notices: who is told what, once; e-mails with the counts, once; what is unread."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from submissions.accounts import team
from submissions.checks import intake, quarantine
from submissions.checks.column_titles import check_again
from submissions.edits.explanations import explain
from submissions.jobs import leases
from submissions.jobs.sweeper import sweep_mails
from submissions.models import Act, Notice, NoticeKind, Period, State, Submission, User
from submissions.notifications import email, notify
from submissions.signoff import review
from submissions.signoff.review import ReasonGiven
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned
from tests.portal.browsing import browser, checked_with, converted, missing, page, text
from validation import Finding


def notice_kinds(user: User) -> list[str]:
    """Kinds of what a person was told, oldest first."""
    return list(Notice.objects.of(user).order_by("id").values_list("kind", flat=True))


@pytest.fixture
def addresses(cast: Cast) -> None:
    """Everybody has an e-mail address."""
    for person in cast:
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")


def test_a_verdict_is_told_to_the_uploader_and_readiness_to_the_signers(
    cast: Cast, period: Period, engine: Engine
) -> None:
    check(send(cast.js_preparer))
    assert notice_kinds(cast.js_preparer) == ["verdict"]
    assert notice_kinds(cast.js_signer) == notice_kinds(cast.js_second_signer) == ["to_sign"]
    assert notice_kinds(cast.zj_signer) == notice_kinds(cast.admin) == []


def test_a_signer_who_uploaded_is_not_asked_to_sign(cast: Cast, period: Period, engine: Engine) -> None:
    check(send(cast.js_signer))
    assert notice_kinds(cast.js_signer) == ["verdict"]


def test_a_deputy_is_asked_to_sign(cast: Cast, period: Period, engine: Engine) -> None:
    today = timezone.localdate()
    team.delegate(colleague=cast.js_preparer, by=cast.js_second_signer, starts=today, ends=today)
    check(send(cast.js_signer))
    assert notice_kinds(cast.js_preparer) == ["to_sign"]


def test_the_way_to_acceptance(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    review.accept(submission=submission, by=cast.admin)
    assert notice_kinds(cast.js_preparer) == ["verdict", "signed", "accepted"]
    assert notice_kinds(cast.js_signer) == ["to_sign", "accepted"]


def test_a_return_is_told_to_the_whole_unit_with_its_reason(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    review.return_(submission=submission, by=cast.reviewer, reasons=[ReasonGiven("终端数请核实")])
    assert notice_kinds(cast.js_second_signer) == ["to_sign", "returned"]
    html = text(browser(cast.js_preparer).get("/portal/notices/"))
    assert "Returned by the ministry: 终端数请核实" in html


def test_a_check_given_up_is_told(cast: Cast, period: Period, settings: Settings) -> None:
    submission = send(cast.js_preparer)
    Submission.objects.filter(pk=submission.pk).update(attempts=settings.MAX_ATTEMPTS)
    leases.claim(submission.pk)
    assert fresh(submission).state == State.FAILED
    assert notice_kinds(cast.js_preparer) == ["failed"]


def test_a_nil_return_waits_for_a_signer(cast: Cast, period: Period) -> None:
    intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    assert (notice_kinds(cast.js_preparer), notice_kinds(cast.js_signer)) == ([], ["to_sign"])


def test_a_request_to_sign_is_settled_by_the_signature(
    cast: Cast, period: Period, engine: Engine, addresses: None
) -> None:
    submission = check(send(User.objects.get(pk=cast.js_preparer.pk)))
    review.sign(submission=submission, by=cast.js_signer)
    assert not Notice.objects.unread().filter(kind=NoticeKind.TO_SIGN).exists()
    email.send_due()
    assert {address for sent in mail.outbox for address in sent.to} == {"js_preparer@example.org"}


def test_the_same_verdict_again_is_no_news(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [missing(3)])
    Submission.objects.filter(pk=submission.pk).update(state=State.RECEIVED)
    check(submission)
    assert notice_kinds(cast.js_preparer) == ["verdict"]
    engine.answer = planned([missing(3), missing(4)])
    Submission.objects.filter(pk=submission.pk).update(state=State.RECEIVED)
    check(submission)
    assert notice_kinds(cast.js_preparer) == ["verdict", "verdict"]


def test_what_somebody_did_is_no_news_to_them(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [missing(3)])
    review.withdraw(submission=submission, by=cast.js_signer)
    sent = check(send(cast.js_signer))
    review.withdraw(submission=sent, by=cast.js_signer)
    assert (notice_kinds(cast.js_preparer), notice_kinds(cast.js_signer)) == (["verdict"], ["verdict"])


def test_who_explained_the_last_warning_is_not_asked_to_sign_by_that(
    cast: Cast, period: Period, engine: Engine
) -> None:
    """Of those it is told to, all but the person whose act it was."""
    submission = checked_with(engine, cast.js_preparer, [converted(4)])
    explain(submission=submission, by=cast.js_signer, code="cell.W118", reason="confirmed")
    assert fresh(submission).state == State.READY
    assert (notice_kinds(cast.js_signer), notice_kinds(cast.js_second_signer)) == ([], ["to_sign"])
    assert notice_kinds(cast.js_preparer) == ["verdict"]


def test_who_signs_their_own_upload_is_not_told_that_it_was_signed(
    cast: Cast, period: Period, engine: Engine, settings: Settings
) -> None:
    settings.SIGNER_MUST_DIFFER = False
    review.sign(submission=check(send(cast.js_signer)), by=cast.js_signer)
    assert "signed" not in notice_kinds(cast.js_signer)
    review.accept(submission=Submission.objects.get(), by=cast.admin)
    assert notice_kinds(cast.js_signer)[-1] == "accepted"


def test_a_verdict_that_a_person_brought_about_is_no_news(cast: Cast, period: Period, engine: Engine) -> None:
    """Of a check only what the system found is told, not what a correction by a colleague made of it."""
    submission = checked_with(engine, cast.js_preparer, [converted(4), converted(5)])
    for row in (4, 5):
        ids = [finding.pk for finding in submission.findings.filter(row=row)]
        explain(
            submission=submission, by=cast.js_signer, code="cell.W118", reason="confirmed", finding_ids=ids
        )
    assert fresh(submission).state == State.READY
    assert notice_kinds(cast.js_preparer) == ["verdict"]


def test_a_file_that_was_set_aside_is_told_as_such(cast: Cast, period: Period, engine: Engine) -> None:
    check(send(cast.js_preparer))
    engine.answer = planned([Finding("file.E009", sheet="专网")], rows=0)
    aside = check(send(cast.js_preparer))
    assert aside.set_aside
    client = browser(cast.js_preparer)
    assert "was set aside" in text(client.get("/portal/notices/"))
    quarantine.discard(submission=aside, by=cast.js_preparer)
    assert fresh(aside).state == State.WITHDRAWN


# --- due dates


def due_in(days: int) -> None:
    due = timezone.localdate() + timedelta(days=days)
    opens, closes = timezone.localdate() - timedelta(days=40), due + timedelta(days=30)
    Period.objects.filter(pk="2026Q3").update(opens=opens, due=due, closes=closes)


def remind() -> int:
    return notify.remind(timezone.localdate())


def test_a_due_date_is_told_of_at_each_stage_once(cast: Cast, period: Period) -> None:
    due_in(8)
    assert remind() == 0
    for days, made in [(7, 7), (5, 0), (3, 7), (1, 7), (0, 7), (-2, 7), (-9, 0)]:
        due_in(days)
        assert (remind(), remind()) == (made, 0), days
    assert notice_kinds(cast.js_preparer) == ["due"] * 5
    assert notice_kinds(cast.admin) == []


def test_only_what_is_owed_is_told_of(cast: Cast, period: Period, engine: Engine) -> None:
    for collection in ("networks", "ai_applications"):
        nil = intake.receive_nil(by=cast.zj_preparer, collection=collection, period="2026Q3")
        review.sign(submission=nil, by=cast.zj_signer)
    review.sign(submission=check(send(cast.js_preparer)), by=cast.js_signer)
    due_in(3)
    remind()
    assert "due" not in notice_kinds(cast.zj_preparer)
    notice = Notice.objects.of(cast.js_preparer).get(kind=NoticeKind.DUE)
    assert notice.params == {"collections": ["ai_applications"], "days": 3}
    html = text(browser(cast.js_preparer).get("/portal/notices/"))
    assert "Due in 3 days. Not submitted yet: AI applications in factories." in html


@pytest.mark.parametrize(
    ("days", "said"), [(0, "Due today."), (-1, "The due date has passed."), (1, "Due in 1 day.")]
)
def test_how_near_the_date_is_is_said(days: int, said: str, cast: Cast, period: Period) -> None:
    due_in(days)
    remind()
    assert said in text(browser(cast.js_preparer).get("/portal/notices/"))


def test_the_deactivated_are_told_nothing(cast: Cast, period: Period, engine: Engine) -> None:
    team.deactivate(colleague=cast.js_preparer, by=cast.js_signer)
    due_in(3)
    remind()
    check(send(cast.js_second_signer))
    assert notice_kinds(cast.js_preparer) == []


# --- what was asked for and is done


def unread(user: User) -> list[str]:
    """Kinds of what a person has not seen and that still matters, oldest first."""
    return list(Notice.objects.of(user).unread().order_by("id").values_list("kind", flat=True))


def test_a_verdict_is_settled_by_the_next_one(
    cast: Cast, period: Period, engine: Engine, addresses: None
) -> None:
    preparer = User.objects.get(pk=cast.js_preparer.pk)
    submission = checked_with(engine, preparer, [converted(4)])
    assert unread(preparer) == ["verdict"]
    explain(submission=submission, by=cast.js_signer, code="cell.W118", reason="confirmed")
    assert unread(preparer) == []
    email.send_due()
    assert "js_preparer@example.org" not in {address for sent in mail.outbox for address in sent.to}


def test_a_verdict_of_a_version_that_stepped_back_is_settled(
    cast: Cast, period: Period, engine: Engine
) -> None:
    checked_with(engine, cast.js_preparer, [missing(3)])
    second = checked_with(engine, cast.js_preparer, [missing(3), missing(4)])
    [notice] = Notice.objects.of(cast.js_preparer).unread()
    assert (notice.kind, notice.submission) == ("verdict", second)


def test_a_verdict_stands_while_it_is_checked_again(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [missing(3)])
    check_again(submission, cast.js_preparer, Act.TITLES_MAPPED, "")
    assert unread(cast.js_preparer) == ["verdict"]


def test_a_failed_check_that_is_run_again_is_settled(cast: Cast, period: Period, engine: Engine) -> None:
    submission = send(cast.js_preparer)
    engine.answer = MemoryError()
    check(submission)
    assert unread(cast.js_preparer) == ["failed"]
    engine.answer = planned([missing(3)])
    intake.retry(submission=fresh(submission), by=cast.js_signer)
    check(submission)
    assert unread(cast.js_preparer) == ["verdict"]


def test_a_file_set_aside_asks_until_it_is_decided_about(cast: Cast, period: Period, engine: Engine) -> None:
    check(send(cast.js_preparer))
    engine.answer = planned([Finding("file.E009", sheet="专网")], rows=0)
    aside = check(send(cast.js_preparer))
    notice = Notice.objects.of(cast.js_preparer).get(submission=aside)
    assert notice.read_at is None
    quarantine.confirm(submission=aside, by=cast.js_signer)
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_return_and_an_exclusion_are_settled_by_the_next_signature(
    cast: Cast, period: Period, engine: Engine
) -> None:
    first = check(send(cast.js_preparer))
    review.sign(submission=first, by=cast.js_signer)
    review.return_(submission=first, by=cast.reviewer, reasons=[ReasonGiven("请核实")])
    assert unread(cast.js_second_signer) == ["returned"]
    second = check(send(cast.js_preparer))
    assert unread(cast.js_second_signer) == ["returned", "to_sign"]
    review.sign(submission=second, by=cast.js_signer)
    assert unread(cast.js_second_signer) == []
    review.accept(submission=second, by=cast.admin)
    review.exclude(submission=second, by=cast.admin, reason="重复计算")
    assert unread(cast.js_second_signer) == ["accepted", "excluded"]
    review.sign(submission=check(send(cast.js_preparer)), by=cast.js_signer)
    assert unread(cast.js_second_signer) == ["accepted"]


def test_an_exclusion_taken_back_is_settled(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    review.accept(submission=submission, by=cast.admin)
    review.exclude(submission=submission, by=cast.admin, reason="重复计算")
    review.reinstate(submission=submission, by=cast.admin, reason="并无重复")
    assert unread(cast.js_second_signer) == ["accepted", "reinstated"]


def test_a_reminder_ends_when_nothing_of_it_is_owed(
    cast: Cast, period: Period, engine: Engine, addresses: None
) -> None:
    due_in(3)
    remind()
    assert unread(cast.js_preparer) == ["due"]
    review.sign(submission=check(send(cast.js_preparer)), by=cast.js_signer)
    assert "due" in unread(cast.js_preparer)  # the applications are still owed
    nil = intake.receive_nil(by=cast.js_preparer, collection="ai_applications", period="2026Q3")
    review.sign(submission=nil, by=cast.js_signer)
    assert "due" not in unread(cast.js_preparer)
    assert unread(cast.zj_preparer) == ["due"]
    email.send_due()
    due = {
        address for sent in mail.outbox for address in sent.to if "到期" in sent.body or "Due" in sent.body
    }
    assert "zj_preparer@example.org" in due
    assert "js_preparer@example.org" not in due


def test_a_reminder_ends_with_the_next_one_and_with_the_period(cast: Cast, period: Period) -> None:
    for days in (7, 3):
        due_in(days)
        remind()
    [notice] = Notice.objects.of(cast.js_preparer).unread()
    assert notice.params["days"] == 3
    yesterday = timezone.localdate() - timedelta(days=1)
    Period.objects.filter(pk="2026Q3").update(due=yesterday, closes=timezone.localdate())
    remind()
    assert len(unread(cast.js_preparer)) == 1
    Period.objects.filter(pk="2026Q3").update(due=yesterday, closes=yesterday)
    remind()
    assert unread(cast.js_preparer) == []


# --- e-mails


def test_an_e_mail_goes_once_with_counts_in_both_languages(
    cast: Cast, period: Period, engine: Engine, addresses: None, settings: Settings
) -> None:
    settings.SITE_URL = "https://gongwang.example/"
    submission = checked_with(engine, User.objects.get(pk=cast.js_preparer.pk), [missing(3), converted(4)])
    assert (email.send_due(), email.send_due()) == (1, 0)
    [sent] = mail.outbox
    assert sent.to == ["js_preparer@example.org"]
    assert sent.subject.startswith("【工网】 工业5G专网")
    assert "校验完成：有1处错误需要改正。有1处警告，请改正或说明情况。" in sent.body
    assert "Checked: 1 error to correct. 1 warning needs" in sent.body
    assert f"https://gongwang.example/portal/submissions/{submission.pk}/" in sent.body
    assert Notice.objects.get().mailed_at is not None


def test_without_an_address_or_a_site_nothing_is_lost(cast: Cast, period: Period, engine: Engine) -> None:
    check(send(cast.js_preparer))
    assert email.send_due() == 0
    User.objects.filter(pk=cast.js_signer.pk).update(email="s@example.org")
    review.return_(submission=signed(cast), by=cast.reviewer, reasons=[ReasonGiven("again, please")])
    assert email.send_due() == 1
    assert "http" not in mail.outbox[0].body


def signed(cast: Cast) -> Submission:
    submission = Submission.objects.get()
    review.sign(submission=submission, by=cast.js_signer)
    return submission


def test_a_mail_server_that_fails_is_tried_again_and_given_up_at_last(
    cast: Cast, period: Period, engine: Engine, addresses: None, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    checked_with(engine, User.objects.get(pk=cast.js_preparer.pk), [missing(3)])
    assert email.send_due() == 0
    assert not sweep_mails()
    for _ in range(email.MAX_ATTEMPTS - 1):
        Notice.objects.filter(mail_due__isnull=False).update(mail_due=timezone.now())
        assert email.send_due() == 0
    notice = Notice.objects.get()
    assert (notice.mail_due, notice.mailed_at, notice.mail_attempts) == (None, None, email.MAX_ATTEMPTS)


def test_due_reminders_are_mailed_with_the_home_page(
    cast: Cast, period: Period, addresses: None, settings: Settings
) -> None:
    settings.SITE_URL = "https://gongwang.example"
    due_in(3)
    remind()
    assert email.send_due() == 7
    assert "https://gongwang.example/portal/" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_the_workers_are_told_after_the_commit(
    cast: Cast, period: Period, engine: Engine, addresses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr("submissions.dispatch.enqueue_mails", lambda: heard.append(Notice.objects.count()))
    submission = send(User.objects.get(pk=cast.js_preparer.pk))
    assert heard == []
    check(submission)
    assert heard == [3]


# --- reading them


def test_unread_notices_are_counted_on_every_page_until_read(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_preparer))
    client = browser(cast.js_preparer)
    assert 'class="unread-count"' in text(client.get("/portal/team/"))
    client.get(page("portal:submission", submission))
    assert 'class="unread-count"' not in text(client.get("/portal/team/"))
    assert Notice.objects.of(cast.js_signer).unread().count() == 1


def test_all_are_marked_as_read_by_one_button(cast: Cast, period: Period, engine: Engine) -> None:
    for collection in ("networks", "ai_applications"):
        intake.receive_nil(by=cast.js_preparer, collection=collection, period="2026Q3")
    client = browser(cast.js_signer)
    assert "2 unread" in text(client.get("/portal/notices/"))
    assert "All notices are marked as read." in text(client.post("/portal/notices/read/", follow=True))
    assert not Notice.objects.of(cast.js_signer).unread().exists()
    assert Notice.objects.of(cast.js_second_signer).unread().count() == 2
    assert client.get("/portal/notices/read/").status_code == 405


def test_an_empty_list_says_what_will_come(cast: Cast) -> None:
    html = text(browser(cast.js_preparer).get("/portal/notices/"))
    assert "No notices yet." in html
    assert browser(cast.reviewer).get("/portal/notices/").status_code == 403


def test_each_kind_has_its_words_in_both_languages(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    params = {"state": "ready", "errors": 0, "open_warnings": 0, "rows": 3, "set_aside": False, "reason": "–"}
    due = {"collections": ["networks"], "days": 2}
    for kind in NoticeKind:
        Notice.objects.create(
            user=cast.zj_signer,
            kind=kind,
            key=f"x/{kind}",
            submission=None if kind == NoticeKind.DUE else submission,
            period=period,
            params=due if kind == NoticeKind.DUE else params,
        )
    english = text(browser(cast.zj_signer).get("/portal/notices/"))
    chinese = text(browser(cast.zj_signer, "").get("/portal/notices/"))
    assert english.count('class="notice unread"') == chinese.count('class="notice unread"') == len(NoticeKind)
    assert "Ready, with 3 records." in english
    assert "共3条记录" in chinese
