"""The main job on the running stack, in a browser: Jiangsu uploads and signs, the ministry accepts, figures change."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.sending import own_file
from tests.browser.visiting import WAIT_MS, Visitor
from tests.stack import Stack
from validation import catalogue, reporting_units

pytestmark = pytest.mark.browser

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
    admin.press(_title(admin, "320000"))
    expect(admin.page.get_by_text(number).first).to_be_visible()
    admin.press(admin.say("Accept"))
    admin.page.check("input[name=confirm]")
    admin.press(admin.say("Accept"))
    expect(admin.page.locator(".title-row .tag")).to_have_text(admin.say("Accepted"))
    admin.leave()


def _title(visitor: Visitor, unit: str) -> str:
    """What the link to a unit's return of networks is called."""
    form = visitor.say("Industrial 5G private networks")
    return f"{visitor.own(reporting_units()[unit], 'name')} · {form} · 2026Q3"


def test_filters_change_the_address_and_back_works(visit: Callable[..., Visitor]) -> None:
    unit = visit()
    unit.log_in("ha_preparer")
    unit.go_home()
    unit.page.locator("main .btn-primary").first.click()
    unit.page.wait_for_url("**severity=E")
    unit.page.wait_for_load_state()  # the form is listened to by a deferred script
    unit.page.select_option("[name=code]", "cell.E101")
    unit.page.wait_for_url("**code=cell.E101**")
    expect(unit.page.locator("#list .g-canvas .g-row")).to_have_count(1)
    unit.page.reload()
    expect(unit.page.locator("#list .g-canvas .g-row")).to_have_count(1)
    unit.page.go_back()
    unit.page.wait_for_url("**severity=E")
    unit.leave()


def test_a_lost_connection_is_told_and_the_file_is_kept(visit: Callable[..., Visitor]) -> None:
    unit = visit()
    unit.log_in("ha_preparer")
    unit.page.goto("/portal/upload/ai_applications/2026Q3/")
    unit.page.set_input_files(
        "input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": uuid4().bytes.hex().encode()}
    )
    unit.context.set_offline(True)
    unit.page.get_by_role("button", name=unit.say("Upload and check")).click()
    expect(unit.page.locator("#lost")).to_be_visible()
    assert unit.page.evaluate("document.querySelector('input[type=file]').files.length") == 1
    unit.context.set_offline(False)
    unit.page.get_by_role("button", name=unit.say("Upload and check")).click()
    unit.page.wait_for_url("**/portal/submissions/**")
    expect(unit.page.locator(".title-row .tag")).to_have_text(unit.say("Has errors"), timeout=WAIT_MS)
    expect(unit.page.get_by_text(unit.own(catalogue()["file.E005"], "message")).first).to_be_visible()
    unit.context.close()


def test_what_was_typed_outlives_the_session(visit: Callable[..., Visitor]) -> None:
    reviewer = visit()
    reviewer.log_in("reviewer")
    reviewer.go_home()
    reviewer.page.get_by_role("link", name=_title(reviewer, "330000")).click()
    reviewer.page.get_by_role("link", name=reviewer.say("Return with reasons")).click()
    reviewer.page.wait_for_url("**/return/")
    reviewer.page.wait_for_load_state()  # drafts are kept by a deferred script
    reviewer.page.fill("textarea", "宁波以外的终端数请核实")
    reviewer.context.clear_cookies(name="sessionid")
    reviewer.page.get_by_role("button", name=reviewer.say("Return to the unit")).click()
    reviewer.page.wait_for_url("**/accounts/login/**")
    reviewer.fill_log_in("reviewer")
    reviewer.page.wait_for_url("**/return/")
    expect(reviewer.page.locator("textarea")).to_have_value("宁波以外的终端数请核实")
    reviewer.leave()


def test_the_upload_works_by_keyboard(visit: Callable[..., Visitor]) -> None:
    unit = visit()
    unit.log_in("ha_preparer")
    unit.page.goto("/portal/upload/ai_applications/2026Q3/")
    unit.page.keyboard.press("Tab")
    expect(unit.page.locator(".skip")).to_be_focused()
    unit.page.keyboard.press("Enter")
    with unit.page.expect_file_chooser() as chosen:
        for _ in range(20):
            unit.page.keyboard.press("Tab")
            if unit.page.evaluate("document.activeElement.type") == "file":
                break
        unit.page.keyboard.press("Enter")
    assert not chosen.value.is_multiple()
    unit.leave()
