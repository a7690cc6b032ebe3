"""The unit's workspace in a browser, on Ningbo: uploads that do not fit, titles told once, progress, notices, the team."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from submissions.demo.accounts import PASSWORD
from tests.browser.sending import CHECKED, UPLOAD, own_file, paused, send, upload
from tests.browser.visiting import VIEWS, WAIT_MS, Visitor
from tests.stack import Stack
from tests.validation.workbooks import workbook as sheet_of
from validation import FORMS

pytestmark = pytest.mark.browser


def odd_file(folder: Path) -> Path:
    """A register whose enterprise column has a title of the unit's own."""
    columns = FORMS["networks"].columns
    titles = ["企业大名" if column.key == "enterprise_name" else column.label_zh for column in columns]
    values = [uuid4().hex[:8].upper() if column.key == "network_code" else "" for column in columns]
    path = folder / "自有表.xlsx"
    path.write_bytes(sheet_of([titles, values]))
    return path


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_a_file_of_another_quarter_replaces_nothing_and_is_sent_where_it_belongs(
    language: str, width: int, chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack, language=language, width=width)
    unit.log_in("nb_preparer")
    upload(unit, own_file(tmp_path))
    standing = unit.page.url
    upload(unit, own_file(tmp_path, quarter=2))
    note = unit.page.locator("section.note")
    expect(note).to_contain_text("2026Q2")
    expect(note.get_by_role("link").first).to_have_attribute("href", standing.removeprefix(stack.url))
    with unit.page.expect_navigation():
        note.get_by_role("button").first.click()
    expect(unit.page.locator("h1")).to_contain_text("2026Q2")
    expect(unit.page.locator(".title-row .tag")).to_have_text(CHECKED, timeout=WAIT_MS)
    unit.go(standing)
    expect(unit.page.locator(".title-row .tag")).to_have_text(CHECKED)
    unit.go("/portal/")
    unit.leave()


def test_a_file_that_is_no_workbook_can_be_given_up(chromium: Browser, stack: Stack, tmp_path: Path) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("nb_preparer")
    upload(unit, own_file(tmp_path))
    broken = tmp_path / "扫描件.pdf"
    broken.write_bytes(b"%PDF-1.7 " + uuid4().bytes)
    upload(unit, broken)
    expect(unit.page.locator("section.note")).to_contain_text("没有替换任何内容")
    unit.press("放弃此次上传")
    expect(unit.page.locator("main")).to_contain_text("已放弃此次上传")
    unit.leave()


