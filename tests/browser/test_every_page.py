"""Every page of both desks in both languages, narrow and wide: nothing serious for axe, nothing too wide."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser

from tests.browser.visiting import VIEWS, Visitor
from tests.stack import Stack

#: Named addresses of the desks that show no page of their own: acts, parts of pages and files.
NO_PAGES = {
    "portal": {
        "cells", "changes-export", "confirm", "corrected", "corrections-csv", "deactivate", "delegate",
        "discard", "download-file", "end-delegation", "enterprises", "file", "findings-csv", "findings-xlsx", "forget", "index", "link", "mapping", "marked", "progress",
        "reactivate", "read", "receipt-pdf", "redirect", "retry", "revoke", "role", "rows", "sheets", "summary",
        "take-back", "uncarried-csv", "undo", "undo-corrections", "values",
    },
    "review": {
        "begin", "changes-export", "collect", "corrected", "corrections-csv", "download-file", "enterprises", "file", "findings-csv", "findings-xlsx", "index", "marked", "progress", "receipt-pdf",
        "retry", "rows", "summary", "uncarried-csv", "values",
    },
}  # fmt: skip

#: Pages that are looked at where what they show is made: test_seldom_ways.py.
ON_THE_WAY = {
    "portal": {"answer", "download"},
    "review": {"download", "reinstate"},
    "shared": {"workbook"},
}

SLOT = ["networks", "2026Q3"]


class Seen:
    """The submissions, people and links of the small demo that the pages are looked at with."""

    def __init__(self, stack: Stack, chromium: Browser) -> None:
        self.invalid = _newest(stack, "ha_preparer", "410000", "networks", "2026Q3")
        self.signed = _newest(stack, "zj_preparer", "330000", "ai_applications", "2026Q3")
        self.accepted = _newest(stack, "ha_preparer", "410000", "networks", "2026Q2")
        self.warning = _warning(stack, self.invalid)
        self.alike = _alike(stack, self.invalid)
        self.colleague = _colleague(stack, chromium)
        self.link = _link(stack, chromium, self.invalid)


def _newest(stack: Stack, who: str, unit: str, collection: str, period: str) -> str:
    query = f"unit={unit}&collection={collection}&period={period}"
    return stack.get(f"/api/v1/submissions/?{query}", as_user=who)["results"][0]["id"]


def _warning(stack: Stack, submission: str) -> str:
    """Query that names a group of warnings."""
    groups = stack.get(f"/api/v1/submissions/{submission}/groups/", as_user="ha_preparer")
    rows = groups["results"] if isinstance(groups, dict) else groups
    row = next(row for row in rows if row["severity"] == "W")
    return f"code={row['code']}&column={row['column'] or ''}"


def _alike(stack: Stack, submission: str) -> str:
    """Query that names like findings that one value may mend."""
    findings = stack.get(f"/api/v1/submissions/{submission}/findings/", as_user="ha_preparer")["results"]
    own = {"network_code", "network_name"}
    row = next(row for row in findings if row["value"] and row["column"] and row["column"] not in own)
    return urlencode({name: row[name] for name in ("code", "column", "value")})


def _colleague(stack: Stack, chromium: Browser) -> str:
    """Address of the preparer's page, as their signer comes to it."""
    signer = Visitor(chromium, stack)
    signer.log_in("ha_signer")
    signer.page.goto(reverse("portal:team"))
    address = signer.page.get_by_role("link", name="河南填报员").get_attribute("href")
    signer.leave()
    return str(address)


def _link(stack: Stack, chromium: Browser, submission: str) -> str:
    """A link for people without an account."""
    unit = Visitor(chromium, stack)
    unit.log_in("ha_preparer")
    unit.page.goto(reverse("portal:shares", args=[submission]))
    unit.page.locator("main form button").first.click()
    address = unit.page.locator(".share-link").first.input_value()
    unit.leave()
    return address


