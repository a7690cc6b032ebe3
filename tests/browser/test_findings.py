"""The findings page in a browser: own rows, correcting like in a spreadsheet, two windows, lost connections, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visiting import Visitor
from tests.stack import Stack


@pytest.fixture
def findings(stack: Stack) -> str:
    """Address of the findings of Henan's network form, which has errors."""
    slot = "unit=410000&collection=networks&period=2026Q3"
    [newest, *_] = stack.get(f"/api/v1/submissions/?{slot}", as_user="ha_preparer")["results"]
    return f"/portal/submissions/{newest['id']}/findings/"


@pytest.fixture
def unit(visit: Callable[..., Visitor], findings: str) -> Iterator[Visitor]:
    """Henan's preparer at the rows with errors."""
    visitor = visit()
    visitor.log_in("ha_preparer")
    visitor.page.goto(f"{findings}?severity=E&code=net.E318")
    expect(visitor.page.locator(".g-chosen")).to_be_visible()
    yield visitor
    visitor.context.close()


def said(page: Page) -> object:
    return expect(page.locator("[data-said]"))


def chosen(page: Page) -> object:
    return expect(page.locator(".g-chosen"))


def errors(page: Page) -> int:
    return int(page.locator("[data-count=E]").inner_text())


def right(unit: Visitor) -> re.Pattern[str]:
    """What is said when nothing is found any more in a cell that was corrected."""
    return unit.like("{cell} is saved; it has no findings left.")


