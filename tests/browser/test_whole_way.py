"""As a new user would: a messy workbook, from upload to the receipt and back, without leaving the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.messy import messy
from tests.browser.visiting import LANGUAGES, WAIT_MS, Visitor
from tests.stack import Stack


def test_from_a_messy_workbook_to_the_receipt(visit: Callable[..., Visitor], stack: Stack) -> None:
    preparer = visit()
    preparer.log_in("nb_preparer")
    address = _upload(preparer, stack)
    _correct(preparer, address)
    _explain(preparer, address)
    preparer.leave()
    signer = visit()
    signer.log_in("nb_signer")
    _sign(signer, address)
    _take_back(signer, address)
    signer.leave()


def _upload(preparer: Visitor, stack: Stack) -> str:
    """Upload the workbook, see the findings; return the address of the submission."""
    # an explanation is kept for the next version as long as the value is unchanged: each goes its own way
    spoilt = 1 + 3 * LANGUAGES.index(preparer.language)
    official = stack.data_dir / "demo" / "demo-NB-networks-2026Q3.xlsx"
    book = messy(official, mark=preparer.language, spoilt=spoilt)
    preparer.go("/portal/upload/networks/2026Q3/")
    name = "宁波台账.xlsx"
    preparer.page.set_input_files("input[type=file]", {"name": name, "mimeType": "", "buffer": book})
    preparer.page.get_by_role("button", name=preparer.say("Upload and check")).click()
    preparer.page.wait_for_url(re.compile(r"/portal/submissions/[0-9a-f-]{36}/$"))
    expect(preparer.page.locator(".title-row .tag")).to_have_text(preparer.say("Has errors"), timeout=WAIT_MS)
    preparer.look()
    return preparer.page.url


def _correct(preparer: Visitor, address: str) -> None:
    """Correct the blocking cell in the grid."""
    page = preparer.page
    preparer.go(f"{address}findings/?severity=E")
    expect(page.locator(".g-chosen")).to_have_text("运行中啊")
    page.locator("[data-scroll]").focus()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("运行")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count=E]")).to_have_text("0")
    preparer.go(address)
    expect(page.locator(".title-row .tag")).to_have_text(preparer.say("Warnings to explain"))


def _explain(preparer: Visitor, address: str) -> None:
    """Explain each open warning, from the list of open ones."""
    page = preparer.page
    for _ in range(5):
        page.goto(f"{address}explanations/")
        open_ones = page.locator("main .note a[href*='/explain/']")
        if not open_ones.count():
            break
        open_ones.first.click()
        page.wait_for_url("**/explain/**")
        preparer.look()
        page.check("input[name=reason][value=confirmed]")
        page.get_by_role("button", name=preparer.say("Save the explanation")).click()
        page.wait_for_url(lambda url: "/explain/" not in url)
    preparer.go(address)
    expect(page.locator(".title-row .tag")).to_have_text(preparer.say("Ready to sign"))


def _sign(signer: Visitor, address: str) -> None:
    """Another person reviews the changes, signs, and gets a receipt that anyone can check."""
    page = signer.page
    signer.go(f"{address}changes/")
    signer.go(f"{address}sign/")
    page.locator("input[name=confirm]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=signer.say("Sign"), exact=True)).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    signer.look()
    expect(page.locator(".receipt .tag")).to_have_text(signer.say("Signed"))
    with page.expect_download() as given:
        page.get_by_role("link", name=signer.say("Receipt as PDF")).click()
    assert given.value.path().read_bytes().startswith(b"%PDF-")
    signer.go(f"/receipts/{page.locator('.receipt-number').inner_text()}/")
    expect(page.locator("main h2")).to_have_text(signer.say("This receipt is genuine"))


def _take_back(signer: Visitor, address: str) -> None:
    """Withdraw before the review begins; the version stays in the history with its receipt."""
    signer.go(f"{address}withdraw/")
    signer.press(signer.say("Withdraw"))
    signer.go("/portal/history/networks/2026Q3/")
    first = signer.page.locator("article.version").first
    expect(first.get_by_role("link", name=re.compile("GW-2026Q3-330200-NET"))).to_have_count(2)
