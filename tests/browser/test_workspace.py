"""The unit's workspace in a browser, on Ningbo: uploads that do not fit, titles told once, progress, notices, the team."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.accounts import PASSWORD
from tests.browser.sending import UPLOAD, own_file, paused, send, upload, wait
from tests.browser.visiting import VIEWS, WAIT_MS, Visitor
from tests.stack import Stack
from tests.validation.small_workbooks import workbook as sheet_of
from validation import FORMS


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
    unit.look()
    note = unit.page.locator("section.note")
    expect(note).to_contain_text(unit.quarter("2026Q2"))
    expect(note.get_by_role("link").first).to_have_attribute("href", standing.removeprefix(stack.url))
    with unit.page.expect_navigation():
        note.get_by_role("button").first.click()
    expect(unit.page.locator("h1")).to_contain_text(unit.quarter("2026Q2"))
    wait(unit)
    unit.go(standing)
    wait(unit)
    unit.go("/portal/")
    unit.leave()


def test_a_file_that_is_no_workbook_can_be_given_up(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    upload(unit, own_file(tmp_path))
    broken = tmp_path / "扫描件.pdf"
    broken.write_bytes(b"%PDF-1.7 " + uuid4().bytes)
    upload(unit, broken)
    unit.look()
    expect(unit.page.locator("section.note")).to_contain_text(
        unit.like(
            'Nothing was replaced: <a href="%(standing_url)s">version %(version)s</a> still stands, with its'
            " corrections and explanations."
        )
    )
    unit.press(unit.say("Discard this upload"))
    expect(unit.page.locator("main")).to_contain_text(
        unit.say("The upload was discarded. It stays in the history.")
    )
    unit.leave()


def test_own_titles_are_told_once_and_can_be_forgotten(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    upload(unit, odd_file(tmp_path))
    unit.look()
    title_field = unit.page.get_by_label("“企业大名”")
    meant = unit.own(FORMS["networks"].by_key["enterprise_name"], "label")
    expect(unit.page.locator(".mapping")).to_contain_text(unit.say("perhaps “%(field)s”", field=meant))
    title_field.focus()
    title_field.select_option("enterprise_name")
    unit.page.get_by_role("button", name=unit.say("Remember and check again")).click()
    expect(unit.page.locator(".told")).to_contain_text("企业大名", timeout=WAIT_MS)
    wait(unit)
    unit.look()
    upload(unit, odd_file(tmp_path))
    expect(unit.page.locator(".told")).to_contain_text("企业大名")
    assert unit.page.locator(".mapping.asks").count() == 0
    recognised = unit.page.locator(".mapping summary")
    expect(recognised).to_contain_text(unit.say("%(n)s title was read by another name: correct it", n=1))
    recognised.focus()
    unit.page.keyboard.press("Enter")
    expect(unit.page.locator(".mapping").get_by_label("“企业大名”")).to_have_value("enterprise_name")
    unit.look()
    unit.page.get_by_role("button", name=unit.say("Forget “%(title)s”", title="企业大名")).click()
    expect(unit.page.locator(".mapping.asks")).to_be_visible(timeout=WAIT_MS)
    unit.leave()


def test_progress_survives_a_reload_and_is_never_done_too_early(
    visit: Callable[..., Visitor], stack: Stack, tmp_path: Path
) -> None:
    unit = visit()
    waiting = unit.say("Waiting in the queue")
    unit.log_in("nb_preparer")
    with paused(stack.workers()):
        send(unit, own_file(tmp_path))
        for _ in range(2):
            expect(unit.page.locator(".phases [aria-current=step]")).to_have_text(waiting)
            expect(unit.page.locator(".phase")).to_contain_text(unit.like("place %(position)s in the queue"))
            expect(unit.page.locator("#progress-said")).to_have_text(waiting)
            unit.look()
            unit.page.reload()
    wait(unit)
    unit.leave()


def drop(page: Page, *names: str) -> None:
    """Drop files on the drop zone."""
    files = page.evaluate_handle(
        "names => names.reduce((held, name) => (held.items.add(new File(['x'], name)), held), new DataTransfer())",
        list(names),
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": files})


def test_what_is_dropped_is_looked_at_before_it_is_sent(visit: Callable[..., Visitor]) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    unit.page.goto(UPLOAD)
    said = unit.page.locator("#file-said")
    drop(unit.page, "台账.xlsx")
    expect(said).to_contain_text("台账.xlsx")
    drop(unit.page, "a.xlsx", "b.xlsx")
    expect(said).to_contain_text(unit.say("Only one file can be sent at a time. Drop one file."))
    drop(unit.page)
    expect(said).to_contain_text(unit.say("That was not a file. Drop the workbook itself."))
    assert unit.page.evaluate("document.querySelector('input[type=file]').files[0].name") == "台账.xlsx"
    drop(unit.page, "扫描件.pdf")
    expect(said).to_contain_text(
        unit.say(
            "The name does not look like that of a workbook. You can send it anyway: the content decides, "
            "and a file that cannot be read replaces nothing."
        )
    )
    unit.look()
    unit.leave()


def test_a_session_that_ended_leads_back_to_the_upload(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    unit.page.goto(UPLOAD)
    unit.page.set_input_files("input[type=file]", own_file(tmp_path))
    unit.context.clear_cookies(name="sessionid")
    unit.page.get_by_role("button", name=unit.say("Upload and check")).click()
    unit.page.wait_for_url("**/accounts/login/**")
    unit.fill_log_in("nb_preparer")
    unit.page.wait_for_url(f"**{UPLOAD}")
    unit.look()
    unit.leave()


def test_back_after_an_upload_shows_a_page_that_works(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    upload(unit, own_file(tmp_path))
    first = unit.page.url
    unit.page.go_back()
    unit.page.wait_for_url(f"**{UPLOAD}")
    unit.page.set_input_files("input[type=file]", own_file(tmp_path))
    unit.page.get_by_role("button", name=unit.say("Upload and check")).dblclick()
    unit.page.wait_for_url("**/portal/submissions/**")
    wait(unit)
    assert unit.page.url != first
    unit.leave()


def test_a_colleague_is_invited_and_deactivated(visit: Callable[..., Visitor]) -> None:
    signer = visit()
    signer.log_in("nb_signer")
    signer.go("/portal/team/")
    name, link = _invite(signer)
    colleague = visit(width=360)
    _set_password(colleague, name, link)
    signer.press(signer.say("Go to the person's page"))
    signer.press(signer.say("Deactivate the account"))
    colleague.page.goto("/portal/team/")
    expect(colleague.page.locator("h1")).to_have_text(colleague.say("Your account is deactivated"))
    signer.go("/portal/team/")
    expect(signer.page.locator("tbody tr", has_text=name)).to_contain_text(signer.say("Deactivated"))
    signer.leave()
    colleague.context.close()


def _invite(signer: Visitor) -> tuple[str, str]:
    """Invite somebody; return the user name and the link."""
    signer.press(signer.say("Invite a colleague"))
    name = f"nb_{uuid4().hex[:8]}"
    signer.page.get_by_label(signer.say("Full name")).fill(f"新同事{name}")
    signer.page.get_by_label(signer.say("User name")).fill(name)
    signer.page.get_by_label(signer.say("E-mail")).fill(f"{name}@example.org")
    signer.press(signer.say("Invite"))
    return name, signer.page.locator("#link").input_value()


def _set_password(colleague: Visitor, name: str, link: str) -> None:
    colleague.go(link)
    for field in ("password1", "password2"):
        colleague.page.fill(f"[name={field}]", PASSWORD)
    colleague.press(colleague.say("Set the password"))
    colleague.log_in(name)


def test_notices_are_counted_and_read(visit: Callable[..., Visitor], stack: Stack, tmp_path: Path) -> None:
    unit = visit(width=360)
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
    unit.press(unit.say("Mark all as read"))
    expect(unit.page.locator(".unread-count")).to_have_count(0)
    unit.leave()


def _until_unread(page: Page) -> None:
    """Reload until the notice of the verdict is there."""
    for _ in range(60):
        page.reload()
        if page.locator(".unread-count").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("no notice came")


# -- corrections and the next upload --------------------------------------------------------------------


def type_into(unit: Visitor, address: str, names: list[str]) -> None:
    """In the grid of all rows, give the first records these names, one below the other."""
    unit.page.goto(f"{address}findings/?view=rows")
    expect(unit.page.locator(".g-chosen")).to_be_visible()
    unit.page.locator("[data-scroll]").focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        unit.page.keyboard.press(key)
    for name in names:
        unit.page.keyboard.press("F2")
        expect(unit.page.locator(".g-edit")).to_be_focused()
        unit.page.keyboard.press("Control+a")
        unit.page.keyboard.type(name)
        unit.page.keyboard.press("Enter")
    expect(unit.page.locator(".g-corrected")).to_have_text(names)


def renamed(file: Path, name: str) -> Path:
    """The same file with another name of its second record."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    [title] = [cell for cell in sheet[5] if cell.value == "专网名称"]
    sheet.cell(7, title.column).value = name
    changed = file.with_stem(f"{file.stem}-2")
    book.save(changed)
    return changed


