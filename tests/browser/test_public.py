"""The public pages in a browser: charts are drawn, read, saved and printed; on a phone and wide, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from playwright.sync_api import Browser, Locator, expect
from pypdf import PdfReader

from national.definitions.indicators import INDICATORS
from tests.browser.visiting import VIEWS, WAIT_MS, Visitor
from tests.stack import Stack

#: page -> how many charts it has on the small demo
PAGES = {
    "/": 3,
    "/provinces/": 2,
    "/industries/": 7,
    "/ai/": 5,
    "/traffic/": 4,
    "/coverage/": 1,
    "/roadmap/": 1,
    "/method/": 0,
}


@pytest.fixture(autouse=True, scope="module")
def _judged(stack: Stack) -> None:
    """What other tests accepted is published once it was judged, which the stack does in its own time."""
    stack.manage("clear_figures")


def draw_all(visitor: Visitor) -> list[Locator]:
    """Go down the page until every chart is drawn."""
    figures = visitor.page.locator("figure.chart").all()
    for figure in figures:
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-drawn", "yes", timeout=WAIT_MS)
        expect(figure.locator(".plot svg")).to_be_visible()
    return figures


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_chart_is_drawn_and_every_page_fits(
    language: str, width: int, chromium: Browser, stack: Stack
) -> None:
    visitor = Visitor(chromium, stack, language=language, width=width)
    for address, charts in PAGES.items():
        visitor.page.goto(address)
        assert len(draw_all(visitor)) == charts, address
        visitor.look()
        visitor.fits()
    visitor.leave()


def test_pictures_and_every_sheet_of_paper_say_that_they_are_a_demo(
    chromium: Browser, stack: Stack, tmp_path: Path
) -> None:
    visitor = Visitor(chromium, stack, language="en")
    visitor.page.goto("/provinces/")
    figure = draw_all(visitor)[0]
    with visitor.page.expect_download() as saved:
        figure.locator("[data-picture=svg]").click()
    saved.value.save_as(tmp_path / "picture.svg")
    assert "演示数据 / Demo data · Source: " in (tmp_path / "picture.svg").read_text()
    sheets = PdfReader(io.BytesIO(visitor.page.pdf(format="A4"))).pages
    assert len(sheets) > 1
    assert all("/ Demo data" in sheet.extract_text() for sheet in sheets)
    visitor.leave()


def test_nothing_moves_while_the_charts_come(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.context.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
        " if (!one.hadRecentInput) window.moved += one.value; })).observe({type: 'layout-shift', buffered: true});"
    )
    for address in ("/", "/provinces/", "/traffic/"):
        visitor.page.goto(address)
        draw_all(visitor)
        assert visitor.page.evaluate("window.moved") < 0.02, address
    visitor.leave()


def test_the_library_is_fetched_for_charts_alone(visit: Callable[..., Visitor], stack: Stack) -> None:
    visitor = visit()
    requested: list[str] = []
    visitor.page.on("request", lambda request: requested.append(request.url))
    visitor.page.goto("/method/")
    visitor.page.wait_for_load_state("networkidle")
    assert not [url for url in requested if "echarts" in url]
    visitor.page.goto("/")
    draw_all(visitor)
    assert [url for url in requested if "echarts" in url]
    assert all(url.startswith(stack.url) for url in requested if not url.startswith("data:"))
    visitor.leave()


def test_data_and_picture_of_a_chart_are_saved(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit()
    visitor.page.goto("/traffic/")
    figure = visitor.page.locator('figure[data-chart="traffic-units"]')
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "yes", timeout=WAIT_MS)
    starts = {"CSV": b"\xef\xbb\xbf", "XLSX": b"PK", "SVG": b"<svg", "PNG": b"\x89PNG"}
    for kind, start in starts.items():
        role = "button" if kind in ("SVG", "PNG") else "link"
        with visitor.page.expect_download() as saved:
            figure.get_by_role(role, name=kind, exact=True).click()
        kept = tmp_path / saved.value.suggested_filename
        saved.value.save_as(kept)
        assert kept.suffix == f".{kind.lower()}"
        assert kept.read_bytes().startswith(start), kind
    svg = next(tmp_path.glob("*.svg")).read_text()
    assert fromstring(svg).tag.endswith("svg")  # well-formed
    quarter = visitor.quarter("2026Q3")
    assert visitor.say("Road to traffic by reporting unit, %(period)s", period=quarter) in svg
    assert visitor.say("Source: Gongwang %(period)s", period=quarter) in svg
    assert {"zh-hans": "浙江", "en": "Zhejiang"}[visitor.language] in svg
    visitor.leave()


def test_quarter_and_indicator_are_chosen_and_stay_in_the_address(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.page.goto("/provinces/")
    visitor.page.select_option("#measure", "AI_COUNT")
    visitor.page.wait_for_url("**measure=AI_COUNT**")
    visitor.page.select_option("#period", "2026Q2")
    visitor.page.wait_for_url("**period=2026Q2**")
    counted = visitor.own(INDICATORS["AI_COUNT"], "name")
    expect(visitor.page.locator('figure[data-chart="provinces"] h2')).to_have_text(
        visitor.say("%(name)s by province, %(period)s", name=counted, period=visitor.quarter("2026Q2"))
    )
    assert visitor.page.locator("#measure").input_value() == "AI_COUNT"
    visitor.page.get_by_role("link", name=visitor.say("Industries and types")).click()
    visitor.page.wait_for_url("**/industries/?period=2026Q2")
    visitor.page.go_back()
    expect(visitor.page.locator("#period")).to_have_value("2026Q2")
    visitor.leave()


def test_a_chart_tells_its_row_under_the_pointer(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.page.goto("/")
    figure = draw_all(visitor)[0]
    figure.locator(".plot").hover(position={"x": 300, "y": 250})
    expect(figure.locator(".tip")).to_contain_text(visitor.say("Linear path"))
    visitor.leave()


def test_the_pages_tell_everything_without_scripts(visit: Callable[..., Visitor]) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    for address, charts in PAGES.items():
        page.goto(address)
        assert page.locator("figure.chart table").count() == charts
    page.goto("/provinces/")
    page.locator("#measure").select_option("AI_COUNT")
    page.get_by_role("button", name=visitor.say("Show")).click()
    page.wait_for_url("**measure=AI_COUNT**")
    visitor.leave()


def test_charts_are_printed_within_the_page(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.page.goto("/")
    draw_all(visitor)
    visitor.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    widths = visitor.page.locator(".plot svg").evaluate_all("all => all.map((one) => one.clientWidth)")
    assert set(widths) == {680}
    visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visitor.page.pdf()[:4] == b"%PDF"
    visitor.leave()


def test_nothing_is_printed_that_is_no_use_on_paper(visit: Callable[..., Visitor]) -> None:
    """Whatever style sheet is loaded last: choices, menus and downloads are for the screen."""
    visitor = visit()
    visitor.page.emulate_media(media="print")
    for address in PAGES:
        visitor.page.goto(address)
        printed = visitor.page.locator(".no-print").evaluate_all(
            "all => all.filter((one) => getComputedStyle(one).display !== 'none').map((one) => one.className)"
        )
        assert printed == [], address
    visitor.leave()


def picture(visitor: Visitor, code: str, tmp_path: Path) -> Any:
    """A chart's picture, as it is saved."""
    figure = visitor.page.locator(f'figure[data-chart="{code}"]')
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "yes", timeout=WAIT_MS)
    with visitor.page.expect_download() as saved:
        figure.get_by_role("button", name="SVG", exact=True).click()
    saved.value.save_as(tmp_path / f"{code}.svg")
    return fromstring((tmp_path / f"{code}.svg").read_text())