def test_own_titles_are_told_once_and_can_be_forgotten(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("nb_preparer")
    upload(unit, odd_file(tmp_path))
    told = unit.page.get_by_label("“企业大名”")
    expect(unit.page.locator(".mapping")).to_contain_text("可能是“企业名称”")
    told.focus()
    told.select_option("enterprise_name")
    unit.page.get_by_role("button", name="记住并重新校验").click()
    expect(unit.page.locator(".told")).to_contain_text("企业大名", timeout=WAIT_MS)
    expect(unit.page.locator(".title-row .tag")).to_have_text(CHECKED, timeout=WAIT_MS)
    unit.look()
    upload(unit, odd_file(tmp_path))
    expect(unit.page.locator(".told")).to_contain_text("企业大名")
    assert unit.page.locator(".mapping.asks").count() == 0
    recognised = unit.page.locator(".mapping summary")
    expect(recognised).to_contain_text("1个列标题按别名识别")
    recognised.focus()
    unit.page.keyboard.press("Enter")
    expect(unit.page.locator(".mapping").get_by_label("“企业大名”")).to_have_value("enterprise_name")
    unit.look()
    unit.page.get_by_role("button", name="取消记忆“企业大名”").click()
    expect(unit.page.locator(".mapping.asks")).to_be_visible(timeout=WAIT_MS)
    unit.leave()


def test_progress_survives_a_reload_and_is_never_done_too_early(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("nb_preparer")
    with paused(stack.workers()):
        send(unit, own_file(tmp_path))
        for _ in range(2):
            expect(unit.page.locator(".phases [aria-current=step]")).to_have_text("排队等待")
            expect(unit.page.locator(".phase")).to_contain_text(re.compile(r"第\d+位"))
            expect(unit.page.locator("#progress-said")).to_have_text("排队等待")
            unit.look()
            unit.page.reload()
    expect(unit.page.locator(".title-row .tag")).to_have_text(CHECKED, timeout=WAIT_MS)
    unit.leave()


def drop(page: Page, *names: str) -> None:
    """Let files fall on the drop zone."""
    files = page.evaluate_handle(
        "names => names.reduce((held, name) => (held.items.add(new File(['x'], name)), held), new DataTransfer())",
        list(names),
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": files})


def test_what_is_dropped_is_looked_at_before_it_is_sent(chromium: Browser, stack: Stack) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("nb_preparer")
    unit.page.goto(UPLOAD)
    said = unit.page.locator("#file-said")
    drop(unit.page, "台账.xlsx")
    expect(said).to_contain_text("台账.xlsx")
    drop(unit.page, "a.xlsx", "b.xlsx")
    expect(said).to_contain_text("一次只能")
    drop(unit.page)
    expect(said).to_contain_text("拖入的不是文件")
    assert unit.page.evaluate("document.querySelector('input[type=file]').files[0].name") == "台账.xlsx"
    drop(unit.page, "扫描件.pdf")
    expect(said).to_contain_text("不像工作簿")
    unit.look()
    unit.leave()


def test_a_session_that_ended_leads_back_to_the_upload(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("nb_preparer")
    unit.page.goto(UPLOAD)
    unit.page.set_input_files("input[type=file]", own_file(tmp_path))
    unit.context.clear_cookies(name="sessionid")
    unit.page.get_by_role("button", name="上传并校验").click()
    unit.page.wait_for_url("**/accounts/login/**")
    unit.fill_log_in("nb_preparer")
    unit.page.wait_for_url(f"**{UPLOAD}")
    unit.look()
    unit.leave()


def test_back_after_an_upload_shows_a_page_that_works(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack)
    unit.log_in("nb_preparer")
    upload(unit, own_file(tmp_path))
    first = unit.page.url
    unit.page.go_back()
    unit.page.wait_for_url(f"**{UPLOAD}")
    unit.page.set_input_files("input[type=file]", own_file(tmp_path))
    unit.page.get_by_role("button", name="上传并校验").dblclick()
    unit.page.wait_for_url("**/portal/submissions/**")
    expect(unit.page.locator(".title-row .tag")).to_have_text(CHECKED, timeout=WAIT_MS)
    assert unit.page.url != first
    unit.leave()


def test_a_colleague_is_invited_and_deactivated(chromium: Browser, stack: Stack) -> None:
    signer = Visitor(chromium, stack, language="en")
    signer.log_in("nb_signer")
    signer.go("/portal/team/")
    name, link = _invite(signer)
    colleague = Visitor(chromium, stack, language="en", width=360)
    _set_password(colleague, name, link)
    signer.press("To the person's page")
    signer.press("Deactivate the account")
    colleague.page.goto("/portal/team/")
    expect(colleague.page.locator("h1")).to_have_text("Your account is deactivated")
    signer.go("/portal/team/")
    expect(signer.page.locator("tbody")).to_contain_text("Deactivated")
    signer.leave()
    colleague.context.close()


def _invite(signer: Visitor) -> tuple[str, str]:
    """Invite somebody; gives the user name and the link."""
    signer.press("Invite a colleague")
    name = f"nb_{uuid4().hex[:8]}"
    signer.page.get_by_label("Full name").fill("新同事")
    signer.page.get_by_label("User name").fill(name)
    signer.page.get_by_label("E-mail").fill(f"{name}@example.org")
    signer.press("Invite")
    return name, signer.page.locator("#link").input_value()


def _set_password(colleague: Visitor, name: str, link: str) -> None:
    colleague.go(link)
    for field in ("password1", "password2"):
        colleague.page.fill(f"[name={field}]", PASSWORD)
    colleague.press("Set the password")
    colleague.log_in(name)


def test_notices_are_counted_and_read(chromium: Browser, stack: Stack, tmp_path: Path) -> None:
    unit = Visitor(chromium, stack, width=360)
    unit.log_in("nb_preparer")
    with paused(stack.workers()):
        send(unit, own_file(tmp_path))
        unit.page.goto("/portal/notices/")
        for button in unit.page.locator("main form button").all():
            button.click()
    expect(unit.page.locator(".unread-count")).to_have_count(0)
    _until_unread(unit.page)
    unit.go("/portal/")
    expect(unit.page.locator(".news")).to_be_visible()
    unit.go("/portal/notices/")
    unit.press("全部标为已读")
    expect(unit.page.locator(".unread-count")).to_have_count(0)
    unit.leave()


def _until_unread(page: Page) -> None:
    """Look again until the verdict has been told of."""
    for _ in range(60):
        page.reload()
        if page.locator(".unread-count").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("no notice came")