def test_what_was_corrected_online_goes_on_in_the_next_file_or_is_listed(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    unit = visit()
    unit.log_in("nb_preparer")
    file = own_file(tmp_path)
    first = upload(unit, file)
    type_into(unit, first, ["甲网更名", "乙网更名"])
    unit.go(UPLOAD)
    note = unit.page.locator("section.note")
    expect(note).to_contain_text(
        unit.like(
            "%(shown)s cell of version %(version)s was corrected online",
            "%(shown)s cells of version %(version)s were corrected online",
            shown=2,
        )
    )
    note.locator("summary").click()
    expect(note).to_contain_text("甲网更名")
    with unit.page.expect_download() as download:
        note.get_by_role("link", name=unit.say("Workbook with the corrections in it")).click()
    corrected = tmp_path / "已更正.xlsx"
    download.value.save_as(corrected)
    upload(unit, renamed(file, "丙网"))
    unit.look()
    lost = unit.page.locator("section.note")
    expect(lost.locator("h2")).to_have_text(
        unit.like("%(shown)s correction of version %(version)s was not kept", shown=1)
    )
    expect(lost.locator("tbody tr")).to_have_count(1)
    expect(lost).to_contain_text("乙网更名")
    expect(lost).to_contain_text("丙网")
    unit.press(unit.say("The whole list of %(shown)s", shown=1))
    expect(unit.page.locator("tbody tr")).to_have_count(1)
    unit.page.go_back()
    # the workbook with the corrections in it leaves nothing to be carried over or lost
    upload(unit, corrected)
    assert unit.page.get_by_text("丙网").count() == 0
    expect(unit.page.locator("section.note")).to_have_count(0)
    unit.leave()
