"""The main job on the running stack, in a browser: Jiangsu uploads and signs, the ministry accepts, figures change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visiting import WAIT_MS, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser

FIGURE = "/api/v1/figures/?indicator=NET_COUNT&area=CN"
TARGET = "/api/v1/targets/NET_COUNT/"


def test_from_upload_to_the_national_figure(chromium: Browser, stack: Stack) -> None:
    figure, target = _national(stack)
    address = _upload(chromium, stack, stack.data_dir / "demo" / "JS-networks-2026Q3.xlsx")
    number = _sign(chromium, stack, address)
    _accept(chromium, stack, number)
    figure_after, target_after = _national(stack)
    assert figure_after > figure
    assert target_after - target == figure_after - figure


def _national(stack: Stack) -> tuple[Decimal, Decimal]:
    """Networks that count, as the figure and as the target's actual."""
    [figure] = stack.get(FIGURE)["results"]
    return Decimal(figure["value"]), Decimal(stack.get(TARGET)["actual"])


def _upload(chromium: Browser, stack: Stack, file: Path) -> str:
    """The preparer sends the file and waits for the verdict; gives the submission's address."""
    preparer = Visitor(chromium, stack)
    preparer.log_in("js_preparer")
    preparer.look()
    preparer.go("/portal/upload/networks/2026Q3/")
    preparer.page.set_input_files("input[type=file]", file)
    expect(preparer.page.locator("#file-said")).to_contain_text(file.name)
    preparer.press("上传并校验")
    preparer.page.wait_for_url("**/portal/submissions/**")
    expect(preparer.page.locator(".title-row .tag")).to_have_text("待签发", timeout=WAIT_MS)
    preparer.look()
    assert preparer.page.get_by_role("link", name="签发", exact=True).count() == 0
    address = preparer.page.url
    preparer.leave()
    return address


def _sign(chromium: Browser, stack: Stack, address: str) -> str:
    """The signer signs; gives the receipt's number."""
    signer = Visitor(chromium, stack)
    signer.log_in("js_signer")
    signer.go(address)
    signer.press("签发")
    signer.page.check("input[name=confirm]")
    signer.press("签发")
    number = signer.page.locator(".receipt-number").inner_text()
    assert number.startswith("GW-2026Q3-320000-NET-")
    signer.leave()
    return number


def _accept(chromium: Browser, stack: Stack, number: str) -> None:
    """The ministry's administrator finds it among what waits, and accepts it."""
    admin = Visitor(chromium, stack)
    admin.log_in("admin")
    admin.look()
    admin.press("江苏省 · 工业5G专网 · 2026Q3")
    expect(admin.page.get_by_text(number).first).to_be_visible()
    admin.press("审核通过")
    admin.page.check("input[name=confirm]")
    admin.press("审核通过")
    expect(admin.page.locator(".title-row .tag")).to_have_text("审核通过")
    admin.leave()


def test_filters_change_the_address_and_back_works(chromium: Browser, stack: Stack) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("ha_preparer")
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


def test_a_lost_connection_is_told_and_the_file_is_kept(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("ha_preparer")
    unit.page.goto("/portal/upload/ai_applications/2026Q3/")
    unit.page.set_input_files(
        "input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": uuid4().bytes.hex().encode()}
    )
    unit.context.set_offline(True)
    unit.page.get_by_role("button", name="上传并校验").click()
    expect(unit.page.locator("#lost")).to_be_visible()
    assert unit.page.evaluate("document.querySelector('input[type=file]').files.length") == 1
    unit.context.set_offline(False)
    unit.page.get_by_role("button", name="上传并校验").click()
    unit.page.wait_for_url("**/portal/submissions/**")
    expect(unit.page.locator(".title-row .tag")).to_have_text("有错误", timeout=WAIT_MS)
    expect(unit.page.get_by_text("未找到表头行").first).to_be_visible()
    unit.context.close()


def test_what_was_typed_outlives_the_session(chromium: Browser, stack: Stack) -> None:
    reviewer = Visitor(chromium, stack)
    reviewer.log_in("reviewer")
    reviewer.page.get_by_role("link", name="浙江省 · 工业5G专网 · 2026Q3").click()
    reviewer.page.get_by_role("link", name="退回并说明原因").click()
    reviewer.page.wait_for_url("**/return/")
    reviewer.page.wait_for_load_state()  # drafts are kept by a deferred script
    reviewer.page.fill("textarea", "宁波以外的终端数请核实")
    reviewer.context.clear_cookies(name="sessionid")
    reviewer.page.get_by_role("button", name="退回填报单位").click()
    reviewer.page.wait_for_url("**/accounts/login/**")
    reviewer.fill_log_in("reviewer")
    reviewer.page.wait_for_url("**/return/")
    expect(reviewer.page.locator("textarea")).to_have_value("宁波以外的终端数请核实")
    reviewer.leave()


def test_the_upload_works_by_keyboard(chromium: Browser, stack: Stack) -> None:
    unit = Visitor(chromium, stack)
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
