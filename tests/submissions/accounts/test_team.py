"""The team of a unit: its signers invite, deactivate, change roles and delegate; everything leaves one event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from knox.models import get_token_model
from pytest_django import Settings

from submissions.accounts import team
from submissions.models import Delegation, Period, Role, TeamEvent, User
from submissions.signoff import review
from submissions.workflow.permissions import Action, allowed_actions, can
from tests.acts import check, refused, send
from tests.conftest import PASSWORD, Cast
from tests.planned_engine import Engine
from tests.portal.browsing import HTMX, browser, text


def again(user: User) -> User:
    """The account as the next request finds it."""
    return User.objects.get(pk=user.pk)


def invited(by: User, **changed: object) -> User:
    fields = {"username": "js_new", "display_name": "新同事", "email": "", "role": Role.UNIT_PREPARER}
    return team.invite(by=by, **(fields | changed))


def acts() -> list[str]:
    return list(TeamEvent.objects.order_by("id").values_list("act", flat=True))


def days(first: int, last: int) -> dict[str, date]:
    """Days of a delegation, counted from today."""
    today = timezone.localdate()
    return {"starts": today + timedelta(days=first), "ends": today + timedelta(days=last)}


def test_an_invited_colleague_belongs_to_the_unit_and_has_no_password(cast: Cast) -> None:
    person = again(invited(cast.js_signer, username="JS_New", request_id="r1"))
    assert (person.unit_id, person.username, person.role) == ("320000", "js_new", Role.UNIT_PREPARER)
    assert not person.has_usable_password()
    event = TeamEvent.objects.get()
    assert (event.actor, event.about, event.act, event.detail, event.request_id) == (
        cast.js_signer,
        person,
        "invited",
        "unit_preparer",
        "r1",
    )


def test_a_user_name_is_given_once(cast: Cast) -> None:
    refused("username-taken", lambda: invited(cast.js_signer, username="ZJ_preparer"))
    assert not TeamEvent.objects.exists()


def test_one_person_is_not_invited_as_another_of_their_unit(cast: Cast) -> None:
    User.objects.filter(pk=cast.js_signer.pk).update(email="Signer@example.org")
    refused("email-taken", lambda: invited(cast.js_signer, email="signer@EXAMPLE.org"))
    User.objects.filter(pk=cast.js_preparer.pk).update(email="preparer@example.org")
    refused("email-taken", lambda: invited(cast.js_signer, email="preparer@example.org"))
    team.deactivate(colleague=cast.js_preparer, by=cast.js_signer)
    person = invited(cast.js_signer, email="preparer@example.org")
    refused("email-taken", lambda: team.reactivate(colleague=again(cast.js_preparer), by=cast.js_signer))
    team.deactivate(colleague=person, by=cast.js_signer)
    team.reactivate(colleague=again(cast.js_preparer), by=cast.js_signer)
    assert acts() == ["deactivated", "invited", "deactivated", "reactivated"]


def test_an_address_of_another_unit_or_none_is_no_hindrance(cast: Cast) -> None:
    User.objects.filter(pk=cast.zj_signer.pk).update(email="shared@example.org")
    invited(cast.js_signer, email="shared@example.org")
    invited(cast.js_signer, username="js_newer")


def test_an_address_taken_is_said_in_the_form(cast: Cast) -> None:
    User.objects.filter(pk=cast.js_signer.pk).update(email="signer@example.org")
    fields = {
        "username": "js_new",
        "display_name": "新同事",
        "email": "signer@example.org",
        "role": "unit_preparer",
    }
    answer = browser(cast.js_signer).post(reverse("portal:invite"), fields)
    assert answer.status_code == 409
    assert "signer@example.org is the address of 江苏签发人" in text(answer)
    assert "新同事" in text(answer)
    assert not mail.outbox


@pytest.mark.parametrize("name", ["js_preparer", "admin", "reviewer", "auditor"])
def test_only_signers_manage_their_team(name: str, cast: Cast) -> None:
    by = getattr(cast, name)
    assert not can(by, Action.MANAGE_TEAM)
    refused("not-allowed", lambda: invited(by))
    refused("not-allowed", lambda: team.deactivate(colleague=cast.js_second_signer, by=by))


@pytest.mark.parametrize(
    "act",
    [
        lambda c: team.deactivate(colleague=c.zj_preparer, by=c.js_signer),
        lambda c: team.reactivate(colleague=c.zj_preparer, by=c.js_signer),
        lambda c: team.change_role(colleague=c.zj_preparer, by=c.js_signer, role=Role.UNIT_SIGNER),
        lambda c: team.delegate(colleague=c.zj_preparer, by=c.js_signer, **days(0, 1)),
        lambda c: team.renew_link(colleague=c.zj_preparer, by=c.js_signer),
        lambda c: team.deactivate(colleague=c.reviewer, by=c.js_signer),
    ],
)
def test_other_units_people_are_not_there(act: Callable[[Cast], None], cast: Cast) -> None:
    refused("not-found", lambda: act(cast))
    assert not TeamEvent.objects.exists()


def test_a_deactivated_colleague_s_sessions_and_tokens_end_at_once_and_for_good(
    cast: Cast, period: Period
) -> None:
    client = browser(cast.js_preparer)
    get_token_model().objects.create(user=cast.js_preparer)
    assert client.get("/portal/").status_code == 200
    for _ in range(2):
        team.deactivate(colleague=again(cast.js_preparer), by=cast.js_signer)
    answer = client.get("/portal/")
    assert answer.status_code == 403
    assert "Your account is deactivated" in text(answer)
    assert not get_token_model().objects.exists()
    team.reactivate(colleague=again(cast.js_preparer), by=cast.js_signer)
    assert client.get("/portal/").status_code == 302
    assert again(cast.js_preparer).check_password(PASSWORD)
    assert acts() == ["deactivated", "reactivated"]


def test_the_deactivated_are_told_in_mid_work_and_at_the_log_in(cast: Cast, period: Period) -> None:
    client = browser(cast.js_preparer, "zh-hans")
    team.deactivate(colleague=cast.js_preparer, by=cast.js_signer)
    answer = client.post("/portal/upload/networks/2026Q3/nil/", {"confirm": "on"})
    assert (answer.status_code, "您的账号已停用" in text(answer)) == (403, True)
    assert client.get("/portal/", headers=HTMX)["HX-Redirect"] == "/portal/"
    log_in = {"login": "js_preparer", "password": PASSWORD}
    answer = browser().post(reverse("account_login"), log_in, follow=True)
    assert "Your account is deactivated" in text(answer)


def test_a_unit_keeps_a_signer(cast: Cast) -> None:
    refused("own-account", lambda: team.deactivate(colleague=cast.js_signer, by=cast.js_signer))
    team.deactivate(colleague=cast.js_second_signer, by=cast.js_signer)
    second = again(cast.js_second_signer)
    refused("not-allowed", lambda: team.deactivate(colleague=cast.js_signer, by=second))
    team.reactivate(colleague=second, by=cast.js_signer)
    team.change_role(colleague=second, by=cast.js_signer, role=Role.UNIT_PREPARER)
    cast.js_preparer.role = Role.UNIT_SIGNER
    refused("last-signer", lambda: team.deactivate(colleague=cast.js_signer, by=cast.js_preparer))
    refused(
        "last-signer",
        lambda: team.change_role(colleague=cast.js_signer, by=cast.js_preparer, role=Role.UNIT_PREPARER),
    )


def test_a_role_is_changed_once(cast: Cast) -> None:
    for _ in range(2):
        team.change_role(colleague=cast.js_preparer, by=cast.js_signer, role=Role.UNIT_SIGNER)
    assert again(cast.js_preparer).role == Role.UNIT_SIGNER
    assert acts() == ["role_changed"]
    refused(
        "own-account",
        lambda: team.change_role(colleague=cast.js_signer, by=cast.js_signer, role=Role.UNIT_PREPARER),
    )


def test_a_deputy_signs_on_the_days_and_not_before_or_after(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_signer))
    deputy = cast.js_preparer
    assert "sign" not in allowed_actions(again(deputy), submission)
    team.delegate(colleague=deputy, by=cast.js_second_signer, **days(1, 5))
    assert "sign" not in allowed_actions(again(deputy), submission)
    lent = team.delegate(colleague=deputy, by=cast.js_second_signer, **days(0, 0))
    assert {"sign", "withdraw"} <= set(allowed_actions(again(deputy), submission))
    assert not can(again(deputy), Action.MANAGE_TEAM)
    team.end_delegation(delegation=lent, by=cast.js_signer)
    refused("not-allowed", lambda: review.sign(submission=submission, by=again(deputy)))
    team.delegate(colleague=deputy, by=cast.js_second_signer, **days(0, 3))
    review.sign(submission=submission, by=again(deputy))
    assert submission.signer == deputy


def test_a_deputy_does_not_sign_an_own_upload(cast: Cast, period: Period, engine: Engine) -> None:
    team.delegate(colleague=cast.js_preparer, by=cast.js_signer, **days(0, 3))
    submission = check(send(again(cast.js_preparer)))
    refused("signer-is-uploader", lambda: review.sign(submission=submission, by=again(cast.js_preparer)))


def test_a_delegation_of_yesterday_has_ended(cast: Cast, period: Period, engine: Engine) -> None:
    yesterday = days(-1, -1)
    Delegation.objects.create(deputy=cast.js_preparer, by=cast.js_signer, **yesterday)
    submission = check(send(cast.js_signer))
    assert "sign" not in allowed_actions(again(cast.js_preparer), submission)


@pytest.mark.parametrize(("first", "last"), [(3, 2), (-5, -1), (0, 92)])
def test_days_that_make_no_delegation(first: int, last: int, cast: Cast) -> None:
    refused(
        "delegation-days",
        lambda: team.delegate(colleague=cast.js_preparer, by=cast.js_signer, **days(first, last)),
    )
    assert not Delegation.objects.exists()


def test_who_needs_no_delegation_or_cannot_have_one(cast: Cast) -> None:
    refused(
        "deputy-signs-already",
        lambda: team.delegate(colleague=cast.js_second_signer, by=cast.js_signer, **days(0, 1)),
    )
    team.deactivate(colleague=cast.js_preparer, by=cast.js_signer)
    refused("not-active", lambda: team.delegate(colleague=cast.js_preparer, by=cast.js_signer, **days(0, 1)))


def test_delegations_end_with_the_account_and_a_second_click_is_none(cast: Cast) -> None:
    first, second = (
        team.delegate(colleague=cast.js_preparer, by=cast.js_signer, **days(0, 1)) for _ in range(2)
    )
    assert first == second
    team.deactivate(colleague=cast.js_preparer, by=cast.js_signer)
    team.end_delegation(delegation=first, by=cast.js_signer)
    assert acts() == ["delegated", "deactivated"]
    assert Delegation.objects.get().ended_by == cast.js_signer


@pytest.mark.parametrize("act", ["deactivate", "change_role"])
def test_what_a_signer_lent_ends_with_their_right_to_sign(act: str, cast: Cast) -> None:
    lent = team.delegate(colleague=cast.js_preparer, by=cast.js_second_signer, **days(0, 5))
    fields = {"role": Role.UNIT_PREPARER} if act == "change_role" else {}
    getattr(team, act)(colleague=cast.js_second_signer, by=cast.js_signer, **fields)
    lent.refresh_from_db()
    assert lent.ended_by == cast.js_signer
    assert not again(cast.js_preparer).deputises


def test_a_deputy_made_a_signer_and_a_preparer_again_signs_no_more(cast: Cast) -> None:
    team.delegate(colleague=cast.js_preparer, by=cast.js_signer, **days(0, 5))
    for role in (Role.UNIT_SIGNER, Role.UNIT_PREPARER):
        team.change_role(colleague=again(cast.js_preparer), by=cast.js_signer, role=role)
    assert not again(cast.js_preparer).deputises


@pytest.mark.parametrize("changed", [{"is_active": False}, {"role": Role.UNIT_PREPARER}], ids=str)
def test_a_right_is_not_lent_by_whoever_has_lost_it_by_other_ways(
    changed: dict[str, object], cast: Cast
) -> None:
    team.delegate(colleague=cast.js_preparer, by=cast.js_second_signer, **days(0, 5))
    User.objects.filter(pk=cast.js_second_signer.pk).update(**changed)
    assert not again(cast.js_preparer).deputises


def test_paired_facts_of_a_delegation(cast: Cast) -> None:
    row = {"deputy": cast.js_preparer, "by": cast.js_signer}
    with pytest.raises(IntegrityError, match="delegation_days"), transaction.atomic():
        Delegation.objects.create(**row, **days(1, 0))
    with pytest.raises(IntegrityError, match="delegation_ended"), transaction.atomic():
        Delegation.objects.create(**row, **days(0, 1), ended_at=timezone.now())


# --- the pages


def test_the_team_page_shows_the_unit_s_people_alone(cast: Cast) -> None:
    team.delegate(colleague=cast.js_preparer, by=cast.js_signer, **days(0, 1))
    html = text(browser(cast.js_preparer).get("/portal/team/"))
    assert "江苏第二签发人" in html
    assert "浙江" not in html.replace("浙江省", "")
    assert "signs until" in html
    assert "Invite a colleague" not in html
    assert "Invite a colleague" in text(browser(cast.js_signer).get("/portal/team/"))
    assert "江苏省人员" in text(browser(cast.js_signer, "").get("/portal/team/"))
    assert browser(cast.admin).get("/portal/team/").status_code == 403


def test_when_somebody_was_last_seen(cast: Cast, period: Period) -> None:
    browser(cast.js_preparer).get("/portal/")
    seen = again(cast.js_preparer).last_seen
    assert timezone.now() - seen < timedelta(minutes=1)
    browser(cast.js_preparer).get("/portal/")
    assert again(cast.js_preparer).last_seen == seen
    assert seen.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%d %H:%M") in text(
        browser(cast.js_signer).get("/portal/team/")
    )


def invite_by_page(user: User, **changed: str) -> object:
    fields = {
        "display_name": "新同事",
        "username": "js_new",
        "email": "new@example.org",
        "role": "unit_preparer",
    }
    return browser(user).post("/portal/team/invite/", fields | changed)


def mailed_link() -> str:
    """The link of the last mail."""
    return next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))


def test_the_way_of_an_invitation(cast: Cast, period: Period) -> None:
    html = text(invite_by_page(cast.js_signer))
    assert "was sent to new@example.org" in html
    link = mailed_link()
    [sent] = mail.outbox
    assert link not in html
    assert "/accounts/password/reset/key/" not in html
    assert "js_new" in sent.body
    client = browser()
    page = client.get(link, follow=True)
    assert "Set your password" in text(page)
    new = "a quite new password"
    answer = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert "The password is set" in text(answer)
    assert client.login(username="js_new", password=new)
    assert "The link is no longer valid" in text(browser().get(link))
    colleague = User.objects.get(username="js_new")
    refused("already-active", lambda: team.renew_link(colleague=colleague, by=cast.js_signer))


def test_a_weak_password_is_refused_in_words(cast: Cast) -> None:
    invite_by_page(cast.js_signer)
    link = mailed_link()
    client = browser(language="zh-hans")
    page = client.get(link, follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": "1", "password2": "1"})
    assert "密码" in text(answer)
    assert 'id="errors"' in text(answer)


def test_without_a_mail_server_the_link_is_handed_over(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    html = text(invite_by_page(cast.js_signer))
    assert "could not be sent" in html
    assert "/accounts/password/reset/key/" in html


def test_where_mails_only_go_to_the_log_the_link_is_handed_over(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "/accounts/password/reset/key/" in text(invite_by_page(cast.js_signer))


def test_only_the_last_link_holds(cast: Cast) -> None:
    invite_by_page(cast.js_signer)
    first = mailed_link()
    person = User.objects.get(username="js_new")
    answer = browser(cast.js_signer).post(f"/portal/team/{person.pk}/link/")
    assert "/accounts/password/reset/key/" not in text(answer)
    assert "The link is no longer valid" in text(browser().get(first))
    assert "Set your password" in text(browser().get(mailed_link(), follow=True))


def test_an_account_from_before_e_mail_was_asked_for_gets_its_link_by_hand(cast: Cast) -> None:
    person = invited(cast.js_signer)
    client = browser(cast.js_signer)
    assert "Make another link" in text(client.get(f"/portal/team/{person.pk}/"))
    assert "/accounts/password/reset/key/" in text(client.post(f"/portal/team/{person.pk}/link/"))
    assert acts() == ["invited", "link_renewed"]


@pytest.mark.parametrize(
    ("changed", "said", "status"),
    [
        ({"username": ""}, "Give a user name.", 400),
        ({"username": "a b"}, "Enter a valid username", 400),
        ({"display_name": ""}, "Give the person", 400),
        ({"email": ""}, "Give an e-mail address that only this person uses.", 400),
        ({"email": "nobody"}, "Enter a valid email address.", 400),
        ({"role": "national_admin"}, "Select a valid choice", 400),
        ({"username": "zj_preparer"}, "is taken", 409),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_in_the_form(
    changed: dict[str, str], said: str, status: int, cast: Cast
) -> None:
    answer = invite_by_page(cast.js_signer, **changed)
    assert (answer.status_code, said in text(answer)) == (status, True)
    assert "新同事" in text(answer) or "display_name" in changed


def test_preparers_do_not_come_to_the_invitation(cast: Cast) -> None:
    assert browser(cast.js_preparer).get("/portal/team/invite/").status_code == 403


def test_a_colleague_s_page_does_everything(cast: Cast) -> None:
    client, address = browser(cast.js_signer), f"/portal/team/{cast.js_preparer.pk}/"
    fields = {name: str(day) for name, day in days(0, 4).items()}
    assert "Delegated." in text(client.post(f"{address}delegate/", fields, follow=True))
    lent = Delegation.objects.get()
    ended = client.post(f"{address}delegations/{lent.pk}/", follow=True)
    assert "The delegation has ended." in text(ended)
    changed = client.post(f"{address}role/", {"role": "unit_signer"}, follow=True)
    assert "The role is changed." in text(changed)
    assert "Reactivate the account" in text(client.post(f"{address}deactivate/", follow=True))
    assert "The account is active again." in text(client.post(f"{address}reactivate/", follow=True))
    assert len(acts()) == 5
    assert "Signer" in text(client.get(address))


def test_refusals_of_a_colleague_s_page_are_said_on_it(cast: Cast) -> None:
    client, address = browser(cast.js_signer), f"/portal/team/{cast.js_preparer.pk}/"
    own = client.post(f"/portal/team/{cast.js_signer.pk}/deactivate/", follow=True)
    assert "You cannot do this to your own account." in text(own)
    wrong = {name: str(day) for name, day in days(3, 1).items()}
    answer = client.post(f"{address}delegate/", wrong)
    assert (answer.status_code, "lasts 92 days at most" in text(answer)) == (400, True)
    assert client.post(f"{address}delegate/", {"starts": "x"}).status_code == 400
    assert client.post(f"{address}role/", {"role": "admin"}).status_code == 400


@pytest.mark.parametrize("act", ["role", "link", "deactivate", "reactivate", "delegate"])
def test_only_signers_act_and_only_by_sending_a_form(act: str, cast: Cast) -> None:
    address = f"/portal/team/{cast.js_second_signer.pk}/{act}/"
    fields = {"role": "unit_preparer", **{name: str(day) for name, day in days(0, 1).items()}}
    assert browser(cast.js_preparer).post(address, fields).status_code == 403
    assert browser(cast.zj_signer).post(address, fields).status_code == 404
    assert browser(cast.js_signer).get(address).status_code == 405
    assert not TeamEvent.objects.exists()
