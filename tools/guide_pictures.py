"""Photograph the pages that the guide shows, from a running demo, in both languages: `python -m tools.guide_pictures`.

Starts a small demo of its own and takes Jiangsu's return of networks through its life: a file with errors, one without,
signature, return with a reason. Needs chromium and Chinese fonts; takes some minutes.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.stack_settings")
django.setup()

from tests.browser.conftest import ARGUMENTS, BROWSERS  # noqa: E402 Django has to be set up before its models are loaded
from tests.browser.sending import UPLOAD, upload  # noqa: E402
from tests.browser.visiting import LANGUAGES, Visitor  # noqa: E402
from tests.stack import Stack, data_folder, running, wait_for_demo  # noqa: E402

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guide"
#: pixels
WIDTH, HEIGHT = 1120, 760
#: of WebP: texts stay sharp, a page takes 20 to 50 kB
QUALITY = 72

Prepare = Callable[[Page], object]


class Camera:
    """A person's window whose pages are photographed in both languages."""

    def __init__(self, browser: Browser, stack: Stack, username: str = "") -> None:
        self._visitor = Visitor(browser, stack, axe=False)
        self._site = stack.url
        self.page: Page = self._visitor.page
        if username:
            self._visitor.log_in(username)

    def photograph(
        self, name: str, address: str, prepare: Prepare = lambda page: None, *, height: int = HEIGHT
    ) -> None:
        """Open a page in each language, prepare it, and keep its picture as docs/guide/LANGUAGE/pictures/NAME.webp."""
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        for language in LANGUAGES:
            self.page.context.add_cookies([{"name": "django_language", "value": language, "url": self._site}])
            self.page.goto(address)
            self.page.wait_for_load_state("networkidle")
            prepare(self.page)
            _keep(
                self.page.screenshot(animations="disabled"),
                GUIDE / language[:2] / "pictures" / f"{name}.webp",
            )

    def send(self, file: Path) -> str:
        """Upload a file, wait for its verdict and return the submission's address."""
        self.page.context.add_cookies([{"name": "django_language", "value": LANGUAGES[0], "url": self._site}])
        return upload(self._visitor, file)

    def close(self) -> None:
        """Close the window."""
        self.page.context.close()


def _keep(png: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)


def photograph_all(browser: Browser, stack: Stack) -> None:
    """Take every picture of the guide, in the order of a return's life."""
    workbooks = stack.data_dir / "demo"
    anybody = Camera(browser, stack)
    anybody.photograph("log-in", "/accounts/login/")
    anybody.photograph("rulebook", "/rulebook/networks/")
    anybody.close()
    preparer, signer = Camera(browser, stack, "js_preparer"), Camera(browser, stack, "js_signer")
    signer.photograph("team", "/portal/team/")
    signer.photograph("invite", "/portal/team/invite/")
    preparer.photograph("home", "/portal/")
    defective = workbooks / "demo-JS-networks-2026Q3-defective.xlsx"
    preparer.photograph("upload", UPLOAD, lambda page: page.set_input_files("input[type=file]", defective))
    _photograph_findings(preparer, preparer.send(defective))
    address = preparer.send(workbooks / "demo-JS-networks-2026Q3.xlsx")
    preparer.photograph("ready", address)
    preparer.photograph("changes", f"{address}changes/?against=period")
    _photograph_signature(signer, address)
    _return(stack, address)
    preparer.photograph("returned", address)
    preparer.photograph("history", "/portal/history/networks/2026Q3/")
    preparer.photograph("notices", "/portal/notices/")
    preparer.close()
    signer.close()


def _photograph_findings(preparer: Camera, address: str) -> None:
    preparer.photograph("verdict", address)
    preparer.photograph("findings", f"{address}findings/", height=1240)
    preparer.photograph("correcting", f"{address}findings/?severity=E&code=net.E318", _edit)
    preparer.page.goto(f"{address}findings/?severity=W")
    explain = preparer.page.locator("main a[href*='/explain/']").first.get_attribute("href")
    preparer.photograph("explaining", str(explain))


def _edit(page: Page) -> None:
    expect(page.locator(".g-chosen")).to_be_visible()
    page.locator("[data-scroll]").focus()
    page.keyboard.press("F2")
    expect(page.locator(".g-edit")).to_be_focused()
    page.evaluate(
        "document.querySelector('.g-edit').scrollIntoView({ block: 'center', behavior: 'instant' })"
    )


def _photograph_signature(signer: Camera, address: str) -> None:
    signer.photograph("signing", f"{address}sign/", height=1240)
    signer.page.check("input[name=confirm]")
    signer.page.locator("main form:has(input[name=confirm]) button.btn-primary").click()
    expect(signer.page.locator(".receipt-number")).to_be_visible()
    signer.photograph("receipt", f"{address}receipt/")


def _return(stack: Stack, address: str) -> None:
    """The ministry returns the submission with a reason for a column."""
    number = address.rstrip("/").rpartition("/")[2]
    reason = {"text": "南京市新增专网较多，请核实“建设状态”后重新报送。"}
    stack.post(f"/api/v1/submissions/{number}/return/", {"reasons": [reason]}, as_user="admin")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the installed chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("Install chromium-headless-shell and fonts-noto-cjk first, as .ci/run does.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def main() -> int:
    """Start a demo, photograph it and stop it."""
    with data_folder() as folder, running(folder) as stack:
        wait_for_demo(stack)
        with chromium() as browser:
            photograph_all(browser, stack)
    return 0


if __name__ == "__main__":
    sys.exit(main())