def type_over(page: Page, text: str, then: str = "Enter") -> None:
    """Edit the chosen cell with the keyboard."""
    page.locator("[data-scroll]").focus()
    page.keyboard.press("F2")
    expect(page.locator(".g-edit")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press(then)


def test_a_cell_is_corrected_and_undone_by_keyboard(unit: Visitor) -> None:
    page, before = unit.page, errors(unit.page)
    old = page.locator(".g-chosen").inner_text()
    type_over(page, "1")
    said(page).to_contain_text(right(unit))
    expect(page.locator("[data-count=E]")).to_have_text(str(before - 1))
    expect(page.locator(".g-corrected")).to_have_text("1")
    page.keyboard.press("Control+z")
    said(page).to_contain_text(unit.say("The last correction is undone."))
    expect(page.locator("[data-count=E]")).to_have_text(str(before))
    chosen(page).to_have_text(old)
    unit.look()
    unit.leave()


def test_escape_leaves_the_cell_and_arrows_move(unit: Visitor) -> None:
    page, old = unit.page, unit.page.locator(".g-chosen").inner_text()
    type_over(page, "77", then="Escape")
    chosen(page).to_have_text(old)
    expect(page.locator("[data-scroll]")).to_be_focused()
    page.keyboard.press("Home")
    chosen(page).to_have_class(re.compile("g-no"))
    page.keyboard.press("F8")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[aria-activedescendant=g-chosen]")).to_have_count(1)
    unit.leave()


def test_heads_sort_the_rows_by_mouse_and_by_keyboard(unit: Visitor) -> None:
    page, row = unit.page, unit.say("Row")
    page.get_by_role("columnheader", name=row).get_by_role("button").click()
    said(page).to_have_text(unit.say("Sorted by {column}, ascending.", column=row))
    expect(page).to_have_url(re.compile("code=net.E318.*sort=row"))
    page.keyboard.press("Alt+ArrowDown")
    said(page).to_have_text(unit.say("Sorted by {column}, descending.", column=row))
    expect(page.get_by_role("columnheader", name=row)).to_have_attribute("aria-sort", "descending")
    expect(page.locator("#id_sort")).to_have_value("-row")
    expect(page.locator("[data-scroll]")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("columnheader", name=row)).to_have_attribute("aria-sort", "ascending")
    unit.look()
    unit.leave()


def hold_first_save(page: Page) -> list[Route]:
    """The first cell that is sent stays on its way until its route is gone on with."""
    held: list[Route] = []
    page.route(re.compile(r"/cells/(\?|$)"), lambda route: route.continue_() if held else held.append(route))
    return held


def test_undo_takes_back_a_text_that_waits_for_the_one_before(unit: Visitor) -> None:
    page, old = unit.page, unit.page.locator(".g-chosen").inner_text()
    held = hold_first_save(page)
    for text in ("1", "2"):
        type_over(page, text, then="Enter")
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+z")
    said(page).to_contain_text(unit.like("Your last entry in {cell} was discarded."))
    held[0].continue_()
    said(page).to_contain_text(right(unit))
    expect(page.locator(".g-corrected")).to_have_text("1")
    expect(page.locator("#beside-value")).to_have_value("1")
    page.keyboard.press("Control+z")
    said(page).to_contain_text(unit.say("The last correction is undone."))
    chosen(page).to_have_text(old)
    unit.leave()


def test_a_text_typed_after_an_undo_that_waits_is_no_conflict(unit: Visitor) -> None:
    page = unit.page
    held = hold_first_save(page)
    type_over(page, "1", then="Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+z")
    type_over(page, "2", then="Enter")
    held[0].continue_()
    expect(page.locator(".g-corrected")).to_have_text("2")
    expect(page.locator(".trouble")).to_have_count(0)
    page.get_by_role("button", name=unit.say("Undo"), exact=True).click()
    said(page).to_contain_text(unit.say("The last correction is undone."))
    unit.leave()


def test_of_two_windows_the_later_sees_both_values(unit: Visitor, findings: str) -> None:
    page, other = unit.page, unit.context.new_page()
    other.goto(f"{findings}?severity=E&code=net.E318")
    expect(other.locator(".g-chosen")).to_be_visible()
    type_over(page, "2")
    said(page).to_contain_text(right(unit))
    type_over(other, "3")
    trouble = other.locator(".trouble")
    expect(trouble).to_contain_text(unit.like("{cell} was changed by somebody else meanwhile."))
    expect(trouble).to_contain_text(unit.say("It now contains “{value}”.", value=2))
    expect(trouble).to_contain_text(unit.say("You typed “{value}”.", value=3))
    trouble.get_by_role("button", name=unit.say("Use my value")).click()
    said(other).to_contain_text(right(unit))
    expect(other.locator(".g-corrected")).to_have_text("3")
    other.get_by_role("button", name=unit.say("Restore the file's value")).click()
    said(other).to_contain_text(unit.like("{cell} is saved. It still has a finding: {message}"))


def test_a_lost_connection_keeps_what_was_typed(unit: Visitor) -> None:
    page = unit.page
    unit.context.set_offline(True)
    type_over(page, "4")
    lost = unit.say("The connection was lost. What you typed is kept; try again.")
    expect(page.locator(".trouble")).to_contain_text(lost)
    expect(page.locator("#beside-value")).to_have_value("4")
    unit.context.set_offline(False)
    page.get_by_role("button", name=unit.say("Try again")).click()
    said(page).to_contain_text(right(unit))
    page.keyboard.press("Control+z")
    page.get_by_role("button", name=unit.say("Undo"), exact=True).click()
    said(page).to_contain_text(unit.say("The last correction is undone."))


def test_a_session_that_ended_keeps_what_was_typed(unit: Visitor) -> None:
    page = unit.page
    unit.context.clear_cookies(name="sessionid")
    type_over(page, "5")
    expect(page.locator(".trouble")).to_contain_text(
        unit.say(
            "You are no longer logged in. Log in again in another window, then save once more; what you typed is"
            " kept."
        )
    )
    expect(page.locator("#beside-value")).to_have_value("5")
    expect(page.get_by_role("link", name=unit.say("Log in in another window"))).to_be_visible()


def test_a_suggested_value_is_one_click(unit: Visitor, findings: str) -> None:
    page = unit.page
    unit.go(f"{findings}?code=cell.E106")
    page.locator(".offers .btn").first.click()
    said(page).to_contain_text(right(unit))
    page.get_by_role("button", name=unit.say("Undo"), exact=True).click()
    said(page).to_contain_text(unit.say("The last correction is undone."))
    unit.leave()


def test_a_link_opens_without_an_account_until_it_is_revoked(
    unit: Visitor, findings: str, visit: Callable[..., Visitor]
) -> None:
    page = unit.page
    unit.go(findings.replace("findings/", "shares/"))
    page.get_by_role("button", name=unit.say("Make the link")).click()
    link = page.locator(".share-link").first.input_value()
    city = visit(width=360)
    city.go(link)
    expect(city.page.locator("h1")).to_contain_text(city.say("Findings to correct"))
    page.get_by_role("button", name=unit.like("Revoke link %(id)s")).first.click()
    expect(page.get_by_text(unit.say("The link no longer opens."))).to_be_visible()
    assert city.page.goto(link).status == 410
    city.context.close()


def test_a_message_elsewhere_leaves_what_is_typed_in_a_cell(unit: Visitor, findings: str) -> None:
    page = unit.page
    page.fill("#beside-value", "12")
    unit.go(findings.replace("findings/", "shares/"))
    page.get_by_role("button", name=unit.say("Make the link")).click()
    expect(page.locator("[data-kept]")).to_be_visible()
    unit.go(f"{findings}?severity=E&code=net.E318")
    expect(page.locator("#beside-value")).to_have_value("12")
