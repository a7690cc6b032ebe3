"""Ways that are seldom gone, on Ningbo: a deputy signs a far fall, a reason of a return is answered, many cells are
corrected at once, a large workbook is waited for, a period closes under one's hands."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import psycopg
from playwright.sync_api import expect

from project.devstack.servers import database
from tests.browser.sending import UPLOAD, own_file, paused, spoilt_file, upload
from tests.browser.visiting import Visitor
from tests.stack import Stack

#: What was explained for the version before stays explained: the second walk misses more networks than the first.
ROWS = {"zh-hans": 5, "en": 3}


def test_a_deputy_signs_a_far_fall_and_the_reason_of_the_return_is_answered(
    visit: Callable[..., Visitor], stack: Stack, tmp_path: Path
) -> None:
    signer = visit()
    signer.log_in("nb_signer")
    signer.go("/portal/team/")
    signer.press("宁波填报员")
    _lend_today(signer)
    rows = ROWS[signer.language]
    address = upload(signer, own_file(tmp_path, rows=rows))
    deputy = visit(width=360)
    deputy.log_in("nb_preparer")
    _explain_all(deputy, address)
    _sign_the_fall(deputy, address)
    signer.page.goto("/portal/team/")
    signer.page.get_by_role("link", name="宁波填报员").click()
    signer.page.get_by_role("button", name=signer.like("End the delegation %(first)s – %(last)s")).click()
    expect(signer.page.locator("main")).to_contain_text(signer.say("Nothing is delegated."))
    signer.leave()
    _return(stack, address)
    _answer(deputy, upload(deputy, own_file(tmp_path, rows=rows)))
    expect(deputy.page.locator(".bar")).not_to_contain_text(deputy.say("signs today by delegation"))
    deputy.leave(400)


def _lend_today(signer: Visitor) -> None:
    today = signer.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})")
    signer.page.get_by_label(signer.say("First day")).fill(today)
    signer.page.get_by_label(signer.say("Last day")).fill(today)
    signer.press(signer.say("Delegate"))


def _explain_all(deputy: Visitor, address: str) -> None:
    """One reason for all warnings that the page of findings shows."""
    deputy.page.goto(f"{address}findings/?severity=W&answered=no")
    with deputy.page.expect_navigation():
        deputy.page.get_by_role(
            "link",
            name=deputy.like("Explain %(shown)s listed warning", "Explain all %(shown)s listed warnings"),
        ).click()
    deputy.look()
    deputy.page.get_by_label(deputy.say("The situation really changed")).check()
    deputy.press(deputy.say("Save the explanation"))
    expect(deputy.page.locator(".title-row .tag")).to_have_text(deputy.say("Ready to sign"))


def _sign_the_fall(deputy: Visitor, address: str) -> None:
    """The second tick and the reason are asked for; the receipt says whose right it was."""
    page = deputy.page
    expect(page.locator(".bar")).to_contain_text(deputy.say("signs today by delegation"))
    deputy.go(f"{address}sign/")
    expect(page.locator("main")).to_contain_text(
        deputy.say("You sign by delegation of %(lender)s; the receipt says so.", lender="宁波签发人")
    )
    page.check("[name=confirm]")
    page.check("[name=drop_confirm]")
    page.fill("[name=drop_reason]", "   ")
    deputy.press(deputy.say("Sign"))
    expect(page.locator("#errors")).to_contain_text(deputy.say("Give the reason for the fall."))
    page.check("[name=confirm]")
    page.fill("[name=drop_reason]", "企业整体搬迁")
    deputy.press(deputy.say("Sign"))
    expect(page.locator(".facts div", has_text=deputy.say("By delegation of"))).to_contain_text("宁波签发人")
    expect(page.locator(".receipt")).to_contain_text("企业整体搬迁")


def _return(stack: Stack, address: str) -> None:
    [submission] = re.findall("[0-9a-f-]{36}", address)
    reasons = {"reasons": [{"text": "终端数下降过多，请说明"}]}
    stack.post(f"/api/v1/submissions/{submission}/return/", reasons, as_user="reviewer")


def _answer(unit: Visitor, address: str) -> None:
    """Nothing changed, so the reason is answered in words; an empty answer is none."""
    expect(unit.page.locator(".reasons")).to_contain_text(unit.say("unchanged"))
    unit.look()
    unit.press(unit.say("Answer reason %(n)s", n=1))
    unit.fits()
    unit.page.fill("[name=text]", "  ")
    unit.press(unit.say("Save the answer"))
    expect(unit.page.locator("#errors")).to_be_focused()
    unit.page.fill("[name=text]", "企业已迁往外省")
    unit.press(unit.say("Save the answer"))
    assert unit.page.url == address
    expect(unit.page.locator(".reasons")).to_contain_text(unit.say("explained"))
    expect(unit.page.locator(".reasons")).to_contain_text("企业已迁往外省")


def test_a_register_is_excluded_and_put_in_force_again(visit: Callable[..., Visitor], stack: Stack) -> None:
    query = "unit=410000&collection=networks&period=2026Q2&state=accepted"
    [accepted] = stack.get(f"/api/v1/submissions/?{query}", as_user="admin")["results"]
    admin = visit()
    admin.log_in("admin")
    admin.go(f"/review/{accepted['id']}/")
    badge = admin.page.locator(".title-row .tag")
    for act, state in (("Exclude", "Excluded"), ("Put in force again", "Accepted")):
        admin.press(admin.say(act))
        admin.fits()
        admin.page.fill("[name=reason]", "核实")
        admin.press(admin.say(act))
        expect(badge).to_have_text(admin.say(state))
    admin.page.go_back()
    expect(badge).to_have_text(admin.say("Accepted"))
    admin.leave()


def test_many_cells_are_corrected_at_once_and_a_large_workbook_is_waited_for(
    visit: Callable[..., Visitor], stack: Stack, tmp_path: Path
) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    address = upload(unit, spoilt_file(tmp_path, rows=130))
    unit.look()
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
    page.get_by_role("link", name=unit.say("Correct all {count} like this…", count=130)).click()
    page.get_by_label(unit.say("New value")).fill("运行")
    page.keyboard.press("Enter")
    preview = page.locator("#preview")
    expect(preview).to_be_in_viewport()
    expect(preview.get_by_role("row", name=re.compile("cell.E106"))).to_contain_text(re.compile("130.*0"))
    unit.look()
    unit.press(unit.say("Correct %(shown)s cell", "Correct %(shown)s cells", shown=130))
    expect(page.locator("main")).to_contain_text(unit.say("%(count)s cells in one go", count=130))
    unit.press(unit.say("Undo all %(count)s", count=130))
    expect(page.locator("main")).to_contain_text(
        unit.say("%(count)s cell was restored.", "%(count)s cells were restored.", count=130)
    )


def _wait_for_the_findings(unit: Visitor, address: str, stack: Stack) -> None:
    """Nobody's turn yet, then made; every finding is in the workbook."""
    page = unit.page
    page.goto(f"{address}findings/")
    with paused(stack.workers()):
        page.get_by_text(unit.say("Download"), exact=True).click()
        unit.press(unit.say("These findings as a workbook (xlsx)"))
        expect(page.locator("#download")).to_contain_text(unit.say("The workbook is waiting in the queue."))
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
    unit.page.get_by_role("button", name=unit.say("Upload and check")).click()
    expect(unit.page.locator("h1")).to_have_text(unit.say("Period %(period)s is closed", period="2026Q3"))
    expect(unit.page.locator("main")).to_contain_text(
        unit.say("What was sent, corrected and explained before is kept, and can be read and downloaded.")
    )
    unit.press(unit.say("See all versions"))
    expect(unit.page.locator("article.version").first).to_contain_text(unit.say("Has errors"))


@contextmanager
def closed(stack: Stack) -> Iterator[None]:
    """Close the period."""
    days = "UPDATE submissions_period SET opens = %s, due = %s, closes = %s WHERE code = '2026Q3'"
    query = "SELECT opens, due, closes FROM submissions_period WHERE code = '2026Q3'"
    connection_settings = database(stack.data_dir)
    with psycopg.connect(
        host=connection_settings["HOST"],
        user=connection_settings["USER"],
        dbname=connection_settings["NAME"],
        autocommit=True,
    ) as connection:
        before = connection.execute(query).fetchone()
        connection.execute(days, [date.today() - timedelta(days=2)] * 3)
        try:
            yield
        finally:
            connection.execute(days, before)
