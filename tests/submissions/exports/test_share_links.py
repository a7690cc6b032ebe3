"""Shared links: they show what they were made for and nothing else, run out, are revoked, counted and written down."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial

import openpyxl
import polars as pl
import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.returns.views.shared_findings import SharedThrottle
from submissions.accounts import team
from submissions.edits.explanations import explain
from submissions.exports import downloads, share_links
from submissions.findings import filtering
from submissions.findings.filtering import FindingFilter
from submissions.models import Finding, Period, Role, Share, Submission, User
from tests.acts import refused
from tests.conftest import Cast
from tests.factories import checked
from tests.portal.browsing import browser, page, text


@pytest.fixture(autouse=True)
def _uncounted(db: None) -> None:
    cache.clear()


@pytest.fixture
def spoilt(cast: Cast, period: Period) -> Submission:
    """Sixty rows with findings in more than one city."""
    defects = ["cell.E103", "cell.E106", "cell.E101", "net.E318", "row.E303", "net.W330"]
    return checked(cast.js_preparer, period, rows=60, defects=defects)


def cities(cast: Cast, submission: Submission) -> list[str]:
    findings = filtering.filtered(submission, cast.js_preparer, FindingFilter())
    return [city.code for city in filtering.cities(submission, findings)]


def link(share: Share) -> str:
    return reverse("shared:findings", args=[share_links.token_of(share)])


def test_a_link_shows_the_findings_of_its_city_alone(cast: Cast, spoilt: Submission) -> None:
    city, *others = cities(cast, spoilt)
    assert others
    share = share_links.share(submission=spoilt, by=cast.js_preparer, city=city)
    answer = browser().get(link(share))
    listed = {listed.finding.pk for listed in answer.context["findings"]}
    wanted = filtering.filtered(spoilt, cast.js_preparer, FindingFilter(city=city))
    assert listed == set(wanted["id"])
    assert len(listed) < spoilt.findings.count()


def test_a_link_for_an_enterprise_knows_no_other_of_a_like_name(cast: Cast, spoilt: Submission) -> None:
    row = filtering.filtered(spoilt, cast.js_preparer, FindingFilter())["row"].drop_nulls()[0]
    place = filtering.places(spoilt).filter(pl.col("row") == row).row(0, named=True)
    share = share_links.share(submission=spoilt, by=cast.js_preparer, enterprise=place["uscc"])
    assert share_links.shared_findings(share)["row"].unique().to_list() == [row]
    part_of_name = partial(
        share_links.share, submission=spoilt, by=cast.js_preparer, enterprise=place["enterprise"][:4]
    )
    refused("share-empty", part_of_name)


def test_nothing_else_of_the_unit_is_told(cast: Cast, spoilt: Submission) -> None:
    explain(submission=spoilt, by=cast.js_preparer, code="net.W330", reason="other", text="内部说明")
    share = share_links.share(submission=spoilt, by=cast.js_preparer, note="给苏州的同事")
    answer = browser().get(link(share))
    for internal in (
        "内部说明",
        "给苏州的同事",
        spoilt.filename,
        str(spoilt.pk),
        "江苏填报人",
        "/portal/submissions",
    ):
        assert internal not in answer.content.decode()
    book = browser().get(reverse("shared:workbook", args=[share_links.token_of(share)]))
    rows = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active.iter_rows(
        values_only=True
    )
    texts = [str(cell) for row in rows for cell in row]
    assert not any("内部说明" in cell for cell in texts)
    assert any("net.W330" in cell for cell in texts)


def test_search_engines_and_other_sites_learn_nothing(cast: Cast, spoilt: Submission) -> None:
    answer = browser().get(link(share_links.share(submission=spoilt, by=cast.js_preparer)))
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()


def test_every_opening_is_written_down(cast: Cast, spoilt: Submission) -> None:
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    browser().get(link(share))
    browser().get(reverse("shared:workbook", args=[share_links.token_of(share)]))
    assert list(share.openings.values_list("address", "downloaded")) == [
        ("127.0.0.1", False),
        ("127.0.0.1", True),
    ]
    assert (spoilt.events.last().act, spoilt.events.last().detail) == ("link_made", {"link": share.pk})
    assert spoilt.events.last().actor == cast.js_preparer


@pytest.mark.parametrize("change", ["tampered", "made up", "revoked", "expired", "gone"])
def test_a_link_that_does_not_hold_does_not_open(change: str, cast: Cast, spoilt: Submission) -> None:
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    address, status = link(share), 404
    if change == "tampered":
        address = address.replace(f"/{share.pk}.", f"/{share.pk + 1}.")
    elif change == "made up":
        address = reverse("shared:findings", args=["1.x"])
    elif change == "gone":
        share.delete()
    elif change == "revoked":
        share_links.revoke(share=share, by=cast.js_signer)
        share_links.revoke(share=share, by=cast.js_signer)
        assert spoilt.events.filter(act="link_revoked", detail__link=share.pk).count() == 1
        status = 410
    else:
        Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        status = 410
    answer = browser().get(address)
    assert answer.status_code == status
    assert "This link does not open" in text(answer)
    assert "noindex" in answer["X-Robots-Tag"]
    assert not Share.objects.filter(openings__isnull=False).exists()


def test_links_are_counted_per_address(
    cast: Cast, spoilt: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SharedThrottle, "rate", "2/min", raising=False)
    address = link(share_links.share(submission=spoilt, by=cast.js_preparer))
    assert [browser().get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_staff_make_see_and_revoke_links(cast: Cast, spoilt: Submission) -> None:
    client, city = browser(cast.js_preparer), cities(cast, spoilt)[0]
    made = client.post(page("portal:shares", spoilt), {"city": city, "days": 7, "note": "苏州"}, follow=True)
    share = Share.objects.get()
    assert (share.city, share.by) == (city, cast.js_preparer)
    assert link(share) in text(made)
    revoke = reverse("portal:revoke", args=[spoilt.pk, share.pk])
    assert "revoked" in text(client.post(revoke, follow=True))
    assert link(share) not in text(client.get(page("portal:shares", spoilt)))


@pytest.mark.parametrize(
    "sent", [{"days": 8}, {"days": 7, "enterprise": "没有这家"}, {"days": 7, "city": "x"}]
)
def test_a_link_that_makes_no_sense_is_refused(
    sent: dict[str, object], cast: Cast, spoilt: Submission
) -> None:
    assert browser(cast.js_preparer).post(page("portal:shares", spoilt), sent).status_code == 400
    assert not Share.objects.exists()


def test_only_the_units_staff_share(cast: Cast, spoilt: Submission) -> None:
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    revoke = reverse("portal:revoke", args=[spoilt.pk, share.pk])
    for user, status in ((cast.zj_preparer, 404), (cast.reviewer, 403)):
        assert browser(user).get(page("portal:shares", spoilt)).status_code == status
        assert browser(user).post(revoke).status_code == status
    refused("not-allowed", lambda: share_links.share(submission=spoilt, by=cast.admin))
    refused("share-days", lambda: share_links.share(submission=spoilt, by=cast.js_preparer, days=400))


def test_there_is_an_end_to_links(cast: Cast, spoilt: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_links, "MOST_ALIVE", 1)
    share_links.share(submission=spoilt, by=cast.js_preparer)
    refused("too-many-shares", lambda: share_links.share(submission=spoilt, by=cast.js_preparer))


def test_a_revocation_says_who_and_when(cast: Cast, spoilt: Submission) -> None:
    share_links.share(submission=spoilt, by=cast.js_preparer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.update(revoked_at=timezone.now())


@pytest.mark.parametrize("become", [{"state": "withdrawn"}, {"state": "superseded"}, {"set_aside": True}])
def test_a_link_to_a_version_that_does_not_stand_is_closed_and_can_be_revoked(
    become: dict[str, object], cast: Cast, spoilt: Submission
) -> None:
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    Submission.objects.filter(pk=spoilt.pk).update(**become)
    assert browser().get(link(share)).status_code == 410
    assert browser().get(reverse("shared:workbook", args=[share_links.token_of(share)])).status_code == 410
    client = browser(cast.js_signer)
    answer = client.get(page("portal:shares", spoilt))
    assert link(share) not in text(answer)
    assert "does not open" in text(answer)
    assert page("portal:shares", spoilt) in text(client.get(page("portal:findings", spoilt)))
    assert client.post(page("portal:shares", spoilt), {"days": 7}).status_code == 409
    client.post(reverse("portal:revoke", args=[spoilt.pk, share.pk]))
    share.refresh_from_db()
    assert share.revoked_by == cast.js_signer
    assert Share.objects.count() == 1


def test_a_version_that_is_set_aside_is_not_passed_on(cast: Cast, spoilt: Submission) -> None:
    spoilt.set_aside = True
    refused("set-aside", lambda: share_links.share(submission=spoilt, by=cast.js_preparer))


def test_links_end_with_their_makers_account(cast: Cast, spoilt: Submission) -> None:
    share, kept = (share_links.share(submission=spoilt, by=by) for by in (cast.js_preparer, cast.js_signer))
    team.deactivate(colleague=cast.js_preparer, by=cast.js_signer)
    assert [browser().get(link(share_of)).status_code for share_of in (share, kept)] == [410, 200]
    team.reactivate(colleague=cast.js_preparer, by=cast.js_signer)
    assert browser().get(link(share)).status_code == 410
    share.refresh_from_db()
    assert share.revoked_by == cast.js_signer


def test_a_link_of_an_account_closed_otherwise_is_shut(cast: Cast, spoilt: Submission) -> None:
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    User.objects.filter(pk=cast.js_preparer.pk).update(is_active=False)
    assert browser().get(link(share)).status_code == 410


def test_a_link_never_shows_what_is_the_ministrys(cast: Cast, spoilt: Submission) -> None:
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    Finding.objects.create(submission=spoilt, ordinal=0, code="nat.W501", severity="W", rule_version=1)
    User.objects.filter(pk=cast.js_preparer.pk).update(role=Role.REVIEWER, unit=None)
    answer = browser().get(link(share))
    assert answer.status_code == 200
    assert "nat.W501" not in answer.content.decode()
    assert answer.context["total"] == spoilt.findings.count() - 1


def test_a_link_for_an_enterprise_names_no_other(cast: Cast, spoilt: Submission) -> None:
    first = spoilt.findings.filter(row__isnull=False).first()
    place = filtering.places(spoilt).filter(pl.col("row") == first.row).row(0, named=True)
    share = share_links.share(submission=spoilt, by=cast.js_preparer, enterprise=place["enterprise"])
    every = share_links.share(submission=spoilt, by=cast.js_preparer)
    Finding.objects.filter(pk=first.pk).update(code="ai.W371", severity="W", params={"other": "别的公司"})
    assert "ai.W371" in share_links.shared_findings(every)["code"]
    assert "ai.W371" not in share_links.shared_findings(share)["code"]


def test_a_long_list_is_streamed_as_csv(
    cast: Cast, spoilt: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    explain(submission=spoilt, by=cast.js_preparer, code="net.W330", reason="other", text="内部说明")
    share = share_links.share(submission=spoilt, by=cast.js_preparer)
    monkeypatch.setattr(downloads, "LINES_AT_ONCE", 1)
    assert "as csv" in text(browser().get(link(share)))
    answer = browser().get(reverse("shared:workbook", args=[share_links.token_of(share)]))
    assert answer["Content-Type"].startswith("text/csv")
    assert "noindex" in answer["X-Robots-Tag"]
    sent = b"".join(answer.streaming_content).decode()
    assert sent.count("\r\n") >= 1 + spoilt.findings.count()
    assert "内部说明" not in sent
