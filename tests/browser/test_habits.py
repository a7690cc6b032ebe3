"""What people do on the way: filter and go back, lose the connection or the session, use the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.visiting import WAIT_MS, Visitor
from validation import catalogue


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
    message, _, _ = unit.own(catalogue()["file.E005"], "message").partition("{")
    expect(unit.page.get_by_text(message.strip()).first).to_be_visible()
    unit.context.close()


def test_what_was_typed_outlives_the_session(visit: Callable[..., Visitor]) -> None:
    reviewer = visit()
    reviewer.log_in("reviewer")
    reviewer.go_home()
    reviewer.page.get_by_role("link", name=reviewer.link_to("330000")).click()
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
