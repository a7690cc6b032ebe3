"""The main job on the running stack, in a browser: Jiangsu uploads and signs, the ministry accepts, figures change."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.sending import own_file
from tests.browser.visiting import WAIT_MS, Visitor
from tests.stack import Stack

FIGURE = "/api/v1/figures/?indicator=NET_COUNT&area=CN"
TARGET = "/api/v1/targets/NET_COUNT/"


def test_from_upload_to_the_national_figure(
    visit: Callable[..., Visitor], stack: Stack, tmp_path: Path
) -> None:
    _begin_anew(stack)
    figure, target = _national(stack)
    address = _upload(visit(), own_file(tmp_path, unit="320000", rows=None))
    _accept(visit(), _sign(visit(), address))
    figure_after, target_after = _national(stack)
    assert figure_after > figure
    assert target_after - target == figure_after - figure


def _begin_anew(stack: Stack) -> None:
    """What a walk in the other language left in force is excluded."""
    slot = "unit=320000&collection=networks&period=2026Q3&state=accepted"
    for accepted in stack.get(f"/api/v1/submissions/?{slot}", as_user="admin")["results"]:
        reason = {"reason": "另行报送"}
        stack.post(f"/api/v1/submissions/{accepted['id']}/exclude/", reason, as_user="admin")


def _national(stack: Stack) -> tuple[Decimal, Decimal]:
    """Networks that count, as the figure and as the target's actual."""
    [figure] = stack.get(FIGURE)["results"]
    return Decimal(figure["value"]), Decimal(stack.get(TARGET)["actual"])


def _upload(preparer: Visitor, file: Path) -> str:
    """The preparer sends the file and waits for the verdict; gives the submission's address."""
    preparer.log_in("js_preparer")
    preparer.go_home()
    preparer.go("/portal/upload/networks/2026Q3/")
    preparer.page.set_input_files("input[type=file]", file)
    expect(preparer.page.locator("#file-said")).to_contain_text(file.name)
    preparer.press(preparer.say("Upload and check"))
    preparer.page.wait_for_url("**/portal/submissions/**")
    expect(preparer.page.locator(".title-row .tag")).to_have_text(
        preparer.say("Ready to sign"), timeout=WAIT_MS
    )
    preparer.look()
    assert preparer.page.get_by_role("link", name=preparer.say("Sign"), exact=True).count() == 0
    address = preparer.page.url
    preparer.leave()
    return address


def _sign(signer: Visitor, address: str) -> str:
    """The signer signs; gives the receipt's number."""
    signer.log_in("js_signer")
    signer.go(address)
    signer.press(signer.say("Sign"))
    signer.page.check("input[name=confirm]")
    signer.press(signer.say("Sign"))
    number = signer.page.locator(".receipt-number").inner_text()
    assert number.startswith("GW-2026Q3-320000-NET-")
    signer.leave()
    return number


def _accept(admin: Visitor, number: str) -> None:
    """The ministry's administrator finds it among what waits, and accepts it."""
    admin.log_in("admin")
    admin.go_home()
    admin.press(admin.link_to("320000"))
    expect(admin.page.get_by_text(number).first).to_be_visible()
    admin.press(admin.say("Accept"))
    admin.page.check("input[name=confirm]")
    admin.press(admin.say("Accept"))
    expect(admin.page.locator(".title-row .tag")).to_have_text(admin.say("Accepted"))
    admin.leave()
