"""How the browser tests visit the running stack: one window per person, each page looked over by axe."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect

from demo.accounts import PASSWORD
from tests.browser import wording
from tests.stack import Stack
from validation import FORMS, Period, reporting_units

#: generous: the machine may be busy with other tests
WAIT_MS = 60_000
SERIOUS = {"serious", "critical"}
#: rules of axe that hold whatever it thinks of them: two landmarks of one name cannot be told apart by ear
KEPT = {"landmark-unique"}
LANGUAGES = ("zh-hans", "en")
#: Each page is read by axe once in either language and once at either width; English, the longer, on the phone.
VIEWS = [("zh-hans", 1280), ("en", 360)]
WIDTHS = (360, 1280)
#: what playwright says of a page that left while it was looked at
_GONE = ("because of a navigation", "axe is not defined")
FITS = "document.documentElement.scrollWidth <= innerWidth"

#: (address of the stack, account) -> cookies of a session of it: logging in takes longer than most pages
_sessions: dict[tuple[str, str], list[Any]] = {}


class Visitor:
    """A person at their own browser. `complaints` are the console's errors."""

    def __init__(
        self,
        chromium: Browser,
        stack: Stack,
        *,
        language: str = "zh-hans",
        width: int = 1280,
        axe: bool = True,
        **options: Any,
    ) -> None:
        self._stack = stack.url
        self.language = language
        self._axe = axe
        self.context = chromium.new_context(
            base_url=stack.url, viewport={"width": width, "height": 800}, **options
        )
        self.context.set_default_timeout(WAIT_MS)
        self.context.add_cookies([{"name": "django_language", "value": language, "url": stack.url}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def say(self, english: str, plural: str = "", **values: object) -> str:
        """A text of the project as this visitor reads it."""
        return wording.say(self.language, english, plural, **values)

    def like(self, english: str, plural: str = "", **values: object) -> re.Pattern[str]:
        """Return a pattern of the same text where not all of its values are known."""
        return wording.like(self.language, english, plural, **values)

    def quarter(self, code: str) -> str:
        """A period as this visitor reads it."""
        return Period.parse(code).label_zh if self.language == LANGUAGES[0] else code

    def own(self, thing: object, attribute: str) -> str:
        """The name, label or message of what is declared with one for each language, e.g. `label_zh`."""
        return str(getattr(thing, f"{attribute}_{self.language[:2]}"))

    def link_to(self, unit: str) -> str:
        """What the link to a unit's return of networks is called."""
        form = self.own(FORMS["networks"], "label")
        return f"{self.own(reporting_units()[unit], 'name')} · {form} · {self.quarter('2026Q3')}"

    def log_in(self, username: str) -> None:
        """Log in, with the session of another visitor where there is one."""
        if (self._stack, username) not in _sessions:
            self.page.goto("/accounts/login/")
            self.fill_log_in(username)
            expect(self.page.locator(".bar")).to_be_visible()
            own = self.context.cookies()
            _sessions[self._stack, username] = [cookie for cookie in own if cookie["name"] == "sessionid"]
        self.context.add_cookies(_sessions[self._stack, username])

    def go_home(self) -> None:
        """Open the start page of whoever is logged in."""
        self.go("/accounts/login/")
        expect(self.page.locator(".bar")).to_be_visible()

    def fill_log_in(self, username: str) -> None:
        """Fill in and send the log-in page."""
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button")

    def go(self, address: str) -> None:
        """Open a page and check it."""
        self.page.goto(address)
        self.look()

    def press(self, name: str) -> None:
        """Click the link or button of this name in the content, and check the next page."""
        main = self.page.locator("main")
        link, button = (main.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
        with self.page.expect_navigation():
            link.or_(button).first.click()
        self.look()

    def look(self) -> None:
        """Assert nothing serious from axe, one heading, no overflow, and the demo's strip in sight."""
        try:
            self._look_over()
        except Error as error:
            # a page that waits for its verdict shows itself anew when that comes, if need be in the middle of a look
            if not any(words in error.message for words in _GONE):
                raise
            self._look_over()

    def _look_over(self) -> None:
        self.page.wait_for_load_state()
        if self._axe:
            response: dict[str, Any] = Axe().run(self.page).response
            bad = [
                (violation["id"], violation["nodes"][0]["html"])
                for violation in response["violations"]
                if violation["impact"] in SERIOUS or violation["id"] in KEPT
            ]
            assert not bad, (self.page.url, bad)
        expect(self.page.locator("h1")).to_have_count(1)
        expect(self.page.locator(".demo")).to_be_in_viewport()
        assert self.page.evaluate(FITS), self.page.url

    def fits(self) -> None:
        """Nothing is wider than the window, on a phone and on a wide screen."""
        size = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate(FITS), (self.page.url, width)
        self.page.set_viewport_size(size)

    def leave(self, *expected: int) -> None:
        """Close the window; nothing may have been complained of but answers of the status that is `expected`, which
        the console tells as errors."""
        self.context.close()
        allowed = tuple(f"status of {status} " for status in expected)
        assert [said for said in self.complaints if not any(part in said for part in allowed)] == []