def addresses(seen: Seen) -> dict[str, dict[str, list[str]]]:
    """Who looks at which page: name -> address, by the account that may open it."""
    invalid, accepted, signed = seen.invalid, seen.accepted, seen.signed
    return {
        "ha_preparer": {
            "portal:home": [reverse("portal:home")],
            "portal:upload": [reverse("portal:upload", args=["ai_applications", "2026Q3"])],
            "portal:nil": [reverse("portal:nil", args=["ai_applications", "2026Q3"])],
            "portal:history": [reverse("portal:history", args=SLOT)],
            "portal:notices": [reverse("portal:notices")],
            "portal:team": [reverse("portal:team")],
            "portal:submission": [
                reverse("portal:submission", args=[submission]) for submission in (invalid, accepted)
            ],
            "portal:findings": [
                f"{reverse('portal:findings', args=[invalid])}{q}" for q in ("", "?view=rows", "?view=list")
            ],
            "portal:bulk": [f"{reverse('portal:bulk', args=[invalid])}?{seen.alike}"],
            "portal:explain": [f"{reverse('portal:explain', args=[invalid])}?{seen.warning}"],
            "portal:explanations": [reverse("portal:explanations", args=[invalid])],
            "portal:changes": [
                reverse("portal:changes", args=[submission]) for submission in (invalid, accepted)
            ],
            "portal:corrections": [reverse("portal:corrections", args=[invalid])],
            "portal:uncarried": [reverse("portal:uncarried", args=[invalid])],
            "portal:shares": [reverse("portal:shares", args=[invalid])],
            "portal:receipt": [reverse("portal:receipt", args=[accepted])],
            "receipts:ask": [reverse("receipts:ask")],
            "shared:findings": [seen.link],
        },
        "ha_signer": {
            "portal:invite": [reverse("portal:invite")],
            "portal:colleague": [seen.colleague],
            "portal:sign": [reverse("portal:sign", args=[invalid])],
            "portal:withdraw": [reverse("portal:withdraw", args=[invalid])],
        },
        "admin": {
            "review:list": [reverse("review:list")],
            "review:submission": [
                reverse("review:submission", args=[submission]) for submission in (signed, invalid)
            ],
            "review:history": [reverse("review:history", args=["410000", *SLOT])],
            "review:findings": [reverse("review:findings", args=[invalid])],
            "review:explanations": [reverse("review:explanations", args=[invalid])],
            "review:changes": [reverse("review:changes", args=[signed])],
            "review:corrections": [reverse("review:corrections", args=[invalid])],
            "review:uncarried": [reverse("review:uncarried", args=[invalid])],
            "review:receipt": [reverse("review:receipt", args=[signed])],
            "review:exclude": [reverse("review:exclude", args=[accepted])],
            "review:accept": [reverse("review:accept", args=[signed])],
            "review:return": [reverse("review:return", args=[signed])],
        },
    }


@pytest.fixture(scope="module")
def seen(stack: Stack, chromium: Browser) -> Seen:
    return Seen(stack, chromium)


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_page_can_be_read(
    language: str, width: int, chromium: Browser, stack: Stack, seen: Seen
) -> None:
    passer_by = Visitor(chromium, stack, language=language, width=width)
    passer_by.go("/accounts/login/")
    passer_by.leave()
    for who, pages in addresses(seen).items():
        visitor = Visitor(chromium, stack, language=language, width=width)
        visitor.log_in(who)
        for address in (path for paths in pages.values() for path in paths):
            visitor.go(address)
            visitor.fits()
            assert visitor.page.locator("html").get_attribute("lang") == language, address
        visitor.leave(409)  # a page that says "not yet"


def test_no_page_is_left_out(stack: Stack, seen: Seen) -> None:
    looked_at = {name for pages in addresses(seen).values() for name in pages}
    for desk, on_the_way in ON_THE_WAY.items():
        assert set(_names(desk)) - NO_PAGES.get(desk, set()) - on_the_way == {
            name.partition(":")[2] for name in looked_at if name.startswith(f"{desk}:")
        }


def _names(namespace: str) -> Iterator[str]:
    resolver = get_resolver()
    namespaced = next(
        pattern for pattern in resolver.url_patterns if getattr(pattern, "namespace", None) == namespace
    )
    yield from _patterns(namespaced)


def _patterns(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield str(pattern.name)
        else:
            yield from _patterns(pattern)
