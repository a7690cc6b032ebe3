"""Fixtures of the browser tests: Debian's chromium, and visitors of either language."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visiting import LANGUAGES, Visitor
from tests.stack import Stack

#: Debian has chromium without its windows in a package of its own, which starts and opens pages in half the time.
BROWSERS = ("chromium-headless-shell", "chromium")
#: a browser in a container: no sandbox, no graphics card, and no calls home
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The installed chromium. Without one the tests are left out, unless BROWSER_TESTS=required.

    It ends with this package: while playwright runs its loop, Django refuses to touch the database.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail("BROWSER_TESTS=required, but no chromium is installed.")
        pytest.skip("no chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=LANGUAGES)
def visit(request: pytest.FixtureRequest, chromium: Browser, stack: Stack) -> Callable[..., Visitor]:
    """Makes visitors of one language; a walk that asks for it is gone in each.

    Axe reads what is met on the way in one of them: test_every_page.py has it read every page in both.
    """
    language: str = request.param
    return partial(Visitor, chromium, stack, language=language, axe=language == LANGUAGES[0])
