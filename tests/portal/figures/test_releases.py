"""Pages of releases: what everyone reads, what the ministry sees before publication, how one is made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from national.dissemination import releases
from national.dissemination.freshness import stamp
from national.models import Release
from submissions.models import Period
from tests.conftest import Cast
from tests.national.dissemination.test_releases import publish
from tests.national.frames import networks
from tests.national.registers import accept_frame
from tests.portal.browsing import browser, text

LIST, NEW = "/releases/", "/releases/new/"
JIANGSU, ZHEJIANG = "320000", "330000"


def accept(cast: Cast, period: Period, unit: str, rows: int) -> None:
    accept_frame(unit, period, "networks", networks(*[{}] * rows), by=cast.admin)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return text(answer)


def filled(**other: str) -> dict[str, str]:
    """The form of a release that is published at once."""
    fields = {"when": "now", "note_zh": "首次发布", "note_en": "First", "confirm": "on", "mark": stamp().mark}
    return fields | other


def later(hours: int = 24) -> str:
    """As a browser sends it: local time without a zone."""
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


@pytest.fixture
def two(cast: Cast, period: Period) -> None:
    """Three networks of Jiangsu; then five of Zhejiang, and Jiangsu corrected to two."""
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin, note_zh="第一次发布", note_en="The first")
    accept(cast, period, ZHEJIANG, 5)
    accept(cast, period, JIANGSU, 2)
    releases.make(by=cast.admin)


@pytest.mark.django_db
def test_before_the_first_release(client: Client) -> None:
    assert "Nothing has been released yet" in page(browser(), LIST)
    assert "尚未发布" in page(client, LIST)
    page(client, "/releases/1/", 404)


@pytest.mark.usefixtures("two")
def test_everyone_reads_what_changed_and_why(client: Client) -> None:
    listed = page(browser(), LIST)
    assert listed.index("Release 2") < listed.index("Release 1")
    assert "The first" in listed
    assert "Make a release" not in listed
    html = page(browser(), "/releases/2/?indicator=NET_COUNT")
    row = html[html.index('<th scope="row">Industrial 5G') : html.index("</tbody>")]
    for label, cell in (("Old figure", "3"), ("New figure", "7"), ("Difference", "+4"), ("Units", "1 → 2")):
        assert f'<td class="num" data-label="{label}">{cell}</td>' in row
    assert 'New data <span class="figures">+5</span>' in row
    assert 'Revision <span class="figures">−1</span>' in row
    assert "+5</span> <span>New data · Zhejiang Province · Industrial 5G private networks 2026Q3" in row
    assert "第2次发布" in page(client, "/releases/2/")


@pytest.mark.usefixtures("two")
def test_changes_of_a_province_a_unit_or_nothing_known() -> None:
    client = browser()
    assert '"New figure">5</td>' in page(client, "/releases/2/?indicator=NET_COUNT&area=CN-33")
    assert '"Difference">−1</td>' in page(client, "/releases/2/?indicator=NET_COUNT&area=320000")
    assert "No total in this selection differs" in page(client, "/releases/2/?area=CN-11")
    assert page(client, "/releases/2/?area=XX&indicator=Y")
    assert "?area=CN-33&amp;format=xlsx" in page(client, "/releases/2/?area=CN-33")


def test_under_embargo_only_the_ministry_sees_it(client: Client, cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    waiting = releases.make(by=cast.admin, published_at=timezone.now() + timedelta(days=1), note_en="secret")
    for reader in (browser(), browser(cast.js_signer)):
        page(reader, "/releases/1/", 404)
        assert "Release 1" not in page(reader, LIST)
        assert "<strong>3</strong>" not in page(reader, "/")
    for user in (cast.reviewer, cast.auditor, cast.admin):
        assert "Under embargo until" in page(browser(user), "/releases/1/")
        assert "secret" in page(browser(user), LIST)
    publish(waiting)
    assert "Under embargo" not in page(browser(), "/releases/1/")
    assert "<strong>3</strong>" in page(browser(), "/")


def test_preview_then_release(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    admin = browser(cast.admin)
    preview = page(admin, NEW)
    assert "Make release 1" in preview
    assert "1 of 37 units" in preview
    assert "New data · Jiangsu Province" in preview
    assert Release.objects.count() == 0
    answer = admin.post(NEW, filled(), follow=True)
    assert answer.redirect_chain == [("/releases/1/", 302)]
    assert "Release 1 has been made." in text(answer)
    made = Release.objects.get()
    assert (made.note_zh, made.note_en, made.made_by, made.published_at) == (
        "首次发布",
        "First",
        cast.admin,
        made.moment,
    )
    # a second click, and a second thought
    again = admin.post(NEW, filled())
    assert (again.status_code, Release.objects.count()) == (409, 1)
    assert "there is nothing to release" in text(again)


def test_figures_that_changed_meanwhile_are_shown_first(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    sent = filled()
    accept(cast, period, ZHEJIANG, 5)
    answer = browser(cast.admin).post(NEW, sent)
    assert (answer.status_code, Release.objects.count()) == (409, 0)
    html = text(answer)
    assert "The figures have changed since they were shown" in html
    assert "New data · Zhejiang Province" in html
    assert f'value="{stamp().mark}"' in html
    assert "首次发布" in html, "what was typed is still there"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"confirm": ""}, "Tick the box to confirm."),
        ({"when": "later"}, "Give the day and time of release."),
        ({"when": "later", "hour": "2020-01-01T09:00"}, "The time of release must lie in the future."),
        ({"when": "later", "hour": "soon"}, "Enter a valid date/time."),
        ({"note_en": "x" * 4001}, "at most 4000 characters"),
    ],
)
def test_what_cannot_be_released_says_why(
    cast: Cast, period: Period, other: dict[str, str], message: str
) -> None:
    accept(cast, period, JIANGSU, 3)
    answer = browser(cast.admin).post(NEW, filled(**other))
    assert answer.status_code == 400
    assert message in text(answer)
    assert Release.objects.count() == 0


def test_an_embargo_is_set_moved_and_withdrawn(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    admin = browser(cast.admin)
    admin.post(NEW, filled(when="later", hour="2099-01-01T09:30"))
    release = Release.objects.get()
    assert f"{timezone.localtime(release.published_at):%Y-%m-%d %H:%M}" == "2099-01-01 09:30"
    assert 'value="2099-01-01T09:30"' in page(admin, "/releases/1/hour/")
    past = admin.post("/releases/1/hour/", {"hour": "2020-01-01T00:00"})
    assert (past.status_code, "must lie in the future" in text(past)) == (400, True)
    moved = admin.post("/releases/1/hour/", {"hour": "2098-05-01T08:00"}, follow=True)
    assert "Under embargo until 2098-05-01 08:00" in text(moved)
    empty = admin.post("/releases/1/withdraw/", {"reason_zh": "有误", "confirm": "on"})
    assert empty.status_code == 400
    reasons = {"reason_zh": "有误", "reason_en": "An error was found", "confirm": "on"}
    done = admin.post("/releases/1/withdraw/", reasons, follow=True)
    assert "An error was found" in text(done)
    assert "It was not published and never will be." in text(done)
    assert "Published (Beijing time)" not in text(done)
    assert admin.post("/releases/1/withdraw/", reasons).status_code == 409
    page(browser(), "/releases/1/", 404)


@pytest.mark.usefixtures("two")
def test_a_withdrawn_release_is_read_by_everyone(cast: Cast) -> None:
    reasons = {"reason_zh": "数据有误", "reason_en": "wrong data", "confirm": "on"}
    browser(cast.admin).post("/releases/2/withdraw/", reasons)
    assert "wrong data" in page(browser(), "/releases/2/")
    assert "Withdrawn" in page(browser(), LIST)
    assert "数据有误" in page(browser(language="zh-hans"), "/releases/2/")


@pytest.mark.usefixtures("two")
def test_only_the_administrator_may(cast: Cast) -> None:
    for address in (NEW, "/releases/2/hour/", "/releases/2/withdraw/"):
        assert browser().get(address).status_code == 302, "to the log-in"
        for user in (cast.reviewer, cast.auditor, cast.js_signer):
            assert browser(user).get(address).status_code == 403
            assert browser(user).post(address, filled()).status_code == 403
    assert Release.objects.count() == 2


@pytest.mark.usefixtures("two")
def test_notes_are_text_and_nothing_is_inline(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 9)
    releases.make(by=cast.admin, note_zh="<script>x</script>", note_en="<b>bold</b>")
    for address in (LIST, "/releases/3/"):
        html = page(browser(cast.admin), address)
        assert "&lt;b&gt;bold&lt;/b&gt;" in html
        assert "<style" not in html
        assert " style=" not in html
    assert reverse("releases:release", args=[3]) == "/releases/3/"
