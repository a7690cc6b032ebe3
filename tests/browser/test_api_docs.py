"""The API's pages in a browser: readable by everyone, and Swagger runs under the content security policy."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visiting import Visitor


def test_a_call_is_tried_out(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.go("/api/")
    visitor.page.get_by_role("link", name=visitor.say("All calls, to try online")).click()
    call = visitor.page.locator(".opblock").filter(has_text="/api/v1/targets/{code}/")
    call.locator("button").first.click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_placeholder("code").fill("NET_COUNT")
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    visitor.leave()
