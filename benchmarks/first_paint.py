"""`python -m benchmarks.first_paint URL`: how soon the public pages of a running stack paint in a browser without a cache.

Needs a `chromium`. Every visit is of a new browser; told are milliseconds from the request to the first contentful
paint, and to the first byte of the answer.
"""

from __future__ import annotations

import argparse
import shutil

from playwright.sync_api import Playwright, sync_playwright

PAGES = ("/", "/provinces/", "/industries/", "/ai/", "/traffic/", "/coverage/", "/roadmap/", "/method/")
_TIMES = """[performance.getEntriesByName('first-contentful-paint')[0].startTime,
             performance.getEntriesByType('navigation')[0].responseStart]"""
_PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"


def main() -> None:
    """Print the times of every page, visit by visit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="address of the stack, as `manage.py up` prints it")
    parser.add_argument("--visits", type=int, default=3)
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        for page in PAGES:
            times = [_visit(playwright, arguments.url.rstrip("/") + page) for _ in range(arguments.visits)]
            print(
                page,
                ", ".join(f"painted {paint:.0f} ms, answered {answer:.0f} ms" for paint, answer in times),
            )


def _visit(playwright: Playwright, address: str) -> list[float]:
    # Chromium has no sandbox of its own where tests run as root
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    try:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_function(_PAINTED)
        times: list[float] = page.evaluate(_TIMES)
        return times
    finally:
        browser.close()


if __name__ == "__main__":
    main()