def heights(svg: Any) -> dict[str, float]:
    """How far down each text of a picture stands, by the text."""
    positions = {}
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        moved = re.search(r"translate\([-\d.]+ ([-\d.]+)\)", text.get("transform", ""))
        positions["".join(text.itertext())] = float(moved[1] if moved else text.get("y", 0))
    return positions


def test_the_legend_of_the_matrix_stands_above_its_source(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    visitor = visit()
    visitor.page.goto("/traffic/")
    positions = heights(picture(visitor, "matrix", tmp_path))
    source = next(
        down for text, down in positions.items() if _start(visitor, "Source: Gongwang %(period)s") in text
    )
    legend = [down for text, down in positions.items() if re.fullmatch(r"[\d,]+( – <|–)[\d,]+", text)]
    assert legend
    assert max(legend) + 13 < source
    visitor.leave()


def test_the_map_has_taiwan_and_says_what_is_left_out(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit()
    visitor.page.goto("/provinces/")
    positions = heights(picture(visitor, "provinces", tmp_path))
    assert {"zh-hans": {"台湾", "资料暂缺"}, "en": {"Taiwan", "no data"}}[visitor.language] <= set(positions)
    note = visitor.say(
        "National figures do not include Hong Kong SAR and Macao SAR; data of Taiwan Province are not available at present."
    )
    lines = [text.strip() for text in positions if len(text) > 12 and text.strip() in note]
    assert " ".join(lines) == note, "as many lines as it takes, and nothing cut"
    visitor.leave()


@pytest.mark.parametrize("width", [390, 1366])
def test_years_begin_at_their_marks_and_labels_keep_clear(width: int, visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=width)
    visitor.page.goto("/")
    figure = draw_all(visitor)[0]
    boxes = figure.locator(".plot svg text").evaluate_all(
        "all => all.map((one) => [one.textContent, one.getBoundingClientRect().toJSON()]).filter((pair) => pair[1].width)"
    )
    years = {text: box for text, box in boxes if re.fullmatch(r"20\d\d", text)}
    marks = figure.locator(".plot svg path").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().toJSON()).filter((box) => box.width < 3 && box.height > 3 && box.height < 9).map((box) => box.left)"
    )
    assert {"2027", "2028", "2029"} <= set(years)
    for year in ("2027", "2028", "2029"):
        middle = years[year]["left"] + years[year]["width"] / 2
        before, after = (max(m for m in marks if m < middle), min(m for m in marks if m > middle))
        assert abs((before + after) / 2 - middle) < 3, (
            "a year stands between the marks of its beginning and its end"
        )
    for at, (text, box) in enumerate(boxes):
        for other, box2 in boxes[at + 1 :]:
            apart = (
                box["right"] <= box2["left"] + 1
                or box2["right"] <= box["left"] + 1
                or box["bottom"] <= box2["top"] + 4
                or box2["bottom"] <= box["top"] + 4
                # lines of one label
                or abs(box["left"] + box["right"] - box2["left"] - box2["right"]) < 2
            )
            assert apart, (text, other)
    visitor.leave()


def _start(visitor: Visitor, english: str) -> str:
    """What a text begins with, up to its first value."""
    return re.split(r"[（(]?%\(", visitor.say(english, period="%("))[0].strip()


def test_charts_are_walked_by_keyboard(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.page.goto("/traffic/")
    draw_all(visitor)
    visitor.page.locator('figure[data-chart="funnel"] a').first.focus()
    for expected in ("XLSX", "SVG", "PNG"):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.textContent") == expected
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator('figure[data-chart="funnel"] table')).to_be_visible()
    visitor.leave()
