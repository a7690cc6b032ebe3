"""Who may open which page: every page, every role; the refused learn nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from submissions.models import Period, Submission
from submissions.signoff import review
from tests.acts import check, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import HTMX, browser, page, text

SLOT = ["networks", "2026Q3"]

#: address name -> status for: Jiangsu's preparer, its signer, Zhejiang's preparer, reviewer, admin, auditor
OWN_UNIT = (200, 200, 404, 403, 403, 403)
MINISTRY = (403, 403, 403, 200, 200, 200)
PAGES = {
    "portal:submission": OWN_UNIT,
    "portal:findings": OWN_UNIT,
    "portal:receipt": OWN_UNIT,
    "portal:file": OWN_UNIT,
    "portal:withdraw": (403, 200, 404, 403, 403, 403),
    "review:submission": MINISTRY,
    "review:findings": MINISTRY,
    "review:receipt": MINISTRY,
    "review:file": MINISTRY,
    "review:accept": (403, 403, 403, 403, 200, 403),
    "review:return": (403, 403, 403, 200, 200, 403),
}
ROLES = ("js_preparer", "js_signer", "zj_preparer", "reviewer", "admin", "auditor")


@pytest.fixture
def signed(cast: Cast, period: Period, engine: Engine) -> Submission:
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)
    return submission


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_its_roles_alone(name: str, cast: Cast, signed: Submission) -> None:
    got = tuple(browser(getattr(cast, role)).get(page(name, signed)).status_code for role in ROLES)
    assert got == PAGES[name]


@pytest.mark.parametrize("name", ["portal:upload", "portal:nil"])
def test_only_units_upload(name: str, cast: Cast, period: Period) -> None:
    got = tuple(browser(getattr(cast, role)).get(reverse(name, args=SLOT)).status_code for role in ROLES)
    assert got == (200, 200, 200, 403, 403, 403)


@pytest.mark.parametrize("name", PAGES)
def test_without_an_account_every_page_leads_to_the_log_in_and_back(name: str, signed: Submission) -> None:
    answer = browser().get(page(name, signed))
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={page(name, signed)}"


def test_a_part_of_a_page_takes_the_whole_page_to_the_log_in(signed: Submission) -> None:
    answer = browser().get(page("portal:progress", signed), headers=HTMX)
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=/portal/"


def test_a_deactivated_colleague_is_logged_out(cast: Cast, signed: Submission) -> None:
    client = browser(cast.js_signer)
    cast.js_signer.is_active = False
    cast.js_signer.save()
    assert client.get(page("portal:submission", signed)).status_code == 403


def test_pages_of_states_are_not_kept_by_the_browser(cast: Cast, signed: Submission) -> None:
    answer = browser(cast.js_signer).get(page("portal:submission", signed))
    assert "no-store" in answer["Cache-Control"]


def test_decisions_are_not_made_by_following_a_link(cast: Cast, signed: Submission) -> None:
    assert browser(cast.admin).get(page("review:begin", signed)).status_code == 405
    assert browser(cast.js_signer).get(page("portal:retry", signed)).status_code == 405


def test_the_desk_is_the_home_of_the_ministry(cast: Cast, period: Period) -> None:
    assert browser(cast.auditor).get(reverse("portal:home"))["Location"] == reverse("review:list")


def test_refusals_are_pages_in_both_languages(cast: Cast, signed: Submission) -> None:
    address = page("review:submission", signed)
    assert "You do not have access to this page" in text(browser(cast.js_signer).get(address))
    assert "您无权访问此页面" in text(browser(cast.js_signer, "zh-hans").get(address))
    address = page("portal:submission", signed)
    assert "There is nothing here" in text(browser(cast.zj_preparer).get(address))
    assert "页面不存在" in text(browser(cast.zj_preparer, "zh-hans").get(address))
