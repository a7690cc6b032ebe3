"""The receipt: page and PDF say the same in both languages, and anyone can ask whether a number is real."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from submissions.accounts import team
from submissions.checks import intake
from submissions.models import Period, Submission
from submissions.signoff import receipts, review
from tests import factories
from tests.acts import fresh
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text


@pytest.fixture(scope="module")
def signed_once(world: Cast) -> Submission:
    return factories.signed(world.js_preparer, world.js_signer, Period.objects.get(), rows=6)


@pytest.fixture
def signed(signed_once: Submission, db: None) -> Submission:
    """Six networks, signed."""
    return Submission.objects.get(pk=signed_once.pk)


def pdf_text(answer: HttpResponse) -> str:
    """The words of the PDF without any white space: lines break where there is room."""
    assert answer["Content-Type"] == "application/pdf"
    return "".join(words(PdfReader(io.BytesIO(b"".join(answer.streaming_content)))).split())


def words(reader: PdfReader) -> str:
    # pypdf reads the font's two-byte codes with their zero bytes
    return "".join(page.extract_text() for page in reader.pages).replace("\0", "")


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "委托人"), ("en", "By delegation of")])
def test_a_deputy_s_signature_names_whose_right_it_was(
    language: str, said: str, cast: Cast, period: Period
) -> None:
    today = timezone.localdate()
    team.delegate(colleague=cast.js_preparer, by=cast.js_second_signer, starts=today, ends=today)
    submission = factories.checked(cast.js_signer, period)
    client = browser(cast.js_preparer, language)
    assert "江苏第二签发人" in text(client.get(page("portal:sign", submission)))
    client.post(page("portal:sign", submission), {"confirm": "on"})
    signature = fresh(submission).signature
    assert (fresh(submission).signer, signature.by_delegation_of) == (cast.js_preparer, cast.js_second_signer)
    facts = client.get(page("portal:receipt", submission)).context["facts"]
    assert (said, "江苏第二签发人") in facts
    pdf_words = pdf_text(client.get(page("portal:receipt-pdf", submission)))
    assert "".join(said.split()) + "江苏第二签发人" in pdf_words
    assert "江苏第二签发人" in text(client.get("/portal/history/networks/2026Q3/"))
    given = client.get(f"/api/v1/submissions/{submission.pk}/").json()["receipt"]
    assert (given["signer"], given["by_delegation_of"]) == ("江苏填报人", "江苏第二签发人")


def test_names_with_rare_characters_show(cast: Cast, period: Period) -> None:
    cast.js_signer.display_name = "喆垚䶮"
    cast.js_signer.save()
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    answer = browser(cast.js_signer).get(page("portal:receipt-pdf", submission))
    pdf = b"".join(answer.streaming_content)
    reader = PdfReader(io.BytesIO(pdf))
    assert "喆垚䶮" in words(reader)
    fonts = reader.pages[0]["/Resources"]["/Font"]
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts.values()]
    assert all("/FontFile3" in descriptor or "/FontFile2" in descriptor for descriptor in descriptors)
    assert len(pdf) < 200_000  # the font is embedded as a subset


def test_a_nil_return_has_a_pdf_as_well(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    review.sign(submission=nil, by=cast.js_signer)
    pdf_words = pdf_text(browser(cast.js_signer).get(page("portal:receipt-pdf", nil)))
    assert "hadnothingtoreport" in pdf_words


def test_a_long_file_name_breaks_its_line(cast: Cast, period: Period) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    Submission.objects.filter(pk=submission.pk).update(filename=f"{'很长的文件名' * 30}.xlsx")
    pdf_words = pdf_text(browser(cast.js_signer).get(page("portal:receipt-pdf", submission)))
    assert "很长的文件名" * 30 in pdf_words


def test_before_the_signature_there_is_no_pdf(cast: Cast, period: Period) -> None:
    submission = factories.checked(cast.js_preparer, period)
    assert browser(cast.js_signer).get(page("portal:receipt-pdf", submission)).status_code == 404


@pytest.mark.parametrize("number", ["GW-2026Q3-320000-NET-0001-0000", "<b>x</b>", "长" * 200, "\x00", "a/b"])
def test_a_wrong_number_is_told(number: str, db: None) -> None:
    answer = browser().get(reverse("receipts:ask"), {"number": number}, follow=True)
    assert answer.status_code == 404
    assert "There is no receipt with the number" in text(answer)
    assert "<b>x</b>" not in text(answer)


def test_asked_for_nothing_it_only_asks(db: None) -> None:
    assert browser().get(reverse("receipts:ask")).status_code == 200


def test_numbers_cannot_be_guessed_in_a_row(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.returns.views.receipt_verification import ReceiptThrottle

    cache.clear()
    monkeypatch.setattr(ReceiptThrottle, "THROTTLE_RATES", {"receipts": "2/min"})
    answers = [browser().get(reverse("receipts:verify", args=[f"GW-{n}"])).status_code for n in range(3)]
    assert answers == [404, 404, 429]
    answer = browser().get(reverse("receipts:verify", args=["GW-9"]))
    assert int(answer["Retry-After"]) > 0
    assert "Wait a minute" in text(answer)
    cache.clear()


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "回执"), ("en", "Receipt")])
def test_the_pdf_says_what_the_page_says(language: str, title: str, cast: Cast, signed: Submission) -> None:
    client = browser(cast.js_signer, language)
    receipt_page = client.get(page("portal:receipt", signed))
    pdf_words = pdf_text(client.get(page("portal:receipt-pdf", signed)))
    assert title in pdf_words
    said = [
        signed.receipt_number,
        signed.signed_sha256,
        receipt_page.context["statement"],
        receipt_page.context["verify_at"],
    ]
    said += [word for fact in receipt_page.context["facts"] for word in fact]
    for word in said:
        assert "".join(word.split()) in pdf_words, word
        assert word in text(receipt_page), word
    for total in receipt_page.context["totals"]:
        assert f"{int(float(total.value)):,}" in pdf_words


def test_a_signer_s_own_signature_names_no_other(cast: Cast, signed: Submission) -> None:
    assert signed.signature.by_delegation_of is None
    client = browser(cast.js_signer)
    assert "By delegation of" not in text(client.get(page("portal:receipt", signed)))
    assert client.get(f"/api/v1/submissions/{signed.pk}/").json()["receipt"]["by_delegation_of"] is None


def test_other_units_get_no_pdf_and_reviewers_do(cast: Cast, signed: Submission) -> None:
    assert browser(cast.zj_signer).get(page("portal:receipt-pdf", signed)).status_code == 404
    assert browser(cast.auditor).get(page("review:receipt-pdf", signed)).status_code == 200


# -- is it real? ----------------------------------------------------------------------------------------


def test_anyone_learns_that_a_receipt_is_real_and_nothing_else(cast: Cast, signed: Submission) -> None:
    answer = browser().get(reverse("receipts:verify", args=[signed.receipt_number]))
    html = text(answer)
    assert answer.status_code == 200
    assert "This receipt is genuine" in html
    assert signed.signed_sha256 in html
    for secret in (signed.filename, "江苏签发人", "Records", str(signed.pk), "Jiangsu"):
        assert secret not in html
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_form_leads_to_the_address_whatever_was_typed(cast: Cast, signed: Submission) -> None:
    typed = f" {signed.receipt_number.lower()} "
    answer = browser().get(reverse("receipts:ask"), {"number": typed}, follow=True)
    assert "This receipt is genuine" in text(answer)
    assert answer.redirect_chain[0][0] == reverse("receipts:verify", args=[signed.receipt_number])


def test_a_withdrawn_receipt_says_so_everywhere(cast: Cast, signed: Submission) -> None:
    review.withdraw(submission=signed, by=cast.js_signer)
    html = text(browser().get(reverse("receipts:verify", args=[signed.receipt_number])))
    assert "Genuine, but withdrawn afterwards" in html
    client = browser(cast.js_signer)
    assert "is no longer valid for a return" in text(client.get(page("portal:receipt", signed)))
    assert "isnolongervalidforareturn" in pdf_text(client.get(page("portal:receipt-pdf", signed)))


def test_the_last_characters_are_bound_to_the_hash(signed: Submission) -> None:
    bare, _, tail = signed.receipt_number.rpartition("-")
    assert receipts.verify(f"{bare}-{tail}") is not None
    assert receipts.verify(bare) is None
