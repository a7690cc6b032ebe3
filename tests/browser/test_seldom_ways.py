"""Ways that are seldom gone, on Ningbo: a deputy signs a far fall, a reason of a return is answered, many cells are
corrected at once, a large workbook is waited for, a period closes under one's hands."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import psycopg
import pytest
from playwright.sync_api import Browser, expect

from project.localstack import database
from tests.browser.sending import UPLOAD, own_file, paused, spoilt_file, upload
from tests.browser.visiting import Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser


def test_a_deputy_signs_a_far_fall_and_the_reason_of_the_return_is_answered(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    signer = Visitor(chromium, stack)
    signer.log_in("nb_signer")
    signer.go("/portal/team/")
    signer.press("宁波填报员")
    _lend_today(signer)
    address = upload(signer, own_file(tmp_path))
    deputy = Visitor(chromium, stack, width=360)
    deputy.log_in("nb_preparer")
    _explain_all(deputy, address)
    _sign_the_fall(deputy, address)
    signer.page.goto("/portal/team/")
    signer.page.get_by_role("link", name="宁波填报员").click()
    signer.page.get_by_role("button", name=re.compile("^终止委托")).click()
    expect(signer.page.locator("main")).to_contain_text("目前没有委托")
    signer.leave()
    _return(stack, address)
    _answer(deputy, upload(deputy, own_file(tmp_path)))
    expect(deputy.page.locator(".bar")).not_to_contain_text("受托签发")
    deputy.leave(400)


def _lend_today(signer: Visitor) -> None:
    today = signer.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    signer.page.get_by_label("起始日").fill(today)
    signer.page.get_by_label("截止日").fill(today)
    signer.press("委托")


def _explain_all(deputy: Visitor, address: str) -> None:
    """One reason for all warnings that the page of findings shows."""
    deputy.page.goto(f"{address}findings/?severity=W&answered=no")
    with deputy.page.expect_navigation():
        deputy.page.get_by_role("link", name=re.compile("^统一说明所列")).click()
    deputy.look()
    deputy.page.get_by_label("实际情况确有变化").check()
    deputy.press("保存说明")
    expect(deputy.page.locator(".title-row .tag")).to_have_text("待签发")


def _sign_the_fall(deputy: Visitor, address: str) -> None:
    """The second tick and the reason are asked for; the receipt says whose right it was."""
    page = deputy.page
    expect(page.locator(".bar")).to_contain_text("今日受托签发")
    deputy.go(f"{address}sign/")
    expect(page.locator("main")).to_contain_text("您受宁波签发人委托签发")
    page.check("[name=confirm]")
    page.check("[name=drop_confirm]")
    page.fill("[name=drop_reason]", "   ")
    deputy.press("签发")
    expect(page.locator("#errors")).to_contain_text("请说明下降原因")
    page.check("[name=confirm]")
    page.fill("[name=drop_reason]", "企业整体搬迁")
    deputy.press("签发")
    expect(page.locator(".facts div", has_text="委托人")).to_contain_text("宁波签发人")
    expect(page.locator(".receipt")).to_contain_text("企业整体搬迁")


def _return(stack: Stack, address: str) -> None:
    [submission] = re.findall("[0-9a-f-]{36}", address)
    reasons = {"reasons": [{"text": "终端数下降过多，请说明"}]}
    stack.post(f"/api/v1/submissions/{submission}/return/", reasons, as_user="reviewer")


def _answer(unit: Visitor, address: str) -> None:
    """Nothing changed, so the reason is answered in words; an empty answer is none."""
    expect(unit.page.locator(".reasons")).to_contain_text("未变")
    unit.press("答复第1条原因")
    unit.fits()
    unit.page.fill("[name=text]", "  ")
    unit.press("保存答复")
    expect(unit.page.locator("#errors")).to_be_focused()
    unit.page.fill("[name=text]", "企业已迁往外省")
    unit.press("保存答复")
    assert unit.page.url == address
    expect(unit.page.locator(".reasons")).to_contain_text("已说明")
    expect(unit.page.locator(".reasons")).to_contain_text("企业已迁往外省")


def test_many_cells_are_corrected_at_once_and_a_large_workbook_is_waited_for(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    unit = Visitor(chromium, stack, language="en")
    unit.log_in("nb_preparer")
    address = upload(unit, spoilt_file(tmp_path, rows=130))
    _correct_all(unit, address)
    _wait_for_the_findings(unit, address, stack)
    unit.page.goto(UPLOAD)
    unit.page.set_input_files("input[type=file]", own_file(tmp_path))
    with closed(stack):
        _upload_too_late(unit)
    unit.leave(409)


def _correct_all(unit: Visitor, address: str) -> None:
    """Preview, apply, and take back in one go."""
    page = unit.page
    page.goto(f"{address}findings/?code=cell.E106")
    page.get_by_role("link", name="Correct all 130 like this…").click()
    page.get_by_label("New value").fill("运行")
    page.keyboard.press("Enter")
    preview = page.locator("#preview")
    expect(preview).to_be_in_viewport()
    expect(preview.get_by_role("row", name=re.compile("cell.E106"))).to_contain_text(re.compile("130.*0"))
    unit.look()
    unit.press("Correct 130 cells")
    expect(page.locator("main")).to_contain_text("130 cells in one go")
    unit.press("Undo all 130")
    expect(page.locator("main")).to_contain_text("130 cells are as they were before.")


def _wait_for_the_findings(unit: Visitor, address: str, stack: Stack) -> None:
    """Nobody's turn yet, then made; every finding is in the workbook."""
    page = unit.page
    page.goto(f"{address}findings/")
    with paused(stack.workers()):
        page.get_by_text("Download", exact=True).click()
        unit.press("These findings as a workbook (xlsx)")
        expect(page.locator("#download")).to_contain_text("waits for its turn")
        unit.fits()
    link = page.locator("#download a[download]")
    expect(link).to_be_visible()
    unit.look()
    with page.expect_download() as given:
        link.click()
    book = openpyxl.load_workbook(io.BytesIO(given.value.path().read_bytes()), read_only=True)
    assert sum(1 for _ in book.active.iter_rows()) > 2_000


def _upload_too_late(unit: Visitor) -> None:
    """It is told, and what was sent before can be read."""
    unit.page.get_by_role("button", name="Upload and check").click()
    expect(unit.page.locator("h1")).to_have_text("This could not be done")
    expect(unit.page.locator("main")).to_contain_text("What was sent, corrected and explained before is kept")
    unit.press("See all versions")
    expect(unit.page.locator("article.version").first).to_contain_text("Has errors")


@contextmanager
def closed(stack: Stack) -> Iterator[None]:
    """The period has closed."""
    days = "UPDATE submissions_period SET opens = %s, due = %s, closes = %s WHERE code = '2026Q3'"
    query = "SELECT opens, due, closes FROM submissions_period WHERE code = '2026Q3'"
    told = database(stack.data_dir)
    with psycopg.connect(
        host=told["HOST"], user=told["USER"], dbname=told["NAME"], autocommit=True
    ) as connection:
        before = connection.execute(query).fetchone()
        connection.execute(days, [date.today() - timedelta(days=2)] * 3)
        try:
            yield
        finally:
            connection.execute(days, before)
