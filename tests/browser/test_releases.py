"""Releases in the browser: the list and the preview, in both languages, on a phone and a wide screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visiting import VIEWS, Visitor
from tests.stack import Stack


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_the_pages_of_releases(chromium: Browser, stack: Stack, language: str, width: int) -> None:
    """Nothing is released here: other tests share the stack and its figures."""
    visitor = Visitor(chromium, stack, language=language, width=width)
    visitor.go("/releases/")
    visitor.log_in("admin")
    visitor.go("/releases/new/")
    page = visitor.page
    assert page.locator(".changes tbody tr").count() > 10
    page.locator(".changes details summary").first.press("Enter")
    assert page.locator(".changes .parts li").first.is_visible()
    page.locator("[name=confirm]").check()
    page.locator("[value=later]").check()
    with page.expect_navigation():
        page.locator("form .btn-primary").click()
    visitor.look()
    visitor.fits()
    expect(page.locator("#errors")).to_be_visible()  # an hour is missing
    assert not visitor.complaints or all("400" in said for said in visitor.complaints)
